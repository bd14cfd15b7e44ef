//! `dbmoat.toml`.

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::{Path, PathBuf};

use clap::{Arg, Command, ValueHint};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::settings::{self, PARAMS};
use crate::suggest;

/// The name of the file.
pub const NAME: &str = "dbmoat.toml";

/// A file that has been read.
#[derive(Debug)]
pub struct File {
    pub path: PathBuf,
    entries: BTreeMap<String, Entry>,
}

/// A key's values, as the command line would have them.
#[derive(Debug)]
pub struct Entry {
    pub texts: Vec<String>,
    pub line: usize,
}

/// The file in the folder or the nearest one above it.
pub fn nearest(folder: &Path) -> Option<PathBuf> {
    folder.ancestors().map(|folder| folder.join(NAME)).find(|file| file.is_file())
}

impl File {
    /// Reads the text of a file, for the options of the command line.
    ///
    /// # Errors
    ///
    /// When it is not TOML, has a key that no option has, or a value that the option does not take.
    pub fn parse(path: &Path, text: &str, root: &Command) -> anyhow::Result<Self> {
        let reader = Reader { path, text };
        let table = DeTable::parse(text).map_err(|error| reader.at(error.span().unwrap_or_default(), error.message()))?.into_inner();
        let mut entries = BTreeMap::new();
        for (key, value) in table {
            let name = key.get_ref().to_string();
            let Some(arg) = settings::all(root).find(|arg| settings::name(arg) == name && name != "param") else {
                let names = settings::all(root).map(settings::name).filter(|name| *name != "param");
                let nearest = suggest::nearest(&name, names);
                return Err(reader.at(key.span(), &format!("unknown key {name:?}{nearest}")));
            };
            let texts = reader.texts(arg, &value)?;
            settings::check(arg, &texts).map_err(|reason| reader.at(value.span(), &format!("{name}: {reason}")))?;
            entries.insert(name, Entry { texts, line: reader.line(key.span()) });
        }
        Ok(Self { path: path.to_owned(), entries })
    }

    /// The values of a key.
    pub fn get(&self, name: &str) -> Option<&Entry> {
        self.entries.get(name)
    }
}

/// A text with its place, for errors and for the paths in it.
struct Reader<'t> {
    path: &'t Path,
    text: &'t str,
}

impl Reader<'_> {
    fn line(&self, span: Range<usize>) -> usize {
        self.text.get(..span.start).map_or(1, |before| before.matches('\n').count() + 1)
    }

    fn at(&self, span: Range<usize>, reason: &str) -> anyhow::Error {
        anyhow::anyhow!("{}:{}: {reason}", self.path.display(), self.line(span))
    }

    /// A value as the texts that the option takes.
    fn texts(&self, arg: &Arg, value: &Spanned<DeValue<'_>>) -> anyhow::Result<Vec<String>> {
        let texts = match value.get_ref() {
            DeValue::Table(rules) if settings::name(arg) == PARAMS => self.params(rules)?,
            _ if settings::name(arg) == PARAMS => return Err(self.at(value.span(), "params is a table: [params] RULE.NAME = VALUE")),
            DeValue::Array(values) if settings::is_list(arg) => values.iter().map(|value| self.text(value)).collect::<Result<_, _>>()?,
            _ => vec![self.text(value)?],
        };
        Ok(match arg.get_value_hint() {
            ValueHint::Unknown => texts,
            hint => texts.iter().map(|text| self.beside(hint, text)).collect(),
        })
    }

    /// The parameters of rules as `RULE.NAME=VALUE`.
    fn params(&self, rules: &DeTable<'_>) -> anyhow::Result<Vec<String>> {
        let mut texts = Vec::new();
        for (rule, params) in rules {
            let DeValue::Table(params) = params.get_ref() else {
                return Err(self.at(params.span(), &format!("write {}.NAME = VALUE", rule.get_ref())));
            };
            for (name, value) in params {
                let value = match value.get_ref() {
                    DeValue::Array(items) => items.iter().map(|item| self.text(item)).collect::<Result<Vec<_>, _>>()?.join(","),
                    _ => self.text(value)?,
                };
                texts.push(format!("{}.{}={value}", rule.get_ref(), name.get_ref()));
            }
        }
        Ok(texts)
    }

    fn text(&self, value: &Spanned<DeValue<'_>>) -> anyhow::Result<String> {
        match value.get_ref() {
            DeValue::String(text) => Ok(text.to_string()),
            DeValue::Integer(number) => Ok(number.to_string()),
            DeValue::Float(number) => Ok(number.to_string()),
            DeValue::Boolean(value) => Ok(value.to_string()),
            DeValue::Datetime(_) | DeValue::Array(_) | DeValue::Table(_) => Err(self.at(value.span(), "a text, a number, true or false is wanted")),
        }
    }

    /// A path, which is meant from the folder of the file. The hint `FilePath` marks `FORMAT=FILE`.
    fn beside(&self, hint: ValueHint, text: &str) -> String {
        let start = if hint == ValueHint::FilePath { text.find('=').map_or(text.len(), |end| end + 1) } else { 0 };
        let (before, path) = text.split_at(start);
        if path.is_empty() || path == "-" {
            return text.to_owned();
        }
        let folder = self.path.parent().unwrap_or(Path::new(""));
        format!("{before}{}", folder.join(path).display())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::built;

    fn texts(file: &str, key: &str) -> Vec<String> {
        File::parse(Path::new("/etc/dbmoat.toml"), file, &built()).unwrap().get(key).unwrap().texts.clone()
    }

    fn error(file: &str) -> String {
        File::parse(Path::new("dbmoat.toml"), file, &built()).unwrap_err().to_string()
    }

    #[test]
    fn values_are_what_the_command_line_would_have() {
        assert_eq!(texts("fail-on = \"medium\"", "fail-on"), ["medium"]);
        assert_eq!(texts("region = \"eu-west-1\"", "region"), ["eu-west-1"]);
        assert_eq!(texts("region = [\"eu-west-1\", \"us-east-1\"]", "region"), ["eu-west-1", "us-east-1"]);
        assert_eq!(texts("exit-zero = true", "exit-zero"), ["true"]);
        let params = "[params]\n\"a-b\".min_days = 30\nc.list = [\"x\", \"y\"]";
        assert_eq!(texts(params, "params"), ["a-b.min_days=30", "c.list=x,y"]);
    }

    #[test]
    fn paths_are_meant_from_the_folder_of_the_file() {
        assert_eq!(texts("rules = \"policies\"", "rules"), ["/etc/policies"]);
        assert_eq!(texts("rules = \"/a=b\"", "rules"), ["/a=b"]);
        assert_eq!(texts("output = [\"table\", \"json=r.json\", \"csv=-\"]", "output"), ["table", "json=/etc/r.json", "csv=-"]);
    }

    #[test]
    fn what_is_wrong_is_said_with_its_line() {
        assert_eq!(error("quiet = true\nfial-on = \"low\""), "dbmoat.toml:2: unknown key \"fial-on\"; did you mean \"fail-on\"?");
        assert!(error("\nfail-on = \"hgh\"").starts_with("dbmoat.toml:2: fail-on: invalid value 'hgh' for '--fail-on <SEVERITY>'"));
        assert_eq!(error("quiet = \"yes\""), "dbmoat.toml:1: quiet: true or false is wanted");
        assert_eq!(error("fail-on = [\"low\"]"), "dbmoat.toml:1: a text, a number, true or false is wanted");
        assert!(error("param = [\"a.b=1\"]").contains("did you mean \"params\"?"));
        assert!(error("quiet = ").starts_with("dbmoat.toml:1: "));
        assert_eq!(error("[params]\na-b = 1"), "dbmoat.toml:2: write a-b.NAME = VALUE");
    }
}
