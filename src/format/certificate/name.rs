//! Distinguished names for people (RFC 4514).

use core::fmt::{self, Write};

use der::asn1::{Ia5StringRef, PrintableStringRef, TeletexStringRef, Utf8StringRef};
use der::oid::ObjectIdentifier;
use der::{Encode, Tag, Tagged};
use x509_cert::attr::AttributeTypeAndValue;
use x509_cert::name::Name;

/// Shows a name as `x509-cert` does, whose own way brings a database of more than a thousand names of object identifiers along. The
/// attributes that names of people, organisations and machines have are known by name; all else is written as numbers.
pub(super) struct Shown<'n>(pub(super) &'n Name);

impl fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut parts = self.0.iter_rdn().collect::<alloc::vec::Vec<_>>();
        parts.reverse();
        for (at, part) in parts.into_iter().enumerate() {
            for (inner, attribute) in part.iter().enumerate() {
                f.write_str(if inner > 0 {
                    "+"
                } else if at > 0 {
                    ","
                } else {
                    ""
                })?;
                show(attribute, f)?;
            }
        }
        Ok(())
    }
}

fn show(AttributeTypeAndValue { oid, value }: &AttributeTypeAndValue, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let text = match value.tag() {
        Tag::PrintableString => PrintableStringRef::try_from(value).ok().map(|text| text.as_str()),
        Tag::Utf8String => Utf8StringRef::try_from(value).ok().map(|text| text.as_str()),
        Tag::Ia5String => Ia5StringRef::try_from(value).ok().map(|text| text.as_str()),
        Tag::TeletexString => TeletexStringRef::try_from(value).ok().map(|text| text.as_str()),
        _ => None,
    };
    let (Some(key), Some(text)) = (key(oid), text) else {
        write!(f, "{oid}=#")?;
        return value.to_der().map_err(|_| fmt::Error)?.iter().try_for_each(|byte| write!(f, "{byte:02x}"));
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

    use super::*;

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
                assert_eq!(Shown(&name).to_string(), name.to_string());
            } else {
                let value: String =
                    name.iter().next().unwrap().value.to_der().unwrap().iter().map(|b| format!("{b:02x}")).collect();
                assert_eq!(Shown(&name).to_string(), format!("{oid}=#{value}"));
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
            assert_eq!(Shown(&name).to_string(), name.to_string(), "{text}");
        }
    }
}
