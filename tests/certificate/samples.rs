//! Certificates: those that the box mints, with everything in them that can be, and real ones.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use admissible_box::certificate::{CertificateSpec, Extension, GeneralName, SignedCertificate, Tbs, name};
use admissible_box::der::{
    bits, boolean, children, context, context_primitive, int, null, octets, oid, printable, seq, set, set_of, sorted,
    tlv, utf8,
};
use admissible_box::hook::Hook;
use admissible_box::keys::KeyAlg;
use admissible_box::world::World;
use rfc4648::Engine;
use rfc4648::prelude::BASE64_STANDARD;

use crate::stricter::Rule;

/// One of each kind that occurs, and some that do not.
pub fn minted() -> Vec<Vec<u8>> {
    let mut world = World::new("certificate");
    world.add_ca(KeyAlg::P256, 1);
    world.add_tsa(KeyAlg::P256, 1);
    let ca = &world.cas[0];
    let mut found = vec![world.leaf(KeyAlg::P256).issue(ca, &world.ct_logs)];
    found.push(
        world.leaf(KeyAlg::Ed25519).with_email("ada@example.com", "https://issuer.example").issue(ca, &world.ct_logs),
    );
    found.push(
        world.leaf(KeyAlg::P256).with_san(GeneralName::Username("ada!example.com".into())).issue(ca, &world.ct_logs),
    );
    for authority in world.cas.iter().chain(&world.tsas) {
        found.extend(authority.certificates());
    }
    let issuer = ca.issuer();
    let leaf = &world.leaf(KeyAlg::P256).certificate;
    found.extend(spelt_out(leaf, issuer).iter().map(|tbs| leaf.sign(tbs, issuer)));
    let mut with_identifiers = leaf.clone();
    with_identifiers.alter_signed = Hook::new(|signed: &mut SignedCertificate| {
        let mut parts = children(&signed.tbs);
        let extensions = parts.pop().expect("extensions");
        parts.extend([context_primitive(1, &[0, 7]), context_primitive(2, &[4, 0xf0]), extensions]);
        signed.tbs = seq(&parts);
    });
    found.push(with_identifiers.issue(issuer));
    found
}

/// The two smallest, of which all mutants are few enough.
pub fn smallest() -> Vec<Vec<u8>> {
    let mut all = minted();
    all.sort_by_key(Vec::len);
    all.truncate(2);
    all
}

/// Certificates whose parts are the rare ones.
fn spelt_out(leaf: &CertificateSpec, issuer: &CertificateSpec) -> Vec<Tbs> {
    let base = leaf.tbs(issuer);
    let attribute = |id: &str, value: Vec<u8>| seq(&[oid(id), value]);
    let long_name = seq(&[
        set(&[attribute("2.5.4.6", printable("DE"))]),
        set_of(&[attribute("2.5.4.3", utf8("Ä, \"b\" + c")), attribute("2.5.4.11", tlv(0x16, b"#d "))]),
        set(&[attribute("2.5.4.10", tlv(0x14, b"e"))]),
        set(&[attribute("1.2.840.113549.1.9.1", tlv(0x16, b"a@b"))]),
        set(&[attribute("1.2.3.4", null())]),
    ]);
    let names = sorted(&[
        context(0, &[oid("1.2.3.4"), context(0, &utf8("a"))].concat()),
        context_primitive(1, b"a@b"),
        context_primitive(2, b"c.d"),
        context(4, &long_name),
        context(5, &[context(0, &printable("e")), context(1, &tlv(0x1e, &[0, b'f', 0x20, 0xac]))].concat()),
        context_primitive(6, b"https://g"),
        context_primitive(7, &[127, 0, 0, 1]),
        context_primitive(7, &[0; 16]),
        context_primitive(8, &[0x2a, 0x86, 0x48]),
    ]);
    let tree = |base: Vec<u8>, more: &[Vec<u8>]| seq(&[&[base][..], more].concat());
    let permitted = [
        tree(context_primitive(6, b".h"), &[]),
        tree(context_primitive(1, b"i"), &[context_primitive(0, &[1]), context_primitive(1, &[0, 0x80])]),
        tree(context_primitive(7, &[10, 0, 0, 0, 255, 0, 0, 0]), &[context_primitive(1, &[3])]),
    ];
    let excluded = [tree(context_primitive(7, &[0; 32]), &[]), tree(context(4, &name("j", "k")), &[])];
    let constraints = seq(&[context(0, &permitted.concat()), context(1, &excluded.concat())]);
    let authority = seq(&[
        context_primitive(0, b"key"),
        context(1, &[context(4, &name("l", "m")), context_primitive(6, b"n")].concat()),
        context_primitive(2, &[0, 0x80]),
    ]);
    let extensions = vec![
        Extension::new("2.5.29.15", true, tlv(3, &[7, 6, 0x80])),
        Extension::new("2.5.29.37", true, seq(&[oid("1.3.6.1.5.5.7.3.3"), oid("2.5.29.37.0")])),
        Extension::new("2.5.29.19", true, seq(&[boolean(true), int(200)])),
        Extension::new("2.5.29.14", false, octets(b"key")),
        Extension::new("2.5.29.35", false, authority),
        Extension::new("2.5.29.17", false, seq(&names)),
        Extension::new("2.5.29.30", true, constraints),
        Extension::new("1.2.3.4", true, bits(&[1])),
        Extension::new("1.3.6.1.4.1.57264.1.8", true, utf8("issuer")),
        Extension::new("1.3.6.1.4.1.57264.1.99", true, utf8("unknown")),
        Extension::new("1.3.6.1.4.1.11129.2.4.2", true, octets(&[0, 0])),
    ];
    let rich = Tbs { subject: long_name, extensions, ..base.clone() };
    let late = seq(&[tlv(0x17, b"491231235959Z"), tlv(0x18, b"20500101000000Z")]);
    let bare = Tbs {
        serial: tlv(2, &[0xff; 1]),
        issuer: seq::<Vec<u8>>(&[]),
        subject: seq::<Vec<u8>>(&[]),
        validity: late,
        extensions: Vec::new(),
        ..base
    };
    let narrow = Tbs {
        extensions: vec![
            Extension::new("2.5.29.19", false, seq(&[int(0)])),
            Extension::new("2.5.29.35", false, seq::<Vec<u8>>(&[])),
            Extension::new("2.5.29.14", false, octets(&[])),
        ],
        serial: tlv(2, &[&[0, 0x80][..], &[7; 19]].concat()),
        ..bare.clone()
    };
    vec![rich, bare, narrow]
}

/// Certificates that break one rule each.
pub fn breaking() -> Vec<(Rule, Vec<u8>)> {
    let world = World::new("certificate");
    let leaf = &world.leaf(KeyAlg::P256).certificate;
    let base = leaf.tbs(world.cas[0].issuer());
    let signed = |tbs: &Tbs| leaf.sign(tbs, world.cas[0].issuer());
    let of_parts = |edit: &dyn Fn(&mut Vec<Vec<u8>>)| {
        let mut parts = children(&signed(&base));
        edit(&mut parts);
        seq(&parts)
    };
    let with_name = |name: Vec<u8>| signed(&Tbs { subject: name, ..base.clone() });
    let with = |oid: &str, value: Vec<u8>| {
        let mut tbs = base.clone();
        tbs.extensions.retain(|extension| extension.oid != oid);
        tbs.extensions.push(Extension::new(oid, true, value));
        signed(&tbs)
    };
    let none: Vec<u8> = seq::<Vec<u8>>(&[]);
    let attribute = |letter: &str| seq(&[oid("2.5.4.3"), utf8(letter)]);
    let tree = |base: Vec<u8>, more: &[u8]| seq(&[context(0, &seq(&[&base, more]))]);
    let uri = || context_primitive(6, b"a");
    vec![
        (Rule::ArcsAreShort, with_name(seq(&[set(&[seq(&[tlv(6, &[0x55, 4, 0x80, 3]), utf8("a")])])]))),
        (Rule::ArcsAreShort, with("2.5.29.37", seq(&[tlv(6, &[0x2a, 0x80, 3])]))),
        (Rule::ArcsAreShort, with("2.5.29.17", seq(&[context_primitive(8, &[0x2a, 0x80, 3])]))),
        (Rule::UnusedBitsAreZero, of_parts(&|parts| parts[2] = tlv(3, &[1, 1]))),
        (Rule::NamesHaveAttributes, with_name(seq(&[set::<Vec<u8>>(&[])]))),
        (Rule::NamesHaveAttributes, with_name(seq(&[set(&[attribute("a"), attribute("a")])]))),
        (
            Rule::ExtensionsAreSome,
            of_parts(&|parts| {
                let mut fields = children(&parts[0]);
                *fields.last_mut().expect("extensions") = context(3, &none);
                parts[0] = seq(&fields);
            }),
        ),
        (Rule::ValuesAreDer, with("2.5.29.19", seq(&[boolean(false)]))),
        (Rule::ValuesAreDer, with("2.5.29.15", tlv(3, &[0, 0x80]))),
        (Rule::ValuesAreDer, with("2.5.29.15", tlv(3, &[0, 0x80, 0]))),
        (Rule::ValuesAreDer, with("2.5.29.30", tree(uri(), &context_primitive(0, &[0])))),
        (Rule::ValuesAreDer, with("2.5.29.17", seq(&[context(4, &seq(&[set(&[attribute("b"), attribute("a")])]))]))),
        (Rule::PurposesAreSome, with("2.5.29.37", none.clone())),
        (Rule::NamesAreSome, with("2.5.29.17", none.clone())),
        (Rule::NamesAreSome, with("2.5.29.35", seq(&[context(1, &[])]))),
        (Rule::SubtreesAreSome, with("2.5.29.30", none.clone())),
        (Rule::SubtreesAreSome, with("2.5.29.30", seq(&[context(0, &[])]))),
        (Rule::AddressesAreWhole, with("2.5.29.17", seq(&[context_primitive(7, &[0; 8])]))),
        (Rule::AddressesAreWhole, with("2.5.29.30", tree(context_primitive(7, &[0; 4]), &[]))),
    ]
}

/// Every certificate in the corpus and the official cases: whatever looks like one, wherever it stands.
pub fn real() -> Option<Vec<Vec<u8>>> {
    let Some(data) = std::env::var_os("ADMISSIBLE_TEST_DATA") else {
        println!("skipped: ADMISSIBLE_TEST_DATA is not set");
        return None;
    };
    let mut found = BTreeSet::new();
    for folder in ["corpus", "conformance"] {
        files(&Path::new(&data).join(folder), &mut |bytes| search(bytes, 0, &mut found));
    }
    Some(found.into_iter().collect())
}

fn files(folder: &Path, take: &mut dyn FnMut(&[u8])) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            files(&path, take);
        } else if path.is_file() {
            take(&fs::read(&path).expect("a file"));
        }
    }
}

/// Certificates in bytes, in base64 among them, and in base64 in that.
fn search(bytes: &[u8], depth: usize, found: &mut BTreeSet<Vec<u8>>) {
    for (at, start) in bytes.windows(6).enumerate() {
        if let [0x30, 0x82, high, low, 0x30, 0x82] = *start {
            let end = at + 4 + usize::from(u16::from_be_bytes([high, low]));
            if let Some(certificate) = bytes.get(at..end).filter(|whole| whole.len() < 8192) {
                found.insert(certificate.into());
            }
        }
    }
    if depth == 3 {
        return;
    }
    // Lines of PEM belong together; in JSON they end with `\n`.
    let text = String::from_utf8_lossy(bytes).replace("\\n", "\n").replace("\\r", "");
    let joined: String =
        text.split('\n').map(str::trim_end).map(|line| if line.starts_with("-----") { "-" } else { line }).collect();
    for text in [&text, &joined] {
        let is_base64 = |c: char| c.is_ascii_alphanumeric() || "+/=".contains(c);
        for run in text.split(|c| !is_base64(c)).filter(|run| run.len() > 300) {
            if let Ok(inner) = BASE64_STANDARD.decode(run) {
                search(&inner, depth + 1, found);
            }
        }
    }
}
