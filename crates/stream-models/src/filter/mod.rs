//! Conditions and sort orders of queries, checked by the compiler against the schema.
//!
//! Each query has a type with the fields it can filter on, such as
//! [`ChannelFilter`](crate::channels::ChannelFilter). A field has the operators that the schema
//! allows on it and takes values of its type; `&`, `|` and `!` combine conditions.
//!
//! ```
//! use stream_models::Timestamp;
//! use stream_models::channels::{ChannelFilter, QueryChannelsRequest};
//!
//! let since: Timestamp = "2026-08-01T00:00:00Z".parse()?;
//! let filter = ChannelFilter::members().is_in(["john"])
//!     & (ChannelFilter::last_message_at().gt(since) | ChannelFilter::pinned().eq(true))
//!     & ChannelFilter::custom("myapp_color").eq("red");
//! let request = QueryChannelsRequest::new().filter_conditions(filter);
//! assert_eq!(
//!     serde_json::to_value(&request)?,
//!     serde_json::json!({ "filter_conditions": { "$and": [
//!         { "members": { "$in": ["john"] } },
//!         { "$or": [
//!             { "last_message_at": { "$gt": "2026-08-01T00:00:00Z" } },
//!             { "pinned": { "$eq": true } },
//!         ] },
//!         { "myapp_color": { "$eq": "red" } },
//!     ] } })
//! );
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! For conditions that the schema does not know, [`Filter::raw`] takes a whole filter as JSON, and
//! [`Field::raw`] an operator and a value.
//!
//! Conditions that the server would refuse do not compile. A field that the query cannot filter on:
//!
//! ```compile_fail,E0599
//! use stream_models::channels::ChannelFilter;
//!
//! ChannelFilter::truncated_at().exists(true);
//! ```
//!
//! An operator that the field does not allow:
//!
//! ```compile_fail,E0599
//! use stream_models::channels::ChannelFilter;
//!
//! ChannelFilter::members().gt("john");
//! ```
//!
//! A value of another type:
//!
//! ```compile_fail,E0277
//! use stream_models::channels::ChannelFilter;
//!
//! ChannelFilter::member_count().eq("three");
//! ```
//!
//! A condition on a field of another query:
//!
//! ```compile_fail,E0308
//! use stream_models::{channels::ChannelFilter, users::UserFilter};
//!
//! ChannelFilter::members().is_in(["john"]) & UserFilter::banned().eq(true);
//! ```
//!
//! The filter of another query:
//!
//! ```compile_fail,E0277
//! use stream_models::{channels::QueryChannelsRequest, users::UserFilter};
//!
//! QueryChannelsRequest::new().filter_conditions(UserFilter::banned().eq(true));
//! ```
//!
//! JSON without [`Filter::raw`]:
//!
//! ```compile_fail,E0277
//! use stream_models::channels::QueryChannelsRequest;
//!
//! QueryChannelsRequest::new().filter_conditions(serde_json::json!({ "members": "john" }));
//! ```
//!
//! An order consists of fields that the query can sort by; [`Sort::field`] takes any other name.
//!
//! ```
//! use stream_models::channels::{ChannelSort, QueryChannelsRequest};
//! use stream_models::filter::Sort;
//!
//! let latest = ChannelSort::last_message_at().descending();
//! QueryChannelsRequest::new().sort(latest.then(Sort::field("myapp_mood").ascending()));
//! ```
//!
//! The order of another query:
//!
//! ```compile_fail,E0277
//! use stream_models::{channels::QueryChannelsRequest, threads::ThreadSort};
//!
//! QueryChannelsRequest::new().sort(ThreadSort::created_at().ascending());
//! ```
//!
//! Sorting by a field that the query cannot sort by:
//!
//! ```compile_fail,E0599
//! use stream_models::threads::ThreadSort;
//!
//! ThreadSort::title().ascending();
//! ```

mod combine;
mod conditions;
mod field;
mod macros;
pub mod operators;
#[cfg(feature = "chat")]
mod order;
mod sort;
#[cfg(test)]
mod tests;
mod value;

pub use conditions::{Filter, Untyped};
pub use field::Field;
#[doc(hidden)]
pub use macros::{filter_fields, operator_sets, sort_fields};
#[cfg(feature = "chat")]
pub use order::Sort;
pub use sort::SortField;
pub use value::{FilterValue, Json, Number};
