//! The wasm-bindgen border of admissible: bytes in, report out, no logic.
//!
//! What crosses the border: a bundle, a trusted root and an artifact as bytes, options as JSON text, and answers as JSON text too: reading
//! it is what JavaScript does fastest, and a key such as `__proto__` is a key there and no more. Integers that a JavaScript number cannot
//! hold are strings in it. What is thrown is such a text that names its `kind`: `"usage"` (the caller's policy or root is wrong) or
//! `"failed"` (the bundle did not verify). A panic aborts, and so traps: the instance must then be thrown away.

#[cfg(feature = "compare")]
mod compare;
mod deferred;
mod host;
#[cfg(feature = "images")]
mod images;
#[cfg(feature = "policy")]
mod policy;

use std::cell::RefCell;

use admissible::check::Coded;
use admissible::crypto::{Memory, VerifySignature};
use admissible::{Digest, HashAlgorithm, Options, Report, TrustedRoots, UsageError};
use serde::Serialize;
use wasm_bindgen::prelude::wasm_bindgen;

use self::deferred::{Answer, Answered, Deferred, Waiting};
use self::host::{Host, PromptHost, first};

/// A set of trusted roots, parsed once, that any number of bundles are verified against.
#[wasm_bindgen]
pub struct Verifier {
    roots: TrustedRoots,
    memory: Memory,
    payload: RefCell<Option<Vec<u8>>>,
    waiting: Waiting,
}

#[wasm_bindgen]
impl Verifier {
    /// Parses `trusted_root` (JSON or JSON Lines); without one, the embedded public-good root is used.
    ///
    /// # Errors
    /// Throws a `"usage"` text when the root is malformed.
    #[wasm_bindgen(constructor)]
    pub fn new(trusted_root: Option<Vec<u8>>) -> Result<Verifier, String> {
        let roots = match trusted_root {
            Some(json) => TrustedRoots::from_json(&json),
            None => TrustedRoots::public_good(),
        };
        let roots = roots.map_err(|error| thrown_usage(&error))?;
        Ok(Self { roots, memory: Memory::default(), payload: RefCell::default(), waiting: Waiting::default() })
    }

    /// What tells these roots from others, in lower-case hex.
    #[wasm_bindgen(js_name = trustedRootSha256)]
    pub fn trusted_root_sha256(&self) -> String {
        hex(&self.roots.sha256())
    }

    /// Runs every check and returns the report, whatever its verdict. Signatures that `host` finds valid are valid; about all others it decides nothing.
    ///
    /// # Errors
    /// Throws a `"usage"` text when `options` are wrong; never for anything in `bundle`.
    pub fn inspect(
        &self,
        host: Option<PromptHost>,
        bundle: &[u8],
        artifact: Option<Vec<u8>>,
        options: &str,
    ) -> Result<String, String> {
        self.told(first(host, &self.memory, |door| self.inspected(bundle, artifact, options, door)))
    }

    /// `inspect`, but for the signatures that a host verifies that answers later; nothing while too many such calls wait.
    #[wasm_bindgen(js_name = inspectDeferred)]
    pub fn inspect_deferred(
        &self,
        host: &Host,
        bundle: &[u8],
        artifact: Option<Vec<u8>>,
        options: &str,
    ) -> Option<Deferred> {
        Deferred::judge(&self.memory, &self.waiting, host, |door| self.inspected(bundle, artifact, options, door))
    }

    /// Runs every check and returns `{ report, payloadType? }` when all of them passed; the payload is then taken. `host` as for `inspect`.
    ///
    /// # Errors
    /// Throws a `"failed"` text that holds the report when the bundle did not verify, and a `"usage"` text when `options` are wrong.
    pub fn verify(
        &self,
        host: Option<PromptHost>,
        bundle: &[u8],
        artifact: Option<Vec<u8>>,
        options: &str,
    ) -> Result<String, String> {
        self.told(first(host, &self.memory, |door| self.verified(bundle, artifact, options, door)))
    }

    /// `verify`, but for the signatures that a host verifies that answers later; nothing while too many such calls wait.
    #[wasm_bindgen(js_name = verifyDeferred)]
    pub fn verify_deferred(
        &self,
        host: &Host,
        bundle: &[u8],
        artifact: Option<Vec<u8>>,
        options: &str,
    ) -> Option<Deferred> {
        Deferred::judge(&self.memory, &self.waiting, host, |door| self.verified(bundle, artifact, options, door))
    }

    /// The payload of the last call of `verify`, if it passed and has one; once.
    #[wasm_bindgen(js_name = takePayload)]
    pub fn take_payload(&self) -> Option<Vec<u8>> {
        self.payload.take()
    }

    /// Verifies the signatures of a deferred call that are not for the host, for the time in which that is at work.
    #[wasm_bindgen(js_name = verifyOwn)]
    pub fn verify_own(&self, deferred: &mut Deferred) {
        deferred.verify_own(&self.memory);
    }

    /// Ends a deferred call: what it would have returned without the host, if that found every signature valid that it was asked about. If not,
    /// nothing, and the call must be made again without.
    ///
    /// # Errors
    /// Throws what the call would have thrown.
    pub fn settle(&self, deferred: Deferred, found_valid: usize) -> Result<Option<String>, String> {
        deferred.settle(&self.memory, found_valid).map(|answer| self.told(answer)).transpose()
    }
}

impl Verifier {
    fn inspected(&self, bundle: &[u8], artifact: Option<Vec<u8>>, options: &str, door: &dyn VerifySignature) -> Answer {
        let options = read_options(options, artifact.as_deref())?;
        text(&admissible::inspect_by(bundle, &self.roots, &options, door)).map(Answered::from)
    }

    fn verified(&self, bundle: &[u8], artifact: Option<Vec<u8>>, options: &str, door: &dyn VerifySignature) -> Answer {
        let options = read_options(options, artifact.as_deref())?;
        let verified = admissible::verify_by(bundle, &self.roots, &options, door);
        let verified = verified.map_err(|report| thrown(&Thrown::Failed { report: &report }))?;
        let text = text(&Verified { report: verified.report(), payload_type: verified.payload_type() })?;
        Ok(Answered { text, payload: verified.payload().map(<[u8]>::to_vec) })
    }

    /// What crosses the border: the text; the payload lies ready.
    fn told(&self, answer: Answer) -> Result<String, String> {
        self.payload.replace(None);
        let Answered { text, payload } = answer?;
        self.payload.replace(payload);
        Ok(text)
    }
}

/// Hashes an artifact piece by piece.
#[wasm_bindgen]
pub struct Hasher {
    hasher: admissible::Hasher,
}

#[wasm_bindgen]
impl Hasher {
    /// A hasher for `"sha256"`, `"sha384"` or `"sha512"`.
    ///
    /// # Errors
    /// Throws a `"usage"` text for any other name.
    #[wasm_bindgen(constructor)]
    pub fn new(algorithm: &str) -> Result<Hasher, String> {
        let algorithm = HashAlgorithm::from_name(algorithm).ok_or_else(|| {
            thrown(&Thrown::Usage {
                code: "invalid-artifact-digest",
                message: "expected sha256, sha384 or sha512",
                at: "",
            })
        })?;
        Ok(Self { hasher: admissible::Hasher::new(algorithm) })
    }

    /// Takes in the next piece.
    pub fn update(&mut self, chunk: &[u8]) {
        self.hasher.update(chunk);
    }

    /// The digest of everything taken in, as lower-case hex; the hasher is used up.
    pub fn finish(self) -> String {
        self.hasher.finish().to_hex()
    }
}

/// What a bundle claims, with nothing verified.
///
/// # Errors
/// Never: the description of hostile bytes says that they are malformed.
#[wasm_bindgen]
pub fn describe(bundle: &[u8]) -> Result<String, String> {
    text(&admissible::describe(bundle))
}

/// What is in a file or an answer in which others keep evidence: `{ kind, title, pieces }`, with nothing verified.
///
/// # Errors
/// Throws a `"usage"` text when it is none of a known kind.
#[cfg(feature = "sources")]
#[wasm_bindgen(js_name = readSource)]
pub fn read_source(source: &[u8]) -> Result<String, String> {
    answer(&admissible::read_source(source))
}

/// Whether a registry of npm's kind signed what its description of the version `reference` (`name@version`) says that the tarball is:
/// `{ verdict, integrity?, keyId?, failures }`. `keys` are the registry's; npm's own, as embedded, unless they are given.
///
/// # Errors
/// Throws a `"usage"` text when description, keys or time cannot be read; never for a signature.
#[cfg(feature = "registry")]
#[wasm_bindgen(js_name = verifyRegistrySignature)]
pub fn verify_registry_signature(
    reference: &str,
    description: &[u8],
    keys: Option<Vec<u8>>,
    published: Option<String>,
) -> Result<String, String> {
    let verdict = admissible::verify_registry_signature(reference, description, keys.as_deref(), published.as_deref());
    answer(&verdict)
}

/// The digests of the artifact that verifying this bundle takes, by name; never empty.
#[wasm_bindgen(js_name = wantedDigests)]
pub fn wanted_digests(bundle: &[u8]) -> Vec<String> {
    admissible::wanted_digests(bundle).iter().map(|algorithm| algorithm.name().to_owned()).collect()
}

/// Whether verifying this bundle may take the artifact itself, where its digests are not enough.
#[wasm_bindgen(js_name = wantsWhole)]
pub fn wants_whole(bundle: &[u8]) -> bool {
    admissible::wants_whole(bundle)
}

#[derive(Serialize)]
struct Claimed {
    #[serde(skip_serializing_if = "Option::is_none")]
    sha256: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sha384: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sha512: Option<String>,
}

/// The artifacts that a bundle says it is about, unverified: a list of `{ sha256?, sha384?, sha512? }`.
///
/// # Errors
/// Never.
#[wasm_bindgen(js_name = claimedDigests)]
pub fn claimed_digests(bundle: &[u8]) -> Result<String, String> {
    let hex = |digests: &[Digest], algorithm| digests.iter().rfind(|d| d.algorithm() == algorithm).map(Digest::to_hex);
    let claimed = |digests: &Vec<Digest>| Claimed {
        sha256: hex(digests, HashAlgorithm::Sha256),
        sha384: hex(digests, HashAlgorithm::Sha384),
        sha512: hex(digests, HashAlgorithm::Sha512),
    };
    text(&admissible::claimed_digests(bundle).iter().map(claimed).collect::<Vec<_>>())
}

/// The version, as reports have it.
#[wasm_bindgen]
pub fn version() -> String {
    admissible::report::wire::VERSION.to_owned()
}

/// Every code that a report, a comparison or a usage error can carry, each with the check it belongs to.
///
/// # Errors
/// Never.
#[wasm_bindgen]
pub fn codes() -> Result<String, String> {
    text(&admissible::codes())
}

/// What `verify` returns.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Verified<'a> {
    report: &'a Report,
    #[serde(skip_serializing_if = "Option::is_none")]
    payload_type: Option<&'a str>,
}

/// What is thrown across the border.
#[derive(Serialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
enum Thrown<'a> {
    Failed { report: &'a Report },
    Usage { code: &'a str, message: &'a str, at: &'a str },
}

fn read_options<'a>(json: &str, artifact: Option<&'a [u8]>) -> Result<Options<'a>, String> {
    Options::from_json(json, artifact).map_err(|error| thrown_usage(&error))
}

/// Several byte strings that came as one.
#[cfg(any(feature = "images", feature = "policy"))]
fn apart<'b>(joined: &'b [u8], lengths: &[u32]) -> Vec<&'b [u8]> {
    let mut rest = joined;
    let mut next = |length: &u32| {
        let length = usize::try_from(*length).unwrap_or(usize::MAX);
        let (piece, after) = rest.split_at_checked(length).unwrap_or((rest, &[]));
        rest = after;
        piece
    };
    lengths.iter().map(&mut next).collect()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(any(feature = "compare", feature = "registry", feature = "sources"))]
fn answer(answer: &Result<impl Serialize, UsageError>) -> Result<String, String> {
    text(answer.as_ref().map_err(thrown_usage)?)
}

fn thrown_usage(error: &UsageError) -> String {
    thrown(&Thrown::Usage { code: error.code(), message: &error.to_string(), at: &error.at })
}

fn thrown(thrown: &Thrown) -> String {
    text(thrown).unwrap_or_else(|error| error)
}

/// A value as JSON text.
fn text(value: &impl Serialize) -> Result<String, String> {
    serde_json::to_string(value).map_err(|error| error.to_string())
}
