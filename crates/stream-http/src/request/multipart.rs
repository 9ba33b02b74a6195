//! Multipart bodies.

use std::collections::VecDeque;
use std::future::poll_fn;
use std::io;
use std::pin::Pin;
use std::sync::PoisonError;
use std::task::{Context, Poll, ready};

use bytes::{Bytes, BytesMut};
use http_body::{Body, Frame, SizeHint};
use tokio::io::{AsyncRead, ReadBuf};

use super::upload::{FileContent, FileSource, Reader};
use crate::body::{BodySource, RequestBody};
use crate::error::{BoxError, Error};
use stream_models::{Part, PartContent};

/// The maximum number of bytes of a file in memory at a time.
const CHUNK: usize = 64 * 1024;

/// A form with files (`multipart/form-data`, RFC 7578), which is streamed.
#[derive(Default, Clone)]
pub(crate) struct Multipart {
    parts: Vec<(&'static str, Content)>,
}

#[derive(Clone)]
enum Content {
    /// JSON or a text.
    Plain(Bytes),
    File(FileSource),
}

impl Multipart {
    pub(crate) fn new(parts: Vec<Part>) -> Result<Self, Error> {
        let parts = parts.into_iter().map(|part| {
            let content = match part.content {
                PartContent::Json(json) => Content::Plain(json.into()),
                PartContent::Text(text) => Content::Plain(text.into()),
                PartContent::File(upload) => Content::File(upload.into()),
                _ => {
                    return Err(Error::invalid_request(format!(
                        "this version of stream-http cannot send what the part `{}` holds",
                        part.name
                    )));
                }
            };
            Ok((part.name, content))
        });
        Ok(Self { parts: parts.collect::<Result<_, _>>()? })
    }

    pub(crate) fn set_file(&mut self, name: &'static str, file: FileSource) {
        match self.parts.iter_mut().find(|(part, _)| *part == name) {
            Some((_, content)) => *content = Content::File(file),
            None => self.parts.push((name, Content::File(file))),
        }
    }

    /// Returns the form as a body, with a random boundary.
    ///
    /// # Errors
    /// A file has no name.
    pub(crate) fn into_source(self) -> Result<BodySource, Error> {
        let is_nameless =
            |content: &Content| matches!(content, Content::File(file) if file.name().is_empty());
        if self.parts.iter().any(|(_, content)| is_nameless(content)) {
            // Servers take a part with an empty file name for a text.
            return Err(Error::invalid_request(
                "the file has no name: give it one, such as `report.pdf`",
            ));
        }
        let boundary = format!("stream-rust-{:032x}", fastrand::u128(..));
        let content_type = format!("multipart/form-data; boundary={boundary}");
        let replayable = self.parts.iter().all(|(_, content)| match content {
            Content::File(file) => file.is_replayable(),
            Content::Plain(_) => true,
        });
        let source = BodySource::reopen(content_type, move || {
            let (form, boundary) = (self.clone(), boundary.clone());
            async move { form.open(&boundary).await.map(RequestBody::stream) }
        });
        Ok(source.replayable(replayable))
    }

    async fn open(self, boundary: &str) -> Result<FormBody, BoxError> {
        let mut form = FormBody::default();
        for (name, content) in self.parts {
            match content {
                Content::Plain(json) => {
                    form.text(format!(
                        "--{boundary}\r\nContent-Disposition: form-data; name=\"{name}\"\r\nContent-Type: application/json\r\n\r\n"
                    ));
                    form.bytes(json);
                }
                Content::File(file) => {
                    let file_name = quoted(&file.file_name);
                    let mut opened = Opened::of(file.content.clone()).await?;
                    let head = if file.needs_head() { opened.head().await? } else { Bytes::new() };
                    let media_type = one_line(file.media_type(&head));
                    form.text(format!(
                        "--{boundary}\r\nContent-Disposition: form-data; name=\"{name}\"; filename=\"{file_name}\"\r\nContent-Type: {media_type}\r\n\r\n"
                    ));
                    form.file(opened);
                }
            }
            form.text("\r\n".to_owned());
        }
        form.text(format!("--{boundary}--\r\n"));
        Ok(form)
    }
}

impl BodySource {
    /// Creates a source from a file without a form, which is opened for each attempt. Its length
    /// must be known, because servers that accept such files refuse chunked bodies.
    pub fn file(file: FileSource) -> Self {
        let replayable = file.is_replayable();
        let media_type = one_line(file.media_type(&[]));
        Self::reopen(media_type, move || {
            let content = file.content.clone();
            async move {
                let mut body = FormBody::default();
                body.file(Opened::of(content).await?);
                if body.unknown > 0 {
                    return Err(
                        "the length of the file is not known: give it with the reader".into()
                    );
                }
                Ok(RequestBody::stream(body))
            }
        })
        .replayable(replayable)
    }
}

/// Escapes a file name as browsers do in forms. Backslashes are escaped too: some servers read them
/// as escapes, and would not find the end of a name that ends with one.
fn quoted(name: &str) -> String {
    let mut quoted = String::with_capacity(name.len());
    for character in name.chars() {
        match character {
            '"' | '\\' | '\0'..='\x1f' | '\x7f' => {
                quoted.push_str(&format!("%{:02X}", u32::from(character)));
            }
            _ => quoted.push(character),
        }
    }
    quoted
}

fn one_line(text: &str) -> String {
    text.chars().filter(|character| !character.is_control()).collect()
}

/// A file that is ready to be read.
enum Opened {
    Bytes(Bytes),
    Reader {
        reader: Reader,
        length: Option<u64>,
        /// The bytes that were read ahead.
        head: Bytes,
        /// Whether the file is on disk, so that reads do not block for long.
        is_at_hand: bool,
    },
}

impl Opened {
    async fn of(content: FileContent) -> Result<Self, BoxError> {
        let opened = |reader, length, is_at_hand| Self::Reader {
            reader,
            length,
            head: Bytes::new(),
            is_at_hand,
        };
        match content {
            FileContent::Bytes(bytes) => Ok(Self::Bytes(bytes)),
            FileContent::Reader { slot, length } => {
                let reader = slot.lock().unwrap_or_else(PoisonError::into_inner).take();
                let reader = reader.ok_or("the reader was already read")?;
                Ok(opened(reader, length, false))
            }
            #[cfg(not(target_family = "wasm"))]
            FileContent::Path(path) => {
                let named = |error: io::Error| format!("{}: {error}", path.display());
                let file = tokio::fs::File::open(&path).await.map_err(named)?;
                let metadata = file.metadata().await.map_err(named)?;
                if metadata.is_dir() {
                    return Err(format!("{}: is a directory", path.display()).into());
                }
                // A pipe or a device has no length.
                let length = metadata.is_file().then_some(metadata.len());
                Ok(opened(Box::new(file), length, metadata.is_file()))
            }
            #[cfg(target_family = "wasm")]
            FileContent::Path(_) => Err("there are no files on this platform".into()),
        }
    }

    /// Returns the first bytes, if they are in memory or on disk. Other sources are not read ahead,
    /// because they may take any time.
    async fn head(&mut self) -> io::Result<Bytes> {
        match self {
            Self::Bytes(bytes) => Ok(bytes.clone()),
            Self::Reader { reader, length, head, is_at_hand: true } => {
                let left = *length;
                *head = poll_fn(|context| poll_read(reader, left, context)).await?;
                Ok(head.clone())
            }
            Self::Reader { .. } => Ok(Bytes::new()),
        }
    }
}

#[derive(Default)]
struct FormBody {
    segments: VecDeque<Segment>,
    /// The number of remaining bytes of known length.
    known: u64,
    /// The number of unfinished readers of unknown length.
    unknown: usize,
}

enum Segment {
    Bytes(Bytes),
    Reader { reader: Reader, left: Option<u64> },
}

impl FormBody {
    fn text(&mut self, text: String) {
        self.bytes(text.into());
    }

    fn bytes(&mut self, bytes: Bytes) {
        self.known = self.known.saturating_add(bytes.len() as u64);
        if !bytes.is_empty() {
            self.segments.push_back(Segment::Bytes(bytes));
        }
    }

    fn reader(&mut self, reader: Reader, length: Option<u64>) {
        match length {
            Some(length) => self.known = self.known.saturating_add(length),
            None => self.unknown += 1,
        }
        self.segments.push_back(Segment::Reader { reader, left: length });
    }

    fn file(&mut self, opened: Opened) {
        match opened {
            Opened::Bytes(bytes) => self.bytes(bytes),
            Opened::Reader { reader, length, head, .. } => {
                let left = length.map(|length| length.saturating_sub(head.len() as u64));
                self.bytes(head);
                self.reader(reader, left);
            }
        }
    }

    fn poll_segment(&mut self, context: &mut Context<'_>) -> Poll<Option<io::Result<Bytes>>> {
        loop {
            let Some(segment) = self.segments.front_mut() else { return Poll::Ready(None) };
            let chunk = match segment {
                Segment::Bytes(bytes) => bytes.split_to(bytes.len().min(CHUNK)),
                Segment::Reader { reader, left } => match ready!(poll_read(reader, *left, context))
                {
                    Ok(chunk) => {
                        if let Some(left) = left {
                            *left = left.saturating_sub(chunk.len() as u64);
                        }
                        chunk
                    }
                    Err(error) => return Poll::Ready(Some(Err(error))),
                },
            };
            if chunk.is_empty() {
                if matches!(segment, Segment::Reader { left: None, .. }) {
                    self.unknown = self.unknown.saturating_sub(1);
                }
                self.segments.pop_front();
                continue;
            }
            if !matches!(segment, Segment::Reader { left: None, .. }) {
                self.known = self.known.saturating_sub(chunk.len() as u64);
            }
            return Poll::Ready(Some(Ok(chunk)));
        }
    }
}

/// Returns the next bytes of `reader`, at most `left`; empty at the end.
fn poll_read(
    reader: &mut Reader,
    left: Option<u64>,
    context: &mut Context<'_>,
) -> Poll<io::Result<Bytes>> {
    let room = left.map_or(CHUNK, |left| usize::try_from(left).unwrap_or(CHUNK).min(CHUNK));
    if room == 0 {
        return Poll::Ready(Ok(Bytes::new()));
    }
    let mut storage = BytesMut::zeroed(room);
    let mut buffer = ReadBuf::new(&mut storage);
    ready!(Pin::new(reader).poll_read(context, &mut buffer))?;
    let length = buffer.filled().len();
    if length == 0 && left.is_some() {
        return Poll::Ready(Err(io::Error::new(
            io::ErrorKind::UnexpectedEof,
            "the file ended before its announced length",
        )));
    }
    storage.truncate(length);
    Poll::Ready(Ok(storage.freeze()))
}

impl Body for FormBody {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        self.poll_segment(context)
            .map(|chunk| chunk.map(|chunk| chunk.map(Frame::data).map_err(Into::into)))
    }

    fn is_end_stream(&self) -> bool {
        self.segments.is_empty()
    }

    fn size_hint(&self) -> SizeHint {
        if self.unknown == 0 {
            SizeHint::with_exact(self.known)
        } else {
            let mut hint = SizeHint::new();
            hint.set_lower(self.known);
            hint
        }
    }
}

#[cfg(test)]
mod tests {
    use http_body_util::BodyExt;

    use super::*;

    async fn sent(form: Multipart) -> (Option<u64>, String) {
        let body = form.open("B").await.unwrap();
        let announced = body.size_hint().exact();
        let bytes = body.collect().await.unwrap().to_bytes();
        (announced, String::from_utf8(bytes.to_vec()).unwrap())
    }

    fn form(file: FileSource) -> Multipart {
        let mut form = Multipart::default();
        form.parts.push(("user", Content::Plain(Bytes::from_static(b"{\"id\":\"john\"}"))));
        form.set_file("file", file);
        form
    }

    fn expected() -> String {
        let media_type = match cfg!(feature = "media-types") {
            true => "image/png",
            false => "application/octet-stream",
        };
        format!(
            "--B\r\nContent-Disposition: form-data; name=\"user\"\r\n\
            Content-Type: application/json\r\n\r\n{{\"id\":\"john\"}}\r\n\
            --B\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a%22\u{e9}.png\"\r\n\
            Content-Type: {media_type}\r\n\r\nPIXELS\r\n--B--\r\n"
        )
    }

    #[tokio::test]
    async fn every_source_gives_the_same_form_and_its_length() {
        let path = std::env::temp_dir().join(format!("stream-http-{}.png", std::process::id()));
        std::fs::write(&path, "PIXELS").unwrap();
        for file in [
            FileSource::bytes("a\"é.png", "PIXELS"),
            FileSource::path(&path).file_name("a\"é.png"),
            FileSource::reader("a\"é.png", &b"PIXELS"[..], Some(6)),
            FileSource::reader("a\"é.png", &b"PIXELS and more"[..], Some(6)),
        ] {
            let length = expected().len() as u64;
            assert_eq!(sent(form(file)).await, (Some(length), expected()));
        }
        let unknown = FileSource::reader("a\"é.png", &b"PIXELS"[..], None);
        assert_eq!(sent(form(unknown)).await, (None, expected()));
        std::fs::remove_file(path).unwrap();
    }

    #[tokio::test]
    async fn a_file_that_is_not_there_or_too_short_is_an_error() {
        let error = form(FileSource::path("/does/not/exist")).open("B").await.err().unwrap();
        assert!(error.to_string().contains("/does/not/exist"));
        let body = form(FileSource::reader("a", &b"PIX"[..], Some(6))).open("B").await.unwrap();
        assert!(body.collect().await.is_err());
    }

    #[test]
    fn names_and_types_cannot_add_headers() {
        assert_eq!(quoted("a\"\r\nX: y"), "a%22%0D%0AX: y");
        assert_eq!(one_line("image/png\r\nX: y"), "image/pngX: y");
    }

    #[test]
    fn only_readers_are_read_once() {
        assert!(form(FileSource::bytes("a", "b")).into_source().unwrap().is_replayable());
        let reader = FileSource::reader("a", &b"b"[..], None);
        assert!(!form(reader).into_source().unwrap().is_replayable());
    }

    #[test]
    fn a_file_without_a_name_is_refused() {
        for file in [FileSource::bytes("", "b"), FileSource::path("")] {
            let error = form(file).into_source().err().unwrap();
            assert!(error.is_invalid_input() && error.to_string().contains("name"), "{error}");
        }
    }
}
