//! PEM (RFC 7468), as the logs store keys and certificates and as people keep keys in files.

use alloc::string::String;
use alloc::vec::Vec;

/// The first PEM block of `text`: its label and its bytes. Later blocks are left alone: Rekor stores what the signer
/// uploaded, which may be a whole chain of which only the first certificate signed. `None` when there is no block or it is
/// malformed.
#[must_use]
pub fn first_block(text: &[u8]) -> Option<(String, Vec<u8>)> {
    const END: &[u8] = b"-----END ";
    let end = text.windows(END.len()).position(|window| window == END)?;
    let tail = text.get(end.checked_add(END.len())?..)?;
    let close = tail.windows(5).position(|window| window == b"-----")?;
    let length = end.checked_add(END.len())?.checked_add(close)?.checked_add(5)?;
    let (label, bytes) = der::pem::decode_vec(text.get(..length)?).ok()?;
    Some((label.into(), bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_first_block_is_read() {
        let text = b"-----BEGIN A-----\nAAAA\n-----END A-----\n-----BEGIN B-----\nBBBB\n-----END B-----\n";
        assert_eq!(first_block(text), Some(("A".into(), [0, 0, 0].into())));
        for bad in [&b"-----BEGIN A-----\nAAAA\n-----END B-----\n"[..], b"AAAA", b"", b"-----END A-----"] {
            assert_eq!(first_block(bad), None);
        }
    }
}
