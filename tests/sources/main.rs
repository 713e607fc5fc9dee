//! Documents in which others keep evidence, read into bundles and judged like any other: those of the corpus, and some that are signed here.

mod corpus;
mod signed;

use admissible::format::source::PieceBundle;

/// The bundle of a piece.
fn here(bundle: &PieceBundle) -> &str {
    let PieceBundle::Here(bundle) = bundle else { panic!("a bundle that is elsewhere") };
    bundle
}
