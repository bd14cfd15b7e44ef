//! Writes an inventory as JSON Lines.

use std::io::{self, Write};

use super::{Header, Scope, ScopeEnd};

/// Writes the header line of an inventory.
pub fn header(out: &mut (impl Write + ?Sized), header: &Header) -> io::Result<()> {
    line(out, header)
}

/// Writes the resources of a scope and the line that closes it.
pub fn scope(out: &mut (impl Write + ?Sized), scope: &Scope) -> io::Result<()> {
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

fn line(out: &mut (impl Write + ?Sized), value: &impl serde::Serialize) -> io::Result<()> {
    serde_json::to_writer(&mut *out, value)?;
    out.write_all(b"\n")
}
