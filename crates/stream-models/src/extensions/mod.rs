//! Constructors and conversions for the models that applications create most often.

mod attachment;
#[cfg(feature = "campaigns")]
mod campaign;
mod event_hook;
#[cfg(feature = "admin")]
mod export;
mod filter;
mod message;
mod poll;
mod predefined_filter;
mod push;
mod refusal;
mod sort;
mod user;
mod write_back;

pub use predefined_filter::PredefinedFilter;
pub use refusal::RefusedMessage;
