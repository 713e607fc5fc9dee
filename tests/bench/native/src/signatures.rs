//! What the signatures of one bundle cost alone: a certificate by P-384, and four by P-256 (SCT, promise, checkpoint, artifact).

use std::sync::LazyLock;

use p256::ecdsa::signature::hazmat::{PrehashSigner as _, PrehashVerifier as _};

struct Signed {
    p384: (p384::ecdsa::VerifyingKey, p384::ecdsa::Signature),
    p256: [(p256::ecdsa::VerifyingKey, p256::ecdsa::Signature); 4],
}

const DIGEST: [u8; 48] = [7; 48];

static SIGNED: LazyLock<Signed> = LazyLock::new(|| {
    let large = p384::ecdsa::SigningKey::from_slice(&[1; 48]).expect("a scalar");
    let small = [1, 2, 3, 4].map(|byte| p256::ecdsa::SigningKey::from_slice(&[byte; 32]).expect("a scalar"));
    Signed {
        p384: (*large.verifying_key(), large.sign_prehash(&DIGEST).expect("a signature")),
        p256: small.map(|key| (*key.verifying_key(), key.sign_prehash(&DIGEST[..32]).expect("a signature"))),
    }
});

/// Verifies them with the curve crates, which know nothing of the keys.
pub fn five() -> bool {
    let Signed { p384: (key, signature), p256 } = &*SIGNED;
    key.verify_prehash(&DIGEST, signature).is_ok()
        && p256.iter().all(|(key, signature)| key.verify_prehash(&DIGEST[..32], signature).is_ok())
}
