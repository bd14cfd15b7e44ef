//! The inventory files that the command line names, by themselves or by patterns that the shell has
//! left alone.

use std::path::{Path, PathBuf};

use anyhow::{Context, anyhow};

use super::Failure;

/// The files, each once: those of a pattern by name, where it stands.
///
/// # Errors
///
/// When a pattern is none, or matches no file.
pub fn named(arguments: &[PathBuf]) -> Result<Vec<PathBuf>, Failure> {
    let mut files = Vec::new();
    for argument in arguments {
        let found = if is_pattern(argument) { matches(argument).map_err(Failure::usage)? } else { vec![argument.clone()] };
        for file in found {
            if !files.contains(&file) {
                files.push(file);
            }
        }
    }
    Ok(files)
}

/// A file may be called like a pattern.
fn is_pattern(argument: &Path) -> bool {
    argument.to_string_lossy().contains(['*', '?', '[']) && !argument.exists()
}

fn matches(pattern: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let text = pattern.to_str().ok_or_else(|| anyhow!("{} is not UTF-8", pattern.display()))?;
    let paths: Vec<_> = glob::glob(text).with_context(|| format!("--inventory {text}"))?.collect::<Result<_, _>>()?;
    let files: Vec<_> = paths.into_iter().filter(|path| !path.is_dir()).collect();
    if files.is_empty() { Err(anyhow!("--inventory {text} matches no file")) } else { Ok(files) }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a pattern in a folder with some files finds, by name.
    fn found(patterns: &[&str]) -> Result<Vec<String>, String> {
        let folder = tempfile::tempdir().unwrap();
        for name in ["b.jsonl", "a.jsonl", "c.jsonl.zst", "[x].jsonl"] {
            std::fs::write(folder.path().join(name), "").unwrap();
        }
        std::fs::create_dir(folder.path().join("folder.jsonl")).unwrap();
        let arguments: Vec<_> = patterns.iter().map(|pattern| folder.path().join(pattern)).collect();
        let name = |file: PathBuf| file.strip_prefix(folder.path()).unwrap().display().to_string();
        named(&arguments).map(|files| files.into_iter().map(name).collect()).map_err(|failure| failure.error.to_string())
    }

    #[test]
    fn a_pattern_finds_files_by_name_and_each_once() {
        assert_eq!(found(&["*.jsonl*"]).unwrap(), ["[x].jsonl", "a.jsonl", "b.jsonl", "c.jsonl.zst"]);
        assert_eq!(found(&["b.jsonl", "?.jsonl", "[ab].jsonl"]).unwrap(), ["b.jsonl", "a.jsonl"]);
        assert_eq!(found(&["[x].jsonl"]).unwrap(), ["[x].jsonl"]);
    }

    #[test]
    fn what_matches_nothing_is_an_error_and_a_name_is_left_to_whoever_opens_it() {
        assert!(found(&["*.json"]).unwrap_err().ends_with("/*.json matches no file"));
        assert!(found(&["a.jsonl", "***"]).is_err());
        assert_eq!(found(&["gone.jsonl"]).unwrap(), ["gone.jsonl"]);
        assert_eq!(named(&["-".into()]).unwrap(), [PathBuf::from("-")]);
    }
}
