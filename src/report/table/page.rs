//! Lines of a given width, painted or plain.

use std::io::{self, Write};

use anstyle::{AnsiColor, Style};
use textwrap::{WordSeparator, WordSplitter, WrapAlgorithm};

use crate::engine::Severity;
use crate::report::text::printable;

pub const PLAIN: Style = Style::new();
pub const BOLD: Style = Style::new().bold();
pub const DIM: Style = Style::new().dimmed();
pub const OPEN: Style = AnsiColor::Magenta.on_default().bold();

/// The colour of a severity.
pub fn style_of(severity: Severity) -> Style {
    match severity {
        Severity::Critical => AnsiColor::Red.on_default().bold(),
        Severity::High => AnsiColor::Red.on_default(),
        Severity::Medium => AnsiColor::Yellow.on_default(),
        Severity::Low => AnsiColor::Cyan.on_default(),
    }
}

/// Narrower than this, nothing is readable.
const NARROWEST: usize = 40;

/// Where lines go.
pub struct Page<'w, W> {
    out: &'w mut W,
    width: usize,
    colour: bool,
}

impl<'w, W: Write> Page<'w, W> {
    pub fn new(out: &'w mut W, width: usize, colour: bool) -> Self {
        Self { out, width: width.max(NARROWEST), colour }
    }

    /// An empty line.
    pub fn gap(&mut self) -> io::Result<()> {
        writeln!(self.out)
    }

    /// A text, wrapped and indented.
    pub fn text(&mut self, indent: usize, style: Style, text: &str) -> io::Result<()> {
        self.labelled(indent, style, "", text)
    }

    /// A label in a style and a text beside it. Wrapped lines hang two columns further in.
    pub fn labelled(&mut self, indent: usize, style: Style, label: &str, text: &str) -> io::Result<()> {
        if label.is_empty() && text.is_empty() {
            return Ok(());
        }
        let (label, text) = (printable(label), printable(text));
        let (whole, painted) = if label.is_empty() { (text.into_owned(), usize::MAX) } else { (format!("{label}  {text}"), label.len()) };
        let mut left = painted;
        for (position, line) in self.wrap(indent, whole.trim_end()).into_iter().enumerate() {
            let hanging = if position == 0 { indent } else { indent + 2 };
            let (in_style, after) = line.split_at_checked(left.min(line.len())).unwrap_or((&line, ""));
            left = left.saturating_sub(line.len().saturating_add(1));
            writeln!(self.out, "{:hanging$}{}{after}", "", self.paint(style, in_style))?;
        }
        Ok(())
    }

    /// A command to copy: broken between words only, with the backslash that the shell wants. A
    /// single word that is too wide stays whole.
    pub fn command(&mut self, indent: usize, command: &str) -> io::Result<()> {
        for line in command.trim().lines() {
            let line = printable(line);
            let parts = textwrap::wrap(&line, words(self.width - indent - 4).break_words(false).subsequent_indent("  "));
            for (position, part) in parts.iter().enumerate() {
                let more = if position + 1 < parts.len() { " \\" } else { "" };
                writeln!(self.out, "{:indent$}{}{more}", "", self.paint(DIM, part))?;
            }
        }
        Ok(())
    }

    fn wrap(&self, indent: usize, text: &str) -> Vec<String> {
        let width = self.width - indent;
        let lines = textwrap::wrap(text, words(width).subsequent_indent("  "));
        lines.iter().enumerate().map(|(position, line)| if position == 0 { line.to_string() } else { line[2..].to_owned() }).collect()
    }

    fn paint(&self, style: Style, text: &str) -> String {
        if self.colour && style != PLAIN && !text.is_empty() { format!("{style}{text}{style:#}") } else { text.to_owned() }
    }
}

/// Ids and ARNs are words: they do not break at their hyphens. The optimal fit lets a line grow too
/// wide where that evens out the others; the first fit never does.
fn words<'a>(width: usize) -> textwrap::Options<'a> {
    let options = textwrap::Options::new(width).word_separator(WordSeparator::AsciiSpace).word_splitter(WordSplitter::NoHyphenation);
    options.wrap_algorithm(WrapAlgorithm::FirstFit)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(width: usize, colour: bool, write: impl FnOnce(&mut Page<'_, Vec<u8>>) -> io::Result<()>) -> String {
        let mut out = Vec::new();
        write(&mut Page::new(&mut out, width, colour)).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn a_long_text_hangs_and_a_wide_word_breaks() {
        let text = page(40, false, |page| {
            page.text(2, PLAIN, "a text that is wider than forty columns, and ααααααααααααααααααααααααααααααααααααααααααααααα")
        });
        let expected = "  a text that is wider than forty\n    columns, and\n    αααααααααααααααααααααααααααααααααααα\n    ααααααααααα\n";
        assert_eq!(text, expected);
    }

    #[test]
    fn only_the_label_is_painted() {
        let text = page(40, true, |page| page.labelled(0, BOLD, "label", "text"));
        assert_eq!(text, "\u{1b}[1mlabel\u{1b}[0m  text\n");
    }

    #[test]
    fn a_command_is_continued_as_the_shell_wants_it() {
        let text = page(40, false, |page| page.command(2, "aws rds modify-db-instance --db-instance-identifier orders"));
        assert_eq!(text, "  aws rds modify-db-instance \\\n    --db-instance-identifier orders\n");
    }
}
