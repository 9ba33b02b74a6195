//! Constructors and conversions for the models that applications create most often.

mod attachment;
mod event_hook;
#[cfg(feature = "admin")]
mod export;
mod message;
mod poll;
mod predefined_filter;
mod sort;
mod user;

pub use predefined_filter::PredefinedFilter;
