//! `Send` and `Sync` on platforms with threads.

use std::future::Future;
use std::pin::Pin;

/// `Send`, except on WebAssembly, where futures of the browser cannot move between threads.
///
/// Implemented for every type that qualifies; there is nothing to implement by hand.
#[cfg(not(target_family = "wasm"))]
pub trait MaybeSend: Send {}
#[cfg(not(target_family = "wasm"))]
impl<T: Send + ?Sized> MaybeSend for T {}

/// `Send`, except on WebAssembly, where futures of the browser cannot move between threads.
#[cfg(target_family = "wasm")]
pub trait MaybeSend {}
#[cfg(target_family = "wasm")]
impl<T: ?Sized> MaybeSend for T {}

/// `Sync`, except on WebAssembly; see [`MaybeSend`].
#[cfg(not(target_family = "wasm"))]
pub trait MaybeSync: Sync {}
#[cfg(not(target_family = "wasm"))]
impl<T: Sync + ?Sized> MaybeSync for T {}

/// `Sync`, except on WebAssembly; see [`MaybeSend`].
#[cfg(target_family = "wasm")]
pub trait MaybeSync {}
#[cfg(target_family = "wasm")]
impl<T: ?Sized> MaybeSync for T {}

/// A boxed future, `Send` except on WebAssembly.
#[cfg(not(target_family = "wasm"))]
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// A boxed future, `Send` except on WebAssembly.
#[cfg(target_family = "wasm")]
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + 'a>>;

/// A boxed body, `Send` except on WebAssembly.
#[cfg(not(target_family = "wasm"))]
pub(crate) type BoxBody<E> = http_body_util::combinators::UnsyncBoxBody<bytes::Bytes, E>;

/// A boxed body, `Send` except on WebAssembly.
#[cfg(target_family = "wasm")]
pub(crate) type BoxBody<E> = Pin<Box<dyn http_body::Body<Data = bytes::Bytes, Error = E>>>;

/// Boxes a body.
pub(crate) fn box_body<B>(body: B) -> BoxBody<B::Error>
where
    B: http_body::Body<Data = bytes::Bytes> + MaybeSend + 'static,
{
    #[cfg(not(target_family = "wasm"))]
    return BoxBody::new(body);
    #[cfg(target_family = "wasm")]
    Box::pin(body)
}
