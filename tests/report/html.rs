//! The page: what it holds, and what it does in a browser.

use std::path::PathBuf;
use std::process::Command;
use std::sync::Arc;

use dbmoat::engine::Severity;
use dbmoat::report::{Format, Report};

use crate::program::{dbmoat, run, write};
use crate::{support, written};

const HOSTILE: &str = "</script><img src=x onerror=alert(1)><!--<script>\u{2028}\u{202e}";

/// Everything that others choose, as markup.
fn hostile() -> Report {
    let mut rule = Arc::into_inner(support::rule("a-public", Severity::Critical)).unwrap();
    rule.title = HOSTILE.into();
    rule.references = vec!["javascript:alert(1)".into()];
    let rule = Arc::new(rule);
    let mut failure = support::failure(&rule, support::instance(HOSTILE));
    support::show(&mut failure, "resource.Name", &HOSTILE.into());
    Arc::make_mut(&mut failure.resource).tags.insert(HOSTILE.into(), HOSTILE.into());
    Arc::make_mut(&mut failure.resource).account = HOSTILE.into();
    let gap = support::denied(HOSTILE);
    support::report(vec![failure], vec![support::scope(HOSTILE, HOSTILE, 1, vec![gap])], vec![rule])
}

#[test]
fn nothing_that_others_choose_is_markup() {
    let page = written(Format::Html, &hostile());
    assert_eq!((page.matches("<script").count(), page.matches("</script>").count()), (2, 2));
    assert!(!page.contains("<img") && !page.contains("<!--") && !page.contains(['\u{2028}', '\u{202e}']));
    assert!(page.contains("&lt;img src=x onerror=alert(1)&gt;"), "the account, in what was not read");
}

#[test]
fn the_page_loads_nothing() {
    let page = written(Format::Html, &support::small());
    assert!(page.contains(r#"<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'sha256-"#));
    for way in [" src=", "<link", "url(", "@import", "fetch(", "innerHTML", "unsafe-inline"] {
        assert!(!page.contains(way), "{way}");
    }
}

#[test]
fn a_reader_finds_the_way_in_a_browser() {
    if std::env::var_os("DBMOAT_TEST_SKIP_BROWSER").is_some() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str| folder.path().join(name);
    let outputs = ["html", "json"].map(|format| format!("{format}={}", file(&format!("demo.{format}")).display()));
    assert_eq!(run(dbmoat(&["scan", "--demo", "--include", "pass", "-o", &outputs[0], "-o", &outputs[1]])).code, 1);
    let waivers =
        write(folder.path(), "waivers.yaml", "waivers:\n  - {rule: rds-instance-multi-az, reason: may be away, owner: data, expires: 2027-03-31}\n");
    let outputs = ["html", "json"].map(|format| format!("{format}={}", file(&format!("later.{format}")).display()));
    let arguments = ["scan", "--demo", "--region", "us-east-1", "--service", "rds-instance", "-o", &outputs[0], "-o", &outputs[1]];
    let standing = ["--waivers", waivers.to_str().unwrap(), "--baseline", file("demo.json").to_str().unwrap()].map(str::to_owned);
    let later = run(dbmoat(&arguments.into_iter().chain(standing.iter().map(String::as_str)).collect::<Vec<_>>()));
    assert_eq!(later.code, 1, "{}", later.stderr);
    std::fs::write(file("large.html"), written(Format::Html, &support::large(10_000))).unwrap();
    std::fs::write(file("hostile.html"), written(Format::Html, &hostile())).unwrap();

    let script = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/report/browser.py");
    let interpreter = std::env::var("DBMOAT_TEST_PYTHON").expect("DBMOAT_TEST_PYTHON is not set: run the tests with `bash tests/run`");
    let output = Command::new(interpreter).arg(script).arg(folder.path()).output().unwrap();
    assert!(output.status.success(), "{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
}
