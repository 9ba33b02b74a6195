//! The context in which an operation runs.

use std::sync::Arc;

use super::{Request, check_count, check_user_id, require_users};
use crate::auth::Caller;
use crate::document::Object;
use crate::error::ApiError;
use crate::events::Event;
use crate::state::{Channel, Message, Timestamp, User, UserInput, World, cid};
use crate::view::View;

/// The maximum number of names of custom data of members.
const MAX_MEMBER_CUSTOM: usize = 8;

/// A call that is being handled.
#[derive(Debug)]
pub(crate) struct Call<'a> {
    pub(crate) world: &'a mut World,
    pub(crate) caller: &'a Caller,
    pub(crate) request: &'a Request,
    pub(crate) now: Timestamp,
    /// The events so far.
    events: Vec<Event>,
    has_listeners: bool,
    /// The names of the custom data of members that messages show of their authors.
    member_custom: Vec<String>,
}

impl<'a> Call<'a> {
    /// Creates the context of a call. Events are recorded only if someone listens.
    pub(crate) fn new(
        world: &'a mut World,
        caller: &'a Caller,
        request: &'a Request,
        has_listeners: bool,
    ) -> Self {
        let now = world.clock.tick();
        Self {
            world,
            caller,
            request,
            now,
            events: Vec::new(),
            has_listeners,
            member_custom: Vec::new(),
        }
    }

    pub(crate) fn has_listeners(&self) -> bool {
        self.has_listeners
    }

    /// Returns a parameter of the path.
    pub(crate) fn path(&self, name: &str) -> &'a str {
        let request: &'a Request = self.request;
        request.path.get(name)
    }

    /// Returns the events, in order, with the request that caused them.
    pub(crate) fn into_events(self) -> Vec<Event> {
        if self.events.is_empty() {
            return self.events;
        }
        let info = self.request_info().map(Arc::new);
        let mut events = self.events;
        for event in &mut events {
            event.request_info.clone_from(&info);
        }
        events
    }

    /// Describes the request to the app's own server; `None` for requests of the emulator itself.
    pub(crate) fn request_info(&self) -> Option<Object> {
        let origin = self.request.origin.as_ref()?;
        let kind = match self.caller {
            Caller::Server => "server",
            Caller::User(_) => "client",
        };
        let info = Object::new()
            .field("type", kind)
            .optional("ip", origin.ip.map(|ip| ip.to_string()))
            .optional("user_agent", origin.user_agent.as_deref())
            .optional("sdk", origin.sdk.as_deref())
            .optional("ext", origin.ext.as_deref());
        Some(info)
    }
}

impl Call<'_> {
    /// Returns a view of the state as the caller may see it.
    pub(crate) fn view(&self) -> View<'_> {
        let view = View::of_backend(self.world, self.now);
        let view = View { member_custom: &self.member_custom, ..view };
        match self.caller {
            Caller::Server => view,
            Caller::User(id) => view.of(id),
        }
    }

    /// Makes messages show custom data of their authors as members.
    pub(crate) fn include_member_custom(&mut self, names: Vec<String>) -> Result<(), ApiError> {
        check_count("member_custom_include", names.len(), MAX_MEMBER_CUSTOM)?;
        self.member_custom = names;
        Ok(())
    }

    /// Makes messages show what the query names, as [`Self::include_member_custom`] does.
    pub(crate) fn include_queried_member_custom(&mut self) -> Result<(), ApiError> {
        let names = self.request.query.list("member_custom_include");
        self.include_member_custom(names)
    }

    /// Records an event, if anyone listens. Events contain only what everyone may see.
    pub(crate) fn emit(&mut self, event: impl FnOnce(View<'_>) -> Event) {
        if !self.has_listeners {
            return;
        }
        let event = event(View::of_backend(self.world, self.now));
        self.events.extend(event.with_asides());
    }

    /// Records an event, if there is one and anyone listens.
    pub(crate) fn emit_some(&mut self, event: impl FnOnce(View<'_>) -> Option<Event>) {
        if !self.has_listeners {
            return;
        }
        let event = event(View::of_backend(self.world, self.now));
        self.events.extend(event.into_iter().flat_map(Event::with_asides));
    }

    /// Returns the cid of the channel in the path.
    pub(crate) fn cid(&self) -> String {
        cid(self.path("type"), self.path("id"))
    }

    /// Returns the channel in the path.
    pub(crate) fn channel(&self) -> Result<&Channel, ApiError> {
        self.channel_by_cid(&self.cid())
    }

    /// Returns a channel by its cid.
    pub(crate) fn channel_by_cid(&self, cid: &str) -> Result<&Channel, ApiError> {
        let (kind, _) = cid.split_once(':').unwrap_or_default();
        self.check_channel_type(kind)?;
        let channel = self.world.living_channel(cid).ok_or_else(|| no_channel(cid))?;
        match self.caller {
            Caller::User(id)
                if channel.disabled
                    && !self.world.is_granted_in(channel, id, "read-disabled-channel") =>
            {
                Err(ApiError::not_allowed(format!("channel {cid} is disabled for user {id}")))
            }
            _ => Ok(channel),
        }
    }

    /// Returns a channel that is known to exist, for changes.
    pub(crate) fn channel_mut(&mut self, cid: &str) -> Result<&mut Channel, ApiError> {
        self.world.channels.get_mut(cid).ok_or_else(|| no_channel(cid))
    }

    /// Refuses channel types that do not exist.
    pub(crate) fn check_channel_type(&self, kind: &str) -> Result<(), ApiError> {
        match self.world.channel_types.contains_key(kind) {
            true => Ok(()),
            false => Err(ApiError::not_found(format!("channel type {kind} does not exist"))),
        }
    }

    /// Returns a message, which may be deleted.
    pub(crate) fn message(&self, id: &str) -> Result<&Message, ApiError> {
        let message = self.world.messages.get(id);
        // A message that the caller may not see does not exist for them.
        let message = message.filter(|message| self.view().may_see(message));
        message.ok_or_else(|| self.no_message(id))
    }

    /// Returns a message that another message of the same channel may refer to.
    pub(crate) fn message_in(&self, cid: &str, id: &str) -> Result<&Message, ApiError> {
        let message = self.message(id)?;
        match message.cid == cid {
            true => Ok(message),
            false => Err(unknown_message(id)),
        }
    }

    /// Returns a message, for changes.
    pub(crate) fn message_mut(&mut self, id: &str) -> Result<&mut Message, ApiError> {
        self.message(id)?;
        self.world.messages.get_mut(id).ok_or_else(|| unknown_message(id))
    }

    fn no_message(&self, id: &str) -> ApiError {
        match self.world.was_in_deleted_channel(id) {
            true => ApiError::not_found(format!("the channel of message {id} has been deleted")),
            false => unknown_message(id),
        }
    }

    /// Returns a message that is not deleted.
    pub(crate) fn living_message(&self, id: &str) -> Result<&Message, ApiError> {
        let message = self.message(id)?;
        if message.deleted_at.is_some() {
            return Err(ApiError::not_found(format!("Message with id {id} has been deleted")));
        }
        Ok(message)
    }

    /// Returns the acting user: the user of the token, or the one that a backend names.
    pub(crate) fn acting_user(
        &mut self,
        user_id: Option<&str>,
        user: Option<&UserInput>,
        field: &str,
    ) -> Result<String, ApiError> {
        self.named_user(user_id, user, field)?.ok_or_else(|| {
            ApiError::input(format!(
                "either {field} or {field}_id must be provided when using server side auth."
            ))
        })
    }

    /// Returns the acting user as [`Self::acting_user`] does; a backend need not name one.
    pub(crate) fn named_user(
        &mut self,
        user_id: Option<&str>,
        user: Option<&UserInput>,
        field: &str,
    ) -> Result<Option<String>, ApiError> {
        if let Caller::User(id) = self.caller {
            require_users(self.world, [id.as_str()], "the token")?;
            self.check_active(id)?;
            return Ok(Some(id.clone()));
        }
        let user = user.filter(|user| !user.id.is_empty());
        let user_id = user_id.filter(|id| !id.is_empty());
        match (user, user_id) {
            (Some(_), Some(_)) => {
                Err(ApiError::input(format!("cannot set both {field} and {field}_id.")))
            }
            (Some(user), None) => {
                check_user_id(&user.id)?;
                self.check_active(&user.id)?;
                Ok(Some(self.upsert_user(user)))
            }
            (None, Some(id)) => {
                require_users(self.world, [id], &format!("{field}_id"))?;
                self.check_active(id)?;
                Ok(Some(id.to_owned()))
            }
            (None, None) => Ok(None),
        }
    }

    /// Refuses users who were deactivated or deleted.
    pub(super) fn check_active(&self, id: &str) -> Result<(), ApiError> {
        match self.world.users.get(id) {
            Some(user) if user.deactivated_at.is_some() => {
                Err(ApiError::input(format!("user {id} was deactivated")))
            }
            Some(user) if user.deleted_at.is_some() => {
                Err(ApiError::input(format!("user {id} was deleted")))
            }
            _ => Ok(()),
        }
    }

    /// Creates or updates a user whom a request contains as an object.
    fn upsert_user(&mut self, user: &UserInput) -> String {
        let now = self.now;
        self.world
            .users
            .entry(user.id.clone())
            .or_insert_with(|| User::new(&user.id, now))
            .merge(user.clone(), now);
        user.id.clone()
    }
}

fn no_channel(cid: &str) -> ApiError {
    ApiError::not_found(format!("Can't find channel with id {cid}"))
}

fn unknown_message(id: &str) -> ApiError {
    ApiError::not_found(format!("message with id {id} not found"))
}
