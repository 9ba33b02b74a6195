//! What a deleted channel keeps of its messages.

use serde::{Deserialize, Serialize};

use super::{Message, Thread, World};

/// The messages of a deleted channel. They are out of the state, so that nothing shows them, until
/// the channel comes back.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct Sealed {
    /// The messages with their threads, if they were kept.
    messages: Vec<Message>,
    threads: Vec<Thread>,
    /// The IDs of messages that were not kept.
    gone: Vec<String>,
}

impl Sealed {
    /// Returns whether the channel had a message.
    pub(crate) fn had(&self, id: &str) -> bool {
        self.gone.iter().any(|gone| gone == id)
            || self.messages.iter().any(|message| message.id == id)
    }
}

impl World {
    /// Takes the messages out of a channel that was deleted softly, and keeps them if they are to
    /// come back with the channel.
    pub(crate) fn seal_messages(&mut self, cid: &str, keeps: bool) {
        let Some(channel) = self.channels.get(cid) else {
            return;
        };
        let ids = channel.messages.clone();
        let mut sealed = Sealed::default();
        if keeps {
            sealed.threads = ids.iter().filter_map(|id| self.threads.remove(id)).collect();
            sealed.messages = ids.iter().filter_map(|id| self.messages.remove(id)).collect();
        } else {
            sealed.gone = ids;
        }
        // This also forgets what refers to the messages.
        self.remove_messages_of(cid);
        if let Some(channel) = self.channels.get_mut(cid) {
            channel.sealed = Some(Box::new(sealed));
        }
    }

    /// Puts kept messages back into their channel.
    pub(crate) fn unseal_messages(&mut self, cid: &str, sealed: Sealed) {
        let Some(channel) = self.channels.get_mut(cid) else {
            return;
        };
        channel.messages.extend(sealed.messages.iter().map(|message| message.id.clone()));
        for message in sealed.messages {
            if message.has_live_location() {
                self.live_locations.push(message.id.clone());
            }
            self.messages.insert(message.id.clone(), message);
        }
        for thread in sealed.threads {
            self.threads.insert(thread);
        }
        self.refresh_last_message(cid);
    }

    /// Returns whether a message was in a channel that is deleted now.
    pub(crate) fn was_in_deleted_channel(&self, id: &str) -> bool {
        self.channels.values().filter_map(|channel| channel.sealed.as_ref()).any(|it| it.had(id))
    }
}
