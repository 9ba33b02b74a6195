//! The name and the image of a channel, which are custom data.

use crate::request::Request;
use stream_models::channels::{GetOrCreateChannel, GetOrCreateDistinctChannel, UpdateChannel};

/// Defines the setters of the fields that Stream's clients display and the API stores as custom
/// data.
macro_rules! appearance {
    ($($operation:ident)*) => {$(
        impl Request<$operation> {
            /// Sets the name of the channel, which clients display. It is custom data under `name`.
            pub fn name(self, name: impl Into<String>) -> Self {
                self.custom("name", name.into())
            }

            /// Sets the URL of the channel's image, which clients display. It is custom data under
            /// `image`.
            pub fn image(self, url: impl Into<String>) -> Self {
                self.custom("image", url.into())
            }
        }
    )*};
}

appearance! { GetOrCreateChannel GetOrCreateDistinctChannel UpdateChannel }
