//! Whoever verifies signatures in JavaScript.

use admissible::HashAlgorithm;
use admissible::crypto::{HostFirst, KeyKind, Memory, Question, VerifySignature};
use wasm_bindgen::prelude::wasm_bindgen;

#[wasm_bindgen]
extern "C" {
    /// A host that answers later.
    pub type Host;

    /// Asks whether a signature is valid: ECDSA on the curve of so many bits, over the SHA-2 digest of so many bits. The key is an uncompressed point;
    /// the signature comes in DER, and as its two integers side by side. All bytes are only there during the call, which must not throw.
    #[wasm_bindgen(method)]
    fn ask(this: &Host, curve: u32, hash: u32, point: &[u8], signature: &[u8], integers: &[u8], message: &[u8]);

    /// A host that answers at once.
    pub type PromptHost;

    /// The same question, and its answer: whether the host found the signature valid.
    #[wasm_bindgen(method, js_name = isValid)]
    fn is_valid(
        this: &PromptHost,
        curve: u32,
        hash: u32,
        point: &[u8],
        signature: &[u8],
        integers: &[u8],
        message: &[u8],
    ) -> bool;
}

impl Host {
    pub fn put(&self, question: Question<'_>) {
        let Question { point, signature, integers, message, .. } = question;
        self.ask(curve(&question), hash(&question), point, signature, integers, message);
    }
}

/// Judges by the door of a host, if there is one, and else by the memory alone.
pub fn first<T>(host: Option<PromptHost>, memory: &Memory, judge: impl FnOnce(&dyn VerifySignature) -> T) -> T {
    let Some(host) = host else { return judge(memory) };
    let is_valid = |question: Question<'_>| {
        let Question { point, signature, integers, message, .. } = question;
        host.is_valid(curve(&question), hash(&question), point, signature, integers, message)
    };
    judge(&HostFirst::new(memory, &is_valid))
}

fn curve(question: &Question<'_>) -> u32 {
    if question.curve == KeyKind::P384 { 384 } else { 256 }
}

fn hash(question: &Question<'_>) -> u32 {
    match question.hash {
        HashAlgorithm::Sha256 => 256,
        HashAlgorithm::Sha384 => 384,
        HashAlgorithm::Sha512 => 512,
    }
}
