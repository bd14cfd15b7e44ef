//! The order in which people sort ids: `RDS.9` before `RDS.10`.

/// A run of digits or of anything else.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part<'a> {
    Number(u64),
    Text(&'a str),
}

/// What to sort an id by.
pub fn key(id: &str) -> Vec<Part<'_>> {
    let is_digit = |character: char| character.is_ascii_digit();
    let mut parts = Vec::new();
    let mut rest = id;
    while let Some(first) = rest.chars().next() {
        let end = rest.find(|character| is_digit(character) != is_digit(first)).unwrap_or(rest.len());
        let (part, after) = rest.split_at(end);
        parts.push(part.parse().map_or(Part::Text(part), Part::Number));
        rest = after;
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::key;

    #[test]
    fn numbers_sort_as_numbers() {
        assert!(key("RDS.9") < key("RDS.10") && key("v3.0:2.3.3") < key("v3.0:2.3.12"));
    }
}
