//! Names of every kind (RFC 5280 §4.2.1.6), and constraints on them (RFC 5280 §4.2.1.10).

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use der::Tag;
use der::oid::ObjectIdentifier;

use super::name;
use crate::encoding::der::{DerError, Element, Elements, context, context_primitive};

/// `GeneralName` (RFC 5280 §4.2.1.6); of the kinds that no check asks for it is only known that they are well-formed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum GeneralName {
    /// `[0]`: a name of a type of its own.
    OtherName {
        /// The type.
        type_id: ObjectIdentifier,
        /// The value, in DER.
        value: Vec<u8>,
    },
    /// `[1]`: an email address.
    Rfc822Name(String),
    /// `[4]`: a distinguished name.
    DirectoryName,
    /// `[6]`: a URI.
    UniformResourceIdentifier(String),
    /// dNSName, ediPartyName, iPAddress or registeredID.
    Other,
}

/// Bytes of an IP address, of version 4 and 6.
const ADDRESS: [usize; 2] = [4, 16];
/// The same with a mask, as constraints have it (RFC 5280 §4.2.1.10).
const ADDRESS_AND_MASK: [usize; 2] = [8, 32];

impl GeneralName {
    /// Reads `GeneralNames ::= SEQUENCE SIZE (1..MAX) OF GeneralName`, under the tag `tag`.
    pub(super) fn list(element: &Element<'_>, tag: Tag) -> Result<Vec<Self>, DerError> {
        let names = element.open(tag, "names")?.all("a name")?;
        if names.is_empty() {
            return Err(element.error("a name"));
        }
        names.iter().map(|name| Self::read(name, ADDRESS)).collect()
    }

    fn read(element: &Element<'_>, address: [usize; 2]) -> Result<Self, DerError> {
        const OTHER: Tag = context(0);
        const RFC822: Tag = context_primitive(1);
        const DNS: Tag = context_primitive(2);
        const DIRECTORY: Tag = context(4);
        const EDI_PARTY: Tag = context(5);
        const URI: Tag = context_primitive(6);
        const IP: Tag = context_primitive(7);
        const REGISTERED_ID: Tag = context_primitive(8);

        let text = |expected| element.string(element.tag, Tag::Ia5String, expected).map(ToString::to_string);
        Ok(match element.tag {
            OTHER => {
                let mut fields = element.open(OTHER, "an otherName")?;
                let type_id = fields.next("a type")?.oid(Tag::ObjectIdentifier, "a type")?;
                let value = fields.next("a value")?.inside(context(0), "a value")?.raw.into();
                fields.end()?;
                Self::OtherName { type_id, value }
            }
            RFC822 => Self::Rfc822Name(text("an email address in ASCII")?),
            URI => Self::UniformResourceIdentifier(text("a URI in ASCII")?),
            DIRECTORY => {
                name::check(&element.inside(DIRECTORY, "a directory name")?)?;
                Self::DirectoryName
            }
            DNS => element.string(DNS, Tag::Ia5String, "a host name in ASCII").map(|_| Self::Other)?,
            EDI_PARTY => edi_party(element.open(EDI_PARTY, "an ediPartyName")?).map(|()| Self::Other)?,
            IP if address.contains(&element.value.len()) => Self::Other,
            REGISTERED_ID => element.oid(REGISTERED_ID, "a registeredID").map(|_| Self::Other)?,
            _ => return Err(element.error("a name of RFC 5280")),
        })
    }
}

/// `EDIPartyName ::= SEQUENCE { nameAssigner [0] DirectoryString OPTIONAL, partyName [1] DirectoryString }`.
fn edi_party(mut fields: Elements<'_>) -> Result<(), DerError> {
    let assigner = fields.optional(context(0), "a name's assigner")?;
    let party = fields.next("a party's name")?;
    fields.end()?;
    assigner.map_or(Ok(()), |assigner| directory_string(&assigner, context(0)))?;
    directory_string(&party, context(1))
}

fn directory_string(element: &Element<'_>, tag: Tag) -> Result<(), DerError> {
    let expected = "a directory string";
    let text = element.inside(tag, expected)?;
    // Of two bytes for each character, surrogates being none.
    let is_in_plane = |pair: &[u8]| matches!(pair, [0..=0xd7 | 0xe0..=0xfe, _] | [0xff, 0..=0xfe]);
    match text.tag {
        Tag::BmpString if text.value.chunks(2).all(is_in_plane) => Ok(()),
        Tag::PrintableString | Tag::TeletexString | Tag::Utf8String => {
            text.string(text.tag, text.tag, expected).map(|_| ())
        }
        _ => Err(text.error(expected)),
    }
}

/// Which names certificates below may have (RFC 5280 §4.2.1.10).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NameConstraints {
    /// If any are of a name's kind, it must be inside one of them.
    pub permitted_subtrees: Vec<GeneralSubtree>,
    /// No name may be inside one of them.
    pub excluded_subtrees: Vec<GeneralSubtree>,
}

/// All names below one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GeneralSubtree {
    /// The name.
    pub base: GeneralName,
    /// How far below it they begin.
    pub minimum: u32,
    /// How far below it they end.
    pub maximum: Option<u32>,
}

impl NameConstraints {
    /// Reads `SEQUENCE { permittedSubtrees [0] GeneralSubtrees OPTIONAL, excludedSubtrees [1] GeneralSubtrees OPTIONAL }`, which must
    /// not be empty.
    pub(super) fn read(element: &Element<'_>) -> Result<Self, DerError> {
        let mut fields = element.open(Tag::Sequence, "name constraints")?;
        if fields.is_empty() {
            return Err(element.error("a subtree"));
        }
        let mut subtrees = |tag| match fields.optional(tag, "subtrees")? {
            Some(list) => GeneralSubtree::list(&list, tag),
            None => Ok(Vec::new()),
        };
        let constraints = Self { permitted_subtrees: subtrees(context(0))?, excluded_subtrees: subtrees(context(1))? };
        fields.end()?;
        Ok(constraints)
    }
}

impl GeneralSubtree {
    /// `GeneralSubtrees ::= SEQUENCE SIZE (1..MAX) OF GeneralSubtree`.
    fn list(element: &Element<'_>, tag: Tag) -> Result<Vec<Self>, DerError> {
        let subtrees = element.open(tag, "subtrees")?.all("a subtree")?;
        if subtrees.is_empty() {
            return Err(element.error("a subtree"));
        }
        subtrees.iter().map(Self::read).collect()
    }

    /// `SEQUENCE { base GeneralName, minimum [0] BaseDistance DEFAULT 0, maximum [1] BaseDistance OPTIONAL }`.
    fn read(element: &Element<'_>) -> Result<Self, DerError> {
        let mut fields = element.open(Tag::Sequence, "a subtree")?;
        let base = GeneralName::read(&fields.next("a name")?, ADDRESS_AND_MASK)?;
        let minimum = distance(&mut fields, context_primitive(0))?;
        let maximum = distance(&mut fields, context_primitive(1))?;
        fields.end()?;
        if minimum == Some(0) {
            return Err(element.error("a minimum of 0 to be left out"));
        }
        Ok(Self { base, minimum: minimum.unwrap_or_default(), maximum })
    }
}

fn distance(fields: &mut Elements<'_>, tag: Tag) -> Result<Option<u32>, DerError> {
    let Some(distance) = fields.optional(tag, "a distance")? else { return Ok(None) };
    let bytes = distance.unsigned(tag, "a distance")?;
    let mut value = [0; 4];
    let low = value.len().checked_sub(bytes.len()).and_then(|start| value.get_mut(start..));
    low.ok_or(distance.error("a distance of 32 bits"))?.copy_from_slice(bytes);
    Ok(Some(u32::from_be_bytes(value)))
}
