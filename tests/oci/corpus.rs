//! Real documents and image layouts that others published.

use std::collections::BTreeMap;

use admissible::format::oci::descriptor::Descriptor;
use admissible::format::oci::digest::ContentDigest;
use admissible::format::oci::evidence::{COSIGN_SIGNATURE, Evidence, SavedKind};
use admissible::format::oci::membership::Membership;
use admissible::format::oci::platform::Platform;
use admissible::format::oci::{Document, DocumentType, Index, Manifest};
use admissible_box::corpus::{Corpus, list, statements, text};
use serde_json::Value;

/// What each single document is, in the order of their paths.
const MANIFESTS: [(&str, &str); 10] = [
    ("aquasecurity__trivy/hist_dd8a7c7_testdata__bundle-manifest.json", "OCI manifest: bundle"),
    ("moby__buildkit/attestations__attestation-storage.md.embed_5012.json", "OCI index of 2, 1 attested"),
    ("moby__buildkit/attestations__attestation-storage.md.embed_6180.json", "OCI manifest: statement"),
    ("moby__buildkit/hist_784e6a4_attestations__attestation-storage.md.embed_5705.json", "OCI manifest: statement"),
    // A prototype of cosign, with the media type of a descriptor for what it signed; no release reads it.
    ("sigstore__cosign/README.md.embed_32893.json", "OCI manifest: nothing"),
    // The specification shortens digests, and leaves out a size.
    ("sigstore__cosign/specs__BUNDLE_SPEC.md.embed_2047.json", SHORTENED),
    ("sigstore__cosign/specs__BUNDLE_SPEC.md.embed_8285.json", SHORTENED),
    ("sigstore__policy-controller/hist_12c7e7f_README.md.embed_15352.json", "Docker manifest: nothing"),
    ("sigstore__policy-controller/hist_26e5c85_USAGE.md.embed_2000.json", "Docker manifest: signature, signature"),
    ("sigstore__policy-controller/hist_2887495_README.md.embed_19222.json", "Docker manifest: nothing"),
];
const SHORTENED: &str = "refused at /subject/digest: a sha256 digest has 64 hexadecimal digits, found 11 bytes of text";

fn kind(evidence: &Evidence<'_>) -> &'static str {
    match evidence {
        Evidence::Bundle(_) => "bundle",
        Evidence::Signature(_) => "signature",
        Evidence::Attestation(_) => "attestation",
        Evidence::Statement(_) => "statement",
    }
}

/// What is found in a document.
fn found_in(bytes: &[u8]) -> String {
    match Document::read(bytes, None) {
        Ok(Document::Manifest(manifest)) => {
            assert_eq!(manifest.bundle().ok().map(Evidence::Bundle).as_ref(), bundle_among(&manifest).as_ref());
            let family = if manifest.document_type == DocumentType::DockerManifest { "Docker" } else { "OCI" };
            let evidence: Vec<&str> = manifest.evidence().map(|evidence| kind(&evidence)).collect();
            let evidence = if evidence.is_empty() { "nothing".to_string() } else { evidence.join(", ") };
            format!("{family} manifest: {evidence}")
        }
        Ok(Document::Index(index)) => {
            let attested = index.attestations().filter(Result::is_ok).count();
            format!("OCI index of {}, {attested} attested", index.manifests.len())
        }
        Err(error) => format!("refused at {}: {error}", error.at),
    }
}

fn bundle_among(manifest: &Manifest) -> Option<Evidence<'_>> {
    manifest.evidence().find(|evidence| matches!(evidence, Evidence::Bundle(_)))
}

#[test]
fn manifests() {
    let Some(corpus) = Corpus::open() else { return };
    let entries = corpus.entries().iter().map(|entry| text(entry, "path"));
    let mut paths: Vec<&str> = entries.filter_map(|path| path.strip_prefix("oci-manifests/")).collect();
    paths.sort_unstable();
    let mut table: BTreeMap<String, usize> = BTreeMap::new();
    let found: Vec<(&str, String)> = paths
        .into_iter()
        .map(|path| {
            let found = found_in(&corpus.read(&format!("oci-manifests/{path}")));
            *table.entry(found.clone()).or_default() += 1;
            (path, found)
        })
        .collect();
    for (row, count) in &table {
        println!("{count:>5}  {row}");
    }
    let found: Vec<(&str, &str)> = found.iter().map(|(path, found)| (*path, found.as_str())).collect();
    assert_eq!(found, MANIFESTS);
}

/// An image layout, and what was read of it.
struct Layout<'c> {
    corpus: &'c Corpus,
    folder: &'c str,
    facts: &'c Value,
    /// Every blob that is there, checked.
    blobs: BTreeMap<ContentDigest, Vec<u8>>,
    /// How many descriptors name something that is not there.
    missing: usize,
    /// What was found.
    table: BTreeMap<&'static str, usize>,
}

impl Layout<'_> {
    fn note(&mut self, row: &'static str) {
        *self.table.entry(row).or_default() += 1;
    }

    /// Checks what this descriptor names; `None` for layers of images that the corpus leaves out.
    fn check(&mut self, descriptor: &Descriptor) -> Option<Vec<u8>> {
        let path = format!("blobs/{}", descriptor.digest.to_string().replace(':', "/"));
        let left_out = list(&self.facts["layers_not_copied"]).iter().find(|layer| layer[0] == path);
        if let Some(left_out) = left_out {
            assert_eq!(left_out[1], descriptor.size, "{path}");
            self.missing += 1;
            return None;
        }
        let bytes = self.corpus.read(&format!("{}/{path}", self.folder));
        let digest = descriptor.check(&bytes).unwrap_or_else(|error| panic!("{path}: {error}"));
        self.blobs.insert(digest.into(), bytes.clone());
        Some(bytes)
    }

    fn document(&mut self, descriptor: &Descriptor) -> Document {
        let bytes = self.check(descriptor).expect("a document");
        Document::read_described(descriptor, &bytes).unwrap_or_else(|error| panic!("{}: {error}", descriptor.digest))
    }

    fn walk(&mut self, index: &Index) {
        for listed in &index.manifests {
            match self.document(listed) {
                Document::Index(index) => self.walk(&index),
                Document::Manifest(manifest) => {
                    self.check(&manifest.config);
                    for layer in &manifest.layers {
                        self.check(layer);
                    }
                }
            }
        }
    }

    /// Attestations of cosign, each about `image`.
    fn attestations(&mut self, manifest: &Manifest, image: &ContentDigest) {
        for evidence in manifest.evidence() {
            assert_eq!(kind(&evidence), "attestation");
            let layer = evidence.layer();
            assert_eq!(layer.annotation(COSIGN_SIGNATURE), Some(""));
            let envelope = &self.blobs[&layer.digest];
            let about = statements(envelope).iter().any(|statement| {
                let subjects = list(&statement["subject"]);
                subjects
                    .iter()
                    .any(|subject| format!("sha256:{}", text(&subject["digest"], "sha256")) == image.to_string())
            });
            assert!(about, "{}", self.folder);
            self.note("attestations of cosign, about the image");
        }
    }

    /// Statements of BuildKit, each about the one image of the index.
    fn statements(&mut self, listed: &Descriptor, index: &Index) {
        let wanted = Platform::from_name("linux/amd64").expect("a platform");
        let image = index.for_platform(&wanted).expect("an image");
        for attestation in index.attestations() {
            let attestation = attestation.expect("an attestation");
            assert_eq!(attestation.image(), image);
            let manifest = attestation.read(&self.blobs[&attestation.manifest().digest]).expect("a manifest");
            for layer in manifest.unsigned_statements() {
                let statement = attestation.statement(layer, &self.blobs[&layer.digest]).expect("a statement");
                assert_eq!(statement.predicate_type, "https://slsa.dev/provenance/v0.2");
                self.note("unsigned statements of BuildKit, about the image of a platform");
            }
        }
        let outermost = listed.digest.known().expect("sha256");
        let bytes = &self.blobs[&listed.digest];
        let found = Membership::of_platform(outermost, bytes, &wanted, &|_| None).expect("an image");
        assert_eq!(found.descriptor(), image);
        assert_eq!(Membership::prove(outermost, &[bytes], found.image()), Ok(found));
        self.note("images of a platform, listed in the attested index");
    }
}

#[test]
fn layouts() {
    let Some(corpus) = Corpus::open() else { return };
    let mut table: BTreeMap<&'static str, usize> = BTreeMap::new();
    let mut count = 0;
    for facts in corpus.entries() {
        let path = text(facts, "path");
        let Some(folder) = path.strip_suffix("/index.json").filter(|folder| folder.starts_with("oci-layouts/")) else {
            continue;
        };
        count += 1;
        let (blobs, table_of_layout) = (BTreeMap::new(), BTreeMap::new());
        let mut layout = Layout { corpus: &corpus, folder, facts, blobs, missing: 0, table: table_of_layout };
        let bytes = corpus.read(path);
        let Ok(Document::Index(index)) = Document::read(&bytes, None) else { panic!("{path}") };
        layout.walk(&index);
        // Nothing but the index itself and the layout's version is left.
        assert_eq!(facts["files"], layout.blobs.len() + 2, "{path}");
        assert_eq!(layout.missing, list(&facts["layers_not_copied"]).len(), "{path}");

        let of_kind = |kind| index.manifests.iter().find(|listed| SavedKind::of(listed) == Some(kind));
        let attested = text(&facts["artifact"]["subjects"][0]["digest"], "sha256");
        let image = of_kind(SavedKind::ImageIndex).or_else(|| of_kind(SavedKind::Image)).expect("an image");
        assert_eq!(image.digest.to_string(), format!("sha256:{attested}"), "{path}");
        if let Document::Index(index) = layout.document(image) {
            layout.statements(image, &index);
        }
        let attestations = of_kind(SavedKind::Attestations).expect("attestations");
        let Document::Manifest(manifest) = layout.document(attestations) else { panic!("{path}") };
        layout.attestations(&manifest, &image.digest);
        assert_eq!(of_kind(SavedKind::Signatures), None);

        for (row, found) in layout.table {
            *table.entry(row).or_default() += found;
        }
        *table.entry("blobs, checked").or_default() += layout.blobs.len();
        *table.entry("layers that are not there").or_default() += layout.missing;
    }
    println!("{count:>5}  layouts");
    for (row, count) in &table {
        println!("{count:>5}  {row}");
    }
    let expected = [
        ("attestations of cosign, about the image", 5),
        ("blobs, checked", 67),
        ("images of a platform, listed in the attested index", 4),
        ("layers that are not there", 18),
        ("unsigned statements of BuildKit, about the image of a platform", 4),
    ];
    assert_eq!((count, table), (5, expected.into_iter().collect()));
}
