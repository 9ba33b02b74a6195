//! Channels and presence that a live connection follows.

use super::Call;
use crate::auth::Caller;
use crate::error::{ApiError, ErrorCode};
use crate::events::presence::watching_changed;

/// The subscription that a request asks for.
#[derive(Debug, Default)]
pub(crate) struct Subscription {
    connection_id: Option<String>,
    watch: bool,
    presence: bool,
}

impl Call<'_> {
    /// Returns the subscription that a request asks for. The request names the connection, which
    /// must be the caller's own.
    pub(crate) fn subscription(
        &self,
        watch: Option<bool>,
        presence: Option<bool>,
    ) -> Result<Subscription, ApiError> {
        let (watch, presence) = (watch == Some(true), presence == Some(true));
        if !watch && !presence {
            return Ok(Subscription::default());
        }
        let id = self.request.query.get("connection_id").filter(|id| !id.is_empty());
        let (Caller::User(_), Some(id)) = (self.caller, id) else {
            return Err(ApiError::input(
                "Watch or Presence requires an active websocket connection, please make sure to \
                 include your websocket connection_id",
            ));
        };
        self.check_connection(id)?;
        Ok(Subscription { connection_id: Some(id.to_owned()), watch, presence })
    }

    /// Refuses a connection of another user.
    pub(crate) fn check_connection(&self, id: &str) -> Result<(), ApiError> {
        let connection = self.world.live.get(id);
        let is_own = connection
            .is_some_and(|connection| *self.caller == Caller::User(connection.user_id.clone()));
        if is_own {
            return Ok(());
        }
        Err(ApiError::new(ErrorCode::ConnectionNotFound, format!("connection id {id} not found")))
    }

    /// Subscribes the connection to a channel.
    pub(crate) fn subscribe(&mut self, subscription: &Subscription, cid: &str) {
        let Some(id) = &subscription.connection_id else {
            return;
        };
        if subscription.presence {
            self.world.live.follow_channel(id, cid);
        }
        if subscription.watch && self.world.live.watch(id, cid) {
            self.emit_watching("user.watching.start", cid);
        }
    }

    /// Subscribes the connection to the presence of a user.
    pub(crate) fn follow(&mut self, subscription: &Subscription, user_id: &str) {
        if let Some(id) = &subscription.connection_id {
            self.world.live.follow_user(id, user_id);
        }
    }

    /// Ends the subscription of a connection to a channel.
    pub(crate) fn unsubscribe(&mut self, id: &str, cid: &str) {
        if self.world.live.unwatch(id, cid) {
            self.emit_watching("user.watching.stop", cid);
        }
    }

    fn emit_watching(&mut self, kind: &'static str, cid: &str) {
        if let Caller::User(user_id) = self.caller {
            self.emit_some(|view| watching_changed(view, kind, cid, user_id));
        }
    }
}
