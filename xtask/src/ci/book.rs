//! The guide: its links, its chapters, and the book that mdBook renders of it.

use anyhow::Result;

use super::Outcome;
use super::shell::Shell;
use super::tools::{Found, Tool};
use crate::book;

const MDBOOK: Tool = Tool {
    program: "mdbook",
    install: "cargo install mdbook --locked --no-default-features",
    // An unoptimized build takes a minute, and then renders the book in a second.
    commands: &[
        "cargo install mdbook --version =0.5.4 --locked --quiet --debug --no-default-features --root {}",
    ],
    path: "bin/mdbook",
};

pub(super) fn run(shell: &Shell) -> Result<Outcome> {
    shell.announce("links of the Markdown files, chapters of the guide");
    book::check(&stream_spec::workspace_root())?;
    match MDBOOK.find(shell)? {
        Found::At(program) => {
            shell.run(&format!("{} build docs", program.to_string_lossy()))?;
            Ok(Outcome::Passed)
        }
        Found::Missing(reason) => Ok(Outcome::NotRun(format!(
            "links and chapters hold, rendering was left out: {reason}"
        ))),
    }
}
