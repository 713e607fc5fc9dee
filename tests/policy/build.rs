//! Builds that a CI system ran: what the CA certified of them, and what their provenance says.

use admissible_box::certificate::GeneralName;
use admissible_box::fulcio::{COMMIT, ISSUER, LeafSpec, claim, github_claims};
use admissible_box::keys::KeyAlg;
use admissible_box::world::World;
use serde_json::{Value, json};

/// The build type of GitHub's attestations.
pub const GITHUB: &str = "https://actions.github.io/buildtypes/workflow/v1";
/// A build type that nobody knows: its provenance says what it wants, and leaves out what it wants.
pub const OWN: &str = "https://acme.example/build/v1";
/// The generator's workflow at a release.
pub const GENERATOR: &str = "https://github.com/slsa-framework/slsa-github-generator/.github/workflows/generator_generic_slsa3.yml@refs/tags/v2.1.0";

/// One run of a workflow.
#[derive(Clone)]
pub struct Build {
    pub repository: &'static str,
    pub git_ref: &'static str,
    pub path: &'static str,
    pub repository_id: &'static str,
    pub owner_id: &'static str,
    pub runner: &'static str,
    pub trigger: &'static str,
    /// The workflow that signs, where it is another than the one that was started.
    pub signer: Option<&'static str>,
}

/// The release workflow of `acme/widget`.
pub const RELEASE: Build = Build {
    repository: "https://github.com/acme/widget",
    git_ref: "refs/tags/v1.2.3",
    path: ".github/workflows/release.yml",
    repository_id: "1234567",
    owner_id: "7654321",
    runner: "github-hosted",
    trigger: "push",
    signer: None,
};

impl Build {
    /// The workflow that was started.
    pub fn config(&self) -> String {
        format!("{}/{}@{}", self.repository, self.path, self.git_ref)
    }

    /// The certified identity.
    pub fn identity(&self) -> String {
        self.signer.map_or_else(|| self.config(), Into::into)
    }

    /// Its certificate, from `time` on.
    pub fn leaf(&self, world: &World, time: i64) -> LeafSpec {
        let mut leaf = LeafSpec::new(&world.seed, KeyAlg::P256, time);
        leaf = leaf.with_san(GeneralName::Uri(self.identity()));
        leaf.claims = github_claims();
        let owner = self.repository.rsplit_once('/').expect("an owner").0;
        for (number, value) in [
            (claim::WORKFLOW_TRIGGER, self.trigger),
            (claim::WORKFLOW_REPOSITORY, self.repository.strip_prefix("https://github.com/").expect("GitHub")),
            (claim::WORKFLOW_REF, self.git_ref),
            (claim::BUILD_SIGNER_URI, &self.identity()),
            (claim::RUNNER_ENVIRONMENT, self.runner),
            (claim::SOURCE_REPOSITORY_URI, self.repository),
            (claim::SOURCE_REPOSITORY_REF, self.git_ref),
            (claim::SOURCE_REPOSITORY_IDENTIFIER, self.repository_id),
            (claim::SOURCE_REPOSITORY_OWNER_URI, owner),
            (claim::SOURCE_REPOSITORY_OWNER_IDENTIFIER, self.owner_id),
            (claim::BUILD_CONFIG_URI, &self.config()),
            (claim::BUILD_TRIGGER, self.trigger),
            (claim::RUN_INVOCATION_URI, &self.run()),
        ] {
            leaf.claims.insert(number, value.to_owned());
        }
        leaf
    }

    fn run(&self) -> String {
        format!("{}/actions/runs/42/attempts/1", self.repository)
    }

    /// Provenance 1 as GitHub writes it.
    pub fn provenance(&self) -> Value {
        json!({
            "buildDefinition": {
                "buildType": GITHUB,
                "externalParameters": {
                    "workflow": { "ref": self.git_ref, "repository": self.repository, "path": self.path },
                },
                "internalParameters": { "github": {
                    "event_name": self.trigger,
                    "repository_id": self.repository_id,
                    "repository_owner_id": self.owner_id,
                    "runner_environment": self.runner,
                } },
                "resolvedDependencies": [{
                    "uri": format!("git+{}@{}", self.repository, self.git_ref),
                    "digest": { "gitCommit": COMMIT },
                }],
            },
            "runDetails": {
                "builder": { "id": self.identity() },
                "metadata": { "invocationId": self.run() },
            },
        })
    }

    /// Provenance 0.2 as the generator writes it, which leaves the runner out.
    pub fn provenance_v0_2(&self) -> Value {
        let uri = format!("git+{}@{}", self.repository, self.git_ref);
        json!({
            "builder": { "id": self.identity() },
            "buildType": "https://github.com/slsa-framework/slsa-github-generator/generic@v1",
            "invocation": {
                "configSource": { "uri": uri, "digest": { "sha1": COMMIT }, "entryPoint": self.path },
                "parameters": {},
                "environment": { "github_event_name": self.trigger, "github_ref": self.git_ref },
            },
            "materials": [{ "uri": uri, "digest": { "sha1": COMMIT } }],
        })
    }

    /// The rule that trusts this very workflow.
    pub fn rule(&self) -> Value {
        json!({ "issuer": ISSUER, "identity": self.identity() })
    }
}

/// Provenance 1 of a build type of its own, with nothing in it but these parameters and dependencies; `null` leaves them out.
pub fn own(parameters: &Value, dependencies: &Value) -> Value {
    let mut definition = json!({ "buildType": OWN });
    if !parameters.is_null() {
        definition["externalParameters"] = parameters.clone();
    }
    if !dependencies.is_null() {
        definition["resolvedDependencies"] = dependencies.clone();
    }
    json!({ "buildDefinition": definition, "runDetails": { "builder": { "id": "https://acme.example/builder" } } })
}
