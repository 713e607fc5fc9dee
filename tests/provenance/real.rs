//! Real files of every producer, read in full. The expected values were read in the files themselves.

use admissible_box::corpus::{Corpus, text};

use crate::corpus::{fact, provenance, statements};

/// A file, the build type of one statement in it, and its facts: `name value`, or `name -` for one that must not be there.
const FILES: &[(&str, &str, &[&str])] = &[
    (
        "bundles/cli__cli/data__custom-issuer.sigstore.json",
        "https://actions.github.io/buildtypes/workflow/v1",
        &[
            "builder https://github.com/too-legit/attest/.github/workflows/integration.yml@refs/heads/main",
            "sourceRepository https://github.com/too-legit/attest",
            "sourceRef refs/heads/main",
            "sourceCommit 283bf967fa3c591925dd25e6a6e8e781542117bf",
            "configPath .github/workflows/integration.yml",
            "trigger workflow_dispatch",
            "run https://github.com/too-legit/attest/actions/runs/10818226125/attempts/1",
            "sourceRepositoryId 851894824",
            "sourceOwnerId 180348046",
            "runner github-hosted",
        ],
    ),
    (
        "npm-attestations/mitchdenny__sigstore-dotnet/data__playwright-cli-0.1.1-attestations.json",
        "https://slsa-framework.github.io/github-actions-buildtypes/workflow/v1",
        &[
            "builder https://github.com/actions/runner/github-hosted",
            "sourceRepository https://github.com/microsoft/playwright-cli",
            "sourceRef refs/tags/v0.1.1",
            "sourceCommit d1c6d1113932ddcee243e8b111b6d4aea553df20",
            "configPath .github/workflows/publish.yml",
            "trigger release",
            "run https://github.com/microsoft/playwright-cli/actions/runs/22026075834/attempts/1",
            "sourceRepositoryId 273562379",
            "sourceOwnerId 6154722",
            "runner -",
        ],
    ),
    (
        "npm-attestations/slsa-framework__slsa-verifier/gha__supreme-googles-cli-v02-tag.tgz.json",
        "https://github.com/npm/cli/gha/v2",
        &[
            "builder https://github.com/actions/runner",
            "sourceRepository https://github.com/trishankatdatadog/supreme-goggles",
            "sourceRef refs/tags/v1.0.5",
            "sourceCommit 38ebf99444e033b2f1550c9aaaeacd62d02a12ba",
            "configPath .github/workflows/npm-publish.yml",
            "configURI trishankatdatadog/supreme-goggles/.github/workflows/npm-publish.yml@refs/tags/v1.0.5",
            "configCommit 38ebf99444e033b2f1550c9aaaeacd62d02a12ba",
            "trigger release",
            "run 4994975790-1",
            "sourceRepositoryId 636292006",
            "sourceOwnerId 33133073",
        ],
    ),
    (
        "npm-attestations/npm__pacote/sigstore__valid-attestations.json",
        "https://github.com/npm/cli/gha@v0",
        &[
            "builder https://github.com/npm/cli@9.2.0",
            "sourceRepository https://github.com/sigstore/sigstore-js",
            "sourceRef refs/tags/v0.4.0",
            "sourceCommit 8a2ee2fd20dda58ffa4a8d808a65cb1e04711c03",
            "configPath -",
            "configURI sigstore/sigstore-js/.github/workflows/publish.yml@refs/tags/v0.4.0",
            "trigger release",
            "run 3895197725-1",
            "sourceRepositoryId 495574555",
            "sourceOwnerId 71096353",
        ],
    ),
    (
        "bundles/sigstore__sigstore-go/bundles__dsse.sigstore.json",
        "https://github.com/npm/slsa-provenance/gha@v0",
        &[
            "builder https://github.com/npm/slsa-provenance@0.0.1",
            "sourceRepository https://github.com/github/slsa-provenance",
            "sourceRef refs/heads/demo",
            "sourceCommit 29cff3dd65f780c3601bd457acb6fe4e5931c825",
            "configPath -",
            "entryPoint demo",
            "trigger push",
            "run 3024091546-4",
            "sourceRepositoryId -",
            "sourceOwnerId -",
        ],
    ),
    (
        "bundles/slsa-framework__slsa-verifier/v2.1.0__binary-linux-amd64-push-v13.0.30.intoto.jsonl",
        "https://github.com/slsa-framework/slsa-github-generator/generic@v1",
        &[
            "builder https://github.com/slsa-framework/slsa-github-generator/.github/workflows/generator_generic_slsa3.yml@refs/tags/v2.1.0",
            "sourceRepository https://github.com/slsa-framework/example-package",
            "sourceRef refs/tags/v13.0.30",
            "sourceCommit 4d329c75e7ec1725f7c9ce917a8799d408d06be3",
            "configPath .github/workflows/verifier-e2e.all.workflow_dispatch.main.all.slsa3.yml",
            "trigger push",
            "run 13530999948-1",
            "sourceRepositoryId 486325809",
            "sourceOwnerId 80431187",
        ],
    ),
    (
        "bundles/slsa-framework__slsa-github-generator/hist_cf06e16_outputs__attestation1.intoto",
        "https://github.com/slsa-framework/slsa-github-generator/go@v1",
        &[
            "builder https://github.com/slsa-framework/slsa-github-generator/.github/workflows/builder_go_slsa3.yml@refs/tags/v1.2.2",
            "sourceRepository https://github.com/slsa-framework/slsa-verifier",
            "sourceRef refs/tags/v2.0.1",
            "sourceCommit a43888265e1f6aae98c924538298944f2721dcf0",
            "configPath .github/workflows/release.yml",
            "trigger push",
            "run 3690336455-1",
            "sourceRepositoryId 474162642",
            "sourceOwnerId 80431187",
        ],
    ),
    (
        "dsse/slsa-framework__slsa-github-generator/testdata__binary-linux-amd64.intoto.jsonl",
        "https://github.com/slsa-framework/slsa-github-generator-go@v1",
        &[
            "builder https://github.com/laurentsimon/slsa-github-generator-go/.github/workflows/slsa3_builder.yml@refs/heads/feat/assets",
            "sourceRepository https://github.com/laurentsimon/slsa-on-github-test",
            "sourceRef refs/tags/v3.1",
            "sourceCommit df7d6694efa9f332c1e042f0452e5b7ece22d0d8",
            "configPath -",
            "entryPoint Go SLSA Release",
            "trigger push",
            "run 2229588692-1",
            "sourceRepositoryId -",
        ],
    ),
    (
        "dsse/slsa-framework__slsa-verifier/v1.2.0__binary-linux-amd64-push-v13.0.30.intoto.jsonl",
        "https://github.com/slsa-framework/slsa-github-generator@v1",
        &[
            "builder https://github.com/slsa-framework/slsa-github-generator/.github/workflows/generator_generic_slsa3.yml@refs/tags/v1.2.0",
            "sourceRepository https://github.com/slsa-framework/example-package",
            "sourceRef refs/tags/v13.0.30",
            "sourceCommit 67f34fa5b9e346c678fda315742fb51b449eedca",
            "configPath .github/workflows/verifier-e2e.generic.tag.main.noassets.slsa3.yml",
            "trigger push",
            "run 2700829295-1",
            "sourceRepositoryId 486325809",
            "sourceOwnerId 80431187",
        ],
    ),
    (
        "oci-layouts/slsa-verifier-v1.4.0/index.json",
        "https://github.com/slsa-framework/slsa-github-generator/container@v1",
        &[
            "builder https://github.com/slsa-framework/slsa-github-generator/.github/workflows/generator_container_slsa3.yml@refs/tags/v1.4.0",
            "sourceRepository https://github.com/slsa-framework/example-package",
            "sourceRef refs/heads/main",
            "sourceCommit 904e2c3e02725e314cf6cf141c4700081298dcbd",
            "configPath .github/workflows/verifier-e2e.all.workflow_dispatch.main.all.slsa3.yml",
            "trigger workflow_dispatch",
            "run 3894877440-1",
            "sourceRepositoryId 486325809",
            "sourceOwnerId 80431187",
        ],
    ),
    (
        "npm-attestations/slsa-framework__slsa-verifier/gha__provenance-npm-test-ossf.tgz.json",
        "https://github.com/slsa-framework/slsa-github-generator/delegator-generic@v0",
        &[
            "builder https://github.com/slsa-framework/slsa-github-generator/.github/workflows/builder_nodejs_slsa3.yml@refs/tags/v1.6.0",
            "sourceRepository https://github.com/laurentsimon/provenance-npm-test",
            "sourceRef refs/heads/main",
            "sourceCommit 34490b44db557f009617bcb92b8780f972c189ab",
            "configPath .github/workflows/release-slsa3.yml",
            "configURI laurentsimon/provenance-npm-test/.github/workflows/release-slsa3.yml@refs/heads/main",
            "configCommit 34490b44db557f009617bcb92b8780f972c189ab",
            "trigger workflow_dispatch",
            "run 5016782196-1",
            "sourceRepositoryId 602223945",
            "sourceOwnerId 64505099",
        ],
    ),
    (
        "bundles/slsa-framework__slsa-verifier/v1.10.0__binary-linux-amd64-push-v13.0.30.build.slsa",
        "https://github.com/slsa-framework/slsa-github-generator/delegator-generic@v0",
        &[
            "builder https://github.com/slsa-framework/example-trw/.github/workflows/builder_high-perms_slsa3.yml@refs/tags/v1.10.0",
            "sourceRepository https://github.com/slsa-framework/example-package",
            "sourceRef refs/tags/v13.0.30",
            "sourceCommit 4e383a8215c979d61c6afd2e125cb2f559090adf",
            "configPath -",
            "configURI slsa-framework/example-package/.github/workflows/verifier-e2e.all.workflow_dispatch.main.all.slsa3.yml@refs/tags/v13.0.30",
            "configCommit 4e383a8215c979d61c6afd2e125cb2f559090adf",
            "trigger push",
            "run https://github.com/slsa-framework/example-package/actions/runs/8374570992/attempts/1",
            "sourceRepositoryId 486325809",
            "sourceOwnerId 80431187",
        ],
    ),
    (
        "bundles/slsa-framework__slsa-verifier/v1.10.0__binary-linux-amd64-push-v13.0.30.intoto.build.slsa",
        "https://slsa.dev/container-based-build/v0.1?draft",
        &[
            "builder https://github.com/slsa-framework/slsa-github-generator/.github/workflows/builder_container-based_slsa3.yml@refs/tags/v1.10.0",
            "sourceRepository https://github.com/slsa-framework/example-package",
            "sourceRef refs/tags/v13.0.30",
            "sourceCommit d37a7f740ee7404914456f24dcd90e865a0509e8",
            "configPath .github/configs-docker/config-tag-v13.0.30.toml",
            "configURI slsa-framework/example-package/.github/workflows/verifier-e2e.all.workflow_dispatch.main.all.slsa3.yml@refs/tags/v13.0.30",
            "configCommit d37a7f740ee7404914456f24dcd90e865a0509e8",
            "trigger push",
            "run https://github.com/slsa-framework/example-package/actions/runs/8373487125/attempts/1",
            "sourceRepositoryId 486325809",
            "sourceOwnerId 80431187",
        ],
    ),
    (
        "oci-layouts/slsa-verifier-v1.6.0/index.json",
        "https://mobyproject.org/buildkit@v1",
        &[
            "builder https://github.com/slsa-framework/example-package/actions/runs/5063709022",
            "sourceRepository https://github.com/slsa-framework/example-package",
            "sourceCommit c14c546e54940a410195ede9aa0e7ee2ef1e16d0",
            "configPath Dockerfile",
            "trigger -",
            "run j6fosxfpi15ygjfmg79swarf4",
            "started 2023-05-24T01:31:46.107002826Z",
            "finished 2023-05-24T01:32:17.789818808Z",
        ],
    ),
    (
        "dsse/tektoncd__chains/archivista__archivista_test.go.embed_1012.json",
        "tekton.dev/v1beta1/PipelineRun",
        &[
            "builder https://tekton.dev/chains/v2",
            "sourceRepository -",
            "run -",
            "started 2025-02-27T17:16:19Z",
            "finished 2025-02-27T17:16:31Z",
        ],
    ),
    (
        "dsse/tektoncd__chains/tutorials__hashicorp-integration-tutorial.md.embed_5758.json",
        "tekton.dev/v1beta1/TaskRun",
        &[
            "builder https://tekton.dev/chains/v2",
            "sourceRepository -",
            "started 2023-07-18T08:38:54Z",
            "finished 2023-07-18T08:39:13Z",
        ],
    ),
    (
        "bundles-multi/carabiner-dev__collector/testdata__onebad.jsonl",
        "https://github.com/Attestations/GitHubActionsWorkflow@v1",
        &[
            "builder https://github.com/Attestations/GitHubHostedActions@v1",
            "sourceRepository https://github.com/carabiner-dev/demo-repo",
            "sourceRef -",
            "sourceCommit 10a9d22234413f36ecbbdbb3dd8cc7afe8015fd9",
            "configPath .github/workflows/release.yaml",
            "run -",
        ],
    ),
    (
        "statements/in-toto__attestation/hist_a563fa9_README.md.embed_3084.json",
        "https://github.com/Attestations/GitHubActionsWorkflow@v1",
        &[
            "builder https://github.com/Attestations/GitHubHostedActions@v1",
            "sourceRepository https://github.com/curl/curl-docker",
            "sourceRef master",
            "sourceCommit d6525c840a62b398424a78d792f457477135d0cf",
            "entryPoint build.yaml:maketgz",
            "started 2020-08-19T08:38:00Z",
            "finished -",
        ],
    ),
];

#[test]
fn files_of_every_producer() {
    let Some(corpus) = Corpus::open() else { return };
    for (path, build_type, facts) in FILES {
        println!("{path}");
        let found = statements(&corpus, path);
        let found =
            found.iter().filter_map(|statement| Some((text(statement, "predicateType"), provenance(statement).ok()?)));
        let mut of_type = found.filter(|(_, found)| fact(found, "buildType").as_deref() == Some(*build_type));
        let (_, found) = of_type.next().expect("a statement of this build type");
        for line in *facts {
            let (name, value) = line.split_once(' ').expect("a name and a value");
            let expected = Some(value.to_owned()).filter(|value| value != "-");
            assert_eq!(fact(&found, name), expected, "{name}");
        }
        // Nothing says anything else, in whatever spelling.
        for other in found.facts.iter().filter(|other| other.name.name() == "sourceCommit") {
            assert_eq!(Some(&other.value), fact(&found, "sourceCommit").as_ref());
        }
        assert!(found.forged.is_empty());
    }
}
