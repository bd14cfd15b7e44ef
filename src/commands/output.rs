//! Where bytes go: a file that appears whole or not at all, or standard output.

use std::fs;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use anyhow::Context;
use tempfile::NamedTempFile;

use super::{End, Failure};

/// A place to write to, open before the work begins so that a wrong path is known at once.
pub struct Sink {
    path: PathBuf,
    to: To,
}

enum To {
    Stdout,
    /// A file, which appears once all is written.
    File,
    /// A device or a pipe, which nothing may be renamed onto.
    Special(fs::File),
}

impl Sink {
    /// Opens the path; `-` is standard output.
    ///
    /// # Errors
    ///
    /// When nothing can be written there.
    pub fn open(path: &Path) -> anyhow::Result<Self> {
        let context = || format!("cannot write {}", path.display());
        // A link stays one: what it leads to is written.
        let path = &fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        let to = if path == Path::new("-") {
            To::Stdout
        } else if path.is_dir() {
            anyhow::bail!("cannot write {}: it is a folder", path.display());
        } else if fs::metadata(path).is_ok_and(|metadata| !metadata.is_file()) {
            To::Special(fs::OpenOptions::new().write(true).open(path).with_context(context)?)
        } else {
            // Only tried now: the file is made when there is something to write.
            temporary_beside(path)?;
            To::File
        };
        Ok(Self { path: path.to_owned(), to })
    }

    /// Whether it is standard output.
    pub fn is_stdout(&self) -> bool {
        matches!(self.to, To::Stdout)
    }

    /// The file that it writes to; none for standard output.
    pub fn path(&self) -> Option<&Path> {
        (!self.is_stdout()).then_some(&*self.path)
    }

    /// The file that will appear; none for standard output, a device or a pipe.
    pub fn file(&self) -> Option<&Path> {
        matches!(self.to, To::File).then_some(&*self.path)
    }

    /// Writes with `f`. A file appears only with [`Written::appear`].
    ///
    /// # Errors
    ///
    /// When writing fails; the target is then as it was. A reader that has gone is no error.
    pub fn write<T: Default>(self, f: impl FnOnce(&mut dyn Write) -> io::Result<T>) -> anyhow::Result<(T, Written)> {
        let context = || format!("cannot write {}", self.path.display());
        let (written, file) = match self.to {
            To::Stdout => (buffered(&mut io::stdout().lock(), f), None),
            To::Special(mut file) => (buffered(&mut file, f), None),
            To::File => {
                let mut file = temporary_beside(&self.path)?;
                (buffered(file.as_file_mut(), f), Some(file))
            }
        };
        let value = match written {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => T::default(),
            written => written.with_context(context)?,
        };
        Ok((value, Written { path: self.path, file }))
    }
}

/// What has been written and has not appeared yet.
#[must_use]
pub struct Written {
    path: PathBuf,
    /// The temporary file beside the target.
    file: Option<NamedTempFile>,
}

impl Written {
    /// Lets the file appear, whole.
    ///
    /// # Errors
    ///
    /// When the file cannot be renamed onto its target.
    pub fn appear(self) -> anyhow::Result<()> {
        match self.file {
            Some(file) => {
                file.persist(&self.path).map(drop).map_err(|error| error.error).with_context(|| format!("cannot write {}", self.path.display()))
            }
            None => Ok(()),
        }
    }
}

/// The error without the name of the temporary file, which says nothing to a user.
fn plain(error: &io::Error) -> io::Error {
    error.kind().into()
}

/// Says something on standard error; that nobody hears it is no reason to stop.
pub fn say(text: &str) {
    let _ = writeln!(anstream::stderr(), "{text}");
}

/// Prints a text on standard output.
///
/// # Errors
///
/// When standard output cannot be written to.
pub fn print(text: &str) -> Result<End, Failure> {
    let sink = Sink::open(Path::new("-")).map_err(Failure::usage)?;
    let ((), written) = sink.write(|out| out.write_all(text.as_bytes())).map_err(Failure::usage)?;
    written.appear().map_err(Failure::usage)?;
    Ok(End::done())
}

/// Writes texts into a folder, by the names of their files.
///
/// # Errors
///
/// When the folder or a file in it cannot be written.
pub fn write_folder<'p>(folder: &Path, texts: impl IntoIterator<Item = (&'p String, &'p String)>) -> anyhow::Result<()> {
    fs::create_dir_all(folder).with_context(|| format!("cannot write {}", folder.display()))?;
    for (name, text) in texts {
        let ((), written) = Sink::open(&folder.join(name))?.write(|out| out.write_all(text.as_bytes()))?;
        written.appear()?;
    }
    Ok(())
}

/// A value as indented JSON with a line break behind it.
pub fn pretty(value: &impl serde::Serialize) -> String {
    serde_json::to_string_pretty(value).map(|text| text + "\n").unwrap_or_default()
}

fn buffered<T>(to: &mut dyn Write, f: impl FnOnce(&mut dyn Write) -> io::Result<T>) -> io::Result<T> {
    let mut buffer = BufWriter::with_capacity(1 << 16, to);
    let value = f(&mut buffer)?;
    buffer.flush()?;
    Ok(value)
}

/// A temporary file beside another, with the permissions that a new file would get.
///
/// # Errors
///
/// When none can be made in its folder.
pub fn temporary_beside(path: &Path) -> anyhow::Result<NamedTempFile> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut builder = tempfile::Builder::new();
    builder.prefix(".dbmoat-");
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    builder.tempfile_in(folder).map_err(|error| plain(&error)).with_context(|| format!("cannot write {}", path.display()))
}
