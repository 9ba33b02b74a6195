//! The name and the image of a channel, which are custom data.

use crate::request::Request;
use stream_models::channels::{GetOrCreateChannel, GetOrCreateDistinctChannel, UpdateChannel};

/// Defines what every client of Stream shows of a channel and the API keeps as custom data.
macro_rules! appearance {
    ($($operation:ident)*) => {$(
        impl Request<$operation> {
            /// The name of the channel, which clients show. It is custom data under `name`.
            pub fn name(self, name: impl Into<String>) -> Self {
                self.custom("name", name.into())
            }

            /// The URL of the image that clients show for the channel. It is custom data under
            /// `image`.
            pub fn image(self, url: impl Into<String>) -> Self {
                self.custom("image", url.into())
            }
        }
    )*};
}

appearance! { GetOrCreateChannel GetOrCreateDistinctChannel UpdateChannel }
