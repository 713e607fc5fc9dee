// Links are made of certified facts and lead to where their names say, or there is none; text of others stays text.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { badge } from "../dist/badge/index.js";
import { commitLink, configFile, fileLink, logLink, repositoryLink, runLink } from "../dist/badge/links.js";
import { edited, everySubject, report, textsOf } from "./badges.mjs";

const sha = "7d2900eca1c22b3f87c13987c8d4b7c9a29b733a";

/** What must never become a link, in place of a repository. */
export const hostileRepositories = [
  "javascript:alert(1)",
  "data:text/html,x",
  "http://github.com/a/b",
  "https://github.com/a/b?x#",
  "https://github.com/a/b#x",
  "https://github.com/a/b/",
  "https://github.com/a/b/c",
  "https://github.com/a",
  "https://github.com/a/..",
  "https://github.com/../b",
  "https://github.com/a/b%2f..%2f..",
  "https://github.com/a/b\n",
  "https://github.com//a/b",
  "https://github.com/a\\b/c",
  "https://github.com/a/b@evil.example",
  "https://github.com@evil.example/a/b",
  "https://user:pass@github.com/a/b",
  "https://github.com:8443/a/b",
  "https://github.com.evil.example/a/b",
  "https://evilgithub.com/a/b",
  "https://GITHUB.com/a/b",
  "https://github.com/а/b",
  "https://gitlab.com/a",
  "https://gitlab.com/a/-/../b?",
  "https://bitbucket.org/a/b",
  " https://github.com/a/b",
  "",
];

describe("the forms of GitHub and GitLab", () => {
  test("have links", () => {
    assert.equal(repositoryLink("https://github.com/acme/app.js"), "https://github.com/acme/app.js");
    assert.equal(commitLink("https://github.com/acme/app", sha), `https://github.com/acme/app/tree/${sha}`);
    assert.equal(commitLink("https://gitlab.com/acme/tools/app", sha), `https://gitlab.com/acme/tools/app/-/tree/${sha}`);
    assert.equal(runLink("https://github.com/acme/app/actions/runs/42"), "https://github.com/acme/app/actions/runs/42");
    assert.equal(runLink("https://github.com/acme/app/actions/runs/42/attempts/1"), "https://github.com/acme/app/actions/runs/42/attempts/1");
    assert.equal(runLink("https://gitlab.com/acme/tools/app/-/jobs/42"), "https://gitlab.com/acme/tools/app/-/jobs/42");
    assert.equal(logLink("rekor.sigstore.dev", "42"), "https://search.sigstore.dev/?logIndex=42");
    const file = configFile("https://github.com/acme/app/.github/workflows/a b?c#d.yml@refs/tags/v1");
    assert.equal(fileLink(file, sha), `https://github.com/acme/app/blob/${sha}/.github/workflows/a%20b%3Fc%23d.yml`);
    assert.equal(fileLink(configFile("https://gitlab.com/acme/tools/app//.gitlab-ci.yml@refs/heads/main"), sha), `https://gitlab.com/acme/tools/app/-/blob/${sha}/.gitlab-ci.yml`);
  });
  test("have each name as one part of a path, whatever is in it", () => {
    const good = { repository: "https://github.com/acme/app" };
    assert.equal(fileLink({ ...good, path: "%2e%2e/%2f/a\\b" }, sha), `https://github.com/acme/app/blob/${sha}/%252e%252e/%252f/a%5Cb`);
  });
  test("and nothing else has", () => {
    for (const repository of hostileRepositories) {
      assert.equal(repositoryLink(repository), undefined, repository);
      assert.equal(commitLink(repository, sha), undefined, repository);
      assert.equal(fileLink({ repository, path: "a" }, sha), undefined, repository);
      assert.equal(runLink(`${repository}/actions/runs/1`), undefined, repository);
      assert.equal(runLink(`${repository}/-/jobs/1`), undefined, repository);
      assert.equal(configFile(`${repository}//x@y`), undefined, repository);
    }
    const good = "https://github.com/acme/app";
    for (const commit of ["main", "7d2900e", `${sha}/..`, `${sha}\n`, sha.toUpperCase(), "", `${sha}?`]) assert.equal(commitLink(good, commit), undefined, commit);
    for (const path of ["../../../evil", "a/../b", "./a", "a//b", "", "\ud800"]) assert.equal(fileLink({ repository: good, path }, sha), undefined, path);
    for (const run of [`${good}/actions/runs/`, `${good}/actions/runs/1?x`, `${good}/actions/runs/1/../2`, `${good}/actions/runs/1\n`, "42", "https://evil.example/actions/runs/1"]) assert.equal(runLink(run), undefined, run);
    for (const [log, index] of [["rekor.sigstore.dev", "1&x=1"], ["rekor.sigstore.dev", ""], ["rekor.sigstore.dev", "-1"], ["log2025-1.rekor.sigstore.dev", "1"], ["evil.example", "1"]]) assert.equal(logLink(log, index), undefined, `${log} ${index}`);
  });
});

test("certified text of any kind makes no link that leads elsewhere", () => {
  const passed = report();
  for (const repository of hostileRepositories) {
    const made = badge(edited(passed, (copy) => {
      const certified = [copy.provenance.source, ...copy.provenance.facts.filter(({ name }) => name === "sourceRepository")];
      for (const place of certified) place["value" in place ? "value" : "repository"] = repository;
      copy.provenance.run = `${repository}/actions/runs/1`;
      for (const fact of copy.provenance.facts.filter(({ name }) => name === "run")) fact.value = copy.provenance.run;
      copy.checks.certificatePath.evidence.claims.buildConfigURI = `${repository}/.github/workflows/release.yml@refs/heads/main`;
    }));
    assert.equal(made.facts.find(({ key }) => key === "source").certified, true, repository);
    for (const { key, href } of [...made.facts, ...made.custody]) if (key !== "log") assert.equal(href, undefined, `${key} of ${repository}`);
  }
});

test("a text of a megabyte in every place is cut", () => {
  const long = "x".repeat(1_000_000);
  const made = badge(edited(report(), (copy) => {
    Object.assign(copy.provenance.source, { repository: long, ref: long, commit: long });
    copy.notes.push({ code: long, message: long });
    copy.checks.certificatePath.evidence.identity.value = long;
  }), { name: long });
  for (const text of textsOf(made)) assert.ok(text.length < 2000, text.slice(0, 80));
});

test("text of others can change nothing of how a badge looks", () => {
  const traps = ["\u{202e}gpj.exe", "a\u{200b}b", "a\nb", "a\u{1b}[31mb", "a\u{3164}", "##[set-output]", "a\u{2028}b", "x".repeat(20_000)];
  for (const trap of traps) {
    for (const { subject } of everySubject.filter(({ called }) => !["thrown", "error", "unavailable"].includes(called))) {
      const filled = JSON.parse(JSON.stringify(subject), (key, value) => (typeof value === "string" && (["message", "hint", "name", "reason"].includes(key) || /^https:\/\/|^refs\/|^pkg:|Z$/u.test(value)) ? trap : value));
      const made = badge(filled, { name: trap });
      for (const text of textsOf(made)) {
        assert.doesNotMatch(text, /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{DI}]|##\[/u, JSON.stringify(trap));
        assert.ok(text.length < 5000, `${text.length}: ${text.slice(0, 80)}`);
      }
    }
  }
});
