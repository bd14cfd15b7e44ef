//! How often a backup plan's rule runs, by its schedule in the grammar of Amazon EventBridge.

/// What AWS Backup does for a rule without a schedule (API reference, `BackupRule`).
pub const DEFAULT: &str = "cron(0 5 ? * * *)";

/// Whether a schedule runs on every day; none where it cannot be read.
pub fn is_daily(expression: &str) -> Option<bool> {
    let (function, arguments) = expression.trim().strip_suffix(')')?.split_once('(')?;
    let arguments: Vec<_> = arguments.split_whitespace().collect();
    match (function, arguments.as_slice()) {
        ("rate", [count, unit]) => {
            let count: u32 = count.parse().ok()?;
            Some(match unit.trim_end_matches('s') {
                "minute" => count <= 24 * 60,
                "hour" => count <= 24,
                "day" => count <= 1,
                _ => return None,
            })
        }
        ("cron", [_, _, day_of_month, month, day_of_week, year]) => {
            let always = [(day_of_month, 1, 31, [].as_slice()), (month, 1, 12, &MONTHS), (day_of_week, 1, 7, &DAYS)];
            Some(matches!(*year, "*" | "?") && always.iter().all(|(field, first, last, names)| is_full(field, *first, *last, names)))
        }
        _ => None,
    }
}

const MONTHS: [&str; 12] = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];
const DAYS: [&str; 7] = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];

/// Whether a field stands for each of its values. What names a day by its place, as `L` and `#` do,
/// stands for some only.
fn is_full(field: &str, first: usize, last: usize, names: &[&str]) -> bool {
    let number =
        |text: &str| names.iter().position(|name| text.eq_ignore_ascii_case(name)).map(|position| position + 1).or_else(|| text.parse().ok());
    let range = |part: &str| match part.split_once('-') {
        _ if matches!(part, "*" | "?") => Some((first, last)),
        Some((from, to)) => Some((number(from)?, number(to)?)),
        None => number(part).map(|only| (only, only)),
    };
    let covers = |part: &str, value: usize| {
        let (part, step) = part.split_once('/').map_or((part, None), |(part, step)| (part, step.parse().ok()));
        let Some((from, to)) = range(part) else { return false };
        // With a step, one value is where it begins.
        let to = if step.is_some() && from == to { last } else { to };
        (from..=to).step_by(step.unwrap_or(1).max(1)).any(|covered| covered == value)
    };
    (first..=last).all(|value| field.split(',').any(|part| covers(part, value)))
}

#[cfg(test)]
mod tests {
    use super::is_daily;

    #[test]
    fn every_day_is_daily_at_whatever_hour() {
        for schedule in [
            super::DEFAULT,
            "cron(15 * ? * * *)",
            "cron(0 12 * * ? *)",
            "cron(0 5 1/1 * ? *)",
            "cron(0 5 1-31 * ? *)",
            "cron(0 5 ? * SUN-SAT *)",
            "cron(0 5 ? JAN-DEC 1-7 *)",
            "cron(0 5 ? * mon,TUE,wed,thu,fri,SAT-SAT,1 *)",
            "rate(1 day)",
            "rate(12 hours)",
            "rate(1440 minutes)",
        ] {
            assert_eq!(is_daily(schedule), Some(true), "{schedule}");
        }
    }

    #[test]
    fn some_days_are_not_daily() {
        for schedule in [
            "cron(0 5 ? * MON-FRI *)",
            "cron(0 5 ? * 1 *)",
            "cron(0 5 1 * ? *)",
            "cron(0 5 1/2 * ? *)",
            "cron(0 5 L * ? *)",
            "cron(0 5 ? * 3#2 *)",
            "cron(0 5 ? 1-11 * *)",
            "cron(0 5 * * ? 2027)",
            "rate(2 days)",
            "rate(25 hours)",
        ] {
            assert_eq!(is_daily(schedule), Some(false), "{schedule}");
        }
    }

    #[test]
    fn what_is_no_schedule_is_neither() {
        for schedule in ["", "daily", "cron(0 5 ? * *)", "rate(day)", "rate(1 week)", "at(2026-11-22T09:00:00)"] {
            assert_eq!(is_daily(schedule), None, "{schedule}");
        }
    }
}
