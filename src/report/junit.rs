//! JUnit XML, as Jenkins, GitLab and Azure Pipelines show it: a suite for each account and service, a
//! case for each rule on each resource. A failure is `<failure>`, what was not assessed or is waived
//! `<skipped>`; a scope that was not reached is a case with `<error>`.

use std::collections::BTreeMap;
use std::io::{self, Write};

use quick_xml::Writer;
use quick_xml::events::attributes::Attribute;
use quick_xml::events::{BytesDecl, BytesText, Event};
use quick_xml::name::QName;

use super::text::printable;
use super::{Coverage, Report};
use crate::finding::{Finding, Outcome};

/// Writes the suites.
pub fn write(report: &Report, out: &mut impl Write) -> io::Result<()> {
    let mut suites: BTreeMap<Suite, Counts> = BTreeMap::new();
    let mut all = Counts::default();
    let cases = report.findings.grouped(
        |_, _| true,
        |finding| {
            let finding = finding.finding()?;
            let suite = (finding.resource.account.clone(), finding.rule.service().to_owned());
            all.count(&finding);
            suites.entry(suite.clone()).or_default().count(&finding);
            Ok(Some(suite))
        },
    )?;
    let unreached: Vec<_> = super::unreached(&report.coverage).collect();
    all.tests += unreached.len();
    all.errors = unreached.len();
    let mut cases = cases.iter();
    let time = report.collected_at.map(|time| time.format("%Y-%m-%dT%H:%M:%S").to_string());
    let mut xml = Writer::new_with_indent(&mut *out, b' ', 2);
    xml.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    let root = xml.create_element("testsuites").with_attribute(("name", report.tool.name));
    root.with_attributes(all.attributes()).write_inner_content(|xml| {
        for ((account, service), counts) in &suites {
            let name = format!("{account} {service}");
            let suite = xml.create_element("testsuite").with_attribute(("name", name.as_str()));
            let suite = suite.with_attributes(time.iter().map(|time| ("timestamp", time.as_str())));
            let mut cases = cases.by_ref().take(counts.tests);
            suite.with_attributes(counts.attributes()).write_inner_content(|xml| cases.try_for_each(|finding| case(xml, &finding?.1)))?;
        }
        if unreached.is_empty() {
            return Ok(());
        }
        let counts = Counts { tests: all.errors, errors: all.errors, ..Counts::default() };
        let suite = xml.create_element("testsuite").with_attribute(("name", "coverage")).with_attributes(counts.attributes());
        suite.write_inner_content(|xml| unreached.iter().try_for_each(|(scope, why)| error(xml, scope, why))).map(drop)
    })?;
    out.write_all(b"\n")
}

/// An account and a service.
type Suite = (String, String);

#[derive(Default)]
struct Counts {
    tests: usize,
    failures: usize,
    skipped: usize,
    errors: usize,
}

impl Counts {
    fn count(&mut self, finding: &Finding) {
        self.tests += 1;
        self.failures += usize::from(finding.outcome == Outcome::Fail);
        self.skipped += usize::from(matches!(finding.outcome, Outcome::NotAssessed | Outcome::CarriedOver | Outcome::Waived));
    }

    fn attributes(&self) -> impl Iterator<Item = Attribute<'static>> {
        let counts = [("tests", self.tests), ("failures", self.failures), ("skipped", self.skipped), ("errors", self.errors)];
        counts.into_iter().map(|(name, count)| Attribute { key: QName(name), value: count.to_string().into() })
    }
}

fn case<W: Write>(xml: &mut Writer<W>, finding: &Finding) -> io::Result<()> {
    let (rule, resource) = (&finding.rule, &finding.resource);
    let name = format!("{} on {}", rule.id, resource.name);
    let element = xml.create_element("testcase");
    let element = element.with_attribute(("name", printable(&name).as_ref())).with_attribute(("classname", rule.service()));
    let element = element.with_attribute(("file", printable(&resource.arn).as_ref()));
    match finding.outcome {
        Outcome::Pass => element.write_empty().map(drop),
        Outcome::Fail => element.write_inner_content(|xml| failure(xml, finding)).map(drop),
        Outcome::NotAssessed | Outcome::CarriedOver | Outcome::Waived => {
            let standing = &finding.standing;
            let said = standing.waiver.as_ref().map(ToString::to_string).or_else(|| standing.last_seen_sentence());
            let message = said.unwrap_or_else(|| finding.message.clone());
            let skipped =
                |xml: &mut Writer<W>| xml.create_element("skipped").with_attribute(("message", printable(&message).as_ref())).write_empty().map(drop);
            element.write_inner_content(skipped).map(drop)
        }
    }
}

fn error<W: Write>(xml: &mut Writer<W>, scope: &Coverage, why: &str) -> io::Result<()> {
    let element =
        xml.create_element("testcase").with_attribute(("name", printable(&scope.place()).as_ref())).with_attribute(("classname", "coverage"));
    let error = |xml: &mut Writer<W>| {
        let element = xml.create_element("error").with_attribute(("message", printable(why).as_ref()));
        element.with_attribute(("type", "not-reached")).write_empty().map(drop)
    };
    element.write_inner_content(error).map(drop)
}

fn failure<W: Write>(xml: &mut Writer<W>, finding: &Finding) -> io::Result<()> {
    let fix = finding.remediation();
    let text: Vec<&str> = [Some(finding.resource.arn.as_str()), Some(&fix.text), fix.cli.as_deref()].into_iter().flatten().collect();
    let element = xml.create_element("failure").with_attribute(("message", printable(&finding.message).as_ref()));
    let lines = text.iter().flat_map(|text| text.lines()).map(printable).collect::<Vec<_>>().join("\n");
    element.with_attribute(("type", finding.rule.severity.name())).write_text_content(BytesText::new(&lines)).map(drop)
}
