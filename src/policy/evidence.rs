//! What a policy judges: the verified facts of one bundle, and nothing else of it.

use crate::check::artifact::MatchedArtifact;
use crate::check::certificate_path::VerifiedPath;
use crate::check::provenance_binding::ComparedProvenance;
use crate::check::signature::VerifiedSignature;
use crate::check::signing_time::SigningTimes;
use crate::check::statement::VerifiedStatement;
use crate::policy::level::Level;
use crate::time::UnixTime;

/// The verified facts of one bundle for which every check holds. Made of a report that passed, and of no other.
#[derive(Clone, Debug)]
pub struct Evidence<'r> {
    /// Which of the bundles that are judged together, from 0.
    pub(crate) bundle: usize,
    pub(crate) signature: &'r VerifiedSignature,
    pub(crate) artifact: &'r MatchedArtifact,
    pub(crate) path: Option<&'r VerifiedPath>,
    pub(crate) times: Option<&'r SigningTimes>,
    pub(crate) statement: Option<&'r VerifiedStatement>,
    pub(crate) provenance: Option<&'r ComparedProvenance>,
    pub(crate) level: Option<&'r Level>,
}

/// Who signed, to tell two signers apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignerName<'r> {
    /// A certified identity, by its issuer and name.
    Identity {
        /// The OIDC issuer.
        issuer: Option<&'r str>,
        /// The subject alternative name.
        identity: &'r str,
    },
    /// A managed key, by the SHA-256 of its SPKI.
    Key(&'r [u8; 32]),
}

impl<'r> Evidence<'r> {
    /// Which of the bundles that are judged together, from 0.
    #[must_use]
    pub fn bundle(&self) -> usize {
        self.bundle
    }

    /// That the signature is right.
    #[must_use]
    pub fn signature(&self) -> &'r VerifiedSignature {
        self.signature
    }

    /// What it is about.
    #[must_use]
    pub fn artifact(&self) -> &'r MatchedArtifact {
        self.artifact
    }

    /// Who signed, with a certificate.
    #[must_use]
    pub fn path(&self) -> Option<&'r VerifiedPath> {
        self.path
    }

    /// When.
    #[must_use]
    pub fn times(&self) -> Option<&'r SigningTimes> {
        self.times
    }

    /// What was stated.
    #[must_use]
    pub fn statement(&self) -> Option<&'r VerifiedStatement> {
        self.statement
    }

    /// The provenance in it; bound, since the report passed.
    #[must_use]
    pub fn provenance(&self) -> Option<&'r ComparedProvenance> {
        self.provenance
    }

    /// The provenance's build level.
    #[must_use]
    pub fn level(&self) -> Option<&'r Level> {
        self.level
    }

    /// Who signed.
    #[must_use]
    pub fn signer(&self) -> SignerName<'r> {
        match self.path {
            Some(path) => SignerName::Identity { issuer: path.claims().issuer(), identity: &path.identity().value },
            None => SignerName::Key(self.signature.key_sha256()),
        }
    }

    /// The earliest attested time: the signature is at least as old.
    #[must_use]
    pub fn earliest(&self) -> Option<UnixTime> {
        self.times?.times().iter().map(|signing| signing.time).min()
    }
}
