//! Every format, over reports made by hand.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on has failed")]

mod compliance;
mod findings;
mod foreign;
mod html;
mod json;
mod multitool;
#[path = "../support/program.rs"]
mod program;
mod readers;
mod sarif;
#[path = "../support/report.rs"]
mod support;
mod table;
mod unreached;
mod waived;

use clap::ValueEnum;
use dbmoat::report::table::Options;
use dbmoat::report::{Format, Report};

/// What a format writes.
fn written(format: Format, report: &Report) -> String {
    let mut out = Vec::new();
    format.write(report, &Options::default(), &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

#[test]
fn every_format_writes_the_same_bytes_twice() {
    for format in Format::value_variants() {
        assert_eq!(written(*format, &support::small()), written(*format, &support::small()), "{format:?}");
    }
}

#[test]
fn every_format_ends_its_last_line_and_writes_of_an_empty_scan() {
    for format in Format::value_variants() {
        assert!(written(*format, &support::empty()).ends_with('\n'), "{format:?}");
    }
}

#[test]
fn a_format_is_found_by_its_name_and_a_typo_gets_a_suggestion() {
    for format in Format::value_variants() {
        assert_eq!(format.name().parse(), Ok(*format));
    }
    let error = "serif".parse::<Format>().unwrap_err().to_string();
    assert_eq!(
        error,
        r#"unknown format "serif"; did you mean "sarif"?; the formats are table, json, jsonl, sarif, csv, junit, markdown, html, ocsf, asff"#
    );
}
