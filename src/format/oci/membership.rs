//! That an image is listed in an index: what makes evidence about the index say something about the image.
//!
//! Signers often sign the index alone, and machines run one image of it. The index names the image by digest, so whoever signed the
//! index's digest signed the list. The reverse does not hold: an image does not know in which indexes it is listed, and anybody may
//! list it in one of his own. So evidence about an image never says anything about an index.

use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;

use super::descriptor::Descriptor;
use super::digest::{ContentDigest, ContentError};
use super::platform::Platform;
use super::{Document, Index, OciError};
use crate::crypto::Digest;
use crate::encoding::order::sorted;
use crate::encoding::quoted::Quoted;
use crate::limits::{MAX_INDEX_DEPTH, MAX_NAMED_PLATFORMS, MAX_NESTED_INDEXES};

/// The proof that a digest is listed in an index, directly or through nested indexes, each of which was checked by its digest over
/// its bytes. Nothing else makes one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Membership {
    index: Digest,
    through: Vec<Digest>,
    image: Digest,
    descriptor: Descriptor,
}

/// Why it is not shown that a digest is listed in an index.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum MembershipError {
    /// This build was compiled without the feature `images`.
    NotInBuild,
    /// No index at all.
    NoIndex,
    /// No digest of the image.
    NoImage,
    /// More than [`MAX_INDEX_DEPTH`] indexes within each other.
    TooDeep,
    /// More than [`MAX_NESTED_INDEXES`] nested indexes to look into.
    TooMany,
    /// An index is not the one that is meant.
    Content {
        /// How many indexes are around it.
        depth: usize,
        /// What differs.
        error: ContentError,
    },
    /// What should be an index cannot be read.
    Document {
        /// How many indexes are around it.
        depth: usize,
        /// Why.
        error: OciError,
    },
    /// What should be an index is a manifest.
    NotAnIndex {
        /// How many indexes are around it.
        depth: usize,
    },
    /// The digest is not listed.
    NotListed {
        /// The digest.
        digest: ContentDigest,
    },
    /// No image is for the platform.
    NoPlatform {
        /// The platform.
        wanted: Platform,
        /// The names of those that there are images for, in order and each once. Untrusted text, as it came.
        listed: Vec<String>,
    },
    /// A nested index has to be looked into, and its bytes are not at hand.
    NotAtHand {
        /// Which.
        digest: ContentDigest,
    },
    /// The image is named by a digest by which its content cannot be checked.
    UnknownAlgorithm {
        /// The digest.
        digest: String,
    },
}

impl fmt::Display for MembershipError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotInBuild => f.write_str("this build does not read indexes of images"),
            Self::NoIndex => f.write_str("expected an index, found none"),
            Self::NoImage => f.write_str("expected an image that an index lists, found none"),
            Self::TooDeep => write!(f, "expected at most {MAX_INDEX_DEPTH} indexes within each other, found more"),
            Self::TooMany => write!(f, "expected at most {MAX_NESTED_INDEXES} nested indexes, found more"),
            Self::Content { depth, error } => write!(f, "{error}, for the index at depth {depth}"),
            Self::Document { depth, error } => write!(f, "{error}, in the index at depth {depth}"),
            Self::NotAnIndex { depth } => write!(f, "expected an index, found a manifest at depth {depth}"),
            Self::NotListed { digest } => write!(f, "expected an index that lists {digest}, found another"),
            Self::NoPlatform { wanted, listed } => {
                write!(f, "expected an image for {wanted}, found ")?;
                write_platforms(f, listed)
            }
            Self::NotAtHand { digest } => write!(f, "expected the bytes of the nested index {digest}, found none"),
            Self::UnknownAlgorithm { digest } => ContentError::UnknownAlgorithm { digest: digest.clone() }.fmt(f),
        }
    }
}

/// The first [`MAX_NAMED_PLATFORMS`] in quotes, and how many more there are.
fn write_platforms(f: &mut fmt::Formatter<'_>, listed: &[String]) -> fmt::Result {
    if listed.is_empty() {
        return f.write_str("none");
    }
    for (at, name) in listed.iter().take(MAX_NAMED_PLATFORMS).enumerate() {
        let before = if at == 0 { "images for " } else { ", " };
        write!(f, "{before}{}", Quoted(name))?;
    }
    match listed.len().saturating_sub(MAX_NAMED_PLATFORMS) {
        0 => Ok(()),
        more => write!(f, " and {more} more"),
    }
}

/// The bytes of a nested index, where they are at hand.
pub type AtHand<'f, 'b> = &'f dyn Fn(&ContentDigest) -> Option<&'b [u8]>;

impl Membership {
    /// Shows that `image` is listed in the index of the digest `index`. `indexes` are the bytes on the way: first of that index,
    /// then of one that the one before lists.
    ///
    /// # Errors
    /// [`MembershipError`].
    pub fn prove(index: &Digest, indexes: &[&[u8]], image: &Digest) -> Result<Self, MembershipError> {
        if cfg!(not(feature = "images")) {
            return Err(MembershipError::NotInBuild);
        }
        let (outermost, nested) = indexes.split_first().ok_or(MembershipError::NoIndex)?;
        if indexes.len() > MAX_INDEX_DEPTH {
            return Err(MembershipError::TooDeep);
        }
        let mut list = outermost_index(index, outermost)?;
        let mut through = Vec::new();
        for (depth, bytes) in (1..).zip(nested) {
            // An index may name its own by another algorithm than it is named by.
            let [digest, other] = ContentDigest::all_of(bytes);
            let named = list.find(&digest).or_else(|| list.find(&other));
            let named = named.ok_or(MembershipError::NotListed { digest })?;
            let (digest, next) = nested_index(named, bytes, depth)?;
            through.push(digest);
            list = next;
        }
        let digest = ContentDigest::from(*image);
        let descriptor = list.find(&digest).ok_or(MembershipError::NotListed { digest })?;
        Self::new(index, through, descriptor)
    }

    /// Finds the image for a platform in the index of the digest `index`, whose bytes are `bytes`: the first in the order written,
    /// nested indexes included. A nested index that is said to be for another platform is passed over.
    ///
    /// # Errors
    /// [`MembershipError`]; [`MembershipError::NotAtHand`] names a nested index without which the first cannot be told.
    pub fn of_platform(
        index: &Digest,
        bytes: &[u8],
        wanted: &Platform,
        at_hand: AtHand<'_, '_>,
    ) -> Result<Self, MembershipError> {
        let mut search = Search { index, wanted, at_hand, opened: 0, others: Vec::new() };
        let found = search.look_into(&outermost_index(index, bytes)?, &[])?;
        found.ok_or_else(|| {
            let mut listed = sorted(search.others.iter().map(String::as_str));
            listed.dedup_by_key(|(name, _)| *name);
            let listed = listed.into_iter().map(|(name, _)| name.to_string()).collect();
            MembershipError::NoPlatform { wanted: wanted.clone(), listed }
        })
    }

    fn new(index: &Digest, through: Vec<Digest>, descriptor: &Descriptor) -> Result<Self, MembershipError> {
        let Some(image) = descriptor.digest.known() else {
            return Err(MembershipError::UnknownAlgorithm { digest: descriptor.digest.to_string() });
        };
        Ok(Self { index: *index, through, image: *image, descriptor: descriptor.clone() })
    }

    /// The digest of the index. Evidence about it is about the image as well.
    #[must_use]
    pub fn index(&self) -> &Digest {
        &self.index
    }

    /// The digests of the nested indexes on the way, from the outside in.
    #[must_use]
    pub fn through(&self) -> &[Digest] {
        &self.through
    }

    /// The digest of the image that is listed.
    #[must_use]
    pub fn image(&self) -> &Digest {
        &self.image
    }

    /// What the index says about the image.
    #[must_use]
    pub fn descriptor(&self) -> &Descriptor {
        &self.descriptor
    }
}

fn index_of(document: Document, depth: usize) -> Result<Index, MembershipError> {
    match document {
        Document::Index(index) => Ok(index),
        Document::Manifest(_) => Err(MembershipError::NotAnIndex { depth }),
    }
}

fn outermost_index(digest: &Digest, bytes: &[u8]) -> Result<Index, MembershipError> {
    let content = |error| MembershipError::Content { depth: 0, error };
    ContentDigest::from(*digest).check(bytes).map_err(content)?;
    let document = Document::read(bytes, None).map_err(|error| MembershipError::Document { depth: 0, error })?;
    index_of(document, 0)
}

fn nested_index(named: &Descriptor, bytes: &[u8], depth: usize) -> Result<(Digest, Index), MembershipError> {
    let digest = named.check(bytes).map_err(|error| MembershipError::Content { depth, error })?;
    let document = Document::read(bytes, Some(&named.media_type));
    let document = document.map_err(|error| MembershipError::Document { depth, error })?;
    Ok((digest, index_of(document, depth)?))
}

/// The search for one platform.
struct Search<'s, 'b> {
    index: &'s Digest,
    wanted: &'s Platform,
    at_hand: AtHand<'s, 'b>,
    opened: usize,
    /// The names of the platforms that were passed over.
    others: Vec<String>,
}

impl Search<'_, '_> {
    fn look_into(&mut self, list: &Index, through: &[Digest]) -> Result<Option<Membership>, MembershipError> {
        for listed in &list.manifests {
            if let Some(other) = listed.platform.as_ref().filter(|platform| !platform.is_for(self.wanted)) {
                if !other.is_unknown() {
                    // A name that asks for a platform has no version of the system.
                    self.others.push(Platform { os_version: None, ..other.clone() }.name());
                }
                continue;
            }
            if !listed.is_index() {
                if listed.platform.is_some() {
                    return Membership::new(self.index, through.to_vec(), listed).map(Some);
                }
                continue;
            }
            // This one and those around it, of which the outermost is not in `through`.
            let depth = through.len().saturating_add(1);
            if depth >= MAX_INDEX_DEPTH {
                return Err(MembershipError::TooDeep);
            }
            self.opened = self.opened.saturating_add(1);
            if self.opened > MAX_NESTED_INDEXES {
                return Err(MembershipError::TooMany);
            }
            let not_at_hand = || MembershipError::NotAtHand { digest: listed.digest.clone() };
            let bytes = (self.at_hand)(&listed.digest).ok_or_else(not_at_hand)?;
            let (digest, nested) = nested_index(listed, bytes, depth)?;
            let through: Vec<Digest> = through.iter().copied().chain([digest]).collect();
            if let Some(found) = self.look_into(&nested, &through)? {
                return Ok(Some(found));
            }
        }
        Ok(None)
    }
}
