//! What was found out about a resource, kept beside it for as long as it is there.

use std::any::Any;
use std::fmt;
use std::sync::OnceLock;

/// One value of each type, made when it is first asked for. It is no part of the resource: a copy begins without.
///
/// What is kept may depend on the resource and on the others of its scope, none of which change, and on nothing else.
#[derive(Default)]
pub struct Memo(OnceLock<Box<Kept>>);

struct Kept {
    value: Box<dyn Any + Send + Sync>,
    others: Memo,
}

impl Memo {
    /// The value of the type, from `make` where there is none yet. Two threads may both make it; one value stays.
    pub fn get_or<T: Any + Send + Sync>(&self, make: impl FnOnce() -> T) -> &T {
        if let Some(value) = self.iter().find_map(|value| value.downcast_ref()) {
            return value;
        }
        // Made before a place is taken, so that to make it others may be asked for.
        let mut made: Box<dyn Any + Send + Sync> = Box::new(make());
        let mut memo = self;
        loop {
            let kept = memo.0.get_or_init(|| Box::new(Kept { value: std::mem::replace(&mut made, Box::new(())), others: Self::default() }));
            match kept.value.downcast_ref() {
                Some(value) => return value,
                None => memo = &kept.others,
            }
        }
    }

    fn iter(&self) -> impl Iterator<Item = &(dyn Any + Send + Sync)> {
        std::iter::successors(self.0.get(), |kept| kept.others.0.get()).map(|kept| kept.value.as_ref())
    }
}

impl Clone for Memo {
    fn clone(&self) -> Self {
        Self::default()
    }
}

impl fmt::Debug for Memo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Memo")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_type_is_made_once_and_may_ask_for_another() {
        let memo = Memo::default();
        let mut made = 0;
        for _ in 0..2 {
            let text = memo.get_or(|| {
                made += 1;
                format!("{}", memo.get_or(|| 7_i32))
            });
            assert_eq!(text, "7");
        }
        assert_eq!((made, *memo.get_or(|| 8_i32), *memo.get_or(|| 9_u8)), (1, 7, 9));
        assert_eq!(*memo.clone().get_or(|| 8_i32), 8);
    }

    #[test]
    fn threads_agree() {
        let memo = Memo::default();
        let seen: Vec<usize> = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..8_usize)
                .map(|number| {
                    scope.spawn({
                        let memo = &memo;
                        move || (*memo.get_or(|| number), memo.get_or(|| number.to_string()).clone()).0
                    })
                })
                .collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        assert!(seen.iter().all(|number| number == memo.get_or(|| 99_usize)), "{seen:?}");
    }
}
