//! Lower-case hexadecimal (RFC 4648 §8).

use alloc::string::String;

/// `bytes` in lower-case hexadecimal.
#[must_use]
pub fn encode(bytes: &[u8]) -> String {
    let digit = |nibble: u8| char::from_digit(u32::from(nibble), 16).unwrap_or('0');
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_digits_for_each_byte() {
        assert_eq!(encode(&[0, 255, 160]), "00ffa0");
    }
}
