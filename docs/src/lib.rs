//! The code of the guide, whose chapters are in `crates/stream-chat/docs`: compiled, and run against the emulator where
//! it can be, as the doc tests of this crate.

macro_rules! chapters {
    ($($name:ident $file:literal)*) => { $(
        #[cfg(doctest)]
        #[doc = include_str!(concat!("../../crates/stream-chat/docs/", $file))]
        mod $name {}
    )* };
}

chapters! {
    login "login.md"
    webhooks "webhooks.md"
}
