//! Uploaded files and images are stored and served.

use anyhow::Result;
use serde_json::json;

use super::{Journey, ask, id};
use stream_chat::Upload;

pub(super) async fn run(journey: &mut Journey) -> Result<()> {
    let client = journey.client.clone();
    journey.users(["john"]).await?;
    let channel = journey.general(&["john"]).await?;
    let text = || Upload::bytes("notes.txt", *b"notes").content_type("text/plain");
    let image = || Upload::bytes("dot.png", *b"\x89PNG\r\n\x1a\n").content_type("image/png");

    let url = id(&ask(client.upload_file(text(), "john")).await?["file"])?;
    let before = journey.status_of("GET", &url, "").await?;
    ask(client.delete_file(url.as_str())).await?;
    let found = json!([before, journey.status_of("GET", &url, "").await?]);
    journey.proves(["UploadFile", "DeleteFile"], found, json!([200, 404]))?;

    let url = id(&ask(client.upload_image(image(), "john")).await?["file"])?;
    let before = journey.status_of("GET", &url, "").await?;
    ask(client.delete_image(url.as_str())).await?;
    let found = json!([before, journey.status_of("GET", &url, "").await?]);
    journey.proves(["UploadImage", "DeleteImage"], found, json!([200, 404]))?;

    let url = id(&ask(channel.upload_file(text(), "john")).await?["file"])?;
    let before = journey.status_of("GET", &url, "").await?;
    ask(channel.delete_file(url.as_str())).await?;
    let found = json!([before, journey.status_of("GET", &url, "").await?]);
    journey.proves(["UploadChannelFile", "DeleteChannelFile"], found, json!([200, 404]))?;

    let url = id(&ask(channel.upload_image(image(), "john")).await?["file"])?;
    let before = journey.status_of("GET", &url, "").await?;
    ask(channel.delete_image(url.as_str())).await?;
    let found = json!([before, journey.status_of("GET", &url, "").await?]);
    journey.proves(["UploadChannelImage", "DeleteChannelImage"], found, json!([200, 404]))
}
