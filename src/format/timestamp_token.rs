//! RFC 3161 timestamps: a TimeStampResp around a CMS SignedData (RFC 5652) around a TSTInfo.
//!
//! ```text
//! TimeStampResp ::= SEQUENCE { status PKIStatusInfo, timeStampToken ContentInfo OPTIONAL }
//! SignedData    ::= SEQUENCE { version, digestAlgorithms, encapContentInfo, certificates [0] OPTIONAL, crls [1] OPTIONAL,
//!                              signerInfos SET OF SignerInfo }
//! SignerInfo    ::= SEQUENCE { version, sid, digestAlgorithm, signedAttrs [0] OPTIONAL, signatureAlgorithm, signature,
//!                              unsignedAttrs [1] OPTIONAL }
//! TSTInfo       ::= SEQUENCE { version, policy, messageImprint, serialNumber, genTime, accuracy OPTIONAL,
//!                              ordering DEFAULT FALSE, nonce OPTIONAL, tsa [0] OPTIONAL, extensions [1] OPTIONAL }
//! ```

use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;

use der::Tag;
use der::asn1::ObjectIdentifier;

use super::certificate::{Certificate, signature_scheme};
use crate::crypto::{HashAlgorithm, Scheme};
use crate::encoding::der::{AlgorithmIdentifier, DerError, Element, Elements, context, context_primitive, wrap};
use crate::limits::{MAX_TIMESTAMP_BYTES, MAX_TIMESTAMP_CERTIFICATES};
use crate::time::UnixTime;

const SIGNED_DATA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.2");
const TST_INFO: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.1.4");
const CONTENT_TYPE: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.3");
const MESSAGE_DIGEST: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.4");
const SIGNING_CERTIFICATE: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.2.12");
const SIGNING_CERTIFICATE_V2: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.2.47");
const EC_PUBLIC_KEY: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.2.1");
const RSA_ENCRYPTION: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");

/// A timestamp: what its bytes say, nothing of it verified.
#[derive(Clone, Debug)]
pub struct TimestampToken {
    /// TSTInfo in DER, as encapsulated and hashed.
    pub tst_info: Vec<u8>,
    /// The hash of the message imprint; `None` for SHA-1 and other hashes that are not accepted.
    pub imprint_algorithm: Option<HashAlgorithm>,
    /// The digest of what was stamped.
    pub imprint: Vec<u8>,
    /// When it was stamped.
    pub time: UnixTime,
    /// Certificates that came with it, in DER: never trusted for being there.
    pub certificates: Vec<Vec<u8>>,
    /// Which certificate signed.
    pub signer: SignerIdentifier,
    /// The hash under the signed attributes; `None` when it is not accepted.
    pub digest_algorithm: Option<HashAlgorithm>,
    /// What the signature is over: the signed attributes as a SET, their own bytes otherwise (RFC 5652 §5.4).
    pub signed_attributes: Vec<u8>,
    /// The messageDigest attribute.
    pub message_digest: Vec<u8>,
    /// The signingCertificateV2 or signingCertificate attribute.
    pub signing_certificate: SigningCertificate,
    /// How the signature was made; `None` when it is not verified here.
    pub scheme: Option<Scheme>,
    /// The signature.
    pub signature: Vec<u8>,
}

/// How a token names the certificate that signed it (RFC 5652 §5.3).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SignerIdentifier {
    /// By issuer and serial number.
    IssuerAndSerial {
        /// The issuer's name in DER.
        issuer: Vec<u8>,
        /// The serial number, big-endian, as encoded.
        serial: Vec<u8>,
    },
    /// By subject key identifier.
    KeyIdentifier(Vec<u8>),
}

/// The certificate hash that a token signs along, so that another certificate of the same key cannot take its place
/// (RFC 5035 §3, RFC 5816).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SigningCertificate {
    /// signingCertificateV2: a hash of the certificate.
    V2 {
        /// The hash; `None` when it is not accepted.
        algorithm: Option<HashAlgorithm>,
        /// The digest of the certificate in DER.
        digest: Vec<u8>,
    },
    /// signingCertificate: its SHA-1, which is not computed here; issuer and serial name the certificate.
    V1,
}

/// Why bytes are not a timestamp that this library reads.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum TimestampFormatError {
    /// This build was compiled without the feature `timestamps`.
    NotInBuild,
    /// Longer than [`MAX_TIMESTAMP_BYTES`].
    TooLarge {
        /// Bytes found.
        found: usize,
    },
    /// Not DER, or not the structure.
    Der(DerError),
    /// The authority refused: PKIStatus is neither granted (0) nor granted with modifications (1).
    Status {
        /// The status, in hexadecimal.
        found: String,
    },
    /// A response without a token.
    NoToken,
    /// The token alone, without the response around it.
    BareToken,
    /// Not signedData, or not around a TSTInfo.
    ContentType {
        /// The object identifier found.
        found: String,
    },
    /// Not exactly one signer.
    SignerCount {
        /// How many.
        found: usize,
    },
    /// An attribute that must be signed exactly once is not.
    Attribute {
        /// The attribute's name.
        name: &'static str,
        /// How often it is there.
        found: usize,
    },
    /// More than [`MAX_TIMESTAMP_CERTIFICATES`] certificates.
    TooManyCertificates {
        /// How many.
        found: usize,
    },
}

impl fmt::Display for TimestampFormatError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotInBuild => f.write_str("this build does not verify timestamps (RFC 3161)"),
            Self::TooLarge { found } => {
                write!(f, "expected a timestamp of at most {MAX_TIMESTAMP_BYTES} bytes, found {found}")
            }
            Self::Der(error) => error.fmt(f),
            Self::Status { found } => write!(f, "expected a granted timestamp (status 0 or 1), found status 0x{found}"),
            Self::NoToken => f.write_str("expected a timestamp token, found a response without one"),
            Self::BareToken => f.write_str("expected a timestamp response, found a bare token without its response"),
            Self::ContentType { found } => {
                write!(f, "expected signed data around a TSTInfo, found content of type {found}")
            }
            Self::SignerCount { found } => write!(f, "expected exactly one signer, found {found}"),
            Self::Attribute { name, found } => {
                write!(f, "expected the signed attribute {name} exactly once, found it {found} times")
            }
            Self::TooManyCertificates { found } => {
                write!(f, "expected at most {MAX_TIMESTAMP_CERTIFICATES} certificates, found {found}")
            }
        }
    }
}

impl From<DerError> for TimestampFormatError {
    fn from(error: DerError) -> Self {
        Self::Der(error)
    }
}

impl TimestampToken {
    /// Reads a TimeStampResp and nothing after it.
    ///
    /// # Errors
    /// [`TimestampFormatError`].
    pub fn from_response(der: &[u8]) -> Result<Self, TimestampFormatError> {
        if cfg!(not(feature = "timestamps")) {
            return Err(TimestampFormatError::NotInBuild);
        }
        if der.len() > MAX_TIMESTAMP_BYTES {
            return Err(TimestampFormatError::TooLarge { found: der.len() });
        }
        let mut response = Element::only(der, "a timestamp response")?.open(Tag::Sequence, "a timestamp response")?;
        let status = response.next("a status")?;
        if status.tag == Tag::ObjectIdentifier {
            return Err(TimestampFormatError::BareToken);
        }
        let mut status = status.open(Tag::Sequence, "a status")?;
        let granted = status.next("a status")?.expect(Tag::Integer, "a status")?;
        if granted != [0] && granted != [1] {
            return Err(TimestampFormatError::Status {
                found: crate::encoding::hex::encode(granted.get(..4).unwrap_or(granted)),
            });
        }
        if response.is_empty() {
            return Err(TimestampFormatError::NoToken);
        }
        let content = response.next("a timestamp token")?;
        response.end()?;
        let signed_data = typed_content(&content, &SIGNED_DATA)?.ok_or(TimestampFormatError::NoToken)?;
        Self::read_signed_data(&signed_data)
    }

    fn read_signed_data(signed_data: &Element<'_>) -> Result<Self, TimestampFormatError> {
        let mut fields = signed_data.open(Tag::Sequence, "signed data")?;
        fields.next("a version")?.expect(Tag::Integer, "a version")?;
        fields.next("digest algorithms")?.expect(Tag::Set, "digest algorithms")?;
        let encapsulated = fields.next("encapsulated content")?;
        let octets = typed_content(&encapsulated, &TST_INFO)?;
        let octets = octets.ok_or(encapsulated.error("a TSTInfo"))?;
        let tst_info = octets.expect(Tag::OctetString, "a TSTInfo")?;
        let mut certificates = Vec::new();
        if let Some(set) = fields.optional(context(0), "certificates")? {
            certificates = set.open(context(0), "certificates")?.all("a certificate")?;
            if certificates.len() > MAX_TIMESTAMP_CERTIFICATES {
                return Err(TimestampFormatError::TooManyCertificates { found: certificates.len() });
            }
        }
        fields.optional(context(1), "revocation lists")?;
        let signers = fields.next("signers")?.open(Tag::Set, "signers")?.all("a signer")?;
        fields.end()?;
        let [signer] = signers.as_slice() else {
            return Err(TimestampFormatError::SignerCount { found: signers.len() });
        };

        let mut info = Element::only(tst_info, "a TSTInfo")?.open(Tag::Sequence, "a TSTInfo")?;
        let version = info.next("version 1")?;
        if version.expect(Tag::Integer, "version 1")? != [1] {
            return Err(version.error("version 1").into());
        }
        info.next("a policy")?.expect(Tag::ObjectIdentifier, "a policy")?;
        let mut imprint = info.next("a message imprint")?.open(Tag::Sequence, "a message imprint")?;
        let imprint_algorithm = hash_algorithm(&imprint.next("a hash algorithm")?)?;
        let digest = imprint.next("a digest")?.expect(Tag::OctetString, "a digest")?;
        imprint.end()?;
        info.next("a serial number")?.expect(Tag::Integer, "a serial number")?;
        let time = info.next("a time")?;
        let text = core::str::from_utf8(time.expect(Tag::GeneralizedTime, "a time")?).unwrap_or_default();
        let time = UnixTime::from_generalized_time(text).ok_or(time.error("a UTC time with seconds"))?;
        // accuracy, ordering, nonce, tsa and extensions: in this order, each optional, none of them judged here
        for tag in [Tag::Sequence, Tag::Boolean, Tag::Integer, context(0), context(1)] {
            info.optional(tag, "an optional field")?;
        }
        info.end()?;

        let signer = Signer::read(signer)?;
        Ok(Self {
            tst_info: tst_info.into(),
            imprint_algorithm,
            imprint: digest.into(),
            time,
            certificates: certificates.iter().map(|certificate| certificate.raw.into()).collect(),
            signer: signer.identifier,
            digest_algorithm: signer.digest_algorithm,
            signed_attributes: signer.signed_attributes,
            message_digest: signer.message_digest,
            signing_certificate: signer.signing_certificate,
            scheme: signer.scheme,
            signature: signer.signature,
        })
    }
}

struct Signer {
    identifier: SignerIdentifier,
    digest_algorithm: Option<HashAlgorithm>,
    signed_attributes: Vec<u8>,
    message_digest: Vec<u8>,
    signing_certificate: SigningCertificate,
    scheme: Option<Scheme>,
    signature: Vec<u8>,
}

impl Signer {
    fn read(signer: &Element<'_>) -> Result<Self, TimestampFormatError> {
        let mut fields = signer.open(Tag::Sequence, "a signer")?;
        fields.next("a version")?.expect(Tag::Integer, "a version")?;
        let identifier = fields.next("a signer identifier")?;
        let identifier = if identifier.tag == context_primitive(0) {
            SignerIdentifier::KeyIdentifier(identifier.value.into())
        } else {
            let mut parts = identifier.open(Tag::Sequence, "issuer and serial number")?;
            let issuer = parts.next("an issuer")?;
            issuer.expect(Tag::Sequence, "an issuer")?;
            let serial = parts.next("a serial number")?.expect(Tag::Integer, "a serial number")?;
            parts.end()?;
            SignerIdentifier::IssuerAndSerial { issuer: issuer.raw.into(), serial: serial.into() }
        };
        let digest_algorithm = hash_algorithm(&fields.next("a digest algorithm")?)?;
        let Some(attributes) = fields.optional(context(0), "signed attributes")? else {
            return Err(TimestampFormatError::Attribute { name: "contentType", found: 0 });
        };
        let algorithm = AlgorithmIdentifier::read(&fields.next("a signature algorithm")?, "a signature algorithm")?;
        let scheme = match algorithm.oid {
            // A bare key type leaves the hash to the digest algorithm (RFC 3370 §3.2, RFC 5753 §2.1.1).
            EC_PUBLIC_KEY => digest_algorithm.map(Scheme::Ecdsa),
            RSA_ENCRYPTION => digest_algorithm.map(Scheme::RsaPkcs1),
            _ => signature_scheme(&algorithm),
        };
        let signature = fields.next("a signature")?.expect(Tag::OctetString, "a signature")?;
        fields.optional(context(1), "unsigned attributes")?;
        fields.end()?;

        let list = attributes.open(context(0), "signed attributes")?.all("an attribute")?;
        // DER sorts a SET OF (X.690 §11.6), and the signature is over DER (RFC 5652 §5.4).
        if let Some([_, later]) = list.array_windows::<2>().find(|[earlier, later]| earlier.raw > later.raw) {
            return Err(later.error("signed attributes in order").into());
        }
        let content_type = one_attribute(&list, &CONTENT_TYPE, "contentType")?;
        let found = content_type.oid(Tag::ObjectIdentifier, "a content type")?;
        if found != TST_INFO {
            return Err(TimestampFormatError::ContentType { found: found.to_string() });
        }
        let message_digest = one_attribute(&list, &MESSAGE_DIGEST, "messageDigest")?;
        let message_digest = message_digest.expect(Tag::OctetString, "a digest")?;
        let signing_certificate = match one_attribute(&list, &SIGNING_CERTIFICATE_V2, "signingCertificateV2") {
            Ok(value) => signing_certificate_v2(&value)?,
            Err(TimestampFormatError::Attribute { found: 0, .. }) => {
                one_attribute(&list, &SIGNING_CERTIFICATE, "signingCertificate or signingCertificateV2")?;
                SigningCertificate::V1
            }
            Err(error) => return Err(error),
        };
        let signed_attributes =
            wrap(Tag::Set, attributes.value).ok_or(attributes.error("signed attributes of usual length"))?;
        Ok(Self {
            identifier,
            digest_algorithm,
            signed_attributes,
            message_digest: message_digest.into(),
            signing_certificate,
            scheme,
            signature: signature.into(),
        })
    }
}

/// `SEQUENCE { type OBJECT IDENTIFIER, [0] EXPLICIT content OPTIONAL }`, when the type is `expected`.
fn typed_content<'a>(
    element: &Element<'a>,
    expected: &ObjectIdentifier,
) -> Result<Option<Element<'a>>, TimestampFormatError> {
    let mut fields = element.open(Tag::Sequence, "typed content")?;
    let found = fields.next("a content type")?.oid(Tag::ObjectIdentifier, "a content type")?;
    if found != *expected {
        return Err(TimestampFormatError::ContentType { found: found.to_string() });
    }
    let Some(wrapper) = fields.optional(context(0), "content")? else { return Ok(None) };
    fields.end()?;
    let mut inside = wrapper.open(context(0), "content")?;
    let content = inside.next("content")?;
    inside.end()?;
    Ok(Some(content))
}

/// The hash that an AlgorithmIdentifier names, with NULL parameters or none: both occur.
fn hash_algorithm(element: &Element<'_>) -> Result<Option<HashAlgorithm>, DerError> {
    let algorithm = AlgorithmIdentifier::read(element, "a hash algorithm")?;
    match algorithm.parameters {
        Some(parameters) if !algorithm.has_null() => Err(parameters.error("no parameters")),
        _ => Ok(HashAlgorithm::from_oid(&algorithm.oid)),
    }
}

/// The one value of the one attribute `oid` in a set of attributes (RFC 5652 §11).
fn one_attribute<'a>(
    list: &[Element<'a>],
    oid: &ObjectIdentifier,
    name: &'static str,
) -> Result<Element<'a>, TimestampFormatError> {
    let mut values = Vec::new();
    for attribute in list {
        let mut fields: Elements<'a> = attribute.open(Tag::Sequence, "an attribute")?;
        if fields.next("an attribute type")?.oid(Tag::ObjectIdentifier, "an attribute type")? == *oid {
            values.extend(fields.next("attribute values")?.open(Tag::Set, "attribute values")?.all("a value")?);
        }
    }
    match values.as_slice() {
        [value] => Ok(*value),
        _ => Err(TimestampFormatError::Attribute { name, found: values.len() }),
    }
}

/// `SigningCertificateV2 ::= SEQUENCE { certs SEQUENCE OF ESSCertIDv2, policies OPTIONAL }`; the first one signed.
fn signing_certificate_v2(value: &Element<'_>) -> Result<SigningCertificate, DerError> {
    let mut fields = value.open(Tag::Sequence, "a signing certificate")?;
    let first = fields
        .next("certificate identifiers")?
        .open(Tag::Sequence, "certificate identifiers")?
        .next("a certificate identifier")?;
    let mut id = first.open(Tag::Sequence, "a certificate identifier")?;
    let algorithm = match id.optional(Tag::Sequence, "a hash algorithm")? {
        Some(algorithm) => hash_algorithm(&algorithm)?,
        None => Some(HashAlgorithm::Sha256),
    };
    let digest = id.next("a certificate hash")?.expect(Tag::OctetString, "a certificate hash")?;
    Ok(SigningCertificate::V2 { algorithm, digest: digest.into() })
}

impl SignerIdentifier {
    /// Whether a certificate of this issuer, serial number and subject key identifier is the one named.
    #[must_use]
    pub fn names(&self, certificate: &Certificate) -> bool {
        match self {
            Self::IssuerAndSerial { issuer, serial } => {
                issuer == certificate.issuer_der() && serial.as_slice() == certificate.serial()
            }
            Self::KeyIdentifier(identifier) => certificate.subject_key_identifier() == Some(identifier),
        }
    }

    /// Whether bytes pass for the certificate named, to whoever reads less of them, or reads them less strictly.
    #[must_use]
    pub fn may_name(&self, der: &[u8]) -> bool {
        match self {
            Self::IssuerAndSerial { issuer, serial } => issuer_and_serial(der)
                .is_ok_and(|(found, number)| found.raw == issuer.as_slice() && number.value == serial.as_slice()),
            Self::KeyIdentifier(identifier) => match Certificate::from_der(der) {
                Ok(certificate) => self.names(&certificate),
                Err(_) => {
                    identifier.is_empty() || der.windows(identifier.len()).any(|part| part == identifier.as_slice())
                }
            },
        }
    }
}

/// Issuer and serial number of a certificate of which nothing else is read.
fn issuer_and_serial(der: &[u8]) -> Result<(Element<'_>, Element<'_>), DerError> {
    let tbs = Element::only(der, "a certificate")?.open(Tag::Sequence, "a certificate")?.next("a TBSCertificate")?;
    let mut fields = tbs.open(Tag::Sequence, "a TBSCertificate")?;
    fields.optional(context(0), "a version")?;
    let serial = fields.next("a serial number")?;
    fields.next("a signature algorithm")?;
    Ok((fields.next("an issuer")?, serial))
}
