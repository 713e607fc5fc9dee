//! Fulcio's leaf certificates: who signed, in extensions, and the proof that a CT log saw it.

use std::collections::BTreeMap;

use crate::authority::Authority;
use crate::certificate::{
    CODE_SIGNING, CertificateSpec, ExtendedKeyUsage, Extension, GeneralName, SubjectAltName, Tbs,
};
use crate::ct::{CtLog, SctSpec, sct_list};
use crate::der;
use crate::hook::Hook;
use crate::keys::{KeyAlg, KeyPair};

/// Names for the numbers N of the extensions 1.3.6.1.4.1.57264.1.N.
pub mod claim {
    /// The issuer, raw (old form).
    pub const ISSUER: u8 = 1;
    /// The event, raw (old form).
    pub const WORKFLOW_TRIGGER: u8 = 2;
    /// The commit, raw (old form).
    pub const WORKFLOW_SHA: u8 = 3;
    /// The workflow's title, raw (old form).
    pub const WORKFLOW_NAME: u8 = 4;
    /// `owner/repo`, raw (old form).
    pub const WORKFLOW_REPOSITORY: u8 = 5;
    /// The ref, raw (old form).
    pub const WORKFLOW_REF: u8 = 6;
    /// The issuer.
    pub const ISSUER_V2: u8 = 8;
    /// The workflow that signed.
    pub const BUILD_SIGNER_URI: u8 = 9;
    /// Its commit.
    pub const BUILD_SIGNER_DIGEST: u8 = 10;
    /// `github-hosted` or `self-hosted`.
    pub const RUNNER_ENVIRONMENT: u8 = 11;
    /// The repository that was built.
    pub const SOURCE_REPOSITORY_URI: u8 = 12;
    /// Its commit.
    pub const SOURCE_REPOSITORY_DIGEST: u8 = 13;
    /// Its ref.
    pub const SOURCE_REPOSITORY_REF: u8 = 14;
    /// Its number.
    pub const SOURCE_REPOSITORY_IDENTIFIER: u8 = 15;
    /// Its owner.
    pub const SOURCE_REPOSITORY_OWNER_URI: u8 = 16;
    /// Its owner's number.
    pub const SOURCE_REPOSITORY_OWNER_IDENTIFIER: u8 = 17;
    /// The top-level workflow.
    pub const BUILD_CONFIG_URI: u8 = 18;
    /// Its commit.
    pub const BUILD_CONFIG_DIGEST: u8 = 19;
    /// The event.
    pub const BUILD_TRIGGER: u8 = 20;
    /// The run.
    pub const RUN_INVOCATION_URI: u8 = 21;
    /// `public`, `private` or `internal`.
    pub const SOURCE_REPOSITORY_VISIBILITY: u8 = 22;
    /// The deployment environment.
    pub const DEPLOYMENT_ENVIRONMENT: u8 = 23;
    /// The token's `sub`.
    pub const TOKEN_SUBJECT: u8 = 24;
}

/// The identity of the default leaf.
pub const IDENTITY: &str = "https://github.com/acme/widget/.github/workflows/release.yml@refs/tags/v1.2.3";
/// The issuer of the default leaf.
pub const ISSUER: &str = "https://token.actions.githubusercontent.com";
/// The commit in the default leaf.
pub const COMMIT: &str = "0123456789abcdef0123456789abcdef01234567";

/// The extension N with its right encoding: raw text up to .6, DER UTF8String from .8 on.
pub fn claim_extension(number: u8, text: &str) -> Extension {
    let value = if number <= 6 { text.as_bytes().to_vec() } else { der::utf8(text) };
    Extension::new(&format!("1.3.6.1.4.1.57264.1.{number}"), false, value)
}

/// What Fulcio writes for a GitHub Actions release workflow ([`IDENTITY`]).
pub fn github_claims() -> BTreeMap<u8, String> {
    [
        (claim::ISSUER, ISSUER),
        (claim::WORKFLOW_TRIGGER, "push"),
        (claim::WORKFLOW_SHA, COMMIT),
        (claim::WORKFLOW_NAME, "Release"),
        (claim::WORKFLOW_REPOSITORY, "acme/widget"),
        (claim::WORKFLOW_REF, "refs/tags/v1.2.3"),
        (claim::ISSUER_V2, ISSUER),
        (claim::BUILD_SIGNER_URI, IDENTITY),
        (claim::BUILD_SIGNER_DIGEST, COMMIT),
        (claim::RUNNER_ENVIRONMENT, "github-hosted"),
        (claim::SOURCE_REPOSITORY_URI, "https://github.com/acme/widget"),
        (claim::SOURCE_REPOSITORY_DIGEST, COMMIT),
        (claim::SOURCE_REPOSITORY_REF, "refs/tags/v1.2.3"),
        (claim::SOURCE_REPOSITORY_IDENTIFIER, "1234567"),
        (claim::SOURCE_REPOSITORY_OWNER_URI, "https://github.com/acme"),
        (claim::SOURCE_REPOSITORY_OWNER_IDENTIFIER, "7654321"),
        (claim::BUILD_CONFIG_URI, IDENTITY),
        (claim::BUILD_CONFIG_DIGEST, COMMIT),
        (claim::BUILD_TRIGGER, "push"),
        (claim::RUN_INVOCATION_URI, "https://github.com/acme/widget/actions/runs/42/attempts/1"),
        (claim::SOURCE_REPOSITORY_VISIBILITY, "public"),
        (claim::TOKEN_SUBJECT, "repo:acme/widget:ref:refs/tags/v1.2.3"),
    ]
    .map(|(n, text)| (n, text.to_owned()))
    .into()
}

/// The identity of a leaf for a GitLab job.
pub const GITLAB_IDENTITY: &str = "https://gitlab.com/acme/tools/widget//.gitlab-ci.yml@refs/tags/v1.2.3";
/// The issuer of a leaf for a GitLab job.
pub const GITLAB_ISSUER: &str = "https://gitlab.com";

/// What Fulcio writes for a GitLab job ([`GITLAB_IDENTITY`]): nothing in the old form but the issuer.
pub fn gitlab_claims() -> BTreeMap<u8, String> {
    [
        (claim::ISSUER, GITLAB_ISSUER),
        (claim::ISSUER_V2, GITLAB_ISSUER),
        (claim::BUILD_SIGNER_URI, GITLAB_IDENTITY),
        (claim::BUILD_SIGNER_DIGEST, COMMIT),
        (claim::RUNNER_ENVIRONMENT, "gitlab-hosted"),
        (claim::SOURCE_REPOSITORY_URI, "https://gitlab.com/acme/tools/widget"),
        (claim::SOURCE_REPOSITORY_DIGEST, COMMIT),
        (claim::SOURCE_REPOSITORY_REF, "refs/tags/v1.2.3"),
        (claim::SOURCE_REPOSITORY_IDENTIFIER, "1234567"),
        (claim::SOURCE_REPOSITORY_OWNER_URI, "https://gitlab.com/acme/tools"),
        (claim::SOURCE_REPOSITORY_OWNER_IDENTIFIER, "7654321"),
        (claim::BUILD_CONFIG_URI, GITLAB_IDENTITY),
        (claim::BUILD_CONFIG_DIGEST, COMMIT),
        (claim::BUILD_TRIGGER, "push"),
        (claim::RUN_INVOCATION_URI, "https://gitlab.com/acme/tools/widget/-/jobs/42"),
        (claim::SOURCE_REPOSITORY_VISIBILITY, "public"),
    ]
    .map(|(n, text)| (n, text.to_owned()))
    .into()
}

/// A leaf certificate.
#[derive(Clone, Debug)]
pub struct LeafSpec {
    /// Key, validity, SAN, usages and extra extensions.
    pub certificate: CertificateSpec,
    /// The issuing CA: an index into the world's.
    pub ca: usize,
    /// Fulcio's extensions by number; remove, change or add at will.
    pub claims: BTreeMap<u8, String>,
    /// The SCTs, in order. An empty list leaves the extension out.
    pub scts: Vec<SctSpec>,
    /// The content of the SCT extension's inner OCTET STRING, instead of the list made from `scts`.
    pub sct_list: Option<Vec<u8>>,
    /// Edits the certificate when the SCTs are in, before the CA signs it: the SCTs are then about another certificate.
    pub alter_after_sct: Hook<Tbs>,
}

impl LeafSpec {
    /// A ten-minute GitHub Actions certificate from `time` on, by the first CA, with one SCT by the first CT log.
    pub fn new(seed: &str, alg: KeyAlg, time: i64) -> Self {
        let mut certificate = CertificateSpec::end_entity(KeyPair::derive(alg, seed, "leaf"), time, time + 600);
        certificate.extended_key_usage =
            Some(ExtendedKeyUsage { purposes: vec![CODE_SIGNING.to_owned()], critical: false });
        certificate.subject_alt_name =
            Some(SubjectAltName { names: vec![GeneralName::Uri(IDENTITY.to_owned())], critical: true });
        Self {
            certificate,
            ca: 0,
            claims: github_claims(),
            scts: vec![SctSpec::new(0, time)],
            sct_list: None,
            alter_after_sct: Hook::default(),
        }
    }

    /// The same leaf for a person: an e-mail SAN and only the issuer extensions.
    pub fn with_email(mut self, email: &str, issuer: &str) -> Self {
        self.certificate.subject_alt_name =
            Some(SubjectAltName { names: vec![GeneralName::Email(email.to_owned())], critical: true });
        self.claims = [(claim::ISSUER, issuer.to_owned()), (claim::ISSUER_V2, issuer.to_owned())].into_iter().collect();
        self
    }

    /// Replaces the SAN by this one name.
    pub fn with_san(mut self, name: GeneralName) -> Self {
        self.certificate.subject_alt_name = Some(SubjectAltName { names: vec![name], critical: true });
        self
    }

    /// The certificate that the CT logs saw: everything except the SCT extension.
    pub fn precertificate(&self, ca: &Authority) -> Tbs {
        let mut with_claims = self.certificate.clone();
        let claims = self.claims.iter().map(|(n, text)| claim_extension(*n, text));
        with_claims.extra_extensions = claims.chain(self.certificate.extra_extensions.iter().cloned()).collect();
        with_claims.tbs(ca.issuer())
    }

    /// The finished certificate.
    pub fn issue(&self, ca: &Authority, logs: &[CtLog]) -> Vec<u8> {
        let mut tbs = self.precertificate(ca);
        let list = self.sct_list.clone().or_else(|| {
            let made: Vec<Vec<u8>> =
                self.scts.iter().map(|sct| sct.mint(&logs[sct.log], &tbs.to_der(), &ca.issuer().key)).collect();
            (!made.is_empty()).then(|| sct_list(&made))
        });
        tbs.extensions.extend(list.map(|bytes| Extension::new("1.3.6.1.4.1.11129.2.4.2", false, der::octets(&bytes))));
        self.alter_after_sct.apply(&mut tbs);
        self.certificate.sign(&tbs, ca.issuer())
    }
}
