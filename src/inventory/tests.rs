//! Inventories written and read again, and all the ways in which a file can be wrong.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::path::Path;

use serde_json::value::RawValue;

use super::read::{ReadError, Scopes, Source};
use super::{FieldGap, Gap, Header, Reason, Resource, Scope, ScopeId, kinds, write};

const HEADER: &str = r#"{"inventory":1,"tool":"dbmoat 0.1.0","collected_at":"2026-11-22T09:00:00Z"}"#;
const DB: &str = r#"{"kind":"AWS::RDS::DBInstance","arn":"arn:aws:rds:us-east-1:111122223333:db:orders","account":"111122223333","region":"us-east-1","data":{"MultiAZ":true}}"#;
const END: &str = r#"{"scope":{"account":"111122223333","region":"us-east-1"},"complete":true,"operations":["rds:DescribeDBInstances"]}"#;

fn lines(lines: &[&str]) -> String {
    lines.iter().map(|line| format!("{line}\n")).collect()
}

fn read(text: impl AsRef<[u8]>) -> Result<Vec<Scope>, String> {
    Scopes::new(text.as_ref(), Path::new("a.jsonl")).collect::<Result<_, _>>().map_err(|error: ReadError| error.to_string())
}

#[track_caller]
fn assert_refused(text: impl AsRef<[u8]>, line: usize, reason: &str) {
    let error = read(text).unwrap_err();
    assert!(error.starts_with(&format!("a.jsonl:{line}: ")) && error.contains(reason), "{error}");
}

fn scope() -> Scope {
    let id = ScopeId { account: "111122223333".to_owned(), region: "us-east-1".to_owned() };
    let mut scope = Scope::new(id, "2026-11-22T09:00:00Z".parse().unwrap());
    scope.operations.insert("rds:DescribeDBInstances".to_owned());
    scope.gaps.push(Gap::new("rds:DescribeDBProxies", Reason::AccessDenied, "not authorised"));
    scope.resources.push(Resource {
        kind: kinds::DB_SNAPSHOT,
        arn: "arn:aws:rds:us-east-1:111122223333:snapshot:ö".to_owned(),
        account: "111122223333".to_owned(),
        region: "us-east-1".to_owned(),
        tags: BTreeMap::from([("team".to_owned(), "a\nb".to_owned())]),
        data: RawValue::from_string(r#"{"Encrypted":false}"#.to_owned()).unwrap(),
        gaps: vec![FieldGap { fields: vec!["RestoreAccounts".to_owned()], gap: Gap::new("rds:DescribeDBSnapshotAttributes", Reason::Throttled, "") }],
        memo: Default::default(),
    });
    scope
}

fn written(scopes: &[Scope]) -> Vec<u8> {
    let mut out = Vec::new();
    write::header(&mut out, &Header { scopes: Some(scopes.len()), ..Header::new(scopes[0].collected_at) }).unwrap();
    scopes.iter().for_each(|scope| write::scope(&mut out, scope).unwrap());
    out
}

#[test]
fn what_is_written_is_read_again() {
    let read = read(written(&[scope(), scope()])).unwrap();
    assert_eq!(read.len(), 2);
    assert_eq!(format!("{:?}", read[1]), format!("{:?}", scope()));
    assert!(!read[0].is_complete());
    assert_eq!(written(&read), written(&[scope(), scope()]));
}

#[test]
fn every_reason_survives() {
    let reasons = [
        Reason::AccessDenied,
        Reason::Throttled,
        Reason::TimedOut,
        Reason::Unsupported,
        Reason::Unreachable,
        Reason::CredentialsExpired,
        Reason::Failed,
        Reason::NotCollected,
        Reason::NotVisible,
        Reason::NotReturned,
        Reason::NotEvaluated,
    ];
    let mut scope = scope();
    scope.gaps = reasons.map(|reason| Gap::new("rds:DescribeDBInstances", reason, reason.to_string())).to_vec();
    let read = read(written(std::slice::from_ref(&scope))).unwrap();
    assert_eq!(read[0].gaps, scope.gaps);
    for gap in &read[0].gaps {
        assert_eq!(serde_json::to_value(gap.reason).unwrap(), gap.message);
    }
}

#[test]
fn a_compressed_file_is_known_by_its_bytes() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("inventory.jsonl");
    let one = zstd::encode_all(written(&[scope()]).as_slice(), 0).unwrap();
    // Frames concatenate as files do.
    std::fs::File::create(&file).unwrap().write_all(&[one.clone(), one.clone()].concat()).unwrap();
    assert_eq!(Source::new(&file).unwrap().scopes().unwrap().collect::<Result<Vec<_>, _>>().unwrap().len(), 2);
    std::fs::write(&file, &one[..one.len() / 2]).unwrap();
    let error = Source::new(&file).unwrap().scopes().unwrap().collect::<Result<Vec<_>, _>>().unwrap_err().to_string();
    assert!(error.contains("inventory.jsonl:1: ") && error.contains("cut off"), "{error}");
    let error = Source::new(&folder.path().join("none")).err().unwrap().to_string();
    assert!(error.starts_with("cannot read inventory "), "{error}");
}

#[test]
fn a_file_that_is_cut_off_is_refused() {
    let text = lines(&[HEADER, DB, END]);
    assert_refused(&text[..text.len() - 20], 3, "cut off: its last line is incomplete");
    assert_refused(&text[..HEADER.len() + 30], 2, "cut off: its last line is incomplete");
    assert_refused(&text[..text.len() - 2], 3, "cut off: its last line is incomplete");
    assert_refused(lines(&[HEADER, DB]), 2, "cut off: scope 111122223333/us-east-1 is not closed");
}

#[test]
fn every_cut_through_the_file_is_refused_or_ends_with_a_whole_scope() {
    let text = lines(&[HEADER, DB, END, DB, END]);
    for cut in 0..text.len() {
        if let Ok(scopes) = read(&text[..cut]) {
            let whole = text[..cut].matches(END).count();
            assert_eq!(scopes.len(), whole, "cut at {cut}");
            let rest = text[..cut].trim_end();
            assert!(rest == HEADER || rest.ends_with(END), "cut at {cut}");
        }
    }
}

#[test]
fn every_cut_through_a_file_of_ours_is_refused() {
    let text = String::from_utf8(written(&[scope(), scope()])).unwrap().replace('ö', "o");
    // All but the last line break is needed.
    for cut in 0..text.len() - 1 {
        let error = read(&text[..cut]).unwrap_err();
        assert!(error.starts_with("a.jsonl:"), "cut at {cut}: {error}");
    }
    let between = text.match_indices("\"scope\":").next().map(|(position, _)| position + text[position..].find('\n').unwrap() + 1).unwrap();
    assert_refused(&text[..between], 3, "it announces 2 scopes and holds 1");
}

#[test]
fn what_is_no_inventory_is_refused() {
    assert_refused("", 0, "the file is empty");
    assert_refused("\n\n", 2, "the file is empty");
    assert_refused("hello\n", 1, "expected value at column 1");
    assert_refused("[]\n", 1, "");
    assert_refused("{}\n", 1, "neither a header, a resource nor the end of a scope");
    assert_refused(lines(&[HEADER, "{\"kind\":"]), 2, "EOF while parsing");
    assert_refused([HEADER.as_bytes(), b"\n\xff\xfe\n"].concat(), 2, "UTF-8");
    assert_refused(lines(&[DB, END]), 1, "does not begin with its header line");
    assert_refused(lines(&[END]), 1, "does not begin with its header line");
    assert_refused(lines(&[DB]), 1, "does not begin with its header line");
}

#[test]
fn unknown_versions_and_kinds_are_refused() {
    assert_refused(lines(&[&HEADER.replace(":1,", ":2,"), DB, END]), 1, "inventory format 2 is not supported; this program reads format 1");
    assert_refused(lines(&[HEADER, &DB.replace("DBInstance", "DBInstanc"), END]), 2, "did you mean \"AWS::RDS::DBInstance\"?");
    assert_refused(lines(&[HEADER, &DB.replace(r#""data":{"MultiAZ":true}"#, r#""gaps":[]"#), END]), 2, "missing field `data`");
    assert_refused(lines(&[HEADER, DB, &END.replace("\"region\"", "\"zone\"")]), 3, "zone");
}

#[test]
fn concatenated_files_are_one() {
    let one = lines(&[HEADER, DB, END]);
    let other = lines(&[&HEADER.replace("2026-11-22", "2026-11-23"), DB, END, END]);
    let scopes = read(one.clone() + &other).unwrap();
    assert_eq!(scopes.len(), 3);
    assert!(scopes[0].collected_at < scopes[1].collected_at && scopes[1].collected_at == scopes[2].collected_at);
    assert_eq!(scopes.iter().map(|scope| scope.resources.len()).collect::<Vec<_>>(), [1, 1, 0]);
    assert_refused(lines(&[HEADER, DB]) + &one, 3, "scope 111122223333/us-east-1 is not closed");
}

#[test]
fn what_a_scope_says_of_itself_must_fit() {
    let gap = r#","gaps":[{"operation":"rds:DescribeDBProxies","reason":"access-denied","message":""}]}"#;
    let with_gap = END.trim_end_matches('}').to_owned() + gap;
    assert_refused(lines(&[HEADER, DB, &with_gap]), 3, "is marked complete but has gaps");
    let field_gap = DB.replace(r#""data""#, r#""gaps":[{"fields":["MultiAZ"],"operation":"o","reason":"failed","message":""}],"data""#);
    assert_refused(lines(&[HEADER, &field_gap, END]), 3, "is marked complete but has gaps");
    assert_refused(lines(&[HEADER, DB, &END.replace("true", "false")]), 3, "is marked incomplete but names no gap");
    assert_refused(lines(&[HEADER, DB, &END.replace("us-east-1", "us-east-2")]), 3, "is of region us-east-1, not of scope 111122223333/us-east-2");
    assert_eq!(read(lines(&[HEADER, DB, &with_gap.replace("true", "false")])).unwrap()[0].gaps.len(), 1);
}

#[test]
fn byte_order_marks_blank_lines_and_carriage_returns_do_no_harm() {
    let windows = format!("\u{feff}{}", lines(&[HEADER, DB, "", END]).replace('\n', "\r\n"));
    assert_eq!(read(&windows).unwrap()[0].resources.len(), 1);
    assert_eq!(read(windows.clone() + &windows).unwrap().len(), 2);
    assert_eq!(read(windows.trim_end()).unwrap().len(), 1);
}

#[test]
fn keys_may_come_in_any_order() {
    let mut header: serde_json::Value = serde_json::from_str(HEADER).unwrap();
    header["note"] = "by another tool".into();
    let reversed = r#"{"data":{},"region":"us-east-1","account":"111122223333","arn":"a","kind":"AWS::RDS::DBInstance"}"#;
    let end = r#"{"complete":true,"scope":{"region":"us-east-1","account":"111122223333"}}"#;
    let scopes = read(lines(&[&header.to_string(), reversed, end])).unwrap();
    assert_eq!(scopes[0].resources[0].arn, "a");
    // One that was made by other means and is complete is taken at its word.
    assert_eq!(scopes[0].gap_of("rds:DescribeDBProxies"), None);
}

#[test]
fn an_operation_that_a_scope_does_not_name_was_never_called() {
    let scopes = read(lines(&[HEADER, DB, END])).unwrap();
    assert_eq!(scopes[0].gap_of("rds:DescribeDBInstances"), None);
    assert_eq!(scopes[0].gap_of("rds:DescribeDBProxies").unwrap().reason, Reason::NotCollected);
}

#[test]
fn a_scope_that_was_not_reached_stays_so_in_a_file() {
    let id = ScopeId::global("111122223333");
    let gap = Gap::new("sts:AssumeRole", Reason::AccessDenied, "no");
    let lost = Scope::unreached(id, "2026-11-22T09:00:00Z".parse().unwrap(), gap.clone());
    let mut file = Vec::new();
    write::header(&mut file, &Header { scopes: Some(1), ..Header::new(lost.collected_at) }).unwrap();
    write::scope(&mut file, &lost).unwrap();
    let read: Vec<_> = Scopes::new(file.as_slice(), Path::new("lost.jsonl")).collect::<Result<_, _>>().unwrap();
    assert_eq!((read[0].reached, read[0].is_complete(), &read[0].gaps), (false, false, &vec![gap]));
}

#[test]
fn accounts_are_found_however_lines_fall_into_the_buffer() {
    let text = concat!(
        r#"{"inventory":1,"tool":"a person","collected_at":"2026-11-21T00:00:00Z"}"#,
        "\n",
        r#"{"kind":"AWS::RDS::DBInstance","scope":{"account":"333333333333","region":"eu-west-1"},"complete":true}"#,
        "\n",
        r#"{"scope":{"account":"111111111111","region":"eu-west-1"},"complete":true}"#,
        "\n\n",
        r#"{ "kind": "AWS::RDS::DBInstance", "account": "333333333333"}"#,
        "\n",
        r#"{"complete":true,"scope":{"account":"222222222222","region":"eu-west-1"}}"#,
    );
    for capacity in 1..=text.len() {
        let interrupted = Interrupted { text: text.as_bytes(), next: true };
        let found = super::read::accounts(std::io::BufReader::with_capacity(capacity, interrupted));
        assert_eq!(found, BTreeSet::from(["111111111111".to_owned(), "222222222222".to_owned()]), "{capacity}");
    }
}

/// A file of which every other read is interrupted by a signal.
struct Interrupted<'t> {
    text: &'t [u8],
    next: bool,
}

impl std::io::Read for Interrupted<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        self.next = !self.next;
        if self.next { self.text.read(buffer) } else { Err(std::io::ErrorKind::Interrupted.into()) }
    }
}
