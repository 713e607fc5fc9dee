//! Claim `artifact`: the artifact that the caller holds is the one that was signed, or a subject of the signed statement.

use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use super::signature::VerifiedSignature;
use super::statement::VerifiedStatement;
use super::{Coded, codes};
use crate::crypto::{Digest, HashAlgorithm, HashedBytes, digest};
use crate::encoding::quoted::Quoted;
use crate::format::bundle::Content;
use crate::format::oci::membership::{Membership, MembershipError};
use crate::format::simple_signing::SimpleSigning;
use crate::format::statement::Subject;

/// What the caller holds.
#[derive(Clone, Debug)]
pub enum Artifact<'a> {
    /// The artifact itself.
    Bytes(HashedBytes<'a>),
    /// Digests of it, of different algorithms, that the caller computed.
    Digests(Vec<Digest>),
    /// An image that an index lists: evidence about the index is about the image as well, for whoever signed the index's digest signed
    /// the list. Made by [`Artifact::listed_in`].
    Listed {
        /// Digests of the image.
        digests: Vec<Digest>,
        /// The index.
        index: Box<Listing>,
    },
    /// Nothing: the evidence is judged, but binds to no artifact.
    DangerouslyUnbound,
}

/// An index that lists an image: all of its digests, for a subject that has one of them must differ in none, and the proof that it does. Made by
/// [`Artifact::listed_in`] alone.
#[derive(Clone, Debug)]
pub struct Listing {
    digests: [Digest; 3],
    membership: Membership,
}

impl<'a> Artifact<'a> {
    /// The artifact itself.
    #[must_use]
    pub fn from_bytes(bytes: &'a [u8]) -> Self {
        Self::Bytes(HashedBytes::new(bytes))
    }
}

impl Artifact<'_> {
    /// This artifact as an image that is listed in the first of `indexes`: each next one is listed in the one before it, and the last
    /// lists the image.
    ///
    /// # Errors
    /// [`MembershipError`] when it is not shown that they do.
    pub fn listed_in<'a>(&self, indexes: &[&[u8]]) -> Result<Artifact<'a>, MembershipError> {
        let outermost = indexes.first().ok_or(MembershipError::NoIndex)?;
        let index = ALGORITHMS.map(|algorithm| digest(algorithm, outermost));
        let [named, ..] = index;
        let digests: Vec<Digest> = ALGORITHMS.iter().filter_map(|algorithm| self.digest(*algorithm)).collect();
        let mut refusal = MembershipError::NoImage;
        for image in &digests {
            match Membership::prove(&named, indexes, image) {
                Ok(membership) => {
                    return Ok(Artifact::Listed { digests, index: Box::new(Listing { digests: index, membership }) });
                }
                Err(error) => refusal = error,
            }
        }
        Err(refusal)
    }

    /// The proof that an index lists the artifact, where there is one.
    #[must_use]
    pub fn membership(&self) -> Option<&Membership> {
        match self {
            Self::Listed { index, .. } => Some(&index.membership),
            _ => None,
        }
    }

    /// The digest of the index that lists the artifact, where there is one.
    fn index_digest(&self, algorithm: HashAlgorithm) -> Option<Digest> {
        let Self::Listed { index, .. } = self else { return None };
        index.digests.iter().find(|digest| digest.algorithm() == algorithm).copied()
    }

    /// Whether `digest` is the artifact's, or that of the index that lists it.
    #[must_use]
    pub fn is_named_by(&self, digest: &Digest) -> bool {
        [self.digest(digest.algorithm()), self.index_digest(digest.algorithm())].contains(&Some(*digest))
    }

    /// The artifact's digest under `algorithm`, if it can be had.
    #[must_use]
    pub fn digest(&self, algorithm: HashAlgorithm) -> Option<Digest> {
        match self {
            Self::Bytes(bytes) => Some(bytes.digest(algorithm)),
            Self::Digests(digests) | Self::Listed { digests, .. } => {
                digests.iter().find(|digest| digest.algorithm() == algorithm).copied()
            }
            Self::DangerouslyUnbound => None,
        }
    }
}

/// Proof that the evidence is about the caller's artifact, or the caller's word that it need not be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MatchedArtifact {
    /// The signature is over the artifact itself.
    Signed {
        /// The digest that was signed, where the scheme signs one.
        digest: Option<Digest>,
        /// Keeps the variant in this room.
        proof: Proof,
    },
    /// The artifact is a subject of the signed statement.
    Subject {
        /// The subject's place in the statement.
        index: usize,
        /// The subject's name, if it has one.
        name: Option<String>,
        /// The digest that matched.
        digest: Digest,
        /// The proof that the subject lists the artifact, where it is an index that does.
        through: Option<Membership>,
        /// Keeps the variant in this room.
        proof: Proof,
    },
    /// The signed payload names the artifact, which is an image.
    Image {
        /// The name that the signer gave the image. Nothing is compared with it.
        reference: String,
        /// The digest that matched.
        digest: Digest,
        /// The proof that the image lists the artifact, where it is an index that does.
        through: Option<Membership>,
        /// Keeps the variant in this room.
        proof: Proof,
    },
    /// The caller asked for no artifact.
    DangerouslyUnbound,
}

impl MatchedArtifact {
    /// The proof that an index lists the artifact, where the evidence is about the index.
    #[must_use]
    pub fn through(&self) -> Option<&Membership> {
        match self {
            Self::Subject { through, .. } | Self::Image { through, .. } => through.as_ref(),
            Self::Signed { .. } | Self::DangerouslyUnbound => None,
        }
    }
}

/// Only this room makes one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Proof(());

/// Why the evidence is not about the caller's artifact.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ArtifactError {
    /// The bundle names another digest than the artifact has.
    MessageDigestDiffers {
        /// The bundle's.
        signed: Digest,
        /// The artifact's.
        found: Digest,
    },
    /// No subject of the statement has the artifact's digest.
    NotASubject {
        /// How many subjects there are.
        subjects: usize,
        /// The artifact's digest.
        found: Digest,
    },
    /// The signed payload names another image.
    ImageDiffers {
        /// The digest in the payload.
        signed: Digest,
        /// The name in the payload.
        reference: String,
    },
    /// A subject matches under one algorithm and differs under another: one of the two digests is forged.
    SubjectContradicts {
        /// The subject's place in the statement.
        index: usize,
        /// The digest that differs, as stated.
        stated: Digest,
    },
    /// No subject has a digest of an algorithm for which the artifact's digest is known.
    NoCommonAlgorithm {
        /// The algorithms that the subjects have.
        stated: Vec<HashAlgorithm>,
    },
}

impl fmt::Display for ArtifactError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::MessageDigestDiffers { signed, found } => {
                write!(f, "expected the artifact with the signed digest {signed}, found {found}")
            }
            Self::NotASubject { subjects, found } => {
                write!(f, "expected a subject of the statement with {found}, found {subjects} with other digests")
            }
            Self::ImageDiffers { signed, reference } => {
                write!(
                    f,
                    "expected a signature of this image, found one of {signed}, which the signer calls {}",
                    Quoted(reference)
                )
            }
            Self::SubjectContradicts { index, stated } => {
                write!(f, "expected every digest of subject {index} to be the artifact's, found {stated}")
            }
            Self::NoCommonAlgorithm { stated } => {
                f.write_str("expected a digest of the artifact that the statement has too (")?;
                for (index, algorithm) in stated.iter().enumerate() {
                    write!(f, "{}{algorithm}", if index == 0 { "" } else { ", " })?;
                }
                f.write_str(if stated.is_empty() {
                    "none of sha256, sha384, sha512), found others"
                } else {
                    "), found others"
                })
            }
        }
    }
}

impl Coded for ArtifactError {
    codes!(ArtifactError {
        E::MessageDigestDiffers { .. } => "artifact-digest-differs",
        E::NotASubject { .. } => "artifact-not-a-subject",
        E::ImageDiffers { .. } => "artifact-image-differs",
        E::SubjectContradicts { .. } => "artifact-subject-contradicts",
        E::NoCommonAlgorithm { .. } => "artifact-no-common-algorithm",
    });

    fn hint(&self) -> Option<String> {
        match self {
            Self::MessageDigestDiffers { .. } | Self::NotASubject { .. } => {
                Some("check that this is the file the bundle belongs to, unchanged since it was published".into())
            }
            Self::NoCommonAlgorithm { .. } => {
                Some("pass the artifact itself, or its digest of an algorithm that the statement has".into())
            }
            Self::ImageDiffers { .. } => Some("if it is an index that lists this image, pass the index as well".into()),
            Self::SubjectContradicts { .. } => None,
        }
    }
}

/// Compares the artifact with the digest that the bundle names. The hint is signed by nobody: agreement proves nothing, but a
/// difference is reported for what it is, a wrong file.
///
/// # Errors
/// [`ArtifactError::MessageDigestDiffers`].
pub fn compare_hint(content: &Content, artifact: &Artifact<'_>) -> Result<(), ArtifactError> {
    let Content::MessageSignature { digest: Some(signed), .. } = content else { return Ok(()) };
    match artifact.digest(signed.algorithm()) {
        Some(found) if found != *signed => Err(ArtifactError::MessageDigestDiffers { signed: *signed, found }),
        _ => Ok(()),
    }
}

/// The artifact of a message signature: it is the message that the verified signature is over.
#[must_use]
#[inline(never)]
pub fn of_message(signature: &VerifiedSignature, artifact: &Artifact<'_>) -> MatchedArtifact {
    match artifact {
        Artifact::DangerouslyUnbound => MatchedArtifact::DangerouslyUnbound,
        _ => MatchedArtifact::Signed {
            digest: signature.scheme().hash().and_then(|hash| artifact.digest(hash)),
            proof: Proof(()),
        },
    }
}

/// The artifact of a signature over a payload that names an image: the image is the artifact, or an index that lists it.
///
/// # Errors
/// [`ArtifactError`].
#[inline(never)]
pub fn of_image(
    _: &VerifiedSignature,
    image: &SimpleSigning,
    artifact: &Artifact<'_>,
) -> Result<MatchedArtifact, ArtifactError> {
    if matches!(artifact, Artifact::DangerouslyUnbound) {
        return Ok(MatchedArtifact::DangerouslyUnbound);
    }
    let (signed, reference) = (image.manifest_digest, image.docker_reference.clone());
    let own = artifact.digest(signed.algorithm());
    let is_of_index = own != Some(signed) && artifact.index_digest(signed.algorithm()) == Some(signed);
    let through = artifact.membership().filter(|_| is_of_index);
    match own {
        _ if own == Some(signed) || through.is_some() => {
            Ok(MatchedArtifact::Image { reference, digest: signed, through: through.cloned(), proof: Proof(()) })
        }
        Some(_) => Err(ArtifactError::ImageDiffers { signed, reference }),
        None => Err(ArtifactError::NoCommonAlgorithm { stated: alloc::vec![signed.algorithm()] }),
    }
}

const ALGORITHMS: [HashAlgorithm; 3] = [HashAlgorithm::Sha256, HashAlgorithm::Sha384, HashAlgorithm::Sha512];

/// The artifact of a statement: a subject has at least one digest of it, and none that differs (in-toto `digest_set.md`). SHA-1,
/// git and other digests never establish identity here. Where an index lists the artifact, the subject may be the index.
///
/// # Errors
/// [`ArtifactError`].
#[inline(never)]
pub fn of_statement(statement: &VerifiedStatement, artifact: &Artifact<'_>) -> Result<MatchedArtifact, ArtifactError> {
    if matches!(artifact, Artifact::DangerouslyUnbound) {
        return Ok(MatchedArtifact::DangerouslyUnbound);
    }
    let subjects = &statement.statement().subjects;
    // Each digest is computed once, however many subjects there are.
    let stated: Vec<HashAlgorithm> = ALGORITHMS
        .into_iter()
        .filter(|algorithm| subjects.iter().any(|subject| subject.digest(*algorithm).is_some()))
        .collect();
    let known: Vec<Digest> = stated.iter().filter_map(|algorithm| artifact.digest(*algorithm)).collect();
    let refusal = match subject_of(subjects, &known, None) {
        Ok(matched) => return Ok(matched),
        Err(refusal) => refusal,
    };
    let Some(membership) = artifact.membership() else { return Err(refusal) };
    let known: Vec<Digest> = stated.iter().filter_map(|algorithm| artifact.index_digest(*algorithm)).collect();
    match subject_of(subjects, &known, Some(membership)) {
        Err(ArtifactError::NotASubject { .. } | ArtifactError::NoCommonAlgorithm { .. }) => Err(refusal),
        outcome => outcome,
    }
}

/// The first subject that has one of the digests `known`, and none that differs from them.
fn subject_of(
    subjects: &[Subject],
    known: &[Digest],
    through: Option<&Membership>,
) -> Result<MatchedArtifact, ArtifactError> {
    let (mut contradiction, mut held) = (None, None);
    for (index, subject) in subjects.iter().enumerate() {
        let compared =
            || known.iter().filter_map(|found| subject.digest(found.algorithm()).map(|stated| (stated, found)));
        let matching = compared().find(|(stated, found)| stated == found);
        let differing = compared().find(|(stated, found)| stated != found);
        held = held.or(compared().next().map(|(_, found)| *found));
        match (matching, differing) {
            (Some((digest, _)), None) => {
                let (name, digest, through) = (subject.name.clone(), *digest, through.cloned());
                return Ok(MatchedArtifact::Subject { index, name, digest, through, proof: Proof(()) });
            }
            (Some(_), Some((stated, _))) => {
                contradiction = contradiction.or(Some(ArtifactError::SubjectContradicts { index, stated: *stated }));
            }
            _ => {}
        }
    }
    Err(match (contradiction, held) {
        (Some(contradiction), _) => contradiction,
        (None, Some(found)) => ArtifactError::NotASubject { subjects: subjects.len(), found },
        (None, None) => ArtifactError::NoCommonAlgorithm {
            stated: ALGORITHMS
                .into_iter()
                .filter(|algorithm| subjects.iter().any(|subject| subject.digest(*algorithm).is_some()))
                .collect(),
        },
    })
}
