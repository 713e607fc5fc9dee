//! The reader of certificates held against another one: `x509-cert` decodes, encodes again and compares, as this library did before it
//! had a reader of its own. Both must agree about every certificate and every mutant of one: whether it is read, and on every answer. What
//! `x509-cert` takes although it is no DER or breaks RFC 5280 is listed in `stricter.rs`, rule by rule.
//!
//! The mutants of the real certificates are many: `cargo test --release --test certificate -- --ignored` takes every one.

mod answers;
mod mutants;
mod samples;
mod stricter;

use std::collections::{BTreeMap, BTreeSet};

use admissible::crypto::KeyError;
use admissible::format::certificate::{Certificate, CertificateError};

use self::answers::Answers;
use self::stricter::Rule;

/// What a comparison came to, and how often.
#[derive(Default)]
struct Tally {
    read: usize,
    refused: usize,
    stricter: BTreeMap<Rule, usize>,
}

impl Tally {
    /// Both readers on these bytes; panics where they disagree.
    #[track_caller]
    fn compare(&mut self, der: &[u8]) {
        let ours = Certificate::from_der(der);
        let told = || hex(der);
        match (answers::theirs(der), ours) {
            (Ok(theirs), Ok(ours)) => {
                if let Some(rule) = stricter::broken_rule(&theirs.inner) {
                    panic!("read although {rule:?}: {}", told());
                }
                assert_eq!(Answers::of(&ours, &theirs), theirs.answers, "{}", told());
                self.read += 1;
            }
            (Ok(theirs), Err(error)) => match stricter::broken_rule(&theirs.inner) {
                Some(rule) => *self.stricter.entry(rule).or_default() += 1,
                None => panic!("refused although it is right: {error}: {}", told()),
            },
            (Err(_), Err(error)) => {
                // A trusted root leaves such an authority out, where it would be refused as a whole for any other error.
                let is_left_out = |error: &CertificateError| {
                    use KeyError::{UnsupportedAlgorithm, UnsupportedCurve};
                    matches!(error, CertificateError::Key(UnsupportedAlgorithm { .. } | UnsupportedCurve { .. }))
                };
                assert!(!is_left_out(&error) || answers::is_sound_but_for_the_key(der), "{error}: {}", told());
                self.refused += 1;
            }
            (Err(error), Ok(_)) => panic!("read although {error}: {}", told()),
        }
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Every certificate as it is, and each one's answer to whose key it names.
fn compare_all(samples: &[Vec<u8>]) {
    let mut tally = Tally::default();
    for der in samples {
        tally.compare(der);
    }
    let read: Vec<_> =
        samples.iter().filter_map(|der| Some((Certificate::from_der(der).ok()?, answers::theirs(der).ok()?))).collect();
    for (ours, theirs) in &read {
        for (issuer, named) in &read {
            assert_eq!(ours.names_key_of(issuer), theirs.names_key_of(named));
        }
    }
    println!("{} certificates read, {} refused, {:?}", tally.read, tally.refused, tally.stricter);
}

/// Every `step`th mutant of each certificate.
fn compare_mutants(samples: &[Vec<u8>], step: usize) -> Tally {
    let mut tally = Tally::default();
    let mut count = 0_usize;
    for der in samples {
        mutants::each(der, &mut |mutant| {
            count += 1;
            if count.is_multiple_of(step) {
                tally.compare(mutant);
            }
        });
    }
    println!("of {count} mutants {} read, {} refused, {:?}", tally.read, tally.refused, tally.stricter);
    tally
}

#[test]
fn minted_certificates_are_read_alike() {
    let samples = samples::minted();
    for der in &samples {
        Certificate::from_der(der).unwrap_or_else(|error| panic!("{error}: {}", hex(der)));
    }
    compare_all(&samples);
}

/// What `x509-cert` takes and this library refuses, one rule at a time.
#[test]
fn each_rule_is_held() {
    let mut held = BTreeSet::new();
    for (rule, der) in samples::breaking() {
        let theirs = answers::theirs(&der).unwrap_or_else(|error| panic!("{rule:?}: {error}"));
        assert_eq!(stricter::broken_rule(&theirs.inner), Some(rule), "{}", hex(&der));
        Certificate::from_der(&der).expect_err(&format!("{rule:?}"));
        held.insert(rule);
    }
    assert!(held.iter().eq(Rule::ALL), "only {held:?}");
}

#[test]
fn mutants_of_minted_certificates_are_read_alike() {
    compare_mutants(&samples::smallest(), 1);
    let tally = compare_mutants(&samples::minted(), 127);
    assert!(tally.read > 100 && tally.refused > 500, "the mutants are too tame, or too wild");
}

#[test]
fn real_certificates_are_read_alike() {
    let Some(samples) = samples::real() else { return };
    assert!(samples.len() > 100, "only {} certificates found", samples.len());
    compare_all(&samples);
}

#[test]
fn mutants_of_real_certificates_are_read_alike() {
    let Some(samples) = samples::real() else { return };
    let some: Vec<_> = samples.into_iter().step_by(29).collect();
    compare_mutants(&some, 211);
}

/// Every mutant of every certificate that the box mints, and of a share of the real ones.
#[test]
#[ignore = "an hour"]
fn every_mutant_is_read_alike() {
    let tally = compare_mutants(&samples::minted(), 1);
    assert_eq!(tally.stricter.len(), Rule::ALL.len(), "no mutant breaks some rule");
    compare_mutants(&samples::real().unwrap_or_default(), 7);
}
