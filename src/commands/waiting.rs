//! Scopes that wait for what their account has once: some in memory, the others in an unnamed
//! temporary file, as an inventory.

use std::fs::File;
use std::io::{self, BufReader, BufWriter, Seek, Write};
use std::path::Path;

use crate::inventory::read::{ReadError, Scopes};
use crate::inventory::{Header, Scope, write};

/// How many resources memory holds, some kB each.
const IN_MEMORY: usize = 10_000;

/// Scopes in the order that they came in.
pub struct Waiting {
    /// How many more resources memory takes.
    room: usize,
    scopes: Vec<Scope>,
    file: Option<BufWriter<File>>,
}

impl Default for Waiting {
    fn default() -> Self {
        Self { room: IN_MEMORY, scopes: Vec::new(), file: None }
    }
}

impl Waiting {
    /// Takes a scope.
    ///
    /// # Errors
    ///
    /// When the temporary file cannot be written.
    pub fn push(&mut self, scope: Scope) -> io::Result<()> {
        if self.file.is_none() && scope.resources.len() <= self.room {
            self.room -= scope.resources.len();
            self.scopes.push(scope);
            return Ok(());
        }
        let mut file = match self.file.take() {
            Some(file) => file,
            None => BufWriter::new(tempfile::tempfile()?),
        };
        write::header(&mut file, &Header { scopes: Some(1), ..Header::new(scope.collected_at) })?;
        write::scope(&mut file, &scope)?;
        self.file = Some(file);
        Ok(())
    }

    /// The scopes, one after the other.
    ///
    /// # Errors
    ///
    /// When the temporary file cannot be written to the end.
    pub fn scopes(self) -> io::Result<impl Iterator<Item = Result<Scope, ReadError>>> {
        let mut spilled = None;
        if let Some(mut file) = self.file {
            file.flush()?;
            file.rewind()?;
            let file = file.into_inner().map_err(io::IntoInnerError::into_error)?;
            spilled = Some(Scopes::new(BufReader::with_capacity(1 << 16, file), Path::new("temporary file")));
        }
        Ok(self.scopes.into_iter().map(Ok).chain(spilled.into_iter().flatten()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::testing::{World, open};

    #[test]
    fn scopes_come_back_as_they_were_from_memory_and_from_the_file() {
        let mut waiting = Waiting { room: 3 * open().0.resources.len() / 2, ..Waiting::default() };
        let regions = ["us-east-1", "eu-west-1", "eu-west-2"];
        for region in regions {
            let mut scope = open().denied("rds:DescribeDBProxies").0;
            region.clone_into(&mut scope.id.region);
            scope.resources.iter_mut().for_each(|resource| region.clone_into(&mut resource.region));
            waiting.push(scope).unwrap();
        }
        assert!(waiting.scopes.len() == 1 && waiting.file.is_some());
        let scopes: Vec<_> = waiting.scopes().unwrap().collect::<Result<_, _>>().unwrap();
        assert_eq!(scopes.iter().map(|scope| scope.id.region.as_str()).collect::<Vec<_>>(), regions);
        let World(expected, ..) = open().denied("rds:DescribeDBProxies");
        for scope in scopes {
            assert_eq!(
                (scope.gaps, scope.operations, scope.resources.len()),
                (expected.gaps.clone(), expected.operations.clone(), expected.resources.len())
            );
        }
    }
}
