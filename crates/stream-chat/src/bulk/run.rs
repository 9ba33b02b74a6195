//! Ways to send a [`Bulk`]: as a stream of batches, with a report, or awaited.

use std::future::IntoFuture;

use super::builder::Bulk;
use super::outcomes::Outcomes;
use super::report::{BulkReport, BulkResponse};
use stream_http::{BoxFuture, Error, MaybeSend};
use stream_models::Operation;

impl<'a, O, T> Bulk<'a, O, T>
where
    O: Operation + 'static,
    T: Clone + MaybeSend + 'a,
{
    /// Returns the batches as they end, with their entries, as a [`Stream`](futures_core::Stream).
    /// It sends while it is polled, and ends after the last batch, or after a failure unless
    /// [`keep_going`](Self::keep_going) is set.
    ///
    /// ```
    /// # async fn example(client: stream_chat::Client) -> Result<(), stream_chat::Error> {
    /// use stream_chat::{BatchResult, UserRequest};
    ///
    /// let users = (0..1000).map(|number| UserRequest::new(format!("user-{number}")));
    /// let mut outcomes = client.upsert_users(users).outcomes();
    /// while let Some(outcome) = outcomes.next().await {
    ///     match outcome.result {
    ///         BatchResult::Done(_) => println!("{:?} are done", outcome.first),
    ///         other => println!("{:?}: {other:?}", outcome.first),
    ///     }
    /// }
    /// // Sending goes on where it ended.
    /// client.upsert_users(outcomes.into_unsent()).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn outcomes(self) -> Outcomes<'a, O, T> {
        Outcomes::new(self)
    }

    /// Sends everything and returns the outcome, whether or not something failed.
    ///
    /// ```
    /// # async fn example(client: stream_chat::Client) -> Result<(), stream_chat::Error> {
    /// let report = client.delete_users(["john", "jane"]).report().await;
    /// for failed in &report.failed {
    ///     println!("{:?}: {}", failed.entries, failed.error);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn report(self) -> BoxFuture<'a, BulkReport<'a, T, O::Response>> {
        let discards_responses = self.discards_responses;
        Box::pin(async move {
            let mut outcomes = self.outcomes();
            let mut report = BulkReport::new(discards_responses);
            while let Some(outcome) = outcomes.next().await {
                report.add(outcome);
            }
            report.end(outcomes.into_unsent())
        })
    }
}

/// Sends everything and returns the responses in the order of the entries.
///
/// If something fails, an iterator that was passed by value is read to its end, so that the error
/// contains every entry that was not sent. [`Bulk::report`] reads nothing more, and
/// [`Entries::rest_of`](crate::Entries::rest_of) leaves the rest in the iterator.
///
/// # Errors
/// The error of the first failed batch, in the order of the entries, or that of the input
/// ([`Entries::try_stream`](crate::Entries::try_stream)). It wraps a
/// [`BulkError`](super::BulkError).
impl<'a, O, T> IntoFuture for Bulk<'a, O, T>
where
    O: Operation<Response: Sync> + 'static,
    T: Clone + Send + Sync + 'static,
{
    type Output = Result<BulkResponse<O::Response>, Error>;
    type IntoFuture = BoxFuture<'a, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        let report = self.report();
        Box::pin(async move { report.await.into_result() })
    }
}
