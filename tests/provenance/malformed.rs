//! Predicates that have not their type's shape: every value of every producer's predicate, replaced by each other type of JSON.

use std::collections::BTreeSet;
use std::time::Duration;

use admissible::format::predicate::Predicate;
use admissible::format::statement::Statement;
use admissible_box::bundle::BundleSpec;
use admissible_box::provenance::{Build, all};
use serde_json::{Map, Value, json};

use crate::judged::{Judged, Shown, at, build, edited, judge, judge_by, judge_managed, with, world};

/// The pointers of everything in a value, the whole first.
fn pointers(value: &Value, here: &str, found: &mut Vec<String>) {
    found.push(here.to_owned());
    match value {
        Value::Object(members) => members.iter().for_each(|(key, member)| {
            pointers(member, &format!("{here}/{}", key.replace('~', "~0").replace('/', "~1")), found)
        }),
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(index, item)| pointers(item, &format!("{here}/{index}"), found));
        }
        _ => {}
    }
}

fn other_types(value: &Value) -> Vec<Value> {
    let all = [
        json!(null),
        json!(true),
        json!(7),
        json!(-7),
        json!(7.5),
        json!("7"),
        json!([]),
        json!(["x"]),
        json!({}),
        json!({ "x": "y" }),
    ];
    let same = |other: &Value| {
        matches!(
            (value, other),
            (Value::String(_), Value::String(_))
                | (Value::Object(_), Value::Object(_))
                | (Value::Array(_), Value::Array(_))
                | (Value::Bool(_), Value::Bool(_))
                | (Value::Number(_), Value::Number(_))
        )
    };
    all.into_iter().filter(|other| !same(other)).collect()
}

/// Whether one pointer is the other, or below it.
fn is_within(pointer: &str, outer: &str) -> bool {
    pointer.strip_prefix(outer).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

fn parent(pointer: &str) -> &str {
    pointer.rsplit_once('/').map_or("", |(parent, _)| parent)
}

/// A failure's pointers below the predicate.
fn pointers_in(judged: &Judged) -> Vec<String> {
    let quoted = |message: &str| -> Vec<String> {
        let parts = message.split("`/predicate").skip(1);
        parts.map(|rest| rest.split('`').next().expect("an end").to_owned()).collect()
    };
    judged.report.failures().iter().flat_map(|failure| quoted(&failure.message)).collect()
}

/// What reading the statement gives, without any signature: the facts, or where the predicate is wrong.
fn read(made: &Build) -> Result<Vec<(String, String)>, String> {
    let statement = Statement::from_json(made.statement().to_string().as_bytes()).expect("a statement");
    let below =
        |pointer: &str| pointer.strip_prefix("/predicate").map_or_else(|| format!("outside: {pointer}"), str::to_owned);
    match statement.predicate {
        Predicate::Provenance(provenance) => {
            Ok(provenance.facts.iter().map(|fact| (below(&fact.pointer), fact.value.clone())).collect())
        }
        Predicate::Malformed(error) => Err(below(&error.at)),
        other => panic!("{other:?}"),
    }
}

#[test]
fn every_value_may_be_of_another_type() {
    let (mut refused, mut harmless, mut judged_in_full) = (0, 0, 0);
    for (name, honest) in all() {
        let mut everything = Vec::new();
        pointers(&honest.predicate, "", &mut everything);
        let facts: BTreeSet<_> = read(&honest).expect("facts").into_iter().collect();
        for pointer in &everything[1..] {
            let mut is_seen = false;
            for value in other_types(honest.predicate.pointer(pointer).expect("a value")) {
                let mut made = honest.clone();
                *made.predicate.pointer_mut(pointer).expect("a value") = value.clone();
                let context = format!("{name}: {value} at {pointer}");
                match read(&made) {
                    // The pointer is to the value, into it, or to the object that now lacks it.
                    Err(at) => {
                        assert!(is_within(&at, pointer) || at == parent(pointer), "{context}: {at}");
                        refused += 1;
                        if !is_seen {
                            is_seen = true;
                            judged_in_full += 1;
                            let judged = judge(&made);
                            judged.fails("provenance-malformed");
                            assert_eq!(pointers_in(&judged), [at], "{context}");
                            assert_eq!(judged.json.get("provenance"), None);
                        }
                    }
                    // Nothing new is claimed; or it is, and then at this very place, where it disagrees.
                    Ok(found) => {
                        let new: Vec<_> = found.iter().filter(|fact| !facts.contains(*fact)).collect();
                        if new.is_empty() && pointer_is_harmless(name, pointer) {
                            harmless += 1;
                            continue;
                        }
                        judged_in_full += 1;
                        let judged = judge(&made);
                        let codes = judged.codes();
                        assert!(!codes.contains(&"provenance-malformed"), "{context}");
                        if codes.is_empty() {
                            let is_run = |fact: &&(String, String)| fact.0.to_lowercase().ends_with("run_id");
                            assert!(
                                new.iter().all(|fact| is_run(fact) || is_allowed(&judged, fact)),
                                "{context}: {new:?}"
                            );
                        }
                        for at in pointers_in(&judged) {
                            // The number of the run is where the fact is that the attempt is part of.
                            let is_attempt = pointer.to_lowercase().ends_with("run_attempt");
                            assert!(is_within(&at, pointer) || at == parent(pointer) || is_attempt, "{context}: {at}");
                        }
                    }
                }
            }
        }
    }
    println!("{refused} refused, {harmless} harmless, {judged_in_full} judged in full");
    assert!(refused >= 1000 && harmless >= 1000 && judged_in_full >= 200);
}

/// Fields beyond npm's own are forged, of whatever type; elsewhere a value of which no fact is made changes nothing.
fn pointer_is_harmless(name: &str, pointer: &str) -> bool {
    !(name == "npm-gha-v2" && pointer.starts_with("/metadata"))
}

/// A fact that is new but not certified: an id that is now a number.
fn is_allowed(judged: &Judged, (pointer, value): &(String, String)) -> bool {
    let shown = |fact: &Shown| fact.pointer == *pointer && fact.value == *value && fact.status == "claimed";
    judged.facts().iter().any(shown)
}

#[test]
fn what_no_provenance_can_lack() {
    for (name, fields) in [
        (
            "github-attestations",
            [
                "/buildDefinition",
                "/runDetails",
                "/buildDefinition/buildType",
                "/runDetails/builder",
                "/runDetails/builder/id",
            ]
            .as_slice(),
        ),
        ("npm-gha-v2", &["/builder", "/builder/id", "/buildType"]),
        ("cloud-build-v01", &["/builder", "/builder/id", "/recipe", "/recipe/type"]),
    ] {
        for field in fields {
            println!("{name}{field}");
            let (parent, key) = field.rsplit_once('/').expect("a pointer");
            let without = edited(name, |predicate| {
                _ = predicate.pointer_mut(parent).and_then(Value::as_object_mut).expect("an object").remove(key);
            });
            for made in [without, with(name, field, Value::Null)] {
                for judged in [judge(&made), judge_managed(&made)] {
                    judged.fails("provenance-malformed");
                    assert_eq!(pointers_in(&judged), [parent]);
                    assert!(judged.report.failures()[0].message.contains(&format!("the field `{key}`")));
                }
            }
        }
        let mut made = build(name);
        for value in [json!(null), json!({})] {
            made.predicate = value;
            judge(&made).fails("provenance-malformed");
        }
        for value in [json!([]), json!("x"), json!(7), json!(false)] {
            made.predicate = value;
            let judged = judge(&made);
            let codes: Vec<_> = judged.report.failures().iter().map(|failure| failure.code).collect();
            assert_eq!(codes, ["statement-malformed"], "in-toto demands an object");
            assert_eq!(judged.json["checks"]["provenanceBinding"]["by"], "statement");
        }
    }
}

/// Judges in good time, whatever the size. (The longest part of these tests is the making of what they judge.)
#[track_caller]
fn in_time(what: &str, spec: &BundleSpec) -> Judged {
    let judged = judge_by(spec, &json!({}));
    println!("{what}: {:?}", judged.took);
    assert!(judged.took < Duration::from_secs(30), "{what} takes too long");
    judged
}

/// The place of the parameters in each version.
const PARAMETERS: &[(&str, &str)] = &[
    ("unknown-type", "/buildDefinition/externalParameters/more"),
    ("delegator-v02", "/invocation/parameters/more"),
    ("cloud-build-v01", "/recipe/arguments/more"),
];

#[test]
fn deep_parameters_are_no_json() {
    for (name, pointer) in PARAMETERS {
        for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
            let marker = "the place";
            let made = with(name, pointer, json!(marker));
            let statement = made.statement().to_string();
            let deep = |levels: usize| {
                let value = format!("{}0{}", open.repeat(levels), close.repeat(levels));
                let mut spec = made.spec(world());
                spec.dsse().payload = statement.replace(&json!(marker).to_string(), &value).into_bytes();
                spec
            };
            in_time("40 levels", &deep(40)).passes();
            let judged = in_time("100,000 levels", &deep(100_000));
            let failures = judged.report.failures();
            let codes: Vec<_> = failures.iter().map(|failure| (failure.check.name(), failure.code)).collect();
            assert!(codes.contains(&("statement", "statement-malformed")), "{codes:?}");
            assert_eq!(judged.json["checks"]["provenanceBinding"]["by"], "statement");
            assert_eq!(judged.json.get("provenance"), None);
        }
    }
}

#[test]
fn large_parameters() {
    for ((name, pointer), length) in PARAMETERS.iter().zip([8 << 20, 1 << 16, 1 << 16]) {
        let long = "x".repeat(length);
        let judged = in_time("one long text", &with(name, pointer, json!(long)).spec(world()));
        let parameters = judged.passes().json["provenance"]["parameters"].as_array().expect("parameters");
        assert!(parameters.iter().any(|parameter| parameter["name"] == "/more" && parameter["value"] == *long));
        // One long name above many values would be written out for each of them.
        let many: Vec<_> = (0..4000).collect();
        for value in [json!({ long.as_str(): many }), json!({ "x".repeat(1025): 1 })] {
            let judged = in_time("a long name", &with(name, pointer, value).spec(world()));
            judged.fails("provenance-malformed");
            assert!(judged.report.failures()[0].message.contains("1024 bytes in a parameter's name"));
        }
        judge(&with(name, pointer, json!({ "x".repeat(1000): 1 }))).passes();
        // 4,097 values, in one list and in many.
        for (value, place) in [(json!(vec![0; 4097]), "/more/"), (json!(vec![json!([1, 2]); 2049]), "/more/")] {
            let judged = in_time("4,097 values", &with(name, pointer, value).spec(world()));
            judged.fails("provenance-malformed");
            assert!(pointers_in(&judged)[0].contains(place), "{:?}", pointers_in(&judged));
            assert!(judged.report.failures()[0].message.contains("at most 4096 parameters"));
        }
        let beside = judge(&build(name)).json["provenance"]["parameters"].as_array().map_or(0, Vec::len);
        let judged = judge(&with(name, pointer, json!(vec![0; 4096 - beside])));
        assert_eq!(judged.passes().json["provenance"]["parameters"].as_array().map(Vec::len), Some(4096));
    }
}

#[test]
fn many_dependencies() {
    for (name, pointer) in [
        ("unknown-type", "/buildDefinition/resolvedDependencies"),
        ("container-based", "/runDetails/byproducts"),
        ("buildkit", "/materials"),
        ("cloud-build-v01", "/materials"),
    ] {
        let many = |count: usize| vec![json!({ "uri": "pkg:npm/x@1", "digest": { "sha256": "00" } }); count];
        let judged = in_time("16,385", &with(name, pointer, json!(many(16_385))).spec(world()));
        judged.fails("provenance-malformed");
        assert_eq!(pointers_in(&judged), [pointer]);
        in_time("16,384", &with(name, pointer, json!(many(16_384))).spec(world())).passes();
    }
    // All of the source, each with its commit.
    let commit = |number: usize| json!({ "uri": "git+https://github.com/acme/widget", "digest": { "sha1": format!("{number:040x}") } });
    let made = with(
        "unknown-type",
        "/buildDefinition/resolvedDependencies",
        json!((0..16_384).map(commit).collect::<Vec<_>>()),
    );
    in_time("all untrue", &made.spec(world())).fails("provenance-source-commit-differs");
    in_time("all contradicting", &made.managed(world())).fails("provenance-contradicts-itself");
}

/// One forged field is as bad as a million, which would fill a report.
#[test]
fn many_forged_fields() {
    let extra: Map<String, Value> = (0..200_000).map(|number| (format!("{number}"), json!(0))).collect();
    for (name, pointer) in [("npm-v1", "/buildDefinition/internalParameters"), ("npm-gha-v2", "/metadata/completeness")]
    {
        let made =
            edited(name, |predicate| at(predicate, pointer).as_object_mut().expect("an object").extend(extra.clone()));
        let judged = in_time("200,000 fields", &made.spec(world()));
        judged.fails("provenance-forged-field");
        assert_eq!(judged.report.failures().len(), 32);
        assert!(judged.report.to_json().len() < 64 * 1024);
    }
}

fn has_key(value: &Value, key: &str) -> bool {
    match value {
        Value::Object(members) => members.contains_key(key) || members.values().any(|member| has_key(member, key)),
        Value::Array(items) => items.iter().any(|item| has_key(item, key)),
        _ => false,
    }
}

/// Keys that a predicate chose are nowhere keys of a report, where one could be `__proto__`.
#[test]
fn no_key_is_the_predicates() {
    for key in ["__proto__", "constructor", "toString"] {
        for (name, honest) in all() {
            let mut everything = Vec::new();
            pointers(&honest.predicate, "", &mut everything);
            let polluted = json!({ key: { key: [key, { key: 1 }] }, "polluted": true });
            // In every object at once, and as every object's digest.
            let mut made = honest.clone();
            for pointer in &everything {
                let Some(Value::Object(members)) = made.predicate.pointer_mut(pointer) else { continue };
                let is_digest = pointer.ends_with("/digest");
                members.insert(key.into(), if is_digest { json!("00") } else { polluted.clone() });
            }
            println!("{name} {key}");
            for judged in [
                judge(&made),
                judge_managed(&made),
                judge_by(&made.spec(world()), &json!({ "dangerouslyUnboundProvenance": true })),
            ] {
                assert!(!has_key(&judged.json, key), "{name}: {}", judged.json);
                let is_strict = name == "npm-v1" || name == "npm-gha-v2";
                let is_bound = judged.json["checks"]["provenanceBinding"]["status"] != "absent";
                assert_eq!(
                    judged.report.failures().is_empty(),
                    !(is_strict && is_bound),
                    "{:?}",
                    judged.report.failures()
                );
            }
        }
    }
}
