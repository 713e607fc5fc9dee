//! Who must have signed: what a rule matches, and what it is matched with.

use admissible::policy::signer::MatchedSigner;
use admissible_box::certificate::{Extension, GeneralName, SubjectAltName};
use admissible_box::der;
use admissible_box::fulcio::{COMMIT, IDENTITY, ISSUER, claim};
use admissible_box::keys::KeyAlg;
use serde_json::{Value, json};

use crate::Case;
use crate::edited::{Rows, SEED, message, message_v2, provenance, rejected_in_both};

const ISSUER_V2_OID: &str = "1.3.6.1.4.1.57264.1.8";
const IDENTITY_DIFFERS: (&str, &str) = ("signer", "signer-identity-differs");
const ISSUER_DIFFERS: (&str, &str) = ("signer", "signer-issuer-differs");

fn rule(issuer: impl Into<Value>, identity: impl Into<Value>) -> Value {
    json!({ "issuer": issuer.into(), "identity": identity.into() })
}

/// A bundle whose certificate has this URI as identity.
fn with_identity(identity: &str) -> Case {
    message(|_, spec| *spec.leaf() = spec.leaf().clone().with_san(GeneralName::Uri(identity.into())))
}

/// A bundle whose certificate has this issuer.
fn with_issuer(issuer: &str) -> Case {
    message(|_, spec| {
        spec.leaf().claims.insert(claim::ISSUER, issuer.into());
        spec.leaf().claims.insert(claim::ISSUER_V2, issuer.into());
    })
}

/// Texts that are nearly `exact`, none of which is it.
fn nearly(exact: &str) -> Vec<String> {
    vec![
        exact[..exact.len() - 1].to_owned(),
        exact[..exact.len() / 2].to_owned(),
        "https://".to_owned(),
        exact[1..].to_owned(),
        exact["https://".len()..].to_owned(),
        exact[10..exact.len() - 10].to_owned(),
        exact.to_uppercase(),
        exact.replace("github", "GitHub"),
        format!("{exact}/"),
        format!("{exact}\n"),
        format!("{exact}\r\n"),
        format!("\n{exact}"),
        format!("{exact} "),
        format!(" {exact}"),
        format!("{exact}\0"),
        format!("{exact}\0.evil.example"),
        format!("{exact}.evil.example"),
        format!("{exact}?"),
        format!("{exact}#"),
        format!("{exact},{exact}"),
        exact.replace("https://", "http://"),
        exact.replace("https://", "https:/"),
        exact.replace("https://", "https://evil@"),
        exact.replace("github", "githab"),
        exact.replace("github", "gith%75b"),
        exact.replace('.', "_"),
    ]
}

/// A rule for certificates that name no issuer is met by no other, and by no other rule: neither by an issuer that is empty, nor by any.
#[test]
fn no_issuer_is_an_issuer_that_is_not_there() {
    let none = || json!({ "none": true });
    let judged = |case: &Case, rule: Value| {
        let mut case = case.clone();
        case.options["signer"] = rule;
        case
    };
    let unnamed = message(|_, spec| spec.leaf().claims.clear());
    judged(&unnamed, rule(none(), IDENTITY)).accepted();
    judged(&unnamed, rule(none(), json!({ "glob": "https://github.com/**" }))).accepted();
    judged(&unnamed, rule(none(), "https://dotcom.releases.github.com")).rejected(&[IDENTITY_DIFFERS]);
    for issuer in [json!(ISSUER), json!({ "glob": "**" }), json!({ "regex": ".*" })] {
        judged(&unnamed, rule(issuer, IDENTITY)).rejected(&[("signer", "signer-issuer-missing")]);
    }
    for named in [message(|_, _| {}), with_issuer("")] {
        judged(&named, rule(none(), IDENTITY)).rejected(&[("signer", "signer-issuer-present")]);
    }
}

/// Row 10: the policy is a prefix, a substring, a regular expression, another case, another ending, or a look-alike of the
/// certified identity or issuer. Exact is the default; nothing is normalised.
#[test]
fn policy_is_not_what_is_certified() {
    let case = message(|_, _| {});
    case.accepted();
    case.clone().signer(rule(ISSUER, IDENTITY)).accepted();
    let more = [
        "acme/widget",
        "https://github.com/acme/widget",
        "https://github.com/acme/widget/",
        ".*",
        "*",
        "**",
        "^https://github.com/acme/widget/.*$",
        "https://github.com/acme/widget/.github/workflows/release.yml@refs/tags/.*",
        "https://github.com/acme/widget/.github/workflows/release.yml@refs/tags/*",
        "https://github.com/acme/widget/.github/workflows/release.yml@refs/heads/main",
        // Cyrillic a, full-width solidus, and an invisible separator.
        "https://github.com/\u{430}cme/widget/.github/workflows/release.yml@refs/tags/v1.2.3",
        "https://github.com/acme\u{ff0f}widget/.github/workflows/release.yml@refs/tags/v1.2.3",
        "https://github.com/acme/\u{200b}widget/.github/workflows/release.yml@refs/tags/v1.2.3",
    ];
    for identity in nearly(IDENTITY).into_iter().chain(more.map(str::to_owned)) {
        println!("{identity:?}");
        case.clone().signer(rule(ISSUER, identity)).rejected(&[IDENTITY_DIFFERS]);
    }
    let more = ["https://token.\u{430}ctions.githubusercontent.com", "https://.*", "*", "token.actions"];
    for issuer in nearly(ISSUER).into_iter().chain(more.map(str::to_owned)) {
        println!("{issuer:?}");
        case.clone().signer(rule(issuer, IDENTITY)).rejected(&[ISSUER_DIFFERS]);
    }
    case.signer(rule("https://accounts.google.com", "ada@example.com")).rejected(&[ISSUER_DIFFERS, IDENTITY_DIFFERS]);
}

/// Row 10: the other way round: the certificate has what is nearly the policy's identity or issuer.
#[test]
fn certificate_is_not_what_the_policy_says() {
    for identity in nearly(IDENTITY) {
        println!("{identity:?}");
        with_identity(&identity).rejected(&[IDENTITY_DIFFERS]);
        with_identity(&identity).signer(rule(ISSUER, identity)).accepted();
    }
    for issuer in nearly(ISSUER) {
        println!("{issuer:?}");
        with_issuer(&issuer).rejected(&[ISSUER_DIFFERS]);
    }
}

/// Row 10: a look-alike user name is certified as it is, and the report says that it is not ASCII.
#[test]
fn look_alike_is_certified() {
    let look_alike = message(|_, spec| {
        *spec.leaf() = spec.leaf().clone().with_san(GeneralName::Username("\u{430}da!example.com".into()));
    });
    look_alike.clone().signer(rule(ISSUER, "ada!example.com")).rejected(&[IDENTITY_DIFFERS]);
    let report = look_alike.signer(rule(ISSUER, "\u{430}da!example.com")).accepted();
    assert!(report.notes.contains(&admissible::report::Note::IdentityNotAscii), "{:?}", report.notes);
}

/// Row 10: patterns are asked for by name, and match the whole text.
#[test]
fn patterns_match_the_whole() {
    const RELEASES: &str = "https://github.com/acme/widget/.github/workflows/release.yml@refs/tags/";
    let case = message(|_, _| {});
    for (accepted, identity) in [
        (true, json!({ "glob": format!("{RELEASES}*") })),
        (true, json!({ "glob": format!("{RELEASES}v?.?.?") })),
        (true, json!({ "glob": "https://github.com/acme/**" })),
        (true, json!({ "glob": IDENTITY })),
        (true, json!({ "regex": format!("{}v[0-9.]+", RELEASES.replace('.', "[.]")) })),
        (true, json!({ "regex": ".*" })),
        // A star stops at a slash, a question mark is one character, a dot is a dot.
        (false, json!({ "glob": "https://github.com/acme/*" })),
        (false, json!({ "glob": "https://github.com/acme/widget/*@refs/tags/v1.2.3" })),
        (false, json!({ "glob": format!("{RELEASES}v?") })),
        (false, json!({ "glob": IDENTITY.replace('.', "?").replace("v1", "v") })),
        (false, json!({ "glob": "https://github.com/acm?widget/**" })),
        (false, json!({ "glob": IDENTITY.replace("acme", "[a]cme") })),
        (false, json!({ "glob": IDENTITY.replace("acme", "{acme,evil}") })),
        (false, json!({ "glob": IDENTITY.replace("acme", "ACME") })),
        // Neither start nor end may be left over.
        (false, json!({ "glob": "*" })),
        (false, json!({ "glob": "https://github.com/acme/widget" })),
        (false, json!({ "glob": "github.com/acme/**" })),
        (false, json!({ "regex": "acme/widget" })),
        (false, json!({ "regex": "https://github.com/acme/widget" })),
        (false, json!({ "regex": "github.com/acme/.*" })),
        (false, json!({ "regex": "https://github.com/acme/|x" })),
        (false, json!({ "regex": format!("(?i){RELEASES}") })),
    ] {
        println!("{identity}");
        let case = case.clone().signer(rule(ISSUER, identity));
        if accepted {
            case.accepted()
        } else {
            case.rejected(&[IDENTITY_DIFFERS])
        };
    }
    // What the certificate has besides does not slip past a dollar or a dot.
    for identity in [format!("{IDENTITY}\n"), format!("{IDENTITY}\n{IDENTITY}"), format!("x\n{IDENTITY}")] {
        for pattern in
            [json!({ "regex": "https://github[.]com/acme/.*$" }), json!({ "regex": "(?m)^https://github.*$" })]
        {
            with_identity(&identity).signer(rule(ISSUER, pattern)).rejected(&[IDENTITY_DIFFERS]);
        }
    }
    with_issuer("https://token.actions.githubusercontent.com.evil.example")
        .signer(rule(json!({ "glob": "https://token.actions.githubusercontent.*" }), IDENTITY))
        .accepted();
    with_issuer("https://token.actions.githubusercontent.com/evil")
        .signer(rule(json!({ "glob": "https://token.actions.githubusercontent.*" }), IDENTITY))
        .rejected(&[ISSUER_DIFFERS]);
}

/// Row 11: a policy that is empty, or lacks a part, is refused before anything is verified; so is all that lowers a guarantee
/// without saying so.
#[test]
fn empty_policies_are_refused() {
    let case = message(|_, _| {});
    for (signer, code) in [
        (rule("", IDENTITY), "invalid-pattern"),
        (rule(ISSUER, ""), "invalid-pattern"),
        (rule("", ""), "invalid-pattern"),
        (rule(ISSUER, json!({ "glob": "" })), "invalid-pattern"),
        (rule(ISSUER, json!({ "regex": "" })), "invalid-pattern"),
        (rule(json!({ "regex": "" }), IDENTITY), "invalid-pattern"),
        (rule(ISSUER, json!({})), "invalid-pattern"),
        (rule(ISSUER, json!({ "glob": "*", "regex": ".*" })), "invalid-pattern"),
        (rule(ISSUER, json!({ "regex": "(" })), "invalid-pattern"),
        (rule(ISSUER, json!({ "regex": "a)|(b" })), "invalid-pattern"),
        (rule(ISSUER, json!({ "exact": IDENTITY })), "invalid-pattern"),
        (rule(ISSUER, json!({ "glob": "**", "caseInsensitive": true })), "malformed-options"),
        (rule(ISSUER, json!(7)), "malformed-options"),
        (rule(ISSUER, json!([IDENTITY])), "malformed-options"),
        (rule(Value::Null, IDENTITY), "invalid-signer"),
        (rule(ISSUER, Value::Null), "invalid-signer"),
        (json!({ "issuer": ISSUER }), "invalid-signer"),
        (json!({ "identity": IDENTITY }), "invalid-signer"),
        (json!({}), "invalid-signer"),
        (json!([]), "invalid-signer"),
        (json!([rule(ISSUER, IDENTITY), {}]), "invalid-signer"),
        (json!([rule(ISSUER, IDENTITY), rule(ISSUER, "")]), "invalid-pattern"),
        (json!([[rule(ISSUER, IDENTITY)]]), "invalid-signer"),
        (json!([{ "dangerouslyAnySigner": true }]), "invalid-signer"),
        (json!("any"), "invalid-signer"),
        (json!(true), "invalid-signer"),
        (Value::Null, "missing-signer"),
        (json!({ "dangerouslyAnySigner": false }), "dangerously-not-true"),
        (json!({ "dangerouslyAnySigner": "true" }), "dangerously-not-true"),
        (json!({ "dangerouslyAnySigner": 1 }), "dangerously-not-true"),
        (json!({ "dangerouslyAnySigner": true, "issuer": ISSUER }), "malformed-options"),
        (json!({ "issuer": ISSUER, "identity": IDENTITY, "identities": [] }), "malformed-options"),
        (json!({ "issuer": ISSUER, "identity": IDENTITY, "claims": { "repository": "acme/widget" } }), "unknown-claim"),
        (json!({ "issuer": ISSUER, "identity": IDENTITY, "claims": { "issuer": ISSUER } }), "unknown-claim"),
        (json!({ "issuer": ISSUER, "identity": IDENTITY, "claims": [] }), "malformed-options"),
        (
            json!({ "issuer": ISSUER, "identity": IDENTITY, "claims": { "buildTrigger": { "glob": "*" } } }),
            "malformed-options",
        ),
        (json!({ "publicKey": "" }), "invalid-public-key"),
    ] {
        println!("{signer}");
        case.clone().signer(signer).refused(code);
    }
    let mut without = case;
    without.options.as_object_mut().expect("an object").remove("signer");
    without.refused("missing-signer");
}

/// Row 12: the two issuer extensions say different things, whichever of them the policy names.
#[test]
fn issuer_extensions_disagree() {
    const OTHER: &str = "https://issuer.example";
    for (old, new) in [(OTHER, ISSUER), (ISSUER, OTHER), ("", ISSUER), (ISSUER, "")] {
        let case = message(|_, spec| {
            spec.leaf().claims.insert(claim::ISSUER, old.into());
            spec.leaf().claims.insert(claim::ISSUER_V2, new.into());
        });
        for issuer in [ISSUER, OTHER] {
            case.clone()
                .signer(rule(issuer, IDENTITY))
                .rejected(&[("certificate-path", "certificate-claims-disagree")]);
        }
    }
    // The other pairs of an old and a new extension.
    rejected_in_both(&[
        ("trigger", |_, s| drop(s.leaf().claims.insert(claim::WORKFLOW_TRIGGER, "pull_request".into())), DISAGREE),
        ("sha", |_, s| drop(s.leaf().claims.insert(claim::WORKFLOW_SHA, COMMIT.replace('0', "1"))), DISAGREE),
        ("ref", |_, s| drop(s.leaf().claims.insert(claim::WORKFLOW_REF, "refs/heads/main".into())), DISAGREE),
        ("repository", |_, s| drop(s.leaf().claims.insert(claim::WORKFLOW_REPOSITORY, "evil/widget".into())), DISAGREE),
        ("suffix", |_, s| drop(s.leaf().claims.insert(claim::WORKFLOW_REPOSITORY, "cme/widget".into())), DISAGREE),
    ]);
}

const DISAGREE: &[(&str, &str)] = &[("certificate-path", "certificate-claims-disagree")];

/// Row 12: .1.8 is the issuer; .1.1 is, only where there is no other; without both there is none.
#[test]
fn either_issuer_extension_alone() {
    let without = |numbers: &'static [u8]| {
        message(move |_, spec| numbers.iter().for_each(|number| drop(spec.leaf().claims.remove(number))))
    };
    without(&[claim::ISSUER]).accepted();
    without(&[claim::ISSUER_V2]).accepted();
    without(&[claim::ISSUER, claim::ISSUER_V2]).rejected(&[("signer", "signer-issuer-missing")]);
    let report = without(&[claim::ISSUER]).accepted();
    assert_eq!(report.certificate_path.passed().expect("a path").claims().issuer(), Some(ISSUER));
}

/// Row 13: .1.8 is not exactly one DER UTF8String.
#[test]
fn issuer_is_not_der() {
    let value = der::utf8(ISSUER);
    let text = ISSUER.as_bytes();
    let wrong: Vec<(&str, Vec<u8>)> = vec![
        ("trailing byte", [&value[..], &[0]].concat()),
        ("trailing string", [&value[..], &value].concat()),
        ("bare text", text.to_vec()),
        ("nothing", Vec::new()),
        ("IA5String", der::tlv(0x16, text)),
        ("PrintableString", der::printable(ISSUER)),
        ("OCTET STRING", der::octets(text)),
        ("SEQUENCE", der::seq(&[&value])),
        ("constructed", der::tlv(0x2c, &value)),
        ("long length", der::tlv_ber_length(0x0c, text, 1)),
        ("indefinite length", [&[0x0c, 0x80][..], text, &[0, 0]].concat()),
        ("too long", [&[0x0c, value[1] + 1][..], text].concat()),
        ("too short", [&[0x0c, value[1] - 1][..], text].concat()),
        ("not UTF-8", der::tlv(0x0c, &[text, &[0xff]].concat())),
    ];
    for (name, wrong) in wrong {
        println!("{name}");
        let made = |old_too: bool| {
            let wrong = wrong.clone();
            message(move |_, spec| {
                spec.leaf().claims.remove(&claim::ISSUER_V2);
                if !old_too {
                    spec.leaf().claims.remove(&claim::ISSUER);
                }
                spec.leaf().certificate.extra_extensions.push(Extension::new(ISSUER_V2_OID, false, wrong));
            })
        };
        for case in [made(true), made(false)] {
            case.rejected(&[("certificate-path", "certificate-malformed-claim")]);
        }
    }
}

/// Row 13: two issuer extensions of one number: no certificate at all (RFC 5280 §4.2).
#[test]
fn issuer_twice() {
    let made = |issuer: &'static str| {
        message(move |_, spec| {
            let again = Extension::new(ISSUER_V2_OID, false, der::utf8(issuer));
            spec.leaf().certificate.extra_extensions.push(again);
        })
    };
    for issuer in [ISSUER, "https://issuer.example"] {
        made(issuer).rejected(&[("certificate-path", "certificate-malformed")]);
    }
}

/// Row 14: the identity's text in a name that is no identity.
#[test]
fn identity_in_another_name() {
    let kind: &[(&str, &str)] = &[("certificate-path", "certificate-identity-kind")];
    let count: &[(&str, &str)] = &[("certificate-path", "certificate-identity-count")];
    let rows: Rows<'_> = &[
        ("dNSName", |_, s| san(s, vec![GeneralName::Dns(IDENTITY.into())]), kind),
        ("another otherName", |_, s| san(s, vec![GeneralName::OtherName("1.2.3.4".into(), IDENTITY.into())]), kind),
        ("directoryName", |_, s| san(s, vec![GeneralName::Raw(directory_name())]), kind),
        ("iPAddress", |_, s| san(s, vec![GeneralName::Raw(der::context_primitive(7, &[127, 0, 0, 1]))]), kind),
        ("user name that is no UTF8String", |_, s| san(s, vec![GeneralName::Raw(user_name_in_ia5())]), kind),
        ("none", |_, s| s.leaf().certificate.subject_alt_name = None, count),
        ("two", |_, s| san(s, vec![uri(IDENTITY), uri("https://evil.example")]), count),
        ("two, the other first", |_, s| san(s, vec![uri("https://evil.example"), uri(IDENTITY)]), count),
        ("the same twice", |_, s| san(s, vec![uri(IDENTITY), uri(IDENTITY)]), count),
        ("beside a dNSName", |_, s| san(s, vec![uri(IDENTITY), GeneralName::Dns("github.com".into())]), count),
    ];
    rejected_in_both(rows);
}

fn uri(text: &str) -> GeneralName {
    GeneralName::Uri(text.into())
}

fn san(spec: &mut admissible_box::bundle::BundleSpec, names: Vec<GeneralName>) {
    spec.leaf().certificate.subject_alt_name = Some(SubjectAltName { names, critical: true });
}

fn directory_name() -> Vec<u8> {
    der::context(4, &admissible_box::certificate::name("box.test", "ada"))
}

fn user_name_in_ia5() -> Vec<u8> {
    let value = der::context(0, &der::tlv(0x16, b"ada!example.com"));
    der::context(0, &[der::oid("1.3.6.1.4.1.57264.1.7"), value].concat())
}

/// The forms of identity that there are; each is compared as a whole.
#[test]
fn uris_emails_and_user_names() {
    const GOOGLE: &str = "https://accounts.google.com";
    let email = message(|_, spec| *spec.leaf() = spec.leaf().clone().with_email("ada@example.com", GOOGLE));
    email.clone().signer(rule(GOOGLE, "ada@example.com")).accepted();
    for wrong in
        ["Ada@example.com", "ada@EXAMPLE.com", "ada@example.co", "da@example.com", "ada@example.com.evil.example"]
    {
        email.clone().signer(rule(GOOGLE, wrong)).rejected(&[IDENTITY_DIFFERS]);
    }
    email.signer(rule("https://github.com/login/oauth", "ada@example.com")).rejected(&[ISSUER_DIFFERS]);

    let user = message_v2(|_, spec| {
        *spec.leaf() = spec.leaf().clone().with_san(GeneralName::Username("ada!example.com".into()));
    });
    user.clone().signer(rule(ISSUER, "ada!example.com")).accepted();
    user.clone().signer(rule(ISSUER, "ada@example.com")).rejected(&[IDENTITY_DIFFERS]);
    user.signer(rule(ISSUER, json!({ "glob": "ada!*" }))).accepted();

    with_identity("spiffe://example.org/builder").signer(rule(ISSUER, "spiffe://example.org/builder")).accepted();
}

/// Claims are compared exactly; an absent one satisfies nothing, not even a wish for an empty one.
#[test]
fn claims() {
    let with = |name: &str, value: &str| {
        let mut signer = rule(ISSUER, IDENTITY);
        signer["claims"] = json!({ name: value });
        signer
    };
    let case = provenance(|_, _| {});
    let missing = ("signer", "signer-claim-missing");
    let differs = ("signer", "signer-claim-differs");
    case.clone().signer(with("sourceRepositoryURI", "https://github.com/acme/widget")).accepted();
    case.clone().signer(with("sourceRepositoryIdentifier", "1234567")).accepted();
    case.clone().signer(with("githubWorkflowName", "Release")).accepted();
    for (name, wrong) in [
        ("sourceRepositoryURI", "https://github.com/acme"),
        ("sourceRepositoryURI", "https://github.com/acme/widget/"),
        ("sourceRepositoryURI", "https://github.com/Acme/widget"),
        ("sourceRepositoryURI", "https://github.com/acme/*"),
        ("runnerEnvironment", "self-hosted"),
        ("sourceRepositoryIdentifier", "01234567"),
        ("githubWorkflowName", ""),
    ] {
        println!("{name} {wrong}");
        case.clone().signer(with(name, wrong)).rejected(&[differs]);
    }
    for wanted in ["", "production"] {
        case.clone().signer(with("deploymentEnvironment", wanted)).rejected(&[missing]);
    }
    let mut several = with("deploymentEnvironment", "production");
    several["claims"]["runnerEnvironment"] = json!("self-hosted");
    several["claims"]["buildTrigger"] = json!("push");
    // Everything that differs is told at once.
    case.clone().signer(several).rejected(&[missing, differs]);
    let empty = message(|_, spec| drop(spec.leaf().claims.insert(claim::DEPLOYMENT_ENVIRONMENT, String::new())));
    empty.clone().signer(with("deploymentEnvironment", "")).accepted();
    empty.signer(with("deploymentEnvironment", "production")).rejected(&[differs]);
    // A claim in another encoding than its number has is none.
    let raw = message(|_, spec| {
        let extension = Extension::new("1.3.6.1.4.1.57264.1.23", false, b"production".to_vec());
        spec.leaf().certificate.extra_extensions.push(extension);
    });
    raw.rejected(&[("certificate-path", "certificate-malformed-claim")]);
}

/// A list is met by any one of its rules, and the report says by which; parts of different rules do not add up.
#[test]
fn any_of() {
    let case = message(|_, _| {});
    let other = rule("https://accounts.google.com", "ada@example.com");
    let key = admissible_box::world::World::new(SEED).managed_key(KeyAlg::P256).pem();
    let report = case.clone().signer(json!([other, rule(ISSUER, IDENTITY)])).accepted();
    assert_eq!(report.signer.passed(), Some(&MatchedSigner::Rule(1)));
    let report = case.clone().signer(json!([{ "publicKey": key }, rule(ISSUER, IDENTITY)])).accepted();
    assert_eq!(report.signer.passed(), Some(&MatchedSigner::Rule(1)));
    // The rule that came nearest is told.
    case.clone().signer(json!([other, rule(ISSUER, "https://evil.example")])).rejected(&[IDENTITY_DIFFERS]);
    case.clone()
        .signer(json!([rule(ISSUER, "ada@example.com"), rule("https://accounts.google.com", IDENTITY)]))
        .rejected(&[IDENTITY_DIFFERS]);
    case.clone().signer(json!([{ "publicKey": key }])).rejected(&[("signer", "signer-key-expected")]);
}

/// Anyone is trusted only where that is written out; the evidence must hold all the same.
#[test]
fn dangerously_any_signer() {
    let any = || json!({ "dangerouslyAnySigner": true });
    let report = with_identity("https://evil.example").signer(any()).accepted();
    assert_eq!(report.signer.passed(), Some(&MatchedSigner::DangerouslyAny));
    message(|world, _| world.cas[0].trusted = false)
        .signer(any())
        .rejected(&[("certificate-path", "certificate-no-authority")]);
    message(|_, spec| spec.leaf().claims.clear()).signer(any()).accepted();
}
