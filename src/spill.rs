//! Sorts more than fits in memory: what is over a bound goes to an unnamed temporary file in sorted
//! runs, which are merged when read. Knows nothing of what it sorts.
//!
//! A run is a sequence of blocks, each compressed by itself, so that to read a run takes the memory
//! of one block.

use std::cell::RefCell;
use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::collections::binary_heap::PeekMut;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::sync::mpsc::{self, Receiver};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rayon::prelude::*;
use serde::Serialize;
use serde::de::DeserializeOwned;
use zstd::bulk::{Compressor, Decompressor};

/// How many items a block has.
const BLOCK: usize = 64;
/// How many items are made blocks of at once.
const BATCH: usize = 64 * BLOCK;
/// How many runs are read at once; when there are so many, they become one.
const RUNS: usize = 1024;
/// Zstandard's level, one of the fast ones: what repeats is all there is to gain.
const LEVEL: i32 = -3;

thread_local! {
    /// To make these anew costs as much as to pack a block.
    static PACK: RefCell<Compressor<'static>> = RefCell::new(Compressor::new(LEVEL).unwrap_or_default());
    static UNPACK: RefCell<Decompressor<'static>> = RefCell::default();
    /// A block before it is packed.
    static PLAIN: RefCell<Vec<u8>> = RefCell::default();
}

/// What can be sorted.
pub trait Item: Ord + Clone + Send + Sync + 'static {
    /// The first that decides its place, by which readers may leave items out.
    type Class: Ord + Copy + Send + Sync;
    /// Some of them, in order, as the file has them.
    type Block: From<Vec<Self>> + Into<Vec<Self>> + Serialize + DeserializeOwned;

    fn class(&self) -> Self::Class;
}

/// A piece of a key, which can be sorted by itself.
pub trait Key: Ord + Clone + Send + Sync + Serialize + DeserializeOwned + 'static {}
impl<T: Ord + Clone + Send + Sync + Serialize + DeserializeOwned + 'static> Key for T {}

/// Takes items in any order, from any number of threads: each that brings more than memory is to hold writes them, while the
/// others go on.
pub struct Sorter<T: Item> {
    /// How many items memory holds; as many again for each thread that writes.
    bound: usize,
    open: fn() -> io::Result<File>,
    items: Mutex<Vec<T>>,
    written: Mutex<Written<T>>,
}

/// What is in the file, once there is one.
struct Written<T: Item> {
    file: Option<Arc<Mutex<File>>>,
    runs: Vec<Run<T>>,
}

impl<T: Item> Sorter<T> {
    /// Holds so many items in memory.
    pub fn new(bound: usize) -> Self {
        Self::on(bound, tempfile::tempfile)
    }

    fn on(bound: usize, open: fn() -> io::Result<File>) -> Self {
        Self { bound, open, items: Mutex::default(), written: Mutex::new(Written { file: None, runs: Vec::new() }) }
    }

    /// Takes more.
    ///
    /// # Errors
    ///
    /// When the temporary file cannot be written, such as for want of space.
    pub fn extend(&self, more: impl IntoIterator<Item = T>) -> io::Result<()> {
        let mut full = {
            let mut items = lock(&self.items);
            items.extend(more);
            if items.len() <= self.bound {
                return Ok(());
            }
            let room = items.len();
            std::mem::replace(&mut *items, Vec::with_capacity(room))
        };
        sort(&mut full);
        let file = {
            let mut written = lock(&self.written);
            match &written.file {
                Some(file) => Arc::clone(file),
                None => Arc::clone(written.file.insert(Arc::new(Mutex::new((self.open)()?)))),
            }
        };
        let run = write_run(&file, full.into_iter().map(Ok))?;
        lock(&self.written).runs.push(run);
        Ok(())
    }

    /// All that came.
    ///
    /// # Errors
    ///
    /// When the temporary file cannot be read or written, where it has more runs than are read at once.
    pub fn finish(self) -> io::Result<Sorted<T>> {
        let mut items = self.items.into_inner().unwrap_or_else(PoisonError::into_inner);
        let Written { file, mut runs } = self.written.into_inner().unwrap_or_else(PoisonError::into_inner);
        sort(&mut items);
        while let (Some(file), true) = (&file, runs.len() >= RUNS) {
            let some: Vec<_> = runs.drain(..RUNS).collect();
            runs.push(write_run(file, Merged::<T>::new(&[], &some, Some(file), |_| true))?);
        }
        Ok(Sorted { items, file, runs })
    }
}

/// Whether this is a thread of the pool: the others are busy beside it, and only elsewhere it pays to share the work.
fn is_worker() -> bool {
    rayon::current_thread_index().is_some()
}

fn sort<T: Item>(items: &mut [T]) {
    if is_worker() { items.sort_unstable() } else { items.par_sort_unstable() }
}

/// Items in order, to be read any number of times.
pub struct Sorted<T: Item> {
    items: Vec<T>,
    file: Option<Arc<Mutex<File>>>,
    runs: Vec<Run<T>>,
}

impl<T: Item> Sorted<T> {
    /// The items in order. After an error there are no more.
    pub fn iter(&self) -> Merged<'_, T> {
        self.of(|_| true)
    }

    /// The items of some classes in order, and perhaps others: blocks that have none of these are not read.
    pub fn of(&self, wanted: impl Fn(T::Class) -> bool) -> Merged<'_, T> {
        Merged::new(&self.items, &self.runs, self.file.as_ref(), wanted)
    }
}

/// The blocks of items that were sorted together.
type Run<T> = Vec<Place<<T as Item>::Class>>;

/// Where a block begins, and the classes of its first and last item.
struct Place<C> {
    at: u64,
    first: C,
    last: C,
}

/// Appends a run of sorted items to the file.
fn write_run<T: Item>(file: &Mutex<File>, mut items: impl Iterator<Item = io::Result<T>>) -> io::Result<Run<T>> {
    let mut run = Vec::new();
    loop {
        let batch: Vec<T> = items.by_ref().take(BATCH).collect::<io::Result<_>>()?;
        if batch.is_empty() {
            return Ok(run);
        }
        let classes: Vec<_> = batch.chunks(BLOCK).map(|block| (block[0].class(), block[block.len() - 1].class())).collect();
        let blocks = encode_all(batch)?;
        let mut file = lock(file);
        // Behind what other threads have written.
        let mut end = file.seek(SeekFrom::End(0))?;
        for ((first, last), block) in classes.into_iter().zip(blocks) {
            file.write_all(&block)?;
            run.push(Place { at: end, first, last });
            end += block.len() as u64;
        }
    }
}

fn encode_all<T: Item>(items: Vec<T>) -> io::Result<Vec<Vec<u8>>> {
    if !is_worker() {
        return items.into_par_iter().chunks(BLOCK).with_max_len(4).map(encode).collect();
    }
    let mut items = items.into_iter();
    let blocks = std::iter::from_fn(|| Some(items.by_ref().take(BLOCK).collect()).filter(|block: &Vec<T>| !block.is_empty()));
    blocks.map(encode).collect()
}

/// A block: its length, how long it is when unpacked, and then what is in it.
fn encode<T: Item>(items: Vec<T>) -> io::Result<Vec<u8>> {
    PLAIN.with_borrow_mut(|plain| {
        plain.clear();
        *plain = postcard::to_extend(&T::Block::from(items), std::mem::take(plain)).map_err(io::Error::other)?;
        let packed = PACK.with_borrow_mut(|pack| pack.compress(plain))?;
        let length = |bytes: &[u8]| u32::try_from(bytes.len()).map(u32::to_le_bytes).map_err(io::Error::other);
        Ok([&length(&packed)?[..], &length(plain)?[..], &packed].concat())
    })
}

/// The block that begins there.
fn decode<T: Item>(file: &Mutex<File>, at: u64) -> io::Result<Vec<T>> {
    let mut file = lock(file);
    file.seek(SeekFrom::Start(at))?;
    let mut lengths = [[0; 4]; 2];
    lengths.iter_mut().try_for_each(|length| file.read_exact(length))?;
    let [packed, plain] = lengths.map(u32::from_le_bytes);
    let mut block = vec![0; packed as usize];
    file.read_exact(&mut block)?;
    drop(file);
    let plain = UNPACK.with_borrow_mut(|unpack| unpack.decompress(&block, plain as usize))?;
    let items: T::Block = postcard::from_bytes(&plain).map_err(io::Error::other)?;
    Ok(items.into())
}

/// A thread that panicked has left the file at some place, and each user goes to its own first; nothing else is left half
/// done.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Merges what is sorted.
pub struct Merged<'s, T: Item> {
    sources: Vec<Source<'s, T>>,
    /// The next item of each source, and which that is.
    heads: BinaryHeap<Reverse<(T, usize)>>,
    /// What kept the first items from being read.
    failed: Option<io::Error>,
}

impl<'s, T: Item> Merged<'s, T> {
    fn new(items: &'s [T], runs: &[Run<T>], file: Option<&Arc<Mutex<File>>>, wanted: impl Fn(T::Class) -> bool) -> Self {
        let wanted = |place: &&Place<T::Class>| place.first != place.last || wanted(place.first);
        let source = |file, run: &Run<T>| {
            let places: Vec<_> = run.iter().filter(wanted).map(|place| place.at).collect();
            Source::Run { ahead: Ahead::new(file, places), block: Vec::new().into_iter() }
        };
        let runs = file.into_iter().flat_map(|file| runs.iter().map(move |run| source(file, run)));
        let mut sources: Vec<_> = runs.chain([Source::Memory(items.iter())]).collect();
        let heads = sources.iter_mut().enumerate().filter_map(|(source, items)| Some(items.next().transpose()?.map(|item| Reverse((item, source)))));
        match heads.collect::<io::Result<_>>() {
            Ok(heads) => Self { sources, heads, failed: None },
            Err(error) => Self { sources, heads: BinaryHeap::new(), failed: Some(error) },
        }
    }
}

impl<T: Item> Iterator for Merged<'_, T> {
    type Item = io::Result<T>;

    fn next(&mut self) -> Option<Self::Item> {
        if let Some(error) = self.failed.take() {
            return Some(Err(error));
        }
        let mut head = self.heads.peek_mut()?;
        match self.sources[head.0.1].next() {
            Ok(Some(item)) => Some(Ok(std::mem::replace(&mut head.0.0, item))),
            Ok(None) => Some(Ok(PeekMut::pop(head).0.0)),
            Err(error) => {
                drop(head);
                self.heads.clear();
                Some(Err(error))
            }
        }
    }
}

/// Where sorted items come from.
enum Source<'s, T> {
    Memory(std::slice::Iter<'s, T>),
    Run { ahead: Ahead<T>, block: std::vec::IntoIter<T> },
}

/// Blocks of a run, each unpacked by another thread while the one before it is read.
struct Ahead<T> {
    file: Arc<Mutex<File>>,
    /// Where those begin that are not asked for yet.
    places: std::vec::IntoIter<u64>,
    /// The next block; none behind the last.
    next: Option<Receiver<io::Result<Vec<T>>>>,
}

impl<T: Item> Ahead<T> {
    fn new(file: &Arc<Mutex<File>>, places: Vec<u64>) -> Self {
        let mut ahead = Self { file: Arc::clone(file), places: places.into_iter(), next: None };
        ahead.ask();
        ahead
    }

    fn ask(&mut self) {
        self.next = self.places.next().map(|at| {
            let (unpacked, next) = mpsc::sync_channel(1);
            let file = Arc::clone(&self.file);
            // Nobody may want it any more.
            rayon::spawn(move || drop(unpacked.send(decode(&file, at))));
            next
        });
    }

    /// The next block; empty behind the last.
    fn block(&mut self) -> io::Result<Vec<T>> {
        let Some(next) = self.next.take() else { return Ok(Vec::new()) };
        self.ask();
        next.recv().map_err(io::Error::other)?
    }
}

impl<T: Item> Source<'_, T> {
    fn next(&mut self) -> io::Result<Option<T>> {
        match self {
            Self::Memory(items) => Ok(items.next().cloned()),
            Self::Run { ahead, block } => {
                if block.len() == 0 {
                    *block = ahead.block()?.into_iter();
                }
                Ok(block.next())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    impl Item for u64 {
        type Class = Self;
        type Block = Vec<Self>;

        fn class(&self) -> Self {
            self / 1_000
        }
    }

    /// Numbers from 0, in an order that is none.
    fn shuffled(count: u64) -> impl Iterator<Item = u64> {
        (0..count).map(move |number| number * 7_919 % count)
    }

    fn sorted(bound: usize, items: impl Iterator<Item = u64>) -> Sorted<u64> {
        let sorter = Sorter::new(bound);
        items.for_each(|item| sorter.extend([item]).unwrap());
        sorter.finish().unwrap()
    }

    #[test]
    fn items_come_in_order_from_memory_and_from_the_file_and_more_than_once() {
        for (count, bound) in [(0, 10), (1, 10), (1_000, 1_000), (1_000, 999), (10_000, 100), (10_000, 0)] {
            let sorted = sorted(bound, shuffled(count));
            assert!(sorted.items.len() <= bound, "{count} {bound}");
            for _ in 0..2 {
                let items: Vec<u64> = sorted.iter().collect::<io::Result<_>>().unwrap();
                assert_eq!(items, (0..count).collect::<Vec<_>>(), "{count} {bound}");
            }
        }
    }

    #[test]
    fn those_of_a_class_are_read_without_the_others() {
        let sorted = sorted(9_000, shuffled(10_000));
        for wanted in [0, 4, 9] {
            let items: Vec<u64> = sorted.of(|class| class == wanted).collect::<io::Result<_>>().unwrap();
            assert!(items.is_sorted() && items.len() < 10_000 / 2, "{}", items.len());
            let of_class: Vec<_> = items.into_iter().filter(|item| item.class() == wanted).collect();
            assert_eq!(of_class, (wanted * 1_000..(wanted + 1) * 1_000).collect::<Vec<_>>());
        }
    }

    #[test]
    fn two_readers_at_once_do_not_disturb_each_other() {
        let sorted = sorted(100, shuffled(5_000));
        assert!(sorted.iter().zip(sorted.iter()).all(|(one, other)| one.unwrap() == other.unwrap()));
        assert_eq!(sorted.iter().count(), 5_000);
    }

    #[test]
    fn several_threads_bring_items_and_read_them_in_a_pool_of_any_size() {
        for threads in [1, 4] {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            let items = pool.install(|| {
                let sorter = Sorter::new(100);
                (0..100_u64).into_par_iter().try_for_each(|first| sorter.extend((0..70).map(|number| number * 100 + first))).unwrap();
                sorter.finish().unwrap()
            });
            let items: Vec<u64> = items.iter().collect::<io::Result<_>>().unwrap();
            assert_eq!(items, (0..7_000).collect::<Vec<_>>(), "{threads}");
        }
    }

    #[test]
    fn what_is_equal_stays_twice() {
        let items: Vec<u64> = sorted(1, [3, 1, 3, 1].into_iter()).iter().collect::<io::Result<_>>().unwrap();
        assert_eq!(items, [1, 1, 3, 3]);
    }

    #[test]
    fn runs_are_never_more_than_can_be_read_at_once() {
        assert!(sorted(1, shuffled(3_000)).runs.len() < RUNS);
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn a_full_disk_is_an_error() {
        let sorter = Sorter::on(1, || File::options().read(true).write(true).open("/dev/full"));
        let error = (0..3_u64).try_for_each(|item| sorter.extend([item])).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::StorageFull);
    }

    #[test]
    fn a_file_that_was_cut_is_one_error_and_then_the_end() {
        let sorted = sorted(10, shuffled(100));
        lock(sorted.file.as_ref().unwrap()).set_len(20).unwrap();
        let items: Vec<_> = sorted.iter().collect();
        assert!(matches!(items.as_slice(), [Err(_)]), "{items:?}");
    }
}
