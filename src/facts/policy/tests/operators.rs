//! Condition operators, as IAM's documentation describes them.

use crate::facts::policy::operators::holds;
use crate::facts::policy::{Answer, Context, Operator};

/// Whether `operator: {key: values}` holds for a request with the values of `key`.
fn answer(operator: &str, values: &str, of_request: Option<&[&str]>) -> Answer {
    let context = Context::default();
    let context = match of_request {
        Some(of_request) => context.with_all("key", of_request.iter().map(|value| (*value).to_owned())),
        None => context.without("key"),
    };
    holds(operator, "Key", &serde_json::from_str(values).unwrap(), true, &context)
}

#[track_caller]
fn assert_holds(operator: &str, values: &str, of_request: &[&str]) {
    assert_eq!(answer(operator, values, Some(of_request)), Answer::Yes, "{operator} {values} {of_request:?}");
}

#[track_caller]
fn assert_fails(operator: &str, values: &str, of_request: &[&str]) {
    assert_eq!(answer(operator, values, Some(of_request)), Answer::No, "{operator} {values} {of_request:?}");
}

#[test]
fn texts() {
    assert_holds("StringEquals", r#"["a","b"]"#, &["b"]);
    assert_fails("StringEquals", r#""A""#, &["a"]);
    assert_fails("StringEquals", r#""a*""#, &["ab"]);
    assert_holds("stringequalsignorecase", r#""A""#, &["a"]);
    assert_holds("StringLike", r#""a*""#, &["ab"]);
    assert_fails("StringNotLike", r#"["x","a*"]"#, &["ab"]);
    // None of the values may be equal.
    assert_fails("StringNotEquals", r#"["a","b"]"#, &["b"]);
    assert_holds("StringNotEquals", r#"["a","b"]"#, &["c"]);
}

#[test]
fn arns_part_by_part() {
    let role = &["arn:aws:iam::111122223333:role/path/admin"];
    assert_holds("ArnLike", r#""arn:aws:iam::111122223333:role/*""#, role);
    assert_holds("ArnEquals", r#""arn:*:iam::*:role/*""#, role);
    // A wildcard spans no colon before the last part.
    assert_eq!(answer("ArnLike", r#""*""#, Some(role)), Answer::maybe("key"), "AWS does not say");
    assert_holds("StringLike", r#""arn:aws:*:role/path/admin""#, role);
    assert_fails("ArnLike", r#""arn:aws:iam""#, role);
    assert_fails("ArnNotLike", r#""arn:aws:iam::111122223333:*""#, role);
}

#[test]
fn numbers_dates_booleans_and_addresses() {
    assert_holds("NumericLessThanEquals", "3600", &["3600"]);
    assert_fails("NumericLessThan", r#""3600""#, &["3600"]);
    assert_holds("NumericNotEquals", "1", &["2"]);
    assert_holds("DateGreaterThan", r#""2020-01-01""#, &["2026-11-22T09:00:00Z"]);
    assert_fails("DateLessThan", r#""2020-01-01T00:00:00Z""#, &["2026-11-22T09:00:00Z"]);
    assert_holds("DateEquals", r#""1735689600""#, &["2025-01-01T00:00:00Z"]);
    assert_holds("Bool", "true", &["true"]);
    assert_fails("Bool", r#""true""#, &["false"]);
    assert_holds("IpAddress", r#"["192.0.2.0/24","203.0.113.7"]"#, &["203.0.113.7"]);
    assert_fails("NotIpAddress", r#""192.0.2.0/24""#, &["192.0.2.9"]);
    assert_holds("IpAddress", r#""2001:db8::/32""#, &["2001:db8::1"]);
    assert_holds("BinaryEquals", r#""QmluYXJ5""#, &["QmluYXJ5"]);
}

#[test]
fn an_absent_key() {
    let absent = |operator: &str| answer(operator, r#""a""#, None);
    for operator in [
        "StringNotEquals",
        "StringNotLike",
        "ArnNotLike",
        "NotIpAddress",
        "StringEqualsIfExists",
        "ForAllValues:StringEquals",
        "ForAllValues:StringNotEquals",
    ] {
        assert_eq!(absent(operator), Answer::Yes, "{operator}");
    }
    for operator in ["StringEquals", "StringLike", "Bool", "IpAddress", "ForAnyValue:StringEquals", "ForAnyValue:StringNotEquals"] {
        assert_eq!(absent(operator), Answer::No, "{operator}");
    }
    assert_eq!(answer("Null", r#""true""#, None), Answer::Yes);
    assert_eq!(answer("Null", "false", None), Answer::No);
    assert_eq!(answer("Null", r#""true""#, Some(&["a"])), Answer::No);
}

#[test]
fn keys_of_several_values() {
    assert_holds("ForAllValues:StringEquals", r#"["a","b"]"#, &["a", "b"]);
    assert_fails("ForAllValues:StringEquals", r#"["a","b"]"#, &["a", "c"]);
    assert_holds("ForAllValues:StringEquals", r#""a""#, &[]);
    assert_holds("ForAnyValue:StringEquals", r#"["a","b"]"#, &["c", "b"]);
    assert_fails("ForAnyValue:StringEquals", r#"["a","b"]"#, &["c"]);
    assert_holds("ForAnyValue:StringNotEquals", r#""a""#, &["a", "c"]);
    assert_fails("ForAllValues:StringNotEquals", r#""a""#, &["a", "c"]);
}

#[test]
fn what_is_unknown_is_a_maybe() {
    let unknown = Context::default();
    let of = |operator: &str, values: &str| holds(operator, "aws:SourceVpc", &serde_json::from_str(values).unwrap(), true, &unknown);
    assert_eq!(of("StringEquals", r#""vpc-1""#), Answer::maybe("aws:sourcevpc"));
    assert_eq!(of("StringNotEqualsIfExists", r#""vpc-1""#), Answer::maybe("aws:sourcevpc"));
    assert_eq!(of("Null", r#""true""#), Answer::maybe("aws:sourcevpc"));
    assert_eq!(answer("StringNearly", r#""a""#, Some(&["a"])), Answer::maybe("key"));
    assert_eq!(answer("NumericEquals", r#""a""#, Some(&["1"])), Answer::maybe("key"));
    assert_eq!(answer("StringEquals", r#""${aws:userid}""#, Some(&["1"])), Answer::maybe("aws:userid"));
    assert_eq!(Operator::parse("ForSomeValues:StringEquals"), None);
}
