//! A typed response instead of JSON.

use std::any::Any;
use std::sync::{Arc, Mutex, PoisonError};

/// A response as a value instead of JSON, in the extensions of a response of a `Script`.
#[derive(Clone)]
pub(crate) struct Prepared(Arc<Mutex<Option<Box<dyn Any + Send>>>>);

impl Prepared {
    pub(crate) fn new<T: Send + 'static>(value: T) -> Self {
        Self(Arc::new(Mutex::new(Some(Box::new(value)))))
    }

    /// Takes the value, if it is of this type and was not taken before.
    pub(crate) fn take<T: 'static>(&self) -> Option<T> {
        let mut slot = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        slot.take()?.downcast().ok().map(|value| *value)
    }
}
