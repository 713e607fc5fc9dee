//! DER written by hand: every function returns one complete TLV, so a test decides about each byte.

/// One TLV with a one-byte tag and a minimal length.
pub fn tlv(tag: u8, content: &[u8]) -> Vec<u8> {
    let mut out = vec![tag];
    out.extend(length(content.len()));
    out.extend_from_slice(content);
    out
}

/// A minimal DER length.
pub fn length(n: usize) -> Vec<u8> {
    if n < 0x80 {
        return vec![n as u8];
    }
    let bytes = minimal(&(n as u64).to_be_bytes());
    let mut out = vec![0x80 | bytes.len() as u8];
    out.extend(bytes);
    out
}

/// A TLV in BER rather than DER: the length takes `padding` more bytes than needed.
pub fn tlv_ber_length(tag: u8, content: &[u8], padding: usize) -> Vec<u8> {
    let bytes = minimal(&(content.len() as u64).to_be_bytes());
    let mut out = vec![tag, 0x80 | (bytes.len() + padding) as u8];
    out.extend(std::iter::repeat_n(0, padding));
    out.extend(bytes);
    out.extend_from_slice(content);
    out
}

fn minimal(bytes: &[u8]) -> Vec<u8> {
    let first = bytes.iter().position(|b| *b != 0).unwrap_or(bytes.len().saturating_sub(1));
    bytes[first..].to_vec()
}

/// `SEQUENCE` of ready TLVs.
pub fn seq<T: AsRef<[u8]>>(items: &[T]) -> Vec<u8> {
    tlv(0x30, &concat(items))
}

/// `SET` in the order given.
pub fn set<T: AsRef<[u8]>>(items: &[T]) -> Vec<u8> {
    tlv(0x31, &concat(items))
}

/// `SET OF`, sorted as DER asks.
pub fn set_of<T: AsRef<[u8]>>(items: &[T]) -> Vec<u8> {
    tlv(0x31, &concat(&sorted(items)))
}

/// The items in DER's order for `SET OF`.
pub fn sorted<T: AsRef<[u8]>>(items: &[T]) -> Vec<Vec<u8>> {
    let mut all: Vec<Vec<u8>> = items.iter().map(|i| i.as_ref().to_vec()).collect();
    all.sort();
    all
}

/// The items one after another, without a header.
pub fn concat<T: AsRef<[u8]>>(items: &[T]) -> Vec<u8> {
    items.iter().flat_map(|i| i.as_ref().iter().copied()).collect()
}

/// `[n]` constructed: EXPLICIT around a TLV, or IMPLICIT over a constructed type's content.
pub fn context(n: u8, content: &[u8]) -> Vec<u8> {
    tlv(0xa0 | n, content)
}

/// `[n]` primitive: IMPLICIT over a primitive type's content.
pub fn context_primitive(n: u8, content: &[u8]) -> Vec<u8> {
    tlv(0x80 | n, content)
}

/// `OBJECT IDENTIFIER` from its dotted form.
///
/// # Panics
/// On text which is not an OID.
pub fn oid(dotted: &str) -> Vec<u8> {
    let arcs: Vec<u64> = dotted.split('.').map(|a| a.parse().expect("an OID arc")).collect();
    let mut content = Vec::new();
    for (i, arc) in arcs.iter().enumerate().skip(1) {
        let value = if i == 1 { arcs[0] * 40 + arc } else { *arc };
        let mut septets = vec![(value & 0x7f) as u8];
        let mut rest = value >> 7;
        while rest > 0 {
            septets.insert(0, 0x80 | (rest & 0x7f) as u8);
            rest >>= 7;
        }
        content.extend(septets);
    }
    tlv(0x06, &content)
}

/// Non-negative `INTEGER`.
pub fn int(value: u64) -> Vec<u8> {
    uint(&value.to_be_bytes())
}

/// Non-negative `INTEGER` from big-endian bytes.
pub fn uint(bytes: &[u8]) -> Vec<u8> {
    let mut content = minimal(bytes);
    if content.first().is_none_or(|b| b & 0x80 != 0) {
        content.insert(0, 0);
    }
    tlv(0x02, &content)
}

/// `BOOLEAN`.
pub fn boolean(value: bool) -> Vec<u8> {
    tlv(0x01, &[if value { 0xff } else { 0 }])
}

/// `NULL`.
pub fn null() -> Vec<u8> {
    vec![0x05, 0]
}

/// `OCTET STRING`.
pub fn octets(bytes: &[u8]) -> Vec<u8> {
    tlv(0x04, bytes)
}

/// `BIT STRING` without unused bits.
pub fn bits(bytes: &[u8]) -> Vec<u8> {
    let mut content = vec![0];
    content.extend_from_slice(bytes);
    tlv(0x03, &content)
}

/// `BIT STRING` of named bits: bit 0 is the highest bit of the first byte; trailing zero bits are dropped.
pub fn named_bits(set: &[u8]) -> Vec<u8> {
    let Some(last) = set.iter().max() else {
        return tlv(0x03, &[0]);
    };
    let mut bytes = vec![0u8; usize::from(last / 8) + 1];
    for bit in set {
        bytes[usize::from(bit / 8)] |= 0x80 >> (bit % 8);
    }
    let mut content = vec![7 - last % 8];
    content.extend(bytes);
    tlv(0x03, &content)
}

/// `UTF8String`.
pub fn utf8(text: &str) -> Vec<u8> {
    tlv(0x0c, text.as_bytes())
}

/// `PrintableString`.
pub fn printable(text: &str) -> Vec<u8> {
    tlv(0x13, text.as_bytes())
}

/// `UTCTime` before 2050, `GeneralizedTime` from then on, as RFC 5280 §4.1.2.5 asks.
pub fn time(unix: i64) -> Vec<u8> {
    let text = crate::time::compact(unix);
    if text.as_str() < "2050" && text.as_str() >= "1950" {
        tlv(0x17, format!("{}Z", &text[2..]).as_bytes())
    } else {
        generalized_time(unix, "")
    }
}

/// `GeneralizedTime`; `fraction` is put between the seconds and the `Z` (for instance `.123`).
pub fn generalized_time(unix: i64, fraction: &str) -> Vec<u8> {
    tlv(0x18, format!("{}{fraction}Z", crate::time::compact(unix)).as_bytes())
}

/// The first TLV of `der`: its tag, the length of its header, and the whole TLV's length.
///
/// # Panics
/// On anything that this module would not write.
pub fn header(der: &[u8]) -> (u8, usize, usize) {
    let first = usize::from(der[1]);
    if first < 0x80 {
        return (der[0], 2, 2 + first);
    }
    let count = first & 0x7f;
    let n = der[2..2 + count].iter().fold(0usize, |n, b| n << 8 | usize::from(*b));
    (der[0], 2 + count, 2 + count + n)
}

/// The TLVs inside the first TLV of `der`: takes a value apart to change one part and put it together again.
pub fn children(der: &[u8]) -> Vec<Vec<u8>> {
    let (_, head, whole) = header(der);
    let (mut rest, mut out) = (&der[head..whole], Vec::new());
    while !rest.is_empty() {
        let (_, _, len) = header(rest);
        out.push(rest[..len].to_vec());
        rest = &rest[len..];
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writes_the_known_bytes() {
        assert_eq!(hex::encode(oid("1.3.6.1.4.1.57264.1.8")), "060a2b0601040183bf300108");
        assert_eq!(hex::encode(oid("2.5.29.37.0")), "0604551d2500");
        assert_eq!(hex::encode(int(0)), "020100");
        assert_eq!(hex::encode(int(128)), "02020080");
        assert_eq!(hex::encode(named_bits(&[0])), "03020780");
        assert_eq!(hex::encode(named_bits(&[5, 6])), "03020106");
        assert_eq!(hex::encode(&tlv(4, &[0; 200])[..3]), "0481c8");
        assert_eq!(hex::encode(tlv_ber_length(4, &[1], 1)), "0482000101");
        assert_eq!(time(1_700_000_000), tlv(0x17, b"231114221320Z"));
    }

    #[test]
    fn takes_apart_what_it_wrote() {
        let parts = [int(7), octets(&[9; 300])];
        assert_eq!(children(&seq(&parts)), parts);
    }
}
