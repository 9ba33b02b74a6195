//! Live connections: WebSockets and long-polling, presence, and the delivery of events.
//!
//! [`crate::state::Live`] stores the connections and what each watches; it is part of the state, so
//! that one lock orders all changes. The [`Hub`](crate::runtime::Hub) has the queues of frames, and
//! [`delivery`] adds each event to those of its receivers, by the table of event types. A task
//! serves each WebSocket ([`socket`]); [`keeper`] detects silent clients by the emulator's clock.

mod attempt;
mod delivery;
mod keeper;
mod lifecycle;
mod long_poll;
mod socket;
mod summary;

pub(crate) use keeper::keep;
pub(crate) use long_poll::long_poll;
pub(crate) use socket::connect;
pub(crate) use summary::ConnectionSummary;
