//! CycloneDX in JSON (CycloneDX/specification `schema/bom-1.*.schema.json`).

use super::{Sbom, SbomContents, SbomFormat};
use crate::encoding::json::{Node, ShapeError};
use crate::format::predicate::field::{count_objects, optional, optional_text, other_text, required, text};

pub(super) fn read(document: &Node<'_, '_>) -> Result<Sbom, ShapeError> {
    let format = required(document, "bomFormat")?;
    let name = format.string()?;
    if name != "CycloneDX" {
        return Err(other_text(&format, "CycloneDX", name));
    }
    let metadata = optional(document, "metadata")?;
    let component = metadata.as_ref().map_or(Ok(None), |metadata| optional(metadata, "component"))?;
    Ok(Sbom {
        format: SbomFormat::CycloneDx,
        spec_version: text(document, "specVersion")?,
        name: component.as_ref().map_or(Ok(None), |component| optional_text(component, "name"))?,
        id: optional_text(document, "serialNumber")?,
        created: metadata.as_ref().map_or(Ok(None), |metadata| optional_text(metadata, "timestamp"))?,
        contents: Some(SbomContents {
            packages: count_objects(document, "components")?.unwrap_or_default(),
            files: files(document)?,
            relationships: count_objects(document, "dependencies")?.unwrap_or_default(),
        }),
    })
}

fn files(document: &Node<'_, '_>) -> Result<usize, ShapeError> {
    let Some(components) = optional(document, "components")? else { return Ok(0) };
    let mut files = 0_usize;
    for component in components.items("components", usize::MAX)? {
        files = files.saturating_add(usize::from(text(&component, "type")? == "file"));
    }
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::predicate::Predicate;
    use crate::format::predicate::tests::{each_malformed, read};

    const TYPE: &str = "https://cyclonedx.org/bom";
    const EXAMPLE: &str = r#"{"bomFormat":"CycloneDX","specVersion":"1.4","serialNumber":"urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79","version":1,
        "metadata":{"timestamp":"2022-05-28T10:20:03.79527Z","component":{"type":"container","name":"app"}},
        "components":[{"type":"library","name":"acme-library","version":"1.0.0"},{"type":"file","name":"a"}],
        "dependencies":[{"ref":"x","dependsOn":["y"]}]}"#;

    fn sbom(predicate: &str) -> Sbom {
        match read(TYPE, predicate) {
            Predicate::Sbom(sbom) => *sbom,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn the_example() {
        let found = sbom(EXAMPLE);
        assert_eq!((found.format, found.spec_version.as_str()), (SbomFormat::CycloneDx, "1.4"));
        assert_eq!(found.id.as_deref(), Some("urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79"));
        assert_eq!(
            (found.name.as_deref(), found.created.as_deref()),
            (Some("app"), Some("2022-05-28T10:20:03.79527Z"))
        );
        assert_eq!(found.contents, Some(SbomContents { packages: 2, files: 1, relationships: 1 }));
        assert_eq!(sbom(r#"{"bomFormat":"CycloneDX","specVersion":"1.4"}"#).contents, Some(SbomContents::default()));
    }

    #[test]
    fn cosign_wraps_documents() {
        let found = sbom(EXAMPLE);
        assert_eq!(sbom(&alloc::format!(r#"{{"Data":{EXAMPLE},"Timestamp":""}}"#)), found);
        let text = serde_json::to_string(EXAMPLE).unwrap();
        assert_eq!(sbom(&alloc::format!(r#"{{"Data":{text},"Timestamp":""}}"#)), found);
        // A document may have a member of that name.
        assert_eq!(sbom(&EXAMPLE.replacen('{', r#"{"Data":7,"#, 1)), found);
    }

    #[test]
    fn wrong_types_are_located() {
        each_malformed(
            TYPE,
            EXAMPLE,
            &[
                (r#""CycloneDX""#, r#""SPDX""#, "/predicate/bomFormat"),
                (r#""1.4""#, "1.4", "/predicate/specVersion"),
                (r#""specVersion":"1.4","#, "", "/predicate"),
                (r#"{"type":"file","name":"a"}"#, r#"{"name":"a"}"#, "/predicate/components/1"),
                (r#"{"type":"file","name":"a"}"#, "[]", "/predicate/components/1"),
                (r#"{"ref":"x","dependsOn":["y"]}"#, r#""x""#, "/predicate/dependencies/0"),
                (r#""name":"app""#, r#""name":{}"#, "/predicate/metadata/component/name"),
            ],
        );
        let wrapped = alloc::format!(r#"{{"Data":{EXAMPLE}}}"#);
        each_malformed(TYPE, &wrapped, &[(r#""1.4""#, "1.4", "/predicate/Data/specVersion")]);
        each_malformed(TYPE, r#"{"Data":"x"}"#, &[(r#""x""#, r#""SPDXVersion: SPDX-2.2""#, "/predicate/Data")]);
    }
}
