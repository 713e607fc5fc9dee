//! The next step that a report tells: a trusted root that is older than the bundle is the commonest of all failures.

use admissible::time::UnixTime;
use admissible_box::world::World;

use crate::Case;
use crate::edited::{message, message_v2};

fn hint(case: &Case, check: &str, code: &str) -> Option<String> {
    let report = case.rejected(&[(check, code)]);
    report.failures().into_iter().next()?.hint
}

fn time(seconds: i64) -> String {
    UnixTime::from_seconds(seconds).expect("a time").to_string()
}

/// The authority that signed is in the root, and was retired before.
#[test]
fn the_authority_was_retired() {
    let mut ended = 0;
    let case = message(|world, _| {
        ended = world.time - 86_400;
        world.cas[0].valid_for.end = Some(ended);
    });
    let found = hint(&case, "certificate-path", "certificate-outside-authority-window").expect("a hint");
    assert!(found.starts_with(&format!("your trusted root ends {}, this bundle is from ", time(ended))), "{found}");
    assert!(found.ends_with(": update the trusted root"), "{found}");
}

/// The authorities that signed are newer than the root, which knows only those before.
#[test]
fn the_root_is_from_before_the_last_rotation() {
    let before = |world: &mut World| {
        let old = World::at("an older generation", world.time - 864_000);
        world.cas.iter_mut().for_each(|ca| ca.trusted = false);
        world.cas.extend(old.cas);
        let ended = world.time - 86_400;
        world.cas.iter_mut().for_each(|ca| ca.valid_for.end = Some(ended));
        ended
    };
    let mut ended = 0;
    let case = message(|world, _| ended = before(world));
    let report = case.inspect();
    let failure = &report.failures()[0];
    assert!(["certificate-unknown-issuer", "certificate-signature-invalid"].contains(&failure.code), "{failure:?}");
    let found = failure.hint.as_deref().expect("a hint");
    assert!(found.starts_with(&format!("your trusted root ends {}, this bundle is from ", time(ended))), "{found}");

    let mut stamped = 0;
    let case = message_v2(|world, _| {
        world.tsas.iter_mut().for_each(|tsa| tsa.trusted = false);
        stamped = world.time - 86_400;
        world.logs.iter_mut().for_each(|log| log.valid_for.end = Some(stamped));
    });
    let found = hint(&case, "signing-time", "signing-time-missing").expect("a hint");
    assert!(found.starts_with(&format!("your trusted root ends {}, this bundle is from ", time(stamped))), "{found}");
}

/// A root that is still open is perhaps of another instance.
#[test]
fn the_root_is_of_another_instance() {
    let case = message(|world, _| world.cas.iter_mut().for_each(|ca| ca.trusted = false));
    let found = hint(&case, "certificate-path", "certificate-no-authority").expect("a hint");
    assert!(found.contains("another Sigstore instance"), "{found}");
}
