//! Wildcards and variables.

use crate::facts::policy::pattern::matches_in;
use crate::facts::policy::{Answer, Case, Context, filled, matches};

#[test]
fn a_star_is_any_text_and_a_question_mark_one_character() {
    for (pattern, text) in
        [("*", ""), ("*", "s3:GetObject"), ("s3:Get*", "s3:Get"), ("a?c", "abc"), ("*a*b", "aab"), ("a**", "a"), ("*?", "é"), ("", "")]
    {
        assert!(matches(pattern, text, Case::Matters), "{pattern} {text}");
    }
    for (pattern, text) in [("s3:Get*", "s3:Put"), ("a?c", "ac"), ("?", ""), ("*a", "ab"), ("", "a"), ("a", ""), ("a*b*c", "acb")] {
        assert!(!matches(pattern, text, Case::Matters), "{pattern} {text}");
    }
}

#[test]
fn case_is_ignored_where_iam_ignores_it() {
    assert!(matches("DynamoDB:get*", "dynamodb:GetItem", Case::Ignored));
    assert!(!matches("arn:aws:rds:*:*:db:Orders", "arn:aws:rds:us-east-1:111122223333:db:orders", Case::Matters));
}

/// The definition, as slow as it is plain.
fn slowly(pattern: &[char], text: &[char]) -> bool {
    match pattern.split_first() {
        None => text.is_empty(),
        Some(('*', rest)) => (0..=text.len()).any(|taken| slowly(rest, &text[taken..])),
        Some(('?', rest)) => text.split_first().is_some_and(|(_, text)| slowly(rest, text)),
        Some((letter, rest)) => text.split_first().is_some_and(|(first, text)| first == letter && slowly(rest, text)),
    }
}

/// Numbers without end, the same in every run (Knuth's MMIX generator).
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % end
    }

    /// A text of few letters, so that patterns match often.
    fn text(&mut self, letters: &[char], most: u64) -> String {
        (0..self.below(most + 1)).map(|_| letters[usize::try_from(self.below(letters.len() as u64)).unwrap()]).collect()
    }
}

#[test]
fn the_matcher_agrees_with_the_definition() {
    let mut numbers = Numbers(42);
    let mut matching = 0;
    for _ in 0..20_000 {
        let (pattern, text) = (numbers.text(&['a', 'b', ':', '*', '?'], 8), numbers.text(&['a', 'b', ':'], 8));
        let (pattern_letters, text_letters): (Vec<_>, Vec<_>) = (pattern.chars().collect(), text.chars().collect());
        let expected = slowly(&pattern_letters, &text_letters);
        assert_eq!(matches(&pattern, &text, Case::Matters), expected, "{pattern:?} {text:?}");
        matching += u32::from(expected);
    }
    assert!((1_000..19_000).contains(&matching), "{matching} of 20,000 match: the texts prove little");
}

#[test]
fn variables_stand_for_what_the_request_has() {
    let context = Context::default().with("aws:username", "ann*").without("aws:PrincipalTag/*");
    let in_context = |pattern: &str, text: &str| matches_in(pattern, text, &context);
    assert_eq!(in_context("home/${aws:UserName}/*", "home/ann*/x"), Answer::Yes);
    // A wildcard in a value is a letter.
    assert_eq!(in_context("home/${aws:username}", "home/anna"), Answer::No);
    assert_eq!(in_context("home/${aws:PrincipalTag/team}", "home/"), Answer::No);
    assert_eq!(in_context("home/${aws:PrincipalTag/team, 'all'}", "home/all"), Answer::Yes);
    assert_eq!(in_context("home/${aws:userid}", "home/x"), Answer::maybe("aws:userid"));
    assert_eq!(in_context("home/${aws:userid}", "work/x"), Answer::No);
    assert_eq!(in_context("${*}${?}${$}", "*?$"), Answer::Yes);
    assert_eq!(in_context("${*}", "x"), Answer::No);
    assert_eq!(filled("dbuser:*/${aws:username}", "~", &context), "dbuser:~/ann*");
    // One letter for a wildcard of one: the pattern matches what it was filled to.
    assert_eq!(filled("app-??*", "~any", &context), "app-~~~any");
}
