//! Generates the Rust code from the schema, in stages. Each stage is a module and a line of
//! `generate`, and uses only the stages before it:
//!
//! 1. [`load`] reads the document and assigns each part to a file;
//! 2. [`normalize`] undoes the quirks of the published document;
//! 3. [`names`] gives every part a valid Rust name;
//! 4. [`types`] runs typify and reads its output with syn;
//! 5. [`directions`] determines which types are sent and which are received;
//! 6. [`homes`] puts each type into a module, behind a feature;
//! 7. [`queries`] collects the fields that queries filter and sort by;
//! 8. [`ir`] makes the remaining decisions;
//! 9. [`emit`] writes Rust, and a crate around it on request.
//!
//! [`output`] formats the files and writes them, or compares them with the checked-in ones.
//! `cycles`, `identifiers`, `layout` and `references` serve several stages.

mod cycles;
mod directions;
mod emit;
mod homes;
mod identifiers;
mod ir;
mod layout;
mod load;
mod names;
mod normalize;
mod output;
mod queries;
mod references;
mod types;

use std::path::{Path, PathBuf};

use anyhow::{Result, bail, ensure};

use directions::Directions;
use emit::Target;
use layout::Layout;
use names::Names;
use output::Files;
use queries::Queries;
use stream_spec::{self as spec, Lines, Warnings, Words};

#[derive(Default, clap::Args)]
pub(crate) struct Options {
    /// The schema: a file, or a folder of fragments, JSON or YAML [default: spec]
    #[arg(long)]
    spec: Option<PathBuf>,
    /// The output folder [default: crates/stream-models/src/generated]
    #[arg(long)]
    out: Option<PathBuf>,
    /// Write a whole crate into this folder, with the document's own descriptions
    #[arg(long = "crate", value_name = "DIR", conflicts_with = "out", requires = "spec")]
    package: Option<PathBuf>,
    /// Generate only these products, such as `video,feeds` [default: all of the document]
    #[arg(long, value_delimiter = ',')]
    products: Vec<String>,
    /// Treat warnings about the schema as errors
    #[arg(long)]
    strict: bool,
    /// Write nothing; fail if the checked-in code is stale
    #[arg(long)]
    check: bool,
    /// Print how many places of the schema each fixup changed
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
    let target = match (&options.package, &options.out) {
        (Some(folder), _) => Target::Package(folder),
        (None, Some(folder)) => Target::Folder(folder),
        (None, None) => Target::Workspace(&root),
    };
    let job = Job {
        spec: options.spec.as_ref().unwrap_or(&own_spec),
        products: &options.products,
        // The glossary is for our own schema; in another product, `video` means something else.
        words: match target.layout() {
            Layout::Workspace => Words::load(&own_spec)?,
            Layout::Crate => Words::default(),
        },
        target,
    };
    let generated = generate(&job)?;
    if options.verbose {
        for (fixup, count) in &generated.changes {
            println!("{count:6} {fixup}");
        }
    }
    let apply = if options.check { output::check } else { output::write };
    // The own schema must not cause warnings.
    let reported = report(&generated.warnings, options.strict || options.spec.is_none());
    if reported.is_ok() {
        generated.outputs.into_iter().try_for_each(|(folder, files)| apply(&folder, files))?;
    }
    reported
}

/// Prints the warnings about a document, with their lines in it.
pub(crate) fn print(warnings: &Warnings, strict: bool) {
    let mut lines = Lines::default();
    for warning in warnings.iter() {
        let is_error = strict && !warning.is_note;
        let label = if is_error { "error" } else { warning.label() };
        match lines.find(&warning.place) {
            Some((line, column)) => {
                eprintln!("{label}: {warning} (line {line}, column {column})");
            }
            None => eprintln!("{label}: {warning}"),
        }
    }
}

/// Prints the warnings about the document; fails if they are errors.
fn report(warnings: &Warnings, strict: bool) -> Result<()> {
    print(warnings, strict);
    let count = warnings.iter().filter(|warning| !warning.is_note).count();
    match warnings.first() {
        Some(first) if strict => bail!("the schema is odd in {count} places: {first}"),
        Some(_) => eprintln!("{count} warnings"),
        None => {}
    }
    Ok(())
}

/// The input and the target of a run.
struct Job<'a> {
    /// The document: a file or a folder.
    spec: &'a Path,
    products: &'a [String],
    words: Words,
    target: Target<'a>,
}

/// The output of one run.
struct Generated {
    #[cfg(test)]
    ir: ir::Ir,
    outputs: Vec<(PathBuf, Files)>,
    changes: normalize::Changes,
    warnings: Warnings,
}

/// Runs the stages in order.
fn generate(job: &Job<'_>) -> Result<Generated> {
    let (words, layout) = (&job.words, job.target.layout());
    let mut document = load::load(job.spec, layout, job.products)?;
    let declared = document.schemas.keys().cloned().collect();
    let mut normalized = normalize::run(&mut document, words)?;
    let names = Names::settle(&mut document, &mut normalized.events);
    let shapes = types::run(&mut document)?;
    let directions = Directions::of(&document, &normalized.events);
    let homes = homes::find(&document, &normalized.events, &normalized.enums, &directions, layout)?;
    let queries = Queries::of(&document, words, &homes, &directions);
    let queries = match layout {
        Layout::Workspace => queries,
        Layout::Crate => queries.only_listed(&document),
    };
    let changes = std::mem::take(&mut normalized.changes);
    let ir = ir::build(ir::Stages {
        document: &document,
        declared,
        words,
        normalized,
        names,
        shapes,
        directions,
        homes,
        queries,
        layout,
    })?;
    let outputs = emit::run(&ir, job, document.version.as_deref())?;
    Ok(Generated {
        #[cfg(test)]
        ir,
        outputs,
        changes,
        warnings: document.warnings,
    })
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    /// Generates the code of the workspace, from a copy of its schema folder.
    fn own<'a>(root: &'a Path, spec: &'a Path) -> Job<'a> {
        let words = Words::load(&root.join("spec")).unwrap();
        Job { spec, products: &[], words, target: Target::Workspace(root) }
    }

    #[test]
    fn arguments_that_look_alike_are_put_in_order_by_the_table() {
        let root = spec::workspace_root();
        let spec = root.join("spec");
        let job = own(&root, &spec);
        let Generated { ir, .. } = generate(&job).unwrap();
        let orders = &job.words.refinements.arguments;
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
    fn a_version_stays_on_its_line() {
        let yaml = "info: { version: \"1.2\\n[dependencies]\\nevil = '1'\\u202e\" }\n\
                    components: { schemas: { A: { type: object } } }";
        let folder = Fragment::new("version", yaml);
        let document = spec::load(&folder.0).unwrap();
        assert_eq!(document.version.as_deref(), Some("1.2dependenciesevil  1"));
    }

    #[test]
    fn one_added_field_makes_one_file_stale() {
        let root = spec::workspace_root();
        let folder = Fragment::new("added", "");
        fs::remove_file(folder.0.join("part.yaml")).unwrap();
        copy(&root.join("spec"), &folder.0);
        let (file, line) = (folder.0.join("common/tasks.yaml"), "    GetTaskResponse:\n");
        let text = fs::read_to_string(&file).unwrap();
        let (before, after) = text.split_once(line).unwrap();
        let (between, after) = after.split_once("      properties:\n").unwrap();
        let added = "      properties:\n        added: { type: string, description: Added. }\n";
        fs::write(&file, [before, line, between, added, after].concat()).unwrap();
        let generated = generate(&own(&root, &folder.0)).unwrap();
        let (out, files) = generated.outputs.into_iter().next().unwrap();
        let error = output::check(&out, files).unwrap_err().to_string();
        assert!(error.contains("common/tasks.rs"), "{error}");
        assert!(error.contains("cargo xtask codegen"), "{error}");
        assert!(!error.contains("users.rs"), "{error}");
    }

    fn copy(from: &Path, to: &Path) {
        fs::create_dir_all(to).unwrap();
        for entry in fs::read_dir(from).unwrap() {
            let path = entry.unwrap().path();
            let to = to.join(path.file_name().unwrap());
            if path.is_dir() {
                copy(&path, &to);
            } else {
                fs::copy(&path, &to).unwrap();
            }
        }
    }

    /// Objects that each add a member to the next one.
    fn chain(length: usize) -> String {
        let object = |index: usize| {
            let next = format!("{{ $ref: '#/components/schemas/A{}' }}", index + 1);
            format!(
                "A{index}: {{ allOf: [{next}, {{ properties: {{ p{index}: {{ type: string }} }} }}] }}"
            )
        };
        let objects: Vec<String> = (0..length).map(object).collect();
        format!(
            "components: {{ schemas: {{ {}, A{length}: {{ type: object }} }} }}",
            objects.join(", ")
        )
    }

    #[test]
    fn errors_name_the_place() {
        for (name, yaml, place) in [
            (
                "reference",
                "components: { schemas: { A: { type: object, properties: { b: { $ref: '#/components/schemas/B' } } } } }",
                "part.yaml#/components/schemas/A/properties/b/$ref: nothing is at #/components/schemas/B",
            ),
            (
                "type",
                "components: { schemas: { A: { type: object, properties: { b: { type: strin } } } } }",
                "part.yaml#/components/schemas/A/properties/b/type: ",
            ),
            (
                "operation",
                "paths: { '/a/{id}': { get: { operationId: GetA, responses: { '200': { content: { application/json: { schema: { $ref: '#/components/schemas/A' } } } } } } } }\ncomponents: { schemas: { A: { type: object } } }",
                "part.yaml#/paths/~1a~1{id}/get/parameters: id of the path is not declared",
            ),
            ("syntax", "components: [", "part.yaml"),
            (
                "members",
                &chain(1_100),
                "with this one, the objects that `allOf` combines have more than 500000 members",
            ),
        ] {
            let folder = Fragment::new(name, yaml);
            let error = format!("{:#}", check(Some(folder.0.clone())).unwrap_err());
            assert!(error.contains(place), "{name}: {error}");
        }
    }
}
