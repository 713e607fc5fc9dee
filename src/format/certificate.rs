//! X.509 v3 certificates (RFC 5280 §4.1), read once over their own bytes, as strict DER.

mod algorithm;
mod extensions;
mod general_name;
mod name;

use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;

use der::Tag;
use der::oid::ObjectIdentifier;

pub use self::algorithm::signature_scheme;
use self::extensions::Extensions;
pub use self::extensions::KeyUsage;
pub use self::general_name::{GeneralName, GeneralSubtree, NameConstraints};
use crate::crypto::{KeyError, PublicKey, Scheme};
use crate::encoding::der::{AlgorithmIdentifier, DerError, Element, Elements, context, context_primitive};
use crate::limits::{MAX_CERTIFICATE_BYTES, MAX_EXTENSIONS, MAX_SERIAL_BYTES};
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

/// Why bytes are not a certificate that this library reads.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum CertificateError {
    /// Longer than [`MAX_CERTIFICATE_BYTES`].
    TooLarge {
        /// Bytes found.
        found: usize,
    },
    /// Not a certificate, or not in the one spelling that DER allows.
    Der(DerError),
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
        error: DerError,
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
            Self::Der(DerError { offset, expected }) => {
                write!(f, "expected {expected} at byte {offset} of the certificate's DER, found something else")
            }
            Self::Version => f.write_str("expected an X.509 certificate of version 3, found another"),
            Self::AlgorithmsDiffer => {
                f.write_str("expected one signature algorithm, found one inside the signed part and another outside")
            }
            Self::TooManyExtensions { found } => {
                write!(f, "expected at most {MAX_EXTENSIONS} extensions, found {found}")
            }
            Self::DuplicateExtension { oid } => write!(f, "expected each extension once, found {oid} twice"),
            Self::Extension { oid, error: DerError { offset, expected } } => {
                write!(
                    f,
                    "expected {expected} in extension {oid}, at byte {offset} of the certificate's DER, found something else"
                )
            }
            Self::Key(error) => write!(f, "expected a usable public key, found none: {error}"),
        }
    }
}

impl From<DerError> for CertificateError {
    fn from(error: DerError) -> Self {
        Self::Der(error)
    }
}

/// A part of a certificate's bytes.
#[derive(Clone, Copy, Debug)]
struct Span {
    start: usize,
    length: usize,
}

impl Span {
    fn raw(element: &Element<'_>) -> Self {
        Self { start: element.offset, length: element.raw.len() }
    }

    fn value(element: &Element<'_>) -> Self {
        Self { start: element.value_offset(), length: element.value.len() }
    }

    fn of(self, der: &[u8]) -> &[u8] {
        der.get(self.start..self.start.saturating_add(self.length)).unwrap_or_default()
    }
}

/// One certificate: what its bytes say, nothing of it verified.
#[derive(Clone, Debug)]
pub struct Certificate {
    der: Vec<u8>,
    tbs: Span,
    serial: Span,
    issuer: Span,
    subject: Span,
    validity: Window,
    key: PublicKey,
    extensions: Extensions,
    algorithm: ObjectIdentifier,
    scheme: Option<Scheme>,
    /// `None` when it has unused bits.
    signature: Option<Span>,
}

impl Certificate {
    /// Reads one certificate and nothing after it.
    ///
    /// A certificate has exactly one spelling: what a CA signed cannot be dressed up in BER lengths, explicit defaults or trailing
    /// bytes (RFC 5280 §4.1, X.690 §10–11), neither as a whole nor in the extensions that are read.
    ///
    /// # Errors
    /// [`CertificateError`].
    pub fn from_der(der: &[u8]) -> Result<Self, CertificateError> {
        if der.len() > MAX_CERTIFICATE_BYTES {
            return Err(CertificateError::TooLarge { found: der.len() });
        }
        let mut parts = Element::only(der, "a certificate")?.open(Tag::Sequence, "a certificate")?;
        let tbs = parts.next("a TBSCertificate")?;
        let outer_algorithm = parts.next("a signature algorithm")?;
        let (unused, signature) = bits(&mut parts)?;
        parts.end()?;

        let mut fields = tbs.open(Tag::Sequence, "a TBSCertificate")?;
        // Without a version it is version 1.
        let version = fields.optional(context(0), "a version")?.ok_or(CertificateError::Version)?;
        if version.inside(context(0), "a version")?.integer(Tag::Integer, "a version")? != [2] {
            return Err(CertificateError::Version);
        }
        let serial = fields.next("a serial number")?;
        serial_number(&serial, Tag::Integer)?;
        let algorithm = fields.next("a signature algorithm")?;
        if algorithm.raw != outer_algorithm.raw {
            return Err(CertificateError::AlgorithmsDiffer);
        }
        let algorithm = AlgorithmIdentifier::read(&algorithm, "a signature algorithm")?;
        let issuer = fields.next("an issuer")?;
        name::check(&issuer)?;
        let validity = validity(&fields.next("a validity")?)?;
        let subject = fields.next("a subject")?;
        name::check(&subject)?;
        let key = fields.next("a public key")?;
        for tag in [context_primitive(1), context_primitive(2)] {
            if let Some(identifier) = fields.optional(tag, "a unique identifier")? {
                identifier.bits(tag, "a unique identifier")?;
            }
        }
        let extensions = fields.optional(context(3), "extensions")?;
        fields.end()?;
        Ok(Self {
            tbs: Span::raw(&tbs),
            serial: Span::value(&serial),
            issuer: Span::raw(&issuer),
            subject: Span::raw(&subject),
            validity,
            extensions: extensions.map_or(Ok(Extensions::default()), |list| Extensions::read(&list))?,
            key: PublicKey::from_spki_der(key.raw).map_err(CertificateError::Key)?,
            algorithm: algorithm.oid,
            scheme: signature_scheme(&algorithm),
            signature: (unused == 0).then_some(signature),
            der: der.into(),
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
        self.tbs.of(&self.der)
    }

    /// The issuer's name in DER, for comparing.
    #[must_use]
    pub fn issuer_der(&self) -> &[u8] {
        self.issuer.of(&self.der)
    }

    /// The subject's name in DER, for comparing.
    #[must_use]
    pub fn subject_der(&self) -> &[u8] {
        self.subject.of(&self.der)
    }

    /// The issuer's name for people (RFC 4514). Untrusted text.
    #[must_use]
    pub fn issuer(&self) -> String {
        name::Shown(self.issuer_der()).to_string()
    }

    /// The subject's name for people (RFC 4514); empty in Fulcio's leaves. Untrusted text.
    #[must_use]
    pub fn subject(&self) -> String {
        name::Shown(self.subject_der()).to_string()
    }

    /// Whether the subject has no name: then the subject alternative name is the identity (RFC 5280 §4.1.2.6).
    #[must_use]
    pub fn subject_is_empty(&self) -> bool {
        self.subject_der() == [0x30, 0]
    }

    /// Whether issuer and subject are one name (RFC 5280 §3.2, "self-issued").
    #[must_use]
    pub fn is_self_issued(&self) -> bool {
        self.issuer_der() == self.subject_der()
    }

    /// The serial number, big-endian, as encoded.
    #[must_use]
    pub fn serial(&self) -> &[u8] {
        self.serial.of(&self.der)
    }

    /// The subject's public key.
    #[must_use]
    pub fn public_key(&self) -> &PublicKey {
        &self.key
    }

    /// notBefore to notAfter, both inside (RFC 5280 §4.1.2.5).
    #[must_use]
    pub fn validity(&self) -> Window {
        self.validity
    }

    /// The issuer's signature over [`Certificate::tbs_der`]. `None` when it has unused bits.
    #[must_use]
    pub fn signature(&self) -> Option<&[u8]> {
        self.signature.map(|signature| signature.of(&self.der))
    }

    /// How the issuer signed; `None` for an algorithm that this library does not verify.
    #[must_use]
    pub fn signature_scheme(&self) -> Option<Scheme> {
        self.scheme
    }

    /// The object identifier of the signature algorithm.
    #[must_use]
    pub fn signature_algorithm(&self) -> String {
        self.algorithm.to_string()
    }

    /// The key usages, if the extension is there (RFC 5280 §4.2.1.3).
    #[must_use]
    pub fn key_usage(&self) -> Option<KeyUsage> {
        self.extensions.key_usage
    }

    /// Whether the extended key usage is critical, and its purposes (RFC 5280 §4.2.1.12).
    #[must_use]
    pub fn extended_key_usage(&self) -> Option<(bool, &[ObjectIdentifier])> {
        self.extensions.extended_key_usage.as_ref().map(|(critical, purposes)| (*critical, purposes.as_slice()))
    }

    /// Whether it is a CA's (RFC 5280 §4.2.1.9).
    #[must_use]
    pub fn is_ca(&self) -> bool {
        self.extensions.is_ca
    }

    /// How many further intermediates may follow below it (RFC 5280 §4.2.1.9).
    #[must_use]
    pub fn path_length(&self) -> Option<u8> {
        self.extensions.path_length
    }

    /// The subject alternative name, if there (RFC 5280 §4.2.1.6).
    #[must_use]
    pub fn subject_alt_name(&self) -> Option<&[GeneralName]> {
        self.extensions.subject_alt_name.as_deref()
    }

    /// The name constraints, if there (RFC 5280 §4.2.1.10).
    #[must_use]
    pub fn name_constraints(&self) -> Option<&NameConstraints> {
        self.extensions.name_constraints.as_ref()
    }

    /// The subject key identifier, if there (RFC 5280 §4.2.1.2).
    #[must_use]
    pub fn subject_key_identifier(&self) -> Option<&[u8]> {
        self.extensions.subject_key_identifier.map(|identifier| identifier.of(&self.der))
    }

    /// Whether it names this issuer's key (RFC 5280 §4.2.1.1): which issuer to try first, and no more. Names and signatures alone decide.
    #[must_use]
    pub fn names_key_of(&self, issuer: &Self) -> bool {
        let named = self.extensions.authority_key_identifier.map(|identifier| identifier.of(&self.der));
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
        let mut all = self.extensions.all.iter();
        let (_, value) = all.find(|(id, _)| id.of(&self.der) == oid.as_bytes())?;
        Some(value.of(&self.der))
    }

    /// TBSCertificate without the extension `oid`, lengths re-encoded and nothing else changed: what a CT log signed when
    /// `oid` is the SCT list (RFC 6962 §3.2). `None` when it cannot be encoded.
    #[must_use]
    pub fn tbs_without(&self, oid: &ObjectIdentifier) -> Option<Vec<u8>> {
        crate::encoding::der::tbs_without_extension(self.tbs_der(), oid)
    }
}

/// Two certificates are one when their bytes are.
impl PartialEq for Certificate {
    fn eq(&self, other: &Self) -> bool {
        self.der == other.der
    }
}

impl Eq for Certificate {}

/// The signature: how many bits of it are unused, and its bytes.
fn bits(parts: &mut Elements<'_>) -> Result<(u8, Span), DerError> {
    let signature = parts.next("a signature")?;
    let (unused, bytes) = signature.bits(Tag::BitString, "a signature")?;
    let Span { start, length } = Span::value(&signature);
    Ok((unused, Span { start: start.saturating_add(length.saturating_sub(bytes.len())), length: bytes.len() }))
}

/// A serial number under the tag `tag`. Negative ones and zero occur, and are read (RFC 5280 §4.1.2.2).
fn serial_number(element: &Element<'_>, tag: Tag) -> Result<(), DerError> {
    let length = element.integer(tag, "a serial number")?.len();
    if length > MAX_SERIAL_BYTES { Err(element.error("a serial number of at most 20 bytes")) } else { Ok(()) }
}

/// `Validity ::= SEQUENCE { notBefore Time, notAfter Time }`.
fn validity(element: &Element<'_>) -> Result<Window, DerError> {
    let mut times = element.open(Tag::Sequence, "a validity")?;
    let (start, end) = (time(&times.next("a time")?)?, time(&times.next("a time")?)?);
    times.end()?;
    Ok(Window { start, end: Some(end) })
}

/// To the second and in UTC; UTCTime until 2049 and GeneralizedTime from 2050 on (RFC 5280 §4.1.2.5).
fn time(element: &Element<'_>) -> Result<UnixTime, DerError> {
    let text = core::str::from_utf8(element.value).unwrap_or_default();
    let time = match element.tag {
        Tag::UtcTime => UnixTime::from_utc_time(text),
        Tag::GeneralizedTime if text.len() == 15 && text >= "2050" => UnixTime::from_generalized_time(text),
        _ => None,
    };
    time.ok_or(element.error("a time as RFC 5280 demands it"))
}
