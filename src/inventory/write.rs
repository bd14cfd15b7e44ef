//! Writes an inventory as JSON Lines.

use std::io::{self, Write};

use super::{FORMAT, Header, Scope, ScopeEnd, shape::Timestamp};

/// Writes the header line of an inventory of so many scopes.
pub fn header(out: &mut impl Write, collected_at: Timestamp, scopes: usize) -> io::Result<()> {
    let tool = format!("{} {}", env!("CARGO_PKG_NAME"), env!("CARGO_PKG_VERSION"));
    line(out, &Header { inventory: FORMAT, tool, collected_at, scopes: Some(scopes) })
}

/// Writes the resources of a scope and the line that closes it.
pub fn scope(out: &mut impl Write, scope: &Scope) -> io::Result<()> {
    for resource in &scope.resources {
        line(out, resource)?;
    }
    line(
        out,
        &ScopeEnd {
            scope: scope.id.clone(),
            complete: scope.is_complete(),
            reached: scope.reached,
            operations: (!scope.unspecified).then(|| scope.operations.clone()),
            whole: scope.whole.clone(),
            gaps: scope.gaps.clone(),
        },
    )
}

fn line(out: &mut impl Write, value: &impl serde::Serialize) -> io::Result<()> {
    serde_json::to_writer(&mut *out, value)?;
    out.write_all(b"\n")
}
