//! What the emulator holds: the app, its users, channels, messages and tasks.
//!
//! The state knows nothing of HTTP. Requests change it through `handlers`, `render` shows it.

mod app;
mod channel;
mod message;
mod moment;
pub(crate) mod patch;
mod task;
mod user;
mod world;

pub(crate) use app::{App, Setting, SettingKind, UniqueNames};
pub(crate) use channel::{Channel, Invitation, MEMBER_ROLE, MODERATOR_ROLE, Member, cid};
pub(crate) use message::{Content, Message, Pin, Reaction};
pub(crate) use moment::Moment;
pub(crate) use task::Task;
pub(crate) use user::{User, UserInput};
pub(crate) use world::World;
