//! Wildcards and variables: `*` is any text, `?` any one character, `${…}` what a key of the request
//! holds.

use super::Answer;
use super::context::{Context, Value};

/// How letters compare. IAM ignores the case of actions and of condition keys, and of nothing else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Case {
    Matters,
    Ignored,
}

/// Whether a pattern without variables matches the whole text.
pub fn matches(pattern: &str, text: &str, case: Case) -> bool {
    matches_tokens(pattern.chars().map(Token::of), text, case)
}

/// Whether a pattern, in which variables may stand, matches the whole text in the request.
pub fn matches_in(pattern: &str, text: &str, context: &Context) -> Answer {
    if !pattern.contains("${") {
        return matches(pattern, text, Case::Matters).into();
    }
    match resolve(pattern, context) {
        Resolved::Known(tokens) => matches_tokens(tokens.iter().copied(), text, Case::Matters).into(),
        Resolved::Unknown(tokens, key) if matches_tokens(tokens.iter().copied(), text, Case::Matters) => Answer::maybe(key),
        Resolved::Absent | Resolved::Unknown(..) => Answer::No,
    }
}

/// What a pattern with variables stands for in a request.
#[derive(Debug, PartialEq, Eq)]
pub enum Resolved {
    Known(Vec<Token>),
    /// A variable has no value, so nothing matches.
    Absent,
    /// The value of a key is known only when somebody asks: any text may stand in its place.
    Unknown(Vec<Token>, String),
}

/// A part of a pattern.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Token {
    Letter(char),
    One,
    Many,
}

impl Token {
    pub fn of(letter: char) -> Self {
        match letter {
            '*' => Self::Many,
            '?' => Self::One,
            letter => Self::Letter(letter),
        }
    }

    /// The character that a policy writes.
    pub fn letter(self) -> char {
        match self {
            Self::Letter(letter) => letter,
            Self::One => '?',
            Self::Many => '*',
        }
    }
}

/// Whether tokens match the whole text. On a mismatch the last `*` takes one character more; the
/// stars before it need not be tried again.
pub fn matches_tokens(pattern: impl Iterator<Item = Token> + Clone, text: &str, case: Case) -> bool {
    let same = |a: char, b: char| a == b || (case == Case::Ignored && a.to_lowercase().eq(b.to_lowercase()));
    let (mut pattern, mut text) = (pattern, text.chars());
    let mut last_star = None;
    loop {
        let letter = text.clone().next();
        match (pattern.next(), letter) {
            (None, None) => return true,
            (Some(Token::Many), _) => last_star = Some((pattern.clone(), text.clone())),
            (Some(Token::One), Some(_)) => drop(text.next()),
            (Some(Token::Letter(wanted)), Some(letter)) if same(wanted, letter) => drop(text.next()),
            _ => {
                let Some((after, from)) = &mut last_star else { return false };
                if from.next().is_none() {
                    return false;
                }
                (pattern, text) = (after.clone(), from.clone());
            }
        }
    }
}

/// A text that the pattern matches, with the same text in place of each `*`, and its first letter in
/// place of each `?`.
pub fn filled(pattern: &str, wildcard: &str, context: &Context) -> String {
    let tokens = match resolve(pattern, context) {
        Resolved::Known(tokens) | Resolved::Unknown(tokens, _) => tokens,
        Resolved::Absent => pattern.chars().map(Token::of).collect(),
    };
    let mut text = String::new();
    for token in tokens {
        match token {
            Token::Letter(letter) => text.push(letter),
            Token::One => text.extend(wildcard.chars().next()),
            Token::Many => text.push_str(wildcard),
        }
    }
    text
}

/// Replaces `${key}`, `${key, 'default'}` and the escapes `${*}`, `${?}` and `${$}`. A wildcard that
/// a value holds is a letter.
pub fn resolve(pattern: &str, context: &Context) -> Resolved {
    let mut tokens = Vec::new();
    let mut unknown = None;
    let mut rest = pattern;
    while let Some((before, after)) = rest.split_once("${") {
        let Some((variable, behind)) = after.split_once('}') else { break };
        tokens.extend(before.chars().map(Token::of));
        rest = behind;
        let (key, default) = variable.split_once(',').map_or((variable, None), |(key, default)| (key, Some(default.trim().trim_matches('\''))));
        let letters = |text: &str| text.chars().map(Token::Letter).collect::<Vec<_>>();
        match key.trim() {
            "*" | "?" | "$" => tokens.extend(letters(key.trim())),
            key => match (context.variable(key), default) {
                (Value::Known([value]), _) => tokens.extend(letters(value)),
                (Value::Absent, Some(default)) => tokens.extend(letters(default)),
                // A key of several values is no variable.
                (Value::Absent | Value::Known(_), _) => return Resolved::Absent,
                (Value::Unknown, _) => {
                    tokens.push(Token::Many);
                    unknown = Some(key.to_ascii_lowercase());
                }
            },
        }
    }
    tokens.extend(rest.chars().map(Token::of));
    match unknown {
        Some(key) => Resolved::Unknown(tokens, key),
        None => Resolved::Known(tokens),
    }
}
