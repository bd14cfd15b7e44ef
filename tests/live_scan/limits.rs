//! A scan ends in time, asks nothing twice and stops asking in vain, whatever the account does; and what it says
//! differs from a scan without faults only by what is not assessed.

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use serde_json::{Value as Json, json};

use crate::emulator::Emulator;
use crate::flips::flips;
use crate::program::{Run, outcomes};
use crate::scan;

const REGIONS: [&str; 2] = ["--region", "us-east-1,eu-west-1"];

fn timed(emulator: &Emulator, more: &[&str]) -> (Run, Duration) {
    let begun = Instant::now();
    let run = scan(emulator, more);
    (run, begun.elapsed())
}

/// The middle one of three: which calls fail, and so how long a chain of them waits, is chance.
fn median(mut once: impl FnMut() -> Duration) -> Duration {
    let mut times: [Duration; 3] = std::array::from_fn(|_| once());
    times.sort();
    times[1]
}

/// Only ever an outcome less; what is less is said.
#[track_caller]
fn assert_no_flip(fault: &str, calm: &Json, run: &Run) {
    assert!([1, 4].contains(&run.code), "{fault}: {}", run.stderr);
    let report = run.json();
    assert_eq!(flips(calm, &report), Vec::<String>::new(), "{fault}");
    if outcomes(&report) != outcomes(calm) {
        assert!(report["coverage"].as_array().unwrap().iter().any(|scope| scope["complete"] == false), "{fault}: nothing is said to be open");
    }
}

fn coverage<'r>(report: &'r Json, region: &str) -> &'r Json {
    report["coverage"].as_array().unwrap().iter().find(|scope| scope["region"] == region).unwrap()
}

#[test]
fn faults_in_any_call_flip_no_outcome_and_do_not_hold_the_scan_up() {
    let emulator = Emulator::take();
    // The emulator makes an answer once, which must not count as the account's time.
    let calm = scan(&emulator, &[]).json();
    // As far away as a region of AWS may be.
    emulator.order("latency", &json!({"milliseconds": 50}));
    let fault_free = median(|| timed(&emulator, &[]).1);
    for (fault, at_most) in [
        ("throttle%30", 3 * fault_free),
        ("internal%10", 3 * fault_free),
        ("reset%10", 3 * fault_free),
        ("malformed%10", 3 * fault_free),
        ("pause%5", Duration::from_secs(90)),
    ] {
        let took = median(|| {
            emulator.order("fault", &json!({"*:*": fault, "sts:*": "throttle:0"}));
            let (run, took) = timed(&emulator, &[]);
            assert_no_flip(fault, &calm, &run);
            took
        });
        assert!(took <= at_most, "{fault}: {took:?}, without faults {fault_free:?}");
    }
}

#[test]
fn credentials_that_expire_in_mid_scan_flip_no_outcome() {
    let emulator = Emulator::take();
    let calm = scan(&emulator, &REGIONS).json();
    // So that the scan is under way for some seconds.
    emulator.order("latency", &json!({"milliseconds": 80}));
    emulator.order("calls/reset", &json!({}));
    std::thread::scope(|threads| {
        let scanning = threads.spawn(|| scan(&emulator, &REGIONS));
        while emulator.requests().len() < 200 {
            std::thread::sleep(Duration::from_millis(20));
        }
        emulator.order("fault", &json!({"*:*": "expired"}));
        let run = scanning.join().unwrap();
        assert_no_flip("expired", &calm, &run);
        let report = run.json();
        let gaps = report["coverage"].as_array().unwrap().iter().flat_map(|scope| scope["gaps"].as_array().unwrap());
        let reasons: BTreeSet<_> = gaps.map(|gap| gap["reason"].as_str().unwrap()).collect();
        assert_eq!(reasons, BTreeSet::from(["credentials-expired"]));
        assert!(report["summary"]["pass"].as_u64().unwrap() > 0, "none had been asked");
    });
}

#[test]
fn a_region_that_does_not_answer_holds_nothing_up() {
    let emulator = Emulator::take();
    let calm = scan(&emulator, &REGIONS).json();
    emulator.order("fault", &json!({"*:*@eu-west-1": "stall"}));
    let (run, took) = timed(&emulator, &[&REGIONS[..], &["--scope-timeout", "8"]].concat());
    assert_no_flip("stall", &calm, &run);
    assert!(took < Duration::from_secs(40), "{took:?}");
    let report = run.json();
    assert_eq!(coverage(&report, "us-east-1"), coverage(&calm, "us-east-1"));
    let gaps = coverage(&report, "eu-west-1")["gaps"].as_array().unwrap();
    assert!(gaps.iter().any(|gap| gap["operation"] == "rds:DescribeDBInstances" && gap["reason"] == "timed-out"), "{gaps:?}");
}

#[test]
fn a_region_that_a_service_control_policy_forbids_is_said_once() {
    let emulator = Emulator::take();
    let calm = scan(&emulator, &REGIONS).json();
    emulator.order("calls/reset", &json!({}));
    emulator.order("fault", &json!({"*:*@eu-west-1": "scp"}));
    let run = scan(&emulator, &REGIONS);
    assert_no_flip("scp", &calm, &run);
    let report = run.json();
    assert_eq!(coverage(&report, "us-east-1"), coverage(&calm, "us-east-1"));
    let forbidden = coverage(&report, "eu-west-1");
    assert_eq!((&forbidden["reached"], forbidden["gaps"].as_array().unwrap().len()), (&json!(false), 1), "{forbidden}");
    assert!(forbidden["gaps"][0]["message"].as_str().unwrap().starts_with("a service control policy forbids the region"), "{forbidden}");
    assert!(!report["findings"].as_array().unwrap().iter().any(|finding| finding["resource"]["region"] == "eu-west-1"));
    let calls = emulator.calls();
    assert!(calls.iter().all(|((region, _), count)| region != "eu-west-1" || *count == 1), "{calls:?}");
    assert!(!calls.keys().any(|(region, operation)| region == "eu-west-1" && operation.starts_with("ec2:")), "{calls:?}");

    emulator.order("fault", &json!({"dax:*@eu-west-1": "scp", "memorydb:*@eu-west-1": "scp"}));
    let report = scan(&emulator, &REGIONS).json();
    assert_eq!(coverage(&report, "eu-west-1")["reached"], true, "two services are forbidden, not the region");
}

#[test]
fn nothing_is_asked_twice() {
    let emulator = Emulator::take();
    scan(&emulator, &REGIONS);
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for call in emulator.requests() {
        *counts.entry(call.to_string()).or_default() += 1;
    }
    let twice: Vec<_> = counts.iter().filter(|(_, count)| **count > 1).collect();
    assert!(twice.is_empty(), "{twice:#?}");
}

#[test]
fn a_rate_is_kept_and_one_call_at_once_finds_the_same() {
    let emulator = Emulator::take();
    let rule = ["--rule", "rds-instance-*,rds-snapshot-not-public"];
    let calm = scan(&emulator, &rule);
    emulator.order("calls/reset", &json!({}));
    let (slow, took) = timed(&emulator, &[&rule[..], &["--max-rate", "rds=2", "--concurrency", "1"]].concat());
    assert_eq!(slow.stdout, calm.stdout);
    let calls: usize = emulator.calls().into_iter().filter(|((_, operation), _)| operation.starts_with("rds:")).map(|(_, count)| count).sum();
    assert!(calls > 4, "too few calls to tell: {calls}");
    let least = Duration::from_secs_f64((calls as f64 - 2.0) / 2.0 * 0.9);
    assert!(took >= least, "{calls} calls in {took:?}");
}
