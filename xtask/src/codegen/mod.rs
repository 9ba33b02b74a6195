//! From the schema to the generated code, in stages, each with a folder of its name:
//!
//! 1. [`load`] reads the document and says to which file each part belongs;
//! 2. [`normalize`] undoes the habits of the published document;
//! 3. [`names`] gives every part a name that Rust takes;
//! 4. [`types`] runs typify and reads its result with syn;
//! 5. [`directions`] finds out which way each type travels;
//! 6. [`homes`] puts each type into a module, behind a feature;
//! 7. [`queries`] finds what queries filter and sort by;
//! 8. [`ir`] takes the decisions that are left;
//! 9. [`emit`] writes Rust with quote and prettyplease;
//!    and [`package`] puts a crate around it where that is asked for;
//! 10. [`output`] writes the files, or compares them with those that are there.

mod directions;
mod emit;
mod homes;
mod idempotence;
mod ir;
mod load;
mod names;
mod normalize;
mod output;
mod package;
mod queries;
mod types;

use anyhow::{Result, bail, ensure};
use directions::Directions;
use homes::Layout;
use ir::Ir;
use names::Names;
use queries::Queries;
use std::path::PathBuf;
use stream_spec::{self as spec, Verbs, Warnings, Words};

#[derive(Default, clap::Args)]
pub(crate) struct Options {
    /// The schema: a file, or a folder of fragments, JSON or YAML [default: spec]
    #[arg(long)]
    spec: Option<PathBuf>,
    /// Where the code goes [default: crates/stream-models/src/generated]
    #[arg(long)]
    out: Option<PathBuf>,
    /// Write a whole crate into this folder, with the document's own descriptions
    #[arg(long = "crate", value_name = "DIR", conflicts_with = "out", requires = "spec")]
    package: Option<PathBuf>,
    /// Generate these products alone, such as `video,feeds` [default: all of the document]
    #[arg(long, value_delimiter = ',')]
    products: Vec<String>,
    /// Fail if something in the schema is odd, rather than make the best of it
    #[arg(long)]
    strict: bool,
    /// Write nothing; fail if the code that is there is not what the schema gives
    #[arg(long)]
    check: bool,
    /// Tell how many places of the schema each fixup changed
    #[arg(long)]
    verbose: bool,
}

pub(crate) fn run(options: &Options) -> Result<()> {
    let root = spec::workspace_root();
    let own_spec = root.join("spec");
    ensure!(
        options.spec.is_none() || options.out.is_some() || options.package.is_some(),
        "--spec needs --crate or --out: without it, the code would replace that of the workspace's own schema"
    );
    ensure!(
        options.products.is_empty() || options.package.is_some(),
        "--products needs --crate: the checked-in code is for the whole schema"
    );
    let path = options.spec.as_ref().unwrap_or(&own_spec);
    let layout = if options.package.is_some() { Layout::Crate } else { Layout::Workspace };
    let document = load::load(path, layout, &options.products)?;
    let version = document.version.clone();
    // Our words are about our schema: to another product, `video` is something else.
    let words = match layout {
        Layout::Workspace => Words::load(&own_spec)?,
        Layout::Crate => Words::default(),
    };
    let generated = generate(document, &words, layout)?;
    if options.verbose {
        for (fixup, count) in &generated.changes {
            println!("{count:6} {fixup}");
        }
    }
    let ir = &generated.ir;
    let mut outputs = Vec::new();
    if let Some(folder) = &options.package {
        let version = version.as_deref();
        let origin = package::Origin { folder, spec: path, version, products: &options.products };
        outputs.push((folder.clone(), package::files(ir, &origin)?));
    } else if let Some(out) = &options.out {
        outputs.push((out.clone(), emit::files(ir)?));
    } else {
        // The other crates are made for the schema that the workspace has.
        let verbs = Verbs::load(&own_spec)?;
        for (folder, files) in [
            ("crates/stream-models/src/generated", emit::files(ir)?),
            ("crates/stream-chat/src/generated", emit::chat_files(ir, &verbs)?),
            (
                "crates/stream-conformance/tests/conformance/generated",
                emit::conformance_files(ir, &verbs)?,
            ),
        ] {
            outputs.push((root.join(folder), files));
        }
    }
    let apply = if options.check { output::check } else { output::write };
    // Of the own schema, nothing may be odd.
    let told = tell(&generated.warnings, options.strict || options.spec.is_none());
    if told.is_ok() {
        outputs.iter().try_for_each(|(folder, files)| apply(folder, files))?;
    }
    told
}

/// Tells what is odd in the document; fails if there may be nothing.
fn tell(warnings: &Warnings, strict: bool) -> Result<()> {
    let kind = if strict { "error" } else { "warning" };
    for warning in warnings.iter() {
        eprintln!("{kind}: {warning}");
    }
    match warnings.iter().next() {
        Some(first) if strict => bail!("the schema is odd in {} places: {first}", warnings.len()),
        Some(_) => eprintln!("{} warnings", warnings.len()),
        None => {}
    }
    Ok(())
}

/// What one run makes.
struct Generated {
    ir: Ir,
    changes: normalize::Changes,
    warnings: Warnings,
}

/// The stages in their order, up to what is written.
fn generate(mut document: spec::Document, words: &Words, layout: Layout) -> Result<Generated> {
    let mut normalized = normalize::run(&mut document, words);
    let names = Names::settle(&mut document, &mut normalized.events);
    let shapes = types::run(&mut document)?;
    let directions = Directions::of(&document, &normalized.events);
    let homes = homes::find(&document, &normalized.events, &normalized.enums, &directions, layout)?;
    let queries = Queries::of(&document, words, &homes, &directions);
    let changes = std::mem::take(&mut normalized.changes);
    let ir = ir::build(ir::Stages {
        document: &document,
        words,
        normalized,
        names,
        shapes,
        directions,
        homes,
        queries,
        layout,
    })?;
    Ok(Generated { ir, changes, warnings: document.warnings })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn arguments_that_look_alike_are_put_in_order_by_the_table() {
        let words = Words::load(&spec::workspace_root().join("spec")).unwrap();
        let document = spec::own().unwrap();
        let Generated { ir, .. } = generate(document, &words, Layout::Workspace).unwrap();
        let orders = &words.refinements.arguments;
        let mut unordered = Vec::new();
        for item in ir.modules.values().flat_map(|module| &module.structs) {
            let order = orders.get(&item.schema);
            if item.role.is_sent() && order.is_none() && emit::has_lookalikes(item) {
                unordered.push(&item.schema);
            }
        }
        assert!(unordered.is_empty(), "refinements.yaml: arguments: no order for {unordered:?}");
    }

    fn check(spec: Option<PathBuf>) -> Result<()> {
        let out = spec.clone();
        run(&Options { spec, out, strict: true, check: true, ..Options::default() })
    }

    #[test]
    fn the_generated_code_is_what_the_schema_gives() {
        check(None).unwrap();
    }

    #[test]
    fn another_schema_does_not_replace_the_own_code() {
        let spec = Some(PathBuf::from("vendor.json"));
        let error = run(&Options { spec, ..Options::default() }).unwrap_err().to_string();
        assert!(error.contains("--crate"), "{error}");
    }

    /// A folder with one fragment, removed when dropped.
    struct Fragment(PathBuf);

    impl Fragment {
        fn new(name: &str, yaml: &str) -> Self {
            let folder = std::env::temp_dir().join(format!("xtask-{name}-{}", std::process::id()));
            fs::create_dir_all(&folder).unwrap();
            fs::write(folder.join("part.yaml"), yaml).unwrap();
            Self(folder)
        }
    }

    impl Drop for Fragment {
        fn drop(&mut self) {
            let _ = fs::remove_dir_all(&self.0);
        }
    }

    #[test]
    fn one_added_field_makes_one_file_stale() {
        let mut document = spec::own().unwrap();
        let schema = &mut document.schemas.get_mut("GetTaskResponse").unwrap().value;
        schema["properties"]["added"] = serde_json::json!({ "type": "string" });
        let words = Words::load(&spec::workspace_root().join("spec")).unwrap();
        let generated = generate(document, &words, Layout::Workspace).unwrap();
        let files = emit::files(&generated.ir).unwrap();
        let out = spec::workspace_root().join("crates/stream-models/src/generated");
        let error = output::check(&out, &files).unwrap_err().to_string();
        assert!(error.contains("common/tasks.rs"), "{error}");
        assert!(error.contains("cargo xtask codegen"), "{error}");
        assert!(!error.contains("users.rs"), "{error}");
    }

    #[test]
    fn errors_name_the_place() {
        for (name, yaml, place) in [
            (
                "reference",
                "components: { schemas: { A: { type: object, properties: { b: { $ref: '#/components/schemas/B' } } } } }",
                "part.yaml: components.schemas.A.properties.b: $ref: nothing is at #/components/schemas/B",
            ),
            (
                "type",
                "components: { schemas: { A: { type: object, properties: { b: { type: strin } } } } }",
                "part.yaml: components.schemas.A.properties.b: ",
            ),
            (
                "operation",
                "paths: { '/a/{id}': { get: { operationId: GetA, responses: { '200': { content: { application/json: { schema: { $ref: '#/components/schemas/A' } } } } } } } }\ncomponents: { schemas: { A: { type: object } } }",
                "part.yaml: paths./a/{id}.get: parameters: id of the path is not declared",
            ),
            ("syntax", "components: [", "part.yaml"),
        ] {
            let folder = Fragment::new(name, yaml);
            let error = format!("{:#}", check(Some(folder.0.clone())).unwrap_err());
            assert!(error.contains(place), "{name}: {error}");
        }
    }
}
