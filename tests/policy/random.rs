//! Policies drawn from the whole grammar, by a seed.

use admissible_box::fulcio::{IDENTITY, ISSUER};
use serde_json::{Map, Value, json};

use crate::at;
use crate::build::{GENERATOR, GITHUB, RELEASE};
use crate::pool::{DAY, NPM, PEOPLE, PROVENANCE, PROVENANCE_V0_2, PURL, REVIEW, TEST, VSA, key, person};

/// SplitMix64.
pub struct Random(pub u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below `limit`.
    pub fn below(&mut self, limit: usize) -> usize {
        usize::try_from(self.next() % u64::try_from(limit).expect("a number")).expect("a number")
    }

    /// Whether one of so many times.
    pub fn one_in(&mut self, times: usize) -> bool {
        self.below(times) == 0
    }

    /// Any of these.
    pub fn pick<T: Clone>(&mut self, items: &[T]) -> T {
        items[self.below(items.len())].clone()
    }

    /// Each of these or not.
    pub fn some<T: Clone>(&mut self, items: &[T]) -> Vec<T> {
        items.iter().filter(|_| self.one_in(2)).cloned().collect()
    }

    /// The same in another order.
    pub fn shuffled<T: Clone>(&mut self, items: &[T]) -> Vec<T> {
        let mut items = items.to_vec();
        for index in (1..items.len()).rev() {
            items.swap(index, self.below(index + 1));
        }
        items
    }

    fn maybe(&mut self, object: &mut Map<String, Value>, key: &str, values: &[Value]) {
        if self.one_in(4) {
            object.insert(key.into(), self.pick(values));
        }
    }

    fn rule(&mut self) -> Value {
        let window = |bound: &str, days: i64| json!({ bound: at(days * DAY) });
        let managed = key("managed").pem();
        let rules = [
            RELEASE.rule(),
            json!({ "issuer": ISSUER, "identity": { "glob": "https://github.com/acme/**" } }),
            json!({ "issuer": ISSUER, "claims": { "sourceRepositoryIdentifier": "1234567" } }),
            json!({ "issuer": ISSUER, "identity": GENERATOR, "claims": { "sourceRepositoryIdentifier": ["1234567", "1"] } }),
            json!({ "issuer": ISSUER, "identity": GENERATOR }),
            json!({ "issuer": PEOPLE, "identity": { "regex": "[a-z]+@acme\\.example" } }),
            person("alice@acme.example"),
            person("bob@acme.example"),
            json!({ "publicKey": managed }),
            json!({ "publicKey": managed, "validFor": window("start", -10) }),
            json!({ "publicKey": managed, "validFor": window("end", -10) }),
            json!({ "publicKey": key("npm").pem() }),
        ];
        self.pick(&rules)
    }

    fn signers(&mut self, any: bool) -> Value {
        if any && self.one_in(8) {
            return json!({ "dangerouslyAnySigner": true });
        }
        let rules: Vec<_> = (0..1 + self.below(4)).map(|_| self.rule()).collect();
        if self.one_in(3) {
            let threshold = 1 + self.below(rules.len().min(2));
            return json!({ "threshold": threshold, "anyOf": rules });
        }
        Value::Array(rules)
    }

    fn conditions(&mut self, object: &mut Map<String, Value>) {
        let any = json!({ "glob": "**" });
        self.maybe(
            object,
            "builder",
            &[json!(IDENTITY), json!([{ "glob": "https://*.example/*" }, GENERATOR]), any.clone()],
        );
        self.maybe(object, "buildType", &[json!(GITHUB), any.clone()]);
        self.maybe(object, "trigger", &[json!("push"), json!(["push", "workflow_dispatch"]), json!("release")]);
        self.maybe(object, "runner", &[json!("github-hosted"), json!("self-hosted"), any.clone()]);
        self.maybe(object, "level", &[json!(1), json!(2), json!(3)]);
        self.maybe(
            object,
            "source",
            &[
                json!({ "repository": "https://github.com/acme/widget" }),
                json!({ "tag": { "glob": "v*" } }),
                json!({ "branch": "main" }),
                json!({ "repositoryId": "1234567", "ownerId": ["7654321", "8"] }),
            ],
        );
        self.maybe(object, "config", &[json!({ "path": ".github/workflows/release.yml" }), json!({ "path": any })]);
        self.maybe(object, "parameters", &[json!({}), json!({ "/workflow": { "any": true } })]);
        self.maybe(
            object,
            "dependencies",
            &[
                json!({ "digests": "required" }),
                json!({ "deny": "x" }),
                json!({ "allow": { "glob": "git+https://**" } }),
            ],
        );
        self.maybe(object, "certified", &[json!(true), json!(false)]);
    }

    fn piece(&mut self, any: bool) -> Value {
        let provenance = json!([PROVENANCE, PROVENANCE_V0_2]);
        let types =
            [json!(PROVENANCE), provenance, json!(TEST), json!(VSA), json!(REVIEW), json!(NPM), json!([REVIEW, TEST])];
        let predicate_type = self.pick(&types);
        let mut piece = Map::new();
        piece.insert("predicateType".into(), predicate_type.clone());
        if predicate_type == types[0] || predicate_type == types[1] {
            self.conditions(&mut piece);
        } else if predicate_type == VSA {
            let vsa =
                |level: u8| json!({ "verifier": "https://acme.example/verifier", "resourceUri": PURL, "level": level });
            self.maybe(&mut piece, "vsa", &[vsa(2), vsa(3)]);
            self.maybe(&mut piece, "result", &[json!("PASSED"), json!({ "glob": "*" })]);
        } else if predicate_type == TEST {
            self.maybe(&mut piece, "result", &[json!("PASSED"), json!(["PASSED", "WARNED"])]);
        }
        self.maybe(&mut piece, "maxAge", &[json!("90d"), json!("36h"), json!("10d")]);
        if predicate_type == NPM || self.one_in(16) {
            self.maybe(&mut piece, "package", &[json!({ "npm": "@acme/widget" }), json!({ "pypi": "acme-widget" })]);
        }
        if self.one_in(4) {
            piece.insert("signers".into(), self.signers(any));
        }
        Value::Object(piece)
    }

    fn requirement(&mut self, any: bool, depth: usize) -> Value {
        match if depth == 0 { 9 } else { self.below(8) } {
            0 => json!({ "allOf": self.requirements(any, depth - 1) }),
            1 | 2 => json!({ "anyOf": self.requirements(any, depth - 1) }),
            _ => self.piece(any),
        }
    }

    fn requirements(&mut self, any: bool, depth: usize) -> Vec<Value> {
        (0..1 + self.below(3)).map(|_| self.requirement(any, depth)).collect()
    }

    /// A policy; `any`: it may trust anyone.
    pub fn policy(&mut self, any: bool) -> Value {
        let mut policy = Map::new();
        policy.insert("version".into(), json!(1));
        policy.insert("signers".into(), self.signers(any));
        if !self.one_in(6) {
            policy.insert("require".into(), Value::Array(self.requirements(any, 2)));
        }
        let exception =
            |days: i64| json!({ "reference": { "glob": "ghcr.io/acme/**" }, "reason": "r", "expires": at(days * DAY) });
        self.maybe(&mut policy, "mode", &[json!("warn"), json!("enforce")]);
        self.maybe(&mut policy, "evidence", &[json!({ "logEntries": 0 }), json!({ "signedTimestamps": 1 }), json!({})]);
        self.maybe(
            &mut policy,
            "subject",
            &[json!({ "algorithms": ["sha256"] }), json!({ "algorithms": ["sha512"] }), json!({ "pinned": "require" })],
        );
        let row = json!({ "name": "ours", "level": self.below(4), "issuer": ISSUER, "identity": IDENTITY });
        self.maybe(&mut policy, "levels", &[json!([row])]);
        let verifier =
            json!({ "id": "https://acme.example/verifier", "signers": self.signers(any), "resourceUri": PURL });
        self.maybe(&mut policy, "verifiers", &[json!([verifier])]);
        self.maybe(&mut policy, "exceptions", &[json!([exception(-1), exception(1)]), json!([exception(-1)])]);
        self.maybe(
            &mut policy,
            "legacyBefore",
            &[json!({ "time": at(DAY), "reason": "r" }), json!({ "time": at(-10 * DAY), "reason": "r" })],
        );
        Value::Object(policy)
    }

    /// A request.
    pub fn request(&mut self) -> Value {
        let mut request = Map::new();
        request.insert("now".into(), json!(at(60)));
        self.maybe(&mut request, "reference", &[json!("ghcr.io/acme/widget:1"), json!(PURL)]);
        self.maybe(&mut request, "published", &[json!(at(0)), json!(at(-30 * DAY))]);
        Value::Object(request)
    }
}
