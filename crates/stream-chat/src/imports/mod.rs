//! Imports: from a file to data in the app.

mod failure;
mod run;
mod tasks;
mod wait;

pub use failure::{ImportFailure, ImportTaskFailure};
pub use run::ImportRun;
