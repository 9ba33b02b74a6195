//! Filters, orders and pages of queries.

mod filter;
mod page;
mod sort;

pub(crate) use filter::Filter;
pub(crate) use page::MessagePage;
pub(crate) use sort::{SortKey, sort};
