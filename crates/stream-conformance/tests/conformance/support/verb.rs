//! The methods of the chat layer with their samples.

use std::pin::Pin;

use stream_chat::models::Operation;
use stream_chat::transport::Error;
use stream_chat::{Bulk, Client, Request};

/// The extent of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Set {
    /// Only the parameters of the method.
    Nothing,
    /// All setters.
    All,
    /// All clearable fields, cleared.
    Cleared,
}

impl Set {
    pub(crate) const ALL: [Self; 3] = [Self::Nothing, Self::All, Self::Cleared];
}

type Sent = Pin<Box<dyn Future<Output = Result<(), Error>> + Send>>;

/// A method of the chat layer.
pub(crate) struct Verb {
    pub(crate) id: &'static str,
    /// The fields of the body that can be cleared.
    pub(crate) cleared: &'static [&'static str],
    pub(crate) call: fn(&Client, Set) -> Sent,
}

impl Verb {
    pub(crate) const fn new(
        id: &'static str,
        cleared: &'static [&'static str],
        call: fn(&Client, Set) -> Sent,
    ) -> Self {
        Self { id, cleared, call }
    }

    pub(crate) fn one<O: Operation + 'static>(request: Request<O>) -> Sent {
        let call = request.into_future();
        Box::pin(async move { call.await.map(drop) })
    }

    pub(crate) fn batch<O, T>(batch: Bulk<'static, O, T>) -> Sent
    where
        O: Operation<Response: Sync> + 'static,
        T: Clone + Send + Sync + 'static,
    {
        let call = batch.into_future();
        Box::pin(async move {
            let responses = call.await?;
            assert_eq!(responses.len(), 1);
            Ok(())
        })
    }
}
