//! Only values that may be sent twice are idempotent.

#![cfg(test)]

use stream_models::Operation;
use stream_models::action_configs::{UpsertActionConfig, UpsertActionConfigRequest};
use stream_models::messages::{MessageRequest, SendMessage, SendMessageRequest};

fn send(message: MessageRequest) -> SendMessage {
    SendMessage::new("messaging", "general", SendMessageRequest::new(message))
}

#[test]
fn a_message_with_an_id_of_the_callers_own_is_sent_once_however_often() {
    assert!(!send(MessageRequest::new()).is_idempotent());
    assert!(!send(MessageRequest::new().id("")).is_idempotent());
    assert!(send(MessageRequest::new().id("m1")).is_idempotent());
}

#[test]
fn an_action_config_with_an_id_is_changed_and_one_without_is_created() {
    let request = UpsertActionConfigRequest::new("ban", "message", 1);
    assert!(!UpsertActionConfig::new(request.clone()).is_idempotent());
    assert!(UpsertActionConfig::new(request.id("c1")).is_idempotent());
}
