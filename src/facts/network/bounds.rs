//! What is known of a set of addresses some of whose parts could not be read.

use super::addresses::Addresses;
use crate::inventory::Gap;

/// A set that holds at least `lower` and at most `upper`. They differ only where a gap is.
#[derive(Debug, Clone, Default)]
pub struct Bounds {
    pub lower: Addresses,
    pub upper: Addresses,
    gap: Option<Gap>,
}

impl Bounds {
    /// A set that is known.
    pub fn known(addresses: Addresses) -> Self {
        Self { lower: addresses.clone(), upper: addresses, gap: None }
    }

    /// A set that holds `known`, and what the gap hides.
    pub fn at_least(known: Addresses, gap: Gap) -> Self {
        Self { lower: known, upper: Addresses::all(), gap: Some(gap) }
    }

    /// What is in both.
    pub fn and(&self, other: &Self) -> Self {
        let upper = self.upper.intersection(&other.upper);
        let gap = self.gap.clone().or_else(|| other.gap.clone()).filter(|_| !upper.is_empty());
        Self { lower: self.lower.intersection(&other.lower), upper, gap }
    }

    /// What is in either.
    pub fn or(&self, other: &Self) -> Self {
        let gap = self.gap.clone().or_else(|| other.gap.clone());
        Self { lower: self.lower.union(&other.lower), upper: self.upper.union(&other.upper), gap }
    }

    /// A measure that never falls as a set grows: decided when both bounds agree on it.
    pub fn decide<T: PartialEq>(&self, measure: impl Fn(&Addresses) -> T) -> Result<T, Gap> {
        let least = measure(&self.lower);
        match &self.gap {
            Some(gap) if measure(&self.upper) != least => Err(gap.clone()),
            _ => Ok(least),
        }
    }
}

impl From<Result<Addresses, Gap>> for Bounds {
    fn from(addresses: Result<Addresses, Gap>) -> Self {
        addresses.map_or_else(|gap| Self::at_least(Addresses::default(), gap), Self::known)
    }
}
