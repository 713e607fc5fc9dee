//! SPDX 2 in JSON and as tag-value text (spdx/spdx-spec 2.3, chapters 6 and 11), SPDX 3 in JSON-LD (spdx/spdx-3-model, `Core`
//! and `Software`).

use alloc::string::ToString;

use super::{Sbom, SbomContents, SbomFormat};
use crate::encoding::json::{Node, ShapeError, ShapeErrorKind, Value};
use crate::format::predicate::field::{count_objects, optional_text, other_text, required, text};

pub(super) fn read_v2(document: &Node<'_, '_>) -> Result<Sbom, ShapeError> {
    let version = required(document, "spdxVersion")?;
    let spec_version = version.string()?;
    let spec_version =
        spec_version.strip_prefix("SPDX-").ok_or_else(|| other_text(&version, "SPDX- and a version", spec_version))?;
    Ok(Sbom {
        format: SbomFormat::Spdx,
        spec_version: spec_version.to_string(),
        name: Some(text(document, "name")?),
        id: Some(text(document, "documentNamespace")?),
        created: Some(text(&required(document, "creationInfo")?, "created")?),
        contents: Some(SbomContents {
            packages: count_objects(document, "packages")?.unwrap_or_default(),
            files: count_objects(document, "files")?.unwrap_or_default(),
            relationships: count_objects(document, "relationships")?.unwrap_or_default(),
        }),
    })
}

/// A document in tag-value form. Its texts may run over many lines that look like tags, so that only the version is taken, which
/// stands first.
pub(super) fn read_tag_value(text: &str) -> Option<Sbom> {
    let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
    let spec_version = lines.next()?.strip_prefix("SPDXVersion:")?.trim().strip_prefix("SPDX-")?;
    Some(Sbom {
        format: SbomFormat::Spdx,
        spec_version: spec_version.to_string(),
        name: None,
        id: None,
        created: None,
        contents: None,
    })
}

pub(super) fn read_v3(document: &Node<'_, '_>) -> Result<Sbom, ShapeError> {
    required(document, "@context")?;
    let graph = required(document, "@graph")?;
    let mut contents = SbomContents::default();
    let (mut root, mut first_information) = (None, None);
    for element in graph.items("elements", usize::MAX)? {
        match required(&element, "type")?.string()? {
            "SpdxDocument" => root = root.or(Some(element)),
            "CreationInfo" => first_information = first_information.or(Some(element)),
            "software_File" => contents.files = contents.files.saturating_add(1),
            "software_Package" | "ai_AIPackage" | "dataset_DatasetPackage" => {
                contents.packages = contents.packages.saturating_add(1);
            }
            // `LifecycleScopedRelationship` and the like are relationships, too.
            other if other.ends_with("Relationship") => {
                contents.relationships = contents.relationships.saturating_add(1);
            }
            _ => {}
        }
    }
    let of_root = |name: &str| root.as_ref().map_or(Ok(None), |root| optional_text(root, name));
    let own_information = root.as_ref().and_then(|root| root.member("creationInfo"));
    let information = match own_information.as_ref().map(|information| (information, information.value())) {
        Some((_, Value::String(id))) => information_of(&graph, id)?,
        Some((information, _)) => Some(*information),
        None => first_information,
    };
    let Some(information) = information else {
        return Err(root.unwrap_or(graph).error(ShapeErrorKind::Missing { field: "creationInfo" }));
    };
    Ok(Sbom {
        format: SbomFormat::Spdx,
        spec_version: text(&information, "specVersion")?,
        name: of_root("name")?,
        id: of_root("spdxId")?,
        created: Some(text(&information, "created")?),
        contents: Some(contents),
    })
}

/// The creation information of this id.
fn information_of<'n, 'a>(graph: &'n Node<'_, 'a>, id: &str) -> Result<Option<Node<'n, 'a>>, ShapeError> {
    let is_it = |element: &Node<'_, '_>| {
        let text = |name: &str| element.member(name).and_then(|node| node.string().ok().map(ToString::to_string));
        text("type").as_deref() == Some("CreationInfo") && text("@id").as_deref() == Some(id)
    };
    Ok(graph.items("elements", usize::MAX)?.find(is_it))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::predicate::Predicate;
    use crate::format::predicate::tests::{each_malformed, read};

    const ANY: &str = "https://spdx.dev/Document";
    const V2: &str = "https://spdx.dev/Document/v2.3";
    const V3: &str = "https://spdx.dev/Document/v3";

    const EXAMPLE: &str = r#"{"SPDXID":"SPDXRef-DOCUMENT","spdxVersion":"SPDX-2.3","dataLicense":"CC0-1.0","name":"log4shell",
        "documentNamespace":"http://spdx.org/spdxpackages/log4shell-1.0","creationInfo":{"created":"2022-06-08T15:31:05Z","creators":["Tool: x"]},
        "packages":[{"SPDXID":"SPDXRef-1"},{"SPDXID":"SPDXRef-2"}],"files":[],"relationships":[{"relationshipType":"DESCRIBES"}]}"#;

    const EXAMPLE_3: &str = r#"{"@context":"https://spdx.org/rdf/3.0.1/spdx-context.jsonld","@graph":[
        {"type":"CreationInfo","@id":"_:other","created":"2020-01-01T00:00:00Z","specVersion":"3.0.0"},
        {"type":"CreationInfo","@id":"_:info","created":"2024-11-06T17:30:00Z","specVersion":"3.0.1"},
        {"type":"SpdxDocument","spdxId":"https://example.com/document","name":"HBOM","creationInfo":"_:info"},
        {"type":"software_Package","spdxId":"p"},{"type":"ai_AIPackage","spdxId":"q"},{"type":"software_File","spdxId":"f"},
        {"type":"Relationship"},{"type":"LifecycleScopedRelationship"},{"type":"Organization"}]}"#;

    fn sbom(predicate_type: &str, predicate: &str) -> Sbom {
        match read(predicate_type, predicate) {
            Predicate::Sbom(sbom) => *sbom,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn version_2() {
        for predicate_type in [ANY, V2, "https://spdx.dev/Document/v2.2"] {
            let found = sbom(predicate_type, EXAMPLE);
            assert_eq!((found.format, found.spec_version.as_str()), (SbomFormat::Spdx, "2.3"));
            assert_eq!(found.name.as_deref(), Some("log4shell"));
            assert_eq!(found.id.as_deref(), Some("http://spdx.org/spdxpackages/log4shell-1.0"));
            assert_eq!(found.created.as_deref(), Some("2022-06-08T15:31:05Z"));
            assert_eq!(found.contents, Some(SbomContents { packages: 2, files: 0, relationships: 1 }));
        }
        assert!(matches!(read(V3, EXAMPLE), Predicate::Malformed(error) if error.at == "/predicate"));
    }

    #[test]
    fn version_3() {
        for predicate_type in [ANY, V3, "https://spdx.dev/Document/v3.0", "https://spdx.dev/Document/v3.0.1"] {
            let found = sbom(predicate_type, EXAMPLE_3);
            assert_eq!((found.spec_version.as_str(), found.name.as_deref()), ("3.0.1", Some("HBOM")));
            assert_eq!(found.id.as_deref(), Some("https://example.com/document"));
            assert_eq!(found.created.as_deref(), Some("2024-11-06T17:30:00Z"));
            assert_eq!(found.contents, Some(SbomContents { packages: 2, files: 1, relationships: 2 }));
        }
        let inline = EXAMPLE_3.replace(r#":"_:info"},"#, r#":{"created":"c","specVersion":"3.1"}},"#);
        assert_eq!(sbom(V3, &inline).spec_version, "3.1");
        let alone = EXAMPLE_3.replace("SpdxDocument", "Bom");
        assert_eq!((sbom(V3, &alone).spec_version.as_str(), sbom(V3, &alone).id), ("3.0.0", None));
        assert!(matches!(read(V2, EXAMPLE_3), Predicate::Malformed(error) if error.at == "/predicate"));
    }

    #[test]
    fn cosign_writes_texts() {
        let found = sbom(ANY, EXAMPLE);
        let text = serde_json::to_string(EXAMPLE).unwrap();
        assert_eq!(sbom(ANY, &text), found);
        assert_eq!(sbom(ANY, &alloc::format!(r#"{{"Data":{text},"Timestamp":""}}"#)), found);
        assert_eq!(sbom(ANY, &alloc::format!(r#"{{"Data":{EXAMPLE},"Timestamp":""}}"#)), found);
        let tags = sbom(ANY, r##""# made by x\n\nSPDXVersion: SPDX-2.2\nDataLicense: CC0-1.0\n""##);
        assert_eq!((tags.spec_version.as_str(), tags.contents), ("2.2", None));
        // The pointer goes on into the document.
        let wrong = serde_json::to_string(&EXAMPLE.replace(r#""2022-06-08T15:31:05Z""#, "7")).unwrap();
        each_malformed(
            ANY,
            &text,
            &[(&text, &wrong, "/predicate/creationInfo/created"), (&text, r#""not SPDX""#, "/predicate")],
        );
    }

    #[test]
    fn wrong_types_are_located() {
        each_malformed(
            V2,
            EXAMPLE,
            &[
                (r#""SPDX-2.3""#, r#""2.3""#, "/predicate/spdxVersion"),
                (r#""name":"log4shell","#, "", "/predicate"),
                (r#""created":"2022-06-08T15:31:05Z","#, "", "/predicate/creationInfo"),
                (r#"{"SPDXID":"SPDXRef-2"}"#, r#""SPDXRef-2""#, "/predicate/packages/1"),
                (r#""files":[]"#, r#""files":{}"#, "/predicate/files"),
            ],
        );
        each_malformed(
            V3,
            EXAMPLE_3,
            &[
                (r#"{"type":"Organization"}"#, r#"{"@type":"Organization"}"#, "/predicate/@graph/8"),
                (r#""_:info"}"#, r#""_:unknown"}"#, "/predicate/@graph/2"),
                (r#""specVersion":"3.0.1""#, r#""specVersion":3"#, "/predicate/@graph/1/specVersion"),
                (r#""name":"HBOM""#, r#""name":[]"#, "/predicate/@graph/2/name"),
                (r#""@context":"https://spdx.org/rdf/3.0.1/spdx-context.jsonld","#, "", "/predicate"),
            ],
        );
    }
}
