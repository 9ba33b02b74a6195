//! Block lists: methods that combine or specialize operations.

use std::future::IntoFuture;

use crate::client::Client;
use crate::{BlockLists, Request};
use stream_http::{BoxFuture, Error};
use stream_models::blocklists::{BlockListResponse, BlockListType, CreateBlockList};
use stream_models::channel_types::{BlockListOptions, ModerationBehavior};

/// # From one call
impl BlockLists {
    /// Creates a block list, or replaces the words of an existing one. Returns the list.
    ///
    /// ```
    /// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
    /// # let emulator = stream_emulator::Emulator::start().await?;
    /// # let client = stream_chat::Client::builder(emulator.api_key(), emulator.api_secret())
    /// #     .base_url(emulator.base_url()).build()?;
    /// use stream_chat::models::channel_types::ModerationBehavior;
    ///
    /// let list = client
    ///     .block_lists()
    ///     .upsert("insults", ["blockhead", "nitwit"])
    ///     .attach_to("messaging", ModerationBehavior::Block)
    ///     .await?;
    /// assert_eq!(list.words.len(), 2);
    /// # Ok(())
    /// # }
    /// # tokio::runtime::Runtime::new()?.block_on(example())?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// `PUT /api/v2/blocklists/{name}`, `POST /api/v2/blocklists`
    pub fn upsert(
        &self,
        name: impl Into<String>,
        words: impl IntoIterator<Item = impl Into<String>>,
    ) -> UpsertBlockList {
        UpsertBlockList {
            client: self.client().clone(),
            name: name.into(),
            words: words.into_iter().map(Into::into).collect(),
            kind: None,
            team: None,
            attachments: Vec::new(),
        }
    }
}

/// The request to create or replace a block list; see [`BlockLists::upsert`].
///
/// # Errors
/// See [`Error`]. If the attachment fails, the block list remains created or replaced.
#[must_use = "nothing is sent until it is awaited"]
#[derive(Debug, Clone)]
pub struct UpsertBlockList {
    client: Client,
    name: String,
    words: Vec<String>,
    kind: Option<BlockListType>,
    team: Option<String>,
    attachments: Vec<(String, ModerationBehavior)>,
}

impl UpsertBlockList {
    /// Sets the type of the entries, such as words or domains, of a new list; an existing list
    /// keeps its type.
    pub fn type_(mut self, kind: impl Into<BlockListType>) -> Self {
        self.kind = Some(kind.into());
        self
    }

    /// Sets the team that the list belongs to, in an app with multi-tenancy.
    pub fn team(mut self, team: impl Into<String>) -> Self {
        self.team = Some(team.into());
        self
    }

    /// Checks the messages in channels of a type against the list; see
    /// [`ChannelTypes::attach_block_list`](crate::ChannelTypes::attach_block_list). Can be called
    /// for several types.
    pub fn attach_to(
        mut self,
        channel_type: impl Into<String>,
        behavior: impl Into<ModerationBehavior>,
    ) -> Self {
        self.attachments.push((channel_type.into(), behavior.into()));
        self
    }

    async fn run(self) -> Result<BlockListResponse, Error> {
        let list = match self.update().await {
            Err(error) if error.is_not_found() => match self.create().await {
                Ok(created) => created.into_inner().blocklist,
                // The list may have been created concurrently; if not, the first error is more
                // informative.
                Err(refusal) if refusal.is_already_exists() || refusal.is_invalid_input() => {
                    self.update().await.map_err(|_| refusal)?
                }
                Err(error) => return Err(error),
            },
            list => list?,
        };
        for (channel_type, behavior) in self.attachments {
            let options = BlockListOptions::new(&*self.name, behavior);
            self.client.channel_types().attach_block_list(channel_type, options).await?;
        }
        Ok(list)
    }

    async fn update(&self) -> Result<BlockListResponse, Error> {
        let mut update = self.client.block_lists().update(&*self.name).words(&self.words);
        if let Some(team) = &self.team {
            update = update.team(team);
        }
        Ok(update.await?.into_inner().blocklist)
    }

    fn create(&self) -> Request<CreateBlockList> {
        let mut create = self.client.block_lists().create(&*self.name, &self.words);
        if let Some(kind) = &self.kind {
            create = create.type_(kind.clone());
        }
        if let Some(team) = &self.team {
            create = create.team(team);
        }
        create
    }
}

impl IntoFuture for UpsertBlockList {
    type Output = Result<BlockListResponse, Error>;
    type IntoFuture = BoxFuture<'static, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.run())
    }
}
