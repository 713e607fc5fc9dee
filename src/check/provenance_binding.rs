//! Claim `provenance-binding`: what the provenance claims about the build agrees with what the CA certified about the signer.
//!
//! Provenance is written by the builder, or by a step of the build itself; the certificate's claims come from the CI system's
//! identity provider. Where both speak of one thing they must say the same.

mod certified;

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use self::certified::Comparison;
use super::certificate_path::VerifiedPath;
use super::statement::VerifiedStatement;
use super::{Coded, codes};
use crate::encoding::json::ShapeError;
use crate::encoding::quoted::Quoted;
use crate::format::predicate::Predicate;
use crate::format::provenance::{Fact, FactName, Provenance};

/// How a claimed fact stands to what the CA certified.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FactStatus {
    /// The CA certified the same.
    Agrees,
    /// The CA certified nothing about it: the signer's word.
    Claimed,
    /// The CA certified something else.
    Disagrees,
}

impl FactStatus {
    /// The name in reports.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Agrees => "agrees",
            Self::Claimed => "claimed",
            Self::Disagrees => "disagrees",
        }
    }
}

/// What a CA certified about one thing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CertifiedFact {
    /// The certificate's claim, by name, or `identity`.
    pub claim: &'static str,
    /// Its value.
    pub value: String,
}

/// A fact of the provenance beside what was certified about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ComparedFact {
    /// What is claimed.
    pub fact: Fact,
    /// How it stands.
    pub status: FactStatus,
    /// What is certified, where something is.
    pub certified: Option<CertifiedFact>,
}

/// A verified statement's provenance, each fact beside what the CA certified. Whether they agree is another matter:
/// [`BoundProvenance`] is the proof.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ComparedProvenance {
    provenance: Provenance,
    facts: Vec<ComparedFact>,
}

/// Proof that nothing in the provenance disagrees with what was certified.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BoundProvenance {
    agreeing: usize,
    claimed: usize,
}

impl ComparedProvenance {
    /// What the predicate claims.
    #[must_use]
    pub fn provenance(&self) -> &Provenance {
        &self.provenance
    }

    /// Its facts, compared.
    #[must_use]
    pub fn facts(&self) -> &[ComparedFact] {
        &self.facts
    }

    /// The fact that speaks for this name: the one that is spelled as it is certified, else one that agrees with that, so that
    /// nobody is shown a claim where there is more than a claim.
    #[must_use]
    pub fn fact(&self, name: FactName) -> Option<&ComparedFact> {
        let rank = |compared: &&ComparedFact| match (&compared.certified, compared.status) {
            (Some(certified), FactStatus::Agrees) if certified.value == compared.fact.value => 0,
            (_, FactStatus::Agrees) => 1,
            _ => 2,
        };
        self.facts.iter().filter(|compared| compared.fact.name == name).min_by_key(rank)
    }

    /// A claim that says something else than the fact that speaks for this name, where no CA certified which is right. Bound
    /// provenance has one only of a producer that describes more than the run that the CA certifies.
    #[must_use]
    pub fn contradicting(&self, name: FactName) -> Option<&ComparedFact> {
        let first = self.fact(name).filter(|first| first.status != FactStatus::Agrees)?;
        let differs = |other: &&ComparedFact| !certified::same(name, &first.fact.value, &other.fact.value);
        self.facts.iter().filter(|compared| compared.fact.name == name).find(differs)
    }

    /// What the CA certified about a fact that the provenance leaves out; `None` where this producer's provenance is not about the
    /// run that the CA certifies. A configuration is certified with its ref, and so is no path.
    #[must_use]
    pub fn certified(&self, name: FactName, path: &VerifiedPath) -> Option<String> {
        let is_comparable = name != FactName::ConfigPath && self.provenance.producer.describes_certified_run(name);
        certified::certified(name, path.claims()).filter(|_| is_comparable).map(|(_, value)| value)
    }
}

impl BoundProvenance {
    /// How many facts the CA certified too.
    #[must_use]
    pub fn agreeing(&self) -> usize {
        self.agreeing
    }

    /// How many are only claimed.
    #[must_use]
    pub fn claimed(&self) -> usize {
        self.claimed
    }
}

/// In what provenance and certificate disagree.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ProvenanceBindingError {
    /// The predicate has not the shape that its type demands.
    Malformed(ShapeError),
    /// The CA certified something else.
    Disagrees {
        /// What is claimed.
        fact: Fact,
        /// What is certified.
        certified: CertifiedFact,
    },
    /// The provenance says two things about one.
    Contradicts {
        /// What it says first.
        first: Fact,
        /// What it says elsewhere.
        second: Fact,
    },
    /// A field that the producer of this build type never writes.
    Forged {
        /// JSON pointer into the statement.
        pointer: String,
    },
}

impl fmt::Display for ProvenanceBindingError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Malformed(error) => write!(f, "{error} (at {} of the payload)", Quoted(&error.at)),
            Self::Disagrees { fact, certified } => write!(
                f,
                "expected the certified {} {} (claim {}), found the provenance to say {} (at {} of the payload)",
                fact.name.name(),
                Quoted(&certified.value),
                certified.claim,
                Quoted(&fact.value),
                Quoted(&fact.pointer)
            ),
            Self::Contradicts { first, second } => write!(
                f,
                "expected one {}, found {} at {} and {} at {} of the payload",
                first.name.name(),
                Quoted(&first.value),
                Quoted(&first.pointer),
                Quoted(&second.value),
                Quoted(&second.pointer)
            ),
            Self::Forged { pointer } => write!(
                f,
                "expected only what the producer of this build type writes, found more at {} of the payload",
                Quoted(pointer)
            ),
        }
    }
}

impl Coded for ProvenanceBindingError {
    codes!(ProvenanceBindingError {
        E::Malformed(_) => "provenance-malformed",
        E::Disagrees { fact: Fact { name: FactName::Builder, .. }, .. } => "provenance-builder-differs",
        E::Disagrees { fact: Fact { name: FactName::SourceRepository, .. }, .. } => "provenance-source-repository-differs",
        E::Disagrees { fact: Fact { name: FactName::SourceRef, .. }, .. } => "provenance-source-ref-differs",
        E::Disagrees { fact: Fact { name: FactName::SourceCommit, .. }, .. } => "provenance-source-commit-differs",
        E::Disagrees { fact: Fact { name: FactName::SourceRepositoryId, .. }, .. } => "provenance-source-repository-id-differs",
        E::Disagrees { fact: Fact { name: FactName::SourceOwnerId, .. }, .. } => "provenance-source-owner-id-differs",
        E::Disagrees { fact: Fact { name: FactName::ConfigPath, .. }, .. } => "provenance-config-path-differs",
        E::Disagrees { fact: Fact { name: FactName::ConfigUri, .. }, .. } => "provenance-config-uri-differs",
        E::Disagrees { fact: Fact { name: FactName::ConfigCommit, .. }, .. } => "provenance-config-commit-differs",
        E::Disagrees { fact: Fact { name: FactName::Trigger, .. }, .. } => "provenance-trigger-differs",
        E::Disagrees { fact: Fact { name: FactName::Run, .. }, .. } => "provenance-run-differs",
        E::Disagrees { fact: Fact { name: FactName::Runner, .. }, .. } => "provenance-runner-differs",
        E::Disagrees { .. } => "provenance-fact-differs",
        E::Contradicts { .. } => "provenance-contradicts-itself",
        E::Forged { .. } => "provenance-forged-field",
    });

    fn hint(&self) -> Option<String> {
        match self {
            Self::Disagrees { .. } => Some(
                "the signer says of its build what its identity does not bear out: treat the provenance as untrue"
                    .into(),
            ),
            _ => None,
        }
    }
}

/// Compares the provenance in a verified statement with what the CA certified; `path` is `None` for a managed key, for which
/// nobody certified anything. `None` where the predicate is no provenance.
///
/// # Errors
/// [`ProvenanceBindingError::Malformed`].
#[inline(never)]
pub fn compare(
    statement: &VerifiedStatement,
    path: Option<&VerifiedPath>,
) -> Result<Option<ComparedProvenance>, ProvenanceBindingError> {
    let statement = statement.statement();
    let provenance = match &statement.predicate {
        Predicate::Provenance(provenance) => provenance.as_ref().clone(),
        Predicate::Malformed(error) if is_provenance(&statement.predicate_type) => {
            return Err(ProvenanceBindingError::Malformed(error.clone()));
        }
        _ => return Ok(None),
    };
    let compared = |fact: &Fact| {
        let comparison = path.map_or(Comparison::NOTHING_CERTIFIED, |path| {
            certified::compare(fact, provenance.producer, path.claims(), path.identity())
        });
        ComparedFact { fact: fact.clone(), status: comparison.status, certified: comparison.certified }
    };
    let facts = provenance.facts.iter().map(compared).collect();
    Ok(Some(ComparedProvenance { provenance, facts }))
}

/// Whether a statement of this type is for this check.
#[must_use]
pub fn is_provenance(predicate_type: &str) -> bool {
    crate::format::provenance::ProvenanceVersion::from_predicate_type(predicate_type).is_some()
}

/// Two facts of one name that nobody certified and that cannot both be true. Those which were compared with one certified value
/// need not be compared again.
fn contradiction(name: FactName, facts: &[ComparedFact]) -> Option<ProvenanceBindingError> {
    // A short spelling may be that of two others: all that differ are kept, a handful before two of them contradict.
    let mut spellings: Vec<&Fact> = Vec::new();
    for ComparedFact { fact, .. } in facts.iter().filter(|compared| compared.status == FactStatus::Claimed) {
        if fact.name != name || spellings.iter().any(|other| other.value == fact.value) {
            continue;
        }
        if let Some(first) = spellings.iter().find(|other| !certified::same(name, &other.value, &fact.value)) {
            return Some(ProvenanceBindingError::Contradicts { first: (*first).clone(), second: fact.clone() });
        }
        spellings.push(fact);
    }
    None
}

/// Demands that nothing disagrees.
///
/// # Errors
/// Every disagreement.
#[inline(never)]
pub fn verify(compared: &ComparedProvenance) -> Result<BoundProvenance, Vec<ProvenanceBindingError>> {
    let ComparedProvenance { provenance, facts } = compared;
    let mut errors = Vec::new();
    for ComparedFact { fact, status, certified } in facts {
        if let (FactStatus::Disagrees, Some(certified)) = (status, certified) {
            errors.push(ProvenanceBindingError::Disagrees { fact: fact.clone(), certified: certified.clone() });
        }
    }
    for name in FactName::ALL.iter().filter(|name| provenance.producer.describes_certified_run(**name)) {
        errors.extend(contradiction(*name, facts));
    }
    errors.extend(provenance.forged.iter().map(|pointer| ProvenanceBindingError::Forged { pointer: pointer.clone() }));
    if !errors.is_empty() {
        return Err(errors);
    }
    let count = |wanted| facts.iter().filter(|compared| compared.status == wanted).count();
    Ok(BoundProvenance { agreeing: count(FactStatus::Agrees), claimed: count(FactStatus::Claimed) })
}
