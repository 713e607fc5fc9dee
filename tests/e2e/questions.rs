//! What a host would be asked of Project Wycheproof's ECDSA vectors, as JSON, each with the verdict of the pure Rust door, so that the end-to-end suites
//! can show that WebCrypto gives the same. Origin of the vectors: see `tests/crypto_wycheproof.rs`.

use std::cell::RefCell;
use std::{env, fs};

use admissible::crypto::{
    Deferred, HashAlgorithm, KeyKind, Memory, Message, PublicKey, Question, RustCrypto, Scheme, VerifySignature,
};
use serde_json::{Value, json};
use wycheproof::ecdsa::TestName;

type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

fn main() -> Outcome<()> {
    let file = env::args().nth(1).ok_or("usage: questions FILE")?;
    let questions = RefCell::new(Vec::new());
    for set in [
        TestName::EcdsaSecp256r1Sha256,
        TestName::EcdsaSecp256r1Sha512,
        TestName::EcdsaSecp384r1Sha256,
        TestName::EcdsaSecp384r1Sha384,
        TestName::EcdsaSecp384r1Sha512,
    ] {
        let set: Value = serde_json::from_str(set.json_data())?;
        for group in set["testGroups"].as_array().into_iter().flatten() {
            let Ok(key) = PublicKey::from_spki_der(&bytes(&group["publicKeyDer"])?) else { continue };
            let scheme = Scheme::Ecdsa(hash(&group["sha"])?);
            for vector in group["tests"].as_array().into_iter().flatten() {
                let (message, signature) = (bytes(&vector["msg"])?, bytes(&vector["sig"])?);
                let message = Message::Bytes(&message);
                let valid = RustCrypto.verify(&key, scheme, message, &signature).is_ok();
                let ask = |question: Question<'_>| questions.borrow_mut().push(asked(question, valid));
                drop(Deferred::judge(&Memory::default(), &ask, |door| door.verify(&key, scheme, message, &signature)));
            }
        }
    }
    let questions = questions.into_inner();
    println!("{} questions", questions.len());
    fs::write(file, Value::Array(questions).to_string())?;
    Ok(())
}

fn asked(question: Question<'_>, valid: bool) -> Value {
    let hex = |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    json!({
        "curve": if question.curve == KeyKind::P384 { 384 } else { 256 },
        "hash": question.hash.digest_len() * 8,
        "point": hex(question.point),
        "signature": hex(question.signature),
        "integers": hex(question.integers),
        "message": hex(question.message),
        "valid": valid,
    })
}

fn hash(name: &Value) -> Outcome<HashAlgorithm> {
    let name = name.as_str().unwrap_or_default().replace('-', "").to_lowercase();
    HashAlgorithm::from_name(&name).ok_or_else(|| format!("unknown hash {name}").into())
}

fn bytes(digits: &Value) -> Outcome<Vec<u8>> {
    let digits = digits.as_str().ok_or("expected hexadecimal digits")?;
    let pairs = digits.as_bytes().chunks(2);
    pairs.map(|pair| Ok(u8::from_str_radix(str::from_utf8(pair)?, 16)?)).collect()
}
