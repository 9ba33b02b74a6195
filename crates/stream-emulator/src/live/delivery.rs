//! Delivers events to live connections, by the table of event types.

use std::cell::RefCell;
use std::collections::HashMap;

use crate::document::Object;
use crate::events::{Audience, Counts, Event, event_type};
use crate::runtime::{Frame, Hub};
use crate::state::{Channel, Connection, Timestamp, World};
use crate::view::{UnreadSums, View};
use crate::wire::Form;

/// The result of delivering an event.
#[derive(Default)]
pub(super) struct Delivered {
    /// The number of its receivers.
    pub(super) receivers: usize,
    /// The connections whose queue was full.
    pub(super) full: Vec<String>,
}

/// Returns an event in the form of v1, for the inspector.
pub(super) fn observed(event: &Event) -> Vec<u8> {
    Form::V1.write(&event.document)
}

/// Adds an event to the queues of its receivers.
pub(super) fn deliver(hub: &Hub, world: &World, now: Timestamp, event: &Event) -> Delivered {
    let kind = event_type(&event.kind);
    let found = receivers(world, event, kind.audience);
    let receivers = found.len();
    if receivers == 0 {
        return Delivered::default();
    }
    let plain = Frames::new(&event.document);
    if let Some(own) = &event.own {
        let own = Frames::new(own);
        let mut full = Vec::new();
        for (frames, is_own) in [(&own, true), (&plain, false)] {
            let ids: Vec<&str> = found
                .iter()
                .filter(|one| (event.subject.as_ref() == Some(&one.user_id)) == is_own)
                .map(|one| one.id.as_str())
                .collect();
            full.extend(hub.send(&ids, &|form| frames.in_form(form)));
        }
        return Delivered { receivers, full };
    }
    if kind.counts == Counts::None {
        let ids: Vec<&str> = found.iter().map(|connection| connection.id.as_str()).collect();
        return Delivered { receivers, full: hub.send(&ids, &|form| plain.in_form(form)) };
    }
    // Unread counts differ by user.
    let mut by_user: HashMap<&str, Vec<&str>> = HashMap::new();
    for connection in found {
        by_user.entry(&connection.user_id).or_default().push(&connection.id);
    }
    let view = View::of_backend(world, now);
    let mut full = Vec::new();
    for (user_id, ids) in by_user {
        let sums = view.unread_sums(user_id);
        full.extend(hub.send(&ids, &|form| plain.with_counts(form, kind.counts, sums)));
    }
    Delivered { receivers, full }
}

/// Returns the connections that receive an event.
fn receivers<'a>(world: &'a World, event: &Event, audience: Audience) -> Vec<&'a Connection> {
    let live = &world.live;
    let cid = event.cid.as_deref();
    let watchers = || cid.into_iter().flat_map(|cid| live.watchers(cid));
    let subject = || event.subject.iter().flat_map(|user_id| live.of_user(user_id));
    let is_elsewhere = |connection: &&Connection| cid.is_none_or(|cid| !connection.watches(cid));
    let mut found: Vec<&Connection> = match audience {
        Audience::Watchers => watchers().collect(),
        Audience::MembersElsewhere => match &event.among {
            Some(user_ids) => elsewhere(world, user_ids.iter().map(String::as_str), cid),
            None => {
                let channel = cid.and_then(|cid| world.channels.get(cid));
                let members = channel.into_iter().flat_map(Channel::members);
                let joined = members.filter(|member| member.has_joined());
                elsewhere(world, joined.map(|member| member.user_id.as_str()), cid)
            }
        },
        Audience::ParticipantsElsewhere => {
            let user_ids = event.among.iter().flatten().map(String::as_str);
            elsewhere(world, user_ids, cid)
        }
        Audience::Subject => subject().collect(),
        Audience::SubjectElsewhere => subject().filter(is_elsewhere).collect(),
        Audience::SubjectAndFellows if cid.is_none() => {
            let subject = event.subject.as_deref().unwrap_or_default();
            let channels = world.channels.of_member(subject);
            let fellows = channels.flat_map(|channel| live.watchers(&channel.cid));
            let mut found: Vec<&Connection> = fellows.chain(live.of_user(subject)).collect();
            found.sort_by(|one, other| one.id.cmp(&other.id));
            found.dedup_by(|one, other| one.id == other.id);
            found
        }
        Audience::SubjectAndWatchers | Audience::SubjectAndFellows => {
            watchers().chain(subject().filter(is_elsewhere)).collect()
        }
        Audience::Presence => followers(world, event.subject.as_deref()),
        Audience::Everyone => live.connections().collect(),
        Audience::Nobody => Vec::new(),
    };
    found.retain(|connection| event.is_for(&connection.user_id));
    found
}

/// Returns the users' connections that do not watch a channel.
fn elsewhere<'a, 'b>(
    world: &'a World,
    user_ids: impl Iterator<Item = &'b str>,
    cid: Option<&str>,
) -> Vec<&'a Connection> {
    user_ids
        .flat_map(|user_id| world.live.of_user(user_id))
        .filter(|connection| cid.is_none_or(|cid| !connection.watches(cid)))
        .collect()
}

/// Returns the connections that follow the presence of a user: directly, or through a channel that
/// the user is in or watches.
fn followers<'a>(world: &'a World, user_id: Option<&str>) -> Vec<&'a Connection> {
    let Some(user_id) = user_id else {
        return Vec::new();
    };
    let live = &world.live;
    let of_member = world.channels.of_member(user_id).map(|channel| channel.cid.as_str());
    let watched = live.of_user(user_id).flat_map(Connection::watched);
    let mut found: Vec<&Connection> = of_member
        .chain(watched)
        .flat_map(|cid| live.presence_of_channel(cid))
        .chain(live.presence_of_user(user_id))
        .collect();
    found.sort_by(|one, other| one.id.cmp(&other.id));
    found.dedup_by(|one, other| one.id == other.id);
    found
}

/// A document in the wire formats of the connections, each written once.
struct Frames<'a> {
    document: &'a Object,
    written: RefCell<Vec<(Form, Frame)>>,
}

impl<'a> Frames<'a> {
    fn new(document: &'a Object) -> Self {
        Self { document, written: RefCell::default() }
    }

    fn in_form(&self, form: Form) -> Frame {
        let mut written = self.written.borrow_mut();
        if let Some((_, frame)) = written.iter().find(|(other, _)| *other == form) {
            return frame.clone();
        }
        let frame = Frame::document(self.document, form);
        written.push((form, frame.clone()));
        frame
    }

    /// Returns the document with a user's unread counts appended, without writing the rest again.
    fn with_counts(&self, form: Form, counts: Counts, sums: UnreadSums) -> Frame {
        let mut fields = String::new();
        let mut add = |name: &str, count: usize| {
            if !self.document.has(name) {
                fields.push_str(&format!(",\"{name}\":{count}"));
            }
        };
        if matches!(counts, Counts::Channels | Counts::All) {
            add("unread_count", sums.messages);
            add("total_unread_count", sums.messages);
            add("unread_channels", sums.channels);
        }
        if matches!(counts, Counts::Threads | Counts::All) {
            add("unread_threads", sums.threads);
            add("unread_thread_messages", sums.thread_messages);
        }
        match self.in_form(form) {
            Frame::Text(plain) => {
                let open = plain.strip_suffix('}').unwrap_or_default();
                Frame::Text(format!("{open}{fields}}}").into())
            }
            ping @ Frame::Ping => ping,
        }
    }
}
