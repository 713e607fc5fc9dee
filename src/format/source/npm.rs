//! npm's attestations of a version (`/-/npm/v1/attestations/<name>@<version>`): most often one of the registry that it published, and one of
//! the workflow that built. Source: npm/cli `lib/utils/verify-signatures.js`, pacote `lib/registry.js`.

use alloc::string::ToString;

use super::{Piece, PieceBundle, Source, SourceKind};
use crate::encoding::json::Node;

/// Reads the items of `attestations`.
#[must_use]
pub fn read(items: &[Node<'_, '_>]) -> Source {
    Source { kind: SourceKind::NpmAttestations, pieces: items.iter().map(piece).collect() }
}

fn piece(item: &Node<'_, '_>) -> Piece {
    let Some(bundle) = item.member("bundle") else { return Piece::as_it_is(item) };
    let predicate_type = item.member("predicateType").and_then(|node| node.string().ok().map(ToString::to_string));
    Piece { predicate_type, ..Piece::new(bundle.pointer(), PieceBundle::Here(bundle.value().to_text())) }
}
