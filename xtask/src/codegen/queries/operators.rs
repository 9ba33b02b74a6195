//! The operators that fields allow.

/// The operators on the wire, in type names, and as methods of a field.
pub(crate) const OPERATORS: [Operator; 13] = [
    Operator::new("$any", "Any", "any"),
    Operator::new("$autocomplete", "Autocomplete", "autocomplete"),
    Operator::new("$contains", "Contains", "contains"),
    Operator::new("$eq", "Eq", "eq"),
    Operator::new("$exists", "Exists", "exists"),
    Operator::new("$gt", "Gt", "gt"),
    Operator::new("$gte", "Gte", "gte"),
    Operator::new("$in", "In", "is_in"),
    Operator::new("$lt", "Lt", "lt"),
    Operator::new("$lte", "Lte", "lte"),
    Operator::new("$ne", "Ne", "ne"),
    Operator::new("$nin", "Nin", "not_in"),
    Operator::new("$q", "Q", "search"),
];

#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Operator {
    pub(crate) wire: &'static str,
    pub(crate) name: &'static str,
    pub(crate) method: &'static str,
}

impl Operator {
    const fn new(wire: &'static str, name: &'static str, method: &'static str) -> Self {
        Self { wire, name, method }
    }
}

/// Names for groups of operators that many fields share. The first match applies.
const GROUPS: [(&str, &[&str]); 4] = [
    ("Comparable", &["$eq", "$exists", "$gt", "$gte", "$in", "$lt", "$lte"]),
    ("Range", &["$gt", "$gte", "$lt", "$lte"]),
    ("Negation", &["$ne", "$nin"]),
    ("TextSearch", &["$autocomplete", "$q"]),
];

/// Returns the name of a set: `EqIn`, `ComparableWithContainsAndTextSearch`.
pub(crate) fn set_name(operators: &[&Operator]) -> String {
    let mut left: Vec<&str> = operators.iter().map(|operator| operator.wire).collect();
    let mut names: Vec<&str> = Vec::new();
    for (name, group) in GROUPS {
        if group.iter().all(|wire| left.contains(wire)) {
            left.retain(|wire| !group.contains(wire));
            names.push(name);
        }
    }
    let single = operators.iter().filter(|operator| left.contains(&operator.wire));
    names.extend(single.map(|operator| operator.name));
    names.sort_unstable();
    match names.iter().position(|name| *name == "Comparable") {
        Some(at) if names.len() > 1 => {
            names.remove(at);
            format!("ComparableWith{}", names.join("And"))
        }
        _ => names.concat(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn operator_sets_have_readable_names() {
        let name = |wires: &str| {
            let all = OPERATORS.iter().filter(|one| wires.split(' ').any(|wire| wire == one.wire));
            set_name(&all.collect::<Vec<_>>())
        };
        assert_eq!(name("$eq $in"), "EqIn");
        assert_eq!(name("$eq $gt $gte $lt $lte"), "EqRange");
        assert_eq!(name("$eq $exists $gt $gte $in $lt $lte"), "Comparable");
        assert_eq!(
            name("$autocomplete $contains $eq $exists $gt $gte $in $lt $lte $q"),
            "ComparableWithContainsAndTextSearch"
        );
        assert_eq!(name("$autocomplete $eq $in $q"), "EqInTextSearch");
    }
}
