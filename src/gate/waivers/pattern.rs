//! Patterns of waivers. Only `*` and `?` are wildcards, so that an ARN with brackets is what it is,
//! and an ARN copied from a report always matches itself.

use crate::facts::policy::pattern::{Case, Token, matches_tokens};

/// A text in which `*` stands for any text, `?` for one character, `\*` and `\?` for themselves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pattern(Vec<Token>);

impl Pattern {
    /// Reads the text.
    pub fn new(text: &str) -> Self {
        let mut tokens = Vec::new();
        let mut letters = text.chars().peekable();
        while let Some(letter) = letters.next() {
            let literal = letters.next_if(|next| letter == '\\' && matches!(next, '*' | '?'));
            tokens.push(literal.map_or_else(|| Token::of(letter), Token::Letter));
        }
        Self(tokens)
    }

    /// Whether it matches the whole text.
    pub fn matches(&self, text: &str) -> bool {
        matches_tokens(self.0.iter().copied(), text, Case::Matters)
    }
}
