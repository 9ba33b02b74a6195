//! Reads the quirks of documents in YAML, OpenAPI 3.0 and 3.1: `habits.yaml`.

use std::fs;
use std::path::Path;

use crate::codegen::files;
use crate::compile::warnings;
use crate::{folder, package, text, write_json, xtask};

/// The parts that are not read unchanged, with their warnings. All other parts are read.
const TOLD: [(&str, &str); 6] = [
    ("Forms/properties/never", "accepts no value"),
    ("Forms/properties/tuple/items", "of several types"),
    ("Maps/properties/odd/additionalProperties", "of another form"),
    ("Unions/properties/clash", "allOf: nothing in common"),
    ("Knot", "stands for itself"),
    ("Loop", "stands for itself"),
];

/// Parts of the generated code, in the order of the document.
const READ: [&str; 46] = [
    // Anchors, aliases, merge keys; numeric status codes.
    "expand_path(Self::INFO.path, &[&self.id])",
    "type Response = HabitsResponse;",
    "pub struct SendHabits {",
    "pub fn new(id: impl Into<String>, body: impl Into<HabitsRequest>) -> Self {",
    "pub struct HabitsRequest { /// `name`. pub name: String, }",
    // Names of operations and parameters that are keywords.
    "pub struct Type {",
    "pub since: Option<i64>,",
    "pub fn_: Option<String>,",
    // Files in forms.
    "pub picture: Upload,",
    "pub sound: Option<Upload>,",
    "pub thumbnails: Option<Vec<Upload>>,",
    "pub title: Option<String>,",
    "parts.extend(Part::file(\"sound\", self.sound.as_ref()));",
    // Forms of 3.0 and 3.1.
    "pub exclusive: Option<i64>,",
    "pub exclusive_3_0: Option<i64>,",
    "pub fixed: Option<Fixed>,",
    "pub numbers: Option<f64>,",
    "pub pair: Vec<String>,",
    "pub tuple: Vec<Value>,",
    "pub closed: Option<Box<FormsClosed>>,",
    "pub keyed: BTreeMap<String, String>,",
    "pub local: Option<Box<FormsLocal>>,",
    // Null in both dialects, and as one of several types.
    "pub new_: String,",
    "pub new_list: Vec<String>,",
    "pub new_object: Option<Box<NullablesNewObject>>,",
    "pub one: Option<Box<Tree>>,",
    "pub any: Option<i64>,",
    "pub kind: Option<MapsKinds>,",
    "pub kind_old: Option<MapsKinds>,",
    // Siblings of `allOf`.
    "pub struct UnionsSiblings {",
    "pub extra: String,",
    "pub more: Option<i64>,",
    // Alternatives without a common form.
    "pub several: Option<IntegerOrString>,",
    "pub mixed: Option<UnionsMixed>,",
    "pub enum UnionsMixed { /// A string. String(String), /// `UnionsMixedObject` of the API. Object(Box<UnionsMixedObject>),",
    "pub enum UnionsObjects { /// `Tree` of the API. Tree(Box<Tree>), /// `UnionsObjectsObject` of the API. Object(Box<UnionsObjectsObject>),",
    // Maps of every kind.
    "pub both: Option<Box<MapsBoth>>,",
    "pub lists: BTreeMap<String, Vec<i64>>,",
    "pub maps: BTreeMap<String, BTreeMap<String, Tree>>,",
    "pub nullable: BTreeMap<String, String>,",
    // Names that are keywords, collide, or are not identifiers.
    "pub self_: Option<String>,",
    "pub user_id_5: Option<String>,",
    // Defaults and examples of other types, enums of numbers, recursive types.
    "pub level: Option<i64>,",
    "pub levels: Vec<i64>,",
    "pub parent: Option<Box<Tree>>,",
    "pub forest: Option<Box<Forest>>,",
];

#[test]
fn every_habit_is_read_or_told_with_its_place() {
    let spec = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vendor/habits.yaml");
    let folder = folder("habits");
    let out = folder.join("habits");
    let output = xtask(&["codegen", "--spec", text(&spec), "--crate", text(&out)]);
    let told = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success(), "{told}");
    let strict = ["codegen", "--strict", "--spec", text(&spec), "--crate", text(&out), "--check"];
    let strict = xtask(&strict);
    assert!(!strict.status.success());
    assert!(String::from_utf8(strict.stderr).unwrap().contains("error: "));
    let mut lines: Vec<&str> = told.lines().filter(|line| line.starts_with("warning: ")).collect();
    for (place, message) in TOLD {
        let found = lines.iter().position(|line| {
            line.contains(&format!("habits.yaml#/components/schemas/{place}: "))
                && line.contains(message)
        });
        lines.remove(found.unwrap_or_else(|| panic!("{place}: {message}: {told}")));
    }
    assert!(lines.is_empty(), "{lines:#?}");

    let yaml = files(&out);
    let code = &yaml[Path::new("src/chat/habits.rs")];
    let code = code.split_whitespace().collect::<Vec<_>>().join(" ");
    for expected in READ {
        assert!(code.contains(expected), "{expected}\n{code}");
    }

    // As JSON, without anchors and merge keys, the document is the same.
    let parts = stream_spec::parts(&spec).unwrap();
    let json = folder.join("habits.json");
    write_json(&json, &parts[0].value);
    let again = folder.join("again/habits");
    let output = xtask(&["codegen", "--spec", text(&json), "--crate", text(&again)]);
    assert!(output.status.success());
    let source = Path::new("src/chat/habits.rs");
    assert_eq!(files(&again)[source], yaml[source]);

    package::lock(&out);
    fs::remove_dir_all(folder.join("again")).unwrap();
    warnings(&out, "both-directions");
}
