//! The steps in the order in which they run; those that fail fast come first.

use anyhow::Result;

use super::shell::Shell;
use super::{
    Outcome, Step, book, compilers, imports, minimal, module_docs, outside, packages, redis, sqs,
    trees,
};

pub(super) const STEPS: &[Step] = &[
    Step {
        name: "format",
        what: "rustfmt has nothing to change, imports are in order, modules are documented",
        run: format,
    },
    Step { name: "typos", what: "the spelling, American", run: outside::typos },
    Step { name: "codegen", what: "the generated code is up to date", run: codegen },
    Step { name: "clippy", what: "no warning in the workspace", run: clippy },
    Step { name: "test", what: "all tests, by the command of the README", run: test },
    Step { name: "backends", what: "the tests of features that are off by default", run: backends },
    Step { name: "long", what: "the tests that take a minute each", run: long },
    Step { name: "redis", what: "the tests that need a Redis server", run: redis::run },
    Step { name: "sqs", what: "the SQS worker example", run: sqs::run },
    Step { name: "quickstart", what: "the first command of the README", run: quickstart },
    Step { name: "peers", what: "published clients work against the emulator", run: peers },
    Step {
        name: "browser",
        what: "the inspector and the marketplace work in Chromium",
        run: browser,
    },
    Step { name: "doc", what: "no warning in the documentation", run: doc },
    Step { name: "book", what: "the guide's links are valid, and it renders", run: book::run },
    Step {
        name: "features",
        what: "each crate alone, in combinations of its features",
        run: features,
    },
    Step { name: "trees", what: "no crate has a forbidden dependency", run: trees::run },
    Step { name: "package", what: "every crate builds from its package", run: packages::run },
    Step { name: "wasm", what: "the crates compile to WebAssembly", run: compilers::wasm },
    Step {
        name: "msrv",
        what: "the crates compile with the minimum supported compiler",
        run: compilers::msrv,
    },
    Step {
        name: "minimal",
        what: "the minimum versions of dependencies that the manifests state",
        run: minimal::run,
    },
    Step { name: "fuzz", what: "the fuzz targets compile", run: compilers::fuzz },
    Step { name: "deny", what: "licenses, bans, duplicates and advisories", run: outside::deny },
    Step {
        name: "semver",
        what: "no breaking change since the last release",
        run: outside::semver,
    },
];

/// Each crate that is linted alone, with the flags of its feature combinations.
const ALONE: &[(&str, &[&str])] = &[
    (
        "stream-models",
        &[
            "",
            "--no-default-features",
            "--no-default-features --features both-directions",
            "--features admin",
            "--features campaigns",
            "--features events",
            "--features moderation",
            "--features full",
            "--features both-directions",
            "--features full,both-directions",
            "--features chrono,jiff,time",
        ],
    ),
    ("stream-core", &[""]),
    (
        "stream-auth",
        &[
            "",
            "--no-default-features",
            "--no-default-features --features verify",
            "--no-default-features --features ring",
            "--features aws-lc-rs",
        ],
    ),
    (
        "stream-http",
        &[
            "",
            "--no-default-features",
            "--no-default-features --features hyper,gzip",
            "--no-default-features --features hyper,ring",
            "--no-default-features --features hyper,proxy",
            "--no-default-features --features reqwest,proxy",
            "--no-default-features --features reqwest,http2",
            "--no-default-features --features reqwest-rustls,aws-lc-rs",
            "--no-default-features --features tower,gzip",
            "--no-default-features --features testing,media-types",
        ],
    ),
    (
        "stream-chat",
        &[
            "",
            // The quick start must compile with the default features.
            "--example quickstart",
            "--no-default-features",
            "--no-default-features --features reqwest-rustls,http2",
            "--no-default-features --features admin",
            "--no-default-features --features campaigns",
            "--no-default-features --features moderation",
            "--no-default-features --features webhooks,media-types",
            "--no-default-features --features verify",
            "--no-default-features --features axum",
            "--no-default-features --features testing",
            "--no-default-features --features testing,webhooks",
        ],
    ),
    ("stream-redis", &[""]),
    ("stream-emulator", &["", "--no-default-features"]),
];

fn format(shell: &Shell) -> Result<Outcome> {
    all(shell, &["fmt --all --check"])?;
    imports::check(shell)?;
    module_docs::check(shell)
}

fn codegen(shell: &Shell) -> Result<Outcome> {
    all(shell, &["xtask codegen --check"])
}

fn clippy(shell: &Shell) -> Result<Outcome> {
    all(shell, &["clippy --locked --workspace --all-targets --all-features -- -D warnings"])
}

fn test(shell: &Shell) -> Result<Outcome> {
    all(shell, &["test --locked --workspace"])
}

fn backends(shell: &Shell) -> Result<Outcome> {
    all(
        shell,
        &[
            "test --locked -p stream-auth",
            "test --locked -p stream-auth --features aws-lc-rs --lib --test tokens --test webhooks",
            "test --locked -p stream-http --features reqwest-rustls,tower,testing",
            "test --locked -p stream-http --no-default-features --features hyper,reqwest,http2,ring --test features_off --test reqwest_untouched",
            "test --locked -p stream-chat --features axum,full",
        ],
    )
}

fn long(shell: &Shell) -> Result<Outcome> {
    all(shell, &["test --locked -p xtask --test vendor -- --ignored"])
}

fn quickstart(shell: &Shell) -> Result<Outcome> {
    shell.cargo_with("run --locked --example quickstart", |command| {
        // With credentials, it would call the service.
        command.env_remove("STREAM_API_KEY").env_remove("STREAM_API_SECRET");
    })?;
    Ok(Outcome::Passed)
}

fn peers(shell: &Shell) -> Result<Outcome> {
    all(shell, &["xtask peers"])
}

fn browser(shell: &Shell) -> Result<Outcome> {
    all(shell, &["xtask browser"])
}

fn doc(shell: &Shell) -> Result<Outcome> {
    shell.cargo_with("doc --locked --workspace --no-deps --all-features", |command| {
        command.env("RUSTDOCFLAGS", "-D warnings");
    })?;
    Ok(Outcome::Passed)
}

fn features(shell: &Shell) -> Result<Outcome> {
    for (name, combinations) in ALONE {
        for flags in *combinations {
            shell.cargo(&format!("clippy --locked --quiet -p {name} {flags} -- -D warnings"))?;
        }
    }
    Ok(Outcome::Passed)
}

fn all(shell: &Shell, commands: &[&str]) -> Result<Outcome> {
    for command in commands {
        shell.cargo(command)?;
    }
    Ok(Outcome::Passed)
}
