//! Reads inventories: JSON Lines, compressed or not, one file or several concatenated.
//!
//! A file that is cut off or malformed is an error that names the file and the line: half an
//! inventory would judge half an account and say nothing of the rest.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use super::{FORMAT, Header, Resource, Scope, ScopeEnd, ScopeId};

/// Why an inventory could not be read.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    #[error("cannot read inventory {}", .file.display())]
    Io { file: PathBuf, source: io::Error },
    #[error("{}:{line}: {reason}", .file.display())]
    Malformed { file: PathBuf, line: usize, reason: String },
}

/// An inventory that can be read more than once. Standard input and pipes can not, so what comes from
/// them is kept in a temporary file.
pub struct Source {
    name: PathBuf,
    kept: Option<NamedTempFile>,
}

impl Source {
    /// A file, or standard input for `-`.
    pub fn new(file: &Path) -> Result<Self, ReadError> {
        let source = Self { name: file.to_owned(), kept: None };
        let kept = if file == Path::new("-") {
            keep(io::stdin())
        } else {
            let opened = File::open(file).map_err(|error| source.io_error(error))?;
            let is_pipe = opened.metadata().is_ok_and(|metadata| !metadata.is_file() && !metadata.is_dir());
            if is_pipe { keep(opened) } else { return Ok(source) }
        };
        Ok(Self { kept: Some(kept.map_err(|error| source.io_error(error))?), ..source })
    }

    /// Its scopes, one after the other.
    pub fn scopes(&self) -> Result<Scopes<Box<dyn BufRead + Send>>, ReadError> {
        Ok(Scopes::new(self.open()?, &self.name))
    }

    /// The accounts of its scopes.
    pub fn accounts(&self) -> Result<BTreeSet<String>, ReadError> {
        self.open().map(accounts)
    }

    /// Zstandard compression is recognised by its first bytes, whatever the file is called.
    pub(super) fn open(&self) -> Result<Box<dyn BufRead + Send>, ReadError> {
        let path = self.kept.as_ref().map_or(self.name.as_path(), NamedTempFile::path);
        let io_error = |error| self.io_error(error);
        let mut buffered = BufReader::with_capacity(1 << 16, File::open(path).map_err(io_error)?);
        let compressed = buffered.fill_buf().map_err(io_error)?.starts_with(&ZSTD_MAGIC);
        Ok(if compressed { Box::new(BufReader::new(zstd::Decoder::with_buffer(buffered).map_err(io_error)?)) } else { Box::new(buffered) })
    }

    fn io_error(&self, source: io::Error) -> ReadError {
        ReadError::Io { file: self.name.clone(), source }
    }
}

fn keep(mut from: impl Read) -> io::Result<NamedTempFile> {
    let mut file = NamedTempFile::new()?;
    io::copy(&mut from, &mut file)?;
    Ok(file)
}

/// The accounts of an inventory's scopes. Lines that are malformed are left to [`Scopes`] to report,
/// and what cannot be read ends the search.
pub fn accounts(mut reader: impl BufRead) -> BTreeSet<String> {
    /// What a resource begins with in our writer's files, so that it need not be parsed for this.
    const RESOURCE: &[u8] = br#"{"kind""#;

    let mut accounts = BTreeSet::new();
    let mut line = Vec::new();
    loop {
        // A failure to look ahead, such as for a signal, is for whichever reads to bear or to meet again.
        let is_resource = reader.fill_buf().is_ok_and(|next| next.starts_with(RESOURCE));
        let read = if is_resource { reader.skip_until(b'\n') } else { reader.read_until(b'\n', &mut line) };
        if !read.is_ok_and(|read| read > 0) {
            return accounts;
        }
        if !line.is_empty()
            && !line.starts_with(RESOURCE)
            && let Ok(end) = serde_json::from_slice::<ScopeEnd>(&line)
        {
            accounts.insert(end.scope.account);
        }
        line.clear();
    }
}

/// What every Zstandard frame begins with (RFC 8878, section 3.1.1).
const ZSTD_MAGIC: [u8; 4] = [0x28, 0xb5, 0x2f, 0xfd];

/// The scopes of one inventory, in the order of the file. Ends after the first error.
pub struct Scopes<R> {
    reader: R,
    file: PathBuf,
    line: usize,
    buffer: String,
    header: Option<Header>,
    resources: Vec<Resource>,
    /// How many scopes have come since the header.
    scopes: usize,
    failed: bool,
}

impl<R: BufRead> Scopes<R> {
    /// Reads from `reader`; `file` only names it in errors.
    pub fn new(reader: R, file: &Path) -> Self {
        Self { reader, file: file.to_owned(), line: 0, buffer: String::new(), header: None, resources: Vec::new(), scopes: 0, failed: false }
    }

    fn next_scope(&mut self) -> Result<Option<Scope>, ReadError> {
        loop {
            self.buffer.clear();
            let read = self.reader.read_line(&mut self.buffer).map_err(|source| self.unreadable(source))?;
            if read == 0 {
                return self.end();
            }
            self.line += 1;
            let whole = || serde_json::from_str::<serde::de::IgnoredAny>(self.buffer.trim()).is_ok();
            if !self.buffer.ends_with('\n') && !whole() {
                return Err(self.malformed("the file is cut off: its last line is incomplete".to_owned()));
            }
            if let Some(scope) = self.line()? {
                return Ok(Some(scope));
            }
        }
    }

    /// Takes in one line; returns the scope that it closes, if it does.
    fn line(&mut self) -> Result<Option<Scope>, ReadError> {
        // Editors and shells of some systems put a byte order mark in front, and end lines in CR LF.
        let text = self.buffer.trim_start_matches('\u{feff}').trim();
        if text.is_empty() {
            return Ok(None);
        }
        // What kind of line it is shows in its first key, which our writer and a person's tool alike
        // may put anywhere: so the keys decide, not their order.
        let keys: Keys = serde_json::from_str(text).map_err(|error| self.malformed(error.to_string()))?;
        match keys {
            Keys { inventory: Some(version), .. } => {
                if version != FORMAT {
                    return Err(self.malformed(format!("inventory format {version} is not supported; this program reads format {FORMAT}")));
                }
                self.inventory_open()?;
                let header: Header = self.parse(text)?;
                if header.partial {
                    return Err(self.malformed("the inventory is not finished: go on with `dbmoat collect --resume`".to_owned()));
                }
                self.header = Some(header);
                self.scopes = 0;
                Ok(None)
            }
            Keys { kind: Some(_), .. } => {
                self.after_header()?;
                let resource: Resource = self.parse(text)?;
                (resource.kind.check)(resource.data.get()).map_err(|error| self.malformed(format!("data: {error}")))?;
                self.resources.push(resource);
                Ok(None)
            }
            Keys { scope: Some(_), .. } => {
                let end: ScopeEnd = self.parse(text)?;
                self.close(end).map(Some)
            }
            _ => Err(self.malformed("the line is neither a header, a resource nor the end of a scope".to_owned())),
        }
    }

    fn close(&mut self, end: ScopeEnd) -> Result<Scope, ReadError> {
        let collected_at = self.after_header()?.collected_at;
        let resources = std::mem::take(&mut self.resources);
        self.scopes += 1;
        if let Some(stray) = resources.iter().find(|resource| resource.region != end.scope.region) {
            return Err(self.malformed(format!("{} is of region {}, not of scope {}", stray.arn, stray.region, end.scope)));
        }
        let scope = Scope {
            id: end.scope,
            collected_at,
            reached: end.reached,
            whole: end.whole,
            unspecified: end.operations.is_none(),
            operations: end.operations.unwrap_or_default(),
            gaps: end.gaps,
            resources,
        };
        if end.complete && !scope.is_complete() {
            return Err(self.malformed(format!("scope {} is marked complete but has gaps", scope.id)));
        }
        if !end.complete && scope.is_complete() {
            return Err(self.malformed(format!("scope {} is marked incomplete but names no gap", scope.id)));
        }
        Ok(scope)
    }

    fn after_header(&self) -> Result<&Header, ReadError> {
        self.header.as_ref().ok_or_else(|| self.malformed("the inventory does not begin with its header line".to_owned()))
    }

    fn end(&self) -> Result<Option<Scope>, ReadError> {
        if self.header.is_none() {
            return Err(self.malformed("the file is empty: an inventory begins with its header line".to_owned()));
        }
        self.inventory_open()?;
        Ok(None)
    }

    /// Errs when the inventory that ends here lacks scopes, or the end of one.
    fn inventory_open(&self) -> Result<(), ReadError> {
        self.scope_open()?;
        match self.header.as_ref().and_then(|header| header.scopes) {
            Some(announced) if announced != self.scopes => {
                Err(self.malformed(format!("the file is cut off: it announces {announced} scopes and holds {}", self.scopes)))
            }
            _ => Ok(()),
        }
    }

    /// Errs when resources stand that no scope line has closed.
    fn scope_open(&self) -> Result<(), ReadError> {
        match self.resources.last() {
            None => Ok(()),
            Some(last) => Err(self.malformed(format!(
                "the file is cut off: scope {} is not closed",
                ScopeId { account: last.account.clone(), region: last.region.clone() }
            ))),
        }
    }

    fn parse<T: serde::de::DeserializeOwned>(&self, text: &str) -> Result<T, ReadError> {
        serde_json::from_str(text).map_err(|error| self.malformed(error.to_string()))
    }

    fn malformed(&self, reason: String) -> ReadError {
        // serde_json names its own line, which is always 1 here and would only mislead.
        let reason = reason.replace(" at line 1 column ", " at column ");
        ReadError::Malformed { file: self.file.clone(), line: self.line, reason }
    }

    fn unreadable(&self, source: io::Error) -> ReadError {
        match source.kind() {
            io::ErrorKind::InvalidData | io::ErrorKind::UnexpectedEof | io::ErrorKind::Other => {
                ReadError::Malformed { file: self.file.clone(), line: self.line + 1, reason: format!("the file is cut off or damaged: {source}") }
            }
            _ => ReadError::Io { file: self.file.clone(), source },
        }
    }
}

/// The keys that tell the lines apart.
#[derive(serde::Deserialize)]
struct Keys<'a> {
    inventory: Option<u32>,
    #[serde(borrow)]
    kind: Option<&'a serde_json::value::RawValue>,
    #[serde(borrow)]
    scope: Option<&'a serde_json::value::RawValue>,
}

impl<R: BufRead> Iterator for Scopes<R> {
    type Item = Result<Scope, ReadError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.failed {
            return None;
        }
        let next = self.next_scope();
        self.failed = next.is_err();
        next.transpose()
    }
}
