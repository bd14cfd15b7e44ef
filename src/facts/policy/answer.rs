//! Yes, no, or what it depends on.

use std::collections::BTreeSet;

/// An answer that may have to wait for somebody to ask.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    Yes,
    No,
    /// It depends on these condition keys, in lower case.
    Maybe(BTreeSet<String>),
}

impl Answer {
    /// It depends on the key.
    pub fn maybe(key: impl Into<String>) -> Self {
        Self::Maybe(BTreeSet::from([key.into().to_ascii_lowercase()]))
    }

    /// Both hold. `other` is asked only where that decides.
    pub fn and(self, other: impl FnOnce() -> Self) -> Self {
        match self {
            Self::No => Self::No,
            Self::Yes => other(),
            Self::Maybe(mut keys) => match other() {
                Self::No => Self::No,
                Self::Yes => Self::Maybe(keys),
                Self::Maybe(more) => {
                    keys.extend(more);
                    Self::Maybe(keys)
                }
            },
        }
    }

    /// One of both holds. `other` is asked only where that decides.
    pub fn or(self, other: impl FnOnce() -> Self) -> Self {
        self.not().and(|| other().not()).not()
    }

    /// It does not hold.
    #[expect(clippy::should_implement_trait, reason = "the operator would hide that it is no boolean")]
    pub fn not(self) -> Self {
        match self {
            Self::Yes => Self::No,
            Self::No => Self::Yes,
            maybe @ Self::Maybe(_) => maybe,
        }
    }

    /// Whether all hold.
    pub fn all(mut answers: impl Iterator<Item = Self>) -> Self {
        let mut all = Self::Yes;
        while all != Self::No {
            let Some(answer) = answers.next() else { break };
            all = all.and(|| answer);
        }
        all
    }

    /// Whether any holds.
    pub fn any(mut answers: impl Iterator<Item = Self>) -> Self {
        let mut any = Self::No;
        while any != Self::Yes {
            let Some(answer) = answers.next() else { break };
            any = any.or(|| answer);
        }
        any
    }
}

impl From<bool> for Answer {
    fn from(holds: bool) -> Self {
        if holds { Self::Yes } else { Self::No }
    }
}
