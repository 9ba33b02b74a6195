//! Polls, options and votes have their effect.

use anyhow::Result;
use serde_json::{Value, json};

use super::{Journey, ask, id};
use stream_chat::MessageRequest;
use stream_models::polls::{PollFilter, PollVoteFilter};

pub(super) async fn run(journey: &mut Journey) -> Result<()> {
    let client = journey.client.clone();
    journey.users(["john", "jane"]).await?;
    let channel = journey.general(&["john", "jane"]).await?;
    client.channel_types().edit("messaging", |kind| kind.polls(true)).await?;
    let made = ask(client.polls().create("Lunch?", "john").option("Pizza").option("Soup")).await?;
    let made = &made["poll"];
    let poll = client.poll(id(&made["id"])?);
    let pizza = id(&made["options"][0]["id"])?;
    journey.proves(["CreatePoll", "GetPoll"], read(journey, &poll).await?["name"].clone(), "Lunch?")?;
    let found = ask(client.polls().query(PollFilter::name().eq("Lunch?"))).await?;
    journey.proves(["QueryPolls", "GetPoll"], found["polls"][0]["id"].clone(), poll.id())?;

    let message = MessageRequest::from("vote").user_id("john").poll_id(poll.id());
    let sent = ask(channel.send_message(message)).await?;
    let in_message = client.message(id(&sent["message"]["id"])?).poll(poll.id());
    let vote = ask(in_message.vote(pizza.as_str(), "jane")).await?;
    let votes = ask(poll.query_votes(PollVoteFilter::all()).user("john")).await?["votes"].clone();
    let operations = ["CastPollVote", "QueryPollVotes"];
    journey.proves(operations, votes[0]["option_id"].clone(), pizza.as_str())?;
    ask(in_message.remove_vote(id(&vote["vote"]["id"])?, "jane")).await?;
    let count = read(journey, &poll).await?["vote_count"].clone();
    journey.proves(["DeletePollVote", "GetPoll"], count, 0)?;

    let option = ask(poll.add_option("Salad", "john")).await?;
    let option = id(&option["poll_option"]["id"])?;
    let text = async || anyhow::Ok(ask(poll.get_option(option.as_str())).await?["poll_option"]["text"].clone());
    journey.proves(["CreatePollOption", "GetPollOption"], text().await?, "Salad")?;
    ask(poll.update_option(option.as_str(), "Green salad", "john")).await?;
    journey.proves(["UpdatePollOption", "GetPollOption"], text().await?, "Green salad")?;
    ask(poll.remove_option(option.as_str(), "john")).await?;
    let options = read(journey, &poll).await?["options"].as_array().map(Vec::len);
    journey.proves(["DeletePollOption", "GetPoll"], json!(options), 2)?;

    ask(poll.update_partial("john").set("description", "At noon")).await?;
    let shown = read(journey, &poll).await?["description"].clone();
    journey.proves(["UpdatePollPartial", "GetPoll"], shown, "At noon")?;
    ask(poll.update("Dinner?", "john")).await?;
    let shown = read(journey, &poll).await?;
    let found = json!([shown["name"], shown["description"]]);
    journey.proves(["UpdatePoll", "GetPoll"], found, json!(["Dinner?", ""]))?;
    ask(poll.delete("john")).await?;
    let found = ask(client.polls().query(PollFilter::all())).await?;
    journey.proves(["DeletePoll", "QueryPolls"], found["polls"].clone(), json!([]))
}

async fn read(_: &Journey, poll: &stream_chat::Poll) -> Result<Value> {
    Ok(ask(poll.get()).await?["poll"].clone())
}
