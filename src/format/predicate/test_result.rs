//! Test results 0.1 (in-toto/attestation `spec/predicates/test-result.md`).

use alloc::string::String;

use super::field::{count_objects, count_texts, optional_text, other_text, required};
use crate::encoding::json::{Node, ShapeError, ShapeErrorKind};

/// The predicate type.
pub const TEST_RESULT: &str = "https://in-toto.io/attestation/test-result/v0.1";

/// What came of a run of tests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TestOutcome {
    /// `PASSED`
    Passed,
    /// `WARNED`
    Warned,
    /// `FAILED`
    Failed,
}

/// The result of a run of tests; the statement's subjects are what was tested.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TestResult {
    /// `result`: of the run as a whole.
    pub outcome: TestOutcome,
    /// How many configurations the run was made with.
    pub configurations: usize,
    /// `url`: where the run can be looked at.
    pub url: Option<String>,
    /// How many tests passed; `None` when they are not listed.
    pub passed: Option<usize>,
    /// How many tests passed with a warning; `None` when they are not listed.
    pub warned: Option<usize>,
    /// How many tests failed; `None` when they are not listed.
    pub failed: Option<usize>,
}

impl TestResult {
    pub(super) fn read(predicate: &Node<'_, '_>) -> Result<Self, ShapeError> {
        let result = required(predicate, "result")?;
        let outcome = match result.string()? {
            "PASSED" => TestOutcome::Passed,
            "WARNED" => TestOutcome::Warned,
            "FAILED" => TestOutcome::Failed,
            other => return Err(other_text(&result, "PASSED, WARNED or FAILED", other)),
        };
        let configurations = count_objects(predicate, "configuration")?;
        let missing = || predicate.error(ShapeErrorKind::Missing { field: "configuration" });
        Ok(Self {
            outcome,
            configurations: configurations.ok_or_else(missing)?,
            url: optional_text(predicate, "url")?,
            passed: count_texts(predicate, "passedTests")?,
            warned: count_texts(predicate, "warnedTests")?,
            failed: count_texts(predicate, "failedTests")?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::Predicate;
    use super::super::tests::{each_malformed, read};
    use super::*;

    const EXAMPLE: &str = r#"{"result":"PASSED","configuration":[{"name":".github/workflows/ci.yml"}],
        "url":"https://github.com/in-toto/in-toto/actions/runs/4425592351","passedTests":["build (3.7)","lint"],"failedTests":[]}"#;

    #[test]
    fn the_example() {
        let Predicate::TestResult(found) = read(TEST_RESULT, EXAMPLE) else { panic!() };
        assert_eq!((found.outcome, found.configurations), (TestOutcome::Passed, 1));
        assert_eq!((found.passed, found.warned, found.failed), (Some(2), None, Some(0)));
        assert_eq!(found.url.as_deref(), Some("https://github.com/in-toto/in-toto/actions/runs/4425592351"));
    }

    #[test]
    fn wrong_types_are_located() {
        each_malformed(
            TEST_RESULT,
            EXAMPLE,
            &[
                (r#""PASSED""#, r#""SKIPPED""#, "/predicate/result"),
                (r#""result":"PASSED","#, "", "/predicate"),
                (r#""configuration""#, r#""configurations""#, "/predicate"),
                (r#"[{"name":".github/workflows/ci.yml"}]"#, r#"["ci.yml"]"#, "/predicate/configuration/0"),
                (r#""lint""#, "2", "/predicate/passedTests/1"),
                (r#""failedTests":[]"#, r#""failedTests":0"#, "/predicate/failedTests"),
            ],
        );
    }
}
