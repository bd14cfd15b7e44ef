"""Seeds many DynamoDB tables in the emulator, to count the calls that a scan of them takes.

Usage: large_tables.py ENDPOINT [COUNT]. 120 tables by default, in us-east-1:
every second one provisions its capacity, every other one has a stream.
"""

import sys

# The tests must leave no trace in the checkout.
sys.dont_write_bytecode = True

import account
import dynamodb

COUNT = 120


def main(endpoint, count=COUNT):
    for order in ("moto-api/reset", "dbmoat/reset", "moto-api/seed?a=42"):
        account.post(f"{endpoint}/{order}")
    client, kms = (account.client(endpoint, account.HOME, service) for service in ("dynamodb", "kms"))
    key = account.create_key(kms, "rotated", rotation=True)
    for number in range(int(count)):
        kind = dynamodb.PROVISIONED if number % 2 else {"BillingMode": "PAY_PER_REQUEST", "StreamSpecification": dynamodb.STREAM}
        client.create_table(
            TableName=f"orders-{number}",
            KeySchema=dynamodb.KEY,
            AttributeDefinitions=dynamodb.ATTRIBUTES,
            SSESpecification={"Enabled": True, "SSEType": "KMS", "KMSMasterKeyId": key},
            Tags=dynamodb.TAGS,
            **kind,
        )
    account.post(f"{endpoint}/dbmoat/calls/reset")


if __name__ == "__main__":
    main(sys.argv[1].rstrip("/"), *sys.argv[2:])
