use crate::codec::decode::DecodeObject;

/// Builds what the server sends, for tests of one's own code: the types of responses cannot be
/// written out, because fields may be added to them. What is not set is as it is read when it is
/// missing: empty.
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
    /// Creates an empty value and sets what `set` sets.
    #[must_use]
    fn build(set: impl FnOnce(&mut Self)) -> Self {
        let mut value = Self::default();
        set(&mut value);
        value
    }
}

impl<T: DecodeObject> Build for T {}
