//! A resource and its operations.

use serde::de::IgnoredAny;
use serde_json::{Map, Value};

use super::{Field, Kind};
use crate::document::{Node, Object};
use crate::error::ApiError;
use crate::operations::{Call, CursorQuery, Outcome};
use crate::query::{Fields, Rule, custom_field};
use crate::state::{Record, Timestamp};

/// The field that identifies a resource.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::operations) enum Key {
    /// A field that the request sets, such as `name`.
    Given(&'static str),
    /// A field that the request may set; defaults to a UUID.
    Made(&'static str),
}

impl Key {
    fn field(self) -> &'static str {
        match self {
            Self::Given(field) | Self::Made(field) => field,
        }
    }
}

/// A resource with its operations: create, read, update, list and delete.
#[derive(Debug)]
pub(in crate::operations) struct Resource {
    /// The kind under which the state stores it; also its name in errors.
    pub(in crate::operations) kind: &'static str,
    /// The identifying field of the body, which is also the parameter of the path.
    pub(in crate::operations) key: Key,
    /// The fields without the key.
    pub(in crate::operations) fields: &'static [Field],
    /// The field of a response with one resource; `None` if its fields are at the top level.
    pub(in crate::operations) one: Option<&'static str>,
    /// The field of a response with several resources.
    pub(in crate::operations) many: &'static str,
    /// Whether the list is a map by key.
    pub(in crate::operations) is_map: bool,
    /// Whether responses contain the timestamps of creation and update.
    pub(in crate::operations) has_times: bool,
    /// The maximum number of resources.
    pub(in crate::operations) max: usize,
    /// Refuses a resource that violates a rule, before it is stored.
    pub(in crate::operations) check: fn(&Call<'_>, &Record) -> Result<(), ApiError>,
    /// Refuses to delete a resource that is in use.
    pub(in crate::operations) keep: fn(&Call<'_>, &Record) -> Result<(), ApiError>,
}

impl Resource {
    pub(in crate::operations) const DEFAULT: Self = Self {
        kind: "",
        key: Key::Made("id"),
        fields: &[],
        one: None,
        many: "",
        is_map: false,
        has_times: true,
        max: usize::MAX,
        check: |_, _| Ok(()),
        keep: |_, _| Ok(()),
    };

    /// Creates a resource, and renders it.
    pub(in crate::operations) fn create(
        &self,
        call: &mut Call<'_>,
        input: Map<String, Value>,
    ) -> Outcome {
        let record = self.add(call, &input)?;
        Ok(self.shown(&record))
    }

    /// Creates a resource. The caller has checked the permission.
    pub(in crate::operations) fn add(
        &self,
        call: &mut Call<'_>,
        input: &Map<String, Value>,
    ) -> Result<Record, ApiError> {
        let key = self.new_key(input)?;
        if call.world.records.get(self.kind, &key).is_some() {
            return Err(ApiError::input(format!("{} \"{key}\" already exists", self.kind)));
        }
        if call.world.records.of_kind(self.kind).count() >= self.max {
            return Err(ApiError::input(format!(
                "there are {} of the resource {}, which is as many as allowed",
                self.max, self.kind
            )));
        }
        let mut fields = Map::new();
        for field in self.fields {
            if let Some(value) = field.of_new(input)? {
                fields.insert(field.name.to_owned(), value);
            }
        }
        let record = Record { key, fields, created_at: call.now, updated_at: call.now };
        (self.check)(call, &record)?;
        call.world.records.insert(self.kind, record.clone());
        Ok(record)
    }

    fn new_key(&self, input: &Map<String, Value>) -> Result<String, ApiError> {
        let name = self.key.field();
        let given = match input.get(name) {
            None | Some(Value::Null) => "",
            Some(Value::String(text)) => text.as_str(),
            Some(_) => return Err(ApiError::field(name, "must be a string")),
        };
        match self.key {
            _ if given.len() > 255 => Err(ApiError::field(name, "is longer than 255 characters")),
            Key::Given(_) if given.is_empty() => {
                Err(ApiError::field(name, format!("{name} is a required field")))
            }
            Key::Made(_) if given.is_empty() => Ok(uuid::Uuid::new_v4().to_string()),
            _ => Ok(given.to_owned()),
        }
    }

    /// Creates or replaces a resource, and renders it.
    pub(in crate::operations) fn upsert(
        &self,
        call: &mut Call<'_>,
        input: Map<String, Value>,
    ) -> Outcome {
        let record = self.put(call, &input)?;
        Ok(self.shown(&record))
    }

    /// Creates or replaces a resource. The caller has checked the permission.
    pub(in crate::operations) fn put(
        &self,
        call: &mut Call<'_>,
        input: &Map<String, Value>,
    ) -> Result<Record, ApiError> {
        let key = self.new_key(input)?;
        let before = call.world.records.remove(self.kind, &key);
        let added = self.add(call, &with_key(input, self.key.field(), &key));
        match (added, before) {
            (Ok(mut record), Some(before)) => {
                record.created_at = before.created_at;
                call.world.records.insert(self.kind, record.clone());
                Ok(record)
            }
            (Err(error), Some(before)) => {
                call.world.records.insert(self.kind, before);
                Err(error)
            }
            (added, None) => added,
        }
    }

    /// Returns a page of the resources that match a filter.
    pub(in crate::operations) fn query(
        &self,
        call: &mut Call<'_>,
        query: CursorQuery,
        rules: &[Rule],
    ) -> Outcome {
        let records = call.world.records.of_kind(self.kind);
        let all = records.map(|record| Searched { key: self.key.field(), record });
        let page = query.pick(rules, all, |found| found.record.key.clone())?;
        Ok(page.document(self.many, |found| self.document(found.record)))
    }

    /// Returns the resource in the path.
    pub(in crate::operations) fn find<'a>(
        &self,
        call: &'a Call<'_>,
    ) -> Result<&'a Record, ApiError> {
        let key = call.path(self.key.field());
        call.world
            .records
            .get(self.kind, key)
            .ok_or_else(|| ApiError::not_found(format!("{} \"{key}\" not found", self.kind)))
    }

    /// Renders the resource in the path.
    pub(in crate::operations) fn get(&self, call: &mut Call<'_>, _: IgnoredAny) -> Outcome {
        Ok(self.shown(self.find(call)?))
    }

    /// Changes the given fields of the resource in the path, and renders it.
    pub(in crate::operations) fn update(
        &self,
        call: &mut Call<'_>,
        input: Map<String, Value>,
    ) -> Outcome {
        let mut record = self.find(call)?.clone();
        for field in self.fields {
            if let Some(value) = field.of_update(&input)? {
                record.fields.insert(field.name.to_owned(), value);
            }
        }
        record.updated_at = call.now;
        (self.check)(call, &record)?;
        call.world.records.insert(self.kind, record.clone());
        Ok(self.shown(&record))
    }

    /// Deletes the resource in the path.
    pub(in crate::operations) fn delete(&self, call: &mut Call<'_>, _: IgnoredAny) -> Outcome {
        let record = self.find(call)?.clone();
        (self.keep)(call, &record)?;
        call.world.records.remove(self.kind, &record.key);
        Ok(Object::new())
    }

    /// Lists all resources, sorted by key.
    pub(in crate::operations) fn list(&self, call: &mut Call<'_>, _: IgnoredAny) -> Outcome {
        let records = call.world.records.of_kind(self.kind);
        let many: Node = match self.is_map {
            true => {
                let by_key = records.map(|record| (record.key.clone(), self.document(record)));
                by_key.collect::<Object>().into()
            }
            false => records.map(|record| self.document(record)).collect(),
        };
        Ok(Object::new().field(self.many, many))
    }

    /// Returns the response with one resource.
    pub(in crate::operations) fn shown(&self, record: &Record) -> Object {
        match self.one {
            Some(name) => Object::new().field(name, self.document(record)),
            None => self.document(record),
        }
    }

    /// Renders a resource.
    pub(in crate::operations) fn document(&self, record: &Record) -> Object {
        let mut object = Object::new().field(self.key.field(), record.key.as_str());
        for field in self.fields.iter().filter(|field| field.is_shown) {
            let Some(value) = record.fields.get(field.name) else {
                continue;
            };
            let node = match (field.kind, Timestamp::parse(value)) {
                (Kind::Time, Some(time)) => Node::Time(time),
                _ => Node::Json(value.clone()),
            };
            object.set(field.shown_as, node);
        }
        if self.has_times {
            object.set("created_at", record.created_at);
            object.set("updated_at", record.updated_at);
        }
        object
    }
}

/// Returns a copy of the input with the key.
fn with_key(input: &Map<String, Value>, field: &str, key: &str) -> Map<String, Value> {
    let mut input = input.clone();
    input.insert(field.to_owned(), key.into());
    input
}

/// A record, as filters see it.
pub(in crate::operations) struct Searched<'a> {
    /// The name of the key field.
    pub(in crate::operations) key: &'static str,
    pub(in crate::operations) record: &'a Record,
}

impl Fields for Searched<'_> {
    fn field(&self, name: &str) -> Option<Value> {
        match name {
            name if name == self.key => Some(self.record.key.as_str().into()),
            "created_at" => Some(self.record.created_at.nanoseconds().into()),
            "updated_at" => Some(self.record.updated_at.nanoseconds().into()),
            name => custom_field(&self.record.fields, name),
        }
    }
}
