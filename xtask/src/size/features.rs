//! What each feature of the core costs: the module without it, beside the whole.

use super::{measure, sum};
use crate::{Outcome, build, step, tools};
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// The build without any feature.
const LITE: &str = "lite";

/// Each feature, and those that it brings along.
type Features = BTreeMap<String, Vec<String>>;

/// Builds the module without each feature in turn, and without all of them, prints what that saves and what changed
/// since the `last` record, and returns it.
pub fn costs(whole: &Value, last: &Value, folder: &Path) -> Outcome<Value> {
    let features = features()?;
    let none = features.keys().cloned().collect();
    let mut builds: Vec<_> = features.keys().map(|name| (name.as_str(), without(&features, name))).collect();
    builds.push((LITE, none));
    let mut costs = Map::new();
    for (at, (name, left_out)) in (1..).zip(&builds) {
        let kept: Vec<_> = features.keys().filter(|name| !left_out.contains(*name)).map(String::as_str).collect();
        let what = format!("{at} of {}: compile {}", builds.len(), about(name, left_out));
        let compiled = step::timed(&what, || build::compile_features(&kept))?;
        let folder = folder.join(name);
        build::bind_one(&compiled, &folder)?;
        let sizes = measure(&folder)?;
        let saved = |kind| sum(whole, kind) - sum(&sizes, kind);
        let cost = json!({
            "raw": sum(&sizes, "raw"), "rawSaved": saved("raw"),
            "brotli": sum(&sizes, "brotli"), "brotliSaved": saved("brotli"),
        });
        costs.insert((*name).to_owned(), cost);
    }
    println!(
        "\n{:<36}{:>10}{:>10}{:>10}{:>10}{:>14}",
        "module and glue", "raw", "saved", "brotli", "saved", "since record"
    );
    for (name, left_out) in builds {
        let of = |kind: &str| costs[name][kind].as_i64().unwrap_or_default();
        let [raw, raw_saved, brotli, saved] = ["raw", "rawSaved", "brotli", "brotliSaved"].map(of);
        let since = last[name]["brotli"].as_i64().map(|last| format!("{:+}", brotli - last)).unwrap_or_default();
        println!("{:<36}{raw:>10}{raw_saved:>10}{brotli:>10}{saved:>10}{since:>14}", about(name, &left_out));
    }
    Ok(Value::Object(costs))
}

/// `without policy, compare`: the one that is asked for first.
fn about(name: &str, left_out: &BTreeSet<String>) -> String {
    if name == LITE {
        return "lite: without any".to_owned();
    }
    let others = left_out.iter().map(String::as_str).filter(|other| *other != name);
    format!("without {}", std::iter::once(name).chain(others).collect::<Vec<_>>().join(", "))
}

/// The feature and all that bring it along.
fn without(features: &Features, name: &str) -> BTreeSet<String> {
    let mut left_out = BTreeSet::from([name.to_owned()]);
    loop {
        let brings = |brought: &Vec<String>| brought.iter().any(|name| left_out.contains(name));
        let more: Vec<_> =
            features.iter().filter(|(_, brought)| brings(brought)).map(|(name, _)| name.clone()).collect();
        let before = left_out.len();
        left_out.extend(more);
        if left_out.len() == before {
            return left_out;
        }
    }
}

/// The features of the bindings, which are those of the core.
fn features() -> Outcome<Features> {
    let metadata = tools::metadata()?;
    let packages = metadata["packages"].as_array().ok_or("`cargo metadata` names no packages")?;
    let package = packages.iter().find(|package| package["name"] == build::PACKAGE);
    let listed = package.and_then(|package| package["features"].as_object()).ok_or("the bindings have no features")?;
    let brought = |list: &Value| serde_json::from_value::<Vec<String>>(list.clone());
    let features = listed.iter().filter(|(name, _)| *name != "default");
    Ok(features.map(|(name, list)| Ok((name.clone(), brought(list)?))).collect::<Result<_, serde_json::Error>>()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_feature_is_left_out_with_all_that_bring_it_along() {
        let features = |text| serde_json::from_str::<Features>(text).unwrap();
        let features = features(r#"{ "a": ["core/a", "b"], "b": ["c"], "c": [], "d": ["core/b"] }"#);
        let without = |name| without(&features, name).into_iter().collect::<Vec<_>>().join("");
        assert_eq!([without("a"), without("c"), without("d")], ["a", "abc", "d"]);
    }
}
