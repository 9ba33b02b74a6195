//! Measures the CPU time of compiling the models and small programs.

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

/// The CPU seconds of a cold build.
struct Cost {
    name: &'static str,
    /// The seconds of the measured crate without its dependencies.
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
    let response = reqwest::Client::new()
        .post("https://chat.stream-io-api.com/api/v2/chat/channels/messaging/general/message")
        .body(r#"{"message":{"text":"Hello, world","user_id":"john"}}"#)
        .send()
        .await?;
    println!("{}", response.text().await?);
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
    let mut costs = vec![naive, all, default];
    let mut rows = vec![row(["ratio", "measured", "target"])];
    rows.extend(models_ratios(&costs));
    let mut programs = Vec::new();
    if !options.quick {
        let hellos = measure_hellos(&root)?;
        rows.extend(hello_ratios(&hellos));
        programs = vec![row(["program", "built again after a change", "stripped release"])];
        programs.extend(hellos.iter().filter_map(Hello::row));
        costs.extend(hellos.into_iter().map(|hello| hello.cost));
    }
    print_costs(&costs);
    println!();
    table::print(&rows);
    if !programs.is_empty() {
        println!();
        table::print(&programs);
    }
    Ok(())
}

fn models_ratios(costs: &[Cost]) -> Vec<Vec<String>> {
    let [naive, all, default] = costs else { return Vec::new() };
    let mut rows = Vec::new();
    for (name, ours) in [("all domains", all), ("default features", default)] {
        let label = format!("{name} : naive");
        rows.extend(ratio(&label, ours.alone, naive.alone, Some(0.20)));
        let label = format!("{name} : naive, with dependencies");
        rows.extend(ratio(&label, Some(ours.whole), Some(naive.whole), None));
    }
    rows
}

/// A program that sends a message.
struct Hello {
    cost: Cost,
    /// The maximum cost of its cold build, as a share of the program on reqwest.
    target: Option<f64>,
    /// The CPU seconds of a build after a change to the program, and the size of the optimized
    /// program in bytes.
    more: Option<(f64, u64)>,
}

impl Hello {
    fn row(&self) -> Option<Vec<String>> {
        let (rebuilt, size) = self.more?;
        let mebibytes = size as f64 / f64::from(1 << 20);
        Some(row([self.cost.name, &format!("{rebuilt:.2} s"), &format!("{mebibytes:.1} MiB")]))
    }
}

/// Measures the program on reqwest, then those on `stream-chat`.
fn measure_hellos(root: &Path) -> Result<Vec<Hello>> {
    let reqwest = format!("reqwest = \"0.13\"\n{TOKIO}");
    let chat = |features: &str| {
        let path = root.join("crates/stream-chat");
        format!("stream-chat = {{ path = {path:?}, {features} }}\n{TOKIO}")
    };
    // The least that reaches the service over HTTP.
    let lean = "default-features = false, features = [\"hyper\", \"ring\"]";
    [
        ("hello on reqwest", reqwest, HELLO_REQWEST, None, true),
        ("hello on stream-chat", chat("features = []"), HELLO_CHAT, Some(0.65), true),
        ("hello with `full`", chat("features = [\"full\"]"), HELLO_CHAT, Some(0.80), false),
        ("hello with `hyper,ring` alone", chat(lean), HELLO_CHAT, Some(0.50), false),
    ]
    .into_iter()
    .map(|(name, dependencies, code, target, has_more)| {
        let recipe = Recipe { name: "hello", dependencies, file: "main.rs", code };
        eprint!("compiling {name}: ");
        let package = Package::write(root, &recipe)?;
        let whole = package.build()?;
        eprintln!("{whole:.1} s");
        let more = if has_more {
            let rebuilt = package.rebuild_changed()?;
            Some((rebuilt, package.release_size()?))
        } else {
            None
        };
        Ok(Hello { cost: Cost { name, alone: None, whole }, target, more })
    })
    .collect()
}

fn hello_ratios(hellos: &[Hello]) -> Vec<Vec<String>> {
    let Some((reqwest, ours)) = hellos.split_first() else { return Vec::new() };
    let mut rows = Vec::new();
    for hello in ours {
        let label = format!("{} : on reqwest", hello.cost.name);
        rows.extend(ratio(&label, Some(hello.cost.whole), Some(reqwest.cost.whole), hello.target));
        if let (Some((rebuilt, size)), Some((theirs, their_size))) = (hello.more, reqwest.more) {
            rows.extend(ratio("  built again after a change", Some(rebuilt), Some(theirs), None));
            let sizes = (Some(size as f64), Some(their_size as f64));
            rows.extend(ratio("  size of the stripped release", sizes.0, sizes.1, None));
        }
    }
    rows
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

const TOKIO: &str = "tokio = { version = \"1\", features = [\"full\"] }\n";

fn path_dependency(root: &Path, name: &str, feature: Option<&str>) -> String {
    let path = root.join("crates").join(name);
    let features: Vec<&str> = feature.into_iter().collect();
    format!("{name} = {{ path = {path:?}, features = {features:?} }}\n")
}

/// Measures a build of everything, and then one of `alone`.
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

fn print_costs(costs: &[Cost]) {
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
