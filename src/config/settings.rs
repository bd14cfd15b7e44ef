//! What can be set: the options of `scan`.

use std::any::TypeId;

use clap::{Arg, ArgAction, Command};

/// The hidden option that the table `[params]` of the file fills; on the command line it is `--param`.
pub const PARAMS: &str = "params";
/// Options about the file itself, and what takes no value from it.
const LEFT_OUT: [&str; 4] = ["config", "no-config", "help", "version"];

/// The options of `scan` by name, in the order of its help.
pub fn all(root: &Command) -> impl Iterator<Item = &Arg> {
    root.find_subcommand("scan").into_iter().flat_map(Command::get_arguments).filter(|arg| !LEFT_OUT.contains(&name(arg)))
}

/// The name of an option: the key in the file.
pub fn name(arg: &Arg) -> &str {
    arg.get_long().unwrap_or_default()
}

/// The environment variable of an option.
pub fn variable(arg: &Arg) -> String {
    format!("DBMOAT_{}", name(arg).replace('-', "_").to_uppercase())
}

/// Whether an option of another command is the same as the setting.
pub fn is_same(arg: &Arg, setting: &Arg) -> bool {
    name(arg) == name(setting)
        && arg.get_value_parser().type_id() == setting.get_value_parser().type_id()
        && is_list(arg) == is_list(setting)
        && is_flag(arg) == is_flag(setting)
}

/// Whether the option is on or off.
pub fn is_flag(arg: &Arg) -> bool {
    matches!(arg.get_action(), ArgAction::SetTrue)
}

/// Whether the option takes several values.
pub fn is_list(arg: &Arg) -> bool {
    matches!(arg.get_action(), ArgAction::Append)
}

/// Whether the option takes a number.
pub fn is_number(arg: &Arg) -> bool {
    let types = [TypeId::of::<u16>(), TypeId::of::<u32>(), TypeId::of::<u64>(), TypeId::of::<usize>(), TypeId::of::<f64>()];
    let parser = arg.get_value_parser().type_id();
    types.iter().any(|number| parser == *number)
}

/// Checks texts by the option's own parser; the error is what the command line would say.
pub fn check(arg: &Arg, texts: &[String]) -> Result<(), String> {
    if is_flag(arg) {
        return match texts {
            [text] if text == "true" || text == "false" => Ok(()),
            _ => Err("true or false is wanted".to_owned()),
        };
    }
    let mut probe = Arg::new("value").long(name(arg).to_owned()).action(ArgAction::Append).value_parser(arg.get_value_parser().clone());
    probe = probe.value_delimiter(arg.get_value_delimiter()).value_names(arg.get_value_names().unwrap_or_default().to_vec());
    let arguments = texts.iter().map(|text| format!("--{}={text}", name(arg)));
    let parsed = Command::new("dbmoat").no_binary_name(true).arg(probe).try_get_matches_from(arguments);
    parsed.map(drop).map_err(|error| one_line(&error))
}

/// What is wrong and what would be right, without the hint at `--help`.
fn one_line(error: &clap::Error) -> String {
    let text = error.render().to_string();
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with("For more information"));
    lines.collect::<Vec<_>>().join("; ").trim_start_matches("error: ").to_owned()
}
