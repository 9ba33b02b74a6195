//! A race of two futures.

use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::task::Poll;

/// The output of the future that completed first.
pub(crate) enum Either<A, B> {
    Left(A),
    Right(B),
}

/// Runs both futures until one completes. The left one wins a tie, so that a response that arrived
/// in time is not discarded.
// Both are pinned by the caller, and this is not an `async fn`, which would hold each of them twice.
pub(crate) fn race<A, B>(
    mut left: A,
    mut right: B,
) -> impl Future<Output = Either<A::Output, B::Output>>
where
    A: Future + Unpin,
    B: Future + Unpin,
{
    poll_fn(move |context| {
        if let Poll::Ready(output) = Pin::new(&mut left).poll(context) {
            return Poll::Ready(Either::Left(output));
        }
        Pin::new(&mut right).poll(context).map(Either::Right)
    })
}
