//! Provenance of bodies that are too large for a file: whoever tries to pass them on makes them from their length.

use admissible_box::dsse::{provenance, subject};
use admissible_box::keys::Hash;
use admissible_box::world::World;
use serde_json::{Value, json};

use crate::Case;

/// Bytes of a block. Each begins with its own number, so that blocks that change places are noticed.
const BLOCK: usize = 65_536;

/// Nothing, one byte, a block more or less a byte, some blocks and a bit, and more than any server should hold in memory.
const LENGTHS: [usize; 7] = [0, 1, BLOCK - 1, BLOCK, BLOCK + 1, 16 * BLOCK + 7, 4096 * BLOCK];

/// All of them, named by the length of the body.
pub fn cases() -> Vec<Case> {
    let world = World::new("gate");
    let case = |name: String, subjects: &[Value]| (name, world.clone(), world.statement(&provenance(subjects)));
    let mut out: Vec<Case> = LENGTHS
        .iter()
        .map(|&length| case(format!("body-{length}"), &[named("sha256", Hash::Sha256, length)]))
        .collect();
    let length = 16 * BLOCK + 7;
    out.push(case(format!("body-{length}-sha512"), &[named("sha512", Hash::Sha512, length)]));
    let mut many: Vec<Value> = (0..20u8).map(|other| subject(&format!("other-{other}"), &[other])).collect();
    many.push(named("sha256", Hash::Sha256, length));
    out.push(case(format!("body-{length}-of-many"), &many));
    out
}

fn named(algorithm: &str, hash: Hash, length: usize) -> Value {
    json!({ "name": format!("body-{length}.bin"), "digest": { algorithm: hex::encode(hash.digest(&body(length))) } })
}

/// Blocks of the numbers from 0 to 250, over and over, the first eight bytes of each overwritten by the block's number.
fn body(length: usize) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(length.next_multiple_of(BLOCK));
    for number in 0..length.div_ceil(BLOCK) as u64 {
        bytes.extend_from_slice(&number.to_be_bytes());
        bytes.extend((8..BLOCK).map(|at| (at % 251) as u8));
    }
    bytes.truncate(length);
    bytes
}
