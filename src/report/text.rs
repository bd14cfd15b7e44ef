//! Text that others chose, made fit for readers: a name or a tag may hold anything.

use std::borrow::Cow;

use crate::gate::baseline::Changes;
use crate::inventory::shape::Timestamp;

/// The text with control characters and those that reorder or hide others written out, such as
/// `\u{1b}`: what a resource is called must neither steer a terminal nor disguise itself.
pub fn printable(text: &str) -> Cow<'_, str> {
    if !text.contains(deceives) {
        return Cow::Borrowed(text);
    }
    let mut safe = String::with_capacity(text.len() + 8);
    for character in text.chars() {
        if deceives(character) {
            safe.extend(character.escape_unicode());
        } else {
            safe.push(character);
        }
    }
    Cow::Owned(safe)
}

/// The joiners U+200C and U+200D pass: scripts and emoji are written with them.
fn deceives(character: char) -> bool {
    character.is_control()
        || matches!(character,
            '\u{61c}' | '\u{180e}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}'
            | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

/// At most so many characters of the text, the last an ellipsis where it was cut.
pub fn cut(text: &str, most: usize) -> Cow<'_, str> {
    if text.chars().nth(most).is_none() {
        return Cow::Borrowed(text);
    }
    let mut short: String = text.chars().take(most.saturating_sub(1)).collect();
    short.push('…');
    Cow::Owned(short)
}

/// Such as `since 2026-11-20 09:00 UTC: 3 new, 40 unchanged, 1 waived, 2 fixed, 4 no longer assessed`.
pub fn changed(since: Option<Timestamp>, [new, unchanged]: [usize; 2], changes: &Changes) -> String {
    let since = since.map_or_else(|| "an empty report".to_owned(), |time| time.format("%Y-%m-%d %H:%M UTC").to_string());
    let (waived, fixed, not_assessed) = (changes.waived.len(), changes.fixed.len(), changes.not_assessed.len());
    format!("since {since}: {new} new, {unchanged} unchanged, {waived} waived, {fixed} fixed, {not_assessed} no longer assessed")
}

/// `1 rule`, `2 rules`.
pub fn counted(count: usize, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_steers_a_terminal_or_reorders_text_is_written_out() {
        assert_eq!(printable("\x1b[2Jorders\r\n"), r"\u{1b}[2Jorders\u{d}\u{a}");
        assert_eq!(printable("abc\u{202e}cba\u{9b}31m"), r"abc\u{202e}cba\u{9b}31m");
        assert!(matches!(printable("größe 👩‍💻 <b>"), Cow::Borrowed(_)));
    }

    #[test]
    fn a_text_is_cut_between_characters() {
        assert_eq!(cut("größe", 5), "größe");
        assert_eq!(cut("größer", 5), "größ…");
    }
}
