//! Base64 as protobuf JSON reads it (RFC 4648 §4 and §5): either alphabet, padded or not, but never a mix of the two,
//! white space, data after the padding, or non-zero unused bits.

use alloc::string::String;
use alloc::vec::Vec;

use rfc4648::Engine as _;
use rfc4648::alphabet::{Alphabet, STANDARD, URL_SAFE};
use rfc4648::engine::DecodePaddingMode;
use rfc4648::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig, PAD};

const UNPADDED: GeneralPurposeConfig =
    GeneralPurposeConfig::new().with_encode_padding(false).with_decode_padding_mode(DecodePaddingMode::RequireNone);

const fn engine(alphabet: &Alphabet, config: GeneralPurposeConfig) -> GeneralPurpose {
    GeneralPurpose::new(alphabet, config)
}

static STANDARD_PADDED: GeneralPurpose = engine(&STANDARD, PAD);
static STANDARD_UNPADDED: GeneralPurpose = engine(&STANDARD, UNPADDED);
static URL_PADDED: GeneralPurpose = engine(&URL_SAFE, PAD);
static URL_UNPADDED: GeneralPurpose = engine(&URL_SAFE, UNPADDED);

/// The bytes that `text` spells in any of the four forms; `None` for anything else.
#[must_use]
pub fn decode(text: &str) -> Option<Vec<u8>> {
    let url = text.contains(['-', '_']);
    let padded = text.ends_with('=') || text.len().is_multiple_of(4);
    match (url, padded) {
        (false, true) => STANDARD_PADDED.decode(text),
        (false, false) => STANDARD_UNPADDED.decode(text),
        (true, true) => URL_PADDED.decode(text),
        (true, false) => URL_UNPADDED.decode(text),
    }
    .ok()
}

/// The bytes that `text` spells in the standard alphabet with padding, as signed notes and canonical bodies write it.
#[must_use]
pub fn decode_standard(text: &str) -> Option<Vec<u8>> {
    STANDARD_PADDED.decode(text).ok()
}

/// `bytes` in the standard alphabet with padding.
#[must_use]
pub fn encode(bytes: &[u8]) -> String {
    STANDARD_PADDED.encode(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn four_forms_are_read() {
        for text in ["-_8=", "-_8", "+/8=", "+/8"] {
            assert_eq!(decode(text).unwrap(), [0xfb, 0xff], "{text}");
        }
        assert_eq!(decode(""), Some(Vec::new()));
        assert_eq!(decode("AAAA").unwrap(), [0, 0, 0]);
    }

    #[test]
    fn garbage_is_refused() {
        for text in ["+_8=", "AA==AA==", "AA==\n", " AA==", "A", "AA=", "AB==", "AA\0=", "deadbeef!", "AAA=A", "===="] {
            assert_eq!(decode(text), None, "{text:?}");
        }
        assert_eq!(decode_standard("-_8="), None);
        assert_eq!(decode_standard("+/8"), None);
    }
}
