//! A release of the box's usual workflow, in which a test changes one thing. What the CA certifies and what the provenance claims
//! change together, as they do in the world.

use admissible::{Options, Report, TrustedRoots, Verdict};
use admissible_box::bundle::Signer;
use admissible_box::certificate::GeneralName;
use admissible_box::dsse::{EnvelopeSpec, STATEMENT_V1};
use admissible_box::fulcio::{COMMIT, ISSUER, claim};
use admissible_box::keys::{Hash, KeyAlg, KeyPair};
use admissible_box::world::{ARTIFACT, ARTIFACT_NAME, TIME, World};
use serde_json::{Value, json};

/// The build type of GitHub's attestations, whose builder is the signer.
pub const GITHUB: &str = "https://actions.github.io/buildtypes/workflow/v1";
/// A build type that nobody knows, whose builder may be anyone.
pub const OWN: &str = "https://acme.example/build/v1";

/// What is signed.
#[derive(Clone, Copy, PartialEq)]
pub enum Evidence {
    /// Provenance of version 1.
    V1,
    /// Provenance of version 0.2.
    V0_2,
    /// A statement of this type with nothing in it.
    Other(&'static str),
    /// The artifact itself.
    Message,
}

/// One release.
#[derive(Clone)]
pub struct Release {
    pub time: i64,
    pub issuer: &'static str,
    pub repository: &'static str,
    pub repository_id: &'static str,
    pub owner_id: &'static str,
    pub workflow: &'static str,
    pub git_ref: &'static str,
    /// The workflow that signed, where it is another than the one that was started.
    pub reusable: Option<&'static str>,
    pub trigger: &'static str,
    pub runner: Option<&'static str>,
    pub evidence: Evidence,
    pub build_type: &'static str,
    /// For [`OWN`].
    pub builder: &'static str,
    pub subject: &'static str,
    /// A managed key that signs in place of the workflow.
    pub key: Option<&'static str>,
    /// Edits the statement.
    pub statement: fn(&mut Value),
}

impl Default for Release {
    fn default() -> Self {
        Self {
            time: TIME,
            issuer: ISSUER,
            repository: "https://github.com/acme/widget",
            repository_id: "1234567",
            owner_id: "7654321",
            workflow: ".github/workflows/release.yml",
            git_ref: "refs/tags/v1.2.3",
            reusable: None,
            trigger: "push",
            runner: Some("github-hosted"),
            evidence: Evidence::V1,
            build_type: GITHUB,
            builder: "https://builds.example/acme/one",
            subject: ARTIFACT_NAME,
            key: None,
            statement: |_| {},
        }
    }
}

impl Release {
    /// The usual release, with one thing changed.
    pub fn with(edit: impl FnOnce(&mut Self)) -> Self {
        let mut release = Self::default();
        edit(&mut release);
        release
    }

    fn config(&self) -> String {
        format!("{}/{}@{}", self.repository, self.workflow, self.git_ref)
    }

    fn identity(&self) -> String {
        self.reusable.map_or_else(|| self.config(), ToString::to_string)
    }

    fn builder(&self) -> String {
        if self.build_type == GITHUB { self.identity() } else { self.builder.to_string() }
    }

    fn statement(&self) -> Value {
        let source = format!("git+{}@{}", self.repository, self.git_ref);
        let (predicate_type, predicate) = match self.evidence {
            Evidence::V0_2 => (
                "https://slsa.dev/provenance/v0.2",
                json!({
                    "builder": {"id": self.builder()},
                    "buildType": self.build_type,
                    "invocation": {"configSource": {"uri": source, "digest": {"sha1": COMMIT}, "entryPoint": self.workflow}},
                }),
            ),
            Evidence::Other(predicate_type) => (predicate_type, json!({})),
            Evidence::V1 | Evidence::Message => (
                "https://slsa.dev/provenance/v1",
                json!({
                    "buildDefinition": {
                        "buildType": self.build_type,
                        "externalParameters": {"workflow": {
                            "ref": self.git_ref, "repository": self.repository, "path": self.workflow,
                        }},
                        "internalParameters": {"github": {
                            "event_name": self.trigger,
                            "repository_id": self.repository_id,
                            "repository_owner_id": self.owner_id,
                            "runner_environment": self.runner.unwrap_or_default(),
                        }},
                        "resolvedDependencies": [{"uri": source, "digest": {"gitCommit": COMMIT}}],
                    },
                    "runDetails": {"builder": {"id": self.builder()}},
                }),
            ),
        };
        let digest = json!({"sha256": hex(&Hash::Sha256.digest(ARTIFACT))});
        let mut statement = json!({
            "_type": STATEMENT_V1,
            "subject": [{"name": self.subject, "digest": digest}],
            "predicateType": predicate_type,
            "predicate": predicate,
        });
        (self.statement)(&mut statement);
        statement
    }

    /// The report on the release; whoever signed is trusted.
    pub fn inspect(&self, artifact: &[u8]) -> Report {
        let (bundle, root) = self.signed();
        let roots = TrustedRoots::from_json(&root).expect("a usable trusted root");
        let signer = match self.key {
            Some(seed) => json!({"publicKey": KeyPair::derive(KeyAlg::P256, seed, "release").pem()}),
            None => json!({"dangerouslyAnySigner": true}),
        };
        let options =
            Options::from_json(&json!({"signer": signer}).to_string(), Some(artifact)).expect("usable options");
        admissible::inspect(&bundle, &roots, &options)
    }

    /// The release's bundle, and the trusted root that it verifies by.
    pub fn signed(&self) -> (Vec<u8>, Vec<u8>) {
        let world = World::at("compare", self.time);
        let mut spec = match self.evidence {
            Evidence::Message => world.message(),
            _ => world.statement(&json!({})),
        };
        if self.evidence != Evidence::Message {
            *spec.dsse() = EnvelopeSpec::new(&self.statement());
        }
        match self.key {
            Some(seed) => spec.signer = Signer::Key(KeyPair::derive(KeyAlg::P256, seed, "release")),
            None => {
                let leaf = spec.leaf();
                *leaf = leaf.clone().with_san(GeneralName::Uri(self.identity()));
                let owner = self.repository.rsplit_once('/').expect("an owner").0;
                for (number, value) in [
                    (claim::ISSUER, Some(self.issuer)),
                    (claim::ISSUER_V2, Some(self.issuer)),
                    (claim::WORKFLOW_TRIGGER, Some(self.trigger)),
                    (claim::WORKFLOW_REPOSITORY, None),
                    (claim::WORKFLOW_REF, Some(self.git_ref)),
                    (claim::BUILD_SIGNER_URI, Some(&self.identity())),
                    (claim::RUNNER_ENVIRONMENT, self.runner),
                    (claim::SOURCE_REPOSITORY_URI, Some(self.repository)),
                    (claim::SOURCE_REPOSITORY_REF, Some(self.git_ref)),
                    (claim::SOURCE_REPOSITORY_IDENTIFIER, Some(self.repository_id)),
                    (claim::SOURCE_REPOSITORY_OWNER_URI, Some(owner)),
                    (claim::SOURCE_REPOSITORY_OWNER_IDENTIFIER, Some(self.owner_id)),
                    (claim::BUILD_CONFIG_URI, Some(&self.config())),
                    (claim::BUILD_TRIGGER, Some(self.trigger)),
                    (claim::RUN_INVOCATION_URI, None),
                ] {
                    match value {
                        Some(value) => leaf.claims.insert(number, value.to_string()),
                        None => leaf.claims.remove(&number),
                    };
                }
            }
        }
        (world.bundle(&spec).to_string().into_bytes(), world.trusted_root().to_string().into_bytes())
    }

    /// The report on the release, which passes.
    #[track_caller]
    pub fn report(&self) -> Report {
        let report = self.inspect(ARTIFACT);
        assert_eq!(report.verdict(), Verdict::Passed, "{:#?}", report.failures());
        report
    }

    /// A report on the release that does not pass: it is about another artifact.
    #[track_caller]
    pub fn failed(&self) -> Report {
        let report = self.inspect(b"something else");
        assert_eq!(report.verdict(), Verdict::Failed);
        report
    }
}

/// Lower-case hexadecimal.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
