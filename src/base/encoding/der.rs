//! DER (X.690), element by element over the bytes that were given: nothing is copied, and nothing but the one spelling that DER
//! allows is read, so that nothing has to be encoded again to be sure of it.

use alloc::vec::Vec;
use core::fmt;

use der::asn1::AnyRef;
use der::oid::ObjectIdentifier;
use der::{Decode, Encode, Header, Reader, SliceReader, Tag, TagNumber};

/// Where a structure in DER is not what it should be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DerError {
    /// Offset of the byte, from the start of the outermost structure.
    pub offset: usize,
    /// What was expected there.
    pub expected: &'static str,
}

impl fmt::Display for DerError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "expected {}, found something else at DER byte {}", self.expected, self.offset)
    }
}

/// One element: its tag, its value, and the whole with tag and length.
#[derive(Clone, Copy, Debug)]
pub struct Element<'a> {
    /// The tag.
    pub tag: Tag,
    /// The value, without tag and length.
    pub value: &'a [u8],
    /// Tag, length and value, as they were.
    pub raw: &'a [u8],
    /// Where it begins, from the start of the outermost structure.
    pub offset: usize,
}

impl<'a> Element<'a> {
    /// The one element that `bytes` are, and nothing after it.
    ///
    /// # Errors
    /// [`DerError`] when there is none, or more.
    pub fn only(bytes: &'a [u8], expected: &'static str) -> Result<Self, DerError> {
        let mut elements = Elements::new(bytes, 0);
        let element = elements.next(expected)?;
        elements.end()?;
        Ok(element)
    }

    /// The elements inside, when this has the tag `tag`.
    ///
    /// # Errors
    /// [`DerError`] for another tag.
    pub fn open(&self, tag: Tag, expected: &'static str) -> Result<Elements<'a>, DerError> {
        self.expect(tag, expected)?;
        Ok(Elements::new(self.value, self.value_offset()))
    }

    /// The one element inside, when this has the tag `tag`: an explicit tag, or an OCTET STRING around DER.
    ///
    /// # Errors
    /// [`DerError`] for another tag, and when there is none inside, or more.
    pub fn inside(&self, tag: Tag, expected: &'static str) -> Result<Self, DerError> {
        let mut inside = self.open(tag, expected)?;
        let element = inside.next(expected)?;
        inside.end()?;
        Ok(element)
    }

    /// Where the value begins, from the start of the outermost structure.
    #[must_use]
    pub fn value_offset(&self) -> usize {
        self.offset.saturating_add(self.raw.len().saturating_sub(self.value.len()))
    }

    /// The value, when this has the tag `tag`.
    ///
    /// # Errors
    /// [`DerError`] for another tag.
    pub fn expect(&self, tag: Tag, expected: &'static str) -> Result<&'a [u8], DerError> {
        if self.tag == tag { Ok(self.value) } else { Err(self.error(expected)) }
    }

    /// An OBJECT IDENTIFIER under the tag `tag`: each arc in the fewest bytes, which `der` does not ask for (X.690 §8.19.2).
    ///
    /// # Errors
    /// [`DerError`] for another tag or value.
    pub fn oid(&self, tag: Tag, expected: &'static str) -> Result<ObjectIdentifier, DerError> {
        let value = self.expect(tag, expected)?;
        let mut is_first = true;
        for byte in value {
            if is_first && *byte == 0x80 {
                return Err(self.error(expected));
            }
            is_first = byte & 0x80 == 0;
        }
        ObjectIdentifier::from_bytes(value).map_err(|_| self.error(expected))
    }

    /// An INTEGER under the tag `tag`, in the fewest bytes (X.690 §8.3.2).
    ///
    /// # Errors
    /// [`DerError`] for another tag or value.
    pub fn integer(&self, tag: Tag, expected: &'static str) -> Result<&'a [u8], DerError> {
        let value = self.expect(tag, expected)?;
        match value {
            [] | [0, 0..=0x7f, ..] | [0xff, 0x80..=0xff, ..] => Err(self.error(expected)),
            _ => Ok(value),
        }
    }

    /// An INTEGER that is not negative, big-endian, without the zero byte before a high bit; zero has no byte.
    ///
    /// # Errors
    /// [`DerError`] for another tag or value.
    pub fn unsigned(&self, tag: Tag, expected: &'static str) -> Result<&'a [u8], DerError> {
        match self.integer(tag, expected)? {
            [0, rest @ ..] => Ok(rest),
            [0x80..=0xff, ..] => Err(self.error(expected)),
            value => Ok(value),
        }
    }

    /// A BOOLEAN that is TRUE: all that DER allows where the default is FALSE (X.690 §11.1, §11.5).
    ///
    /// # Errors
    /// [`DerError`] for another tag or value.
    pub fn is_true(&self, expected: &'static str) -> Result<(), DerError> {
        if self.expect(Tag::Boolean, expected)? == [0xff] { Ok(()) } else { Err(self.error(expected)) }
    }

    /// A BIT STRING under the tag `tag`: how many bits of its last byte are unused, all of them zero (X.690 §11.2.1), and its bytes.
    ///
    /// # Errors
    /// [`DerError`] for another tag or value.
    pub fn bits(&self, tag: Tag, expected: &'static str) -> Result<(u8, &'a [u8]), DerError> {
        let (unused, bytes) = self.expect(tag, expected)?.split_first().ok_or(self.error(expected))?;
        let last = bytes.last().map_or(8, |byte| byte.trailing_zeros());
        match *unused {
            0 => Ok((0, bytes)),
            1..=7 if !bytes.is_empty() && last >= u32::from(*unused) => Ok((*unused, bytes)),
            _ => Err(self.error(expected)),
        }
    }

    /// A string of one of the types that names use, under the tag `tag`; the characters are those of the type `form`.
    ///
    /// # Errors
    /// [`DerError`] for another tag, type or value.
    pub fn string(&self, tag: Tag, form: Tag, expected: &'static str) -> Result<&'a str, DerError> {
        let text = core::str::from_utf8(self.expect(tag, expected)?).ok();
        let is_printable = |byte: u8| byte.is_ascii_alphanumeric() || b" '()+,-./:=?".contains(&byte);
        text.filter(|text| match form {
            Tag::Utf8String => true,
            Tag::Ia5String | Tag::TeletexString => text.is_ascii(),
            Tag::PrintableString => text.bytes().all(is_printable),
            _ => false,
        })
        .ok_or(self.error(expected))
    }

    /// `expected` was expected here.
    #[must_use]
    pub fn error(&self, expected: &'static str) -> DerError {
        DerError { offset: self.offset, expected }
    }
}

/// Elements one after the other.
#[derive(Clone, Copy, Debug)]
pub struct Elements<'a> {
    rest: &'a [u8],
    offset: usize,
}

impl<'a> Elements<'a> {
    fn new(rest: &'a [u8], offset: usize) -> Self {
        Self { rest, offset }
    }

    /// Whether there is no further element.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rest.is_empty()
    }

    /// The next element.
    ///
    /// # Errors
    /// [`DerError`] when there is none, or it is not DER.
    pub fn next(&mut self, expected: &'static str) -> Result<Element<'a>, DerError> {
        let error = DerError { offset: self.offset, expected };
        let mut reader = SliceReader::new(self.rest).map_err(|_| error)?;
        let header = Header::decode(&mut reader).map_err(|_| error)?;
        let value = reader.read_slice(header.length()).map_err(|_| error)?;
        let length = usize::try_from(reader.position()).map_err(|_| error)?;
        let (raw, rest) = self.rest.split_at_checked(length).ok_or(error)?;
        let element = Element { tag: header.tag(), value, raw, offset: self.offset };
        self.rest = rest;
        self.offset = self.offset.saturating_add(length);
        Ok(element)
    }

    /// The next element, if it has the tag `tag`.
    ///
    /// # Errors
    /// [`DerError`] when what follows is not DER.
    pub fn optional(&mut self, tag: Tag, expected: &'static str) -> Result<Option<Element<'a>>, DerError> {
        if self.is_empty() {
            return Ok(None);
        }
        let mut ahead = *self;
        let element = ahead.next(expected)?;
        if element.tag != tag {
            return Ok(None);
        }
        *self = ahead;
        Ok(Some(element))
    }

    /// Every element that is left.
    ///
    /// # Errors
    /// [`DerError`] at the first that is not DER.
    pub fn all(mut self, expected: &'static str) -> Result<Vec<Element<'a>>, DerError> {
        let mut found = Vec::new();
        while !self.is_empty() {
            found.push(self.next(expected)?);
        }
        Ok(found)
    }

    /// Nothing may be left.
    ///
    /// # Errors
    /// [`DerError`] when something is.
    pub fn end(&self) -> Result<(), DerError> {
        if self.is_empty() { Ok(()) } else { Err(DerError { offset: self.offset, expected: "the end" }) }
    }
}

/// `AlgorithmIdentifier ::= SEQUENCE { algorithm OBJECT IDENTIFIER, parameters ANY OPTIONAL }` (RFC 5280 §4.1.1.2).
#[derive(Clone, Copy, Debug)]
pub struct AlgorithmIdentifier<'a> {
    /// The algorithm.
    pub oid: ObjectIdentifier,
    /// What the algorithm defines, unread.
    pub parameters: Option<Element<'a>>,
}

impl<'a> AlgorithmIdentifier<'a> {
    /// Reads one.
    ///
    /// # Errors
    /// [`DerError`] when `element` is none.
    pub fn read(element: &Element<'a>, expected: &'static str) -> Result<Self, DerError> {
        let mut fields = element.open(Tag::Sequence, expected)?;
        let oid = fields.next(expected)?.oid(Tag::ObjectIdentifier, expected)?;
        let parameters = if fields.is_empty() { None } else { Some(fields.next(expected)?) };
        fields.end()?;
        Ok(Self { oid, parameters })
    }

    /// Whether the parameters are NULL.
    #[must_use]
    pub fn has_null(&self) -> bool {
        self.parameters.is_some_and(|parameters| parameters.raw == [5, 0])
    }
}

/// `SEQUENCE { INTEGER, INTEGER }` of two that are not negative, as [`Element::unsigned`] gives them: an ECDSA signature, an RSA key.
///
/// # Errors
/// [`DerError`] for anything else.
pub fn two_unsigned(bytes: &[u8]) -> Result<(&[u8], &[u8]), DerError> {
    const EXPECTED: &str = "two positive integers";
    let mut fields = Element::only(bytes, EXPECTED)?.open(Tag::Sequence, EXPECTED)?;
    let first = fields.next(EXPECTED)?.unsigned(Tag::Integer, EXPECTED)?;
    let second = fields.next(EXPECTED)?.unsigned(Tag::Integer, EXPECTED)?;
    fields.end()?;
    Ok((first, second))
}

/// The tag `[number]` around other elements.
#[must_use]
pub const fn context(number: u32) -> Tag {
    Tag::ContextSpecific { constructed: true, number: TagNumber(number) }
}

/// The tag `[number]` in place of that of a value without elements inside.
#[must_use]
pub const fn context_primitive(number: u32) -> Tag {
    Tag::ContextSpecific { constructed: false, number: TagNumber(number) }
}

/// `value` under `tag`, with the shortest length. `None` when it is too long for DER here (256 MiB).
#[must_use]
pub fn wrap(tag: Tag, value: &[u8]) -> Option<Vec<u8>> {
    AnyRef::new(tag, value).ok()?.to_der().ok()
}

/// A TBSCertificate without the extension `oid`: the lengths of the extensions, of their `[3]` and of the whole are written
/// anew, every other byte stays (RFC 6962 §3.2).
#[must_use]
pub fn tbs_without_extension(tbs: &[u8], oid: &ObjectIdentifier) -> Option<Vec<u8>> {
    const EXTENSIONS: Tag = context(3);
    let parts = Element::only(tbs, "TBSCertificate").ok()?.open(Tag::Sequence, "TBSCertificate").ok()?;
    let mut rebuilt = Vec::with_capacity(tbs.len());
    for part in parts.all("a field").ok()? {
        if part.tag != EXTENSIONS {
            rebuilt.extend_from_slice(part.raw);
            continue;
        }
        let list = Element::only(part.value, "extensions").ok()?.open(Tag::Sequence, "extensions").ok()?;
        let mut kept = Vec::with_capacity(part.value.len());
        for extension in list.all("an extension").ok()? {
            let id = extension.open(Tag::Sequence, "an extension").ok()?.next("an identifier").ok()?;
            if id.expect(Tag::ObjectIdentifier, "an identifier").ok()? != oid.as_bytes() {
                kept.extend_from_slice(extension.raw);
            }
        }
        if !kept.is_empty() {
            rebuilt.extend_from_slice(&wrap(EXTENSIONS, &wrap(Tag::Sequence, &kept)?)?);
        }
    }
    wrap(Tag::Sequence, &rebuilt)
}
