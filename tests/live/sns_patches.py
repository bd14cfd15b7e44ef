"""What AWS answers of SNS topics and moto does not."""

from moto.sns.models import Topic


def apply():
    """AWS counts the subscribers that have confirmed, as a queue of the account does at once; moto says none."""

    def confirmed(topic):
        return sum(subscription.topic is topic for subscription in topic.sns_backend.subscriptions.values())

    Topic.subscriptions_confimed = property(confirmed, lambda _topic, _count: None)
