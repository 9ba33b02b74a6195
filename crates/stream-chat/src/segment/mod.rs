//! Segments: methods that combine or specialize operations.

use crate::{Request, SegmentHandle, Segments};
use stream_http::Error;
use stream_models::segments::CreateSegment;
use stream_models::shared::UserOrChannel;

impl Segments {
    /// Creates a segment of users.
    ///
    /// `POST /api/v2/chat/segments` · [guide](crate::guide::large_jobs)
    pub fn create_user_segment(&self) -> Request<CreateSegment> {
        self.create(UserOrChannel::User)
    }

    /// Creates a segment of channels.
    ///
    /// `POST /api/v2/chat/segments` · [guide](crate::guide::large_jobs)
    pub fn create_channel_segment(&self) -> Request<CreateSegment> {
        self.create(UserOrChannel::Channel)
    }
}

impl SegmentHandle {
    /// Returns whether the segment has a target.
    ///
    /// `GET /api/v2/chat/segments/{id}/target/{target_id}` · [guide](crate::guide::large_jobs)
    ///
    /// # Errors
    /// See [`Error`]. The server does not distinguish a missing target from a missing segment.
    pub async fn has_target(&self, target_id: impl Into<String>) -> Result<bool, Error> {
        match self.target_exists(target_id).await {
            Ok(_) => Ok(true),
            Err(error) if error.is_not_found() => Ok(false),
            Err(error) => Err(error),
        }
    }
}
