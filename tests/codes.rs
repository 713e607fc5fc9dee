//! Every stable code, one `check code` a line: removing or renaming one is a breaking change, so `tests/codes.snapshot` changes
//! only with `UPDATE_SNAPSHOTS=1`, and a change shows up in review.

use std::fmt::Write;
use std::fs;
use std::path::Path;

#[test]
fn codes_are_those_of_the_snapshot() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/codes.snapshot");
    let mut lines = String::new();
    for entry in admissible::codes() {
        writeln!(lines, "{} {}", entry.check, entry.code).expect("text");
    }
    if std::env::var_os("UPDATE_SNAPSHOTS").is_some() {
        fs::write(&file, &lines).expect("the snapshot, written");
    }
    let snapshot = fs::read_to_string(&file).expect("the snapshot: make it with UPDATE_SNAPSHOTS=1");
    assert_eq!(lines, snapshot, "the codes have changed: run again with UPDATE_SNAPSHOTS=1 and say so in CHANGELOG.md");
}
