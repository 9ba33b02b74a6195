// The targets of the links between chapters. The Markdown files define them too, as the book needs
// them; the first definition of a link takes precedence, so here they lead to modules.
#![doc = include_str!("links.md")]
#![doc = include_str!("../../docs/README.md")]

/// Declares the chapters.
macro_rules! chapters {
    ($($name:ident $file:literal)*) => { $(
        #[doc = include_str!("links.md")]
        // The unpublished crate `stream-guide` runs the code, which needs more crates than this one
        // does.
        #[cfg_attr(not(doctest), doc = include_str!(concat!("../../docs/", $file)))]
        // Some links lead to feature-gated items.
        #[cfg_attr(not(feature = "axum"), allow(rustdoc::broken_intra_doc_links))]
        pub mod $name {}
    )* };
}

chapters! {
    getting_started "getting-started.md"
    login "login.md"
    users "users.md"
    channels "channels.md"
    messages "messages.md"
    queries "queries.md"
    moderation "moderation.md"
    conversations "conversations.md"
    webhooks "webhooks.md"
    large_jobs "large-jobs.md"
    administration "administration.md"
    errors "errors.md"
    testing "testing.md"
    transports "transports.md"
    following_the_api "following-the-api.md"
    many_machines "many-machines.md"
    security "security.md"
    other_sdks "other-sdks.md"
}
