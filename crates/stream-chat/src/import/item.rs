//! The lines of an import file.

use std::fmt;

use serde::Serialize;
use serde_json::{Map, Value};

use stream_models::messages::MessageRequest;
use stream_models::push::PushProviderType;
use stream_models::users::UserRequest;
use stream_models::{Cid, Timestamp};

/// The kind of an item in an import file, in the required order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum ImportKind {
    /// A user.
    User,
    /// A device of a user, for push.
    Device,
    /// A channel.
    Channel,
    /// A member of a channel.
    Member,
    /// A message of a channel.
    Message,
    /// A reaction to a message.
    Reaction,
}

impl ImportKind {
    /// All kinds, in order.
    pub const ALL: [Self; 6] =
        [Self::User, Self::Device, Self::Channel, Self::Member, Self::Message, Self::Reaction];

    /// Returns the name of the kind in the file.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::Device => "device",
            Self::Channel => "channel",
            Self::Member => "member",
            Self::Message => "message",
            Self::Reaction => "reaction",
        }
    }

    pub(super) fn of_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == name)
    }
}

impl fmt::Display for ImportKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A line of an import file.
///
/// [`ImportItem::set`] sets any field that the import knows; unknown fields are custom data.
#[derive(Debug, Clone, PartialEq)]
#[must_use = "it does nothing until it is written"]
pub struct ImportItem {
    pub(super) kind: ImportKind,
    pub(super) fields: Map<String, Value>,
    /// The reason why a field could not be set.
    pub(super) problem: Option<String>,
}

impl ImportItem {
    fn new<const N: usize>(kind: ImportKind, fields: [(&str, String); N]) -> Self {
        let fields = fields.into_iter().map(|(name, value)| (name.to_owned(), value.into()));
        Self { kind, fields: fields.collect(), problem: None }
    }

    /// Creates a user.
    pub fn user(id: impl Into<String>) -> Self {
        Self::new(ImportKind::User, [("id", id.into())])
    }

    /// Creates a device of a user.
    pub fn device(
        id: impl Into<String>,
        provider: impl Into<PushProviderType>,
        user_id: impl Into<String>,
    ) -> Self {
        let provider = provider.into().as_str().to_owned();
        let fields = [("id", id.into()), ("user_id", user_id.into()), ("push_provider", provider)];
        Self::new(ImportKind::Device, fields)
    }

    /// Creates a channel, identified by its full ID, such as `messaging:general`.
    pub fn channel(cid: impl Into<Cid>, created_by: impl Into<String>) -> Self {
        Self::new(ImportKind::Channel, [("created_by", created_by.into())])
            .of_channel(&cid.into(), ["type", "id"])
    }

    /// Creates a member of a channel.
    pub fn member(cid: impl Into<Cid>, user_id: impl Into<String>) -> Self {
        Self::new(ImportKind::Member, [("user_id", user_id.into())])
            .of_channel(&cid.into(), ["channel_type", "channel_id"])
    }

    /// Creates a message of a channel, with all fields of a request to send it. The request needs
    /// the ID of the message and of its user. The message is a regular one unless `type` is set.
    ///
    /// ```
    /// use stream_chat::MessageRequest;
    /// use stream_chat::import::ImportItem;
    ///
    /// let message = MessageRequest::from("Hello").id("m-1").user_id("john");
    /// let item = ImportItem::message("messaging:general", message);
    /// assert_eq!(item.fields()["channel_id"], "general");
    /// ```
    pub fn message(cid: impl Into<Cid>, message: impl Into<MessageRequest>) -> Self {
        let mut item = Self::new(ImportKind::Message, [])
            .merge(&message.into())
            .of_channel(&cid.into(), ["channel_type", "channel_id"]);
        if let Some(user) = item.fields.remove("user_id") {
            item.fields.insert("user".to_owned(), user);
        }
        item.fields.entry("type").or_insert_with(|| "regular".into());
        item
    }

    /// Creates a reaction to a message, such as `like`.
    pub fn reaction(
        message_id: impl Into<String>,
        reaction_type: impl Into<String>,
        user_id: impl Into<String>,
    ) -> Self {
        let fields = [
            ("message_id", message_id.into()),
            ("type", reaction_type.into()),
            ("user_id", user_id.into()),
        ];
        Self::new(ImportKind::Reaction, fields)
    }

    /// Sets the name.
    pub fn name(self, name: impl Into<String>) -> Self {
        self.set("name", name.into())
    }

    /// Sets the creation timestamp.
    pub fn created_at(self, timestamp: impl Into<Timestamp>) -> Self {
        self.set("created_at", timestamp.into())
    }

    /// Sets the timestamp of the last update.
    pub fn updated_at(self, timestamp: impl Into<Timestamp>) -> Self {
        self.set("updated_at", timestamp.into())
    }

    /// Sets custom data, which is stored beside the other fields.
    pub fn custom(self, key: impl Into<String>, value: impl Serialize) -> Self {
        self.set(key, value)
    }

    /// Sets any field.
    pub fn set(mut self, name: impl Into<String>, value: impl Serialize) -> Self {
        let name = name.into();
        match serde_json::to_value(value) {
            Ok(value) => drop(self.fields.insert(name, value)),
            Err(error) => self.problem = Some(format!("`{name}`: {error}")),
        }
        self
    }

    /// Returns the kind of the item.
    #[must_use]
    pub const fn kind(&self) -> ImportKind {
        self.kind
    }

    /// Returns the fields as they are written.
    #[must_use]
    pub const fn fields(&self) -> &Map<String, Value> {
        &self.fields
    }

    /// Sets the fields that identify the channel.
    fn of_channel(mut self, cid: &Cid, [channel_type, id]: [&str; 2]) -> Self {
        if let Err(invalid) = cid.as_str().parse::<Cid>() {
            self.problem = Some(invalid.to_string());
        }
        self.fields.insert(channel_type.to_owned(), cid.channel_type().into());
        self.fields.insert(id.to_owned(), cid.id().into());
        self
    }

    /// Adds the fields of a request, with its custom data at the same level.
    fn merge(mut self, request: &impl Serialize) -> Self {
        match serde_json::to_value(request) {
            Ok(Value::Object(mut fields)) => {
                if let Some(Value::Object(custom)) = fields.remove("custom") {
                    self.fields.extend(custom);
                }
                fields.retain(|_, value| !value.is_null());
                self.fields.extend(fields);
            }
            Ok(_) => self.problem = Some("the request is not an object".to_owned()),
            Err(error) => self.problem = Some(error.to_string()),
        }
        self
    }
}

impl From<&UserRequest> for ImportItem {
    fn from(user: &UserRequest) -> Self {
        Self::new(ImportKind::User, []).merge(user)
    }
}

impl From<UserRequest> for ImportItem {
    fn from(user: UserRequest) -> Self {
        Self::from(&user)
    }
}
