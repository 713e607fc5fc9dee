//! Multiples of a point that recurs: with them a signature is verified without doubling a point, in about a quarter of the time. All
//! arithmetic is of the curve crates; what is added here is the order in which points are added.

use alloc::vec;
use alloc::vec::Vec;

use ecdsa::elliptic_curve::group::{Curve as _, Group as _};
use ecdsa::elliptic_curve::ops::Reduce;
use ecdsa::elliptic_curve::point::AffineCoordinates as _;
use ecdsa::elliptic_curve::{AffinePoint, CurveArithmetic, FieldBytes, ProjectivePoint, Scalar, group};
use ecdsa::{EcdsaCurve, Signature};

/// Bits of a scalar that are looked up at once. Wider tables take more time to make than they save over a few hundred signatures.
const WIDTH: usize = 6;
/// Multiples for each place: digits are from -31 to 32.
const MULTIPLES: usize = 1 << (WIDTH - 1);

/// The multiples of a point by 1 to [`MULTIPLES`] at each place of a scalar.
pub(super) struct Table<C: CurveArithmetic> {
    multiples: Vec<AffinePoint<C>>,
}

/// How many places a scalar has, one for the last carry included.
fn places<C: CurveArithmetic>() -> usize {
    FieldBytes::<C>::default().len().saturating_mul(8).saturating_add(1).div_ceil(WIDTH)
}

impl<C: CurveArithmetic> Table<C> {
    /// Makes the table of a point; takes as long as some seven signatures.
    #[expect(
        clippy::arithmetic_side_effects,
        reason = "points of a group and scalars of a field, which have no overflow"
    )]
    pub(super) fn new(point: ProjectivePoint<C>) -> Self {
        let mut multiples = Vec::with_capacity(places::<C>().saturating_mul(MULTIPLES));
        let mut base = point;
        for _ in 0..places::<C>() {
            let mut multiple = base;
            for _ in 1..MULTIPLES {
                multiples.push(multiple);
                multiple += base;
            }
            multiples.push(multiple);
            base = multiple.double();
        }
        let mut affine = vec![AffinePoint::<C>::default(); multiples.len()];
        ProjectivePoint::<C>::batch_normalize(&multiples, &mut affine);
        Self { multiples: affine }
    }

    /// Adds the point times `scalar`.
    #[expect(
        clippy::arithmetic_side_effects,
        reason = "points of a group and scalars of a field, which have no overflow"
    )]
    fn add_to(&self, sum: &mut ProjectivePoint<C>, scalar: &Scalar<C>) {
        let bytes: FieldBytes<C> = (*scalar).into();
        let mut bits = Bits { bytes: bytes.iter().rev(), held: 0, count: 0 };
        let mut carry = 0;
        for multiples in self.multiples.chunks_exact(MULTIPLES) {
            // A digit beyond the half is the next place less the distance to it.
            let digit = bits.next() + carry;
            carry = usize::from(digit > MULTIPLES);
            let distance = if carry == 1 { 2 * MULTIPLES - digit } else { digit };
            let Some(multiple) = distance.checked_sub(1).and_then(|at| multiples.get(at)) else { continue };
            if carry == 1 {
                *sum -= multiple;
            } else {
                *sum += multiple;
            }
        }
    }
}

/// The bits of a number in pieces, the lowest first.
struct Bits<I> {
    bytes: I,
    held: usize,
    count: usize,
}

impl<'b, I: Iterator<Item = &'b u8>> Bits<I> {
    fn next(&mut self) -> usize {
        while self.count < WIDTH {
            self.held |= usize::from(self.bytes.next().copied().unwrap_or_default()) << self.count;
            self.count = self.count.saturating_add(8);
        }
        let piece = self.held % (2 * MULTIPLES);
        self.held >>= WIDTH;
        self.count = self.count.saturating_sub(WIDTH);
        piece
    }
}

/// Whether a signature over `prehash` is by the key of this table ([FIPS 186-5 §6.4.2](https://csrc.nist.gov/pubs/fips/186-5/final)), given the
/// table of the generator.
#[expect(clippy::arithmetic_side_effects, reason = "points of a group and scalars of a field, which have no overflow")]
pub(super) fn is_by<C>(key: &Table<C>, generator: &Table<C>, prehash: &[u8], signature: &Signature<C>) -> bool
where
    C: EcdsaCurve + CurveArithmetic,
{
    let (r, s) = signature.split_scalars();
    let inverse = *ecdsa::elliptic_curve::ops::Invert::invert_vartime(&s);
    let (u1, u2) = (leftmost::<C>(prehash) * inverse, *r * inverse);
    let mut sum = ProjectivePoint::<C>::identity();
    key.add_to(&mut sum, &u2);
    generator.add_to(&mut sum, &u1);
    // The point at infinity has no x; here it has zero, which no r is.
    let x = group::Curve::to_affine(&sum).x();
    *r == <Scalar<C> as Reduce<FieldBytes<C>>>::reduce(&x)
}

/// The leftmost bits of a digest, as many as the order has, as a scalar. The orders are as long as their fields in whole bytes, and digests
/// that are not shorter are truncated at one.
fn leftmost<C: EcdsaCurve + CurveArithmetic>(prehash: &[u8]) -> Scalar<C> {
    let mut field = FieldBytes::<C>::default();
    let length = prehash.len().min(field.len());
    let start = field.len().saturating_sub(length);
    if let (Some(target), Some(source)) = (field.get_mut(start..), prehash.get(..length)) {
        target.copy_from_slice(source);
    }
    <Scalar<C> as Reduce<FieldBytes<C>>>::reduce(&field)
}
