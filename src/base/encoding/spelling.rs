//! Which known word was meant.

use alloc::vec::Vec;

/// Most characters that are looked at; no name of ours is longer.
const LONGEST: usize = 64;

/// The known word that is nearest to `word`, where it takes at most a third of its letters to get there: a letter more, less, other,
/// or swapped with its neighbour counts one, and so does another case.
#[must_use]
pub fn nearest(word: &str, known: &[&'static str]) -> Option<&'static str> {
    let letters: Vec<char> = word.chars().take(LONGEST).collect();
    let (distance, nearest) = known
        .iter()
        .map(|candidate| (distance(&letters, &candidate.chars().collect::<Vec<_>>()), *candidate))
        .min_by_key(|(distance, _)| *distance)?;
    (distance <= 1.max(letters.len() / 3)).then_some(nearest)
}

/// Edit distance with neighbouring swaps (optimal string alignment), row by row.
fn distance(one: &[char], other: &[char]) -> usize {
    let at = |row: &[usize], index: usize| row.get(index).copied().unwrap_or(usize::MAX);
    let mut before: Vec<usize> = Vec::new();
    let mut above: Vec<usize> = (0..=other.len()).collect();
    let mut last = None;
    for (index, letter) in one.iter().enumerate() {
        let mut row = alloc::vec![index.saturating_add(1)];
        let mut last_other = None;
        for (column, other_letter) in other.iter().enumerate() {
            let next = column.saturating_add(1);
            let changed = at(&above, column).saturating_add(usize::from(letter != other_letter));
            let mut best = changed.min(at(&above, next).saturating_add(1)).min(at(&row, column).saturating_add(1));
            if last == Some(other_letter) && last_other == Some(letter) {
                best = best.min(at(&before, column.saturating_sub(1)).saturating_add(1));
            }
            row.push(best);
            last_other = Some(other_letter);
        }
        before = core::mem::replace(&mut above, row);
        last = Some(letter);
    }
    at(&above, other.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_word_is_near() {
        let known = ["require", "signers", "predicateType", "level"];
        for (word, meant) in [
            ("requires", Some("require")),
            ("reqiure", Some("require")),
            ("predicatetype", Some("predicateType")),
            ("predicate_type", Some("predicateType")),
            ("signer", Some("signers")),
            ("levle", Some("level")),
            ("x", None),
            ("", None),
            ("trigger", None),
        ] {
            assert_eq!(nearest(word, &known), meant, "{word}");
        }
        assert_eq!(nearest("anything", &[]), None);
        assert_eq!(nearest(&"x".repeat(100_000), &known), None);
    }
}
