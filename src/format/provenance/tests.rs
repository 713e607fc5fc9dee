use alloc::string::ToString;
use alloc::vec::Vec;

use super::*;
use crate::encoding::json;

fn read(version: ProvenanceVersion, text: &str) -> Result<Provenance, ShapeError> {
    let value = json::parse(text.as_bytes()).unwrap();
    Provenance::read(version, &Node::root(&value))
}

fn facts(provenance: &Provenance) -> Vec<(FactName, &str, &str)> {
    provenance.facts.iter().map(|fact| (fact.name, fact.value.as_str(), fact.pointer.as_str())).collect()
}

#[test]
fn buildkit_names_its_base_images() {
    let provenance = read(
        ProvenanceVersion::V0_2,
        r#"{"builder":{"id":""},"buildType":"https://mobyproject.org/buildkit@v1",
            "materials":[{"uri":"pkg:docker/alpine@3.17?platform=linux%2Famd64","digest":{"sha256":"AB"}},
                         {"uri":"https://github.com/a/b.git#refs/heads/main","digest":{"sha1":"0123456789012345678901234567890123456789"}}],
            "invocation":{"configSource":{"uri":"https://github.com/a/b.git#refs/heads/main","digest":{"sha1":"0123456789012345678901234567890123456789"},"entryPoint":"Dockerfile"},
                          "parameters":{"frontend":"dockerfile.v0","args":{"x":"1","list":[true,null,{}]}},"environment":{"platform":"linux/amd64"}},
            "metadata":{"buildInvocationID":"q1w2","buildStartedOn":"2022-08-15T06:26:44Z"}}"#,
    )
    .unwrap();
    assert_eq!(provenance.producer, Producer::BuildKit);
    assert_eq!(provenance.fact(FactName::Builder), None, "an empty id claims nothing");
    assert_eq!(provenance.fact(FactName::SourceRepository).unwrap().value, "https://github.com/a/b");
    assert_eq!(provenance.fact(FactName::ConfigPath).unwrap().pointer, "/invocation/configSource/entryPoint");
    assert_eq!(provenance.dependencies[0].digest("sha256"), Some("ab"));
    let names: Vec<_> = provenance.parameters.iter().map(|parameter| parameter.name.as_str()).collect();
    assert_eq!(names, ["/frontend", "/args/x", "/args/list/0", "/args/list/1", "/args/list/2"]);
    assert_eq!(provenance.parameters[4].value, ParameterValue::Empty);
}

#[test]
fn old_provenance_names_its_source_by_index() {
    let provenance = read(
        ProvenanceVersion::V0_1,
        r#"{"builder":{"id":"b"},"recipe":{"type":"t","definedInMaterial":1,"entryPoint":"build.yaml:maketgz","arguments":{"a":1}},
            "materials":[{"uri":"x:y"},{"uri":"git+https://github.com/curl/curl-docker@master","digest":{"sha1":"d6525c840a62b398424a78d792f457477135d0cf"}}]}"#,
    )
    .unwrap();
    assert_eq!(
        facts(&provenance),
        [
            (FactName::Builder, "b", "/builder/id"),
            (FactName::BuildType, "t", "/recipe/type"),
            (FactName::EntryPoint, "build.yaml:maketgz", "/recipe/entryPoint"),
            (FactName::SourceRepository, "https://github.com/curl/curl-docker", "/materials/1/uri"),
            (FactName::SourceRef, "master", "/materials/1/uri"),
            (FactName::SourceCommit, "d6525c840a62b398424a78d792f457477135d0cf", "/materials/1/digest/sha1"),
        ]
    );
    assert_eq!(provenance.parameters, [Parameter { name: "/a".to_string(), value: ParameterValue::Unsigned(1) }]);
}

#[test]
fn wrong_types_are_located() {
    let base = r#"{"buildDefinition":{"buildType":"https://actions.github.io/buildtypes/workflow/v1","externalParameters":{"workflow":{"ref":"r"}}},"runDetails":{"builder":{"id":"b"}}}"#;
    assert!(read(ProvenanceVersion::V1, base).is_ok());
    for (from, to, at) in [
        (r#"{"ref":"r"}"#, r#"["r"]"#, "/buildDefinition/externalParameters/workflow"),
        (r#"{"ref":"r"}"#, r#"{"ref":{}}"#, "/buildDefinition/externalParameters/workflow/ref"),
        (r#"{"id":"b"}"#, r#"{"id":true}"#, "/runDetails/builder/id"),
        (r#"{"id":"b"}"#, "{}", "/runDetails/builder"),
        (r#"{"id":"b"}"#, r#""b""#, "/runDetails/builder"),
        (
            r#""runDetails":{"builder":{"id":"b"}}"#,
            r#""runDetails":{"builder":{"id":"b"},"metadata":[]}"#,
            "/runDetails/metadata",
        ),
        (r#"{"workflow":{"ref":"r"}}"#, "[]", "/buildDefinition/externalParameters"),
        (
            r#"{"buildType""#,
            r#"{"resolvedDependencies":[{"digest":{"sha256":1}}],"buildType""#,
            "/buildDefinition/resolvedDependencies/0/digest/sha256",
        ),
        (r#"{"buildType":"https://actions.github.io/buildtypes/workflow/v1","#, "{", "/buildDefinition"),
    ] {
        let text = base.replacen(from, to, 1);
        assert_ne!(text, base, "{from}");
        assert_eq!(read(ProvenanceVersion::V1, &text).unwrap_err().at, at, "{text}");
    }
}

#[test]
fn too_much_is_located() {
    let many = alloc::format!(
        r#"{{"buildDefinition":{{"buildType":"t","externalParameters":{{"x":[{}1]}}}},"runDetails":{{"builder":{{"id":"b"}}}}}}"#,
        "1,".repeat(crate::limits::MAX_PARAMETERS)
    );
    let error = read(ProvenanceVersion::V1, &many).unwrap_err();
    assert_eq!(error.at, "/buildDefinition/externalParameters/x/4096");
    let many = alloc::format!(
        r#"{{"buildDefinition":{{"buildType":"t","resolvedDependencies":[{}{{}}]}},"runDetails":{{"builder":{{"id":"b"}}}}}}"#,
        "{},".repeat(crate::limits::MAX_DEPENDENCIES)
    );
    assert_eq!(read(ProvenanceVersion::V1, &many).unwrap_err().at, "/buildDefinition/resolvedDependencies");
}

#[test]
fn unknown_build_types_may_use_names_for_other_things() {
    let provenance = read(
        ProvenanceVersion::V1,
        r#"{"buildDefinition":{"buildType":"https://example.org/t","externalParameters":{"workflow":"w","source":7,"configPath":[]}},"runDetails":{"builder":{"id":"b"}}}"#,
    )
    .unwrap();
    assert_eq!(provenance.producer, Producer::Other);
    assert_eq!(provenance.facts.len(), 2);
}
