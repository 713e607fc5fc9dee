//! Judgements that wait for the host's word on signatures: they stay in here, and JavaScript holds no more than a handle.

use std::cell::Cell;
use std::rc::Rc;

use admissible::crypto::{self, Asking, Memory, Question};
use admissible::limits::MAX_DEFERRED;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::host::Host;

/// What a call answers, or throws.
pub type Answer = Result<Answered, String>;

/// The text of an answer, and the payload that goes with it.
pub struct Answered {
    /// JSON.
    pub text: String,
    /// What was signed.
    pub payload: Option<Vec<u8>>,
}

impl From<String> for Answered {
    fn from(text: String) -> Self {
        Self { text, payload: None }
    }
}

/// A judgement that waits. It ends with `settle` of its verifier, or with `free`.
#[wasm_bindgen]
pub struct Deferred {
    inner: crypto::Deferred<Answer>,
    waiting: Waiting,
}

impl Deferred {
    /// Judges by a door that asks the host; nothing while too many wait.
    pub fn judge(
        memory: &Memory,
        waiting: &Waiting,
        host: &Host,
        judge: impl FnOnce(&Asking<'_>) -> Answer,
    ) -> Option<Self> {
        let waiting = waiting.one_more()?;
        let ask = |question: Question<'_>| host.put(question);
        Some(Self { inner: crypto::Deferred::judge(memory, &ask, judge), waiting })
    }

    /// Verifies what is not for the host.
    pub fn verify_own(&mut self, memory: &Memory) {
        self.inner.verify_own(memory);
    }

    /// The answer, if every signature is valid.
    pub fn settle(self, memory: &Memory, found_valid: usize) -> Option<Answer> {
        let Self { inner, waiting } = self;
        drop(waiting);
        inner.settle(memory, found_valid)
    }
}

/// How many judgements of a verifier wait: each that does holds one of these, beside the verifier's own.
#[derive(Default)]
pub struct Waiting(Rc<Cell<()>>);

impl Waiting {
    fn one_more(&self) -> Option<Self> {
        let waiting = Rc::strong_count(&self.0).saturating_sub(1);
        (waiting < MAX_DEFERRED).then(|| Self(Rc::clone(&self.0)))
    }
}
