//! Floor 4, with the feature `rayon` only: many bundles at once, on as many threads as rayon has.

use alloc::vec::Vec;

use rayon::prelude::*;

use crate::crypto::Memory;
use crate::policy::options::Options;
use crate::report::Report;
use crate::verify::{TrustedRoots, inspect_by};

/// [`inspect`](crate::inspect) of each of these bundles, by its own options: the very reports that one after the other gives, in their order.
///
/// Each thread takes bundles that lie side by side, with a [`Memory`] of its own, since a memory is for one thread. Call it inside
/// `rayon::ThreadPool::install` to choose how many threads there are.
#[must_use]
pub fn inspect_many(bundles: Vec<(&[u8], Options<'_>)>, roots: &TrustedRoots) -> Vec<Report> {
    let share = bundles.len().div_ceil(rayon::current_num_threads()).max(1);
    let inspected = bundles.into_par_iter().chunks(share).flat_map_iter(|bundles| {
        let memory = Memory::default();
        bundles.into_iter().map(move |(bundle, options)| inspect_by(bundle, roots, &options, &memory))
    });
    inspected.collect()
}
