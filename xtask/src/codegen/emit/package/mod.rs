//! Emits a crate around the generated modules: manifest, README and root.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Component, Path, PathBuf};

use anyhow::{Context, Result, ensure};

use super::modules::ROOT_DOCS;
use super::retarget::retarget_all;
use super::{HEADER, last};
use crate::codegen::ir::{Ir, OperationModel};
use crate::codegen::layout::EVENTS;
use crate::codegen::output::Files;
use crate::codegen::types::Ty;

/// The module for unknown events, which does not depend on the document.
const EVENT: &str = include_str!("event.rs");

/// The module for sort orders, for documents with the usual type.
const SORT: &str = include_str!("sort.rs");

/// The first line of a manifest that may be overwritten.
const MARK: &str = "# @generated";

/// The origin and the target of a crate.
pub(super) struct Origin<'a> {
    pub(super) folder: &'a Path,
    /// The schema file.
    pub(super) spec: &'a Path,
    /// The version of the document, if it has one.
    pub(super) version: Option<&'a str>,
    pub(super) products: &'a [String],
}

/// Returns every file of the crate by its path. A manifest that was edited by hand is not
/// overwritten.
pub(super) fn files(ir: &Ir, origin: &Origin<'_>) -> Result<Files> {
    let mut files = Files::new();
    for (path, text) in super::files(ir)? {
        let text = retarget_all(&text);
        let (path, text) = if path == Path::new("mod.rs") {
            (PathBuf::from("lib.rs"), root(ir, origin, &text))
        } else {
            (path, text)
        };
        files.insert(Path::new("src").join(path), text);
    }
    if ir.modules.contains_key(EVENTS) {
        files.insert(PathBuf::from("src/event.rs"), format!("{HEADER}{EVENT}"));
    }
    if let Some(home) = sort_home(ir) {
        let path = format!("crate::{}::SortParamRequest", home.replace('/', "::"));
        let text = SORT.replace("crate::SortParamRequest", &path);
        files.insert(PathBuf::from("src/sort.rs"), format!("{HEADER}{text}"));
    }
    let manifest = origin.folder.join("Cargo.toml");
    let present = fs::read_to_string(&manifest).unwrap_or_default();
    if present.is_empty() || present.starts_with(MARK) {
        files.insert(PathBuf::from("Cargo.toml"), self::manifest(ir, origin)?);
    } else {
        eprintln!("{}: left as it is, since it does not begin with {MARK}", manifest.display());
    }
    files.insert(PathBuf::from("README.md"), readme(ir, origin));
    Ok(files)
}

/// Returns the module of the usual type of sort orders, if the document has it and it is behind no
/// feature.
fn sort_home(ir: &Ir) -> Option<&str> {
    let home = ir.homes.get("SortParamRequest")?;
    let structs = &ir.modules.get(home).filter(|_| ir.layout.feature_of(home).is_none())?.structs;
    let item = structs.iter().find(|item| item.name == "SortParamRequest");
    let is_usual = item.is_some_and(|item| {
        let has = |name: &str, ty: &Ty| {
            let mut fields = item.fields.iter();
            fields.any(|field| field.ident == name && field.ty == *ty && !field.required)
        };
        has("field", &Ty::String) && has("direction", &Ty::Integer)
    });
    is_usual.then_some(home)
}

/// Returns the description of the crate in one line.
fn title(ir: &Ir, origin: &Origin<'_>) -> String {
    let of = match origin.products {
        [] => "all products".to_owned(),
        products => products.join(", "),
    };
    let version = origin.version.map(|version| format!(" {version}")).unwrap_or_default();
    let operations: usize = ir.modules.values().map(|module| module.operations.len()).sum();
    let word = if operations == 1 { "operation" } else { "operations" };
    format!("Types and {operations} {word} of the Stream API{version}: {of}")
}

/// The levels of recursion that a type inside another takes at most: its box, the pointer in that,
/// its option and so on.
const LEVELS: usize = 8;

/// The limit of a crate that sets none.
const DEFAULT_RECURSION: usize = 128;

fn root(ir: &Ir, origin: &Origin<'_>, modules: &str) -> String {
    let modules = modules.strip_prefix(HEADER).unwrap_or(modules);
    let modules = modules.strip_prefix(ROOT_DOCS).unwrap_or(modules);
    let event = if ir.modules.contains_key(EVENTS) {
        format!(
            "#[cfg(feature = {EVENTS:?})]\nmod event;\n#[cfg(feature = {EVENTS:?})]\npub use event::OtherEvent;\n"
        )
    } else {
        String::new()
    };
    // Whether a type is `Send` is found by recursion through all types inside it.
    let types = ir.modules.values().map(|module| module.structs.len() + module.unions.len());
    let depth = (types.sum::<usize>() * LEVELS).next_power_of_two();
    let limit = if depth > DEFAULT_RECURSION {
        format!("#![recursion_limit = \"{depth}\"]\n")
    } else {
        String::new()
    };
    let sort = if sort_home(ir).is_some() { "mod sort;\n" } else { "" };
    format!(
        "{HEADER}//! {}.\n//!\n//! An operation is a plain value; `stream_chat::Client::send` and `stream_http::Executor` send it.\n\n\
         #![allow(clippy::all, rustdoc::all, confusable_idents, mixed_script_confusables)]\n{limit}\n{event}{sort}{modules}",
        title(ir, origin)
    )
}

/// Returns each feature with the modules behind it.
fn features(ir: &Ir) -> BTreeMap<String, BTreeSet<&str>> {
    let mut features: BTreeMap<String, BTreeSet<&str>> = BTreeMap::new();
    for path in ir.modules.keys() {
        if let Some(feature) = ir.layout.feature_of(path) {
            features.entry(feature.to_owned()).or_default().insert(path);
        }
    }
    features
}

fn manifest(ir: &Ir, origin: &Origin<'_>) -> Result<String> {
    let mut features: Vec<String> = features(ir).into_keys().collect();
    let has_events = features.iter().any(|feature| feature == EVENTS);
    features.retain(|feature| feature != EVENTS);
    let mut table = format!("default = {features:?}\n");
    for feature in &features {
        table += &format!("{feature} = []\n");
    }
    if has_events {
        table += &format!("## Webhook events of every product.\n{EVENTS} = {features:?}\n");
    }
    let models = stream_spec::workspace_root().join("crates/stream-models");
    let path = relative(origin.folder, &models)?;
    let version = env!("CARGO_PKG_VERSION");
    let rust = env!("CARGO_PKG_RUST_VERSION");
    Ok(format!(
        "{MARK} by `cargo xtask codegen --crate`. Remove this line, and the file stays as you change it.\n\n\
         [package]\nname = {name:?}\ndescription = {description:?}\nversion = \"0.1.0\"\nedition = \"2024\"\n\
         rust-version = {rust:?}\npublish = false\n\n\
         [features]\n{table}## `Deserialize` for what is only sent and `Serialize` for what is only received.\n\
         both-directions = [\"stream-models/both-directions\"]\n\n\
         [dependencies]\nserde = {{ version = \"1\", features = [\"derive\"] }}\nserde_json = \"1\"\n\
         stream-models = {{ version = {version:?}, path = {path:?}, default-features = false }}\n",
        name = name(origin.folder),
        description = title(ir, origin),
    ))
}

fn readme(ir: &Ir, origin: &Origin<'_>) -> String {
    let name = name(origin.folder);
    let file = origin.spec.file_name().unwrap_or_default().to_string_lossy();
    let mut lines = String::new();
    for (feature, modules) in features(ir) {
        let modules: Vec<String> = modules.iter().map(|path| format!("`{}`", last(path))).collect();
        lines += &format!("| `{feature}` | {} |\n", modules.join(", "));
    }
    let operations: Vec<(&String, &OperationModel)> = ir
        .modules
        .iter()
        .flat_map(|(path, module)| module.operations.iter().map(move |operation| (path, operation)))
        .collect();
    let is_plain = |operation: &OperationModel| {
        operation.path_parameters.is_empty() && operation.body.is_none()
    };
    let plain = operations.iter().find(|(_, operation)| is_plain(operation));
    let example = plain.or_else(|| operations.first()).map(|(path, operation)| {
        format!(
            "An operation is a plain value. `stream_chat::Client` and `stream_http::Executor` send it as they send their own:\n\n\
             ```rust\nlet response = client.send({krate}::{module}::{operation}::new(/* what it needs */)).await?;\n```\n\n",
            krate = name.replace('-', "_"),
            module = last(path),
            operation = operation.name,
        )
    });
    let example = example.unwrap_or_default();
    let products = match origin.products {
        [] => String::new(),
        products => format!(" --products {}", products.join(",")),
    };
    format!(
        "<!-- @generated by `cargo xtask codegen --crate` -->\n\n# {name}\n\n{title}, generated from `{file}`. It is not made or endorsed by Stream.\n\n\
         {example}| feature | modules |\n|---|---|\n{lines}| `both-directions` | `Deserialize` for what is only sent, `Serialize` for what is only received |\n\n\
         What several products use is always there, in the modules of `common`. To generate it again from a newer document, in the workspace of `stream-models`:\n\n\
         ```sh\ncargo xtask codegen --spec {file} --crate DIR{products}\n```\n",
        title = title(ir, origin),
    )
}

/// Returns the name of the package: that of its folder, made valid for cargo.
fn name(folder: &Path) -> String {
    let mut parts = folder.components().rev();
    let last = parts.find(|part| matches!(part, Component::Normal(_)));
    let text = last.map(|part| part.as_os_str().to_string_lossy()).unwrap_or_default();
    let plain: String = text
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() || c == '_' { c.to_ascii_lowercase() } else { '-' })
        .collect();
    let plain = plain.trim_matches('-');
    let begins_well = plain.starts_with(|c: char| c.is_ascii_alphabetic());
    let is_taken = ["test", "core", "std", "alloc", "stream-models"].contains(&plain);
    let is_keyword = syn::parse_str::<syn::Ident>(&plain.replace('-', "_")).is_err();
    if begins_well && !is_taken && !is_keyword {
        plain.to_owned()
    } else {
        format!("stream-{plain}")
    }
}

/// Returns a relative path between two folders, or an absolute one if they have no common parent.
fn relative(from: &Path, to: &Path) -> Result<String> {
    let from = std::path::absolute(from).with_context(|| from.display().to_string())?;
    ensure!(!from.starts_with(to), "{}: inside of stream-models", from.display());
    let parts =
        |path: &Path| path.components().map(|part| part.as_os_str().to_owned()).collect::<Vec<_>>();
    let (from, to_parts) = (parts(&from), parts(to));
    let common = from.iter().zip(&to_parts).take_while(|(one, other)| one == other).count();
    if common < 2 {
        return Ok(to.display().to_string());
    }
    let up = from.iter().skip(common).map(|_| "..".to_owned());
    let down = to_parts.iter().skip(common).map(|part| part.to_string_lossy().into_owned());
    Ok(up.chain(down).collect::<Vec<_>>().join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_become_names_of_packages() {
        for (folder, expected) in [
            ("/a/stream-video", "stream-video"),
            ("Stream Video", "stream-video"),
            ("../video/", "video"),
            ("2fa", "stream-2fa"),
            ("self", "stream-self"),
        ] {
            assert_eq!(name(Path::new(folder)), expected, "{folder}");
        }
    }

    #[test]
    fn the_way_to_the_models_is_relative_where_it_can_be() {
        let of = |from: &str| relative(Path::new(from), Path::new("/home/w/crates/m")).unwrap();
        assert_eq!(of("/home/w/target/x"), "../../crates/m");
        assert_eq!(of("/home/app/video"), "../../w/crates/m");
        assert_eq!(of("/srv/app"), "/home/w/crates/m");
        assert!(relative(Path::new("/m/src"), Path::new("/m")).is_err());
    }
}
