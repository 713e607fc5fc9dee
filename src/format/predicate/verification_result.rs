//! Simple verification results 0.1 and 0.2 (in-toto/attestation `spec/predicates/svr.md`): somebody verified that the artifact has
//! these properties.

use alloc::string::String;
use alloc::vec::Vec;

use super::field::{required, text, texts};
use crate::encoding::json::{Node, ShapeError};
use crate::format::provenance::Resource;
use crate::limits::MAX_VERIFIED_PROPERTIES;

/// A simple verification result.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SimpleVerificationResult {
    /// `verifier.id`: who verified. Worth what the pair of it and the signer is worth.
    pub verifier: String,
    /// `verifier.policies`: what it was verified against. Version 0.1 has none.
    pub policies: Option<Vec<Resource>>,
    /// `timeCreated`, as written.
    pub time_created: String,
    /// `properties`: what was verified and holds, as written.
    pub properties: Vec<String>,
}

impl SimpleVerificationResult {
    /// Reads a predicate; `has_policies` from version 0.2 on.
    pub(super) fn read(predicate: &Node<'_, '_>, has_policies: bool) -> Result<Self, ShapeError> {
        let verifier = required(predicate, "verifier")?;
        let policies = if has_policies { Some(policies(&required(&verifier, "policies")?)?) } else { None };
        Ok(Self {
            verifier: text(&verifier, "id")?,
            policies,
            time_created: text(predicate, "timeCreated")?,
            properties: texts(&required(predicate, "properties")?, "properties", MAX_VERIFIED_PROPERTIES)?,
        })
    }
}

fn policies(list: &Node<'_, '_>) -> Result<Vec<Resource>, ShapeError> {
    list.items("policies", MAX_VERIFIED_PROPERTIES)?.map(|node| Resource::read(&node)).collect()
}

#[cfg(test)]
mod tests {
    use super::super::Predicate;
    use super::super::tests::{each_malformed, read};

    const V0_2: &str = "https://in-toto.io/attestation/svr/v0.2";
    const V0_1: &str = "https://in-toto.io/attestation/svr/v0.1";
    const EXAMPLE: &str = r#"{"verifier":{"id":"https://example.com/publication_verifier/v2","policies":[{"uri":"p","digest":{"sha256":"AB"}}]},
        "timeCreated":"1985-04-12T23:20:50.52Z","properties":["SLSA_BUILD_LEVEL_3","COMPANY_RELEASE_APPROVED"]}"#;

    #[test]
    fn the_example() {
        let Predicate::SimpleVerificationResult(found) = read(V0_2, EXAMPLE) else { panic!() };
        assert_eq!(found.verifier, "https://example.com/publication_verifier/v2");
        assert_eq!(found.time_created, "1985-04-12T23:20:50.52Z");
        assert_eq!(found.properties, ["SLSA_BUILD_LEVEL_3", "COMPANY_RELEASE_APPROVED"]);
        assert_eq!(found.policies.unwrap()[0].digest("sha256"), Some("ab"));
        let Predicate::SimpleVerificationResult(found) = read(V0_1, EXAMPLE) else { panic!() };
        assert_eq!(found.policies, None);
    }

    #[test]
    fn wrong_types_are_located() {
        let policies = r#","policies":[{"uri":"p","digest":{"sha256":"AB"}}]"#;
        each_malformed(
            V0_2,
            EXAMPLE,
            &[
                (policies, "", "/predicate/verifier"),
                (policies, r#","policies":{}"#, "/predicate/verifier/policies"),
                (policies, r#","policies":["p"]"#, "/predicate/verifier/policies/0"),
                (r#""timeCreated":"1985-04-12T23:20:50.52Z","#, "", "/predicate"),
                (r#""COMPANY_RELEASE_APPROVED""#, "{}", "/predicate/properties/1"),
                (r#"["SLSA_BUILD_LEVEL_3","COMPANY_RELEASE_APPROVED"]"#, "{}", "/predicate/properties"),
            ],
        );
    }
}
