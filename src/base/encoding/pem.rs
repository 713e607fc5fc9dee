//! PEM (RFC 7468), as the logs store keys and certificates and as people keep keys in files.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use super::base64;

/// One PEM block, and the text after it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Block<'a> {
    /// What the begin line says it is: `CERTIFICATE`, `PUBLIC KEY`.
    pub label: &'a str,
    /// The bytes.
    pub bytes: Vec<u8>,
    /// Whatever follows the end line.
    pub rest: &'a str,
}

/// Why a text does not begin with a PEM block.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum PemError {
    /// The lines between begin and end are not canonical base64.
    Base64,
    /// The text does not begin with a begin line of an accepted label.
    Begin,
    /// No line ends the block.
    End,
    /// There is text after the block.
    Trailing,
}

impl fmt::Display for PemError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Base64 => "the PEM block is not canonical base64",
            Self::Begin => "expected PEM that begins with a PUBLIC KEY or RSA PUBLIC KEY line",
            Self::End => "expected a PEM block that ends with the line of its label",
            Self::Trailing => "expected exactly one PEM block, found text after it",
        })
    }
}

impl core::error::Error for PemError {}

impl<'a> Block<'a> {
    /// Reads the block that `text` begins with. White space may come before it, lines may end in CRLF and be of any width
    /// (some signers write one line); headers and base64 that is not canonical are refused.
    ///
    /// # Errors
    /// [`PemError`].
    pub fn first(text: &'a str) -> Result<Self, PemError> {
        let mut lines = text.trim_ascii_start().split_inclusive('\n');
        let begin = lines.next().map(str::trim_ascii_end).ok_or(PemError::Begin)?;
        let label = begin.strip_prefix("-----BEGIN ").and_then(|rest| rest.strip_suffix("-----"));
        let label = label.ok_or(PemError::Begin)?;
        let mut joined = String::new();
        loop {
            let line = lines.next().ok_or(PemError::End)?;
            let line = line.strip_suffix('\n').unwrap_or(line);
            let line = line.strip_suffix('\r').unwrap_or(line);
            match line.strip_prefix('-') {
                None => joined.push_str(line),
                Some(_) => {
                    let end = line.strip_prefix("-----END ").and_then(|rest| rest.strip_suffix("-----"));
                    if end != Some(label) {
                        return Err(PemError::End);
                    }
                    break;
                }
            }
        }
        let read: usize = text.len().saturating_sub(lines.map(str::len).sum());
        let rest = text.get(read..).unwrap_or_default();
        let bytes = base64::decode_standard(&joined).ok_or(PemError::Base64)?;
        Ok(Self { label, bytes, rest })
    }
}

/// One block of these bytes, in lines of 64 characters as RFC 7468 §2 asks of who writes.
#[must_use]
pub fn encode(label: &str, bytes: &[u8]) -> String {
    let mut text = alloc::format!("-----BEGIN {label}-----");
    for (index, digit) in base64::encode(bytes).chars().enumerate() {
        if index.is_multiple_of(64) {
            text.push('\n');
        }
        text.push(digit);
    }
    text.push_str(&alloc::format!("\n-----END {label}-----\n"));
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_are_written_in_lines() {
        let line = "A".repeat(64);
        assert_eq!(encode("A", &[0; 48]), alloc::format!("-----BEGIN A-----\n{line}\n-----END A-----\n"));
        assert_eq!(encode("A", &[0; 51]), alloc::format!("-----BEGIN A-----\n{line}\nAAAA\n-----END A-----\n"));
        let text = encode("A", &[7; 100]);
        assert_eq!(Block::first(&text), Ok(Block { label: "A", bytes: [7; 100].into(), rest: "" }));
    }

    #[test]
    fn the_first_block_and_what_follows() {
        let text = "-----BEGIN A-----\nAA\nAA\n-----END A-----\n-----BEGIN B-----\nBBBB\n-----END B-----\n";
        let block = Block::first(text).unwrap();
        assert_eq!((block.label, block.bytes.as_slice()), ("A", &[0, 0, 0][..]));
        assert_eq!(Block::first(block.rest).unwrap().label, "B");
        for (bad, error) in [
            ("-----BEGIN A-----\nAAAA\n-----END B-----\n", PemError::End),
            ("-----BEGIN A-----\nAAAA\n", PemError::End),
            ("-----BEGIN A-----\nAA A\n-----END A-----\n", PemError::Base64),
            ("AAAA", PemError::Begin),
            ("", PemError::Begin),
            ("-----END A-----", PemError::Begin),
        ] {
            assert_eq!(Block::first(bad), Err(error), "{bad}");
        }
    }
}
