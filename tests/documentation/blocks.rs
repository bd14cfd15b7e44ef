//! The blocks of commands on a page of Markdown: indented, or fenced as `sh`.

use std::fs;
use std::path::Path;

/// Commands that a reader would copy.
#[derive(Debug)]
pub struct Block {
    /// The line that it begins on.
    pub line: usize,
    /// Why it is not run.
    pub exception: Option<String>,
    lines: Vec<String>,
}

impl Block {
    /// The commands, those over several lines joined.
    pub fn commands(&self) -> impl Iterator<Item = &str> {
        self.lines.iter().map(String::as_str)
    }

    fn push(&mut self, line: &str) {
        match self.lines.last_mut().filter(|last| last.ends_with('\\')) {
            Some(last) => {
                last.pop();
                last.push_str(line);
            }
            None => self.lines.push(line.to_owned()),
        }
    }
}

/// The blocks of a page whose first word is a program's.
pub fn blocks(page: &Path) -> Vec<Block> {
    let text = fs::read_to_string(page).unwrap();
    let (mut blocks, mut exception, mut fence, mut open): (Vec<Block>, Option<String>, Option<bool>, bool) = Default::default();
    for (number, line) in text.lines().enumerate() {
        let (command, was_open) = match (fence, line.strip_prefix("```")) {
            (None, Some(language)) => {
                (fence, open) = (Some(language == "sh"), false);
                continue;
            }
            (Some(_), Some(_)) => {
                (fence, open) = (None, false);
                continue;
            }
            (Some(true), None) => (Some(line), open),
            (Some(false), None) => continue,
            (None, None) => (line.strip_prefix("    "), open),
        };
        if let Some(reason) = line.strip_prefix("<!-- not run: ").and_then(|line| line.strip_suffix(" -->")) {
            exception = Some(reason.to_owned());
        }
        open = command.is_some();
        let Some(command) = command else { continue };
        if !was_open {
            if !["dbmoat ", "cargo ", "bash "].iter().any(|program| command.starts_with(program)) {
                open = false;
                continue;
            }
            blocks.push(Block { line: number + 1, exception: exception.take(), lines: Vec::new() });
        }
        blocks.last_mut().unwrap().push(command);
    }
    blocks
}
