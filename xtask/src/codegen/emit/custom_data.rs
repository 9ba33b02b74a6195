//! Emits the table of the places of custom data in events, and of the members that are not custom
//! data.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use anyhow::Result;
use heck::ToShoutySnakeCase;

use super::{EVENTS, HEADER};
use crate::codegen::ir::{Ir, StructModel};
use crate::codegen::types::Ty;

/// The module of the table.
pub(super) const MODULE: &str = "custom_data";

/// The family of all events.
const EVENT: &str = "Event";

/// Members of documented bodies that the schema lacks, by family.
const UNDECLARED: &[(&str, &[&str])] = &[
    (
        EVENT,
        &[
            "channel_last_message_at",
            "channel_last_read_at",
            "channel_unread_count",
            "created_by_id",
            "members",
            "request_info",
            "soft_delete",
            "total_unread_count",
            "unread_channels",
            "unread_count",
        ],
    ),
    ("Message", &["args", "command_info"]),
    ("User", &["channel_last_read_at", "channel_unread_count", "unread_count"]),
];

/// Undeclared members that hold a declared type.
const UNDECLARED_TYPES: &[(&str, &str, &str)] = &[(EVENT, "members", "ChannelMemberResponse")];

/// Types that older bodies have as the text of one member.
const SHORT_FORMS: &[(&str, &str)] = &[("Command", "name")];

/// Parts of type names that distinguish views of the same object.
const PREFIXES: [&str; 3] = ["Full", "Own", "Chat"];
const SUFFIXES: [&str; 7] =
    ["Response", "CommonFields", "PrivacyFields", "Data", "Partial", "Payload", "State"];

/// The types that are views of the same object, such as a user with more or fewer fields. They
/// share one table entry, since what one of them declares is not custom data in another.
#[derive(Default)]
struct Family<'a> {
    known: BTreeSet<&'a str>,
    has_custom_data: bool,
    short_form: Option<&'a str>,
    /// The family of each member's value, and whether the member is a map of such values.
    nested: BTreeMap<&'a str, (String, bool)>,
}

/// Returns the file of the table; `None` where there is no enum of events.
pub(super) fn table(ir: &Ir) -> Result<Option<String>> {
    if !ir.modules.contains_key(EVENTS) {
        return Ok(None);
    }
    let types = Types::of(ir);
    let mut shapes = String::new();
    for (name, family) in types.families() {
        write_shape(&mut shapes, &name, &family)?;
    }
    let names = if shapes.contains("Nested::") { "{Nested, Shape}" } else { "Shape" };
    Ok(Some(format!(
        "{HEADER}//! Where events hold custom data, and which members are not custom data.\n\n\
         use crate::event::custom_data::{names};\n{shapes}"
    )))
}

/// Returns the family of a member that holds several, such as the subject of different events: one
/// in which nothing that any of them declares is custom data.
fn both(
    families: &mut BTreeMap<String, Family<'_>>,
    names: impl Iterator<Item = String>,
) -> String {
    let names: Vec<String> = names.collect();
    let name = names.join("Or");
    if names.len() > 1 {
        let mut whole = Family::default();
        for family in names.iter().filter_map(|name| families.get(name)) {
            whole.known.extend(&family.known);
            whole.has_custom_data |= family.has_custom_data;
            for (member, target) in &family.nested {
                whole.nested.entry(*member).or_insert_with(|| target.clone());
            }
        }
        families.insert(name.clone(), whole);
    }
    name
}

struct Types<'a> {
    structs: BTreeMap<&'a str, &'a StructModel>,
    aliases: BTreeMap<&'a str, &'a Ty>,
    events: BTreeSet<&'a str>,
}

impl<'a> Types<'a> {
    fn of(ir: &'a Ir) -> Self {
        let modules = || ir.modules.values();
        let structs = modules().flat_map(|module| &module.structs);
        let aliases = modules().flat_map(|module| &module.aliases);
        Self {
            structs: structs.map(|item| (item.name.as_str(), item)).collect(),
            aliases: aliases.map(|alias| (alias.name.as_str(), &alias.ty)).collect(),
            events: ir.events.iter().map(|event| event.schema.as_str()).collect(),
        }
    }

    fn families(&self) -> BTreeMap<String, Family<'a>> {
        let relevant = self.relevant();
        let mut families = BTreeMap::from([(EVENT.to_owned(), Family::default())]);
        for (name, item) in &self.structs {
            if !item.role.is_received() {
                continue;
            }
            let family_name = self.family(name);
            let has_custom_data = has_custom_data(item);
            // A view that no event contains still declares what is not custom data.
            if has_custom_data || relevant.contains(name) {
                let family = families.entry(family_name).or_default();
                family.has_custom_data |= has_custom_data;
                family.known.extend(item.fields.iter().map(|field| field.wire.as_str()));
                family.short_form = short_form(name).or(family.short_form);
            }
        }
        let mut held: BTreeMap<(String, &str), BTreeMap<String, bool>> = BTreeMap::new();
        for name in &relevant {
            let family_name = self.family(name);
            let mut nested = self.nested(name);
            nested.retain(|(_, target, _)| relevant.contains(target));
            let undeclared = UNDECLARED_TYPES
                .iter()
                .filter(|(family, _, target)| *family == family_name && relevant.contains(target));
            nested.extend(undeclared.map(|(_, member, target)| (*member, *target, false)));
            for (member, target, is_map) in nested {
                let targets = held.entry((family_name.clone(), member)).or_default();
                targets.entry(self.family(target)).or_insert(is_map);
            }
        }
        for (family, members) in UNDECLARED {
            if let Some(family) = families.get_mut(*family) {
                family.known.extend(*members);
            }
        }
        // What holds several families comes last, when these are complete.
        let (alone, several): (Vec<_>, Vec<_>) =
            held.into_iter().partition(|(_, targets)| targets.len() == 1);
        for ((name, member), targets) in alone.into_iter().chain(several) {
            let is_map = targets.values().any(|is_map| *is_map);
            let target = both(&mut families, targets.into_keys());
            if let Some(family) = families.get_mut(&name) {
                family.nested.insert(member, (target, is_map));
            }
        }
        let reached = reach(&families);
        families.retain(|name, _| reached.contains(name));
        families
    }

    /// Returns the types in events that have custom data, or refer to a type that has.
    fn relevant(&self) -> BTreeSet<&'a str> {
        let mut seen = BTreeSet::new();
        let mut open: Vec<&str> = self.events.iter().copied().collect();
        open.extend(UNDECLARED_TYPES.iter().map(|(_, _, target)| *target));
        let mut uses = Vec::new();
        while let Some(name) = open.pop() {
            let Some((name, item)) = self.structs.get_key_value(name) else { continue };
            if !seen.insert(*name) {
                continue;
            }
            for field in &item.fields {
                if let Some((target, _)) = self.target(&field.ty) {
                    uses.push((*name, target));
                    open.push(target);
                }
            }
        }
        seen.retain(|name| {
            self.structs.get(name).is_some_and(|item| has_custom_data(item))
                || short_form(name).is_some()
        });
        loop {
            let before = seen.len();
            for (user, used) in &uses {
                if seen.contains(used) {
                    seen.insert(user);
                }
            }
            if seen.len() == before {
                return seen;
            }
        }
    }

    fn nested(&self, name: &str) -> Vec<(&'a str, &'a str, bool)> {
        let fields = self.structs.get(name).into_iter().flat_map(|item| &item.fields);
        fields
            .filter_map(|field| {
                let (target, is_map) = self.target(&field.ty)?;
                Some((field.wire.as_str(), target, is_map))
            })
            .collect()
    }

    /// Returns the struct that a field holds, alone, in lists or as the values of a map.
    fn target(&self, ty: &'a Ty) -> Option<(&'a str, bool)> {
        match ty {
            Ty::Named(name) => match self.aliases.get(name.as_str()) {
                Some(ty) => self.target(ty),
                None => self.structs.get_key_value(name.as_str()).map(|(name, _)| (*name, false)),
            },
            Ty::List(element) => self.target(element),
            Ty::Dict(value) => self.target(value).map(|(name, _)| (name, true)),
            _ => None,
        }
    }

    fn family(&self, name: &str) -> String {
        if self.events.contains(name) {
            return EVENT.to_owned();
        }
        let mut stem = name;
        for prefix in PREFIXES {
            stem = stem.strip_prefix(prefix).unwrap_or(stem);
        }
        while let Some(shorter) = SUFFIXES.iter().find_map(|suffix| stem.strip_suffix(suffix)) {
            stem = shorter;
        }
        // A type that only refers to custom data is not a view of one that has it.
        let has_custom_data = self.structs.get(name).is_some_and(|item| has_custom_data(item));
        if has_custom_data { stem.to_owned() } else { format!("{stem}Holder") }
    }
}

fn has_custom_data(item: &StructModel) -> bool {
    item.fields.iter().any(|field| {
        field.wire == "custom"
            && matches!(field.ty, Ty::Marker(marker) if marker.type_name() == "Custom")
    })
}

fn short_form(name: &str) -> Option<&'static str> {
    SHORT_FORMS.iter().find(|(short, _)| *short == name).map(|(_, member)| *member)
}

/// Returns the families that an event can contain.
fn reach(families: &BTreeMap<String, Family<'_>>) -> BTreeSet<String> {
    let mut seen = BTreeSet::new();
    let mut open = vec![EVENT.to_owned()];
    while let Some(name) = open.pop() {
        if let Some(family) = families.get(&name)
            && seen.insert(name)
        {
            open.extend(family.nested.values().map(|(target, _)| target.clone()));
        }
    }
    seen
}

/// Returns what has names in the order in which the table is searched.
fn by_length<T>(items: impl IntoIterator<Item = T>, name: impl Fn(&T) -> &str) -> Vec<T> {
    let mut items: Vec<T> = items.into_iter().collect();
    items.sort_by(|a, b| (name(a).len(), name(a)).cmp(&(name(b).len(), name(b))));
    items
}

fn write_shape(text: &mut String, name: &str, family: &Family<'_>) -> Result<()> {
    let visibility = if name == EVENT { "pub(crate) " } else { "" };
    writeln!(text, "\n{visibility}static {}: Shape = Shape {{", name.to_shouty_snake_case())?;
    if family.has_custom_data {
        writeln!(text, "    known: Some(&[")?;
        let known = family.known.iter().filter(|member| **member != "custom");
        for member in by_length(known.copied(), |member| member) {
            writeln!(text, "        {member:?},")?;
        }
        writeln!(text, "    ]),")?;
    } else {
        writeln!(text, "    known: None,")?;
    }
    if family.nested.is_empty() {
        writeln!(text, "    nested: &[],")?;
    } else {
        writeln!(text, "    nested: &[")?;
        for (member, (target, is_map)) in by_length(&family.nested, |(member, _)| member) {
            let kind = if *is_map { "Map" } else { "Value" };
            let target = target.to_shouty_snake_case();
            writeln!(text, "        ({member:?}, Nested::{kind}(&{target})),")?;
        }
        writeln!(text, "    ],")?;
    }
    writeln!(text, "    short_for: {:?},\n}};", family.short_form)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_member_of_several_types_has_what_any_of_them_declares() {
        let family = |known| Family { known: BTreeSet::from([known]), ..Family::default() };
        let mut families =
            BTreeMap::from([("A".to_owned(), family("a")), ("B".to_owned(), family("b"))]);
        assert_eq!(both(&mut families, ["A".to_owned()].into_iter()), "A");
        assert_eq!(families.len(), 2);
        let name = both(&mut families, ["A".to_owned(), "B".to_owned()].into_iter());
        assert_eq!(families[&name].known, BTreeSet::from(["a", "b"]));
    }
}
