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

/// What compares by size, which sets of operators have together.
const RANGE: [&str; 4] = ["$gt", "$gte", "$lt", "$lte"];

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

/// `EqInRange`, with the four that compare by size as one.
pub(crate) fn set_name(operators: &[&Operator]) -> String {
    let has = |wire: &str| operators.iter().any(|operator| operator.wire == wire);
    let is_range = RANGE.iter().all(|wire| has(wire));
    let named = operators
        .iter()
        .filter(|operator| !is_range || !RANGE.contains(&operator.wire))
        .map(|operator| operator.name);
    let mut names: Vec<&str> = named.collect();
    if is_range {
        names.push("Range");
    }
    names.concat()
}
