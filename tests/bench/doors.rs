//! What a signature costs by each door: `cargo run --release --example bench_doors`.

use std::time::Instant;

use admissible::crypto::{HashAlgorithm, Memory, Message, PublicKey, RustCrypto, Scheme, VerifySignature, digest};
use admissible_box::keys::{KeyAlg, KeyPair};

fn main() {
    for (alg, hash) in [(KeyAlg::P256, HashAlgorithm::Sha256), (KeyAlg::P384, HashAlgorithm::Sha384)] {
        let key = KeyPair::derive(alg, "bench", "key");
        let public = PublicKey::from_spki_der(&key.spki()).unwrap();
        let signed: Vec<_> = (0..200u32)
            .map(|n| {
                let message = n.to_be_bytes();
                (digest(hash, &message), key.sign(key.scheme(true), &message))
            })
            .collect();
        let time = |door: &dyn Fn(&admissible::Digest, &[u8])| {
            let start = Instant::now();
            for (digest, signature) in &signed {
                door(digest, signature);
            }
            start.elapsed().as_secs_f64() * 1e6 / 200.0
        };
        let memory = Memory::default();
        println!(
            "{alg:?} RustCrypto {:.0}",
            time(&|d, s| RustCrypto.verify(&public, Scheme::Ecdsa(hash), Message::Digest(d), s).unwrap())
        );
        // One key after the other, each used once: the generator alone has a table.
        let once: Vec<_> = (0..100usize)
            .map(|n| {
                let key = KeyPair::derive_nth(alg, "bench", "leaf", n);
                let message = n.to_be_bytes();
                (
                    PublicKey::from_spki_der(&key.spki()).unwrap(),
                    digest(hash, &message),
                    key.sign(key.scheme(true), &message),
                )
            })
            .collect();
        let by = |door: &dyn VerifySignature| {
            let start = Instant::now();
            for (key, digest, signature) in &once {
                door.verify(key, Scheme::Ecdsa(hash), Message::Digest(digest), signature).unwrap();
            }
            start.elapsed().as_secs_f64() * 1e6 / 100.0
        };
        println!("{alg:?} once RustCrypto {:.0} Memory {:.0}", by(&RustCrypto), by(&memory));
        println!(
            "{alg:?} Memory     {:.0}",
            time(&|d, s| memory.verify(&public, Scheme::Ecdsa(hash), Message::Digest(d), s).unwrap())
        );
    }
}
