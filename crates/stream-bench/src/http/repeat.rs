//! The calls of a single contestant, for profilers and for counting instructions.

use anyhow::Result;

use super::Field;
use super::job::Job;

/// The protocol of the calls.
#[derive(Debug, Clone, Copy, clap::ValueEnum)]
pub enum Way {
    /// Plain HTTP/1.1.
    Plain,
    /// HTTP/2 over TLS.
    Secure,
}

/// The contestant that makes the calls.
#[derive(Debug, Clone, Copy, clap::ValueEnum)]
pub enum Who {
    /// `stream-http` on reqwest.
    Reqwest,
    /// reqwest by hand.
    ReqwestByHand,
    /// `stream-http` on hyper.
    Hyper,
    /// hyper by hand.
    HyperByHand,
}

/// Makes this number of calls by one contestant.
///
/// # Errors
/// The server could not be started, or a call failed.
pub fn repeat(who: Who, way: Way, job: Job, calls: u64) -> Result<()> {
    let field = Field::new()?;
    let callers = match way {
        Way::Plain => &field.plain,
        Way::Secure => &field.secure,
    };
    match who {
        Who::Reqwest => field.run(&callers.reqwest, job, calls),
        Who::ReqwestByHand => field.run(&callers.reqwest_by_hand, job, calls),
        Who::Hyper => field.run(&callers.hyper, job, calls),
        Who::HyperByHand => field.run(&callers.hyper_by_hand, job, calls),
    }
}
