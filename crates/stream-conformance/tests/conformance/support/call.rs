//! The operations with their samples.

use std::pin::Pin;

use super::Sample;
use stream_http::{Error, Executor};
use stream_models::{Operation, OperationInfo};

/// The extent of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Extent {
    /// Only what is required.
    Minimal,
    /// Every parameter and every field, nested ones too.
    Full,
}

impl Extent {
    pub(crate) const ALL: [Self; 2] = [Self::Minimal, Self::Full];
}

type Sent = Pin<Box<dyn Future<Output = Result<(), Error>> + Send>>;

/// An operation with its samples.
pub(crate) struct Call {
    pub(crate) info: OperationInfo,
    send: fn(&Executor, Extent) -> Sent,
}

impl Call {
    pub(crate) const fn of<O: Operation + Sample>() -> Self {
        Self { info: O::INFO, send: send::<O> }
    }

    /// Sends the operation with a sample.
    pub(crate) async fn send(&self, executor: &Executor, extent: Extent) -> Result<(), Error> {
        (self.send)(executor, extent).await
    }
}

fn send<O: Operation + Sample>(executor: &Executor, extent: Extent) -> Sent {
    let operation = match extent {
        Extent::Minimal => O::minimal(),
        Extent::Full => O::full(DEPTH),
    };
    let call = executor.send(&operation);
    Box::pin(async move { call.await.map(drop) })
}

/// The depth of full samples.
const DEPTH: usize = 6;
