//! SLSA provenance as each producer writes it, and the certificate of the run that it is about. Everything is about one run: of
//! [`REF`] of acme/widget, started by a push. The workflow's commit is another than the source's, so that nobody can take the
//! one for the other.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::bundle::{BundleSpec, Signer};
use crate::certificate::GeneralName;
use crate::dsse::{STATEMENT_V01, STATEMENT_V1, statement, subject};
use crate::fulcio::{COMMIT, GITLAB_IDENTITY, IDENTITY, claim, github_claims, gitlab_claims};
use crate::keys::KeyAlg;
use crate::world::{ARTIFACT, ARTIFACT_NAME, World};

/// The predicate type of provenance 0.1.
pub const V0_1: &str = "https://slsa.dev/provenance/v0.1";
/// The predicate type of provenance 0.2.
pub const V0_2: &str = "https://slsa.dev/provenance/v0.2";
/// The predicate type of provenance 1.
pub const V1: &str = "https://slsa.dev/provenance/v1";

/// The ref that was built.
pub const REF: &str = "refs/tags/v1.2.3";
/// The commit of the workflow.
pub const WORKFLOW_COMMIT: &str = "89abcdef0123456789abcdef0123456789abcdef";
/// The run.
pub const RUN: &str = "https://github.com/acme/widget/actions/runs/42/attempts/1";
/// Where slsa-github-generator's workflows are.
pub const GENERATOR: &str = "https://github.com/slsa-framework/slsa-github-generator/.github/workflows/";

/// A producer's provenance, and who signs it.
#[derive(Clone, Debug)]
pub struct Build {
    /// The predicate's type.
    pub predicate_type: &'static str,
    /// The predicate.
    pub predicate: Value,
    /// The certificate's identity, a URI.
    pub identity: String,
    /// The certificate's claims.
    pub claims: BTreeMap<u8, String>,
}

impl Build {
    /// The statement about [`ARTIFACT`], of the version that goes with the predicate's.
    pub fn statement(&self) -> Value {
        let mut made = statement(&[subject(ARTIFACT_NAME, ARTIFACT)], self.predicate_type, &self.predicate);
        made["_type"] = json!(if self.predicate_type == V1 { STATEMENT_V1 } else { STATEMENT_V01 });
        made
    }

    /// The bundle: Fulcio certificate, Rekor v1 with promise and proof.
    pub fn spec(&self, world: &World) -> BundleSpec {
        let mut spec = world.statement(&self.statement());
        *spec.leaf() = world.leaf(KeyAlg::P256).with_san(GeneralName::Uri(self.identity.clone()));
        spec.leaf().claims = self.claims.clone();
        spec
    }

    /// The bundle signed by a managed key, about whose signer nobody certifies anything.
    pub fn managed(&self, world: &World) -> BundleSpec {
        let mut spec = world.statement(&self.statement());
        spec.signer = Signer::Key(world.managed_key(KeyAlg::P256));
        spec
    }

    /// Signed by a reusable workflow instead of the one that was started.
    fn signed_by(mut self, workflow: &str) -> Self {
        self.identity = workflow.to_owned();
        self.claims.insert(claim::BUILD_SIGNER_URI, workflow.to_owned());
        self
    }
}

fn on_github(predicate_type: &'static str, predicate: Value) -> Build {
    let mut claims = github_claims();
    claims.insert(claim::BUILD_SIGNER_DIGEST, WORKFLOW_COMMIT.to_owned());
    claims.insert(claim::BUILD_CONFIG_DIGEST, WORKFLOW_COMMIT.to_owned());
    Build { predicate_type, predicate, identity: IDENTITY.to_owned(), claims }
}

fn on_gitlab(predicate_type: &'static str, predicate: Value) -> Build {
    Build { predicate_type, predicate, identity: GITLAB_IDENTITY.to_owned(), claims: gitlab_claims() }
}

/// Everything here, by name.
pub fn all() -> Vec<(&'static str, Build)> {
    vec![
        ("github-attestations", github_attestations()),
        ("npm-v1", npm_v1()),
        ("npm-gha-v2", npm_gha_v2()),
        ("npm-gha-v0", npm_gha_v0()),
        ("npm-gitlab", npm_gitlab()),
        ("generator-generic", generator("generic@v1", "generator_generic_slsa3.yml")),
        ("generator-go", generator("go@v1", "builder_go_slsa3.yml")),
        ("container-based", container_based()),
        ("delegator-v1", delegator_v1()),
        ("delegator-v02", delegator_v0_2()),
        ("unknown-type", unknown()),
        ("gitlab-runner", gitlab_runner()),
        ("buildkit", buildkit()),
        ("tekton", tekton()),
        ("cloud-build-v1", cloud_build_v1()),
        ("cloud-build-v01", cloud_build_v0_1()),
    ]
}

fn source_v1() -> Value {
    json!([{"uri": format!("git+https://github.com/acme/widget@{REF}"), "digest": {"gitCommit": COMMIT}}])
}

fn source_v0_2() -> Value {
    json!({"uri": format!("git+https://github.com/acme/widget@{REF}"), "digest": {"sha1": COMMIT}})
}

fn workflow_v1(build_type: &str, builder: &str) -> Value {
    json!({
        "buildDefinition": {
            "buildType": build_type,
            "externalParameters": {"workflow": {
                "ref": REF,
                "repository": "https://github.com/acme/widget",
                "path": ".github/workflows/release.yml",
            }},
            "internalParameters": {"github": {
                "event_name": "push",
                "repository_id": "1234567",
                "repository_owner_id": "7654321",
            }},
            "resolvedDependencies": source_v1(),
        },
        "runDetails": {"builder": {"id": builder}, "metadata": {"invocationId": RUN}},
    })
}

/// GitHub's artifact attestations.
pub fn github_attestations() -> Build {
    let mut predicate = workflow_v1("https://actions.github.io/buildtypes/workflow/v1", IDENTITY);
    predicate["buildDefinition"]["internalParameters"]["github"]["runner_environment"] = json!("github-hosted");
    on_github(V1, predicate)
}

/// npm on GitHub Actions.
pub fn npm_v1() -> Build {
    let build_type = "https://slsa-framework.github.io/github-actions-buildtypes/workflow/v1";
    on_github(V1, workflow_v1(build_type, "https://github.com/actions/runner/github-hosted"))
}

fn github_environment() -> Value {
    json!({
        "GITHUB_EVENT_NAME": "push",
        "GITHUB_REF": REF,
        "GITHUB_REPOSITORY": "acme/widget",
        "GITHUB_REPOSITORY_ID": "1234567",
        "GITHUB_REPOSITORY_OWNER_ID": "7654321",
        "GITHUB_RUN_ATTEMPT": "1",
        "GITHUB_RUN_ID": "42",
        "GITHUB_SHA": COMMIT,
        "GITHUB_WORKFLOW_REF": format!("acme/widget/.github/workflows/release.yml@{REF}"),
        "GITHUB_WORKFLOW_SHA": WORKFLOW_COMMIT,
    })
}

/// npm on GitHub Actions, in its last form of SLSA 0.2.
pub fn npm_gha_v2() -> Build {
    let mut config = source_v0_2();
    config["entryPoint"] = json!(".github/workflows/release.yml");
    let predicate = json!({
        "buildType": "https://github.com/npm/cli/gha/v2",
        "builder": {"id": "https://github.com/actions/runner"},
        "invocation": {"configSource": config, "parameters": {}, "environment": github_environment()},
        "metadata": {
            "buildInvocationId": "42-1",
            "completeness": {"parameters": false, "environment": false, "materials": false},
            "reproducible": false,
        },
        "materials": [source_v0_2()],
    });
    on_github(V0_2, predicate)
}

/// npm on GitHub Actions before that.
pub fn npm_gha_v0() -> Build {
    let mut made = npm_gha_v2();
    made.predicate["buildType"] = json!("https://github.com/npm/cli/gha@v0");
    made.predicate["builder"]["id"] = json!("https://github.com/npm/cli@9.2.0");
    let environment = &mut made.predicate["invocation"]["environment"];
    for (name, value) in [("GITHUB_JOB", "publish"), ("GITHUB_RUN_NUMBER", "7"), ("RUNNER_OS", "Linux")] {
        environment[name] = json!(value);
    }
    let workflow = environment["GITHUB_WORKFLOW_REF"].clone();
    made.predicate["invocation"]["configSource"]["entryPoint"] = workflow;
    made.predicate["materials"][0]["uri"] = json!("git+https://github.com/acme/widget");
    made
}

/// npm on GitLab CI.
pub fn npm_gitlab() -> Build {
    let project = "https://gitlab.com/acme/tools/widget";
    let source = json!({"uri": format!("git+{project}"), "digest": {"sha1": COMMIT}});
    let mut config = source.clone();
    config["entryPoint"] = json!("publish");
    let predicate = json!({
        "buildType": "https://github.com/npm/cli/gitlab/v0alpha1",
        "builder": {"id": format!("{project}/-/runners/12270837")},
        "invocation": {
            "configSource": config,
            "parameters": {
                "CI": "true", "CI_PIPELINE_SOURCE": "push", "CI_PROJECT_ID": "1234567", "CI_COMMIT_SHA": COMMIT,
                "CI_COMMIT_REF_NAME": "v1.2.3", "CI_PROJECT_URL": project,
            },
            "environment": {
                "name": "2-green.saas-linux-small-amd64.runners-manager.gitlab.com/default", "architecture": "linux/amd64",
                "server": "https://gitlab.com", "project": "acme/tools/widget", "job": {"id": "42"},
                "pipeline": {"id": "41", "ref": ".gitlab-ci.yml"},
            },
        },
        "metadata": {
            "buildInvocationId": format!("{project}/-/jobs/42"),
            "completeness": {"parameters": true, "environment": true, "materials": false},
            "reproducible": false,
        },
        "materials": [source],
    });
    on_gitlab(V0_2, predicate)
}

/// The metadata of the GitLab runner, which a job can sign.
pub fn gitlab_runner() -> Build {
    let project = "https://gitlab.com/acme/tools/widget";
    let predicate = json!({
        "buildDefinition": {
            "buildType": "https://gitlab.com/gitlab-org/gitlab-runner/-/blob/2a4a2d1/PROVENANCE.md",
            "externalParameters": {"CI": "", "CI_COMMIT_SHA": "", "entryPoint": "build-job", "source": project},
            "internalParameters": {"architecture": "amd64", "executor": "docker+machine", "job": "42", "name": "green-6"},
            "resolvedDependencies": [{"uri": project, "digest": {"sha256": COMMIT}}],
        },
        "runDetails": {
            "builder": {"id": format!("{project}/-/runners/12270837"), "version": {"gitlab-runner": "2a4a2d1"}},
            "metadata": {"invocationId": "42", "startedOn": "2025-06-15T15:06:30Z", "finishedOn": "2025-06-15T15:06:40Z"},
        },
    });
    on_gitlab(V1, predicate)
}

/// slsa-github-generator 2.0.0.
pub fn generator(build_type: &str, workflow: &str) -> Build {
    let workflow = format!("{GENERATOR}{workflow}@refs/tags/v2.0.0");
    let mut config = source_v0_2();
    config["entryPoint"] = json!(".github/workflows/release.yml");
    let predicate = json!({
        "buildType": format!("https://github.com/slsa-framework/slsa-github-generator/{build_type}"),
        "builder": {"id": workflow},
        "invocation": {
            "configSource": config,
            "parameters": {},
            "environment": {
                "github_actor": "ada", "github_actor_id": "5", "github_base_ref": "", "github_event_name": "push",
                "github_event_payload": {"ref": REF}, "github_head_ref": "", "github_ref": REF, "github_ref_type": "tag",
                "github_repository_id": "1234567", "github_repository_owner": "acme",
                "github_repository_owner_id": "7654321", "github_run_attempt": "1", "github_run_id": "42",
                "github_run_number": "7", "github_sha1": COMMIT,
            },
        },
        "metadata": {
            "buildInvocationID": "42-1",
            "completeness": {"parameters": true, "environment": false, "materials": false},
            "reproducible": false,
        },
        "materials": [source_v0_2(), {"uri": "https://github.com/actions/virtual-environments/releases/tag/ubuntu22/1"}],
    });
    on_github(V0_2, predicate).signed_by(&workflow)
}

/// slsa-github-generator's container-based builder 2.0.0, which writes numbers of runs bare.
pub fn container_based() -> Build {
    let workflow = format!("{GENERATOR}builder_container-based_slsa3.yml@refs/tags/v2.0.0");
    let mut internal = github_environment();
    internal["GITHUB_RUN_ID"] = json!(42);
    let image = "bash@sha256:9e2ba52487d945504d250de186cb4fe2e3ba023ed2921dd6ac8b97ed43e76af9";
    let predicate = json!({
        "buildDefinition": {
            "buildType": "https://slsa.dev/container-based-build/v0.1?draft",
            "externalParameters": {
                "source": source_v0_2(),
                "builderImage": {"uri": image, "digest": {"sha256": image.split(':').next_back()}},
                "configPath": ".github/configs-docker/config.toml",
                "buildConfig": {"ArtifactPath": "widget", "Command": ["make", "widget"]},
            },
            "internalParameters": internal,
            "resolvedDependencies": [source_v0_2(), {"uri": image, "digest": {"sha256": image.split(':').next_back()}}],
        },
        "runDetails": {"builder": {"id": workflow}, "metadata": {"invocationId": RUN}},
    });
    on_github(V1, predicate).signed_by(&workflow)
}

/// The builder that a delegator signs for.
pub fn delegating_builder() -> String {
    format!("{GENERATOR}builder_nodejs_slsa3.yml@refs/tags/v2.0.0")
}

/// slsa-github-generator's delegator 2.0.0.
pub fn delegator_v1() -> Build {
    let predicate = json!({
        "buildDefinition": {
            "buildType": "https://github.com/slsa-framework/slsa-github-generator/delegator-generic@v0",
            "externalParameters": {"inputs": {"directory": ".", "rekor-log-public": false}, "vars": {}},
            "internalParameters": github_environment(),
            "resolvedDependencies": source_v1(),
        },
        "runDetails": {"builder": {"id": delegating_builder()}, "metadata": {"invocationId": RUN}},
    });
    on_github(V1, predicate).signed_by(&format!("{GENERATOR}delegator_generic_slsa3.yml@refs/tags/v2.0.0"))
}

/// The delegator with SLSA 0.2.
pub fn delegator_v0_2() -> Build {
    let mut config = source_v0_2();
    config["entryPoint"] = json!(".github/workflows/release.yml");
    let predicate = json!({
        "buildType": "https://github.com/slsa-framework/slsa-github-generator/delegator-generic@v0",
        "builder": {"id": delegating_builder()},
        "invocation": {
            "configSource": config,
            "parameters": {"inputs": {"directory": ".", "run-scripts": "ci, build"}},
            "environment": github_environment(),
        },
        "metadata": {"buildInvocationId": "42-1", "completeness": {"parameters": true}},
        "materials": [source_v0_2()],
    });
    on_github(V0_2, predicate).signed_by(&format!("{GENERATOR}delegator_lowperms-generic_slsa3.yml@refs/tags/v2.0.0"))
}

/// A build type that nobody knows, in the specification's words.
pub fn unknown() -> Build {
    let predicate = json!({
        "buildDefinition": {
            "buildType": "https://example.com/build/v1",
            "externalParameters": {"source": format!("git+https://github.com/acme/widget@{REF}"), "target": "all"},
            "resolvedDependencies": [
                {"uri": "pkg:docker/alpine@3.17", "digest": {"sha256": "00"}},
                {"uri": "git+https://github.com/acme/widget", "digest": {"gitCommit": COMMIT}},
            ],
        },
        "runDetails": {
            "builder": {"id": IDENTITY},
            "metadata": {"invocationId": RUN, "startedOn": "2025-06-15T15:06:30Z", "finishedOn": "2025-06-15T15:06:40Z"},
        },
    });
    on_github(V1, predicate)
}

/// BuildKit inside a workflow, about a build of another repository.
pub fn buildkit() -> Build {
    let source =
        json!({"uri": "https://github.com/acme/images.git#refs/heads/main", "digest": {"sha1": WORKFLOW_COMMIT}});
    let mut config = source.clone();
    config["entryPoint"] = json!("Dockerfile");
    let predicate = json!({
        "builder": {"id": "https://github.com/acme/widget/actions/runs/42"},
        "buildType": "https://mobyproject.org/buildkit@v1",
        "invocation": {
            "configSource": config,
            "parameters": {"frontend": "dockerfile.v0", "args": {"label:version": "main"}},
            "environment": {"platform": "linux/amd64"},
        },
        "metadata": {"buildInvocationID": "j6fosxfpi15ygjfmg79swarf4", "buildStartedOn": "2025-06-15T15:06:30Z"},
        "materials": [{"uri": "pkg:docker/golang@1.20?platform=linux%2Famd64", "digest": {"sha256": "00"}}, source],
    });
    on_github(V0_2, predicate)
}

/// Tekton Chains.
pub fn tekton() -> Build {
    let predicate = json!({
        "builder": {"id": "https://tekton.dev/chains/v2"},
        "buildType": "tekton.dev/v1beta1/PipelineRun",
        "invocation": {"configSource": {}, "parameters": {"IMAGE": "docker.io/acme/widget"}, "environment": {"labels": {}}},
        "metadata": {"buildStartedOn": "2025-06-15T15:06:30Z", "buildFinishedOn": "2025-06-15T15:06:40Z"},
        "materials": [{"uri": "oci://ubuntu", "digest": {"sha256": "00"}}],
    });
    on_github(V0_2, predicate)
}

/// Google Cloud Build.
pub fn cloud_build_v1() -> Build {
    let predicate = json!({
        "buildDefinition": {
            "buildType": "https://cloud.google.com/build/gcb-buildtypes/google-worker/v1",
            "externalParameters": {
                "buildConfigSource": {
                    "path": "cloudbuild.yaml", "ref": "refs/heads/main", "repository": "git+https://github.com/acme/images",
                },
                "substitutions": {},
            },
            "internalParameters": {"systemSubstitutions": {"BRANCH_NAME": "main"}, "triggerUri": "projects/1/triggers/2"},
            "resolvedDependencies": [
                {"uri": "git+https://github.com/acme/images@refs/heads/main", "digest": {"gitCommit": WORKFLOW_COMMIT}},
                {"uri": "gcr.io/cloud-builders/docker@sha256:00", "digest": {"sha256": "00"}},
            ],
        },
        "runDetails": {
            "builder": {"id": "https://cloudbuild.googleapis.com/GoogleHostedWorker"},
            "byproducts": [{}],
            "metadata": {"invocationId": "https://cloudbuild.googleapis.com/v1/projects/acme/locations/global/builds/7"},
        },
    });
    on_github(V1, predicate)
}

/// Google Cloud Build with SLSA 0.1.
pub fn cloud_build_v0_1() -> Build {
    let predicate = json!({
        "builder": {"id": "https://cloudbuild.googleapis.com/GoogleHostedWorker@v0.3"},
        "recipe": {
            "type": "https://cloudbuild.googleapis.com/CloudBuildYaml@v0.1",
            "definedInMaterial": 0,
            "entryPoint": "cloudbuild.yaml",
            "arguments": {"@type": "type.googleapis.com/google.devtools.cloudbuild.v1.Build", "id": "7", "steps": [{}]},
        },
        "metadata": {"buildInvocationId": "7", "buildStartedOn": "2025-06-15T15:06:30Z"},
        "materials": [{
            "uri": format!("https://github.com/acme/images/commit/{WORKFLOW_COMMIT}"), "digest": {"sha1": WORKFLOW_COMMIT},
        }],
    });
    on_github(V0_1, predicate)
}
