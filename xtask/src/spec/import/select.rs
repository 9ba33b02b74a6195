//! Selects the items to import.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::{Module, Modules, module_of_schema};
use crate::spec::diff::reach;
use crate::spec::placement::stated_product;
use crate::spec::structure::Structure;
use stream_spec::{Document, Events, references_in};

type Endpoint = (String, String);

/// The items of both documents in the result.
pub(super) struct Selection {
    /// Operations of the newer document.
    taken: BTreeSet<Endpoint>,
    /// Operations of products of which the newer document has none.
    kept: BTreeSet<Endpoint>,
    /// Schemas of the newer document.
    taken_schemas: BTreeSet<String>,
    /// Schemas that only kept operations need.
    kept_schemas: BTreeSet<String>,
    /// The name of the event union, and the union in the result.
    union: Option<(String, Value)>,
    /// The name of the union in the newer document.
    their_union: Option<String>,
}

impl Selection {
    pub(super) fn of(
        own: &Document,
        before: &Structure,
        document: &Document,
        theirs: &Structure,
    ) -> Self {
        let products = |document: &Document| -> BTreeSet<String> {
            let operations = document.operations.values();
            operations.filter_map(|operation| operation.value.product.clone()).collect()
        };
        let (ours, new) = (products(own), products(document));
        let (mut taken, mut foreign) = (BTreeSet::new(), BTreeSet::new());
        for operation in document.operations.values() {
            let operation = &operation.value;
            let endpoint = (operation.path.clone(), operation.method.clone());
            let is_ours = match stated_product(operation) {
                Some(product) => ours.contains(product),
                // Without a tag and a product in the path, operations with similar paths determine
                // the product.
                None => folder(&operation.module).is_some_and(|folder| ours.contains(folder)),
            };
            let set = if is_ours { &mut taken } else { &mut foreign };
            set.insert(endpoint);
        }
        let kept = own
            .operations
            .values()
            .map(|operation| &operation.value)
            .filter(|operation| {
                let product = operation.product.as_ref();
                product.is_some_and(|product| !new.contains(product))
            })
            .map(|operation| (operation.path.clone(), operation.method.clone()))
            .collect();

        let mut selection = Self {
            taken,
            kept,
            taken_schemas: BTreeSet::new(),
            kept_schemas: BTreeSet::new(),
            union: None,
            their_union: theirs.event_union().map(|(name, _)| name.to_owned()),
        };
        selection.choose_schemas(before, theirs, &foreign);
        selection
    }

    /// Returns the products whose operations are not imported, with the number of these.
    pub(super) fn left_out(&self, document: &Document) -> Vec<String> {
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for operation in document.operations.values().map(|operation| &operation.value) {
            if !self.taken.contains(&(operation.path.clone(), operation.method.clone())) {
                let product = stated_product(operation).or(folder(&operation.module));
                *counts.entry(product.unwrap_or("no product")).or_default() += 1;
            }
        }
        let counts = counts.into_iter();
        counts.map(|(product, count)| format!("{product}: {count} operations")).collect()
    }

    /// Removes the items from the newer document that are not imported.
    pub(super) fn retain(&self, document: &mut Document) {
        document.operations.retain(|_, operation| {
            let operation = &operation.value;
            self.taken.contains(&(operation.path.clone(), operation.method.clone()))
        });
        document.schemas.retain(|name, _| {
            self.taken_schemas.contains(name) || Some(name) == self.their_union.as_ref()
        });
    }

    fn choose_schemas(
        &mut self,
        before: &Structure,
        theirs: &Structure,
        foreign_endpoints: &BTreeSet<Endpoint>,
    ) {
        let links = references(theirs);
        let ours = reach(&links, roots(theirs, &self.taken));
        let foreign: BTreeSet<String> = reach(&links, roots(theirs, foreign_endpoints))
            .into_iter()
            .filter(|name| !ours.contains(name) && !before.schemas.contains_key(name))
            .collect();
        let known = before.events();
        let our_union = before.event_union().map(|(name, _)| name);
        let is_union =
            |name: &str| Some(name) == our_union || Some(name) == self.their_union.as_deref();
        let shared = reach(&links, roots(theirs, foreign_endpoints));
        let subjects: BTreeSet<&str> = known.keys().filter_map(|event| subject(event)).collect();
        // An event about an object of another product belongs to that product. So does one that is
        // not only about ours, unless we have events of its subject.
        let events: Events = theirs
            .events()
            .into_iter()
            .filter(|(event, schema)| {
                let about = reach(&links, BTreeSet::from([schema.clone()]));
                let is_ours = subject(event).is_some_and(|subject| subjects.contains(subject))
                    || about.iter().any(|name| ours.contains(name) && !shared.contains(name));
                known.contains_key(event) || is_ours && about.is_disjoint(&foreign)
            })
            .collect();
        let mut wanted: BTreeSet<String> = ours;
        wanted.extend(events.values().cloned());
        // Our schemas that the newer document still has are kept, even if nothing refers to them.
        let still = before.schemas.keys().filter(|name| theirs.schemas.contains_key(*name));
        wanted.extend(still.cloned());
        let no_union = |names: BTreeSet<String>| -> BTreeSet<String> {
            names.into_iter().filter(|name| !is_union(name)).collect()
        };
        let taken = no_union(reach(&links, no_union(wanted)));
        let union = match (&self.their_union, our_union) {
            (Some(theirs_name), ours) => {
                let name = ours.unwrap_or(theirs_name).to_owned();
                theirs.schemas.get(theirs_name).map(|union| (name, narrowed(union, &events)))
            }
            (None, Some(name)) => {
                before.schemas.get(name).map(|union| (name.to_owned(), union.clone()))
            }
            (None, None) => None,
        };
        let links = references(before);
        let missing = |names: BTreeSet<String>| -> BTreeSet<String> {
            let names = no_union(reach(&links, names)).into_iter();
            names.filter(|name| !theirs.schemas.contains_key(name)).collect()
        };
        let mut kept = missing(roots(before, &self.kept));
        if self.their_union.is_none() {
            kept.extend(missing(before.events().into_values().collect()));
        }
        self.taken_schemas = taken;
        self.kept_schemas = kept;
        self.union = union;
    }

    /// Returns the files with their operations and schemas.
    pub(super) fn modules(
        &self,
        own: &Document,
        before: &Structure,
        document: &Document,
        theirs: &Structure,
    ) -> Modules {
        let mut modules = Modules::new();
        for (source, structure, endpoints) in
            [(document, theirs, &self.taken), (own, before, &self.kept)]
        {
            for operation in source.operations.values() {
                let operation = &operation.value;
                let endpoint = (operation.path.clone(), operation.method.clone());
                if let (true, Some(value)) =
                    (endpoints.contains(&endpoint), structure.operations.get(&endpoint))
                {
                    let mut value = value.clone();
                    // The loader has changed a duplicate ID, or added a missing one.
                    if let Value::Object(node) = &mut value {
                        node.insert("operationId".to_owned(), operation.id.clone().into());
                    }
                    tag(&mut value, operation.product.as_deref(), &operation.module);
                    let module: &mut Module = modules.entry(operation.module.clone()).or_default();
                    module.operations.insert(endpoint, value);
                }
            }
        }
        for (source, structure, names) in
            [(document, theirs, &self.taken_schemas), (own, before, &self.kept_schemas)]
        {
            for name in names {
                if let Some(value) = structure.schemas.get(name) {
                    let module = modules.entry(module_of_schema(source, name)).or_default();
                    module.schemas.insert(name.clone(), value.clone());
                }
            }
        }
        if let Some((name, union)) = &self.union {
            let theirs = self.their_union.as_ref().unwrap_or(name);
            let module = match own.modules.get(name) {
                Some(module) => module.clone(),
                None => module_of_schema(document, theirs),
            };
            let module = modules.entry(module).or_default();
            module.schemas.insert(name.clone(), union.clone());
        }
        modules
    }
}

/// Adds the tag of the product to an operation without one.
fn tag(operation: &mut Value, product: Option<&str>, module: &str) {
    if product.is_none()
        && let (Some(folder), Value::Object(operation)) = (folder(module), operation)
    {
        operation.insert("tags".to_owned(), json!([format!("product:{folder}")]));
    }
}

/// Returns the subject of an event: `message` of `message.new`.
fn subject(event: &str) -> Option<&str> {
    event.split_once('.').map(|(subject, _)| subject)
}

fn folder(module: &str) -> Option<&str> {
    module.split_once('/').map(|(folder, _)| folder)
}

fn references(structure: &Structure) -> BTreeMap<&str, BTreeSet<String>> {
    let union = structure.event_union().map(|(name, _)| name);
    structure
        .schemas
        .iter()
        .filter(|(name, _)| Some(name.as_str()) != union)
        .map(|(name, schema)| (name.as_str(), references_in(schema)))
        .collect()
}

fn roots(structure: &Structure, endpoints: &BTreeSet<Endpoint>) -> BTreeSet<String> {
    endpoints
        .iter()
        .filter_map(|endpoint| structure.operations.get(endpoint))
        .flat_map(references_in)
        .collect()
}

/// Returns the event union with only these events.
fn narrowed(union: &Value, events: &Events) -> Value {
    let mut union = union.clone();
    stream_spec::narrow(&mut union, events);
    union
}
