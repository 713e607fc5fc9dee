//! RFC 3161 timestamps: every layer of the token, its signer's certificate, and the authorities, each apart.

use admissible_box::authority::Authority;
use admissible_box::bundle::BundleSpec;
use admissible_box::certificate::{
    ANY_PURPOSE, BasicConstraints, CODE_SIGNING, ExtendedKeyUsage, Extension, SERVER_AUTH,
};
use admissible_box::der;
use admissible_box::keys::{Hash, KeyAlg, Scheme};
use admissible_box::tsa::{Embed, SignerId, SigningCertificate, TimestampSpec, attribute};
use admissible_box::world::World;
use serde_json::json;

use crate::edited::SEED;
use crate::mint::{Reasons, case, each_accepted, each_rejected, notes, on_v2, v1, v2, with_root};

const MALFORMED: Reasons<'static> = &[("timestamp", "timestamp-malformed")];
const NOT_GRANTED: Reasons<'static> = &[("timestamp", "timestamp-not-granted")];
const SIGNATURE: Reasons<'static> = &[("timestamp", "timestamp-signature-invalid")];
const ALGORITHM: Reasons<'static> = &[("timestamp", "timestamp-signature-algorithm")];
const CONTENT: Reasons<'static> = &[("timestamp", "timestamp-content-digest")];
const ATTRIBUTES: Reasons<'static> = &[("timestamp", "timestamp-signed-attributes")];
const CONTENT_TYPE: Reasons<'static> = &[("timestamp", "timestamp-content-type")];
const CERTIFICATE: Reasons<'static> = &[("timestamp", "timestamp-signer-certificate")];
const PURPOSE: Reasons<'static> = &[("timestamp", "timestamp-certificate-purpose")];
const PROFILE: Reasons<'static> = &[("timestamp", "timestamp-certificate-profile")];
const PATH: Reasons<'static> = &[("timestamp", "timestamp-certificate-path")];
const NOT_VALID: Reasons<'static> = &[("timestamp", "timestamp-certificate-not-valid")];
const WINDOW: Reasons<'static> = &[("timestamp", "timestamp-outside-authority-window")];
const IMPRINT: Reasons<'static> = &[("timestamp", "timestamp-imprint-differs")];
/// A token that names no certificate of the root is one of an unknown authority: passed over, and then there is no time.
const UNKNOWN: Reasons<'static> = &[("signing-time", "signing-time-missing")];

fn tsa_leaf(world: &mut World) -> &mut admissible_box::certificate::CertificateSpec {
    world.tsas[0].chain.last_mut().expect("a leaf")
}

fn purposes(world: &mut World, purposes: &[&str], critical: bool) {
    let purposes = purposes.iter().map(|oid| (*oid).to_owned()).collect();
    tsa_leaf(world).extended_key_usage = Some(ExtendedKeyUsage { purposes, critical });
}

/// Row 41: the response says that nothing was granted, or carries no token.
#[test]
fn not_granted() {
    each_rejected(
        on_v2,
        &[
            ("rejection", |_, s| s.timestamps[0].status = 2, NOT_GRANTED),
            ("waiting", |_, s| s.timestamps[0].status = 3, NOT_GRANTED),
            ("revocation warning", |_, s| s.timestamps[0].status = 4, NOT_GRANTED),
            ("256", |_, s| s.timestamps[0].status = 256, NOT_GRANTED),
            ("no token", |_, s| s.timestamps[0].token = false, MALFORMED),
            ("bare token", |_, s| s.timestamps[0].alter_der.set(|d| *d = der::children(d)[1].clone()), MALFORMED),
            (
                "padded status",
                |_, s| {
                    s.timestamps[0].alter_der.set(|d| {
                        let status = der::seq(&[der::tlv(2, &[0, 0])]);
                        *d = der::seq(&[status, der::children(d)[1].clone()]);
                    });
                },
                NOT_GRANTED,
            ),
        ],
    );
    v2(|_, s| s.timestamps[0].status = 1).accepted();
}

/// Row 41: parts of the SignerInfo changed after it was signed.
#[test]
fn a_changed_signer_info() {
    each_rejected(
        on_v2,
        &[
            (
                "hash of the signature algorithm",
                |_, s| {
                    s.timestamps[0]
                        .alter_signer_info
                        .set(|i| i.signature_algorithm = Scheme::Ecdsa(Hash::Sha512).algorithm());
                },
                SIGNATURE,
            ),
            (
                "kind of the signature algorithm",
                |_, s| {
                    s.timestamps[0]
                        .alter_signer_info
                        .set(|i| i.signature_algorithm = Scheme::RsaPkcs1(Hash::Sha384).algorithm());
                },
                SIGNATURE,
            ),
            (
                "ecdsa-with-SHA1",
                |_, s| {
                    s.timestamps[0]
                        .alter_signer_info
                        .set(|i| i.signature_algorithm = Scheme::Ecdsa(Hash::Sha1).algorithm());
                },
                ALGORITHM,
            ),
            (
                "parameters of the signature algorithm",
                |_, s| {
                    s.timestamps[0].alter_signer_info.set(|i| {
                        i.signature_algorithm = der::seq(&[der::oid("1.2.840.10045.4.3.3"), der::null()]);
                    });
                },
                ALGORITHM,
            ),
            (
                "digest algorithm",
                |_, s| {
                    s.timestamps[0].alter_signer_info.set(|i| i.digest_algorithm = Hash::Sha512.algorithm());
                },
                CONTENT,
            ),
            (
                "SHA-1 as digest algorithm",
                |_, s| {
                    s.timestamps[0].alter_signer_info.set(|i| i.digest_algorithm = Hash::Sha1.algorithm());
                },
                ALGORITHM,
            ),
            (
                "signed attributes",
                |_, s| {
                    s.timestamps[0].alter_signer_info.set(|i| {
                        let mut all = der::children(&i.signed_attributes);
                        all.push(attribute("1.2.3.4", &der::null()));
                        i.signed_attributes = der::context(0, &der::concat(&der::sorted(&all)));
                    });
                },
                SIGNATURE,
            ),
            (
                "signature",
                |_, s| {
                    s.timestamps[0].alter_signer_info.set(|i| *i.signature.last_mut().expect("bytes") ^= 1);
                },
                SIGNATURE,
            ),
            (
                "issuer",
                |_, s| {
                    s.timestamps[0].alter_signer_info.set(|i| {
                        let serial = der::children(&i.sid)[1].clone();
                        i.sid = der::seq(&[admissible_box::certificate::name("box.test", "other"), serial]);
                    });
                },
                UNKNOWN,
            ),
            (
                "serial",
                |_, s| {
                    s.timestamps[0].alter_signer_info.set(|i| {
                        let issuer = der::children(&i.sid)[0].clone();
                        i.sid = der::seq(&[issuer, der::int(7)]);
                    });
                },
                UNKNOWN,
            ),
            (
                "key id",
                |_, s| {
                    s.timestamps[0].alter_signer_info.set(|i| i.sid = der::context_primitive(0, &[7; 20]));
                },
                UNKNOWN,
            ),
        ],
    );
    // The eContent was exchanged for another TSTInfo after signing.
    v2(|w, s| {
        let other = TimestampSpec::new(0, w.time + 20).mint(&w.tsas[0], b"");
        let signed_data = |response: &[u8]| der::children(&der::children(&der::children(response)[1])[1])[0].clone();
        let encapsulated = der::children(&signed_data(&other))[2].clone();
        s.timestamps[0].alter_signed_data.set(move |d| d.encap_content_info = encapsulated.clone());
    })
    .rejected(IMPRINT);
}

/// Row 41: bytes after the end, at every level.
#[test]
fn trailing_der() {
    each_rejected(
        on_v2,
        &[
            ("after the response", |_, s| s.timestamps[0].alter_der.set(|d| d.push(0)), MALFORMED),
            (
                "after the token",
                |_, s| {
                    s.timestamps[0].alter_der.set(|d| {
                        let mut parts = der::children(d);
                        parts.push(der::null());
                        *d = der::seq(&parts);
                    });
                },
                MALFORMED,
            ),
            (
                "after TSTInfo",
                |_, s| {
                    s.timestamps[0].alter_signed_data.set(|d| {
                        let mut parts = der::children(&d.encap_content_info);
                        let octets = der::children(&parts[1])[0].clone();
                        let (_, head, _) = der::header(&octets);
                        let longer = der::octets(&[&octets[head..], &[5, 0]].concat());
                        parts[1] = der::context(0, &longer);
                        d.encap_content_info = der::seq(&parts);
                    });
                },
                MALFORMED,
            ),
            ("in TSTInfo", |_, s| s.timestamps[0].alter_tst.set(|t| t.rest.push(der::null())), MALFORMED),
            (
                "in the SignerInfo",
                |_, s| {
                    s.timestamps[0].alter_signer_info.set(|i| i.unsigned_attributes = der::null());
                },
                MALFORMED,
            ),
            (
                "long length",
                |_, s| {
                    s.timestamps[0].alter_der.set(|d| {
                        let (tag, head, _) = der::header(d);
                        *d = der::tlv_ber_length(tag, &d[head..], 1);
                    });
                },
                MALFORMED,
            ),
        ],
    );
}

/// Row 42: what a token must be: over a SHA-2 imprint, of one signer, with the attributes that bind it.
#[test]
fn the_shape_of_the_token() {
    each_rejected(
        on_v2,
        &[
            (
                "SHA-1 imprint",
                |_, s| s.timestamps[0].imprint_hash = Hash::Sha1,
                &[("timestamp", "timestamp-imprint-algorithm")],
            ),
            ("over another message", |_, s| s.timestamps[0].message = Some(b"other".to_vec()), IMPRINT),
            ("two signers", |_, s| s.timestamps[0].signer_infos = 2, &[("timestamp", "timestamp-signer-count")]),
            ("no signer", |_, s| s.timestamps[0].signer_infos = 0, &[("timestamp", "timestamp-signer-count")]),
            (
                "no signing certificate",
                |_, s| s.timestamps[0].signing_certificate = SigningCertificate::Missing,
                ATTRIBUTES,
            ),
            ("no signed attributes", |_, s| s.timestamps[0].signed_attributes = false, ATTRIBUTES),
            (
                "eContent of type data",
                |_, s| s.timestamps[0].content_type = "1.2.840.113549.1.7.1".into(),
                CONTENT_TYPE,
            ),
            (
                "eContent that is no TSTInfo",
                |_, s| {
                    s.timestamps[0].alter_tst.set(|t| t.version = der::octets(b"1"));
                },
                MALFORMED,
            ),
            ("TSTInfo of version 2", |_, s| s.timestamps[0].alter_tst.set(|t| t.version = der::int(2)), MALFORMED),
            (
                "local time",
                |_, s| {
                    s.timestamps[0].alter_tst.set(|t| t.gen_time = der::tlv(0x18, b"20250615150650+0000"));
                },
                MALFORMED,
            ),
            (
                "no seconds",
                |_, s| {
                    s.timestamps[0].alter_tst.set(|t| t.gen_time = der::tlv(0x18, b"202506151506Z"));
                },
                MALFORMED,
            ),
            (
                "another content type attribute",
                |_, s| {
                    s.timestamps[0].alter_attributes.set(|all| {
                        all[0] = attribute("1.2.840.113549.1.9.3", &der::oid("1.2.840.113549.1.7.1"));
                    });
                },
                CONTENT_TYPE,
            ),
            (
                "no content type attribute",
                |_, s| s.timestamps[0].alter_attributes.set(|all| drop(all.remove(0))),
                ATTRIBUTES,
            ),
            (
                "another message digest",
                |_, s| {
                    s.timestamps[0].alter_attributes.set(|all| {
                        all[1] = attribute("1.2.840.113549.1.9.4", &der::octets(&[7; 48]));
                    });
                },
                CONTENT,
            ),
            ("no message digest", |_, s| s.timestamps[0].alter_attributes.set(|all| drop(all.remove(1))), ATTRIBUTES),
            (
                "message digest twice",
                |_, s| s.timestamps[0].alter_attributes.set(|all| all.push(all[1].clone())),
                ATTRIBUTES,
            ),
            (
                "another certificate's hash",
                |_, s| {
                    s.timestamps[0].signing_certificate = SigningCertificate::Missing;
                    s.timestamps[0].alter_attributes.set(|all| {
                        let id = der::seq(&[der::octets(&[7; 32])]);
                        let value = der::seq(&[der::seq(&[id])]);
                        all.push(attribute("1.2.840.113549.1.9.16.2.47", &value));
                    });
                },
                CERTIFICATE,
            ),
            (
                "unsorted attributes, signed as they are",
                |_, s| {
                    s.timestamps[0].sorted_attributes = false;
                    s.timestamps[0].alter_attributes.set(|all| {
                        *all = der::sorted(all);
                        all.reverse();
                    });
                },
                MALFORMED,
            ),
            ("by another key", |_, s| s.timestamps[0].signer = Some(crate::mint::stranger(KeyAlg::P384)), SIGNATURE),
        ],
    );
}

/// Row 42: what the authority's certificate must be.
#[test]
fn the_certificate_of_the_authority() {
    each_rejected(
        on_v2,
        &[
            ("purpose not critical", |w, _| purposes(w, &["1.3.6.1.5.5.7.3.8"], false), PURPOSE),
            ("no purpose", |w, _| tsa_leaf(w).extended_key_usage = None, PURPOSE),
            ("a second purpose", |w, _| purposes(w, &["1.3.6.1.5.5.7.3.8", CODE_SIGNING], true), PURPOSE),
            ("an unknown second purpose", |w, _| purposes(w, &["1.3.6.1.5.5.7.3.8", "1.2.3.4"], true), PURPOSE),
            ("another purpose", |w, _| purposes(w, &[SERVER_AUTH], true), PURPOSE),
            ("any purpose", |w, _| purposes(w, &[ANY_PURPOSE], true), PURPOSE),
            (
                "a CA",
                |w, _| {
                    tsa_leaf(w).basic_constraints = Some(BasicConstraints { ca: true, path_len: None, critical: true });
                },
                PROFILE,
            ),
            ("another key usage", |w, _| tsa_leaf(w).key_usage.iter_mut().for_each(|u| u.bits = vec![5]), PROFILE),
            (
                "an unknown critical extension",
                |w, _| {
                    let unknown = admissible_box::certificate::Extension::new("1.2.3.4", true, der::null());
                    tsa_leaf(w).extra_extensions.push(unknown);
                },
                PROFILE,
            ),
            ("expired", |w, _| tsa_leaf(w).not_after = w_time() + 9, NOT_VALID),
            ("not yet valid", |w, _| tsa_leaf(w).not_before = w_time() + 11, NOT_VALID),
            ("the root expired", |w, _| w.tsas[0].chain[0].not_after = w.time + 9, NOT_VALID),
            (
                "the root no CA",
                |w, _| {
                    w.tsas[0].chain[0].basic_constraints = None;
                },
                PATH,
            ),
            (
                "another leaf came along under its name",
                |w, s| twin_in_the_bag(w, s, Extension::new("1.2.3.4", false, der::null())),
                CERTIFICATE,
            ),
            ("one that is no DER", |w, s| twin_in_the_bag(w, s, not_der()), CERTIFICATE),
            (
                "one that is no DER, named by its key",
                |w, s| {
                    s.timestamps[0].signer_id = SignerId::KeyId;
                    twin_in_the_bag(w, s, not_der());
                },
                CERTIFICATE,
            ),
        ],
    );
    each_accepted(
        on_v2,
        &[
            ("non-repudiation", |w, _| tsa_leaf(w).key_usage.iter_mut().for_each(|u| u.bits = vec![1])),
            ("no key usage", |w, _| tsa_leaf(w).key_usage = None),
            ("at the last second", |w, _| tsa_leaf(w).not_after = w_time() + 10),
            ("at the first second", |w, _| tsa_leaf(w).not_before = w_time() + 10),
            ("expired later", |w, _| tsa_leaf(w).not_after = w_time() + 11),
        ],
    );
}

/// The token brings another certificate of its signer's name and key, with this extension.
fn twin_in_the_bag(world: &World, spec: &mut BundleSpec, extension: Extension) {
    let mut twin = world.tsas[0].clone();
    tsa_leaf_of(&mut twin).extra_extensions.push(extension);
    spec.timestamps[0].embed = Embed::Raw(twin.certificates().pop().into_iter().collect());
}

/// `cA FALSE`, which is the default.
fn not_der() -> Extension {
    Extension::new("2.5.29.19", false, der::seq(&[der::boolean(false)]))
}

fn tsa_leaf_of(authority: &mut Authority) -> &mut admissible_box::certificate::CertificateSpec {
    authority.chain.last_mut().expect("a leaf")
}

fn w_time() -> i64 {
    admissible_box::world::TIME
}

/// Row 43: every attested time must fit the certificate: one of two outside is too many.
#[test]
fn every_time_must_fit_the_certificate() {
    const LATE: Reasons<'static> = &[("certificate-path", "certificate-not-valid-at-signing")];
    for offset in [-1, 601] {
        for (first, second) in [(10, offset), (offset, 10)] {
            v2(|w, s| {
                let other = w.add_tsa(KeyAlg::P256, 0);
                s.timestamps = vec![TimestampSpec::new(0, w.time + first), TimestampSpec::new(other, w.time + second)];
            })
            .rejected(LATE);
        }
        // Beside a promise whose time fits, too.
        v1(|w, s| s.timestamps = vec![TimestampSpec::new(0, w.time + offset)]).rejected(LATE);
        v2(|w, s| s.timestamps[0].gen_time = w.time + offset).rejected(LATE);
    }
    for offset in [0, 600] {
        v2(|w, s| s.timestamps[0].gen_time = w.time + offset).accepted();
    }
}

/// Timestamp authorities of every kind of key, and of every scheme of theirs.
#[test]
fn authorities_of_every_kind() {
    for (alg, scheme) in [
        (KeyAlg::P256, Scheme::Ecdsa(Hash::Sha256)),
        (KeyAlg::P256, Scheme::Ecdsa(Hash::Sha512)),
        (KeyAlg::P384, Scheme::Ecdsa(Hash::Sha384)),
        (KeyAlg::P384, Scheme::Ecdsa(Hash::Sha256)),
        (KeyAlg::P521, Scheme::Ecdsa(Hash::Sha512)),
        (KeyAlg::Rsa2048, Scheme::RsaPkcs1(Hash::Sha256)),
        (KeyAlg::Rsa3072, Scheme::RsaPkcs1(Hash::Sha384)),
        (KeyAlg::Rsa4096, Scheme::RsaPkcs1(Hash::Sha512)),
        (KeyAlg::Rsa2048, Scheme::RsaPss(Hash::Sha256)),
        (KeyAlg::Ed25519, Scheme::Ed25519),
    ] {
        println!("{alg:?} {scheme:?}");
        let mut world = World::new(SEED);
        world.tsas.clear();
        world.add_tsa(alg, 1);
        let mut spec = world.on_rekor_v2(world.message());
        spec.timestamps[0].scheme = Some(scheme);
        let report = case(&world, &spec).accepted();
        assert_eq!(notes(&report), [""; 0]);
    }
}

/// What may vary in a good token.
#[test]
fn tokens_of_every_form() {
    each_accepted(
        on_v2,
        &[
            ("no certificate", |_, s| s.timestamps[0].embed = Embed::Nothing),
            ("chain", |_, s| s.timestamps[0].embed = Embed::Chain),
            ("key id", |_, s| s.timestamps[0].signer_id = SignerId::KeyId),
            ("SHA-384 imprint", |_, s| s.timestamps[0].imprint_hash = Hash::Sha384),
            ("SHA-512 imprint", |_, s| s.timestamps[0].imprint_hash = Hash::Sha512),
            ("other digest", |_, s| s.timestamps[0].digest_hash = Some(Hash::Sha512)),
            ("fraction", |_, s| s.timestamps[0].fraction = ".25".into()),
            ("no nonce", |_, s| s.timestamps[0].nonce = None),
            ("hash of the certificate in SHA-512", |_, s| {
                s.timestamps[0].signing_certificate = SigningCertificate::V2(Hash::Sha512);
            }),
            ("old certificate attribute", |_, s| s.timestamps[0].signing_certificate = SigningCertificate::V1),
            ("bare key type as signature algorithm", |_, s| {
                s.timestamps[0].alter_signer_info.set(|i| {
                    i.signature_algorithm = der::seq(&[der::oid("1.2.840.10045.2.1")]);
                });
            }),
            ("the root lists only CAs", |w, _| w.tsas[0].unlisted = 1),
            ("the root lists only CAs, whole chain", |w, s| {
                w.tsas[0].unlisted = 1;
                s.timestamps[0].embed = Embed::Chain;
            }),
            ("the root lists only the leaf", |w, _| {
                let issuer = w.tsas[0].chain.remove(0);
                w.tsas[0].anchor_issuer = Some(Box::new(issuer));
            }),
            ("beside a promise", |w, s| s.entries.push(w.entry_v1(admissible_box::rekor::Kind::HashedRekordV1))),
        ],
    );
    // A root that lists only CAs needs the leaf in the token.
    each_rejected(
        on_v2,
        &[
            (
                "no leaf anywhere",
                |w, s| {
                    w.tsas[0].unlisted = 1;
                    s.timestamps[0].embed = Embed::Nothing;
                },
                UNKNOWN,
            ),
            (
                "a leaf that the CA did not issue",
                |w, s| {
                    w.tsas[0].unlisted = 1;
                    let other = World::new("stranger");
                    s.timestamps[0].embed = Embed::Raw(other.tsas[0].certificates().pop().into_iter().collect());
                },
                UNKNOWN,
            ),
            (
                "without the timestamping purpose",
                |w, _| {
                    w.tsas[0].unlisted = 1;
                    purposes(w, &[CODE_SIGNING], true);
                },
                PURPOSE,
            ),
            (
                "the whole authority is a stranger's",
                |w, _| {
                    w.tsas[0].trusted = false;
                    w.add_tsa(KeyAlg::P384, 0);
                },
                UNKNOWN,
            ),
        ],
    );
}

/// Each authority has its own window and its own certificates: another one that covers the time lends neither.
#[test]
fn authorities_stay_apart() {
    each_rejected(
        on_v2,
        &[
            (
                "closed, another open",
                |w, _| {
                    w.tsas[0].valid_for.end = Some(w.time + 9);
                    w.add_tsa(KeyAlg::P384, 0);
                },
                WINDOW,
            ),
            (
                "another open before it",
                |w, s| {
                    w.tsas[0].valid_for.start = Some(w.time + 11);
                    let open = w.add_tsa(KeyAlg::P384, 0);
                    w.tsas.swap(0, open);
                    s.timestamps[0].tsa = open;
                },
                WINDOW,
            ),
            (
                "its leaf expired, renewed under another anchor",
                |w, _| {
                    tsa_leaf(w).not_after = w_time() + 9;
                    let mut renewed = w.tsas[0].clone();
                    renewed.chain[0].key = crate::mint::stranger(KeyAlg::P384);
                    tsa_leaf_of(&mut renewed).not_after = w_time() + 9;
                    w.tsas.push(renewed);
                },
                NOT_VALID,
            ),
        ],
    );
    // An authority without any certificate, whose window covers the time, cannot even be trusted.
    let case = v2(|w, _| w.tsas[0].valid_for.end = Some(w.time + 9));
    with_root(case, |root| {
        let mut open = root["timestampAuthorities"][0].clone();
        open["certChain"] = json!({ "certificates": [] });
        open["validFor"]["end"] = json!(null);
        root["timestampAuthorities"].as_array_mut().expect("authorities").push(open);
    })
    .refused("invalid-trusted-root");
    each_accepted(
        on_v2,
        &[
            ("at the end", |w, _| w.tsas[0].valid_for.end = Some(w.time + 10)),
            ("at the start", |w, _| w.tsas[0].valid_for.start = Some(w.time + 10)),
            // The same authority listed with two windows: the one that covers the time counts.
            ("two windows", |w, _| {
                let mut earlier = w.tsas[0].clone();
                earlier.valid_for.end = Some(w.time - 60);
                w.tsas.insert(0, earlier);
            }),
        ],
    );
}

/// A timestamp of an authority that the root does not know, beside a good one or a promise, is passed over and noted.
#[test]
fn an_unknown_authority_beside_a_known_one() {
    let stranger = |w: &mut World| {
        let other = w.add_tsa(KeyAlg::P256, 0);
        w.tsas[other].trusted = false;
        TimestampSpec::new(other, w.time + 12)
    };
    let report = v2(|w, s| {
        let unknown = stranger(w);
        s.timestamps.push(unknown);
    })
    .accepted();
    assert_eq!(notes(&report), ["unknown-timestamp-authority"]);
    assert!(report.notes[0].at().ends_with("/rfc3161Timestamps/1"), "{}", report.notes[0].at());
    let report = v1(|w, s| s.timestamps = vec![stranger(w)]).accepted();
    assert_eq!(notes(&report), ["unknown-timestamp-authority"]);
    // Alone it is no time, and never counts towards a threshold.
    v2(|w, s| s.timestamps = vec![stranger(w)]).rejected(UNKNOWN);
    let mut case = v1(|w, s| s.timestamps = vec![stranger(w)]);
    case.options["require"] = json!({ "signedTimestamps": 1 });
    case.rejected(&[("threshold", "threshold-signed-timestamps")]);
    // Malformed bytes are no unknown authority's.
    v2(|w, s| {
        let mut unknown = stranger(w);
        unknown.alter_der.set(|der| der.truncate(der.len() - 1));
        s.timestamps.push(unknown);
    })
    .rejected(MALFORMED);
}
