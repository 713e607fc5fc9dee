//! Making outcomes of results.

use alloc::string::String;
use alloc::vec::Vec;

use crate::check::Located;
use crate::report::Outcome;

/// Failed, for these reasons.
pub(super) fn failed<T, E>(at: &str, errors: impl IntoIterator<Item = E>) -> Outcome<T, E> {
    Outcome::Failed(errors.into_iter().map(|error| Located::new(at, error)).collect())
}

/// What became of a requirement.
pub(super) fn requirement<T, E>(result: Result<T, Vec<E>>) -> Outcome<T, E> {
    result.map_or_else(|errors| failed("", errors), Outcome::Passed)
}

/// One outcome of the same check on several entries or timestamps: all that failed, else all that passed, else nothing.
pub(super) fn outcome<'r, T: Clone + 'r, E: Clone + 'r>(
    results: impl Iterator<Item = (&'r String, &'r Result<T, E>)>,
) -> Outcome<Vec<Located<T>>, E> {
    let (mut passed, mut errors) = (Vec::new(), Vec::new());
    for (at, result) in results {
        match result {
            Ok(proof) => passed.push(Located::new(at, proof.clone())),
            Err(error) => errors.push(Located::new(at, error.clone())),
        }
    }
    match (passed.is_empty(), errors.is_empty()) {
        (_, false) => Outcome::Failed(errors),
        (false, true) => Outcome::Passed(passed),
        (true, true) => Outcome::Absent,
    }
}
