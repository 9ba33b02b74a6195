//! Building of responses in tests.

use crate::codec::decode::DecodeObject;

/// Builds responses and events for tests of your own code. Their types have no struct literals,
/// because fields may be added to them. A field that is not set has the value of a missing one: it
/// is empty.
///
/// ```
/// use stream_models::Build;
/// use stream_models::messages::MessageResponse;
///
/// let message = MessageResponse::build(|message| {
///     message.text = "hi".to_owned();
///     message.user.id = "john".to_owned();
///     message.cid = "messaging:general".into();
/// });
/// assert_eq!(message.user.id, "john");
/// assert_eq!(message.reply_count, 0);
/// ```
pub trait Build: Default {
    /// Creates an empty value and passes it to `set`.
    #[must_use]
    fn build(set: impl FnOnce(&mut Self)) -> Self {
        let mut value = Self::default();
        set(&mut value);
        value
    }
}

impl<T: DecodeObject> Build for T {}
