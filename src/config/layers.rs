//! Which of several sources counts.

use clap::{Arg, Command};

use super::file::File;
use super::settings::{self, PARAMS};

/// Where a value comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    Environment(String),
    /// The line of the file.
    File(usize),
}

/// What an option is set to beneath the command line.
#[derive(Debug)]
pub struct Value {
    /// The option's name.
    pub name: String,
    /// What clap calls it.
    pub id: String,
    /// Whether it is an option of every command.
    pub global: bool,
    pub texts: Vec<String>,
    pub origin: Origin,
}

/// What a source sets an option to.
type Layer<'a> = dyn Fn(&Arg) -> anyhow::Result<Option<Value>> + 'a;

/// The values of a command's options that the command line does not give.
///
/// # Errors
///
/// When a variable has a value that its option does not take, or one source sets two options that
/// exclude each other.
pub fn resolve(
    leaf: &Command,
    is_explicit: impl Fn(&str) -> bool,
    variable: &dyn Fn(&str) -> Option<String>,
    file: Option<&File>,
) -> anyhow::Result<Vec<Value>> {
    let root = super::built();
    let shared: Vec<&Arg> = leaf.get_arguments().filter(|arg| settings::all(&root).any(|setting| settings::is_same(arg, setting))).collect();
    let mut given: Vec<&Arg> = leaf.get_arguments().filter(|arg| is_explicit(arg.get_id().as_str())).collect();
    let mut values: Vec<Value> = Vec::new();
    let layers: [&Layer<'_>; 2] = [&|arg| from_environment(arg, variable), &|arg| Ok(file.and_then(|file| from_file(arg, file)))];
    for layer in layers {
        let mut found = Vec::new();
        for arg in &shared {
            let is_set = given.contains(arg) || values.iter().any(|value| value.id == arg.get_id().as_str());
            if is_set || given.iter().any(|other| conflict(leaf, arg, other)) {
                continue;
            }
            if let Some(value) = layer(arg)? {
                found.push((*arg, value));
            }
        }
        let on: Vec<&Arg> = found.iter().filter(|(_, value)| value.texts != ["false"]).map(|(arg, _)| *arg).collect();
        for (position, arg) in on.iter().enumerate() {
            if let Some(other) = on[position + 1..].iter().find(|other| conflict(leaf, arg, other)) {
                anyhow::bail!(
                    "{} and {} exclude each other; the environment or the configuration sets both",
                    settings::name(arg),
                    settings::name(other)
                );
            }
        }
        given.extend(on);
        values.extend(found.into_iter().map(|(_, value)| value));
    }
    Ok(values)
}

fn conflict(command: &Command, a: &Arg, b: &Arg) -> bool {
    let excludes = |a: &Arg, b: &Arg| command.get_arg_conflicts_with(a).iter().any(|other| other.get_id() == b.get_id());
    excludes(a, b) || excludes(b, a)
}

fn from_environment(arg: &Arg, variable: &dyn Fn(&str) -> Option<String>) -> anyhow::Result<Option<Value>> {
    let name = settings::variable(arg);
    let Some(text) = variable(&name).filter(|text| !text.trim().is_empty() && settings::name(arg) != PARAMS) else { return Ok(None) };
    let texts: Vec<_> = if settings::is_list(arg) {
        text.lines().map(str::trim).filter(|line| !line.is_empty()).map(ToOwned::to_owned).collect()
    } else if settings::is_flag(arg) {
        vec![switch(&text).to_owned()]
    } else {
        vec![text]
    };
    settings::check(arg, &texts).map_err(|reason| anyhow::anyhow!("{name}: {reason}"))?;
    Ok(Some(value(arg, texts, Origin::Environment(name))))
}

/// On and off as variables have them.
fn switch(text: &str) -> &str {
    match text {
        "1" | "yes" | "on" => "true",
        "0" | "no" | "off" => "false",
        text => text,
    }
}

fn from_file(arg: &Arg, file: &File) -> Option<Value> {
    let entry = file.get(settings::name(arg)).filter(|entry| !entry.texts.is_empty())?;
    Some(value(arg, entry.texts.clone(), Origin::File(entry.line)))
}

fn value(arg: &Arg, texts: Vec<String>, origin: Origin) -> Value {
    let (name, id) = (settings::name(arg).to_owned(), arg.get_id().to_string());
    Value { name, id, global: arg.is_global_set(), texts, origin }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::config::built;

    /// The values of `scan`, with some options on the command line, some variables and a file.
    fn resolved(explicit: &[&str], variables: &[(&str, &str)], file: &str) -> anyhow::Result<Vec<(String, Vec<String>)>> {
        let root = built();
        let file = File::parse(Path::new("dbmoat.toml"), file, &root)?;
        let variable = |name: &str| variables.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned());
        let values = resolve(root.find_subcommand("scan").unwrap(), |id| explicit.contains(&id), &variable, Some(&file))?;
        Ok(values.into_iter().map(|value| (value.name, value.texts)).collect())
    }

    fn one(name: &str, text: &str) -> Vec<(String, Vec<String>)> {
        vec![(name.to_owned(), vec![text.to_owned()])]
    }

    #[test]
    fn a_flag_goes_before_a_variable_and_that_before_the_file() {
        let file = "fail-on = \"low\"";
        assert_eq!(resolved(&[], &[], file).unwrap(), one("fail-on", "low"));
        assert_eq!(resolved(&[], &[("DBMOAT_FAIL_ON", "medium")], file).unwrap(), one("fail-on", "medium"));
        assert_eq!(resolved(&["fail_on"], &[("DBMOAT_FAIL_ON", "medium")], file).unwrap(), []);
        assert_eq!(resolved(&[], &[("DBMOAT_FAIL_ON", "")], file).unwrap(), one("fail-on", "low"), "an empty variable sets nothing");
    }

    #[test]
    fn what_goes_before_takes_out_what_it_conflicts_with() {
        assert_eq!(resolved(&["demo"], &[], "profile = \"audit\"").unwrap(), []);
        assert_eq!(resolved(&["inventory"], &[], "demo = true").unwrap(), []);
        assert_eq!(resolved(&[], &[("DBMOAT_VERBOSE", "1")], "quiet = true").unwrap(), one("verbose", "true"));
        assert_eq!(resolved(&[], &[("DBMOAT_QUIET", "false")], "quiet = true").unwrap(), one("quiet", "false"));
        assert!(resolved(&[], &[], "quiet = true\nverbose = true").unwrap_err().to_string().contains("exclude each other"));
    }

    #[test]
    fn a_variable_of_a_list_has_a_value_a_line() {
        let lines = [("DBMOAT_OUTPUT", "table\njson=report.json\n")];
        assert_eq!(resolved(&[], &lines, "").unwrap()[0].1, ["table", "json=report.json"]);
        let wrong = resolved(&[], &[("DBMOAT_FAIL_ON", "hgh")], "").unwrap_err().to_string();
        assert!(wrong.starts_with("DBMOAT_FAIL_ON: invalid value 'hgh' for '--fail-on <SEVERITY>'"), "{wrong}");
    }
}
