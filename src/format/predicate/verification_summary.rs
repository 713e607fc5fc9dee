//! SLSA verification summaries 1, 0.2 and 0.1 (slsa.dev `verification_summary/v1`, `/v0.2`, `/v0.1`): somebody verified the
//! artifact against a policy, and says at which levels it passed.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::field::{claimed, other_text, texts};
use crate::encoding::json::{Fields, Node, ShapeError, ShapeErrorKind, Value, decimal};
use crate::format::provenance::Resource;
use crate::limits::{MAX_INPUT_ATTESTATIONS, MAX_VERIFIED_PROPERTIES};

/// A version of the predicate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VerificationSummaryVersion {
    /// `https://slsa.dev/verification_summary/v0.1`
    V0_1,
    /// `https://slsa.dev/verification_summary/v0.2`
    V0_2,
    /// `https://slsa.dev/verification_summary/v1`
    V1,
}

impl VerificationSummaryVersion {
    /// The version that this predicate type names.
    #[must_use]
    pub fn from_predicate_type(predicate_type: &str) -> Option<Self> {
        match predicate_type {
            "https://slsa.dev/verification_summary/v0.1" => Some(Self::V0_1),
            "https://slsa.dev/verification_summary/v0.2" => Some(Self::V0_2),
            "https://slsa.dev/verification_summary/v1" => Some(Self::V1),
            _ => None,
        }
    }
}

/// What became of a verification.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VerificationResult {
    /// `PASSED`
    Passed,
    /// `FAILED`
    Failed,
}

/// A verification summary. The predicate was first specified with names in snake_case and then in lowerCamelCase, and its
/// protobuf messages read both: a field may have either spelling, never both.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerificationSummary {
    /// The version of the predicate.
    pub version: VerificationSummaryVersion,
    /// `verifier.id`: who verified. Worth what the pair of it and the signer is worth.
    pub verifier: String,
    /// `verifier.version`: the verifier's components and their versions.
    pub verifier_versions: Vec<(String, String)>,
    /// `timeVerified`, as written; from version 1.1 on it may be left out.
    pub time_verified: Option<String>,
    /// `resourceUri`: what the artifact was verified as; version 0.1 has none.
    pub resource_uri: Option<String>,
    /// `policy`: what it was verified against; always with a URI.
    pub policy: Resource,
    /// `verificationResult`.
    pub result: VerificationResult,
    /// `verifiedLevels`, and the one `policy_level` of versions 0: levels and other verified properties, as written.
    pub verified_levels: Vec<String>,
    /// `dependencyLevels`: how many dependencies were verified at which level. `None` claims nothing; empty claims that there
    /// are no dependencies.
    pub dependency_levels: Option<Vec<(String, u64)>>,
    /// `inputAttestations`: what the verifier looked at. `None` claims nothing; empty claims that it was no attestation.
    pub input_attestations: Option<Vec<Resource>>,
    /// `slsaVersion`: the version of SLSA that the verifier used.
    pub slsa_version: Option<String>,
}

impl VerificationSummary {
    /// The verified level of SLSA's build track: 3 for `SLSA_BUILD_LEVEL_3`, and for the `SLSA_LEVEL_3` of versions 0, which
    /// had no tracks. `None` when the verification failed or says nothing about that track. A level implies those below it.
    #[must_use]
    pub fn build_level(&self) -> Option<u8> {
        if self.result == VerificationResult::Failed {
            return None;
        }
        let levels = self.verified_levels.iter().filter_map(|text| track_level(text));
        let is_build = |track: &str| match self.version {
            VerificationSummaryVersion::V1 => track == "BUILD",
            VerificationSummaryVersion::V0_1 | VerificationSummaryVersion::V0_2 => ["", "BUILD"].contains(&track),
        };
        let mut build = levels.filter(|(track, _)| is_build(track));
        build.next().and_then(|(_, level)| u8::try_from(decimal(level)?).ok())
    }

    pub(super) fn read(version: VerificationSummaryVersion, predicate: &Node<'_, '_>) -> Result<Self, ShapeError> {
        use VerificationSummaryVersion::{V0_1, V0_2, V1};
        let mut fields = predicate.fields()?;
        let verifier = fields.required("verifier")?;
        let mut verifier_fields = verifier.fields()?;
        let time_verified = match version {
            V1 => claimed(fields.optional("timeVerified")?)?,
            V0_1 | V0_2 => Some(text(&mut fields, "timeVerified")?),
        };
        let resource_uri = match version {
            V0_1 => claimed(fields.optional("resourceUri")?)?,
            V0_2 | V1 => Some(text(&mut fields, "resourceUri")?),
        };
        let result = fields.required("verificationResult")?;
        let verified_levels = match version {
            V1 => levels(&fields.required("verifiedLevels")?)?,
            V0_1 | V0_2 => alloc::vec![text(&mut fields, "policyLevel")?],
        };
        Ok(Self {
            version,
            verifier: text(&mut verifier_fields, "id")?,
            verifier_versions: versions(verifier_fields.optional("version")?)?,
            time_verified,
            resource_uri,
            policy: policy(version, &fields.required("policy")?)?,
            result: match result.string()? {
                "PASSED" => VerificationResult::Passed,
                "FAILED" => VerificationResult::Failed,
                other => return Err(other_text(&result, "PASSED or FAILED", other)),
            },
            verified_levels,
            dependency_levels: dependency_levels(fields.optional("dependencyLevels")?)?,
            input_attestations: input_attestations(fields.optional("inputAttestations")?)?,
            slsa_version: claimed(fields.optional("slsaVersion")?)?,
        })
    }
}

fn text(fields: &mut Fields<'_, '_>, name: &'static str) -> Result<String, ShapeError> {
    fields.required(name)?.string().map(ToString::to_string)
}

/// Track and level of a text `SLSA_<TRACK>_LEVEL_<N>`; the track is empty for `SLSA_LEVEL_<N>`.
fn track_level(text: &str) -> Option<(&str, &str)> {
    let rest = text.strip_prefix("SLSA_")?;
    rest.strip_prefix("LEVEL_").map(|level| ("", level)).or_else(|| rest.rsplit_once("_LEVEL_"))
}

/// The verified levels: at most one of each track.
fn levels(list: &Node<'_, '_>) -> Result<Vec<String>, ShapeError> {
    let levels = texts(list, "verified levels", MAX_VERIFIED_PROPERTIES)?;
    let mut tracks = Vec::new();
    for (item, level) in list.items("verified levels", MAX_VERIFIED_PROPERTIES)?.zip(&levels) {
        let Some((track, _)) = track_level(level) else { continue };
        if tracks.contains(&track) {
            return Err(other_text(&item, "one level of each SLSA track", level));
        }
        tracks.push(track);
    }
    Ok(levels)
}

fn versions(map: Option<Node<'_, '_>>) -> Result<Vec<(String, String)>, ShapeError> {
    let Some(map) = map else { return Ok(Vec::new()) };
    few(&map, "component versions")?;
    map.members()?.map(|(name, version)| Ok((name.to_string(), version.string()?.to_string()))).collect()
}

fn policy(version: VerificationSummaryVersion, node: &Node<'_, '_>) -> Result<Resource, ShapeError> {
    // Version 0.1 has a URI alone; some write the object of the later versions.
    if let (VerificationSummaryVersion::V0_1, Value::String(uri)) = (version, node.value()) {
        return Ok(Resource { uri: Some(uri.to_string()), ..Resource::default() });
    }
    let policy = Resource::read(node)?;
    if policy.uri.is_none() {
        return Err(node.error(ShapeErrorKind::Missing { field: "uri" }));
    }
    Ok(policy)
}

fn dependency_levels(map: Option<Node<'_, '_>>) -> Result<Option<Vec<(String, u64)>>, ShapeError> {
    let Some(map) = map else { return Ok(None) };
    few(&map, "dependency levels")?;
    let count = |(level, count): (&str, Node<'_, '_>)| Ok((level.to_string(), count.int64()?.unsigned_abs()));
    map.members()?.map(count).collect::<Result<_, _>>().map(Some)
}

fn input_attestations(list: Option<Node<'_, '_>>) -> Result<Option<Vec<Resource>>, ShapeError> {
    let Some(list) = list else { return Ok(None) };
    let read = |node: Node<'_, '_>| {
        let resource = Resource::read(&node)?;
        node.member("digest").ok_or_else(|| node.error(ShapeErrorKind::Missing { field: "digest" }))?;
        Ok(resource)
    };
    list.items("input attestations", MAX_INPUT_ATTESTATIONS)?.map(read).collect::<Result<_, _>>().map(Some)
}

/// Demands an object of few members.
fn few(map: &Node<'_, '_>, what: &'static str) -> Result<(), ShapeError> {
    let found = map.members()?.count();
    if found > MAX_VERIFIED_PROPERTIES {
        return Err(map.error(ShapeErrorKind::TooMany { what, limit: MAX_VERIFIED_PROPERTIES, found }));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::Predicate;
    use super::super::tests::{each_malformed, read};
    use super::*;

    const V1: &str = "https://slsa.dev/verification_summary/v1";
    const V0_2: &str = "https://slsa.dev/verification_summary/v0.2";
    const V0_1: &str = "https://slsa.dev/verification_summary/v0.1";

    /// The example of the specification.
    const EXAMPLE: &str = r#"{"verifier":{"id":"https://example.com/publication_verifier","version":{"slsa-verifier":"v2.3.0"}},
        "timeVerified":"1985-04-12T23:20:50.52Z","resourceUri":"https://example.com/example-1.2.3.tar.gz",
        "policy":{"uri":"https://example.com/example_tarball.policy","digest":{"sha256":"1234"}},
        "inputAttestations":[{"uri":"https://example.com/a.intoto.jsonl","digest":{"sha256":"abcd"}}],
        "verificationResult":"PASSED","verifiedLevels":["SLSA_BUILD_LEVEL_3"],
        "dependencyLevels":{"SLSA_BUILD_LEVEL_3":5,"SLSA_BUILD_LEVEL_2":"7"},"slsaVersion":"1.0"}"#;

    const EXAMPLE_0_2: &str = r#"{"verifier":{"id":"v"},"time_verified":"1985-04-12T23:20:50.52Z","resource_uri":"r",
        "policy":{"uri":"p"},"verification_result":"PASSED","policy_level":"SLSA_LEVEL_3","dependency_levels":{}}"#;

    fn summary(predicate_type: &str, predicate: &str) -> VerificationSummary {
        match read(predicate_type, predicate) {
            Predicate::VerificationSummary(summary) => *summary,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn the_example() {
        let found = summary(V1, EXAMPLE);
        assert_eq!(found.verifier, "https://example.com/publication_verifier");
        assert_eq!(found.verifier_versions, [("slsa-verifier".into(), "v2.3.0".into())]);
        assert_eq!(found.time_verified.as_deref(), Some("1985-04-12T23:20:50.52Z"));
        assert_eq!(found.policy.digest("sha256"), Some("1234"));
        assert_eq!(found.result, VerificationResult::Passed);
        assert_eq!(found.build_level(), Some(3));
        let dependencies = [("SLSA_BUILD_LEVEL_3".into(), 5), ("SLSA_BUILD_LEVEL_2".into(), 7)];
        assert_eq!(found.dependency_levels.as_deref(), Some(&dependencies[..]));
        assert_eq!(found.input_attestations.unwrap()[0].digest("sha256"), Some("abcd"));
        assert_eq!(found.slsa_version.as_deref(), Some("1.0"));
    }

    #[test]
    fn older_versions_have_one_level_and_other_names() {
        let found = summary(V0_2, EXAMPLE_0_2);
        assert_eq!((found.resource_uri.as_deref(), found.build_level()), (Some("r"), Some(3)));
        assert_eq!((found.dependency_levels, found.input_attestations), (Some(Vec::new()), None));
        let camel =
            EXAMPLE_0_2.replace("policy_level", "policyLevel").replace("verification_result", "verificationResult");
        assert_eq!(summary(V0_2, &camel).build_level(), Some(3));
        let first = r#"{"verifier":{"id":"v"},"time_verified":"t","policy":"p","verification_result":"FAILED","policy_level":"FAILED"}"#;
        let found = summary(V0_1, first);
        assert_eq!((found.policy.uri.as_deref(), found.build_level()), (Some("p"), None));
        assert_eq!(found.resource_uri, None);
    }

    #[test]
    fn levels_are_of_tracks() {
        for (levels, build_level) in [
            (r#"["SLSA_SOURCE_LEVEL_2","SLSA_BUILD_LEVEL_2","SLSA_BUILD_REPRODUCED"]"#, Some(2)),
            (r#"["SLSA_BUILD_LEVEL_0"]"#, Some(0)),
            (r#"["SLSA_BUILD_LEVEL_UNEVALUATED"]"#, None),
            (r#"["SLSA_SOURCE_LEVEL_3","ORG_SLSA_BUILD_LEVEL_3"]"#, None),
            // Version 1 has no levels without a track.
            (r#"["SLSA_LEVEL_3"]"#, None),
            (r#"["SLSA_BUILD_LEVEL_+3"]"#, None),
            (r#"["SLSA_BUILD_LEVEL_03"]"#, None),
            ("[]", None),
        ] {
            let text = EXAMPLE.replace(r#"["SLSA_BUILD_LEVEL_3"]"#, levels);
            assert_eq!(summary(V1, &text).build_level(), build_level, "{levels}");
        }
        // A summary of a failure verifies no level, whatever it lists.
        let failed = EXAMPLE.replace("PASSED", "FAILED");
        assert_eq!(summary(V1, &failed).build_level(), None);
    }

    #[test]
    fn wrong_types_are_located() {
        each_malformed(
            V1,
            EXAMPLE,
            &[
                (r#""PASSED""#, r#""passed""#, "/predicate/verificationResult"),
                (r#""PASSED""#, "true", "/predicate/verificationResult"),
                (r#"["SLSA_BUILD_LEVEL_3"]"#, r#""SLSA_BUILD_LEVEL_3""#, "/predicate/verifiedLevels"),
                (r#"["SLSA_BUILD_LEVEL_3"]"#, "[3]", "/predicate/verifiedLevels/0"),
                (
                    r#"["SLSA_BUILD_LEVEL_3"]"#,
                    r#"["SLSA_BUILD_LEVEL_3","ORG_X","SLSA_BUILD_LEVEL_2"]"#,
                    "/predicate/verifiedLevels/2",
                ),
                (r#""verifier":{"id""#, r#""verifier":{"name""#, "/predicate/verifier"),
                (
                    r#"{"slsa-verifier":"v2.3.0"}"#,
                    r#"{"slsa/verifier":2}"#,
                    "/predicate/verifier/version/slsa~1verifier",
                ),
                (r#""resourceUri""#, r#""resource""#, "/predicate"),
                (r#""policy":{"uri""#, r#""policy":{"name""#, "/predicate/policy"),
                (r#""resourceUri""#, r#""resource_uri":"other","resourceUri""#, "/predicate"),
                (
                    r#""SLSA_BUILD_LEVEL_3":5"#,
                    r#""SLSA_BUILD_LEVEL_3":-5"#,
                    "/predicate/dependencyLevels/SLSA_BUILD_LEVEL_3",
                ),
                (r#","digest":{"sha256":"abcd"}"#, "", "/predicate/inputAttestations/0"),
                (r#""sha256":"abcd""#, r#""sha256":["abcd"]"#, "/predicate/inputAttestations/0/digest/sha256"),
                (r#""timeVerified":"1985-04-12T23:20:50.52Z""#, r#""timeVerified":0"#, "/predicate/timeVerified"),
            ],
        );
        each_malformed(
            V0_2,
            EXAMPLE_0_2,
            &[
                (r#""policy_level":"SLSA_LEVEL_3""#, r#""verified_levels":["SLSA_LEVEL_3"]"#, "/predicate"),
                (r#""policy":{"uri":"p"}"#, r#""policy":"p""#, "/predicate/policy"),
                (r#""time_verified":"1985-04-12T23:20:50.52Z","#, "", "/predicate"),
            ],
        );
    }

    #[test]
    fn lists_are_bounded() {
        let levels = alloc::format!("[{}\"X\"]", "\"X\",".repeat(MAX_VERIFIED_PROPERTIES));
        let inputs = alloc::format!("[{}{{}}]", "{},".repeat(MAX_INPUT_ATTESTATIONS));
        let many = (0..=MAX_VERIFIED_PROPERTIES).map(|n| alloc::format!("\"{n}\":1")).collect::<Vec<_>>().join(",");
        each_malformed(
            V1,
            EXAMPLE,
            &[
                (r#"["SLSA_BUILD_LEVEL_3"]"#, &levels, "/predicate/verifiedLevels"),
                (
                    r#"[{"uri":"https://example.com/a.intoto.jsonl","digest":{"sha256":"abcd"}}]"#,
                    &inputs,
                    "/predicate/inputAttestations",
                ),
                (r#""SLSA_BUILD_LEVEL_3":5,"SLSA_BUILD_LEVEL_2":"7""#, &many, "/predicate/dependencyLevels"),
            ],
        );
    }
}
