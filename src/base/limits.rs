//! Every limit on untrusted input, each with its source. `inspect`'s cost is bounded by these numbers alone.
//!
//! "go" is sigstore-go `internal/limits` and `pkg/verify`; "kyverno" the admission controller's own limits.

/// Largest bundle, in bytes. BuildKit attestations reach 40 MiB, but no Sigstore client wraps them; kyverno stops at 10 MiB.
pub const MAX_BUNDLE_BYTES: usize = 16 * 1024 * 1024;
/// Largest document with evidence, in bytes: a page of GitHub's API holds 100 bundles, most of them under 20 KiB.
pub const MAX_SOURCE_BYTES: usize = 64 * 1024 * 1024;
/// Largest trusted root (one line of JSONL), in bytes. kyverno: 1 MiB.
pub const MAX_TRUSTED_ROOT_BYTES: usize = 4 * 1024 * 1024;
/// Most trusted roots in one JSONL file; `gh attestation trusted-root` prints two.
pub const MAX_TRUSTED_ROOTS: usize = 16;
/// Largest options text, in bytes: rules of [`MAX_SIGNER_RULES`] patterns fit many times over.
pub const MAX_OPTIONS_BYTES: usize = 1024 * 1024;
/// Largest report, or list of what a build used, that a comparison reads, in bytes: a report repeats what a bundle of
/// [`MAX_BUNDLE_BYTES`] says.
pub const MAX_REPORT_BYTES: usize = 64 * 1024 * 1024;
/// Most predicate types in a baseline.
pub const MAX_PREDICATE_TYPES: usize = 64;
/// Deepest nesting of JSON. Sigstore's own shapes need eight; predicates of real builders stay under twenty.
pub const MAX_JSON_DEPTH: usize = 64;
/// Most JSON values in one document, so that sixteen megabytes of `0,` cannot become gigabytes of nodes.
pub const MAX_JSON_VALUES: usize = 1 << 20;
/// Most signatures of an envelope that stands for itself; each becomes a bundle with the payload. Google's and Tekton's have one or two.
pub const MAX_ENVELOPE_SIGNATURES: usize = 16;
/// Most log entries in a bundle (go, sigstore-python: 32).
pub const MAX_LOG_ENTRIES: usize = 32;
/// Most RFC 3161 timestamps in a bundle (go, sigstore-python: 32).
pub const MAX_TIMESTAMPS: usize = 32;
/// Most certificates in a bundle's chain or in one authority of a trusted root (kyverno: 10 intermediates).
pub const MAX_CHAIN_CERTIFICATES: usize = 10;
/// Largest certificate, in bytes of DER.
pub const MAX_CERTIFICATE_BYTES: usize = 64 * 1024;
/// Longest serial number of a certificate, in bytes: 20 (RFC 5280 §4.1.2.2), and the zero byte that some do not count.
pub const MAX_SERIAL_BYTES: usize = 21;
/// Most extensions in a certificate; Fulcio's leaves carry about thirty.
pub const MAX_EXTENSIONS: usize = 128;
/// Most certification authorities, timestamp authorities, transparency logs or CT logs in a trusted root, each.
pub const MAX_AUTHORITIES: usize = 64;
/// Most hashes in an inclusion proof: a tree of 2^64 leaves needs 64.
pub const MAX_PROOF_HASHES: usize = 64;
/// Largest checkpoint, in bytes.
pub const MAX_CHECKPOINT_BYTES: usize = 64 * 1024;
/// Most signature lines in a checkpoint; C2SP signed-note asks for at least 16.
pub const MAX_NOTE_SIGNATURES: usize = 64;
/// Most SCTs in a certificate.
pub const MAX_SCTS: usize = 16;
/// Largest RFC 3161 response, in bytes; the largest seen, with an RSA chain, has 5,470.
pub const MAX_TIMESTAMP_BYTES: usize = 64 * 1024;
/// Most certificates embedded in a timestamp token.
pub const MAX_TIMESTAMP_CERTIFICATES: usize = 10;
/// Most subjects in a statement (go: 1,024; also GitHub's own maximum).
pub const MAX_SUBJECTS: usize = 1024;
/// Most digests of one subject (go: 32).
pub const MAX_SUBJECT_DIGESTS: usize = 32;
/// Most dependencies, materials or byproducts of a provenance; BuildKit lists every layer source, GitHub one.
pub const MAX_DEPENDENCIES: usize = 16 * 1024;
/// Most values in a provenance's external parameters; real builds have under a hundred.
pub const MAX_PARAMETERS: usize = 4 * 1024;
/// The JSON pointer of one parameter: each is written out, so a long name above many values would be written as often.
pub const MAX_PARAMETER_NAME_BYTES: usize = 1024;
/// Fields that a provenance's producer never writes, named in a report; the others are not counted.
pub const MAX_REPORTED_FORGED_FIELDS: usize = 32;
/// Most levels, properties, policies or component versions of a verification summary or result, each; real ones have under
/// twenty, and the most that SLSA and in-toto show is five.
pub const MAX_VERIFIED_PROPERTIES: usize = 1024;
/// Most input attestations of a verification summary; one for each dependency of a large build fits.
pub const MAX_INPUT_ATTESTATIONS: usize = 4 * 1024;
/// Most alternatives in a signer policy.
pub const MAX_SIGNER_RULES: usize = 256;
/// Most patterns of which any will do in one place of a policy.
pub const MAX_PATTERNS: usize = 256;
/// Most rows that a caller may put before the table of levels.
pub const MAX_LEVEL_ROWS: usize = 256;
/// Largest policy, in bytes.
pub const MAX_POLICY_BYTES: usize = 1024 * 1024;
/// Most requirements, groups and pieces together, in a policy.
pub const MAX_REQUIREMENTS: usize = 256;
/// Deepest nesting of groups of requirements.
pub const MAX_REQUIREMENT_DEPTH: usize = 8;
/// Most exceptions in a policy.
pub const MAX_EXCEPTIONS: usize = 4 * 1024;
/// Most trusted verifiers in a policy.
pub const MAX_VERIFIERS: usize = 64;
/// Most bundles that are judged together; GitHub's API gives 100 a page.
pub const MAX_BUNDLES: usize = 1024;
/// Longest name of a publisher in a provenance object of PyPI, in bytes; GitHub's repositories have at most 140, URLs of GitLab's groups 255 a part.
pub const MAX_PUBLISHER_BYTES: usize = 4 * 1024;
/// Longest glob or regular expression, in bytes.
pub const MAX_PATTERN_BYTES: usize = 1024;
/// Longest text that a pattern is matched against; longer never matches. Keeps a glob's cost under 8 million steps.
pub const MAX_MATCHED_BYTES: usize = 8 * 1024;
/// Largest integer that every reader of JSON takes for itself, 2^53 - 1 ([RFC 8259 §6](https://www.rfc-editor.org/rfc/rfc8259#section-6)).
pub const MAX_EXACT_INTEGER: u64 = (1 << 53) - 1;
/// Largest OCI manifest or index, in bytes: what every registry must take (OCI distribution-spec, "Pushing Manifests").
pub const MAX_OCI_DOCUMENT_BYTES: usize = 4 * 1024 * 1024;
/// Most layers of a manifest, or manifests of an index. Images have at most 127 layers; cosign adds one for each signature.
pub const MAX_OCI_DESCRIPTORS: usize = 4 * 1024;
/// Most annotations of one OCI descriptor, manifest or index; real ones have under forty.
pub const MAX_ANNOTATIONS: usize = 1024;
/// Longest OCI digest, in bytes. The format has no limit; `sha512` makes 135, the longest in a specification has 201.
pub const MAX_CONTENT_DIGEST_BYTES: usize = 256;
/// Most features of one platform; there is one in use, `win32k`.
pub const MAX_OS_FEATURES: usize = 64;
/// Most OCI indexes from the outermost to the one that lists an image. The format has no limit; real ones have two.
pub const MAX_INDEX_DEPTH: usize = 4;
/// Most nested indexes that are opened in search of one platform.
pub const MAX_NESTED_INDEXES: usize = 16;
/// Most platforms that a message names where an index lacks the one that is asked for; real indexes have about ten.
pub const MAX_NAMED_PLATFORMS: usize = 16;
/// Longest name of an image with its registry, in bytes (distribution `reference.go`, `RepositoryNameTotalLengthMax`).
pub const MAX_IMAGE_NAME_BYTES: usize = 255;
/// Longest tag, in bytes (OCI distribution-spec, "Pulling manifests").
pub const MAX_TAG_BYTES: usize = 128;
/// Most witness keys that a caller may pass.
pub const MAX_WITNESSES: usize = 64;
/// Longest untrusted text quoted in a message, in characters.
pub const MAX_QUOTED_CHARS: usize = 200;
/// Most unknown fields that a report lists.
pub const MAX_REPORTED_UNKNOWN_FIELDS: usize = 32;
/// How far a verified signing time may lie after the caller's `now`, in milliseconds: clocks of honest machines differ.
pub const CLOCK_SKEW_MILLIS: i64 = 5 * 60 * 1000;
/// How often a key is used before a table is made for it: a table costs as much as some seven signatures, and most keys come once. To have paid as
/// much without a table as one costs is the latest time at which the whole costs no more than twice what the best choice would have (the rule of
/// ski rental, Karlin et al., Algorithmica 3, 1988).
pub const USES_BEFORE_TABLE: u32 = 7;
/// Most tables of keys for each curve; the largest takes 220 kB. The public-good root has five keys of P-256 and three of P-384 in use.
pub const MAX_KEY_TABLES: usize = 8;
/// Most keys whose uses are counted for each curve.
pub const MAX_COUNTED_KEYS: usize = 64;
/// Most verified signatures that are remembered: those of some hundred bundles, in 32 kB.
pub const MAX_REMEMBERED_SIGNATURES: usize = 1024;
/// Most signatures of one call that are deferred for a host to verify: those of a hundred bundles. The others are verified at once.
pub const MAX_DEFERRED_SIGNATURES: usize = 1024;
/// Longest signed message that a host is asked about, in bytes: it may be copied, and is hashed a second time, which a longer one is not worth.
pub const MAX_HOST_MESSAGE_BYTES: usize = 128 * 1024;
/// Most bytes of messages that a host is asked about in one call.
pub const MAX_HOST_MESSAGES_BYTES: usize = 8 * 1024 * 1024;
/// Most judgements that wait for the host at once; another one is made without it. Each holds a report.
pub const MAX_DEFERRED: usize = 64;
