//! The resource patterns of an account's policies, found by what a resource begins with.

use std::collections::{BTreeSet, HashMap};

use crate::facts::policy::{Case, matches};

/// Patterns by number, each once.
#[derive(Debug, Default)]
pub struct Patterns {
    texts: Vec<String>,
    numbers: HashMap<String, u32>,
    by_start: ByStart,
    /// By what is before their last slash, for resources that are within another.
    by_head: ByStart,
}

/// Patterns, variables replaced by wildcards, by the letters before their first wildcard.
#[derive(Debug, Default)]
struct ByStart {
    patterns: HashMap<String, Vec<(String, u32)>>,
    lengths: BTreeSet<usize>,
}

impl Patterns {
    /// The number of a pattern.
    pub fn number(&mut self, pattern: &str) -> u32 {
        if let Some(number) = self.numbers.get(pattern) {
            return *number;
        }
        let number = u32::try_from(self.texts.len()).unwrap_or(u32::MAX);
        self.texts.push(pattern.to_owned());
        self.numbers.insert(pattern.to_owned(), number);
        let loose = without_variables(pattern);
        if let Some((head, _)) = loose.rsplit_once('/') {
            self.by_head.insert(head, number);
        }
        self.by_start.insert(&loose, number);
        number
    }

    /// The pattern of a number.
    pub fn text(&self, number: u32) -> &str {
        &self.texts[number as usize]
    }

    /// The patterns that match a resource, whatever their variables stand for.
    pub fn of(&self, resource: &str) -> BTreeSet<u32> {
        self.by_start.matching(resource).collect()
    }

    /// The patterns of things within what ends before a slash.
    pub fn within(&self, whole: &str) -> impl Iterator<Item = u32> {
        self.by_head.matching(whole)
    }
}

impl ByStart {
    fn insert(&mut self, pattern: &str, number: u32) {
        let start = pattern.split(['*', '?']).next().unwrap_or_default();
        self.lengths.insert(start.len());
        self.patterns.entry(start.to_owned()).or_default().push((pattern.to_owned(), number));
    }

    fn matching(&self, text: &str) -> impl Iterator<Item = u32> {
        let starts = self.lengths.iter().filter_map(|length| self.patterns.get(text.get(..*length)?));
        starts.flatten().filter(|(pattern, _)| matches(pattern, text, Case::Matters)).map(|(_, number)| *number)
    }
}

fn without_variables(pattern: &str) -> String {
    let mut loose = String::new();
    let mut rest = pattern;
    while let Some((before, after)) = rest.split_once("${") {
        let Some((_, behind)) = after.split_once('}') else { break };
        loose.push_str(before);
        loose.push('*');
        rest = behind;
    }
    loose + rest
}

#[cfg(test)]
mod tests {
    use super::Patterns;
    use crate::facts::policy::{Case, matches};

    #[test]
    fn the_index_agrees_with_a_look_at_each_pattern() {
        let texts =
            ["*", "arn:*", "arn:aws:rds:*:*:db:orders", "arn:aws:rds:us-east-1:1:db:orders", "arn:aws:rds:us-east-1:1:db:o?ders-*", "a", "", "?"];
        let mut patterns = Patterns::default();
        let numbers: Vec<_> = texts.iter().map(|text| patterns.number(text)).collect();
        assert_eq!(numbers, texts.iter().map(|text| patterns.number(text)).collect::<Vec<_>>(), "each once");
        for resource in ["arn:aws:rds:us-east-1:1:db:orders", "arn:aws:rds:us-east-1:1:db:orders-2", "a", "ä", ""] {
            let found: Vec<_> = patterns.of(resource).into_iter().map(|number| patterns.text(number)).collect();
            let expected: Vec<_> = texts.into_iter().filter(|text| matches(text, resource, Case::Matters)).collect();
            assert_eq!(found, expected, "{resource}");
        }
    }

    #[test]
    fn a_variable_may_stand_for_anything() {
        let mut patterns = Patterns::default();
        let number = patterns.number("arn:aws:dynamodb:*:*:table/${aws:username}-*");
        assert!(patterns.of("arn:aws:dynamodb:us-east-1:1:table/ann-orders").contains(&number));
        assert!(!patterns.of("arn:aws:dynamodb:us-east-1:1:table/ann").contains(&number));
    }
}
