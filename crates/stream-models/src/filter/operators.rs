//! The sets of operators that fields allow.
//!
//! A type of this module is one set of operators, and implements the trait of each.

pub use crate::generated::operator_sets::*;

/// A set of operators. Only generated types implement it.
pub trait Operators: sealed::Sealed {}

#[doc(hidden)]
pub mod sealed {
    pub trait Sealed {}
}

macro_rules! operators {
    ($($name:ident $operator:literal,)*) => {$(
        #[doc = concat!("A set of operators that has `", $operator, "`.")]
        pub trait $name: Operators {}
    )*};
}

operators! {
    AllowsAny "$any",
    AllowsAutocomplete "$autocomplete",
    AllowsContains "$contains",
    AllowsEq "$eq",
    AllowsExists "$exists",
    AllowsGt "$gt",
    AllowsGte "$gte",
    AllowsIn "$in",
    AllowsLt "$lt",
    AllowsLte "$lte",
    AllowsNe "$ne",
    AllowsNin "$nin",
    AllowsQ "$q",
}
