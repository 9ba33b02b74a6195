//! Writers of import files.

use std::future::poll_fn;
use std::io::{self, ErrorKind, Write};
use std::pin::Pin;

use tokio::io::AsyncWrite;

use super::{ImportEncoder, ImportError, ImportItem};
use stream_http::Error;

/// Writes an import file; see [`import`](super) for the format.
#[derive(Debug)]
pub struct ImportWriter<W> {
    encoder: ImportEncoder,
    output: W,
    is_broken: bool,
}

impl<W: Write> ImportWriter<W> {
    /// Creates a writer. Pass a [`BufWriter`](std::io::BufWriter) if writing single lines is
    /// expensive, as it is for a file.
    pub fn new(output: W) -> Self {
        Self::with_encoder(output, ImportEncoder::new())
    }

    /// Creates a writer with the rules of an encoder.
    pub const fn with_encoder(output: W, encoder: ImportEncoder) -> Self {
        Self { encoder, output, is_broken: false }
    }

    /// Writes an item.
    ///
    /// # Errors
    /// The server would refuse the item at this position: the item is not written, and the writer
    /// remains usable. Or writing failed: the file is not usable. [`ImportError::of`] distinguishes
    /// them.
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

    /// Returns the encoder, with the numbers of lines and bytes so far.
    pub const fn encoder(&self) -> &ImportEncoder {
        &self.encoder
    }

    /// Flushes the output and returns it.
    ///
    /// # Errors
    /// Writing failed, now or earlier.
    pub fn finish(mut self) -> Result<W, Error> {
        if self.is_broken {
            return Err(ImportError::Broken.into());
        }
        self.output.flush().map_err(ImportError::Io)?;
        Ok(self.output)
    }
}

/// Writes an import file to an [`AsyncWrite`]; see [`import`](super) for the format.
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
    /// Creates a writer. Pass a `BufWriter` of tokio if writing single lines is expensive.
    pub fn new(output: W) -> Self {
        Self::with_encoder(output, ImportEncoder::new())
    }

    /// Creates a writer with the rules of an encoder.
    pub const fn with_encoder(output: W, encoder: ImportEncoder) -> Self {
        Self { encoder, output, is_broken: false }
    }

    /// Writes an item. If the future is dropped before it completes, the file is not usable.
    ///
    /// # Errors
    /// The same as [`ImportWriter::write`].
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

    /// Returns the encoder, with the numbers of lines and bytes so far.
    pub const fn encoder(&self) -> &ImportEncoder {
        &self.encoder
    }

    /// Flushes the output and returns it.
    ///
    /// # Errors
    /// Writing failed, now or earlier.
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
