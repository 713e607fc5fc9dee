//! The certificate of the token's signer.

use admissible_box::bundle::BundleSpec;
use admissible_box::certificate::{ANY_PURPOSE, BasicConstraints, CODE_SIGNING, Extension, SERVER_AUTH};
use admissible_box::der;
use admissible_box::tsa::{Embed, SignerId};
use admissible_box::world::World;

use super::{CERTIFICATE, NOT_VALID, PURPOSE, purposes, tsa_leaf, tsa_leaf_of, w_time};
use crate::mint::{Reasons, each_accepted, each_rejected, on_v2};

const PROFILE: Reasons<'static> = &[("timestamp", "timestamp-certificate-profile")];
const PATH: Reasons<'static> = &[("timestamp", "timestamp-certificate-path")];

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
