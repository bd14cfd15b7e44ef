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
    let mut line = Vec::new();
    for finding in report.findings.iter() {
        let finding = finding?;
        serde_json::to_writer(&mut line, &FindingObject::of(&finding, finding.evidence.text()))?;
        line.push(b'\n');
        out.write_all(&line)?;
        line.clear();
    }
    Ok(())
}
