//! What it costs to compile the models and small programs, in CPU time.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};
use serde_json::Value;

use super::naive::{self, Naive};
use super::package::{Package, Recipe};
use crate::table;

#[derive(clap::Args)]
pub(super) struct Options {
    /// The models alone, without the programs on `stream-chat` and on reqwest
    #[arg(long)]
    quick: bool,
}

/// CPU seconds of a cold build.
struct Cost {
    name: &'static str,
    /// The crate in question apart from its dependencies.
    alone: Option<f64>,
    whole: f64,
}

const HELLO_CHAT: &str = r#"
use stream_chat::{Client, MessageRequest};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let client = Client::from_env()?;
    let message = MessageRequest::from("Hello, world").user_id("john");
    let sent = client.channel("messaging", "general").send_message(message).await?;
    println!("{}", sent.message.id);
    Ok(())
}
"#;

const HELLO_REQWEST: &str = r##"
#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let answer = reqwest::Client::new()
        .post("https://chat.stream-io-api.com/api/v2/chat/channels/messaging/general/message")
        .body(r#"{"message":{"text":"Hello, world","user_id":"john"}}"#)
        .send()
        .await?;
    println!("{}", answer.text().await?);
    Ok(())
}
"##;

pub(super) fn run(options: &Options) -> Result<()> {
    let root = stream_spec::workspace_root();
    let naive = naive::generate(&stream_spec::own()?)?;
    println!(
        "CPU seconds, user and system, of cold `cargo build`s in the dev profile, without incremental\n\
         compilation. The naive models are {} schemas as typify writes them: {} lines.\n",
        naive.schemas,
        naive.code.lines().count()
    );
    let naive = measure_naive(&root, &naive)?;
    let has_domains = model_features(&root)?.iter().any(|feature| feature == "full");
    let (all, default) = if has_domains {
        let all = measure_models(&root, "ours, all domains", "models-full", Some("full"))?;
        let default = measure_models(&root, "ours, default features", "models-default", None)?;
        (all, default)
    } else {
        let name = "ours, default features (the same: no feature `full`)";
        let default = measure_models(&root, name, "models-default", None)?;
        let all = Cost { name: "ours, all domains", ..default };
        (all, default)
    };
    let hellos =
        if options.quick { None } else { Some((measure_chat(&root)?, measure_reqwest(&root)?)) };
    let mut costs = vec![&naive, &all, &default];
    costs.extend(hellos.iter().flat_map(|(chat, reqwest)| [chat, reqwest]));
    print_costs(&costs);
    let mut rows = vec![row(["ratio", "measured", "target"])];
    for (name, ours, target) in [("all domains", &all, 0.30), ("default features", &default, 0.20)]
    {
        let name = format!("{name} : naive");
        rows.extend(ratio(&name, ours.alone, naive.alone, Some(target)));
        let name = format!("{name}, with dependencies");
        rows.extend(ratio(&name, Some(ours.whole), Some(naive.whole), None));
    }
    if let Some((chat, reqwest)) = &hellos {
        let name = "hello stream-chat : hello reqwest";
        rows.extend(ratio(name, Some(chat.whole), Some(reqwest.whole), Some(0.75)));
    }
    println!();
    table::print(&rows);
    Ok(())
}

fn measure_naive(root: &Path, naive: &Naive) -> Result<Cost> {
    let mut dependencies =
        "serde = { version = \"1\", features = [\"derive\"] }\nserde_json = \"1\"\n".to_owned();
    if naive.uses_chrono {
        dependencies.push_str("chrono = { version = \"0.4\", features = [\"serde\"] }\n");
    }
    if naive.uses_regress {
        dependencies.push_str("regress = \"0.11\"\n");
    }
    let recipe = Recipe { name: "models-naive", dependencies, file: "lib.rs", code: &naive.code };
    measure(root, "naive: typify with derives", &recipe, Some("models-naive"))
}

fn measure_models(
    root: &Path,
    name: &'static str,
    package: &str,
    feature: Option<&str>,
) -> Result<Cost> {
    let recipe = Recipe {
        name: package,
        dependencies: path_dependency(root, "stream-models", feature),
        file: "lib.rs",
        code: "",
    };
    measure(root, name, &recipe, Some("stream-models"))
}

fn measure_chat(root: &Path) -> Result<Cost> {
    let mut dependencies = path_dependency(root, "stream-chat", None);
    dependencies.push_str(TOKIO);
    let recipe =
        Recipe { name: "hello-stream-chat", dependencies, file: "main.rs", code: HELLO_CHAT };
    measure(root, "hello-world on stream-chat, tokio full", &recipe, None)
}

fn measure_reqwest(root: &Path) -> Result<Cost> {
    let recipe = Recipe {
        name: "hello-reqwest",
        dependencies: format!("reqwest = \"0.13\"\n{TOKIO}"),
        file: "main.rs",
        code: HELLO_REQWEST,
    };
    measure(root, "hello-world on reqwest, tokio full", &recipe, None)
}

const TOKIO: &str = "tokio = { version = \"1\", features = [\"full\"] }\n";

fn path_dependency(root: &Path, name: &str, feature: Option<&str>) -> String {
    let path = root.join("crates").join(name);
    let features: Vec<&str> = feature.into_iter().collect();
    format!("{name} = {{ path = {path:?}, features = {features:?} }}\n")
}

/// Builds everything, and then `alone` once more.
fn measure(
    root: &Path,
    name: &'static str,
    recipe: &Recipe<'_>,
    alone: Option<&str>,
) -> Result<Cost> {
    eprint!("compiling {name}: ");
    let package = Package::write(root, recipe)?;
    let whole = package.build()?;
    eprintln!("{whole:.1} s");
    let alone = alone.map(|crate_name| package.rebuild(crate_name)).transpose()?;
    Ok(Cost { name, alone, whole })
}

/// Returns the features of `stream-models`.
fn model_features(root: &Path) -> Result<Vec<String>> {
    let output = Command::new(crate::cargo())
        .current_dir(root)
        .args(["metadata", "--no-deps", "--offline", "--format-version", "1"])
        .output()
        .context("starting cargo")?;
    let metadata: Value = serde_json::from_slice(&output.stdout).context("cargo metadata")?;
    let models = metadata
        .get("packages")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .find(|package| package.get("name").is_some_and(|name| name == "stream-models"))
        .context("cargo metadata names no stream-models")?;
    let features = models.get("features").and_then(Value::as_object);
    Ok(features.into_iter().flat_map(|features| features.keys().cloned()).collect())
}

fn print_costs(costs: &[&Cost]) {
    let mut rows = vec![row(["build", "the crate alone", "with dependencies"])];
    for cost in costs {
        let alone = cost.alone.map_or_else(String::new, |alone| format!("{alone:.1}"));
        rows.push(vec![cost.name.to_owned(), alone, format!("{:.1}", cost.whole)]);
    }
    table::print(&rows);
}

fn ratio(
    name: &str,
    ours: Option<f64>,
    baseline: Option<f64>,
    target: Option<f64>,
) -> Option<Vec<String>> {
    let ratio = ours? / baseline?;
    let target = match target {
        Some(target) if ratio <= target => format!("<= {target:.2}"),
        Some(target) => format!("<= {target:.2} missed"),
        None => String::new(),
    };
    Some(vec![name.to_owned(), format!("{ratio:.2}"), target])
}

fn row(cells: [&str; 3]) -> Vec<String> {
    cells.map(str::to_owned).to_vec()
}
