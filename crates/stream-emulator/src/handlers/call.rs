//! A call, as handlers see it.

use crate::{
    auth::Actor,
    render::{Times, View},
    server::{ApiError, PathParameters, QueryParameters},
    state::{Channel, Message, Moment, User, UserInput, World, cid},
    webhooks::Event,
};
use serde::de::DeserializeOwned;
use serde_json::Value;

/// The parts of a request that say what is asked for.
#[derive(Debug)]
pub(crate) struct Input {
    pub(crate) path: PathParameters,
    pub(crate) query: QueryParameters,
    pub(crate) body: Value,
}

impl Input {
    /// The body as the type that an operation expects.
    pub(crate) fn body<T: DeserializeOwned>(&self) -> Result<T, ApiError> {
        decode(self.body.clone())
    }
}

/// JSON as the type that is expected.
pub(crate) fn decode<T: DeserializeOwned>(value: Value) -> Result<T, ApiError> {
    serde_json::from_value(value).map_err(|error| ApiError::input(error.to_string()))
}

/// A call that is being handled.
#[derive(Debug)]
pub(crate) struct Call<'a> {
    pub(crate) world: &'a mut World,
    pub(crate) actor: &'a Actor,
    pub(crate) input: &'a Input,
    pub(crate) now: Moment,
}

impl Call<'_> {
    /// The state as the answer shows it.
    pub(crate) fn view(&self) -> View<'_> {
        View {
            world: self.world,
            times: Times::Nanoseconds,
            viewer: match self.actor {
                Actor::Server => None,
                Actor::User(id) => Some(id),
            },
        }
    }

    /// Notes that something has happened, if anyone is to be told.
    pub(crate) fn emit(&mut self, event: impl FnOnce(View<'_>, Moment) -> Event) {
        if !crate::webhooks::has_hooks(&self.world.app) {
            return;
        }
        let view = View { world: self.world, times: Times::Rfc3339, viewer: None };
        let event = event(view, self.now);
        self.world.events.push(event);
    }

    /// The cid that the path names.
    pub(crate) fn cid(&self) -> String {
        let path = &self.input.path;
        cid(path.get("type"), path.get("id"))
    }

    /// The channel that the path names.
    pub(crate) fn channel(&self) -> Result<&Channel, ApiError> {
        self.channel_by_cid(&self.cid())
    }

    /// A channel that must exist.
    pub(crate) fn channel_by_cid(&self, cid: &str) -> Result<&Channel, ApiError> {
        let (kind, _) = cid.split_once(':').unwrap_or_default();
        check_channel_type(kind)?;
        self.world.living_channel(cid).ok_or_else(|| no_channel(cid))
    }

    /// Changes a channel that exists.
    pub(crate) fn channel_mut(&mut self, cid: &str) -> Result<&mut Channel, ApiError> {
        self.world.channels.get_mut(cid).ok_or_else(|| no_channel(cid))
    }

    /// A message that must exist.
    pub(crate) fn message(&self, id: &str) -> Result<&Message, ApiError> {
        self.world.messages.get(id).ok_or_else(|| no_message(id))
    }

    /// Changes a message that exists.
    pub(crate) fn message_mut(&mut self, id: &str) -> Result<&mut Message, ApiError> {
        self.world.messages.get_mut(id).ok_or_else(|| no_message(id))
    }

    /// Refuses a call of anyone but a backend.
    pub(crate) fn server_only(&self) -> Result<(), ApiError> {
        match self.actor {
            Actor::Server => Ok(()),
            Actor::User(id) => Err(ApiError::not_allowed(format!(
                "user {id} may not do this: it takes server-side authentication"
            ))),
        }
    }

    /// Who acts: the user of the token, or the one that a backend names.
    pub(crate) fn acting_user(
        &mut self,
        user_id: Option<&str>,
        user: Option<&UserInput>,
        field: &str,
    ) -> Result<String, ApiError> {
        self.named_user(user_id, user, field)?.ok_or_else(|| {
            ApiError::input(format!(
                "either {field} or {field}_id must be provided when using server side auth"
            ))
        })
    }

    /// As [`Self::acting_user`], where a backend need not name anyone.
    pub(crate) fn named_user(
        &mut self,
        user_id: Option<&str>,
        user: Option<&UserInput>,
        field: &str,
    ) -> Result<Option<String>, ApiError> {
        if let Actor::User(id) = self.actor {
            super::require_users(self.world, [id.as_str()], "the token")?;
            return Ok(Some(id.clone()));
        }
        if let Some(user) = user.filter(|user| !user.id.is_empty()) {
            super::users::check_id(&user.id)?;
            return Ok(Some(self.user_on_the_way(user)));
        }
        let Some(id) = user_id.filter(|id| !id.is_empty()) else {
            return Ok(None);
        };
        super::require_users(self.world, [id], &format!("{field}_id"))?;
        Ok(Some(id.to_owned()))
    }

    /// A user that a request describes in full is made or updated by the way.
    fn user_on_the_way(&mut self, user: &UserInput) -> String {
        let now = self.now;
        self.world
            .users
            .entry(user.id.clone())
            .or_insert_with(|| User::new(&user.id, now))
            .merge(user.clone(), now);
        user.id.clone()
    }
}

/// Refuses channel types that do not exist.
pub(crate) fn check_channel_type(kind: &str) -> Result<(), ApiError> {
    match crate::render::channel_type(kind) {
        Some(_) => Ok(()),
        None => Err(ApiError::not_found(format!("channel type {kind} does not exist"))),
    }
}

fn no_channel(cid: &str) -> ApiError {
    ApiError::not_found(format!("Can't find channel with id {cid}"))
}

fn no_message(id: &str) -> ApiError {
    ApiError::not_found(format!("Message with id {id} doesn't exist"))
}
