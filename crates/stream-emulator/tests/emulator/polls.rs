//! Polls follow the API's rules.

use http::Method;
use serde_json::{Value, json};

use crate::support::Setup;

struct Poll {
    setup: Setup,
    id: String,
    options: Vec<String>,
    vote_path: String,
}

/// Creates a poll of john with the options red and blue, and sends it to a channel.
async fn poll(more: Value) -> Poll {
    let setup = Setup::with_users(&["john", "jane", "kate"]).await;
    setup.channel(&["john", "jane", "kate"]).await;
    let mut body = json!({
        "name": "Which color?",
        "user_id": "john",
        "options": [{"text": "red"}, {"text": "blue"}],
        "custom": {"place": "office"},
    });
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    let poll = setup.post("/api/v2/polls", body).await["poll"].clone();
    let id = poll["id"].as_str().unwrap().to_owned();
    let message = json!({"message": {"poll_id": id, "user_id": "john"}});
    let path = "/api/v2/chat/channels/messaging/general/message";
    let sent = setup.post(path, message).await["message"].clone();
    assert_eq!(sent["poll"]["name"], "Which color?");
    let vote_path =
        format!("/api/v2/chat/messages/{}/polls/{id}/vote", sent["id"].as_str().unwrap());
    let options = poll["options"].as_array().unwrap().iter();
    let options = options.map(|option| option["id"].as_str().unwrap().to_owned()).collect();
    Poll { setup, id, options, vote_path }
}

impl Poll {
    async fn read(&self) -> Value {
        self.setup.get(&format!("/api/v2/polls/{}?user_id=jane", self.id)).await["poll"].clone()
    }

    async fn vote(&self, user_id: &str, option: usize) -> Value {
        let vote = json!({"user_id": user_id, "vote": {"option_id": self.options[option]}});
        self.setup.post(&self.vote_path, vote).await
    }

    async fn answer(&self, user_id: &str, text: &str) -> Value {
        let vote = json!({"user_id": user_id, "vote": {"answer_text": text}});
        self.setup.post(&self.vote_path, vote).await
    }

    async fn refuses(&self, user_id: &str, vote: Value, status: u16, code: i64) {
        let body = json!({"user_id": user_id, "vote": vote});
        self.setup.fail(Method::POST, &self.vote_path, Some(body), status, code).await;
    }
}

#[tokio::test]
async fn votes_are_counted() {
    let poll = poll(json!({})).await;
    let cast = poll.vote("jane", 0).await;
    assert_eq!(
        (&cast["vote"]["user_id"], &cast["poll"]["vote_count"]),
        (&json!("jane"), &json!(1))
    );
    poll.vote("jane", 0).await;
    poll.vote("jane", 1).await;
    poll.vote("kate", 1).await;
    let read = poll.read().await;
    let counts = json!({(poll.options[0].as_str()): 1, (poll.options[1].as_str()): 2});
    assert_eq!((&read["vote_count"], &read["vote_counts_by_option"]), (&json!(3), &counts));
    assert_eq!(read["own_votes"].as_array().unwrap().len(), 2);
    let latest = &read["latest_votes_by_option"][&poll.options[1]];
    assert_eq!(latest[0]["user_id"], "kate", "newest first");
    let vote_id = latest[0]["id"].as_str().unwrap();
    let path = format!("{}/{vote_id}", poll.vote_path);
    poll.setup.fail(Method::DELETE, &format!("{path}?user_id=jane"), None, 404, 16).await;
    poll.setup.delete(&format!("{path}?user_id=kate")).await;
    assert_eq!(poll.read().await["vote_count"], 2);
}

#[tokio::test]
async fn a_unique_vote_is_replaced_and_so_is_an_answer() {
    let poll = poll(json!({"enforce_unique_vote": true, "allow_answers": true})).await;
    poll.vote("jane", 0).await;
    poll.vote("jane", 1).await;
    let answer = poll.answer("jane", "green").await;
    assert_eq!(
        (&answer["vote"]["is_answer"], &answer["vote"]["option_id"]),
        (&json!(true), &json!(""))
    );
    poll.answer("jane", "yellow").await;
    let read = poll.read().await;
    assert_eq!((&read["vote_count"], &read["answers_count"]), (&json!(1), &json!(1)));
    assert_eq!(read["latest_answers"][0]["answer_text"], "yellow");
    let path = format!("/api/v2/polls/{}/votes", poll.id);
    let found = poll.setup.post(&path, json!({"filter": {"is_answer": true}})).await;
    assert_eq!(found["votes"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn votes_are_refused_by_the_rules() {
    let limited = poll(json!({"max_votes_allowed": 1})).await;
    limited.vote("jane", 0).await;
    limited.refuses("jane", json!({"option_id": limited.options[1]}), 400, 4).await;
    limited.refuses("kate", json!({"option_id": "missing"}), 404, 16).await;
    limited.refuses("kate", json!({"answer_text": "green"}), 400, 4).await;
    limited.refuses("kate", json!({}), 400, 4).await;
    let path = format!("/api/v2/polls/{}", limited.id);
    let close = json!({"user_id": "john", "set": {"is_closed": true}});
    limited.setup.patch(&path, close).await;
    limited.refuses("kate", json!({"option_id": limited.options[0]}), 400, 4).await;
    let other = limited.setup.send_text("john", "no poll").await;
    let vote = format!(
        "/api/v2/chat/messages/{}/polls/{}/vote",
        other["id"].as_str().unwrap(),
        limited.id
    );
    let body = json!({"user_id": "kate", "vote": {"option_id": limited.options[0]}});
    limited.setup.fail(Method::POST, &vote, Some(body), 400, 4).await;
}

#[tokio::test]
async fn a_poll_is_sent_once_by_its_creator() {
    let poll = poll(json!({})).await;
    let again = json!({"message": {"poll_id": poll.id, "user_id": "john"}});
    let path = "/api/v2/chat/channels/messaging/general/message";
    poll.setup.fail(Method::POST, path, Some(again), 400, 4).await;
    let body = json!({"name": "Another", "user_id": "john"});
    let other = poll.setup.post("/api/v2/polls", body).await["poll"]["id"].clone();
    let message = json!({"message": {"poll_id": other, "user_id": "jane"}});
    poll.setup.fail(Method::POST, path, Some(message), 400, 4).await;
}

#[tokio::test]
async fn an_anonymous_poll_hides_who_votes() {
    let poll = poll(json!({"voting_visibility": "anonymous"})).await;
    poll.vote("kate", 0).await;
    let read = poll.read().await;
    let vote = &read["latest_votes_by_option"][&poll.options[0]][0];
    assert!(vote.get("user_id").is_none() && vote.get("user").is_none(), "{vote}");
}

#[tokio::test]
async fn a_partial_update_keeps_and_a_full_one_resets() {
    let poll = poll(json!({"description": "Choose"})).await;
    let path = format!("/api/v2/polls/{}", poll.id);
    let set = json!({"name": "Which?", "place": "home"});
    let read = poll.setup.patch(&path, json!({"user_id": "john", "set": set})).await;
    assert_eq!(read["poll"]["description"], "Choose");
    assert_eq!(read["poll"]["custom"], json!({"place": "home"}));
    let unset = json!({"user_id": "john", "unset": ["description", "place"]});
    let read = poll.setup.patch(&path, unset).await;
    assert_eq!((&read["poll"]["description"], &read["poll"]["custom"]), (&json!(""), &json!({})));
    for bad in [
        json!({"unset": ["name"]}),
        json!({"set": {"name": " "}}),
        json!({"set": {"max_votes_allowed": 11}}),
        json!({"set": {"voting_visibility": "secret"}}),
        json!({"set": {"vote_count": 7}}),
        json!({"set": {"note": "x".repeat(6000)}}),
        json!({"set": {"x.".repeat(100_000): 1}}),
    ] {
        let mut bad = bad;
        bad["user_id"] = json!("john");
        let reply = poll.setup.call(Method::PATCH, &path, Some(bad.clone())).await;
        assert!(reply.status.is_client_error(), "{bad}");
    }
    poll.vote("jane", 0).await;
    poll.vote("kate", 1).await;
    let full = json!({
        "id": poll.id,
        "name": "Red?",
        "user_id": "john",
        "options": [{"id": poll.options[0], "text": "red"}],
    });
    let read = poll.setup.put("/api/v2/polls", full).await;
    assert_eq!(
        (&read["poll"]["description"], &read["poll"]["vote_count"]),
        (&json!(""), &json!(1))
    );
}

#[tokio::test]
async fn options_come_and_go() {
    let poll = poll(json!({})).await;
    let path = format!("/api/v2/polls/{}/options", poll.id);
    let option = json!({"text": "pink", "user_id": "jane"});
    let made = poll.setup.post(&path, option).await["poll_option"].clone();
    let one = format!("{path}/{}", made["id"].as_str().unwrap());
    let change = json!({"id": made["id"], "text": "purple", "user_id": "jane"});
    poll.setup.put(&path, change).await;
    assert_eq!(poll.setup.get(&one).await["poll_option"]["text"], "purple");
    poll.vote("jane", 0).await;
    poll.setup.delete(&format!("{one}?user_id=jane")).await;
    poll.setup.fail(Method::GET, &one, None, 404, 16).await;
    poll.setup.delete(&format!("{path}/{}?user_id=jane", poll.options[0])).await;
    assert_eq!(poll.read().await["vote_count"], 0, "its votes go with an option");
}

#[tokio::test]
async fn polls_are_found_and_deleted() {
    let poll = poll(json!({})).await;
    let query = |filter: Value| poll.setup.post("/api/v2/polls/query", json!({"filter": filter}));
    let found = query(json!({"created_by_id": "john", "is_closed": false})).await;
    assert_eq!(found["polls"][0]["id"], poll.id);
    assert_eq!(query(json!({"name": "Another"})).await["polls"], json!([]));
    poll.setup.delete(&format!("/api/v2/polls/{}?user_id=john", poll.id)).await;
    poll.setup.fail(Method::GET, &format!("/api/v2/polls/{}", poll.id), None, 404, 16).await;
    let message = poll.vote_path.split("/polls/").next().unwrap();
    assert!(poll.setup.get(message).await["message"].get("poll").is_none());
    let of_v1 = poll.setup.get(message.trim_start_matches("/api/v2/chat")).await;
    assert_eq!(of_v1["message"].get("poll"), Some(&Value::Null));
}

#[tokio::test]
async fn bad_polls_are_refused() {
    let setup = Setup::with_users(&["john"]).await;
    setup.channel(&["john"]).await;
    for body in [
        json!({"user_id": "john"}),
        json!({"name": "No user"}),
        json!({"name": "Many", "max_votes_allowed": 11, "user_id": "john"}),
        json!({"name": "Odd", "voting_visibility": "secret", "user_id": "john"}),
        json!({"name": "Empty", "options": [{"text": ""}], "user_id": "john"}),
    ] {
        setup.fail(Method::POST, "/api/v2/polls", Some(body), 400, 4).await;
    }
    let message = Some(json!({"message": {"poll_id": "missing", "user_id": "john"}}));
    let path = "/api/v2/chat/channels/messaging/general/message";
    setup.fail(Method::POST, path, message, 404, 16).await;
}

#[tokio::test]
async fn custom_data_has_another_name_in_older_sdks() {
    let setup = Setup::with_users(&["john"]).await;
    let body = json!({
        "name": "Which color?",
        "user_id": "john",
        "options": [{"text": "red", "Custom": {"warm": true}}],
        "Custom": {"place": "office"},
    });
    let poll = setup.post("/api/v2/polls", body).await["poll"].clone();
    assert_eq!(poll["custom"], json!({"place": "office"}));
    assert_eq!(poll["options"][0]["custom"], json!({"warm": true}));
}
