//! The report as JSON Lines, for `jq`, `grep` and databases that load line by line.
//!
//! The first line is the head, the JSON report without `findings`:
//! `{"schema":1,"tool":…,"collected_at":…,"verdict":…,"summary":…,"coverage":[…]}`. Each further
//! line is one element of `findings`. Only the head has the key `schema`.

use std::io::{self, Write};

use super::Report;
use super::json::{FindingObject, Head};

/// Writes the head, then a line a finding.
pub fn write(report: &Report, out: &mut impl Write) -> io::Result<()> {
    serde_json::to_writer(&mut *out, &Head::of(report))?;
    out.write_all(b"\n")?;
    report.findings.write(out, |finding, text| {
        serde_json::to_writer(&mut *text, &FindingObject::of(finding, finding.evidence.text()))?;
        text.push(b'\n');
        Ok(())
    })
}
