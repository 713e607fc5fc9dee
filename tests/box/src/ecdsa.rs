//! ECDSA signatures taken apart: twins, raw forms and impossible values.

use crate::der;
use crate::keys::KeyAlg;

/// The order n of the curve's group, big-endian, as long as the field.
///
/// # Panics
/// When `alg` is not a curve.
pub fn order(alg: KeyAlg) -> Vec<u8> {
    let text = match alg {
        KeyAlg::P256 => "FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551".to_owned(),
        KeyAlg::P384 => format!("{}C7634D81F4372DDF581A0DB248B0A77AECEC196ACCC52973", "F".repeat(48)),
        KeyAlg::P521 => {
            format!("01{}FA51868783BF2F966B7FCC0148F709A5D03BB5C9B8899C47AEBB6FB71E91386409", "F".repeat(64))
        }
        other => panic!("{other:?} is not a curve"),
    };
    hex::decode(text).expect("hex")
}

/// DER `SEQUENCE { r, s }` from big-endian numbers.
pub fn from_parts(r: &[u8], s: &[u8]) -> Vec<u8> {
    der::seq(&[der::uint(r), der::uint(s)])
}

/// DER from the raw form r ‖ s.
pub fn from_p1363(raw: &[u8]) -> Vec<u8> {
    let (r, s) = raw.split_at(raw.len() / 2);
    from_parts(r, s)
}

/// The numbers r and s of a DER signature, each as long as the field.
pub fn parts(alg: KeyAlg, signature: &[u8]) -> (Vec<u8>, Vec<u8>) {
    let width = order(alg).len();
    let pad = |tlv: &Vec<u8>| {
        let (_, head, _) = der::header(tlv);
        let number = &tlv[head..];
        let number = &number[number.len().saturating_sub(width)..];
        [vec![0; width - number.len()], number.to_vec()].concat()
    };
    let items = der::children(signature);
    (pad(&items[0]), pad(&items[1]))
}

/// IEEE P1363: r ‖ s without DER.
pub fn p1363(alg: KeyAlg, signature: &[u8]) -> Vec<u8> {
    let (r, s) = parts(alg, signature);
    [r, s].concat()
}

/// The other valid signature over the same message: (r, n - s).
pub fn twin(alg: KeyAlg, signature: &[u8]) -> Vec<u8> {
    let (r, s) = parts(alg, signature);
    from_parts(&r, &subtract(&order(alg), &s))
}

/// Of a signature and its twin, the one with s above n/2.
pub fn high_s(alg: KeyAlg, signature: &[u8]) -> Vec<u8> {
    let other = twin(alg, signature);
    if parts(alg, signature).1 > parts(alg, &other).1 { signature.to_vec() } else { other }
}

/// (0, 0).
pub fn zero() -> Vec<u8> {
    from_parts(&[0], &[0])
}

/// (n, s): r is out of range.
pub fn r_equals_n(alg: KeyAlg, signature: &[u8]) -> Vec<u8> {
    from_parts(&order(alg), &parts(alg, signature).1)
}

/// (r + n, s): the same residue, out of range.
pub fn r_plus_n(alg: KeyAlg, signature: &[u8]) -> Vec<u8> {
    let (r, s) = parts(alg, signature);
    from_parts(&add(&r, &order(alg)), &s)
}

/// The same two numbers, the outer length in long form.
pub fn ber(signature: &[u8]) -> Vec<u8> {
    let (_, head, _) = der::header(signature);
    der::tlv_ber_length(0x30, &signature[head..], 1)
}

/// The same two numbers, r with a superfluous zero byte.
pub fn padded_r(signature: &[u8]) -> Vec<u8> {
    let items = der::children(signature);
    let (_, head, _) = der::header(&items[0]);
    let padded = der::tlv(0x02, &[vec![0], items[0][head..].to_vec()].concat());
    der::seq(&[padded, items[1].clone()])
}

fn subtract(a: &[u8], b: &[u8]) -> Vec<u8> {
    let mut borrow = 0i16;
    let mut out: Vec<u8> = (0..a.len())
        .rev()
        .map(|i| {
            let digit = i16::from(a[i]) - i16::from(b[i]) - borrow;
            borrow = i16::from(digit < 0);
            digit.rem_euclid(256) as u8
        })
        .collect();
    out.reverse();
    out
}

fn add(a: &[u8], b: &[u8]) -> Vec<u8> {
    let mut carry = 0u16;
    let mut out: Vec<u8> = (0..a.len())
        .rev()
        .map(|i| {
            let digit = u16::from(a[i]) + u16::from(b[i]) + carry;
            carry = digit >> 8;
            digit as u8
        })
        .collect();
    out.push(carry as u8);
    out.reverse();
    out
}
