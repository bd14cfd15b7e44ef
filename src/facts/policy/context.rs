//! What is known of a request when nobody asks yet.

use std::collections::BTreeMap;

use super::pattern::{Case, matches};

/// The condition keys of a request, by what is known of them. What is not said is unknown.
#[derive(Debug, Clone, Default)]
pub struct Context {
    values: BTreeMap<String, Vec<String>>,
    /// Patterns of keys that the request has not.
    absent: Vec<String>,
    /// What stands in for a variable whose value is unknown.
    stand_in: Option<Vec<String>>,
}

/// What is known of a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Value<'a> {
    Known(&'a [String]),
    Absent,
    Unknown,
}

impl Context {
    /// The key has this value.
    pub fn with(self, key: &str, value: impl Into<String>) -> Self {
        self.with_all(key, [value.into()])
    }

    /// The key has these values.
    pub fn with_all(mut self, key: &str, values: impl IntoIterator<Item = String>) -> Self {
        self.values.insert(key.to_ascii_lowercase(), values.into_iter().collect());
        self
    }

    /// The request has none of the keys that the pattern stands for.
    pub fn without(mut self, keys: &str) -> Self {
        self.absent.push(keys.to_ascii_lowercase());
        self
    }

    /// A variable whose value is unknown stands for this text: one that is like no other.
    pub fn standing_in(mut self, text: impl Into<String>) -> Self {
        self.stand_in = Some(vec![text.into()]);
        self
    }

    /// What is known of a condition key, whatever its case.
    pub fn value(&self, key: &str) -> Value<'_> {
        let key = key.to_ascii_lowercase();
        match self.values.get(&key) {
            Some(values) => Value::Known(values),
            None if self.absent.iter().any(|pattern| matches(pattern, &key, Case::Ignored)) => Value::Absent,
            None => Value::Unknown,
        }
    }

    /// What is known of the key that a variable names.
    pub fn variable(&self, key: &str) -> Value<'_> {
        match (self.value(key), &self.stand_in) {
            (Value::Unknown, Some(text)) => Value::Known(text),
            (value, _) => value,
        }
    }
}
