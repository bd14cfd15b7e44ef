//! Sets of numbers, as the stretches that they are made of.

/// A set of numbers: its stretches in order, none touching the next, both ends included.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ranges(Vec<(u128, u128)>);

impl Ranges {
    /// The numbers of all stretches, in whatever order they come.
    pub fn of(mut stretches: Vec<(u128, u128)>) -> Self {
        stretches.sort_unstable();
        let mut joined: Vec<(u128, u128)> = Vec::with_capacity(stretches.len());
        for (first, last) in stretches {
            match joined.last_mut() {
                Some((_, end)) if first <= end.saturating_add(1) => *end = last.max(*end),
                _ => joined.push((first, last)),
            }
        }
        Self(joined)
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub fn union(&self, other: &Self) -> Self {
        Self::of([&self.0[..], &other.0].concat())
    }

    pub fn intersection(&self, other: &Self) -> Self {
        let (mut own, mut others) = (self.0.iter().peekable(), other.0.iter().peekable());
        let mut common = Vec::new();
        while let (Some((first, last)), Some((other_first, other_last))) = (own.peek(), others.peek()) {
            let (start, end) = (*first.max(other_first), *last.min(other_last));
            if start <= end {
                common.push((start, end));
            }
            if last < other_last {
                own.next()
            } else {
                others.next()
            };
        }
        Self(common)
    }

    pub fn without(&self, other: &Self) -> Self {
        self.intersection(&other.complement())
    }

    /// All numbers that it lacks.
    fn complement(&self) -> Self {
        let mut lacking = Vec::with_capacity(self.0.len() + 1);
        let mut start = Some(0);
        for (first, last) in &self.0 {
            lacking.extend(start.zip(first.checked_sub(1)).filter(|(start, end)| start <= end));
            start = last.checked_add(1);
        }
        lacking.extend(start.map(|start| (start, u128::MAX)));
        Self(lacking)
    }

    /// How many numbers there are; not to be asked of all that 128 bits hold.
    pub fn count(&self) -> u128 {
        self.0.iter().map(|(first, last)| last - first + 1).sum()
    }

    /// The numbers without their last bits.
    pub fn shifted(&self, bits: u32) -> Self {
        Self::of(self.0.iter().map(|(first, last)| (first >> bits, last >> bits)).collect())
    }

    /// The bits that vary in the widest block, as networks are: of two to the power of so many
    /// numbers, beginning at a multiple of that. None where there is no number.
    pub fn widest_block(&self) -> Option<u32> {
        self.0.iter().map(|(first, last)| widest_block(*first, *last)).max()
    }
}

fn widest_block(first: u128, last: u128) -> u32 {
    let fits = |bits: &u32| {
        let varying = if *bits == u128::BITS { u128::MAX } else { (1 << bits) - 1 };
        let end = first.checked_add(varying).and_then(|start| (start & !varying).checked_add(varying));
        end.is_some_and(|end| end <= last)
    };
    let most = (last - first).checked_add(1).map_or(u128::BITS, u128::ilog2);
    (0..=most).rev().find(fits).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::Ranges;

    /// Sets of numbers below eight, by their bits.
    fn of_bits(bits: u32) -> Ranges {
        Ranges::of((0..8).filter(|bit| bits >> bit & 1 == 1).map(|bit| (bit, bit)).collect())
    }

    #[test]
    fn sets_combine_number_by_number() {
        for one in 0..256_u32 {
            assert_eq!(of_bits(one).count(), u128::from(one.count_ones()));
            for other in 0..256 {
                let (a, b) = (of_bits(one), of_bits(other));
                assert_eq!(a.union(&b), of_bits(one | other));
                assert_eq!(a.intersection(&b), of_bits(one & other));
                assert_eq!(a.without(&b), of_bits(one & !other));
            }
        }
    }

    #[test]
    fn the_whole_space_has_ends() {
        let all = Ranges::of(vec![(0, u128::MAX)]);
        assert!(all.without(&all).is_empty());
        assert_eq!(Ranges::default().complement(), all);
        assert_eq!(all.without(&Ranges::of(vec![(5, u128::MAX)])), Ranges::of(vec![(0, 4)]));
        assert_eq!(all.widest_block(), Some(128));
    }

    #[test]
    fn a_block_begins_at_a_multiple_of_its_size() {
        for (stretch, bits) in [((0, 7), 3), ((1, 7), 2), ((1, 6), 1), ((3, 4), 0), ((6, 9), 1), ((u128::MAX - 3, u128::MAX), 2)] {
            assert_eq!(Ranges::of(vec![stretch]).widest_block(), Some(bits), "{stretch:?}");
        }
        assert_eq!(Ranges::default().widest_block(), None);
    }

    #[test]
    fn stretches_lose_their_last_bits_together() {
        assert_eq!(Ranges::of(vec![(0, 1), (3, 3), (8, 20)]).shifted(2), Ranges::of(vec![(0, 0), (2, 5)]));
    }
}
