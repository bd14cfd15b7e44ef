//! Network ACLs: in to the port, and out to some port of the client's.

use serde_json::{Value, json};

use super::{assert_closed, assert_public, assert_unknown, network};
use crate::facts::testing::{World, open};

fn entry(number: i64, egress: bool, action: &str, protocol: &str, cidr: &str, ports: Option<(i64, i64)>) -> Value {
    let mut entry = json!({"RuleNumber": number, "Egress": egress, "RuleAction": action, "Protocol": protocol, "CidrBlock": cidr});
    if let Some((from, to)) = ports {
        entry["PortRange"] = json!({"From": from, "To": to});
    }
    entry
}

const ANYWHERE: &str = "0.0.0.0/0";

fn allow_all(egress: bool) -> Value {
    entry(100, egress, "allow", "-1", ANYWHERE, None)
}

/// The database behind an ACL of these inbound entries, that lets everything out.
fn inbound(entries: &[Value]) -> World {
    let entries: Vec<_> = entries.iter().cloned().chain([allow_all(true)]).collect();
    open().patch("acl-1", json!({"Entries": entries}))
}

fn outbound(entries: &[Value]) -> World {
    let entries: Vec<_> = entries.iter().cloned().chain([allow_all(false)]).collect();
    open().patch("acl-1", json!({"Entries": entries}))
}

#[test]
fn what_no_entry_matches_is_denied() {
    assert_closed(&open().patch("acl-1", json!({"Entries": []})));
    assert_closed(&inbound(&[]));
    assert_closed(&outbound(&[]));
}

#[test]
fn a_deny_of_the_port_counts_by_its_number() {
    let deny = |number| entry(number, false, "deny", "6", ANYWHERE, Some((5432, 5432)));
    assert_closed(&inbound(&[allow_all(false), deny(90)]));
    assert_public(&inbound(&[deny(110), allow_all(false)]));
    assert_public(&inbound(&[allow_all(false), entry(90, false, "deny", "6", ANYWHERE, Some((1, 5431)))]));
}

#[test]
fn a_deny_of_part_of_the_space_leaves_the_rest() {
    let world = inbound(&[entry(90, false, "deny", "-1", "0.0.0.0/1", None), allow_all(false)]);
    assert_public(&world);
    let left = network(&world, "internet_addresses").as_i64().unwrap();
    assert!(left < network(&open(), "internet_addresses").as_i64().unwrap() && left < 1 << 31, "{left}");
    let halves = [entry(90, false, "deny", "-1", "0.0.0.0/1", None), entry(91, false, "deny", "-1", "128.0.0.0/1", None), allow_all(false)];
    assert_closed(&inbound(&halves));
}

#[test]
fn tcp_and_all_protocols_count_and_udp_does_not() {
    let of = |protocol: &str, ports| inbound(&[entry(100, false, "allow", protocol, ANYWHERE, ports)]);
    assert_public(&of("-1", None));
    assert_public(&of("6", Some((5432, 5432))));
    assert_public(&of("6", Some((0, 65535))));
    assert_closed(&of("6", Some((443, 443))));
    assert_closed(&of("17", Some((5432, 5432))));
    assert_public(&inbound(&[entry(90, false, "deny", "17", ANYWHERE, Some((5432, 5432))), allow_all(false)]));
    // The ports of an entry for all protocols mean nothing.
    assert_public(&of("-1", Some((443, 443))));
}

#[test]
fn answers_need_some_ephemeral_port_out() {
    let out = |from, to| outbound(&[entry(100, true, "allow", "6", ANYWHERE, Some((from, to)))]);
    assert_closed(&out(443, 443));
    assert_closed(&out(0, 1023));
    assert_public(&out(1024, 65535));
    assert_public(&out(32768, 60999));
    assert_public(&out(65535, 65535));
    assert_public(&out(443, 1024));
    let deny_most = entry(90, true, "deny", "6", ANYWHERE, Some((1024, 65000)));
    assert_public(&outbound(&[deny_most, allow_all(true)]));
    let deny_all = entry(90, true, "deny", "6", ANYWHERE, Some((1024, 65535)));
    assert_closed(&outbound(&[deny_all, allow_all(true)]));
}

#[test]
fn in_and_out_must_hold_for_the_same_addresses() {
    let entries = json!([entry(100, false, "allow", "-1", "0.0.0.0/1", None), entry(100, true, "allow", "-1", "128.0.0.0/1", None)]);
    assert_closed(&open().patch("acl-1", json!({"Entries": entries})));
}

#[test]
fn an_acl_that_is_not_there_or_lacks_its_entries_is_unknown() {
    assert_unknown(&open().without("acl-1"), "ec2:DescribeNetworkAcls");
    assert_unknown(&open().patch("acl-1", json!({"Entries": null})), "ec2:DescribeNetworkAcls");
    assert_unknown(&open().patch("acl-1", json!({"Associations": [{"SubnetId": "subnet-9"}]})), "ec2:DescribeNetworkAcls");
    assert_unknown(&inbound(&[entry(1, false, "deny", "-1", "nowhere", None), allow_all(false)]), "ec2:DescribeNetworkAcls");
}
