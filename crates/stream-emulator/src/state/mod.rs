//! The state of the emulator: the app, its users, channels, messages and other objects, as plain
//! data with its rules.
//!
//! The state does not depend on HTTP or on the wire formats. `operations` change it, and `view`
//! renders it. All of it is `Serialize` and `Deserialize`, so that it can be saved to a file;
//! indices are rebuilt when it is loaded.

mod app;
mod authority;
mod calls;
mod channel;
mod channel_type;
mod channels;
mod clock;
mod deletion;
mod draft;
mod files;
pub(crate) mod grants;
mod history;
mod kind;
mod live;
mod location;
mod member;
mod message;
mod messages;
mod moderation;
pub(crate) mod patch;
mod poll;
mod push;
mod reads;
mod record;
mod reminder;
mod retention;
mod sealed;
mod task;
mod thread;
mod unread;
mod user;
mod world;

pub(crate) use app::{App, Setting, UniqueNames};
pub(crate) use calls::Calls;
pub(crate) use channel::{Channel, ChannelMute, Hiding, cid};
pub(crate) use channel_type::ChannelType;
pub(crate) use channels::{Channels, distinct_id};
pub(crate) use clock::Clock;
pub(crate) use deletion::{Deletion, UserDeletion};
pub(crate) use draft::{Draft, Drafts};
pub(crate) use files::{File, Files};
pub(crate) use history::{History, Past};
pub(crate) use kind::{Kind, Mismatch};
pub(crate) use live::{Connection, Live, Transport};
pub(crate) use location::Location;
pub(crate) use member::{Invitation, MEMBER_ROLE, MODERATOR_ROLE, Member};
pub(crate) use message::{Content, Message, Pending, Pin, Reaction, Version};
pub(crate) use messages::Messages;
pub(crate) use moderation::{
    Action, Appeal, Ban, Flag, Item, MESSAGE_ENTITY, Moderation, Mute, Scope, USER_ENTITY,
};
pub(crate) use poll::{Cast, Choice, Poll, PollOption, PollRules, Vote};
pub(crate) use push::{Device, Push};
pub(crate) use reads::{Delivery, Reads};
pub(crate) use record::{BLOCK_LIST, BUILT_IN_BLOCK_LIST, Record, Records};
pub(crate) use reminder::{Reminder, Reminders};
pub(crate) use retention::{Policy, Retention, Run};
pub(crate) use sealed::Sealed;
pub(crate) use task::{Task, Tasks};
pub(crate) use thread::{Participant, Thread, Threads};
pub(crate) use user::{User, UserInput};
pub(crate) use world::World;

pub(crate) use crate::timestamp::Timestamp;
