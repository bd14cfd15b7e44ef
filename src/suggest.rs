//! "Did you mean": the nearest of some names to one that is none of them.

/// `"; did you mean \"x\"?"` for the nearest name within a third of its length, else nothing.
pub fn nearest<'a>(name: &str, names: impl IntoIterator<Item = &'a str>) -> String {
    names
        .into_iter()
        .map(|candidate| (strsim::damerau_levenshtein(&name.to_lowercase(), &candidate.to_lowercase()), candidate))
        .filter(|(distance, candidate)| *distance <= candidate.len().max(name.len()) / 3)
        .min()
        .map_or_else(String::new, |(_, candidate)| format!("; did you mean {candidate:?}?"))
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn the_nearest_name_is_offered_and_a_far_one_is_not() {
        let names = ["BackupRetentionPeriod", "PubliclyAccessible"];
        assert_eq!(nearest("BackupRetentonPeriod", names), "; did you mean \"BackupRetentionPeriod\"?");
        assert_eq!(nearest("Color", names), "");
    }
}
