//! The signal that an attempt timed out.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

type Action = Box<dyn FnOnce() + Send>;

/// The signal to a transport that its attempt has timed out.
///
/// A transport only sees that its future is dropped, whether the attempt timed out or the caller
/// dropped it. The difference matters to a pool: a connection on which an attempt timed out may
/// hang, and should get no new requests. The executor puts a signal into the extensions of each
/// request, and fires it when it drops an attempt that exceeded the attempt timeout, the idle
/// timeout of a streaming body, or the deadline of the call. It does not fire when the caller drops
/// the future in time.
///
/// A transport that keeps no connections can ignore it:
///
/// ```
/// use stream_http::{RequestBody, TimeoutSignal};
///
/// fn watch(request: &http::Request<RequestBody>, leave_connection: impl FnOnce() + Send + 'static) {
///     if let Some(signal) = request.extensions().get::<TimeoutSignal>() {
///         signal.on_timeout(leave_connection);
///     }
/// }
/// # let mut request = http::Request::new(RequestBody::empty());
/// # let signal = TimeoutSignal::new();
/// # request.extensions_mut().insert(signal.clone());
/// # let (sender, receiver) = std::sync::mpsc::channel();
/// # watch(&request, move || sender.send(()).unwrap());
/// # assert!(receiver.try_recv().is_err());
/// # signal.fire();
/// # assert!(receiver.try_recv().is_ok());
/// ```
#[derive(Clone, Default)]
pub struct TimeoutSignal(Arc<Mutex<State>>);

enum State {
    Waiting(Option<Action>),
    Fired,
}

impl Default for State {
    fn default() -> Self {
        Self::Waiting(None)
    }
}

impl TimeoutSignal {
    /// Creates a signal that has not fired.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Runs `action` if the attempt times out, on the task that detects it: the action must be
    /// short and must not block. It runs at once if the attempt has already timed out, and never if
    /// the attempt ends otherwise.
    pub fn on_timeout(&self, action: impl FnOnce() + Send + 'static) {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match &mut *state {
            State::Waiting(slot) => {
                *slot = Some(match slot.take() {
                    None => Box::new(action),
                    Some(earlier) => Box::new(move || {
                        earlier();
                        action();
                    }),
                });
            }
            State::Fired => {
                drop(state);
                action();
            }
        }
    }

    /// Fires the signal. The executor does this; call it to test a transport.
    pub fn fire(&self) {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let before = std::mem::replace(&mut *state, State::Fired);
        drop(state);
        if let State::Waiting(Some(action)) = before {
            action();
        }
    }
}

impl fmt::Debug for TimeoutSignal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TimeoutSignal(..)")
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    #[test]
    fn actions_run_once_and_late_ones_at_once() {
        let signal = TimeoutSignal::new();
        let ran = Arc::new(AtomicUsize::new(0));
        let count = || {
            let ran = ran.clone();
            move || {
                ran.fetch_add(1, Ordering::SeqCst);
            }
        };
        signal.on_timeout(count());
        signal.clone().on_timeout(count());
        assert_eq!(ran.load(Ordering::SeqCst), 0);
        signal.fire();
        signal.fire();
        assert_eq!(ran.load(Ordering::SeqCst), 2);
        signal.on_timeout(count());
        assert_eq!(ran.load(Ordering::SeqCst), 3);
    }
}
