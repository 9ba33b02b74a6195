//! The macros that define the fields of queries.

/// Defines the fields that a query can filter on: each with the type of its values, its set of
/// operators and its name on the wire, or `key` where the application chooses the name.
#[doc(hidden)]
#[macro_export]
macro_rules! __filter_fields {
    (
        $(#[$meta:meta])*
        pub enum $query:ident {
            $($(#[$field_meta:meta])* $field:ident: $kind:ident, $operators:path = $name:tt;)*
        }
    ) => {
        $(#[$meta])*
        #[derive(Debug)]
        pub enum $query {}

        impl $query {
            /// Returns a filter without conditions, which matches everything.
            #[inline]
            pub fn all() -> $crate::filter::Filter<Self> {
                $crate::filter::Filter::new()
            }

            $($crate::filter::filter_fields! {
                @field [$(#[$field_meta])*] $field $kind $operators, $name
            })*
        }
    };
    (@field [$(#[$meta:meta])*] $field:ident $kind:ident $operators:path, key) => {
        $(#[$meta])*
        pub fn $field(
            key: impl Into<String>,
        ) -> $crate::filter::Field<
            Self,
            $crate::filter::filter_fields!(@type $kind),
            $operators,
        > {
            $crate::filter::Field::custom(key)
        }
    };
    (@field [$(#[$meta:meta])*] $field:ident $kind:ident $operators:path, $name:literal) => {
        $(#[$meta])*
        #[inline]
        pub const fn $field() -> $crate::filter::Field<
            Self,
            $crate::filter::filter_fields!(@type $kind),
            $operators,
        > {
            $crate::filter::Field::new($name)
        }
    };
    (@type string) => { String };
    (@type boolean) => { bool };
    (@type number) => { $crate::filter::Number };
    (@type date) => { $crate::Timestamp };
    (@type object) => { $crate::filter::Json };
}

/// Defines the fields that a query can sort by, each with its name on the wire.
#[doc(hidden)]
#[macro_export]
macro_rules! __sort_fields {
    (
        $(#[$meta:meta])*
        pub enum $query:ident {
            $($(#[$field_meta:meta])* $field:ident = $name:literal;)*
        }
    ) => {
        $(#[$meta])*
        #[derive(Debug)]
        pub enum $query {}

        impl $query {
            $($(#[$field_meta])*
            #[inline]
            pub const fn $field() -> $crate::filter::SortField<Self> {
                $crate::filter::SortField::new($name)
            })*
        }
    };
}

/// Defines sets of operators.
#[doc(hidden)]
#[macro_export]
macro_rules! __operator_sets {
    ($($(#[$meta:meta])* $set:ident: $($operator:ident),+;)*) => {$(
        $(#[$meta])*
        #[derive(Debug)]
        pub enum $set {}

        impl $crate::filter::operators::sealed::Sealed for $set {}
        impl $crate::filter::operators::Operators for $set {}
        $(impl $crate::filter::operators::$operator for $set {})+
    )*};
}

#[doc(hidden)]
pub use {
    __filter_fields as filter_fields, __operator_sets as operator_sets,
    __sort_fields as sort_fields,
};
