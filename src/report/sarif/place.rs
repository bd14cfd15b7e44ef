//! Where a finding is, for readers that know only files: a relative path that holds no colon, and
//! that is the same in every run.
//!
//! AWS gives the snapshots that it takes a name with the date (`rds:orders-2026-11-22-06-10`). By
//! their names each day would bring new paths, new fingerprints, and so new alerts without end.
//! They share the place of their source: `rds:orders-*`.

use std::borrow::Cow;

use crate::finding::{Finding, ResourceRef, fingerprint};

/// What names the resource of a finding in every run.
pub struct Place<'a> {
    pub name: Cow<'a, str>,
    pub arn: Cow<'a, str>,
    /// Whether it stands for all snapshots that AWS takes of a source.
    pub shared: bool,
    finding: &'a Finding,
}

impl<'a> Place<'a> {
    /// The place of a finding.
    pub fn of(finding: &'a Finding) -> Self {
        let ResourceRef { arn, name, .. } = &*finding.resource;
        let Some(source) = source(finding) else {
            return Self { name: name.into(), arn: arn.into(), shared: false, finding };
        };
        let shared = arn.strip_suffix(name.as_str()).map_or_else(|| arn.replace(name.as_str(), &source), |before| format!("{before}{source}"));
        Self { name: source.into(), arn: shared.into(), shared: true, finding }
    }

    /// `aws/ACCOUNT/REGION/SERVICE/TYPE/NAME`, each segment percent-encoded.
    pub fn path(&self) -> String {
        let resource = &self.finding.resource;
        let kind = resource.kind.name.rsplit("::").next().unwrap_or_default();
        let segments = ["aws", &resource.account, &resource.region, resource.kind.service, kind, &without_guid(&self.name)];
        segments.map(encoded).join("/")
    }

    /// The fingerprint of the rule here.
    pub fn fingerprint(&self) -> Cow<'a, str> {
        if self.shared { fingerprint(&self.finding.rule.id, &self.arn).into() } else { (&self.finding.fingerprint).into() }
    }

    /// What the finding says, without the date that is in a snapshot's name.
    pub fn message(&self) -> Cow<'a, str> {
        let message = &self.finding.message;
        if self.shared { message.replace(&self.finding.resource.name, &self.name).into() } else { message.into() }
    }
}

/// The name that stands for all snapshots that AWS takes of what this is a snapshot of.
fn source(finding: &Finding) -> Option<String> {
    let name = &finding.resource.name;
    if let Some(job) = name.strip_prefix("awsbackup:") {
        // Named by the job, such as `awsbackup:job-GUID`: only the evidence may know the source.
        let kind = guid_at(job.get(job.len().checked_sub(GUID)?..)?).map(|()| &job[..job.len() - GUID])?;
        let evidence = finding.evidence.values();
        let of = ["DBInstanceIdentifier", "DBClusterIdentifier"].iter().find_map(|field| evidence.get(&format!("resource.{field}"))?.as_str());
        return Some(format!("awsbackup:{}*", of.map_or_else(|| kind.to_owned(), |of| format!("{of}-"))));
    }
    let taken_by_aws = ["rds:", "automatic.", "rs:"].iter().any(|prefix| name.starts_with(prefix));
    taken_by_aws.then(|| without_stamp(name)).flatten().map(|source| format!("{source}-*"))
}

/// The name before `-YYYY-MM-DD-HH-MM`, with or without `-SS`.
fn without_stamp(name: &str) -> Option<&str> {
    ["-0000-00-00-00-00-00", "-0000-00-00-00-00"].iter().find_map(|stamp| {
        let (before, end) = name.split_at_checked(name.len().checked_sub(stamp.len())?)?;
        let alike = end.bytes().zip(stamp.bytes()).all(|(byte, like)| if like == b'0' { byte.is_ascii_digit() } else { byte == like });
        alike.then_some(before)
    })
}

const GUID: usize = 36;

fn guid_at(text: &str) -> Option<()> {
    let guid = text.as_bytes().get(..GUID)?;
    let alike = |(position, byte): (usize, &u8)| if matches!(position, 8 | 13 | 18 | 23) { *byte == b'-' } else { byte.is_ascii_hexdigit() };
    guid.iter().enumerate().all(alike).then_some(())
}

/// The name with a GUID's hyphens as underscores. A KMS key is named by a GUID for good, but
/// readers take a GUID in a path for one that changes with every run.
fn without_guid(name: &str) -> Cow<'_, str> {
    let found = name.char_indices().find(|(position, _)| guid_at(&name[*position..]).is_some());
    found.map_or(Cow::Borrowed(name), |(start, _)| {
        let (guid, after) = name[start..].split_at(GUID);
        format!("{}{}{}", &name[..start], guid.replace('-', "_"), without_guid(after)).into()
    })
}

/// A path segment, all but the unreserved characters of RFC 3986 percent-encoded. One that is
/// empty or all dots gets an underscore in front: percent-encoded dots still mean "here" and "up".
pub fn encoded(segment: &str) -> String {
    let mut safe = String::with_capacity(segment.len() + 8);
    if segment.bytes().all(|byte| byte == b'.') {
        safe.push('_');
    }
    for byte in segment.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            safe.push(byte.into());
        } else {
            safe.push_str(&format!("%{byte:02X}"));
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_segment_holds_no_colon_no_slash_and_no_way_up() {
        let cases = [
            ("orders", "orders"),
            ("rds:orders", "rds%3Aorders"),
            ("../../etc", "..%2F..%2Fetc"),
            ("..", "_.."),
            ("", "_"),
            ("a b", "a%20b"),
            ("<script>", "%3Cscript%3E"),
            ("🐘", "%F0%9F%90%98"),
            ("100%", "100%25"),
            ("back\\slash", "back%5Cslash"),
            ("\x1b[2J", "%1B%5B2J"),
        ];
        for (name, expected) in cases {
            assert_eq!(encoded(name), expected, "{name:?}");
        }
    }

    #[test]
    fn a_stamp_to_the_minute_or_second_is_taken_off() {
        assert_eq!(without_stamp("rds:orders-2026-11-22-06-10"), Some("rds:orders"));
        assert_eq!(without_stamp("rs:orders-2026-11-22-06-10-59"), Some("rs:orders"));
        assert_eq!(without_stamp("rds:orders"), None);
        assert_eq!(without_stamp("rds:orders-2026-11-22"), None);
        assert_eq!(without_stamp("🐘🐘🐘🐘🐘🐘"), None);
    }

    #[test]
    fn a_guid_loses_its_hyphens_and_nothing_else_does() {
        assert_eq!(without_guid("1234abcd-12ab-34cd-56ef-1234567890ab"), "1234abcd_12ab_34cd_56ef_1234567890ab");
        assert_eq!(without_guid("é-1234abcd-12ab-34cd-56ef-1234567890ab-x"), "é-1234abcd_12ab_34cd_56ef_1234567890ab-x");
        assert_eq!(without_guid("orders-2026-11-22"), "orders-2026-11-22");
    }
}
