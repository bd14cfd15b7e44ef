//! What a user sees while the work goes on: a bar on a terminal, plain lines with `--verbose`, else nothing.

use std::io::{self, IsTerminal};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

use super::output::say;
use crate::cli::Global;
use crate::inventory::Scope;

#[cfg(feature = "live")]
pub use asking::{Asking, LookingUp};

/// How often a bar is drawn.
const TICK: Duration = Duration::from_millis(120);

/// A bar, unless it is nobody who would see it: a file, a pipe, a runner of continuous integration.
fn bar(global: &Global) -> ProgressBar {
    let seen = io::stderr().is_terminal() && std::env::var_os("CI").is_none() && !global.quiet && !global.verbose;
    if seen { ProgressBar::new(0) } else { ProgressBar::hidden() }
}

/// Draws the bar from now on.
fn draw(bar: &ProgressBar, style: Result<ProgressStyle, indicatif::style::TemplateError>) {
    if let Ok(style) = style {
        bar.set_style(style);
    }
    bar.enable_steady_tick(TICK);
}

/// The phase of judging.
pub struct Judging {
    bar: ProgressBar,
    verbose: bool,
}

impl Judging {
    /// Nothing is judged yet.
    pub fn new(global: &Global) -> Self {
        let bar = bar(global);
        draw(&bar, ProgressStyle::with_template("{spinner} judging: {pos} regions, {elapsed}"));
        Self { bar, verbose: global.verbose }
    }

    /// The next scope is judged.
    pub fn comes(&self, scope: &Scope) {
        self.bar.inc(1);
        if self.verbose {
            say(&format!("judging {}: {} resources", scope.id, scope.resources.len()));
        }
    }

    /// All are judged.
    pub fn finish(&self) {
        self.bar.finish_and_clear();
    }
}

#[cfg(feature = "live")]
mod asking {
    use std::collections::BTreeMap;
    use std::fmt::Write;
    use std::sync::Arc;
    use std::sync::OnceLock;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::time::Duration;

    use indicatif::{HumanCount, HumanDuration, ProgressBar, ProgressState, ProgressStyle};

    use crate::cli::Global;
    use crate::collect::{Progress, Traffic};
    use crate::commands::output::say;
    use crate::inventory::Scope;

    /// The phase of asking AWS.
    pub struct Asking {
        bar: ProgressBar,
        verbose: bool,
        accounts: Arc<Accounts>,
    }

    /// The accounts, and the requests to them.
    #[derive(Default)]
    struct Accounts {
        begun: OnceLock<(usize, Traffic)>,
        /// Of how many it is known which scopes are asked.
        planned: AtomicUsize,
    }

    impl Asking {
        /// Nothing is asked yet.
        pub fn new(global: &Global) -> Self {
            let (bar, accounts) = (super::bar(global), Arc::<Accounts>::default());
            let of_bar = Arc::clone(&accounts);
            let counts = move |state: &ProgressState, out: &mut dyn Write| {
                let (done, planned) = (state.pos(), state.len().unwrap_or_default());
                let _ = out.write_str(&of_bar.counts(done, planned, state.elapsed()));
            };
            super::draw(&bar, ProgressStyle::with_template("{spinner} asking AWS {counts} {wide_bar}").map(|style| style.with_key("counts", counts)));
            Self { bar, verbose: global.verbose, accounts }
        }

        /// What says that an interruption was heard.
        pub fn hearing(&self) -> impl FnOnce() + Send + 'static {
            let bar = self.bar.clone();
            move || bar.suspend(|| say("interrupted: ending with what is there; once more ends at once"))
        }

        /// All has been asked; so often each operation was called.
        pub fn finish(&self, calls: &BTreeMap<String, usize>) {
            self.bar.finish_and_clear();
            if self.verbose {
                calls.iter().for_each(|(call, count)| say(&format!("{count:>6} {call}")));
                if let Some((_, traffic)) = self.accounts.begun.get() {
                    let (requests, throttles) = traffic.counts();
                    say(&format!("{requests:>6} requests, {throttles} throttled"));
                }
            }
        }
    }

    impl Drop for Asking {
        /// Where it failed, the reason has its line to itself.
        fn drop(&mut self) {
            self.bar.finish_and_clear();
        }
    }

    /// The phase of asking CloudTrail about single resources, at two calls a second.
    pub struct LookingUp(ProgressBar);

    impl LookingUp {
        /// About none yet, of so many.
        pub fn new(global: &Global, resources: usize) -> Self {
            let bar = super::bar(global);
            bar.set_length(u64::try_from(resources).unwrap_or(u64::MAX));
            super::draw(&bar, ProgressStyle::with_template("{spinner} asking CloudTrail {eta} left, {pos}/{len} resources {wide_bar}"));
            if global.verbose {
                say(&format!("asking CloudTrail about {resources} resources"));
            }
            Self(bar)
        }

        /// The next one is known.
        pub fn next(&self) {
            self.0.inc(1);
        }
    }

    impl Drop for LookingUp {
        fn drop(&mut self) {
            self.0.finish_and_clear();
        }
    }

    impl Accounts {
        /// Such as `3m left, 2/5 accounts, 12/34 regions, 1,234 calls, 2 throttled`.
        fn counts(&self, done: u64, planned: u64, elapsed: Duration) -> String {
            let Some((all, traffic)) = self.begun.get() else { return String::new() };
            let (known, (requests, throttles)) = (self.planned.load(Ordering::Relaxed), traffic.counts());
            let left = left(elapsed, done, planned, (known, *all));
            let left = left.map_or_else(String::new, |left| format!("{:#} left, ", HumanDuration(left)));
            let requests = HumanCount(u64::try_from(requests).unwrap_or(u64::MAX));
            format!("{left}{known}/{all} accounts, {done}/{planned} regions, {requests} calls, {throttles} throttled")
        }
    }

    /// How long it will take yet, if the others take as long as those that are done, and accounts have as many.
    fn left(elapsed: Duration, done: u64, planned: u64, (known, all): (usize, usize)) -> Option<Duration> {
        if done == 0 || known == 0 {
            return None;
        }
        let expected = planned as f64 * all as f64 / known as f64;
        Some(elapsed.mul_f64((expected - done as f64).max(0.0) / done as f64))
    }

    impl Progress for Asking {
        fn begun(&self, accounts: usize, traffic: Traffic) {
            _ = self.accounts.begun.set((accounts, traffic));
            if self.verbose {
                say(&format!("asking {accounts} {}", if accounts == 1 { "account" } else { "accounts" }));
            }
        }

        fn planned(&self, account: &str, scopes: usize) {
            self.accounts.planned.fetch_add(1, Ordering::Relaxed);
            self.bar.inc_length(u64::try_from(scopes).unwrap_or(u64::MAX));
            if self.verbose {
                say(&format!("{account}: {scopes} regions to ask"));
            }
        }

        fn done(&self, scope: &Scope) {
            self.bar.inc(1);
            if self.verbose {
                say(&format!("{}: {} resources, {} gaps", scope.id, scope.resources.len(), scope.gaps.len()));
            }
        }
    }

    #[cfg(test)]
    mod tests {
        use super::*;

        #[test]
        fn what_is_left_counts_accounts_whose_regions_are_not_known_yet() {
            let minute = Duration::from_secs(60);
            assert_eq!(left(minute, 0, 10, (1, 1)), None);
            assert_eq!(left(minute, 10, 20, (1, 1)), Some(minute));
            assert_eq!(left(minute, 10, 20, (2, 4)), Some(3 * minute));
            assert_eq!(left(minute, 20, 20, (4, 4)), Some(Duration::ZERO));
        }

        #[test]
        fn a_line_says_accounts_regions_calls_throttles_and_time() {
            let accounts = Accounts { planned: 2.into(), ..Accounts::default() };
            assert_eq!(accounts.counts(0, 0, Duration::ZERO), "");
            let http = aws_smithy_runtime_api::client::http::http_client_fn(|_, _| unreachable!("nothing is asked"));
            _ = accounts.begun.set((4, Traffic::new(http, 1, BTreeMap::new())));
            let line = accounts.counts(10, 20, Duration::from_secs(60));
            assert_eq!(line, "3m left, 2/4 accounts, 10/20 regions, 0 calls, 0 throttled");
        }
    }
}
