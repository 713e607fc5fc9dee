//! Snappy ([format description](https://github.com/google/snappy/blob/main/format_description.txt), and the
//! [framing format](https://github.com/google/snappy/blob/main/framing_format.txt)), in which GitHub keeps bundles. The known crates need `std`.

use alloc::vec::Vec;
use core::fmt;

/// How a framed stream begins.
const STREAM: &[u8] = b"\xff\x06\x00\x00sNaPpY";

/// Why bytes are not Snappy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SnappyError {
    /// The end is missing.
    CutOff,
    /// More bytes than there may be, or than the data itself says.
    TooLong {
        /// How many there may be.
        limit: usize,
    },
    /// Fewer bytes than the data says.
    TooShort,
    /// A copy from before the beginning, or of nothing.
    Offset,
    /// A kind of chunk that must not be skipped and that nobody knows.
    UnknownChunk(u8),
}

impl fmt::Display for SnappyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::CutOff => f.write_str("expected Snappy data to its end, found a part"),
            Self::TooLong { limit } => write!(f, "expected Snappy data of at most {limit} bytes, found more"),
            Self::TooShort => f.write_str("expected Snappy data of the length that it says, found less"),
            Self::Offset => f.write_str("expected a copy of what came before in the Snappy data, found another"),
            Self::UnknownChunk(found) => write!(f, "expected a known Snappy chunk, found type {found:#04x}"),
        }
    }
}

/// Whether bytes begin as a framed stream does. (A bare block has no mark.)
#[must_use]
pub fn is_framed(bytes: &[u8]) -> bool {
    bytes.starts_with(STREAM)
}

/// Decodes a framed stream or a bare block into at most `limit` bytes. The checksums of a stream are not looked at: whoever could
/// change a byte could change them too, and what is decoded here is signed.
///
/// # Errors
/// [`SnappyError`] for anything else.
pub fn decode(bytes: &[u8], limit: usize) -> Result<Vec<u8>, SnappyError> {
    let mut out = Vec::new();
    if is_framed(bytes) {
        stream(bytes, limit, &mut out)?
    } else {
        block(bytes, limit, &mut out)?
    }
    Ok(out)
}

fn stream(bytes: &[u8], limit: usize, out: &mut Vec<u8>) -> Result<(), SnappyError> {
    let mut input = Input(bytes);
    while let Some(kind) = input.next() {
        let length = input.little_endian(3)?;
        let chunk = input.take(length)?;
        let data = || chunk.get(4..).ok_or(SnappyError::CutOff);
        match kind {
            0x00 => block(data()?, limit, out)?,
            0x01 => append(out, data()?, limit)?,
            0x80.. => {}
            unknown => return Err(SnappyError::UnknownChunk(unknown)),
        }
    }
    Ok(())
}

/// Appends what a block holds; copies reach back to its own beginning only.
fn block(bytes: &[u8], limit: usize, out: &mut Vec<u8>) -> Result<(), SnappyError> {
    let mut input = Input(bytes);
    let start = out.len();
    let end = start.saturating_add(input.varint()?);
    if end > limit {
        return Err(SnappyError::TooLong { limit });
    }
    while let Some(tag) = input.next() {
        let high = usize::from(tag >> 2);
        match tag & 3 {
            0 => {
                let length = if high < 60 { high } else { input.little_endian(high.saturating_sub(59))? };
                append(out, input.take(length.saturating_add(1))?, end)?;
            }
            1 => {
                let low = usize::from(input.next().ok_or(SnappyError::CutOff)?);
                copy(out, start, usize::from(tag >> 5) << 8 | low, (high & 7).saturating_add(4), end)?;
            }
            2 => copy(out, start, input.little_endian(2)?, high.saturating_add(1), end)?,
            _ => copy(out, start, input.little_endian(4)?, high.saturating_add(1), end)?,
        }
    }
    if out.len() == end { Ok(()) } else { Err(SnappyError::TooShort) }
}

fn append(out: &mut Vec<u8>, bytes: &[u8], limit: usize) -> Result<(), SnappyError> {
    if bytes.len() > limit.saturating_sub(out.len()) {
        return Err(SnappyError::TooLong { limit });
    }
    out.extend_from_slice(bytes);
    Ok(())
}

/// Byte by byte, for a copy may reach into what it writes.
fn copy(out: &mut Vec<u8>, start: usize, offset: usize, length: usize, limit: usize) -> Result<(), SnappyError> {
    if length > limit.saturating_sub(out.len()) {
        return Err(SnappyError::TooLong { limit });
    }
    for _ in 0..length {
        let from = out.len().checked_sub(offset).filter(|from| *from >= start).ok_or(SnappyError::Offset)?;
        let byte = *out.get(from).ok_or(SnappyError::Offset)?;
        out.push(byte);
    }
    Ok(())
}

struct Input<'a>(&'a [u8]);

impl<'a> Input<'a> {
    fn next(&mut self) -> Option<u8> {
        let (first, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(*first)
    }

    fn take(&mut self, length: usize) -> Result<&'a [u8], SnappyError> {
        let (taken, rest) = self.0.split_at_checked(length).ok_or(SnappyError::CutOff)?;
        self.0 = rest;
        Ok(taken)
    }

    /// At most four bytes.
    fn little_endian(&mut self, bytes: usize) -> Result<usize, SnappyError> {
        let number = self.take(bytes)?.iter().rev().fold(0_u64, |number, byte| number << 8 | u64::from(*byte));
        usize::try_from(number).map_err(|_| SnappyError::CutOff)
    }

    /// A length, of at most 32 bits.
    fn varint(&mut self) -> Result<usize, SnappyError> {
        let mut number = 0_u64;
        for shift in [0, 7, 14, 21, 28] {
            let byte = self.next().ok_or(SnappyError::CutOff)?;
            number |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                let length = u32::try_from(number).ok().and_then(|length| usize::try_from(length).ok());
                return length.ok_or(SnappyError::TooLong { limit: usize::MAX });
            }
        }
        Err(SnappyError::TooLong { limit: usize::MAX })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn literals_and_copies_are_decoded() {
        for (block, text) in [
            (&b"\x00"[..], &b""[..]),
            (b"\x03\x08abc", b"abc"),
            // "ab", then a copy that reaches into what it writes.
            (b"\x08\x04ab\x16\x02\x00", b"abababab"),
            (b"\x06\x04ab\x01\x02", b"ababab"),
            (b"\x04\x04ab\x07\x02\x00\x00\x00", b"abab"),
            (b"\x03\xf0\x02abc", b"abc"),
        ] {
            assert_eq!(decode(block, 16).as_deref(), Ok(text), "{block:?}");
        }
    }

    #[test]
    fn damage_is_refused() {
        for (block, error) in [
            (&b""[..], SnappyError::CutOff),
            (b"\x80", SnappyError::CutOff),
            (b"\x03\x08ab", SnappyError::CutOff),
            (b"\x04\x04ab\x07\x02\x00", SnappyError::CutOff),
            (b"\x04\x08abc", SnappyError::TooShort),
            (b"\x02\x08abc", SnappyError::TooLong { limit: 2 }),
            (b"\x05\x04ab\x16\x02\x00", SnappyError::TooLong { limit: 5 }),
            (b"\x11\x00", SnappyError::TooLong { limit: 16 }),
            (b"\xff\xff\xff\xff\x1f", SnappyError::TooLong { limit: usize::MAX }),
            (b"\xff\xff\xff\xff\xff\x0f", SnappyError::TooLong { limit: usize::MAX }),
            (b"\x04\x04ab\x06\x00\x00", SnappyError::Offset),
            (b"\x04\x04ab\x06\x03\x00", SnappyError::Offset),
        ] {
            assert_eq!(decode(block, 16), Err(error), "{block:?}");
        }
    }

    #[test]
    fn streams_are_decoded_chunk_by_chunk() {
        let stream = |chunks: &[u8]| [STREAM, chunks].concat();
        let chunks = b"\x00\x09\x00\x00____\x03\x08abc\x80\x01\x00\x00x\x01\x06\x00\x00____de";
        assert_eq!(decode(&stream(chunks), 16).as_deref(), Ok(&b"abcde"[..]));
        assert_eq!(decode(&stream(chunks), 4), Err(SnappyError::TooLong { limit: 4 }));
        assert_eq!(decode(&stream(b"\x02\x00\x00\x00"), 16), Err(SnappyError::UnknownChunk(2)));
        assert_eq!(decode(&stream(b"\x00\x02\x00\x00__"), 16), Err(SnappyError::CutOff));
        // A copy must not reach into the chunk before.
        let reaching = b"\x01\x06\x00\x00____ab\x00\x08\x00\x00____\x02\x06\x02\x00";
        assert_eq!(decode(&stream(reaching), 16), Err(SnappyError::Offset));
    }
}
