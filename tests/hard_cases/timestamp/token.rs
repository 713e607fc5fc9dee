//! The response and its token: what was granted, over which message, by a signature over which parts.

use admissible_box::certificate::CODE_SIGNING;
use admissible_box::der;
use admissible_box::keys::{Hash, KeyAlg, Scheme};
use admissible_box::tsa::{Embed, SignerId, SigningCertificate, TimestampSpec, attribute};
use admissible_box::world::World;

use super::{CERTIFICATE, MALFORMED, PURPOSE, UNKNOWN, purposes};
use crate::mint::{Reasons, each_accepted, each_rejected, on_v2, v2};

const NOT_GRANTED: Reasons<'static> = &[("timestamp", "timestamp-not-granted")];
const SIGNATURE: Reasons<'static> = &[("timestamp", "timestamp-signature-invalid")];
const ALGORITHM: Reasons<'static> = &[("timestamp", "timestamp-signature-algorithm")];
const CONTENT: Reasons<'static> = &[("timestamp", "timestamp-content-digest")];
const ATTRIBUTES: Reasons<'static> = &[("timestamp", "timestamp-signed-attributes")];
const CONTENT_TYPE: Reasons<'static> = &[("timestamp", "timestamp-content-type")];
const IMPRINT: Reasons<'static> = &[("timestamp", "timestamp-imprint-differs")];

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
