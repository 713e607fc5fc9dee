//! A change that a test makes at one point of the minting.

use std::fmt;
use std::sync::Arc;

type Edit<T> = dyn Fn(&mut T) + Send + Sync;

/// Nothing by default, or a closure that edits the value in place. Whatever is made after that point is made over the
/// edited value.
pub struct Hook<T: ?Sized>(Option<Arc<Edit<T>>>);

impl<T: ?Sized> Hook<T> {
    /// A hook that runs `edit`.
    pub fn new(edit: impl Fn(&mut T) + Send + Sync + 'static) -> Self {
        Self(Some(Arc::new(edit)))
    }

    /// Makes `edit` the change: `spec.entry().alter_checkpoint.set(|c| c.origin = …)`.
    pub fn set(&mut self, edit: impl Fn(&mut T) + Send + Sync + 'static) {
        *self = Self::new(edit);
    }

    /// Runs the edit, if there is one.
    pub fn apply(&self, value: &mut T) {
        if let Some(edit) = &self.0 {
            edit(value);
        }
    }
}

impl<T: ?Sized> Clone for Hook<T> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<T: ?Sized> Default for Hook<T> {
    fn default() -> Self {
        Self(None)
    }
}

impl<T: ?Sized> fmt::Debug for Hook<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_some() { "Hook(..)" } else { "Hook" })
    }
}
