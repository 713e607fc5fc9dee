//! X.509 v3 certificates (RFC 5280 §4.1), read as strict DER.

mod name;

use alloc::boxed::Box;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;

use der::oid::ObjectIdentifier;
use der::{Decode, Encode, Tag};
use x509_cert::ext::pkix::{
    AuthorityKeyIdentifier, BasicConstraints, ExtendedKeyUsage, KeyUsage, NameConstraints, SubjectAltName,
    SubjectKeyIdentifier,
};
use x509_cert::spki::AlgorithmIdentifierOwned;

use super::fulcio::Claim;
use crate::crypto::{HashAlgorithm, KeyError, PublicKey, Scheme};
use crate::encoding::der::{context, wrap};
use crate::limits::{MAX_CERTIFICATE_BYTES, MAX_EXTENSIONS};
use crate::time::{UnixTime, Window};

/// Object identifiers of certificates that more than one room compares with.
pub mod oid {
    use der::oid::ObjectIdentifier;

    /// id-kp-codeSigning (RFC 5280 §4.2.1.12).
    pub const CODE_SIGNING: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.3.3");
    /// id-kp-timeStamping (RFC 5280 §4.2.1.12).
    pub const TIME_STAMPING: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.3.8");
    /// anyExtendedKeyUsage (RFC 5280 §4.2.1.12).
    pub const ANY_EXTENDED_KEY_USAGE: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.37.0");
    /// The embedded SCT list (RFC 6962 §3.3).
    pub const SCT_LIST: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.4.1.11129.2.4.2");
    /// Fulcio's arc, 1.3.6.1.4.1.57264.1 (fulcio `docs/oid-info.md`).
    pub const FULCIO: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.4.1.57264.1");
}

const KEY_USAGE: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.15");
const SUBJECT_KEY_IDENTIFIER: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.14");
const SUBJECT_ALT_NAME: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.17");
const BASIC_CONSTRAINTS: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.19");
const NAME_CONSTRAINTS: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.30");
const AUTHORITY_KEY_IDENTIFIER: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.35");
const EXTENDED_KEY_USAGE: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.37");

/// Why bytes are not a certificate that this library reads.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum CertificateError {
    /// Longer than [`MAX_CERTIFICATE_BYTES`].
    TooLarge {
        /// Bytes found.
        found: usize,
    },
    /// Not DER, or not a certificate; the error says at which byte.
    Der(der::Error),
    /// A certificate, but not in the one encoding that DER allows: the bytes differ from their re-encoding from here on.
    NotCanonical {
        /// Offset of the first byte that differs.
        offset: usize,
    },
    /// Not version 3.
    Version,
    /// The signature algorithm inside the signed part differs from the one outside (RFC 5280 §4.1.1.2).
    AlgorithmsDiffer,
    /// More than [`MAX_EXTENSIONS`] extensions.
    TooManyExtensions {
        /// Extensions found.
        found: usize,
    },
    /// The same extension twice (RFC 5280 §4.2).
    DuplicateExtension {
        /// Its object identifier.
        oid: String,
    },
    /// An extension whose value cannot be read.
    Extension {
        /// Its object identifier.
        oid: String,
        /// What is wrong with it.
        error: der::Error,
    },
    /// A public key that cannot be used.
    Key(KeyError),
}

impl fmt::Display for CertificateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLarge { found } => {
                write!(f, "expected a certificate of at most {MAX_CERTIFICATE_BYTES} bytes, found {found}")
            }
            Self::Der(error) => write!(f, "expected a certificate in DER, found something else: {error}"),
            Self::NotCanonical { offset } => {
                write!(f, "expected the certificate's one DER encoding, found another from byte {offset} on")
            }
            Self::Version => f.write_str("expected an X.509 certificate of version 3, found another"),
            Self::AlgorithmsDiffer => {
                f.write_str("expected one signature algorithm, found one inside the signed part and another outside")
            }
            Self::TooManyExtensions { found } => {
                write!(f, "expected at most {MAX_EXTENSIONS} extensions, found {found}")
            }
            Self::DuplicateExtension { oid } => write!(f, "expected each extension once, found {oid} twice"),
            Self::Extension { oid, error } => {
                write!(f, "expected a readable extension {oid}, found something else: {error}")
            }
            Self::Key(error) => write!(f, "expected a usable public key, found none: {error}"),
        }
    }
}

/// One certificate: what its bytes say, nothing of it verified.
#[derive(Clone, Debug)]
pub struct Certificate {
    der: Vec<u8>,
    inner: Box<x509_cert::Certificate>,
    tbs: Vec<u8>,
    issuer: Vec<u8>,
    subject: Vec<u8>,
    key: PublicKey,
    extensions: KnownExtensions,
}

/// The extensions that checks ask for, decoded.
#[derive(Clone, Debug, Default)]
struct KnownExtensions {
    key_usage: Option<KeyUsage>,
    extended_key_usage: Option<(bool, ExtendedKeyUsage)>,
    basic_constraints: Option<BasicConstraints>,
    subject_alt_name: Option<SubjectAltName>,
    name_constraints: Option<NameConstraints>,
    subject_key_identifier: Option<Vec<u8>>,
    authority_key_identifier: Option<Vec<u8>>,
    unknown_critical: Vec<ObjectIdentifier>,
}

impl Certificate {
    /// Reads one certificate and nothing after it.
    ///
    /// The whole is re-encoded and compared, so that a certificate has exactly one spelling: what a CA signed cannot be
    /// dressed up in BER lengths, explicit defaults or trailing bytes (RFC 5280 §4.1, X.690 §10–11).
    ///
    /// # Errors
    /// [`CertificateError`].
    pub fn from_der(der: &[u8]) -> Result<Self, CertificateError> {
        if der.len() > MAX_CERTIFICATE_BYTES {
            return Err(CertificateError::TooLarge { found: der.len() });
        }
        let inner = x509_cert::Certificate::from_der(der).map_err(CertificateError::Der)?;
        let encoded = inner.to_der().map_err(CertificateError::Der)?;
        if encoded != der {
            let offset = encoded.iter().zip(der).position(|(a, b)| a != b).unwrap_or(encoded.len().min(der.len()));
            return Err(CertificateError::NotCanonical { offset });
        }
        let tbs = inner.tbs_certificate();
        if tbs.version() != x509_cert::Version::V3 {
            return Err(CertificateError::Version);
        }
        if tbs.signature() != inner.signature_algorithm() {
            return Err(CertificateError::AlgorithmsDiffer);
        }
        let extensions = KnownExtensions::read(tbs.extensions().map_or(&[], Vec::as_slice))?;
        let spki = tbs.subject_public_key_info().to_der().map_err(CertificateError::Der)?;
        Ok(Self {
            der: der.into(),
            tbs: tbs.to_der().map_err(CertificateError::Der)?,
            issuer: tbs.issuer().to_der().map_err(CertificateError::Der)?,
            subject: tbs.subject().to_der().map_err(CertificateError::Der)?,
            key: PublicKey::from_spki_der(&spki).map_err(CertificateError::Key)?,
            extensions,
            inner: Box::new(inner),
        })
    }

    /// The bytes it was read from.
    #[must_use]
    pub fn der(&self) -> &[u8] {
        &self.der
    }

    /// The signed part, TBSCertificate.
    #[must_use]
    pub fn tbs_der(&self) -> &[u8] {
        &self.tbs
    }

    /// The issuer's name in DER, for comparing.
    #[must_use]
    pub fn issuer_der(&self) -> &[u8] {
        &self.issuer
    }

    /// The subject's name in DER, for comparing.
    #[must_use]
    pub fn subject_der(&self) -> &[u8] {
        &self.subject
    }

    /// The issuer's name for people (RFC 4514). Untrusted text.
    #[must_use]
    pub fn issuer(&self) -> String {
        name::Shown(self.inner.tbs_certificate().issuer()).to_string()
    }

    /// The subject's name for people (RFC 4514); empty in Fulcio's leaves. Untrusted text.
    #[must_use]
    pub fn subject(&self) -> String {
        name::Shown(self.inner.tbs_certificate().subject()).to_string()
    }

    /// Whether the subject has no name: then the subject alternative name is the identity (RFC 5280 §4.1.2.6).
    #[must_use]
    pub fn subject_is_empty(&self) -> bool {
        self.inner.tbs_certificate().subject().is_empty()
    }

    /// Whether issuer and subject are one name (RFC 5280 §3.2, "self-issued").
    #[must_use]
    pub fn is_self_issued(&self) -> bool {
        self.issuer == self.subject
    }

    /// The serial number, big-endian, as encoded.
    #[must_use]
    pub fn serial(&self) -> &[u8] {
        self.inner.tbs_certificate().serial_number().as_bytes()
    }

    /// The subject's public key.
    #[must_use]
    pub fn public_key(&self) -> &PublicKey {
        &self.key
    }

    /// notBefore to notAfter, both inside (RFC 5280 §4.1.2.5).
    #[must_use]
    pub fn validity(&self) -> Window {
        let validity = self.inner.tbs_certificate().validity();
        Window {
            start: UnixTime::from_date_time(validity.not_before.to_date_time()),
            end: Some(UnixTime::from_date_time(validity.not_after.to_date_time())),
        }
    }

    /// The issuer's signature over [`Certificate::tbs_der`]. `None` when it has unused bits.
    #[must_use]
    pub fn signature(&self) -> Option<&[u8]> {
        self.inner.signature().as_bytes()
    }

    /// How the issuer signed; `None` for an algorithm that this library does not verify.
    #[must_use]
    pub fn signature_scheme(&self) -> Option<Scheme> {
        signature_scheme(self.inner.signature_algorithm())
    }

    /// The object identifier of the signature algorithm.
    #[must_use]
    pub fn signature_algorithm(&self) -> String {
        self.inner.signature_algorithm().oid.to_string()
    }

    /// The key usages, if the extension is there (RFC 5280 §4.2.1.3).
    #[must_use]
    pub fn key_usage(&self) -> Option<&KeyUsage> {
        self.extensions.key_usage.as_ref()
    }

    /// Whether the extended key usage is critical, and its purposes (RFC 5280 §4.2.1.12).
    #[must_use]
    pub fn extended_key_usage(&self) -> Option<(bool, &[ObjectIdentifier])> {
        self.extensions.extended_key_usage.as_ref().map(|(critical, usage)| (*critical, usage.0.as_slice()))
    }

    /// Whether it is a CA's (RFC 5280 §4.2.1.9).
    #[must_use]
    pub fn is_ca(&self) -> bool {
        self.extensions.basic_constraints.as_ref().is_some_and(|constraints| constraints.ca)
    }

    /// How many further intermediates may follow below it (RFC 5280 §4.2.1.9).
    #[must_use]
    pub fn path_length(&self) -> Option<u8> {
        self.extensions.basic_constraints.as_ref().and_then(|constraints| constraints.path_len_constraint)
    }

    /// The subject alternative name, if there (RFC 5280 §4.2.1.6).
    #[must_use]
    pub fn subject_alt_name(&self) -> Option<&SubjectAltName> {
        self.extensions.subject_alt_name.as_ref()
    }

    /// The name constraints, if there (RFC 5280 §4.2.1.10).
    #[must_use]
    pub fn name_constraints(&self) -> Option<&NameConstraints> {
        self.extensions.name_constraints.as_ref()
    }

    /// The subject key identifier, if there (RFC 5280 §4.2.1.2).
    #[must_use]
    pub fn subject_key_identifier(&self) -> Option<&[u8]> {
        self.extensions.subject_key_identifier.as_deref()
    }

    /// Whether it names this issuer's key (RFC 5280 §4.2.1.1): which issuer to try first, and no more. Names and signatures alone decide.
    #[must_use]
    pub fn names_key_of(&self, issuer: &Self) -> bool {
        let named = self.extensions.authority_key_identifier.as_deref();
        named.is_some() && named == issuer.subject_key_identifier()
    }

    /// Critical extensions that this library does not process (RFC 5280 §4.2: the certificate must be rejected).
    #[must_use]
    pub fn unknown_critical_extensions(&self) -> &[ObjectIdentifier] {
        &self.extensions.unknown_critical
    }

    /// The value of the extension `oid`, without its OCTET STRING.
    #[must_use]
    pub fn extension(&self, oid: &ObjectIdentifier) -> Option<&[u8]> {
        let extensions = self.inner.tbs_certificate().extensions()?;
        extensions.iter().find(|extension| extension.extn_id == *oid).map(|extension| extension.extn_value.as_bytes())
    }

    /// TBSCertificate without the extension `oid`, lengths re-encoded and nothing else changed: what a CT log signed when
    /// `oid` is the SCT list (RFC 6962 §3.2). `None` when it cannot be encoded.
    #[must_use]
    pub fn tbs_without(&self, oid: &ObjectIdentifier) -> Option<Vec<u8>> {
        crate::encoding::der::tbs_without_extension(&self.tbs, oid)
    }
}

/// Two certificates are one when their bytes are.
impl PartialEq for Certificate {
    fn eq(&self, other: &Self) -> bool {
        self.der == other.der
    }
}

impl Eq for Certificate {}

impl KnownExtensions {
    fn read(extensions: &[x509_cert::ext::Extension]) -> Result<Self, CertificateError> {
        if extensions.len() > MAX_EXTENSIONS {
            return Err(CertificateError::TooManyExtensions { found: extensions.len() });
        }
        let mut known = Self::default();
        for (index, extension) in extensions.iter().enumerate() {
            let oid = extension.extn_id;
            if extensions.iter().take(index).any(|earlier| earlier.extn_id == oid) {
                return Err(CertificateError::DuplicateExtension { oid: oid.to_string() });
            }
            let value = extension.extn_value.as_bytes();
            let failed = |error| CertificateError::Extension { oid: oid.to_string(), error };
            // Compared with guards: a pattern compares all forty bytes one by one, in code.
            match () {
                _ if oid == KEY_USAGE => known.key_usage = Some(KeyUsage::from_der(value).map_err(failed)?),
                _ if oid == EXTENDED_KEY_USAGE => {
                    let usage = ExtendedKeyUsage::from_der(value).map_err(failed)?;
                    known.extended_key_usage = Some((extension.critical, usage));
                }
                _ if oid == BASIC_CONSTRAINTS => {
                    known.basic_constraints = Some(BasicConstraints::from_der(value).map_err(failed)?)
                }
                _ if oid == SUBJECT_ALT_NAME => {
                    known.subject_alt_name = Some(SubjectAltName::from_der(value).map_err(failed)?)
                }
                _ if oid == NAME_CONSTRAINTS => {
                    known.name_constraints = Some(NameConstraints::from_der(value).map_err(failed)?)
                }
                _ if oid == SUBJECT_KEY_IDENTIFIER => {
                    let identifier = SubjectKeyIdentifier::from_der(value).map_err(failed)?;
                    known.subject_key_identifier = Some(identifier.0.as_bytes().into());
                }
                _ if oid == AUTHORITY_KEY_IDENTIFIER => {
                    let identifier = AuthorityKeyIdentifier::from_der(value).map_err(failed)?;
                    known.authority_key_identifier = identifier.key_identifier.map(|id| id.as_bytes().into());
                }
                _ if oid == oid::SCT_LIST => {}
                _ if Claim::from_oid(oid).is_some() => {}
                _ if extension.critical => known.unknown_critical.push(oid),
                _ => {}
            }
        }
        Ok(known)
    }
}

/// The scheme that an AlgorithmIdentifier of a certificate or of a CMS signer names, or `None` when it names none that this
/// library verifies, or has parameters it must not have.
#[must_use]
pub fn signature_scheme(algorithm: &AlgorithmIdentifierOwned) -> Option<Scheme> {
    use HashAlgorithm::{Sha256, Sha384, Sha512};
    const fn oid(text: &str) -> ObjectIdentifier {
        ObjectIdentifier::new_unwrap(text)
    }
    const ECDSA_SHA256: ObjectIdentifier = oid("1.2.840.10045.4.3.2");
    const ECDSA_SHA384: ObjectIdentifier = oid("1.2.840.10045.4.3.3");
    const ECDSA_SHA512: ObjectIdentifier = oid("1.2.840.10045.4.3.4");
    const RSA_SHA256: ObjectIdentifier = oid("1.2.840.113549.1.1.11");
    const RSA_SHA384: ObjectIdentifier = oid("1.2.840.113549.1.1.12");
    const RSA_SHA512: ObjectIdentifier = oid("1.2.840.113549.1.1.13");
    const RSA_PSS: ObjectIdentifier = oid("1.2.840.113549.1.1.10");
    const ED25519: ObjectIdentifier = oid("1.3.101.112");

    let parameters = algorithm.parameters.as_ref();
    let (scheme, allowed) = match algorithm.oid {
        oid if oid == ECDSA_SHA256 => (Scheme::Ecdsa(Sha256), parameters.is_none()),
        oid if oid == ECDSA_SHA384 => (Scheme::Ecdsa(Sha384), parameters.is_none()),
        oid if oid == ECDSA_SHA512 => (Scheme::Ecdsa(Sha512), parameters.is_none()),
        oid if oid == ED25519 => (Scheme::Ed25519, parameters.is_none()),
        oid if oid == RSA_SHA256 => (Scheme::RsaPkcs1(Sha256), parameters.is_none_or(|any| any.is_null())),
        oid if oid == RSA_SHA384 => (Scheme::RsaPkcs1(Sha384), parameters.is_none_or(|any| any.is_null())),
        oid if oid == RSA_SHA512 => (Scheme::RsaPkcs1(Sha512), parameters.is_none_or(|any| any.is_null())),
        oid if oid == RSA_PSS => (Scheme::RsaPss(pss_hash(&parameters?.to_der().ok()?)?), true),
        _ => return None,
    };
    allowed.then_some(scheme)
}

/// The hash of RSASSA-PSS parameters (RFC 4055 §3.1) whose mask uses the same hash, whose salt is as long as the hash, and
/// whose trailer is the default: the only form in use.
fn pss_hash(parameters: &[u8]) -> Option<HashAlgorithm> {
    [HashAlgorithm::Sha256, HashAlgorithm::Sha384, HashAlgorithm::Sha512]
        .into_iter()
        .find(|hash| [true, false].into_iter().any(|null| pss_parameters(*hash, null).as_deref() == Some(parameters)))
}

/// The DER of RSASSA-PSS-params (RFC 4055 §3.1) for `hash`, MGF1 with the same hash and a salt of its length; the hash
/// identifiers with NULL parameters or without, both of which occur.
fn pss_parameters(hash: HashAlgorithm, null: bool) -> Option<Vec<u8>> {
    const MGF1: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.8");
    let mut identifier = hash.oid().to_der().ok()?;
    if null {
        identifier.extend_from_slice(&[5, 0]);
    }
    let identifier = wrap(Tag::Sequence, &identifier)?;
    let mut mask = MGF1.to_der().ok()?;
    mask.extend_from_slice(&identifier);
    let mut parameters = wrap(context(0), &identifier)?;
    parameters.extend_from_slice(&wrap(context(1), &wrap(Tag::Sequence, &mask)?)?);
    parameters.extend_from_slice(&wrap(context(2), &u32::try_from(hash.digest_len()).ok()?.to_der().ok()?)?);
    wrap(Tag::Sequence, &parameters)
}
