//! Distinguished names for people (RFC 4514).

use alloc::vec::Vec;
use core::fmt::{self, Write};

use der::Tag;
use der::oid::ObjectIdentifier;

use crate::encoding::der::{DerError, Element};

/// Whether this is a `Name ::= SEQUENCE OF SET SIZE (1..MAX) OF AttributeTypeAndValue` (RFC 5280 §4.1.2.4).
pub(super) fn check(name: &Element<'_>) -> Result<(), DerError> {
    let mut parts = name.open(Tag::Sequence, "a name")?;
    while !parts.is_empty() {
        let part = parts.next("a part of a name")?;
        let mut attributes = part.open(Tag::Set, "a part of a name")?;
        let mut last: &[u8] = &[];
        while !attributes.is_empty() {
            let element = attributes.next("an attribute")?;
            attribute(&element)?;
            // DER sorts a SET OF (X.690 §11.6), and no attribute is there twice.
            if last >= element.raw {
                return Err(element.error("attributes in order"));
            }
            last = element.raw;
        }
        if last.is_empty() {
            return Err(part.error("an attribute"));
        }
    }
    Ok(())
}

/// `AttributeTypeAndValue ::= SEQUENCE { type OBJECT IDENTIFIER, value ANY }`.
fn attribute<'a>(element: &Element<'a>) -> Result<(ObjectIdentifier, Element<'a>), DerError> {
    let mut fields = element.open(Tag::Sequence, "an attribute")?;
    let oid = fields.next("an attribute's type")?.oid(Tag::ObjectIdentifier, "an attribute's type")?;
    let value = fields.next("an attribute's value")?;
    fields.end()?;
    Ok((oid, value))
}

/// Shows a name in DER, as `x509-cert` does, whose own way brings a database of more than a thousand names of object identifiers along.
/// The attributes that names of people, organisations and machines have are known by name; all else is written as numbers.
pub(super) struct Shown<'n>(pub(super) &'n [u8]);

impl fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let parts = Element::only(self.0, "a name").map(|name| inside(&name, Tag::Sequence)).unwrap_or_default();
        for (at, part) in parts.iter().rev().enumerate() {
            for (inner, element) in inside(part, Tag::Set).iter().enumerate() {
                f.write_str(if inner > 0 {
                    "+"
                } else if at > 0 {
                    ","
                } else {
                    ""
                })?;
                if let Ok((oid, value)) = attribute(element) {
                    show(&oid, &value, f)?;
                }
            }
        }
        Ok(())
    }
}

/// The elements of what [`check`] has found to be well-formed.
fn inside<'a>(element: &Element<'a>, tag: Tag) -> Vec<Element<'a>> {
    element.open(tag, "a name").and_then(|elements| elements.all("a name")).unwrap_or_default()
}

fn show(oid: &ObjectIdentifier, value: &Element<'_>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let text = value.string(value.tag, value.tag, "a string").ok();
    let (Some(key), Some(text)) = (key(oid), text) else {
        write!(f, "{oid}=#")?;
        return value.raw.iter().try_for_each(|byte| write!(f, "{byte:02x}"));
    };
    write!(f, "{key}=")?;
    let last = text.chars().count().saturating_sub(1);
    for (at, c) in text.chars().enumerate() {
        match c {
            '#' if at == 0 => f.write_str("\\#")?,
            ' ' if at == 0 || at == last => f.write_str("\\ ")?,
            '"' | '+' | ',' | ';' | '<' | '>' | '\\' => write!(f, "\\{c}")?,
            '\0'..='\x1f' | '\x7f' => write!(f, "\\{:02x}", u32::from(c))?,
            _ => f.write_char(c)?,
        }
    }
    Ok(())
}

/// The short name of an attribute (RFC 4519, RFC 4524, and RFC 2985 for addresses of email).
fn key(oid: &ObjectIdentifier) -> Option<&'static str> {
    Some(match oid.as_bytes() {
        // joint-iso-itu-t(2) ds(5) attributeType(4)
        [0x55, 4, 3] => "CN",
        [0x55, 4, 4] => "SN",
        [0x55, 4, 5] => "SERIALNUMBER",
        [0x55, 4, 6] => "C",
        [0x55, 4, 7] => "L",
        [0x55, 4, 8] => "ST",
        [0x55, 4, 9] => "STREET",
        [0x55, 4, 10] => "O",
        [0x55, 4, 11] => "OU",
        [0x55, 4, 12] => "TITLE",
        [0x55, 4, 13] => "DESCRIPTION",
        [0x55, 4, 15] => "BUSINESSCATEGORY",
        [0x55, 4, 16] => "POSTALADDRESS",
        [0x55, 4, 17] => "POSTALCODE",
        [0x55, 4, 18] => "POSTOFFICEBOX",
        [0x55, 4, 20] => "TELEPHONENUMBER",
        [0x55, 4, 41] => "NAME",
        [0x55, 4, 42] => "GN",
        [0x55, 4, 43] => "INITIALS",
        [0x55, 4, 44] => "GENERATIONQUALIFIER",
        [0x55, 4, 45] => "X500UNIQUEIDENTIFIER",
        [0x55, 4, 46] => "DNQUALIFIER",
        [0x55, 4, 65] => "PSEUDONYM",
        // itu-t(0) data(9) pss(2342) ucl(19200300) pilot(100) pilotAttributeType(1)
        [0x09, 0x92, 0x26, 0x89, 0x93, 0xf2, 0x2c, 100, 1, 1] => "UID",
        [0x09, 0x92, 0x26, 0x89, 0x93, 0xf2, 0x2c, 100, 1, 3] => "MAIL",
        [0x09, 0x92, 0x26, 0x89, 0x93, 0xf2, 0x2c, 100, 1, 25] => "DC",
        // pkcs-9-at-emailAddress
        [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 9, 1] => "EMAIL",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use alloc::format;
    use alloc::string::{String, ToString};
    use core::str::FromStr;

    use der::Encode;
    use x509_cert::name::Name;

    use super::*;

    fn shown(name: &Name) -> String {
        let der = name.to_der().unwrap();
        check(&Element::only(&der, "a name").unwrap()).unwrap();
        Shown(&der).to_string()
    }

    fn known() -> impl Iterator<Item = ObjectIdentifier> {
        let arcs = (0..128).map(|arc| format!("2.5.4.{arc}"));
        let pilot = (1..64).map(|arc| format!("0.9.2342.19200300.100.1.{arc}"));
        arcs.chain(pilot).chain(["1.2.840.113549.1.9.1".to_string()]).map(|oid| ObjectIdentifier::new(&oid).unwrap())
    }

    #[test]
    fn names_are_those_of_x509_cert() {
        let mut named = 0;
        for oid in known() {
            let name = Name::from_str(&format!("{oid}=a\\, \\\"b\\\"\\ ")).unwrap();
            if key(&oid).is_some() {
                named += 1;
                assert_eq!(shown(&name), name.to_string());
            } else {
                let value: String =
                    name.iter().next().unwrap().value.to_der().unwrap().iter().map(|b| format!("{b:02x}")).collect();
                assert_eq!(shown(&name), format!("{oid}=#{value}"));
            }
        }
        assert_eq!(named, 27);
    }

    #[test]
    fn whole_names_are_those_of_x509_cert() {
        for text in [
            "CN=sigstore-intermediate,O=sigstore.dev",
            "CN=a+OU=b,O=c,C=DE",
            "CN=#0c0161",
            "CN=\\#a",
            "CN=\\ ",
            "CN=\\ \\ ",
            "CN=é \u{202e}",
            "CN=a\\00b\\7f",
            "CN=#0201ff",
            "CN=#0c01ff",
            "CN=#1302c3a9",
            "1.3.6.1.4.1.311.60.2.1.3=DE",
        ] {
            let Ok(name) = Name::from_str(text) else { panic!("{text}") };
            assert_eq!(shown(&name), name.to_string(), "{text}");
        }
    }
}
