//! An inventory that is being collected: each scope is on disk as soon as it has come, so that neither memory nor a
//! killed process holds more than the scopes that are under way.
//!
//! Its headers say `"partial":true`, so that only [`Partial::take_over`] reads it, up to the last scope that is whole.
//! The finished inventory is written from it, sorted, with headers that announce how many scopes follow. The lines of a
//! scope stay as they were first written, whatever number of collections it takes.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::{self, BufRead, BufWriter, Read, Seek, SeekFrom, Write};
use std::ops::Range;

use anyhow::Context;

use super::read::Source;
use super::{FORMAT, Header, Scope, ScopeEnd, ScopeId, write};

/// The scopes so far.
pub struct Partial {
    file: File,
    /// Whether scopes are compressed, each as a Zstandard frame of its own: a file that is cut off loses one.
    compressed: bool,
    needs: String,
    headers: Vec<Header>,
    /// The last header in the file.
    under: Option<usize>,
    scopes: BTreeMap<ScopeId, Kept>,
}

/// A scope in the file.
struct Kept {
    header: usize,
    bytes: Range<u64>,
    complete: bool,
    reached: bool,
    /// Whether an earlier collection brought it.
    earlier: bool,
}

impl Partial {
    /// Nothing yet. `file` is empty, and is read too; `needs` says what the scopes are collected for.
    pub fn new(file: File, compressed: bool, needs: String) -> Self {
        Self { file, compressed, needs, headers: Vec::new(), under: None, scopes: BTreeMap::new() }
    }

    /// Takes over the scopes of an inventory that was collected for the same needs. It may be cut off: what follows its
    /// last whole scope is left.
    ///
    /// # Errors
    ///
    /// When the inventory was collected by another version or for other needs, when it is damaged rather than cut off,
    /// and when this one cannot be written.
    pub fn take_over(&mut self, source: &Source) -> anyhow::Result<()> {
        let (mut reader, mut line, mut number) = (source.open()?, Vec::new(), 0);
        let (mut header, mut resources) = (None, Vec::new());
        while next_line(&mut reader, &mut line)? {
            number += 1;
            if line.starts_with(br#"{"kind""#) {
                resources.append(&mut line);
            } else if let Ok(next) = serde_json::from_slice::<Header>(&line) {
                self.check(&next)?;
                header = Some(self.header(next));
            } else if let (Some(header), Ok(end)) = (header, serde_json::from_slice::<ScopeEnd>(&line)) {
                resources.append(&mut line);
                let bytes = self.append(header, |out| out.write_all(&resources)).context("cannot write what is taken over")?;
                self.scopes.insert(end.scope, Kept { header, bytes, complete: end.complete, reached: end.reached, earlier: true });
                resources.clear();
            } else {
                anyhow::bail!("line {number} is none that collect writes");
            }
        }
        Ok(())
    }

    /// Errs where scopes under the header may lack what is needed now.
    fn check(&self, header: &Header) -> anyhow::Result<()> {
        let this = Header::new(header.collected_at);
        if (header.inventory, &header.tool) != (FORMAT, &this.tool) {
            anyhow::bail!("it was collected by {}, and this is {}", header.tool, this.tool);
        }
        if header.needs.as_deref() != Some(&self.needs) {
            anyhow::bail!("it was collected for other rules");
        }
        Ok(())
    }

    /// The scopes that need not be asked again.
    pub fn complete(&self) -> BTreeSet<ScopeId> {
        self.scopes.iter().filter(|(_, kept)| kept.complete).map(|(id, _)| id.clone()).collect()
    }

    /// How many scopes there are.
    pub fn count(&self) -> usize {
        self.scopes.len()
    }

    /// Adds a scope, in place of what an earlier collection has of it, unless that reached it and this one did not.
    ///
    /// # Errors
    ///
    /// When the file cannot be written. It then ends with a scope that is cut off.
    pub fn add(&mut self, scope: &Scope) -> io::Result<()> {
        if !scope.reached && self.scopes.get(&scope.id).is_some_and(|kept| kept.reached) {
            return Ok(());
        }
        let header = self.header(Header::new(scope.collected_at));
        let bytes = self.append(header, |out| write::scope(out, scope))?;
        let kept = Kept { header, bytes, complete: scope.is_complete(), reached: scope.reached, earlier: false };
        self.scopes.insert(scope.id.clone(), kept);
        Ok(())
    }

    /// Ends the collection: what says of an account that it could not be asked goes, where it has been asked since.
    pub fn settle(&mut self) {
        let asked: BTreeSet<_> = self.scopes.keys().filter(|id| !id.is_global()).map(|id| id.account.clone()).collect();
        self.scopes.retain(|id, kept| kept.reached || !kept.earlier || !id.is_global() || !asked.contains(&id.account));
    }

    /// Writes the finished inventory.
    ///
    /// # Errors
    ///
    /// When one of both files cannot be read or written.
    pub fn finish(self, out: &mut dyn Write) -> io::Result<()> {
        let finished = |header: &Header, scopes, out: &mut dyn Write| {
            let header = Header { scopes: Some(scopes), needs: Some(self.needs.clone()), partial: false, ..header.clone() };
            encode(out, self.compressed, |out| write::header(out, &header))
        };
        if self.scopes.is_empty() {
            return finished(&Header::new(chrono::Utc::now()), 0, out);
        }
        let mut kept: Vec<_> = self.scopes.iter().collect();
        kept.sort_by_key(|(id, kept)| (kept.header, !id.is_global(), *id));
        for of_header in kept.chunk_by(|(_, one), (_, next)| one.header == next.header) {
            finished(&self.headers[of_header[0].1.header], of_header.len(), out)?;
            for (_, Kept { bytes, .. }) in of_header {
                (&self.file).seek(SeekFrom::Start(bytes.start))?;
                io::copy(&mut (&self.file).take(bytes.end - bytes.start), out)?;
            }
        }
        Ok(())
    }

    /// The place of a header among all; collections of the same time share one.
    fn header(&mut self, header: Header) -> usize {
        let header = Header { scopes: None, partial: true, needs: Some(self.needs.clone()), ..header };
        self.headers.iter().position(|known| *known == header).unwrap_or_else(|| {
            self.headers.push(header);
            self.headers.len() - 1
        })
    }

    /// Writes lines under a header, and says where they are.
    fn append(&mut self, header: usize, lines: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<Range<u64>> {
        if self.under.replace(header) != Some(header) {
            encode(&self.file, self.compressed, |out| write::header(out, &self.headers[header]))?;
        }
        let start = self.file.stream_position()?;
        encode(&self.file, self.compressed, lines)?;
        Ok(start..self.file.stream_position()?)
    }
}

/// Reads the next line. None is left where the file ends, or is cut off: within a line, or within a frame.
fn next_line(reader: &mut impl BufRead, line: &mut Vec<u8>) -> io::Result<bool> {
    line.clear();
    match reader.read_until(b'\n', line) {
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Ok(false),
        read => read.map(|_| line.ends_with(b"\n")),
    }
}

/// Writes what `write` does, compressed or not.
fn encode(out: impl Write, compressed: bool, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<()> {
    let mut out = BufWriter::with_capacity(1 << 16, out);
    if compressed {
        let mut encoder = zstd::Encoder::new(&mut out, 0)?;
        write(&mut encoder)?;
        encoder.finish()?;
    } else {
        write(&mut out)?;
    }
    out.flush()
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::inventory::read::Scopes;
    use crate::inventory::shape::Timestamp;
    use crate::inventory::{Gap, Reason, Resource, kinds};

    const FIRST: &str = "2026-11-22T09:00:00Z";
    const LATER: &str = "2026-11-22T10:00:00Z";

    /// A scope with some resources, collected then.
    fn scope(region: &str, time: &str) -> Scope {
        let id = ScopeId { account: "111122223333".to_owned(), region: region.to_owned() };
        let mut scope = Scope::new(id.clone(), time.parse::<Timestamp>().unwrap());
        scope.operations.insert("rds:DescribeDBInstances".to_owned());
        scope.resources.extend((0..3).map(|number| Resource {
            kind: kinds::DB_INSTANCE,
            arn: format!("arn:aws:rds:{region}:111122223333:db:{time}-{number}"),
            account: id.account.clone(),
            region: region.to_owned(),
            tags: BTreeMap::new(),
            data: serde_json::value::to_raw_value(&serde_json::json!({"MultiAZ": true})).unwrap(),
            gaps: Vec::new(),
            memo: Default::default(),
        }));
        scope
    }

    fn with_gap(mut scope: Scope) -> Scope {
        scope.gaps.push(gap());
        scope
    }

    fn unreached(region: &str, time: &str) -> Scope {
        let Scope { id, collected_at, .. } = scope(region, time);
        Scope::unreached(id, collected_at, gap())
    }

    fn gap() -> Gap {
        Gap::new("rds:DescribeDBInstances", Reason::AccessDenied, "no")
    }

    fn partial(compressed: bool) -> Partial {
        Partial::new(tempfile::tempfile().unwrap(), compressed, "for these".to_owned())
    }

    /// One that takes over these bytes.
    fn resumed(bytes: &[u8], compressed: bool) -> anyhow::Result<Partial> {
        let mut file = tempfile::NamedTempFile::new()?;
        file.write_all(bytes)?;
        let mut partial = partial(compressed);
        partial.take_over(&Source::new(file.path())?)?;
        Ok(partial)
    }

    /// What is in the unfinished file.
    fn bytes(partial: &mut Partial) -> Vec<u8> {
        let mut bytes = Vec::new();
        partial.file.rewind().unwrap();
        partial.file.read_to_end(&mut bytes).unwrap();
        bytes
    }

    fn finished(mut partial: Partial) -> Vec<u8> {
        partial.settle();
        let mut bytes = Vec::new();
        partial.finish(&mut bytes).unwrap();
        bytes
    }

    fn regions(partial: &Partial) -> Vec<&str> {
        partial.scopes.keys().map(|id| id.region.as_str()).collect()
    }

    #[test]
    fn wherever_the_file_is_cut_off_the_rest_makes_it_what_it_would_have_been() {
        let all = ["us-east-1", "aws-global", "eu-west-1"].map(|region| scope(region, FIRST));
        for compressed in [false, true] {
            let mut partial = partial(compressed);
            let ends = all.iter().map(|scope| {
                partial.add(scope).unwrap();
                partial.file.stream_position().unwrap()
            });
            let ends: Vec<_> = ends.collect();
            let written = bytes(&mut partial);
            let whole = finished(partial);
            for cut in 0..=written.len() {
                let mut resumed = resumed(&written[..cut], compressed).unwrap();
                let complete = resumed.complete();
                assert_eq!(complete.len(), ends.iter().filter(|end| **end <= cut as u64).count(), "{cut}, compressed: {compressed}");
                all.iter().filter(|scope| !complete.contains(&scope.id)).for_each(|scope| resumed.add(scope).unwrap());
                assert!(finished(resumed) == whole, "{cut}, compressed: {compressed}");
            }
        }
    }

    #[test]
    fn the_finished_inventory_is_read_and_the_unfinished_one_is_refused() {
        let mut partial = partial(false);
        ["us-east-1", "aws-global"].iter().for_each(|region| partial.add(&scope(region, FIRST)).unwrap());
        let read =
            |bytes: &[u8]| Scopes::new(bytes, Path::new("a.jsonl")).map(|scope| scope.map(|scope| scope.id.region)).collect::<Result<Vec<_>, _>>();
        let error = read(&bytes(&mut partial)).unwrap_err().to_string();
        assert_eq!(error, "a.jsonl:1: the inventory is not finished: go on with `dbmoat collect --resume`");
        assert_eq!(read(&finished(partial)).unwrap(), ["aws-global", "us-east-1"]);
        assert_eq!(read(&finished(self::partial(false))).unwrap(), [""; 0]);
    }

    #[test]
    fn a_scope_with_gaps_is_asked_again_and_stays_unless_it_is_reached() {
        let mut first = partial(false);
        [with_gap(scope("us-east-1", FIRST)), with_gap(scope("eu-west-1", FIRST)), scope("eu-west-2", FIRST)]
            .iter()
            .for_each(|scope| first.add(scope).unwrap());
        let mut later = resumed(&finished(first), true).unwrap();
        assert_eq!(later.complete().iter().map(|id| id.region.as_str()).collect::<Vec<_>>(), ["eu-west-2"]);
        later.add(&scope("us-east-1", LATER)).unwrap();
        later.add(&unreached("eu-west-1", LATER)).unwrap();
        let text = zstd::decode_all(finished(later).as_slice()).unwrap();
        let scopes: Vec<_> = Scopes::new(text.as_slice(), Path::new("a.jsonl")).collect::<Result<_, _>>().unwrap();
        let is = |scope: &Scope, time: &str| scope.collected_at == time.parse::<Timestamp>().unwrap() && scope.reached && scope.resources.len() == 3;
        assert!(is(&scopes[0], FIRST) && is(&scopes[1], FIRST) && is(&scopes[2], LATER), "{scopes:?}");
        assert_eq!(scopes.iter().map(|scope| scope.id.region.as_str()).collect::<Vec<_>>(), ["eu-west-1", "eu-west-2", "us-east-1"]);
    }

    #[test]
    fn an_account_that_could_not_be_asked_is_so_no_longer_once_it_is() {
        let mut first = partial(false);
        first.add(&unreached("aws-global", FIRST)).unwrap();
        let bytes = finished(first);
        let mut later = resumed(&bytes, false).unwrap();
        assert!(later.complete().is_empty());
        later.settle();
        assert_eq!(regions(&later), ["aws-global"], "it was not asked since");
        later.add(&scope("us-east-1", LATER)).unwrap();
        later.settle();
        assert_eq!(regions(&later), ["us-east-1"]);
    }

    #[test]
    fn what_was_collected_for_something_else_or_is_damaged_is_refused() {
        let mut first = partial(false);
        ["us-east-1", "eu-west-1"].iter().for_each(|region| first.add(&scope(region, FIRST)).unwrap());
        let text = String::from_utf8(finished(first)).unwrap();
        for (from, to, reason) in [
            ("for these", "for those", "it was collected for other rules"),
            (",\"needs\":\"for these\"", "", "it was collected for other rules"),
            (env!("CARGO_PKG_VERSION"), "0.0.1", "it was collected by dbmoat 0.0.1, and this is dbmoat"),
            ("{\"kind\"", "{\"knid\"", "line 2 is none that collect writes"),
        ] {
            let error = resumed(text.replacen(from, to, 1).as_bytes(), false).err().unwrap().to_string();
            assert!(error.starts_with(reason), "{error}");
        }
        let packed = zstd::encode_all(text.as_bytes(), 0).unwrap();
        let damaged: Vec<_> = packed.iter().enumerate().map(|(at, byte)| if at == 20 { !byte } else { *byte }).collect();
        assert!(resumed(&damaged, false).is_err());
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn a_full_disk_is_an_error() {
        let mut partial = Partial::new(File::options().read(true).write(true).open("/dev/full").unwrap(), false, String::new());
        assert_eq!(partial.add(&scope("us-east-1", FIRST)).unwrap_err().kind(), io::ErrorKind::StorageFull);
    }
}
