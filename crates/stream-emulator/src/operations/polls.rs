//! Polls.

use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::{Map, Value};

use super::{
    Call, CursorQuery, Outcome, check_count, check_custom, check_paths, decode, operations,
};
use crate::auth::Caller;
use crate::document::Object;
use crate::error::ApiError;
use crate::events;
use crate::query::{Fields, custom_field, tables};
use crate::state::{Cast, Choice, Message, Poll, PollOption, PollRules, UserInput, Vote, patch};
use crate::view::View;

operations! {
    "CreatePoll" => create,
    "GetPoll" => get,
    "UpdatePoll" => update,
    "UpdatePollPartial" => update_partial,
    "DeletePoll" => delete,
    "QueryPolls" => query,
    "CreatePollOption" => create_option,
    "GetPollOption" => get_option,
    "UpdatePollOption" => update_option,
    "DeletePollOption" => delete_option,
    "CastPollVote" => vote,
    "DeletePollVote" => delete_vote,
    "QueryPollVotes" => query_votes,
}

/// The maximum number of options of a poll.
const MAX_OPTIONS: usize = 100;
/// The maximum size of the custom data of a poll, in bytes.
const MAX_CUSTOM: usize = 5 * 1024;
/// The maximum number of votes per user.
const MAX_VOTES: usize = 10;

#[derive(Deserialize)]
struct PollInput {
    id: Option<String>,
    name: Option<String>,
    description: Option<String>,
    voting_visibility: Option<String>,
    enforce_unique_vote: Option<bool>,
    max_votes_allowed: Option<usize>,
    allow_answers: Option<bool>,
    allow_user_suggested_options: Option<bool>,
    is_closed: Option<bool>,
    options: Option<Vec<OptionInput>>,
    // SDKs of earlier versions of the schema send this name.
    #[serde(alias = "Custom")]
    custom: Option<Map<String, Value>>,
    user_id: Option<String>,
    user: Option<UserInput>,
}

#[derive(Deserialize)]
struct OptionInput {
    id: Option<String>,
    text: Option<String>,
    #[serde(alias = "Custom")]
    custom: Option<Map<String, Value>>,
    user_id: Option<String>,
    user: Option<UserInput>,
}

impl PollInput {
    fn rules(&self) -> Result<PollRules, ApiError> {
        check_custom("poll", self.custom.as_ref(), MAX_CUSTOM)?;
        let name = self.name.clone().unwrap_or_default();
        if name.trim().is_empty() {
            return Err(ApiError::field("name", "is a required field"));
        }
        if self.max_votes_allowed.is_some_and(|most| !(1..=MAX_VOTES).contains(&most)) {
            return Err(ApiError::field("max_votes_allowed", format!("must be 1 to {MAX_VOTES}")));
        }
        let is_anonymous = match self.voting_visibility.as_deref() {
            None | Some("" | "public") => false,
            Some("anonymous") => true,
            Some(other) => {
                return Err(ApiError::field(
                    "voting_visibility",
                    format!("{other:?} must be one of [anonymous public]"),
                ));
            }
        };
        Ok(PollRules {
            name,
            description: self.description.clone().unwrap_or_default(),
            is_anonymous,
            enforce_unique_vote: self.enforce_unique_vote.unwrap_or_default(),
            max_votes_allowed: self.max_votes_allowed,
            allow_answers: self.allow_answers.unwrap_or_default(),
            allow_user_suggested_options: self.allow_user_suggested_options.unwrap_or_default(),
            is_closed: self.is_closed.unwrap_or_default(),
        })
    }

    fn options(&mut self) -> Result<Vec<PollOption>, ApiError> {
        let options = self.options.take().unwrap_or_default();
        check_count("options", options.len(), MAX_OPTIONS)?;
        options.into_iter().map(OptionInput::option).collect()
    }
}

impl OptionInput {
    fn option(self) -> Result<PollOption, ApiError> {
        let text = self.text.unwrap_or_default();
        if text.is_empty() {
            return Err(ApiError::field("text", "an option must have a text"));
        }
        Ok(PollOption {
            id: self.id.filter(|id| !id.is_empty()).unwrap_or_else(new_id),
            text,
            custom: self.custom.unwrap_or_default(),
        })
    }
}

/// Handles `CreatePoll`.
fn create(call: &mut Call<'_>, mut input: PollInput) -> Outcome {
    let rules = input.rules()?;
    let options = input.options()?;
    let id = input.id.take().filter(|id| !id.is_empty()).unwrap_or_else(new_id);
    if call.world.polls.contains_key(&id) {
        return Err(ApiError::field("id", format!("a poll with ID {id} already exists")));
    }
    let created_by = call.acting_user(input.user_id.as_deref(), input.user.as_ref(), "user")?;
    let poll = Poll {
        id: id.clone(),
        rules,
        options,
        custom: input.custom.unwrap_or_default(),
        votes: Vec::new(),
        created_by: created_by.clone(),
        created_at: call.now,
        updated_at: call.now,
    };
    call.world.polls.insert(id.clone(), poll);
    shown(call, &id, Some(&created_by))
}

/// Handles `GetPoll`.
fn get(call: &mut Call<'_>, _: IgnoredAny) -> Outcome {
    let id = poll(call)?.id.clone();
    let viewer = call.named_user(call.request.query.get("user_id"), None, "user")?;
    shown(call, &id, viewer.as_deref())
}

/// Handles `UpdatePoll`; absent fields are reset.
fn update(call: &mut Call<'_>, mut input: PollInput) -> Outcome {
    let id = input.id.take().unwrap_or_default();
    existing(call, &id)?;
    let rules = input.rules()?;
    let options = input.options()?;
    let user_id = call.acting_user(input.user_id.as_deref(), input.user.as_ref(), "user")?;
    change(call, &id, &user_id, |poll| {
        poll.rules = rules;
        poll.set_options(options);
        poll.custom = input.custom.unwrap_or_default();
    })
}

#[derive(Deserialize)]
struct Partial {
    set: Option<Map<String, Value>>,
    unset: Option<Vec<String>>,
    user_id: Option<String>,
    user: Option<UserInput>,
}

/// Handles `UpdatePollPartial`. The changed poll must be one that could be created.
fn update_partial(call: &mut Call<'_>, input: Partial) -> Outcome {
    let poll = poll(call)?;
    let id = poll.id.clone();
    let mut set = input.set.unwrap_or_default();
    let unset = input.unset.unwrap_or_default();
    check_paths(set.keys().chain(&unset).map(String::as_str), RESERVED)?;
    if let Some(name) = unset.iter().find(|name| CORE.contains(&name.as_str())) {
        return Err(ApiError::field(name, "cannot be unset"));
    }
    let mut fields = Map::new();
    for name in RULES {
        let value = set.remove(*name).or_else(|| Searched(poll).field(name));
        fields.insert((*name).to_owned(), value.unwrap_or_default());
    }
    let has_options = set.get("options").is_some_and(|options| !options.is_null());
    fields.extend(set.remove_entry("options"));
    let mut custom = poll.custom.clone();
    for (path, value) in set {
        patch::set(&mut custom, &path, value);
    }
    for path in &unset {
        fields.remove(path);
        patch::unset(&mut custom, path);
    }
    fields.insert("custom".to_owned(), custom.into());
    let mut changed: PollInput = decode(fields.into())?;
    let rules = changed.rules()?;
    let options = changed.options()?;
    let user_id = call.acting_user(input.user_id.as_deref(), input.user.as_ref(), "user")?;
    change(call, &id, &user_id, |poll| {
        poll.rules = rules;
        if has_options {
            poll.set_options(options);
        }
        poll.custom = changed.custom.unwrap_or_default();
    })
}

/// The fields that say how a poll works.
const RULES: &[&str] = &[
    "name",
    "description",
    "voting_visibility",
    "enforce_unique_vote",
    "max_votes_allowed",
    "allow_answers",
    "allow_user_suggested_options",
    "is_closed",
];

/// The fields that only the server sets.
const RESERVED: &[&str] = &[
    "id",
    "created_by",
    "created_by_id",
    "created_at",
    "updated_at",
    "vote_count",
    "vote_counts_by_option",
    "answers_count",
    "latest_votes_by_option",
    "latest_answers",
    "own_votes",
];

/// The fields that every poll has.
const CORE: &[&str] = &[
    "name",
    "voting_visibility",
    "enforce_unique_vote",
    "allow_answers",
    "allow_user_suggested_options",
    "is_closed",
    "options",
];

/// Handles `DeletePoll`.
fn delete(call: &mut Call<'_>, _: IgnoredAny) -> Outcome {
    let id = poll(call)?.id.clone();
    call.named_user(call.request.query.get("user_id"), None, "user")?;
    check_creator(call, existing(call, &id)?)?;
    let Some(poll) = call.world.polls.remove(&id) else {
        return Err(no_poll(&id));
    };
    if let Some(message) = message_of(call, &id) {
        call.emit(|view| events::polls::poll(view, "poll.deleted", &message, &poll));
    }
    Ok(Object::new())
}

/// Handles `QueryPolls`.
fn query(call: &mut Call<'_>, query: CursorQuery) -> Outcome {
    let viewer = call.named_user(call.request.query.get("user_id"), None, "user")?;
    let view = View { viewer: viewer.as_deref(), ..call.view() };
    let found = call.world.polls.values().filter(|poll| may_see(call, poll)).map(Searched);
    let query = query.sortable_by(tables::QUERY_POLLS_SORT);
    let page = query.pick(tables::QUERY_POLLS, found, |Searched(poll)| poll.id.clone())?;
    Ok(page.document("polls", |Searched(poll)| view.poll(poll)))
}

/// A poll, as filters see it.
struct Searched<'a>(&'a Poll);

impl Fields for Searched<'_> {
    fn field(&self, name: &str) -> Option<Value> {
        let Self(poll) = self;
        Some(match name {
            "id" => poll.id.as_str().into(),
            "name" => poll.rules.name.as_str().into(),
            "description" => poll.rules.description.as_str().into(),
            "enforce_unique_vote" => poll.rules.enforce_unique_vote.into(),
            "created_by_id" => poll.created_by.as_str().into(),
            "is_closed" => poll.rules.is_closed.into(),
            "allow_answers" => poll.rules.allow_answers.into(),
            "allow_user_suggested_options" => poll.rules.allow_user_suggested_options.into(),
            "max_votes_allowed" => poll.rules.max_votes_allowed?.into(),
            "voting_visibility" => {
                if poll.rules.is_anonymous {
                    "anonymous".into()
                } else {
                    "public".into()
                }
            }
            "created_at" => poll.created_at.nanoseconds().into(),
            "updated_at" => poll.updated_at.nanoseconds().into(),
            name => return custom_field(&poll.custom, name),
        })
    }
}

/// Handles `CreatePollOption`.
fn create_option(call: &mut Call<'_>, input: OptionInput) -> Outcome {
    let poll = poll(call)?;
    let id = poll.id.clone();
    check_count("options", poll.options.len() + 1, MAX_OPTIONS)?;
    let user_id = call.acting_user(input.user_id.as_deref(), input.user.as_ref(), "user")?;
    let option = input.option()?;
    let document = call.view().poll_option(&option);
    let poll = existing(call, &id)?;
    if !poll.rules.allow_user_suggested_options {
        check_creator(call, poll)?;
    }
    apply(call, &id, &user_id, |poll| poll.options.push(option))?;
    Ok(Object::new().field("poll_option", document))
}

/// Handles `GetPollOption`.
fn get_option(call: &mut Call<'_>, _: IgnoredAny) -> Outcome {
    let id = call.path("option_id");
    let option = poll(call)?.option(id).ok_or_else(|| no_option(id))?;
    Ok(Object::new().field("poll_option", call.view().poll_option(option)))
}

/// Handles `UpdatePollOption`.
fn update_option(call: &mut Call<'_>, input: OptionInput) -> Outcome {
    let poll = poll(call)?;
    let poll_id = poll.id.clone();
    let option_id = input.id.clone().unwrap_or_default();
    if poll.option(&option_id).is_none() {
        return Err(no_option(&option_id));
    }
    let user_id = call.acting_user(input.user_id.as_deref(), input.user.as_ref(), "user")?;
    let option = input.option()?;
    let document = call.view().poll_option(&option);
    change(call, &poll_id, &user_id, |poll| {
        if let Some(current) = poll.options.iter_mut().find(|current| current.id == option.id) {
            *current = option;
        }
    })?;
    Ok(Object::new().field("poll_option", document))
}

/// Handles `DeletePollOption`: deletes the option with its votes.
fn delete_option(call: &mut Call<'_>, _: IgnoredAny) -> Outcome {
    let option_id = call.path("option_id").to_owned();
    let poll = poll(call)?;
    if poll.option(&option_id).is_none() {
        return Err(no_option(&option_id));
    }
    let poll_id = poll.id.clone();
    let user_id = call.acting_user(call.request.query.get("user_id"), None, "user")?;
    change(call, &poll_id, &user_id, |poll| {
        let options = std::mem::take(&mut poll.options).into_iter();
        poll.set_options(options.filter(|option| option.id != option_id).collect());
    })?;
    Ok(Object::new())
}

#[derive(Deserialize)]
struct CastVote {
    vote: Option<VoteInput>,
    user_id: Option<String>,
    user: Option<UserInput>,
}

#[derive(Deserialize)]
struct VoteInput {
    option_id: Option<String>,
    answer_text: Option<String>,
}

/// Handles `CastPollVote`.
fn vote(call: &mut Call<'_>, input: CastVote) -> Outcome {
    let message = message_with_poll(call)?;
    let poll = poll(call)?;
    let poll_id = poll.id.clone();
    let given = |text: Option<String>| text.filter(|text| !text.is_empty());
    let (option_id, answer) = match input.vote {
        Some(vote) => (given(vote.option_id), given(vote.answer_text)),
        None => (None, None),
    };
    let choice = match (option_id, answer) {
        (Some(id), None) if poll.option(&id).is_some() => Choice::Option(id),
        (Some(id), None) => return Err(no_option(&id)),
        (None, Some(_)) if !poll.rules.allow_answers => {
            return Err(ApiError::input(format!("the poll {poll_id} takes no answers")));
        }
        (None, Some(text)) => Choice::Answer(text),
        _ => {
            return Err(ApiError::input(
                "either vote.option_id or vote.answer_text must be provided",
            ));
        }
    };
    if poll.rules.is_closed {
        return Err(ApiError::input(format!("the poll {poll_id} is closed")));
    }
    let user_id = call.acting_user(input.user_id.as_deref(), input.user.as_ref(), "user")?;
    let now = call.now;
    let vote = Vote {
        id: new_id(),
        user_id: user_id.clone(),
        choice: choice.clone(),
        created_at: now,
        updated_at: now,
    };
    let poll = call.world.polls.get_mut(&poll_id).ok_or_else(|| no_poll(&poll_id))?;
    let kind = match poll.cast(vote) {
        Cast::TooMany => {
            return Err(ApiError::input(format!("user {user_id} has no votes left")));
        }
        Cast::New => Some("poll.vote_casted"),
        Cast::Changed => Some("poll.vote_changed"),
        Cast::Repeated => None,
    };
    let poll = poll.clone();
    let cast = poll.votes.iter().find(|vote| vote.user_id == user_id && vote.choice == choice);
    let view = call.view().of(&user_id);
    let document = Object::new()
        .optional("vote", cast.map(|vote| view.vote(&poll, vote)))
        .field("poll", view.poll(&poll));
    if let (Some(kind), Some(vote)) = (kind, cast) {
        call.emit(|view| events::polls::vote(view, kind, &message, &poll, vote));
    }
    Ok(document)
}

/// Handles `DeletePollVote`.
fn delete_vote(call: &mut Call<'_>, _: IgnoredAny) -> Outcome {
    let message = message_with_poll(call)?;
    let poll_id = poll(call)?.id.clone();
    let vote_id = call.path("vote_id");
    let user_id = call.acting_user(call.request.query.get("user_id"), None, "user")?;
    let poll = call.world.polls.get_mut(&poll_id).ok_or_else(|| no_poll(&poll_id))?;
    let position = poll.votes.iter().position(|vote| vote.id == vote_id && vote.user_id == user_id);
    let Some(position) = position else {
        return Err(ApiError::not_found(format!("user {user_id} has no vote {vote_id}")));
    };
    let vote = poll.votes.remove(position);
    let poll = poll.clone();
    call.emit(|view| events::polls::vote(view, "poll.vote_removed", &message, &poll, &vote));
    let view = call.view().of(&user_id);
    Ok(Object::new().field("vote", view.vote(&poll, &vote)).field("poll", view.poll(&poll)))
}

/// Handles `QueryPollVotes`.
fn query_votes(call: &mut Call<'_>, query: CursorQuery) -> Outcome {
    let viewer = call.named_user(call.request.query.get("user_id"), None, "user")?;
    let poll = poll(call)?;
    let view = View { viewer: viewer.as_deref(), ..call.view() };
    let found = poll.votes.iter().map(|vote| SearchedVote { poll, vote });
    let query = query.sortable_by(tables::QUERY_POLL_VOTES_SORT);
    let page = query.pick(tables::QUERY_POLL_VOTES, found, |found| found.vote.id.clone())?;
    Ok(page.document("votes", |found| view.vote(found.poll, found.vote)))
}

/// A vote, as filters see it.
struct SearchedVote<'a> {
    poll: &'a Poll,
    vote: &'a Vote,
}

impl Fields for SearchedVote<'_> {
    fn field(&self, name: &str) -> Option<Value> {
        let Self { poll, vote } = self;
        Some(match name {
            "id" => vote.id.as_str().into(),
            "poll_id" => poll.id.as_str().into(),
            "user_id" => vote.user_id.as_str().into(),
            "option_id" => vote.option_id()?.into(),
            "is_answer" => vote.answer().is_some().into(),
            "created_at" => vote.created_at.nanoseconds().into(),
            "updated_at" => vote.updated_at.nanoseconds().into(),
            _ => return None,
        })
    }
}

/// Changes a poll, emits the event, and renders it.
fn change(call: &mut Call<'_>, id: &str, user_id: &str, change: impl FnOnce(&mut Poll)) -> Outcome {
    check_creator(call, existing(call, id)?)?;
    apply(call, id, user_id, change)
}

/// Refuses a client whose user did not create the poll.
fn check_creator(call: &Call<'_>, poll: &Poll) -> Result<(), ApiError> {
    match call.caller {
        Caller::User(id) if *id != poll.created_by => Err(ApiError::not_allowed(format!(
            "user {id} may not change the poll {}: {} made it",
            poll.id, poll.created_by
        ))),
        _ => Ok(()),
    }
}

/// Changes a poll as [`change`] does, for any user.
fn apply(call: &mut Call<'_>, id: &str, user_id: &str, change: impl FnOnce(&mut Poll)) -> Outcome {
    let now = call.now;
    let poll = call.world.polls.get_mut(id).ok_or_else(|| no_poll(id))?;
    let was_closed = poll.rules.is_closed;
    change(poll);
    poll.updated_at = now;
    let poll = poll.clone();
    let kind = match poll.rules.is_closed && !was_closed {
        true => "poll.closed",
        false => "poll.updated",
    };
    if let Some(message) = message_of(call, id) {
        call.emit(|view| events::polls::poll(view, kind, &message, &poll));
    }
    shown(call, id, Some(user_id))
}

fn shown(call: &Call<'_>, id: &str, viewer: Option<&str>) -> Outcome {
    let view = View { viewer, ..call.view() };
    Ok(Object::new().field("poll", view.poll(existing(call, id)?)))
}

/// Returns the poll in the path, if the caller may see it.
fn poll<'a>(call: &'a Call<'_>) -> Result<&'a Poll, ApiError> {
    let poll = existing(call, call.path("poll_id"))?;
    match may_see(call, poll) {
        true => Ok(poll),
        false => Err(ApiError::not_allowed(format!(
            "the poll {} is in a channel that the user may not read",
            poll.id
        ))),
    }
}

/// Returns whether the caller may see a poll: its creator may, and whoever may read the channel to
/// which it was sent.
fn may_see(call: &Call<'_>, poll: &Poll) -> bool {
    let Caller::User(id) = call.caller else {
        return true;
    };
    let message = call.world.poll_messages.get(&poll.id);
    let message = message.and_then(|id| call.world.messages.get(id));
    let channel = message.and_then(|message| call.world.living_channel(&message.cid));
    poll.created_by == *id || channel.is_some_and(|channel| call.may_read(channel))
}

fn existing<'a>(call: &'a Call<'_>, id: &str) -> Result<&'a Poll, ApiError> {
    call.world.polls.get(id).ok_or_else(|| no_poll(id))
}

/// Returns the message in the path, which must contain the poll in the path.
fn message_with_poll(call: &Call<'_>) -> Result<Message, ApiError> {
    let message = call.living_message(call.path("message_id"))?;
    let poll_id = call.path("poll_id");
    if message.content.poll_id.as_deref() == Some(poll_id) {
        return Ok(message.clone());
    }
    Err(ApiError::input(format!("message {} does not have the poll {poll_id}", message.id)))
}

/// Returns the message that contains a poll, if one was sent.
fn message_of(call: &Call<'_>, poll_id: &str) -> Option<Message> {
    let id = call.world.poll_messages.get(poll_id)?;
    call.world.messages.get(id).cloned()
}

/// Refuses a message with a poll of another user, or with a poll that another message contains.
pub(super) fn check_sender(call: &Call<'_>, id: &str, user_id: &str) -> Result<(), ApiError> {
    let poll = existing(call, id)?;
    if poll.created_by != user_id {
        return Err(ApiError::input(format!("only {} can send the poll {id}", poll.created_by)));
    }
    match message_of(call, id) {
        Some(message) => {
            Err(ApiError::input(format!("message {} has the poll {id} already", message.id)))
        }
        None => Ok(()),
    }
}

fn new_id() -> String {
    uuid::Uuid::new_v4().to_string()
}

fn no_poll(id: &str) -> ApiError {
    ApiError::not_found(format!("poll with id {id} doesn't exist"))
}

fn no_option(id: &str) -> ApiError {
    ApiError::not_found(format!("poll option with id {id} doesn't exist"))
}
