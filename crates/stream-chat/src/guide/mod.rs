//! The guide: what a chat backend has to do, with code that is compiled and run against the emulator as a test.

/// Declares the chapters. Their links to each other are those of the Markdown files, as the book needs them; the first
/// definition of a link counts, so that here they lead to modules.
macro_rules! chapters {
    ($($name:ident $file:literal)*) => { chapters! { @ [$($name $file)*] $($name $file)* } };
    (@ $all:tt $($name:ident $file:literal)*) => { $(
        #[doc = chapters! { @links $all }]
        // The unpublished crate `stream-guide` runs the code, which needs more crates than this one.
        #[cfg_attr(not(doctest), doc = include_str!(concat!("../../docs/", $file)))]
        // Links to items that only some features compile.
        #[cfg_attr(not(feature = "axum"), allow(rustdoc::broken_intra_doc_links))]
        pub mod $name {}
    )* };
    (@links [$($name:ident $file:literal)*]) => {
        concat!($("[", $file, "]: crate::guide::", stringify!($name), "\n",)* "\n")
    };
}

chapters! {
    login "login.md"
    webhooks "webhooks.md"
}
