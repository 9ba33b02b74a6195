//! Imports and exports transfer data through files.

use anyhow::Result;
use serde_json::{Value, json};

use super::{Journey, ask, ask_each, id};
use stream_models::imports::{ImportMode, ImportProduct, ImportStorageType, ImportV2TaskSettings, UpsertExternalStorageAwss3Request, UpsertExternalStorageRequest};
use stream_models::users::UserFilter;

pub(super) async fn run(journey: &mut Journey) -> Result<()> {
    import(journey).await?;
    import_tasks(journey).await?;
    storage(journey).await?;
    export(journey).await
}

/// Uploads a file with a user, and returns its path.
async fn upload(journey: &Journey, user_id: &str) -> Result<String> {
    let place = ask(journey.client.imports().create_upload_url().filename("users.json")).await?;
    let content = json!([{"type": "user", "item": {"id": user_id, "name": "Imported"}}]);
    journey.status_of("PUT", &id(&place["upload_url"])?, &content.to_string()).await?;
    id(&place["path"])
}

async fn name(journey: &Journey, user_id: &str) -> Result<Value> {
    let found = ask(journey.client.query_users(UserFilter::id().eq(user_id))).await?;
    Ok(found["users"][0]["name"].clone())
}

async fn import(journey: &mut Journey) -> Result<()> {
    let imports = journey.client.imports();
    let path = upload(journey, "ann").await?;
    let task = ask(imports.create(path, ImportMode::Upsert)).await?;
    let task = id(&task["import_task"]["id"])?;
    let state = ask(imports.get(task.as_str())).await?["import_task"]["state"].clone();
    let listed = ask(imports.list()).await?["import_tasks"][0]["id"].clone();
    let found = json!([state, listed]);
    let operations = ["GetImport", "ListImports", "CreateImport"];
    journey.proves(operations, found, json!(["completed", task]))?;
    let operations = ["CreateImportURL", "CreateImport", "QueryUsers"];
    let imported = name(journey, "ann").await?;
    journey.proves(operations, imported, "Imported")
}

async fn import_tasks(journey: &mut Journey) -> Result<()> {
    let tasks = journey.client.import_tasks();
    let settings = |path: String| ImportV2TaskSettings::new().path(path).mode("upsert");
    let path = upload(journey, "bob").await?;
    let task = id(&ask(tasks.create(ImportProduct::Chat, settings(path))).await?["id"])?;
    let shown = ask(tasks.get(task.as_str())).await?["state"].clone();
    let imported = name(journey, "bob").await?;
    let operations = ["CreateImportV2Task", "GetImportV2Task", "QueryUsers"];
    journey.proves(operations, json!([shown, imported]), json!([2, "Imported"]))?;

    ask(tasks.delete(task)).await?;
    let listed = ask(tasks.list()).await?["import_tasks"].clone();
    journey.proves(["DeleteImportV2Task", "ListImportV2Tasks"], listed, json!([]))?;

    // Only a running import can be canceled.
    let mut slow = Journey::with_slow_tasks(1).await?;
    let tasks = slow.client.import_tasks();
    let path = upload(&slow, "kate").await?;
    let task = id(&ask(tasks.create(ImportProduct::Chat, settings(path))).await?["id"])?;
    ask(tasks.cancel(task.as_str())).await?;
    let shown = ask(tasks.get(task)).await?["state"].clone();
    slow.proves(["CancelImportV2Task", "GetImportV2Task"], shown, 4)?;
    journey.adopt(slow);
    Ok(())
}

async fn storage(journey: &mut Journey) -> Result<()> {
    let storage = journey.client.import_storage();
    let s3 = UpsertExternalStorageAwss3Request::new("bucket", "eu-west-1", "arn:aws:iam::1:role/r");
    ask(storage.set(UpsertExternalStorageRequest::new(ImportStorageType::AwsS3).aws_s3(s3))).await?;
    let shown = ask(storage.get()).await?["aws_s3"]["bucket"].clone();
    let operations = ["UpsertImporterExternalStorage", "GetImporterExternalStorage"];
    journey.proves(operations, shown, "bucket")?;
    let valid = storage.validate().await.is_ok();
    ask(storage.delete()).await?;
    let gone = storage.validate().await.is_err_and(|error| error.is_not_found());
    let operations = ["ValidateImporterExternalStorage", "DeleteImporterExternalStorage"];
    journey.proves(operations, json!([valid, gone]), json!([true, true]))
}

async fn export(journey: &mut Journey) -> Result<()> {
    let client = journey.client.clone();
    journey.users(["john"]).await?;
    journey.general(&["john"]).await?;
    for (operation, task) in [
        ("ExportChannels", ask_each(client.export_channels([Journey::cid()])).await?),
        ("ExportUsers", ask_each(client.export_users(["john"])).await?),
    ] {
        let done = ask(client.task(id(&task["task_id"])?).get()).await?;
        let url = id(&done["result"]["url"])?;
        let status = journey.status_of("GET", &url, "").await?;
        journey.proves([operation, "GetTask"], status, 200)?;
    }
    Ok(())
}
