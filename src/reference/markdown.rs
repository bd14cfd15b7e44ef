//! The few pieces of Markdown that the reference is made of, as GitHub reads them.

/// Prose whose characters mean nothing but themselves.
pub fn prose(text: &str) -> String {
    let mut safe = String::with_capacity(text.len() + 8);
    for character in text.split_whitespace().collect::<Vec<_>>().join(" ").chars() {
        if matches!(character, '\\' | '`' | '*' | '_' | '<' | '>' | '[' | ']' | '|' | '#' | '~') {
            safe.push('\\');
        }
        safe.push(character);
    }
    safe
}

/// Code within a line. Inside a table a bar is escaped even in code.
pub fn code(text: &str) -> String {
    let text = text.replace('|', "\\|");
    if text.contains('`') { format!("`` {text} ``") } else { format!("`{text}`") }
}

/// Codes one after the other.
pub fn codes<'a>(texts: impl IntoIterator<Item = &'a str>) -> String {
    texts.into_iter().map(code).collect::<Vec<_>>().join(", ")
}

/// A block of code, in a fence that is longer than any within.
pub fn fenced(language: &str, text: &str) -> String {
    let fence = if text.contains("```") { "````" } else { "```" };
    format!("{fence}{language}\n{}\n{fence}\n", text.trim())
}

/// A table of cells that are Markdown already.
pub fn table<const N: usize>(head: [&str; N], rows: impl IntoIterator<Item = [String; N]>) -> String {
    let line = |cells: &[String]| format!("| {} |\n", cells.join(" | "));
    let mut text = line(&head.map(ToOwned::to_owned)) + &line(&[const { "---" }; N].map(ToOwned::to_owned));
    rows.into_iter().for_each(|row| text += &line(&row));
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_breaks_out_of_a_cell() {
        assert_eq!(table(["a", "b"], [[code("x || y"), prose("<b> | *c*")]]), "| a | b |\n| --- | --- |\n| `x \\|\\| y` | \\<b\\> \\| \\*c\\* |\n");
    }

    #[test]
    fn a_fence_is_longer_than_what_it_holds() {
        assert_eq!(fenced("sh", "a\n```\nb\n"), "````sh\na\n```\nb\n````\n");
    }
}
