//! Lower-case hexadecimal (RFC 4648 §8); reading accepts upper case as well.

use alloc::string::String;
use alloc::vec::Vec;

/// `bytes` in lower-case hexadecimal.
#[must_use]
pub fn encode(bytes: &[u8]) -> String {
    let digit = |nibble: u8| char::from_digit(u32::from(nibble), 16).unwrap_or('0');
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}

/// The bytes that `text` spells; `None` unless it is an even number of hexadecimal digits and nothing else.
#[must_use]
pub fn decode(text: &str) -> Option<Vec<u8>> {
    let digits: Vec<u8> =
        text.chars().map(|c| c.to_digit(16).and_then(|d| u8::try_from(d).ok())).collect::<Option<_>>()?;
    let (pairs, rest) = digits.as_chunks::<2>();
    rest.is_empty().then(|| pairs.iter().map(|[high, low]| (high << 4) | low).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_both_cases_and_nothing_else() {
        assert_eq!(decode("00fFa0").unwrap(), [0, 255, 160]);
        assert_eq!(encode(&[0, 255, 160]), "00ffa0");
        for bad in ["0", "0g", " 00", "0x00", "０0"] {
            assert_eq!(decode(bad), None, "{bad}");
        }
    }
}
