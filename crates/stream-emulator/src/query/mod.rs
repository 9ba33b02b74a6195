//! Filters, sorting and pagination of queries.

mod bounds;
mod cursor;
mod filter;
mod page;
mod rule;
mod sort;
pub(crate) mod tables;

pub(crate) use bounds::{CreatedBounds, IdBounds};
pub(crate) use cursor::{CursorPage, Picked};
pub(crate) use filter::{Fields, Filter, custom_field, words};
pub(crate) use page::MessagePage;
pub(crate) use rule::{Kind, Rule};
pub(crate) use sort::{Sort, SortKey};
