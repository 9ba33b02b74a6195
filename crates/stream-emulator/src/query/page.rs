//! Pagination of messages.

use serde::Deserialize;

use crate::error::ApiError;
use crate::parameters::QueryParameters;
use crate::state::{Message, Timestamp, World};

/// The default size of a page.
const DEFAULT_LIMIT: usize = 25;
/// The maximum size of a page.
const MAX_LIMIT: usize = 300;

/// The requested page of messages in a channel or a thread.
#[derive(Debug, Clone, Default, Deserialize)]
pub(crate) struct MessagePage {
    limit: Option<usize>,
    /// The number of messages before the page; only older clients send it.
    offset: Option<usize>,
    id_lt: Option<String>,
    id_lte: Option<String>,
    id_gt: Option<String>,
    id_gte: Option<String>,
    id_around: Option<String>,
    created_at_before: Option<Timestamp>,
    created_at_before_or_equal: Option<Timestamp>,
    created_at_after: Option<Timestamp>,
    created_at_after_or_equal: Option<Timestamp>,
    created_at_around: Option<Timestamp>,
}

impl MessagePage {
    /// Returns the page of the newest messages.
    pub(crate) fn newest(limit: Option<usize>) -> Self {
        Self { limit, ..Self::default() }
    }

    /// Parses the page from a query, in which its parameters have a prefix.
    pub(crate) fn from_query(query: &QueryParameters, prefix: &str) -> Result<Self, ApiError> {
        let id = |name: &str| query.get(&format!("{prefix}{name}")).map(str::to_owned);
        Ok(Self {
            limit: query.number(&format!("{prefix}limit"))?,
            id_lt: id("id_lt"),
            id_lte: id("id_lte"),
            id_gt: id("id_gt"),
            id_gte: id("id_gte"),
            id_around: id("id_around"),
            ..Self::default()
        })
    }

    /// Returns the size of the page, and refuses one that is too long.
    pub(crate) fn check(&self) -> Result<usize, ApiError> {
        match self.limit {
            None => Ok(DEFAULT_LIMIT),
            Some(limit) if limit <= MAX_LIMIT => Ok(limit),
            Some(_) => Err(ApiError::field("limit", format!("at most {MAX_LIMIT} is allowed"))),
        }
    }

    /// Returns the page of messages that are sorted from the oldest to the newest.
    pub(crate) fn pick<'a>(
        &self,
        world: &World,
        messages: Vec<&'a Message>,
    ) -> Result<Vec<&'a str>, ApiError> {
        let limit = self.check()?;
        let at = |id: &Option<String>| -> Result<Option<Timestamp>, ApiError> {
            let Some(id) = id else { return Ok(None) };
            match world.messages.get(id) {
                Some(message) => Ok(Some(message.created_at)),
                None => Err(ApiError::not_found(format!("Message with id {id} doesn't exist"))),
            }
        };
        let around = at(&self.id_around)?.or(self.created_at_around);
        let before = at(&self.id_lt)?.or(self.created_at_before);
        let until = at(&self.id_lte)?.or(self.created_at_before_or_equal);
        let after = at(&self.id_gt)?.or(self.created_at_after);
        let from = at(&self.id_gte)?.or(self.created_at_after_or_equal);
        let inside: Vec<&Message> = messages
            .into_iter()
            .filter(|message| {
                let time = message.created_at;
                before.is_none_or(|before| time < before)
                    && until.is_none_or(|until| time <= until)
                    && after.is_none_or(|after| time > after)
                    && from.is_none_or(|from| time >= from)
            })
            .collect();
        let offset = self.offset.unwrap_or_default();
        let surplus = inside.len().saturating_sub(limit);
        let range = if let Some(around) = around {
            let middle = inside.partition_point(|message| message.created_at < around);
            let start = middle.saturating_sub(limit / 2).min(surplus);
            start..start.saturating_add(limit)
        } else if after.is_some() || from.is_some() {
            // A forward page begins after its cursor; any other one is the newest.
            offset..offset.saturating_add(limit)
        } else {
            let end = inside.len().saturating_sub(offset);
            end.saturating_sub(limit)..end
        };
        Ok(inside
            .into_iter()
            .skip(range.start)
            .take(range.len())
            .map(|message| message.id.as_str())
            .collect())
    }
}
