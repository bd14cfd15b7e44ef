//! What the access string of a Valkey or Redis user allows: its rules, applied in their order.
//!
//! <https://valkey.io/topics/acl/>

use std::collections::BTreeSet;

/// The permissions that an access string ends with.
#[derive(Debug, Clone, Default)]
pub struct AccessString {
    /// Whether the user may log in; a string that says neither `on` nor `off` means off.
    pub enabled: bool,
    root: Permissions,
    selectors: Vec<Permissions>,
}

/// What the rules outside parentheses allow, or those of one selector.
#[derive(Debug, Clone, Default)]
struct Permissions {
    all_keys: bool,
    all_commands: bool,
    /// Commands and categories that were taken away from all.
    without: BTreeSet<String>,
}

impl AccessString {
    /// Applies the rules of a string.
    pub fn parse(text: &str) -> Self {
        let mut access = Self::default();
        let mut selector: Option<Permissions> = None;
        for token in text.split_whitespace() {
            if selector.is_none() && token.starts_with('(') {
                selector = Some(Permissions::default());
            }
            match &mut selector {
                Some(permissions) => permissions.apply(token.trim_start_matches('(').trim_end_matches(')')),
                None => access.apply(token),
            }
            if token.ends_with(')') {
                access.selectors.extend(selector.take());
            }
        }
        access
    }

    /// Whether it allows all commands on all keys.
    pub fn is_unrestricted(&self) -> bool {
        std::iter::once(&self.root).chain(&self.selectors).any(Permissions::are_all)
    }

    fn apply(&mut self, rule: &str) {
        match rule.to_ascii_lowercase().as_str() {
            "on" => self.enabled = true,
            "off" => self.enabled = false,
            "clearselectors" => self.selectors.clear(),
            "reset" => *self = Self::default(),
            _ => self.root.apply(rule),
        }
    }
}

impl Permissions {
    fn are_all(&self) -> bool {
        self.all_keys && self.all_commands && self.without.is_empty()
    }

    fn apply(&mut self, rule: &str) {
        let rule = rule.to_ascii_lowercase();
        match rule.as_str() {
            "allkeys" => self.all_keys = true,
            "resetkeys" => self.all_keys = false,
            "allcommands" | "+@all" => self.set_all_commands(true),
            "nocommands" | "-@all" => self.set_all_commands(false),
            _ => {
                let pattern = ["~", "%rw~", "%wr~"].iter().find_map(|prefix| rule.strip_prefix(prefix));
                if let Some(pattern) = pattern {
                    self.all_keys |= !pattern.is_empty() && pattern.chars().all(|character| character == '*');
                } else if let Some(command) = rule.strip_prefix('-') {
                    self.without.insert(command.to_owned());
                } else if let Some(command) = rule.strip_prefix('+') {
                    self.without.remove(command);
                }
            }
        }
    }

    fn set_all_commands(&mut self, all: bool) {
        self.all_commands = all;
        self.without.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::AccessString;

    #[test]
    fn all_keys_and_all_commands_by_whatever_name_are_no_restriction() {
        for text in [
            "on ~* &* +@all",
            "on ~* +@all",
            "on allkeys allchannels allcommands",
            "ON ~app:* ~** +@ALL",
            "on %RW~* +@all",
            "on +@all ~*",
            "on resetkeys ~* -@all +@all",
            "on ~* +@all -@dangerous +@dangerous",
            "on ~app:* +@read (~* &* +@all)",
            "on ~app:* +get (%R~other:* +@read) (+@all ~*)",
        ] {
            assert!(AccessString::parse(text).is_unrestricted(), "{text}");
        }
    }

    #[test]
    fn fewer_keys_or_commands_are_a_restriction() {
        for text in [
            "on ~app:* &* +@all",
            "on ~* +@read",
            "on ~* +@all -@dangerous",
            "on ~* +@all -flushall",
            "on ~* +@all -@all +@read",
            "on ~* +@all resetkeys ~app:*",
            "on %R~* +@all",
            "on +@all",
            "on ~* +@read (~app:* +@all)",
            "on ~app:* +@read (~* +@all) clearselectors",
            "",
        ] {
            assert!(!AccessString::parse(text).is_unrestricted(), "{text}");
        }
    }

    #[test]
    fn the_last_of_on_and_off_counts_and_neither_means_off() {
        for (text, enabled) in [("on ~* +@all", true), ("off ~* +@all", false), ("~* +@all", false), ("off on", true), ("on off", false)] {
            assert_eq!(AccessString::parse(text).enabled, enabled, "{text}");
        }
    }
}
