//! What security groups let in, port by port.

use serde_json::{Value, json};

use crate::facts::testing::{World, open};
use crate::inventory::kinds;

/// `sg-1` with these rules, and an interface that has it.
fn with_rules(rules: &[Value]) -> World {
    let interface =
        json!({"NetworkInterfaceId": "eni-1", "InterfaceType": "interface", "Groups": [{"GroupId": "sg-1"}], "Attachment": {"InstanceId": "i-1"}});
    open().patch("sg-1", json!({"IpPermissions": rules})).with(kinds::NETWORK_INTERFACE, "eni-1", interface)
}

fn tcp(from: i64, to: i64, source: Value) -> Value {
    let mut rule = json!({"IpProtocol": "tcp", "FromPort": from, "ToPort": to});
    rule.as_object_mut().unwrap().extend(source.as_object().unwrap().clone());
    rule
}

fn cidr(cidr: &str) -> Value {
    json!({"IpRanges": [{"CidrIp": cidr}]})
}

fn ranges(world: &World, id: &str) -> Vec<(i64, i64, Value, Value)> {
    let fact = world.fact("ingress", id)["ranges"].clone();
    let range = |range: &Value| {
        (range["from"].as_i64().unwrap(), range["to"].as_i64().unwrap(), range["sources"].clone(), range["widest_ipv4_prefix"].clone())
    };
    fact.as_array().unwrap().iter().map(range).collect()
}

#[test]
fn neighbouring_networks_join_where_their_ports_overlap() {
    let world = with_rules(&[tcp(5000, 5500, cidr("34.0.0.0/8")), tcp(5432, 5432, cidr("35.0.0.0/8"))]);
    let found = ranges(&world, "sg-1");
    let widest: Vec<_> = found.iter().map(|(from, to, _, widest)| (*from, *to, widest.as_i64().unwrap())).collect();
    assert_eq!(widest, [(5000, 5431, 8), (5432, 5432, 7), (5433, 5500, 8)]);
    assert_eq!(found, ranges(&world, "eni-1"));
}

#[test]
fn all_protocols_are_all_ports_and_ipv6_is_measured_by_itself() {
    let world = with_rules(&[
        json!({"IpProtocol": "-1", "Ipv6Ranges": [{"CidrIpv6": "::/0"}]}),
        json!({"IpProtocol": "udp", "FromPort": 1, "ToPort": 9, "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}),
    ]);
    let expected = json!([{"from": 0, "to": 65535, "sources": ["::/0"], "widest_ipv4_prefix": 33, "widest_ipv6_prefix": 3}]);
    assert_eq!(world.fact("ingress", "sg-1")["ranges"], expected);
}

#[test]
fn other_groups_are_sources_and_the_group_itself_is_none() {
    let pairs = |groups: &[&str]| json!({"UserIdGroupPairs": groups.iter().map(|group| json!({"GroupId": group})).collect::<Vec<_>>()});
    assert!(ranges(&with_rules(&[tcp(5432, 5432, pairs(&["sg-1"]))]), "sg-1").is_empty());
    let other = with_rules(&[tcp(5432, 5432, pairs(&["sg-1", "sg-2"]))]);
    assert_eq!(ranges(&other, "eni-1"), [(5432, 5432, json!(["sg-2"]), json!(33))]);
}

#[test]
fn an_unread_prefix_list_leaves_the_width_open_unless_the_rest_decides() {
    let list = json!({"PrefixListIds": [{"PrefixListId": "pl-1"}]});
    let denied = "ec2:DescribeManagedPrefixLists";
    let world = with_rules(&[tcp(5432, 5432, list.clone())]).denied(denied);
    assert_eq!(ranges(&world, "sg-1"), [(5432, 5432, json!(["pl-1"]), json!({"gap": denied}))]);
    let anyway = with_rules(&[tcp(5432, 5432, list), tcp(5432, 5432, cidr("0.0.0.0/0"))]).denied(denied);
    assert!(ranges(&anyway, "sg-1")[0].3.as_i64().unwrap() <= 3);
}

#[test]
fn a_group_that_was_not_read_may_let_in_anything() {
    let world = with_rules(&[tcp(5432, 5432, cidr("10.0.0.0/8"))]);
    let two = world.patch("eni-1", json!({"Groups": [{"GroupId": "sg-9"}, {"GroupId": "sg-1"}]}));
    let gap = json!({"gap": "ec2:DescribeSecurityGroups"});
    assert_eq!(ranges(&two, "eni-1"), [(0, 65535, gap.clone(), gap), (5432, 5432, json!(["10.0.0.0/8"]), json!(33))]);
}
