//! The emulator follows the API's rules over real HTTP, and every success matches the API's schema.

#![cfg(test)]

mod administration;
mod app;
mod auth;
mod bans;
mod campaigns;
mod catalogue;
mod channels;
mod client_side;
mod control;
mod drafts;
mod http_rules;
mod inspector;
mod library;
mod limits;
mod live;
mod live_rules;
mod load;
mod locations;
mod messages;
mod moderation;
mod odd_input;
mod permissions;
mod polls;
mod push;
mod quickstart;
mod random_input;
mod reactions;
mod read_state;
mod reminders;
mod resources;
mod retention;
mod search;
mod stats;
mod support;
mod threads;
mod uploads;
mod users;
mod v1;
mod visibility;
mod webhooks;
mod websocket_protocol;
