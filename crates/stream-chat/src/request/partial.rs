use super::Request;
use serde::Serialize;
use stream_models::channels::UpdateChannelPartial;
use stream_models::members::UpdateMemberPartial;
use stream_models::messages::UpdateMessagePartial;

/// Setters of the requests that change a part of something and leave the rest as it is.
macro_rules! partial {
    ($($operation:ident),*) => {$(
        impl Request<$operation> {
            /// Sets a field to anything that serialises; one that Stream does not know becomes
            /// custom data.
            pub fn set(mut self, key: impl Into<String>, value: impl Serialize) -> Self {
                self.operation.body.set.get_or_default().set(key, value);
                self
            }

            /// Removes a field.
            pub fn unset(mut self, key: impl Into<String>) -> Self {
                self.operation.body.unset.get_or_default().push(key.into());
                self
            }
        }
    )*};
}

partial!(UpdateChannelPartial, UpdateMemberPartial, UpdateMessagePartial);
