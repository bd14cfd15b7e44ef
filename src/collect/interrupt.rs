//! Ctrl-C, and SIGTERM: the collection ends with what is there.

use std::future::{Future, pending};
use std::io;

use tokio::sync::watch;

/// Whether the user has interrupted.
#[derive(Debug, Clone)]
pub struct Interrupt(watch::Receiver<bool>);

impl Interrupt {
    /// What a gap says of it.
    pub const WHY: &str = "the collection was interrupted";

    /// Listens from now on. The first signal interrupts, which `heard` says; a second one, and any after the
    /// collection, ends the program as if nobody listened.
    ///
    /// # Errors
    ///
    /// When the system does not let it listen.
    pub fn listen(heard: impl FnOnce() + Send + 'static) -> io::Result<Self> {
        let (sender, receiver) = watch::channel(false);
        let runtime = tokio::runtime::Builder::new_current_thread().enable_io().build()?;
        let mut signals = {
            let _guard = runtime.enter();
            Signals::new()?
        };
        // Not a task of the runtime that asks: what comes after the collection has to be heard as well.
        std::thread::Builder::new().name("signals".to_owned()).spawn(move || {
            runtime.block_on(async {
                let first = signals.next().await;
                if sender.send(true).is_err() {
                    end(first);
                }
                heard();
                end(signals.next().await);
            });
        })?;
        Ok(Self(receiver))
    }

    /// One that never comes.
    pub fn never() -> Self {
        Self(watch::channel(false).1)
    }

    /// One that has come.
    #[cfg(test)]
    pub fn come() -> Self {
        Self(watch::channel(true).1)
    }

    /// One that comes after a while.
    #[cfg(test)]
    pub fn after(wait: std::time::Duration) -> Self {
        let (sender, receiver) = watch::channel(false);
        tokio::spawn(async move {
            tokio::time::sleep(wait).await;
            sender.send(true)
        });
        Self(receiver)
    }

    /// What comes of the work, unless it is interrupted.
    pub async fn or<T>(&self, work: impl Future<Output = T>) -> Option<T> {
        tokio::select! {
            biased;
            () = self.comes() => None,
            done = work => Some(done),
        }
    }

    async fn comes(&self) {
        if self.0.clone().wait_for(|come| *come).await.is_err() {
            // Nobody listens.
            pending::<()>().await;
        }
    }
}

/// Ends the program with the exit code that shells give a signal's number.
#[expect(clippy::exit, reason = "the program was told to end at once")]
fn end(signal: u8) {
    std::process::exit(i32::from(128 + signal));
}

/// The signals that interrupt.
#[cfg(unix)]
struct Signals {
    interrupt: tokio::signal::unix::Signal,
    terminate: tokio::signal::unix::Signal,
}

#[cfg(unix)]
impl Signals {
    fn new() -> io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};

        Ok(Self { interrupt: signal(SignalKind::interrupt())?, terminate: signal(SignalKind::terminate())? })
    }

    /// The number of the next one.
    async fn next(&mut self) -> u8 {
        tokio::select! {
            _ = self.interrupt.recv() => 2,
            _ = self.terminate.recv() => 15,
        }
    }
}

#[cfg(not(unix))]
struct Signals(tokio::signal::windows::CtrlC);

#[cfg(not(unix))]
impl Signals {
    fn new() -> io::Result<Self> {
        tokio::signal::windows::ctrl_c().map(Self)
    }

    async fn next(&mut self) -> u8 {
        self.0.recv().await;
        2
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::collect::tests::replay::Replay;
    use crate::inventory::{Needs, Reason, ScopeId};

    #[tokio::test]
    async fn what_has_not_begun_is_not_reached_rather_than_complete() {
        let needs = Needs { operations: ["rds:DescribeDBInstances"].into(), ..Needs::default() };
        let id = ScopeId { account: "111122223333".to_owned(), region: "us-east-1".to_owned() };
        let replay = Replay::default();
        let scope = replay.ask_until(&needs, id, &Interrupt::come()).await;
        assert!(!scope.reached && !scope.is_complete());
        assert_eq!((scope.gaps[0].reason, replay.count(&[])), (Reason::Interrupted, 0));
    }
}
