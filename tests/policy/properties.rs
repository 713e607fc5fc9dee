//! What holds of every policy and every set of bundles: evidence more never hurts, and what is no evidence changes nothing.
//!
//! A failure names its seed; `ADMISSIBLE_SEED=… cargo test --test policy properties` runs that one alone.

use std::collections::{BTreeMap, BTreeSet};

use admissible::{Evaluation, EvaluationVerdict};

use crate::pool::{bundle, names};
use crate::random::Random;
use crate::{Case, leaves};

/// How many policies each test draws.
const POLICIES: u64 = 120;
/// What never verifies here, whatever a policy trusts.
const BROKEN: &[&str] = &["broken", "foreign", "no bundle", "about another artifact", "disagreeing"];
/// Whose signers no policy names.
const STRANGERS: &[&str] = &["review by mallory", "vsa by stranger", "by other key"];

/// Which differ in one thing each: most bundles are drawn of these, so that rules meet what they might mistake.
const CONFUSABLE: &[&str] = &[
    "generator",
    "generator for evil",
    "by key",
    "own by key",
    "twenty days old by key",
    "provenance",
    "twenty days old",
    "re-created",
    "review by alice",
    "tests by alice",
    "review by bob",
    "vsa",
    "vsa by second",
    "sha512",
];

/// A policy, a request, and bundles by their names.
struct Drawn {
    case: Case,
    names: Vec<&'static str>,
    seed: u64,
}

impl Drawn {
    fn judge(&self, names: &[&'static str]) -> Evaluation {
        let case = Case { bundles: names.iter().map(|name| bundle(name)).collect(), ..self.case.clone() };
        case.try_evaluate()
            .unwrap_or_else(|error| panic!("seed {}: {error} at {} of {}", self.seed, error.at, case.policy))
    }

    fn about(&self) -> String {
        format!("seed {}: {:?} by {} asked {}", self.seed, self.names, self.case.policy, self.case.request)
    }
}

/// Shows every drawn case, and a source of more randomness, to `check`.
fn each(salt: u64, any: bool, check: impl Fn(&Drawn, &mut Random)) {
    let only = std::env::var("ADMISSIBLE_SEED").ok().map(|seed| seed.parse().expect("a number"));
    let seeds = only.map_or_else(|| (0..POLICIES).map(|index| salt * POLICIES + index).collect(), |seed| vec![seed]);
    // Bundles of which most verify; what never does has a test of its own.
    let good: Vec<_> = names().into_iter().filter(|name| !BROKEN.contains(name) && !STRANGERS.contains(name)).collect();
    for seed in seeds {
        let mut random = Random(seed);
        let (policy, request) = (random.policy(any), random.request());
        let count = 1 + random.below(6);
        let names =
            (0..count).map(|_| if random.one_in(3) { random.pick(&good) } else { random.pick(CONFUSABLE) }).collect();
        check(&Drawn { case: Case { bundles: Vec::new(), policy, request }, names, seed }, &mut random);
    }
}

fn rank(evaluation: &Evaluation) -> usize {
    match evaluation.verdict() {
        EvaluationVerdict::Rejected => 0,
        EvaluationVerdict::Excepted => 1,
        EvaluationVerdict::Verified => 2,
    }
}

/// Which lines are met, by place.
fn met(evaluation: &Evaluation) -> BTreeMap<String, bool> {
    leaves(&evaluation.lines).into_iter().map(|line| (line.at.clone(), line.is_met)).collect()
}

/// By which bundles each line is met, by place and name.
fn met_by(evaluation: &Evaluation, names: &[&'static str]) -> BTreeMap<String, BTreeSet<&'static str>> {
    let names_of = |indexes: &[usize]| indexes.iter().map(|index| names[*index]).collect();
    leaves(&evaluation.lines).into_iter().map(|line| (line.at.clone(), names_of(&line.met_by))).collect()
}

#[test]
fn evidence_less_never_helps() {
    let verdicts = std::cell::RefCell::new([0_u64; 3]);
    each(1, true, |drawn, random| {
        let all = drawn.judge(&drawn.names);
        verdicts.borrow_mut()[rank(&all)] += 1;
        for _ in 0..2 {
            let fewer = random.some(&drawn.names);
            let some = drawn.judge(&fewer);
            assert!(rank(&some) <= rank(&all), "{fewer:?} do more than {}", drawn.about());
            for (at, is_met) in met(&some) {
                let is_named = at == "/subject";
                assert!(!is_met || is_named || met(&all)[&at], "{at} is met by {fewer:?} and not by {}", drawn.about());
            }
            assert!(some.level <= all.level, "{fewer:?} have a higher level than {}", drawn.about());
        }
        assert!(rank(&drawn.judge(&[])) < 2, "nothing is enough for {}", drawn.about());
    });
    let verdicts = verdicts.into_inner();
    println!("rejected, excepted, verified: {verdicts:?}");
    assert!(verdicts.iter().sum::<u64>() == 1 || verdicts.iter().all(|count| *count >= POLICIES / 20), "{verdicts:?}");
}

#[test]
fn order_and_number_do_not_matter() {
    each(2, true, |drawn, random| {
        let all = drawn.judge(&drawn.names);
        let order = random.shuffled(&drawn.names);
        let shuffled = drawn.judge(&order);
        assert_eq!(all.verdict(), shuffled.verdict(), "in the order {order:?}, {}", drawn.about());
        assert_eq!(met_by(&all, &drawn.names), met_by(&shuffled, &order), "in the order {order:?}, {}", drawn.about());
        assert_eq!(
            (all.level, met(&all)),
            (shuffled.level, met(&shuffled)),
            "in the order {order:?}, {}",
            drawn.about()
        );
        let twice = [drawn.names.as_slice(), &random.some(&drawn.names)].concat();
        let doubled = drawn.judge(&twice);
        assert_eq!(all.verdict(), doubled.verdict(), "twice, {}", drawn.about());
        assert_eq!(met_by(&all, &drawn.names), met_by(&doubled, &twice), "twice, {}", drawn.about());
        assert_eq!((all.level, met(&all)), (doubled.level, met(&doubled)), "twice, {}", drawn.about());
    });
}

#[test]
fn what_is_no_evidence_changes_no_line() {
    each(3, false, |drawn, random| {
        let all = drawn.judge(&drawn.names);
        let junk = random.shuffled(&[BROKEN, STRANGERS].concat());
        let with_junk = drawn.judge(&[drawn.names.as_slice(), &junk[..1 + random.below(4)]].concat());
        assert_eq!(all.lines, with_junk.lines, "{junk:?} beside {}", drawn.about());
        assert_eq!((&all.exception, all.level), (&with_junk.exception, with_junk.level), "{}", drawn.about());
        // Nor does it before the others, where only the numbers of the bundles are others.
        let before = [&junk[..1 + random.below(4)], drawn.names.as_slice()].concat();
        let after_junk = drawn.judge(&before);
        assert_eq!(met_by(&all, &drawn.names), met_by(&after_junk, &before), "{}", drawn.about());
        assert_eq!((all.verdict(), met(&all)), (after_junk.verdict(), met(&after_junk)), "{}", drawn.about());
    });
}

#[test]
fn what_never_verifies_is_never_enough() {
    each(4, true, |drawn, random| {
        let junk = random.some(BROKEN);
        let evaluation = drawn.judge(&junk);
        assert_ne!(evaluation.verdict(), EvaluationVerdict::Verified, "{junk:?} {}", drawn.about());
        assert!(leaves(&evaluation.lines).iter().all(|line| line.met_by.is_empty()), "{junk:?} {}", drawn.about());
        assert_eq!(evaluation.level, None, "{junk:?} {}", drawn.about());
    });
}
