use super::{Module, Modules, module_of_schema};
use crate::spec::diff::reach;
use crate::spec::structure::Structure;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use stream_spec::{Document, references_in};

type Endpoint = (String, String);

/// What of both documents there is to be.
pub(super) struct Selection {
    /// Operations of the newer document.
    taken: BTreeSet<Endpoint>,
    /// Operations of products of which the newer document has none.
    kept: BTreeSet<Endpoint>,
    /// Schemas of the newer document.
    taken_schemas: BTreeSet<String>,
    /// Schemas that only kept operations need.
    kept_schemas: BTreeSet<String>,
    /// The event union as it is to be.
    union: Option<Value>,
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
            let is_ours = match &operation.product {
                Some(product) => ours.contains(product),
                // Without a tag, the neighbours of its path tell.
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
        };
        selection.choose_schemas(before, theirs, &foreign);
        selection
    }

    /// Leaves in the newer document what is taken over of it.
    pub(super) fn retain(&self, document: &mut Document) {
        document.operations.retain(|_, operation| {
            let operation = &operation.value;
            self.taken.contains(&(operation.path.clone(), operation.method.clone()))
        });
        document
            .schemas
            .retain(|name, _| self.taken_schemas.contains(name) || name == Document::EVENT_UNION);
    }

    fn choose_schemas(
        &mut self,
        before: &Structure,
        theirs: &Structure,
        foreign: &BTreeSet<Endpoint>,
    ) {
        let links = references(theirs);
        let ours = reach(&links, roots(theirs, &self.taken));
        let foreign: BTreeSet<String> = reach(&links, roots(theirs, foreign))
            .into_iter()
            .filter(|name| !ours.contains(name) && !before.schemas.contains_key(name))
            .collect();
        let known = before.events();
        // An event that is about something of another product belongs to that product.
        let events: BTreeMap<&str, &str> = theirs
            .events()
            .into_iter()
            .filter(|(event, schema)| {
                let about = reach(&links, BTreeSet::from([(*schema).to_owned()]));
                known.contains_key(event) || about.is_disjoint(&foreign)
            })
            .collect();
        let union_name = Document::EVENT_UNION.to_owned();
        let mut wanted: BTreeSet<String> = ours;
        wanted.extend(events.values().map(|name| (*name).to_owned()));
        // What we have and they still have stays, though nothing refers to it.
        wanted.extend(
            before
                .schemas
                .keys()
                .filter(|name| theirs.schemas.contains_key(*name) && **name != union_name)
                .cloned(),
        );
        wanted.remove(&union_name);
        self.taken_schemas =
            reach(&links, wanted).into_iter().filter(|name| *name != union_name).collect();
        self.union = theirs
            .schemas
            .get(&union_name)
            .map(|union| narrowed(union, &events))
            .or_else(|| before.schemas.get(&union_name).cloned());
        let links = references(before);
        let kept_roots = roots(before, &self.kept);
        self.kept_schemas = reach(&links, kept_roots)
            .into_iter()
            .filter(|name| !theirs.schemas.contains_key(name) && *name != union_name)
            .collect();
        if !theirs.schemas.contains_key(&union_name) {
            let events = before.events().into_values().map(str::to_owned).collect();
            let missing = reach(&links, events);
            self.kept_schemas
                .extend(missing.into_iter().filter(|name| !theirs.schemas.contains_key(name)));
        }
    }

    /// The files with the operations and schemas that go into them.
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
        if let Some(union) = &self.union {
            let name = Document::EVENT_UNION;
            let module = match own.modules.get(name) {
                Some(module) => module.clone(),
                None => module_of_schema(document, name),
            };
            let module = modules.entry(module).or_default();
            module.schemas.insert(name.to_owned(), union.clone());
        }
        modules
    }
}

/// An operation without the tag of its product gets it.
fn tag(operation: &mut Value, product: Option<&str>, module: &str) {
    if product.is_none()
        && let (Some(folder), Value::Object(operation)) = (folder(module), operation)
    {
        operation.insert("tags".to_owned(), json!([format!("product:{folder}")]));
    }
}

fn folder(module: &str) -> Option<&str> {
    module.split_once('/').map(|(folder, _)| folder)
}

fn references(structure: &Structure) -> BTreeMap<&str, BTreeSet<String>> {
    let union = Document::EVENT_UNION;
    structure
        .schemas
        .iter()
        .filter(|(name, _)| *name != union)
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

/// The event union with these events alone.
fn narrowed(union: &Value, events: &BTreeMap<&str, &str>) -> Value {
    let reference = |name: &str| format!("#/components/schemas/{name}");
    let names: BTreeSet<&str> = events.values().copied().collect();
    let mut union = union.clone();
    if let Value::Object(node) = &mut union {
        let variants: Vec<Value> =
            names.into_iter().map(|name| json!({ "$ref": reference(name) })).collect();
        let mapping: BTreeMap<&str, String> =
            events.iter().map(|(event, name)| (*event, reference(name))).collect();
        node.insert("oneOf".to_owned(), variants.into());
        let discriminator = json!({ "propertyName": "type", "mapping": mapping });
        node.insert("discriminator".to_owned(), discriminator);
    }
    union
}
