//! Writes an import file.

use std::future::poll_fn;
use std::io::{self, ErrorKind, Write};
use std::pin::Pin;

use tokio::io::AsyncWrite;

use super::{ImportEncoder, ImportError, ImportItem};
use stream_http::Error;

/// Writes an import file. See [`import`](super) for what is in it.
#[derive(Debug)]
pub struct ImportWriter<W> {
    encoder: ImportEncoder,
    output: W,
    is_broken: bool,
}

impl<W: Write> ImportWriter<W> {
    /// Creates a writer. Give it a [`BufWriter`](std::io::BufWriter) where single lines are
    /// expensive to write, as in a file.
    pub fn new(output: W) -> Self {
        Self::with_encoder(output, ImportEncoder::new())
    }

    /// Creates a writer with other rules.
    pub const fn with_encoder(output: W, encoder: ImportEncoder) -> Self {
        Self { encoder, output, is_broken: false }
    }

    /// Writes an item.
    ///
    /// # Errors
    /// The server would refuse the item here: nothing of it is written, and the next can be. Or
    /// writing failed: the file is not usable then. [`ImportError::of`] tells which.
    pub fn write(&mut self, item: &ImportItem) -> Result<(), Error> {
        if self.is_broken {
            return Err(ImportError::Broken.into());
        }
        let line = self.encoder.try_encode(item)?;
        self.is_broken = true;
        self.output.write_all(line.as_bytes()).map_err(ImportError::Io)?;
        self.is_broken = false;
        Ok(())
    }

    /// Returns what was encoded so far.
    pub const fn encoder(&self) -> &ImportEncoder {
        &self.encoder
    }

    /// Flushes the output and returns it.
    ///
    /// # Errors
    /// Writing failed, now or before.
    pub fn finish(mut self) -> Result<W, Error> {
        if self.is_broken {
            return Err(ImportError::Broken.into());
        }
        self.output.flush().map_err(ImportError::Io)?;
        Ok(self.output)
    }
}

/// Writes an import file to an [`AsyncWrite`]. See [`import`](super) for what is in it.
///
/// ```
/// # async fn example(file: impl tokio::io::AsyncWrite + Unpin) -> Result<(), stream_chat::Error> {
/// use stream_chat::import::{AsyncImportWriter, ImportItem};
///
/// let mut file = AsyncImportWriter::new(file);
/// file.write(&ImportItem::user("john")).await?;
/// file.finish().await?;
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct AsyncImportWriter<W> {
    encoder: ImportEncoder,
    output: W,
    is_broken: bool,
}

impl<W: AsyncWrite + Unpin> AsyncImportWriter<W> {
    /// Creates a writer. Give it a `BufWriter` of tokio where single lines are expensive to write.
    pub fn new(output: W) -> Self {
        Self::with_encoder(output, ImportEncoder::new())
    }

    /// Creates a writer with other rules.
    pub const fn with_encoder(output: W, encoder: ImportEncoder) -> Self {
        Self { encoder, output, is_broken: false }
    }

    /// Writes an item. If it is dropped before it is done, the file is not usable.
    ///
    /// # Errors
    /// As [`ImportWriter::write`].
    pub async fn write(&mut self, item: &ImportItem) -> Result<(), Error> {
        if self.is_broken {
            return Err(ImportError::Broken.into());
        }
        let line = self.encoder.try_encode(item)?;
        let mut rest = line.as_bytes();
        self.is_broken = true;
        while !rest.is_empty() {
            let output = &mut self.output;
            let written = poll_fn(|context| Pin::new(&mut *output).poll_write(context, rest)).await;
            let written = written.map_err(ImportError::Io)?;
            rest = rest.get(written..).filter(|_| written > 0).ok_or_else(|| {
                let full = io::Error::new(ErrorKind::WriteZero, "the output takes nothing more");
                ImportError::Io(full)
            })?;
        }
        self.is_broken = false;
        Ok(())
    }

    /// Returns what was encoded so far.
    pub const fn encoder(&self) -> &ImportEncoder {
        &self.encoder
    }

    /// Flushes the output and returns it.
    ///
    /// # Errors
    /// Writing failed, now or before.
    pub async fn finish(mut self) -> Result<W, Error> {
        if self.is_broken {
            return Err(ImportError::Broken.into());
        }
        let output = &mut self.output;
        let flushed = poll_fn(|context| Pin::new(&mut *output).poll_flush(context)).await;
        flushed.map_err(ImportError::Io)?;
        Ok(self.output)
    }
}
