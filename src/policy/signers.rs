//! Who a policy trusts, and how many of them must have signed.

use alloc::vec::Vec;

use super::error::PolicyErrorKind;
use super::evidence::{Evidence, SignerName};
use super::options::{UsageError, UsageErrorKind};
use super::read::{count, must_be_true, signer_rule, wrong};
use super::signer::{SignerPolicy, SignerRule};
use crate::encoding::json::{Node, Value};
use crate::limits::MAX_SIGNER_RULES;

/// Trusted signers, and how many distinct ones of them it takes.
#[derive(Clone, Debug)]
pub struct Signers {
    policy: SignerPolicy,
    threshold: usize,
}

impl Signers {
    /// Reads a list of rules, `{ threshold, anyOf }`, or `{ dangerouslyAnySigner: true }`.
    pub(super) fn read(node: &Node<'_, '_>) -> Result<Self, UsageError> {
        if matches!(node.value(), Value::Array(_)) {
            return Ok(Self { policy: rules(node)?, threshold: 1 });
        }
        let mut fields = node.fields()?;
        if let Some(any) = fields.optional("dangerouslyAnySigner")? {
            must_be_true(&any)?;
            fields.end()?;
            return Ok(Self { policy: SignerPolicy::DangerouslyAny, threshold: 1 });
        }
        let list = fields.required("anyOf")?;
        let policy = rules(&list)?;
        let node = fields.required("threshold")?;
        let most = match &policy {
            SignerPolicy::AnyOf(rules) => rules.len(),
            SignerPolicy::DangerouslyAny => 1,
        };
        let threshold = count(&node, most)?;
        if threshold == 0 {
            return Err(wrong(&node, UsageErrorKind::Policy(PolicyErrorKind::Zero)));
        }
        fields.end()?;
        Ok(Self { policy, threshold })
    }

    /// How many distinct signers it takes.
    #[must_use]
    pub fn threshold(&self) -> usize {
        self.threshold
    }

    /// The rules themselves.
    #[must_use]
    pub fn policy(&self) -> &SignerPolicy {
        &self.policy
    }

    /// Whether a piece of evidence is by one of them.
    #[must_use]
    pub fn trust(&self, evidence: &Evidence<'_>) -> bool {
        match &self.policy {
            SignerPolicy::DangerouslyAny => true,
            SignerPolicy::AnyOf(rules) => rules.iter().any(|rule| is_by(rule, evidence)),
        }
    }

    /// How many distinct signers of these pieces there are, each by a rule of its own: a signer counts once, however many pieces
    /// and rules are about it, and a rule stands for one signer.
    #[must_use]
    pub fn count<'e>(&self, evidence: impl Iterator<Item = &'e Evidence<'e>>) -> usize {
        let rules = match &self.policy {
            SignerPolicy::AnyOf(rules) => rules.as_slice(),
            SignerPolicy::DangerouslyAny => &[],
        };
        // A rule is about a signer when it is about any of the signer's pieces: two of them may differ in claims or in time.
        let mut signers: Vec<(SignerName<'_>, Vec<usize>)> = Vec::new();
        for piece in evidence {
            let met = rules.iter().enumerate().filter(|(_, rule)| is_by(rule, piece)).map(|(index, _)| index);
            match signers.iter_mut().find(|(known, _)| *known == piece.signer()) {
                Some((_, edges)) => edges.extend(met),
                None => signers.push((piece.signer(), met.collect())),
            }
        }
        if matches!(self.policy, SignerPolicy::DangerouslyAny) {
            return signers.len();
        }
        let edges: Vec<_> = signers.into_iter().map(|(_, edges)| edges).collect();
        matching(&edges, rules.len())
    }
}

fn rules(node: &Node<'_, '_>) -> Result<SignerPolicy, UsageError> {
    let rules =
        node.items("signers", MAX_SIGNER_RULES)?.map(|item| signer_rule(&item)).collect::<Result<Vec<_>, _>>()?;
    if rules.is_empty() { Err(wrong(node, UsageErrorKind::Signer)) } else { Ok(SignerPolicy::AnyOf(rules)) }
}

fn is_by(rule: &SignerRule, evidence: &Evidence<'_>) -> bool {
    match (rule, evidence.path()) {
        (SignerRule::Identity(rule), Some(path)) => rule.differences(path).is_empty(),
        (SignerRule::DangerouslyAny, Some(_)) => true,
        (SignerRule::PublicKey(rule), None) => {
            rule.key.spki_sha256() == *evidence.signature().key_sha256() && rule.evaluate(0, evidence.times()).is_ok()
        }
        _ => false,
    }
}

/// The size of a largest matching of signers to rules (augmenting paths).
fn matching(edges: &[Vec<usize>], rules: usize) -> usize {
    let mut taken: Vec<Option<usize>> = alloc::vec![None; rules];
    let mut matched = 0_usize;
    for signer in 0..edges.len() {
        let mut seen = alloc::vec![false; rules];
        if augment(signer, edges, &mut taken, &mut seen) {
            matched = matched.saturating_add(1);
        }
    }
    matched
}

fn augment(signer: usize, edges: &[Vec<usize>], taken: &mut [Option<usize>], seen: &mut [bool]) -> bool {
    for rule in edges.get(signer).into_iter().flatten() {
        match seen.get_mut(*rule) {
            Some(seen) if !*seen => *seen = true,
            _ => continue,
        }
        let holder = taken.get(*rule).copied().flatten();
        if holder.is_none_or(|holder| augment(holder, edges, taken, seen)) {
            if let Some(place) = taken.get_mut(*rule) {
                *place = Some(signer);
            }
            return true;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_rule_stands_for_one_signer() {
        assert_eq!(matching(&[alloc::vec![0, 1], alloc::vec![0]], 2), 2);
        assert_eq!(matching(&[alloc::vec![0], alloc::vec![0]], 2), 1);
        assert_eq!(matching(&[alloc::vec![0, 1, 2]], 3), 1);
        assert_eq!(matching(&[alloc::vec![1], alloc::vec![0, 1], alloc::vec![0, 2]], 3), 3);
        assert_eq!(matching(&[], 3), 0);
        assert_eq!(matching(&[Vec::new()], 0), 0);
    }
}
