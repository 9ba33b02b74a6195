//! The implementations of the operations, in modules by domain with the names of `stream-models`.
//!
//! # How to add an operation
//!
//! 1. Write a function in the module of its domain:
//!
//!    ```text
//!    /// `HideChannel`
//!    fn hide(call: &mut Call<'_>, input: Hide) -> Outcome {
//!        let cid = call.channel()?.cid.clone();
//!        let user_id = call.acting_user(input.user_id.as_deref(), input.user.as_ref(), "user")?;
//!        // Check everything first ...
//!        // ... then change the state: a refused call leaves no trace.
//!        call.emit(|view| events::channels::hidden(view, &cid, &user_id));
//!        Ok(Object::new())
//!    }
//!    ```
//!
//!    The input is any type that decodes from the body of v2 (for a `GET` with `payload`, from
//!    the payload), with an `Option` for each optional field: `null` then means absence. Path
//!    and query parameters are in `call.request`; take [`IgnoredAny`](serde::de::IgnoredAny) as
//!    input if there is no body. Rules that concern several operations belong to `state`. An
//!    operation that users may call is named in [`audience`]; all others take server-side
//!    authentication.
//! 2. Add one line to the domain's table: `operations! { "HideChannel" => hide, }`. It provides
//!    routes, both wires, authentication, faults, rate limits and the list of requests. An operation
//!    that is not in the server-side schema has its method and path in the line:
//!    `"CreateDraft" (POST "/api/v2/...") => create`.
//! 3. Name it in the README's table; `cargo test -p stream-emulator --test emulator catalogue`
//!    compares that table with this list.
//! 4. Write a test; see below.
//!
//! A new domain is a module with an `OPERATIONS` table, and a line in [`table`].
//!
//! # The response
//!
//! It is a [document](crate::document), created by a function of `view` if it shows the state. Use
//! `Timestamp`s for times and `Object::custom` for custom data, which both wires render. The
//! `duration` is added by itself. An operation that must call the app's own server first returns
//! [`Reply::Ask`]; see `messages::send`.
//!
//! # A resource
//!
//! An object that is only created, read, changed, listed and deleted is an entry in
//! [`resources`]: its fields and their types, which are required, and its operations.
//!
//! # An event
//!
//! Constructors are in `events`, by domain; add the type to `events::table`, with its receivers
//! on live connections. Pass it to `call.emit`; webhooks and live connections use the same table.
//!
//! # v1
//!
//! Usually there is nothing to do: paths derive from v2's, flat custom data is nested by the names
//! of the fields that contain it, and documents are rendered in v1's form. An alias, or a body or
//! response that differs, is a line in `wire::v1`.
//!
//! # A test
//!
//! One file per domain in `tests/emulator`, over real HTTP with `Setup`: the effect of each rule,
//! and each error with its code. `Setup` checks every success against the schema in `spec/`.

mod app;
mod audience;
mod authorization;
mod blocklists;
mod call;
mod campaigns;
mod channel_types;
mod channels;
mod checks;
mod commands;
mod cursor_query;
mod custom_events;
mod drafts;
pub(crate) mod due;
pub(crate) mod entry;
mod exports;
mod external_storage;
mod imports;
mod legacy;
mod locations;
mod members;
mod messages;
mod moderation;
mod permissions;
mod polls;
mod predefined_filters;
mod previews;
mod push;
mod push_providers;
mod rate_limits;
mod reactions;
mod read_state;
mod reminders;
mod reply;
mod request;
mod resources;
mod retention;
mod roles;
mod search;
mod segments;
mod stats;
mod subscription;
mod sync;
mod table;
mod tasks;
mod threads;
mod uploads;
mod user_groups;
pub(crate) mod users;

pub(crate) use authorization::authorize;
pub(crate) use call::Call;
pub(crate) use checks::{
    MAX_CUSTOM, check_count, check_custom, check_deletion, check_limit, check_named_limit,
    check_offset, check_paths, check_search, check_user_id, missing_users, require_users,
};
pub(crate) use cursor_query::CursorQuery;
pub(crate) use entry::{Entry, operations};
pub(crate) use reply::{Asked, Outcome, Question, Reply};
pub(crate) use request::{Origin, Request, decode};
pub(crate) use table::emulated;
