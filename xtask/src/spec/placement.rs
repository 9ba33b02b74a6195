//! Assigns the operations and schemas of a document of one file to the files of a schema folder.
//!
//! Existing items keep their files. A new operation goes to the file of the operations whose paths
//! have the most leading segments in common with its own, at least one beyond that of the product
//! (`/api/v2/chat/`); without one, it starts a file named after that segment, in the folder of its
//! product. A new schema goes to the file of the operations that use it, or else of the schemas
//! that refer to it; to `events` if only events do or it is one; and to `common/shared` if several
//! files have an equal claim or none has one.

use std::collections::{BTreeMap, BTreeSet};

use stream_spec::{Document, Operation, references_in};

const EVENTS: &str = "events";
const SHARED: &str = "common/shared";

/// The products whose paths begin with their names.
const PRODUCTS: [&str; 4] = ["chat", "feeds", "moderation", "video"];

/// Names of modules in the generated crate and its folders, and of a feature that every crate has.
const RESERVED: [&str; 22] = [
    "api",
    "both_directions",
    "chat",
    "codec",
    "common",
    "custom_data",
    "default",
    "event",
    "events",
    "extensions",
    "filter",
    "generated",
    "lib",
    "moderation",
    "operation",
    "operator_sets",
    "query",
    "requests",
    "responses",
    "shared",
    "sort",
    "value",
];

/// Those of them that are folders of products.
const FOLDERS: [&str; 4] = ["api", "chat", "common", "moderation"];

/// Assigns a module to every operation and schema of `document`.
pub(crate) fn place(document: &mut Document, own: &Document) {
    let mut modules = Modules::of(own);
    for (id, operation) in &mut document.operations {
        let operation = &mut operation.value;
        operation.module = match own.operations.get(id) {
            Some(own) => own.value.module.clone(),
            None => modules.of_operation(operation),
        };
    }
    document.modules = schemas(document, own);
}

/// The existing modules.
struct Modules {
    /// The path segments, the product and the module of each operation.
    operations: Vec<(Vec<String>, Option<String>, String)>,
    all: BTreeSet<String>,
}

impl Modules {
    fn of(own: &Document) -> Self {
        let operations: Vec<_> = own
            .operations
            .values()
            .map(|operation| {
                let operation = &operation.value;
                let module = operation.module.clone();
                (segments(operation), operation.product.clone(), module)
            })
            .collect();
        let used = operations.iter().map(|(.., module)| module.clone());
        Self { all: used.chain(own.modules.values().cloned()).collect(), operations }
    }

    fn of_operation(&mut self, operation: &Operation) -> String {
        let path = segments(operation);
        // The number of common segments, then the number of operations in each module with as many.
        let mut best = (0, false);
        let mut claims: BTreeMap<&str, usize> = BTreeMap::new();
        for (other, product, module) in &self.operations {
            let common = path.iter().zip(other).take_while(|(a, b)| a == b).count();
            let nearness = (common, *product == operation.product);
            if nearness.0 > 0 && nearness > best {
                best = nearness;
                claims.clear();
            }
            if nearness.0 > 0 && nearness == best {
                *claims.entry(module).or_default() += 1;
            }
        }
        if let Some((module, _)) = claims.iter().rev().max_by_key(|(_, count)| **count) {
            return (*module).to_owned();
        }
        self.begin(product_of(operation), path.first().map_or("api", String::as_str))
    }

    /// Creates a module called `name` in the folder of a product, with a unique name.
    fn begin(&mut self, product: &str, name: &str) -> String {
        let product = snake(product);
        let is_leaf = |name: &str| self.all.iter().any(|module| leaf(module) == name);
        // Folders and files are modules of the same level.
        let is_taken = RESERVED.contains(&product.as_str()) && !FOLDERS.contains(&product.as_str());
        let folder = if is_leaf(&product) || is_taken {
            format!("{product}_product")
        } else {
            product.clone()
        };
        let mut file = snake(name);
        let is_folder = |name: &str| {
            name == folder || self.all.iter().any(|module| module.split('/').next() == Some(name))
        };
        let module = format!("{folder}/{file}");
        if self.all.contains(&module) {
            return module;
        }
        if is_leaf(&file) || is_folder(&file) || RESERVED.contains(&file.as_str()) {
            file = format!("{product}_{file}");
        }
        let module = format!("{folder}/{file}");
        self.all.insert(module.clone());
        module
    }
}

/// Returns the segments of a path after the version and the product.
fn segments(operation: &Operation) -> Vec<String> {
    let segments = behind_version(&operation.path);
    let is_product = segments.first().is_some_and(|first| {
        Some(*first) == operation.product.as_deref() || PRODUCTS.contains(first)
    });
    let skipped = usize::from(is_product && segments.len() > 1);
    segments.into_iter().skip(skipped).map(str::to_owned).collect()
}

fn behind_version(path: &str) -> Vec<&str> {
    let is_version = |segment: &str| {
        segment.strip_prefix('v').is_some_and(|number| number.parse::<u32>().is_ok())
    };
    let mut segments: Vec<&str> = path.split('/').filter(|segment| !segment.is_empty()).collect();
    if let Some(version) = segments.iter().take(2).position(|segment| is_version(segment)) {
        segments.drain(..=version);
    }
    segments
}

/// Returns the product in the tags, or else in the path, or else the common one.
pub(crate) fn product_of(operation: &Operation) -> &str {
    stated_product(operation).unwrap_or("common")
}

/// Returns the product in the tags, or else in the path.
pub(super) fn stated_product(operation: &Operation) -> Option<&str> {
    let tag = operation.product.as_deref();
    let first = || behind_version(&operation.path).into_iter().next();
    tag.or_else(|| first().filter(|first| PRODUCTS.contains(first)))
}

fn leaf(module: &str) -> &str {
    module.rsplit('/').next().unwrap_or(module)
}

/// Converts a text to a valid module and file name in ASCII.
fn snake(name: &str) -> String {
    let plain = name.replace(|c: char| !c.is_ascii_alphanumeric(), "_");
    let mut name = heck::ToSnakeCase::to_snake_case(plain.as_str());
    if name.starts_with(|c: char| c.is_ascii_digit()) {
        name.insert(0, 'x');
    }
    name.truncate(MAX_LENGTH);
    if syn::parse_str::<syn::Ident>(&name).is_ok() && !CRATES.contains(&name.as_str()) {
        name
    } else {
        format!("{name}_api").trim_start_matches('_').to_owned()
    }
}

/// The maximum length of a module's name, since file systems limit it.
const MAX_LENGTH: usize = 100;

/// Crates that the generated code names, which a module of that name would hide.
const CRATES: [&str; 7] = ["alloc", "core", "gen", "serde", "serde_json", "std", "stream_models"];

/// Returns the module of every schema.
fn schemas(document: &Document, own: &Document) -> BTreeMap<String, String> {
    let events: BTreeSet<String> =
        document.events().into_values().chain(document.event_union().map(str::to_owned)).collect();
    let mut placed: BTreeMap<&str, String> = BTreeMap::new();
    let mut claims: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for operation in document.operations.values() {
        let operation = &operation.value;
        for name in operation.schemas() {
            if let Some((name, _)) = document.schemas.get_key_value(&name) {
                claims.entry(name).or_default().insert(&operation.module);
            }
        }
    }
    for name in document.schemas.keys() {
        let module = match own.modules.get(name) {
            Some(module) => module.clone(),
            None => match claims.get(name.as_str()) {
                Some(modules) => choose(modules),
                None if events.contains(name) => EVENTS.to_owned(),
                None => continue,
            },
        };
        placed.insert(name, module);
    }
    // A schema without a claim goes with those that refer to it, round by round.
    let references: BTreeMap<&str, BTreeSet<String>> = document
        .schemas
        .iter()
        .map(|(name, schema)| (name.as_str(), references_in(&schema.value)))
        .collect();
    let mut latest: Vec<&str> = placed.keys().copied().collect();
    while !latest.is_empty() {
        let mut claims: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        // Whatever those of an earlier round refer to has its place.
        for name in latest {
            let Some(module) = placed.get(name) else { continue };
            for target in references.get(name).into_iter().flatten() {
                let target = document.schemas.get_key_value(target);
                if let Some((target, _)) =
                    target.filter(|(name, _)| !placed.contains_key(name.as_str()))
                {
                    claims.entry(target).or_default().insert(module);
                }
            }
        }
        let found: Vec<(&str, String)> =
            claims.into_iter().map(|(name, modules)| (name, choose(&modules))).collect();
        latest = found.iter().map(|(name, _)| *name).collect();
        placed.extend(found);
    }
    document
        .schemas
        .keys()
        .map(|name| {
            let module = placed.remove(name.as_str());
            (name.clone(), module.unwrap_or_else(|| SHARED.to_owned()))
        })
        .collect()
}

fn choose(modules: &BTreeSet<&str>) -> String {
    let others: Vec<&str> = modules.iter().copied().filter(|name| *name != EVENTS).collect();
    match others.as_slice() {
        [] => EVENTS.to_owned(),
        [module] => (*module).to_owned(),
        _ => SHARED.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn module(modules: &mut Modules, path: &str, product: &str) -> String {
        let mut operation = stream_spec::own().unwrap().operations["GetApp"].value.clone();
        operation.path = path.to_owned();
        operation.product = Some(product.to_owned());
        modules.of_operation(&operation)
    }

    #[test]
    fn new_operations_go_where_their_neighbors_are() {
        let mut modules = Modules::of(&stream_spec::own().unwrap());
        let mut of = |path, product| module(&mut modules, path, product);
        assert_eq!(of("/api/v2/polls/{poll_id}/close", "common"), "common/polls");
        assert_eq!(of("/api/v2/chat/threads/{id}/lock", "chat"), "chat/threads");
        assert_eq!(of("/api/v2/chat/stickers", "chat"), "chat/stickers");
        assert_eq!(of("/api/v2/chat/type", "chat"), "chat/type_api");
        assert_eq!(of("/api/v2/video/call/{type}/{id}", "video"), "video_product/call");
        assert_eq!(of("/api/v2/video/call", "video"), "video_product/call");
        assert_eq!(of("/api/v2/feeds/feeds/{id}", "feeds"), "feeds_product/feeds_feeds");
    }

    #[test]
    fn any_text_becomes_a_module_and_leads_nowhere_else() {
        let mut modules = Modules::of(&Document::default());
        let mut of = |path, product| module(&mut modules, path, product);
        assert_eq!(of("/api/v2/a/b", "../../etc"), "etc/a");
        assert_eq!(of("/api/v2/../%2e%2e", "/"), "api/api_api");
        assert_eq!(of("/api/v2/7x{/y", "2fa"), "x2fa/x7x");
        assert_eq!(of("/api/v2/\u{ff11}é/y", "é"), "api/api_api");
        assert_eq!(of("/api/v2/\n/self", "serde"), "serde_api/serde_api_api");
        assert_eq!(of("/api/v2/b", "lib"), "lib_product/b");
        assert_eq!(of("/api/v2/c", "event"), "event_product/c");
        assert_eq!(of("/api/v2/d", "default"), "default_product/d");
        assert_eq!(of("/api/v2/e", "stream_models"), "stream_models_api/e");
    }

    #[test]
    fn the_own_schema_stays_where_it_is() {
        let own = stream_spec::own().unwrap();
        let mut document = own.clone();
        document.modules.clear();
        for operation in document.operations.values_mut() {
            operation.value.module = String::new();
        }
        place(&mut document, &own);
        assert_eq!(document.modules, own.modules);
        for (id, operation) in &document.operations {
            assert_eq!(operation.value.module, own.operations[id].value.module, "{id}");
        }
    }
}
