//! GitHub's attestations of a digest (`/repos/<owner>/<repo>/attestations/<digest>`). A bundle stands in the answer, or only at a URL; by now it does
//! so always, as Snappy. One answer may hold bundles of the public-good instance and of GitHub's own: each names its authority itself.
//! Source: cli/cli `pkg/cmd/attestation/api`.

use alloc::string::ToString;

use super::{Piece, PieceBundle, Source, SourceKind};
use crate::encoding::json::Node;

/// Whether an item of `attestations` is GitHub's, not npm's.
#[must_use]
pub fn is_item(item: &Node<'_, '_>) -> bool {
    ["bundle_url", "repository_id"].iter().any(|name| item.member(name).is_some())
}

/// Reads the items of `attestations`.
#[must_use]
pub fn read(items: &[Node<'_, '_>]) -> Source {
    Source { kind: SourceKind::GithubAttestations, pieces: items.iter().map(piece).collect() }
}

fn piece(item: &Node<'_, '_>) -> Piece {
    let text = |name| item.member(name).and_then(|node| node.string().ok().map(ToString::to_string));
    let piece = match (item.member("bundle"), text("bundle_url")) {
        (Some(bundle), _) => Piece::new(bundle.pointer(), PieceBundle::Here(bundle.value().to_text())),
        (None, Some(url)) => Piece::new(alloc::format!("{}/bundle_url", item.pointer()), PieceBundle::Elsewhere(url)),
        (None, None) => Piece::as_it_is(item),
    };
    Piece { predicate_type: text("predicate_type"), ..piece }
}
