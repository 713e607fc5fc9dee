//! The extensions of a certificate (RFC 5280 §4.2).

use alloc::string::ToString;
use alloc::vec::Vec;

use der::Tag;
use der::oid::ObjectIdentifier;

use super::general_name::{GeneralName, NameConstraints};
use super::{CertificateError, Span, oid, serial_number};
use crate::encoding::der::{DerError, Element, context, context_primitive};
use crate::format::fulcio::Claim;
use crate::limits::MAX_EXTENSIONS;

const KEY_USAGE: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.15");
const SUBJECT_KEY_IDENTIFIER: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.14");
const SUBJECT_ALT_NAME: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.17");
const BASIC_CONSTRAINTS: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.19");
const NAME_CONSTRAINTS: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.30");
const AUTHORITY_KEY_IDENTIFIER: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.35");
const EXTENDED_KEY_USAGE: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.37");

/// What a key may be used for (RFC 5280 §4.2.1.3), as far as checks ask for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeyUsage(u8);

impl KeyUsage {
    /// digitalSignature (0).
    #[must_use]
    pub fn digital_signature(self) -> bool {
        self.0 & 0x80 != 0
    }

    /// nonRepudiation (1).
    #[must_use]
    pub fn non_repudiation(self) -> bool {
        self.0 & 0x40 != 0
    }

    /// keyCertSign (5).
    #[must_use]
    pub fn key_cert_sign(self) -> bool {
        self.0 & 0x04 != 0
    }

    /// A list of named bits ends with a one (X.690 §11.2.2). Without any it allows nothing.
    fn read(element: &Element<'_>) -> Result<Self, DerError> {
        let expected = "a key usage";
        let (unused, bytes) = element.bits(Tag::BitString, expected)?;
        match bytes {
            [] => Ok(Self(0)),
            [first] | [first, 0x80] if bytes.last().is_some_and(|last| last.trailing_zeros() == u32::from(unused)) => {
                Ok(Self(*first))
            }
            _ => Err(element.error(expected)),
        }
    }
}

/// All extensions, and those that checks ask for, decoded.
#[derive(Clone, Debug, Default)]
pub(super) struct Extensions {
    /// Identifier and value, without its OCTET STRING.
    pub(super) all: Vec<(Span, Span)>,
    pub(super) key_usage: Option<KeyUsage>,
    /// Whether it is critical, and the purposes.
    pub(super) extended_key_usage: Option<(bool, Vec<ObjectIdentifier>)>,
    pub(super) is_ca: bool,
    pub(super) path_length: Option<u8>,
    pub(super) subject_alt_name: Option<Vec<GeneralName>>,
    pub(super) name_constraints: Option<NameConstraints>,
    pub(super) subject_key_identifier: Option<Span>,
    pub(super) authority_key_identifier: Option<Span>,
    pub(super) unknown_critical: Vec<ObjectIdentifier>,
}

impl Extensions {
    /// Reads `[3] EXPLICIT SEQUENCE SIZE (1..MAX) OF Extension`, where
    /// `Extension ::= SEQUENCE { extnID OBJECT IDENTIFIER, critical BOOLEAN DEFAULT FALSE, extnValue OCTET STRING }`.
    pub(super) fn read(list: &Element<'_>) -> Result<Self, CertificateError> {
        let list = list.inside(context(3), "extensions")?;
        let elements = list.open(Tag::Sequence, "extensions")?.all("an extension")?;
        if elements.is_empty() {
            return Err(list.error("an extension").into());
        }
        if elements.len() > MAX_EXTENSIONS {
            return Err(CertificateError::TooManyExtensions { found: elements.len() });
        }
        let mut extensions = Self { all: Vec::with_capacity(elements.len()), ..Self::default() };
        let mut seen = Vec::with_capacity(elements.len());
        for element in &elements {
            let mut fields = element.open(Tag::Sequence, "an extension")?;
            let id = fields.next("an extension's identifier")?;
            let oid = id.oid(Tag::ObjectIdentifier, "an extension's identifier")?;
            let critical = fields.optional(Tag::Boolean, "critical")?;
            critical.map_or(Ok(()), |critical| critical.is_true("critical to be TRUE or left out"))?;
            let value = fields.next("an extension's value")?;
            value.expect(Tag::OctetString, "an extension's value")?;
            fields.end()?;
            if seen.contains(&id.value) {
                return Err(CertificateError::DuplicateExtension { oid: oid.to_string() });
            }
            seen.push(id.value);
            extensions.all.push((Span::value(&id), Span::value(&value)));
            extensions
                .take(oid, critical.is_some(), &value)
                .map_err(|error| CertificateError::Extension { oid: oid.to_string(), error })?;
        }
        Ok(extensions)
    }

    /// Decodes an extension that checks ask for.
    fn take(&mut self, oid: ObjectIdentifier, critical: bool, value: &Element<'_>) -> Result<(), DerError> {
        let inside = |expected| value.inside(Tag::OctetString, expected);
        // Compared with guards: a pattern compares all forty bytes one by one, in code.
        match () {
            _ if oid == KEY_USAGE => self.key_usage = Some(KeyUsage::read(&inside("a key usage")?)?),
            _ if oid == EXTENDED_KEY_USAGE => {
                self.extended_key_usage = Some((critical, purposes(&inside("an extended key usage")?)?));
            }
            _ if oid == BASIC_CONSTRAINTS => {
                (self.is_ca, self.path_length) = basic_constraints(&inside("basic constraints")?)?;
            }
            _ if oid == SUBJECT_ALT_NAME => {
                let names = inside("names")?;
                self.subject_alt_name = Some(GeneralName::list(&names, Tag::Sequence)?);
            }
            _ if oid == NAME_CONSTRAINTS => {
                self.name_constraints = Some(NameConstraints::read(&inside("name constraints")?)?);
            }
            _ if oid == SUBJECT_KEY_IDENTIFIER => {
                let identifier = inside("a key identifier")?;
                identifier.expect(Tag::OctetString, "a key identifier")?;
                self.subject_key_identifier = Some(Span::value(&identifier));
            }
            _ if oid == AUTHORITY_KEY_IDENTIFIER => {
                self.authority_key_identifier = authority_key(&inside("an authority's key identifier")?)?;
            }
            _ if oid == oid::SCT_LIST => {}
            _ if Claim::from_oid(oid).is_some() => {}
            _ if critical => self.unknown_critical.push(oid),
            _ => {}
        }
        Ok(())
    }
}

/// `SEQUENCE SIZE (1..MAX) OF KeyPurposeId` (RFC 5280 §4.2.1.12).
fn purposes(element: &Element<'_>) -> Result<Vec<ObjectIdentifier>, DerError> {
    let elements = element.open(Tag::Sequence, "an extended key usage")?.all("a purpose")?;
    if elements.is_empty() {
        return Err(element.error("a purpose"));
    }
    elements.iter().map(|purpose| purpose.oid(Tag::ObjectIdentifier, "a purpose")).collect()
}

/// `SEQUENCE { cA BOOLEAN DEFAULT FALSE, pathLenConstraint INTEGER (0..MAX) OPTIONAL }` (RFC 5280 §4.2.1.9).
fn basic_constraints(element: &Element<'_>) -> Result<(bool, Option<u8>), DerError> {
    let mut fields = element.open(Tag::Sequence, "basic constraints")?;
    let ca = fields.optional(Tag::Boolean, "cA")?;
    ca.map_or(Ok(()), |ca| ca.is_true("cA to be TRUE or left out"))?;
    let length = fields.optional(Tag::Integer, "a path length")?;
    fields.end()?;
    let Some(length) = length else { return Ok((ca.is_some(), None)) };
    match length.unsigned(Tag::Integer, "a path length")? {
        [] => Ok((ca.is_some(), Some(0))),
        [limit] => Ok((ca.is_some(), Some(*limit))),
        _ => Err(length.error("a path length of at most 255")),
    }
}

/// `SEQUENCE { keyIdentifier [0] OCTET STRING OPTIONAL, authorityCertIssuer [1] GeneralNames OPTIONAL, authorityCertSerialNumber [2]
/// INTEGER OPTIONAL }` (RFC 5280 §4.2.1.1).
fn authority_key(element: &Element<'_>) -> Result<Option<Span>, DerError> {
    let mut fields = element.open(Tag::Sequence, "an authority's key identifier")?;
    let identifier = fields.optional(context_primitive(0), "a key identifier")?;
    if let Some(issuer) = fields.optional(context(1), "names")? {
        GeneralName::list(&issuer, context(1))?;
    }
    if let Some(serial) = fields.optional(context_primitive(2), "a serial number")? {
        serial_number(&serial, context_primitive(2))?;
    }
    fields.end()?;
    Ok(identifier.as_ref().map(Span::value))
}
