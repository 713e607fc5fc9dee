//! The few things about DER (X.690) that whole-structure parsers do not give: raw slices, and rebuilding a structure
//! without one of its parts.

use alloc::vec::Vec;
use core::fmt;

use der::asn1::AnyRef;
use der::oid::ObjectIdentifier;
use der::{Decode, Encode, Reader, SliceReader, Tag, TagNumber};

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
        let header = self.raw.len().saturating_sub(self.value.len());
        Ok(Elements::new(self.value, self.offset.saturating_add(header)))
    }

    /// The value, when this has the tag `tag`.
    ///
    /// # Errors
    /// [`DerError`] for another tag.
    pub fn expect(&self, tag: Tag, expected: &'static str) -> Result<&'a [u8], DerError> {
        if self.tag == tag { Ok(self.value) } else { Err(self.error(expected)) }
    }

    /// This element decoded as `T`.
    ///
    /// # Errors
    /// [`DerError`] when it is none.
    pub fn decode<T: Decode<'a>>(&self, expected: &'static str) -> Result<T, DerError> {
        T::from_der(self.raw).map_err(|_| self.error(expected))
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
        let raw = reader.tlv_bytes().map_err(|_| error)?;
        let any = AnyRef::from_der(raw).map_err(|_| error)?;
        let element = Element { tag: any.header().tag(), value: any.value(), raw, offset: self.offset };
        self.rest = self.rest.get(raw.len()..).ok_or(error)?;
        self.offset = self.offset.saturating_add(raw.len());
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

/// The tag `[number]` around other elements.
#[must_use]
pub const fn context(number: u32) -> Tag {
    Tag::ContextSpecific { constructed: true, number: TagNumber(number) }
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
            if id.decode::<ObjectIdentifier>("an identifier").ok()? != *oid {
                kept.extend_from_slice(extension.raw);
            }
        }
        if !kept.is_empty() {
            rebuilt.extend_from_slice(&wrap(EXTENSIONS, &wrap(Tag::Sequence, &kept)?)?);
        }
    }
    wrap(Tag::Sequence, &rebuilt)
}
