//! The upload of a file and its import in one request.

use std::fmt;
use std::future::IntoFuture;
use std::sync::Arc;
use std::time::Duration;

use super::wait::{INTERVAL, LIMIT};
use crate::Imports;
use crate::client::Client;
use stream_http::{
    BodySource, BoxFuture, CallOptions, Error, FileSource, PreparedRequest, Response,
};
use stream_models::imports::{ImportMode, ImportTask};
use stream_models::{Method, OperationInfo};

/// The upload to a storage URL outside of the API.
const UPLOAD: OperationInfo =
    OperationInfo::new("UploadImportFile", Method::Put, "(signed upload URL)");
/// The media type of an import file, whatever its name is.
const MEDIA_TYPE: &str = "application/json";

impl Imports {
    /// Imports a file: gets an upload URL, uploads the file there, creates the import, and waits
    /// until it is done. Returns the finished import.
    ///
    /// The file is a JSON array or JSON lines, from memory, from a file on disk
    /// ([`Upload`](crate::Upload)), or from a reader ([`FileSource::reader`], which needs its
    /// length in bytes). It is read while it is sent, so memory use does not depend on its size.
    ///
    /// The upload goes to a storage host. It contains neither the API key nor a token nor custom
    /// headers.
    ///
    /// ```
    /// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
    /// # let emulator = stream_emulator::Emulator::start().await?;
    /// # let client = stream_chat::Client::builder(emulator.api_key(), emulator.api_secret())
    /// #     .base_url(emulator.base_url()).build()?;
    /// use stream_chat::Upload;
    /// use stream_chat::models::imports::ImportMode;
    ///
    /// let users = r#"{"type":"user","item":{"id":"john","role":"user"}}"#;
    /// let file = Upload::bytes("users.jsonl", users.as_bytes());
    /// let import = client.imports().run(file, ImportMode::Upsert).await?;
    /// assert_eq!(import.state, "completed");
    /// # Ok(())
    /// # }
    /// # tokio::runtime::Runtime::new()?.block_on(example())?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// Dropping the future before the import is created leaves an unused file behind. After that,
    /// the import continues: [`ImportRun::on_state`] receives its ID, with which [`Imports::wait`]
    /// can wait again.
    ///
    /// `POST /api/v2/import_urls`, `POST /api/v2/imports`, `GET /api/v2/imports/{id}`
    pub fn run(&self, file: impl Into<FileSource>, mode: impl Into<ImportMode>) -> ImportRun {
        ImportRun {
            client: self.client().clone(),
            file: file.into(),
            mode: mode.into(),
            merge_custom: None,
            upload: CallOptions::new(),
            on_state: None,
            interval: INTERVAL,
            limit: LIMIT,
        }
    }
}

type OnState = Arc<dyn Fn(&ImportTask) + Send + Sync>;

/// An import that is uploaded, run and awaited; see [`Imports::run`].
///
/// # Errors
/// One of the steps failed: the operation in the error identifies it. Before anything is uploaded,
/// a file that cannot be read or whose length is not known is an error of the kind
/// [`ErrorKind::InvalidRequest`](crate::ErrorKind::InvalidRequest). An import that failed on the
/// server is one of the kind [`ErrorKind::TaskFailed`](crate::ErrorKind::TaskFailed) with an
/// [`ImportFailure`](crate::ImportFailure) as its source; one that is not done in time is of the
/// kind [`ErrorKind::TaskTimeout`](crate::ErrorKind::TaskTimeout).
#[must_use = "nothing is sent until it is awaited"]
pub struct ImportRun {
    client: Client,
    file: FileSource,
    mode: ImportMode,
    merge_custom: Option<bool>,
    upload: CallOptions,
    on_state: Option<OnState>,
    interval: Duration,
    limit: Duration,
}

impl ImportRun {
    /// Sets whether imported custom data is merged into the existing data instead of replacing it.
    pub const fn merge_custom(mut self, merge_custom: bool) -> Self {
        self.merge_custom = Some(merge_custom);
        self
    }

    /// Calls `report` with the number of uploaded bytes and the total. It is called often and must
    /// not block. If an upload is retried, the count starts again at zero.
    pub fn on_progress(mut self, report: impl Fn(u64, u64) + Send + Sync + 'static) -> Self {
        self.upload = self.upload.on_progress(move |progress| {
            report(progress.sent, progress.total.unwrap_or_default());
        });
        self
    }

    /// Calls `report` with the import when it is created and at each poll.
    pub fn on_state(mut self, report: impl Fn(&ImportTask) + Send + Sync + 'static) -> Self {
        self.on_state = Some(Arc::new(report));
        self
    }

    /// Sets the poll interval; 5 seconds by default.
    pub const fn every(mut self, interval: Duration) -> Self {
        self.interval = interval;
        self
    }

    /// Sets how long to wait for the import once it is created; an hour by default. The upload may
    /// take any time, but must not stall.
    pub const fn at_most(mut self, limit: Duration) -> Self {
        self.limit = limit;
        self
    }

    async fn run(self) -> Result<Response<ImportTask>, Error> {
        let imports = self.client.imports();
        let url = imports.create_upload_url().filename(self.file.name()).await?.into_inner();
        let file = self.file.or_content_type(MEDIA_TYPE);
        let upload = PreparedRequest::to_url(UPLOAD, &url.upload_url)?.body(BodySource::file(file));
        self.client.executor().execute(upload, &self.upload).await?;
        let mut create = imports.create(url.path, self.mode);
        if let Some(merge_custom) = self.merge_custom {
            create = create.merge_custom(merge_custom);
        }
        let created = create.await?.into_inner().import_task;
        let report = self.on_state.unwrap_or_else(|| Arc::new(|_| {}));
        report(&created);
        let wait = imports.wait(created.id).just_started();
        let mut states = wait.every(self.interval).at_most(self.limit).progress();
        let mut last = None;
        while let Some(state) = states.next().await? {
            report(&state);
            last = Some(state);
        }
        last.ok_or_else(|| Error::task_failed("the import was not looked at"))
    }
}

impl IntoFuture for ImportRun {
    type Output = Result<Response<ImportTask>, Error>;
    type IntoFuture = BoxFuture<'static, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.run())
    }
}

impl fmt::Debug for ImportRun {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ImportRun")
            .field("file", &self.file)
            .field("mode", &self.mode)
            .field("merge_custom", &self.merge_custom)
            .finish_non_exhaustive()
    }
}
