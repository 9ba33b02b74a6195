//! Forms of OpenAPI that documents of other vendors have are read: `unusual.yaml`, and some that are refused.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::codegen::files;
use crate::compile::warnings;
use crate::{folder, package, printed, text, write_json, xtask};

/// What is told of the document, each with its place.
const TOLD: [(&str, &str); 10] = [
    (
        "#/paths/~1api~1v2~1one~1{id}{suffix}/patch/parameters/2: ",
        "marked is application/xml, which is not supported",
    ),
    (
        "#/components/schemas/Thing/properties/remote/$ref: ",
        "https://example.com/a.json#/A is not read, since documents are not downloaded; save it beside",
    ),
    ("#/components/schemas/Thing/properties/impossible: ", "accepts no value; taken as any JSON"),
    ("#/components/schemas/Thing/properties/first/items: ", "of several types"),
    ("#/paths/~1api~1v2~1things~1{id}/put/parameters/0/schema: ", "a list or an object in a path"),
    ("#/components/schemas/Itself: ", "a branch is the union itself; left out"),
    ("#/paths/~1api~1v2~1things~1{id}/get/operationId: ", "missing; called GetThingsById"),
    (
        "#/paths/~1api~1v2~1things~1{id}/post/parameters/",
        "the header X-Tenant is required; add it to the requests",
    ),
    (
        "#/paths/api~1v2~1é f?g/get: ",
        "the path is not one of a URL; sent as /api/v2/%C3%A9%20f%3Fg",
    ),
    ("#/paths/~1api~1v2~1twice/post/operationId: ", "twice is taken by"),
];

/// What the code has, without the docs.
const READ: &[&str] = &[
    // The compiler goes through all types inside a type.
    "#![recursion_limit = \"",
    // Parameters of the path's entry, which an operation replaces.
    "pub struct GetThingsById { pub id: i64, pub shared: Option<bool>, }",
    "pub id: i64, pub shared: i64, pub filter: Option<SendThingFilter>, pub pipes: Option<Vec<String>>,",
    // The styles of the query.
    "query.deep(\"filter\", self.filter.as_ref())?; query.separated(\"pipes\", self.pipes.as_deref(), \"|\");",
    "query.repeated(\"each\", self.each.as_deref());",
    "query.repeated(\"list\", self.list.as_deref());",
    "query.members(\"members\", self.members.as_ref())?;",
    "query.flat(\"flat\", self.flat.as_ref())?;",
    "query.scalar(\"marked\", self.marked.as_ref());",
    "query.json(\"kind\", self.kind.as_ref())?;",
    "query.json(\"whole\", self.whole.as_ref())?;",
    // The styles of the path.
    "Method::Patch, \"/api/v2/one/;id={id}.{suffix}\"",
    // JSON of another media type, and a form of two modules.
    "Body::json_of_type(&self.body, \"application/merge-patch+json\")",
    "parts.extend(Part::text(\"side\", self.side.as_ref()));",
    "parts.extend(self.texts.as_ref().into_iter().flatten().filter_map(|text| Part::text(\"texts\", Some(text))));",
    "parts.extend(Part::json(\"base\", self.base.as_ref())?);",
    // Members that are not listed, what only the server sets, and what `allOf` demands.
    "pub struct Rest { pub additional_properties: Option<String>, pub made: Option<String>, pub additional_properties_: BTreeMap<String, Base>, }",
    "object.optional(\"made\", &self.made); object.rest(&self.additional_properties_);",
    "\"made\" => value.read(&mut self.made), _ => value.rest(name, &mut self.additional_properties_),",
    "pub type Patterns = BTreeMap<String, i64>;",
    "pub struct Unevaluated { pub id: String, pub n: Option<i64>, pub additional_properties: BTreeMap<String, bool>, }",
    "pub struct Demand { pub id: String, pub n: i64, }",
    "pub fixed: Option<i64>,",
    "pub limits: Option<String>,",
    "pub first: Option<Vec<Value>>,",
    "query.list(\"either\", self.either.as_deref());",
    // Media types in other cases, and patterns of them; a response for any status.
    "impl Operation for SendThing { type Response = Thing;",
    "impl Operation for GetThingsById { type Response = Thing;",
    "\"/api/v2/%C3%A9%20f%3Fg\"",
    // The same ID twice, and the name of a component: each body is its own.
    "pub struct Twice { pub body: TwiceRequestBody, }",
    "pub struct Twicetwice { pub body: TwiceRequestBody2, }",
    "pub struct TwiceRequestBody { pub first: Optional<String>, }",
    "pub struct TwiceRequestBody2 { pub second: Optional<String>, }",
    "pub struct Clash { pub body: ClashRequestBody2, }",
    "pub struct ClashRequestBody { pub component: Optional<String>, }",
    "pub struct ClashRequestBody2 { pub inline: Optional<String>, }",
    // Bodies that are neither JSON nor forms.
    "pub type RawContent = RawBody;",
    "pub struct Convert { pub body: RawContent, }",
    "Ok(Body::raw(&self.body, \"text/csv\"))",
    "type Response = RawContent; const INFO: OperationInfo = OperationInfo::new(\"convert\", Method::Post, \"/api/v2/raw\").responds_raw();",
    // Names longer than a line, which rustfmt leaves alone.
    "pub struct AnOperationWhoseNameGoesOnAndOn",
    "pub a_property_whose_name_goes_on_and_on_and_on",
    // Types in lists.
    "pub once: Option<String>,",
    "pub none: Option<Value>,",
    "pub nothing: Option<Value>,",
    "pub several: i64,",
    // Numbers that no type holds, and formats of what is no string.
    "pub huge: Option<f64>,",
    "pub csv: Option<Vec<String>>,",
    // YAML 1.2: `no` is a string, and values of a string are strings.
    "No = \"no\", Off = \"off\", Se = \"se\",",
    "X1080 = \"1080\", X720 = \"720\", True = \"true\",",
    "pub mixed: Option<Value>,",
    // Limits beside a type, members that two parts describe, and what stands beside a reference.
    "pub limited: Option<String>,",
    "pub listed: Option<Vec<String>>,",
    "pub struct Both { pub id: String, pub n: Option<Value>, }",
    "pub struct ThingBeside { pub id: String, pub more: i64, pub n: Option<i64>, }",
    // Definitions that hold themselves, and references with percent signs.
    "pub tree: Option<ThingTree>,",
    "pub struct ThingTree { pub children: Option<Vec<Node>>, }",
    "pub struct Node { pub children: Option<Vec<Node>>, }",
    "pub percent: Option<WithSpace>,",
    // Schemas with names of their own, and references to any part of the document.
    "pub anchored: Option<Both>,",
    "pub dynamic: Option<Both>,",
    "pub named: Option<Base>,",
    "pub escaped: Option<Ab>,",
    "pub of_body: Option<ThingOfBody>,",
    // A path with a reference and methods, webhooks and callbacks.
    "pub struct PatchThing { pub id: i64, pub shared: Option<bool>, }",
    "pub struct MadeWebhook { pub made: Option<i64>, }",
    "pub struct DoneCallback { pub done: Option<i64>, }",
    // Letters that stand for others, look like others, or are written in two ways.
    "pub viii: String,",
    "pub x2: Option<String>,",
    "pub fi: Option<String>,",
    "pub а: Option<String>,",
    "pub é: Option<String>,",
    "pub é_2: Option<String>,",
    "pub struct Ix { pub ix: Option<String>, }",
    // Unions by a base that others extend, by constants, by what is required, and of other unions.
    "pub enum Pet { Cat(Box<Cat>), Dog(Box<Dog>), Other(Value), }",
    "Form::Tagged { tag: \"kind\", values: &[\"cat\", \"kitten\"], }, UnionForm::Tagged { tag: \"kind\", values: &[\"Dog\"], }, ];",
    "Self::Cat(value) => value.serialize(serializer), Self::Dog(value) => tagged(\"kind\", \"Dog\", &**value, serializer),",
    "UnionForm::Tagged { tag: \"ok\", values: &[\"true\"], }, UnionForm::Tagged { tag: \"ok\", values: &[\"false\"], }, ];",
    "UnionForm::Object { required: &[\"day\"], members: &[\"at\", \"day\"], }, UnionForm::Object { required: &[\"week\"], members: &[\"at\", \"week\"], },",
    "pub tagged: Option<StringOrStrings>,",
    "pub enum ThingNested { Pet(Box<Pet>), Map(BTreeMap<String, i64>), Other(Value), }",
    "pub enum Itself { Boolean(bool), Itselfs(Vec<Itself>), Other(Value), }",
    // A feature and a module that other things are called.
    "pub struct Shadow {}",
];

/// The code of a crate in one line, without docs.
fn code(folder: &Path) -> String {
    let files = files(folder);
    let sources = files.iter().filter(|(path, _)| path.starts_with("src"));
    let lines = sources.flat_map(|(_, text)| text.lines().map(str::trim));
    let code: Vec<&str> = lines.filter(|line| !line.starts_with("//")).collect();
    unformatted(&code.join(" "))
}

/// Returns whether unformatted code contains this.
fn has(code: &str, expected: &str) -> bool {
    code.contains(unformatted(expected).trim_end_matches(','))
}

/// Returns code without what depends on the settings of rustfmt, which are those of the folder that the
/// crate is in.
fn unformatted(code: &str) -> String {
    let mut text: String = code.split_whitespace().collect();
    for (with, without) in [(",}", "}"), (",]", "]"), (",)", ")")] {
        text = text.replace(with, without);
    }
    text
}

/// Returns the number of the line of `unusual.yaml` with a text.
fn document_line(text: &str) -> usize {
    let document = fs::read_to_string(spec_file()).unwrap();
    1 + document.lines().position(|line| line.contains(text)).unwrap()
}

fn spec_file() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vendor/unusual.yaml")
}

#[test]
fn unusual_forms_are_read_or_told_with_their_place() {
    let out = folder("unusual").join("unusual");
    let output = xtask(&["codegen", "--spec", text(&spec_file()), "--crate", text(&out)]);
    let told = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success(), "{told}");
    let mut lines: Vec<&str> = told.lines().filter(|line| line.starts_with("warning: ")).collect();
    let limit = lines.iter().find(|line| line.contains("accepts no value")).unwrap();
    let number = document_line("impossible: false");
    assert!(limit.ends_with(&format!("(line {number}, column 21)")), "{limit}");
    for (place, message) in TOLD {
        let found = lines.iter().position(|line| line.contains(place) && line.contains(message));
        lines.remove(found.unwrap_or_else(|| panic!("{place}: {message}: {told}")));
    }
    assert!(lines.is_empty(), "{lines:#?}");
    let code = code(&out);
    for expected in READ {
        assert!(has(&code, expected), "{expected}\n{code}");
    }
    package::lock(&out);
    warnings(&out, "both-directions");
}

/// A document with one operation and these schemas.
fn document(schemas: &Value) -> Value {
    json!({
        "openapi": "3.0.3",
        "info": { "title": "T", "version": "1" },
        "paths": { "/api/v2/a": { "get": { "operationId": "GetA", "responses": { "200": { "description": "",
            "content": { "application/json": { "schema": { "$ref": "#/components/schemas/A" } } } } } } } },
        "components": { "schemas": schemas },
    })
}

#[test]
fn marks_and_line_endings_of_other_systems_are_read() {
    let folder = folder("unusual-text");
    let plain =
        serde_json::to_string_pretty(&document(&json!({ "A": { "type": "object", "properties": {
        "size": { "type": "number", "maximum": 7 } } } })))
        .unwrap();
    let odd = plain.replace('\n', "\r\n").replace(": 7", ": 1e999");
    for (name, text) in [("bom.json", odd.clone()), ("bom.yaml", odd)] {
        let spec = folder.join(name);
        fs::write(&spec, format!("\u{feff}{text}")).unwrap();
        let out = folder.join(name.replace('.', "-"));
        printed(&[
            "codegen",
            "--strict",
            "--spec",
            crate::text(&spec),
            "--crate",
            crate::text(&out),
        ]);
        assert!(has(&code(&out), "pub struct A { pub size: Option<f64>, }"));
    }
}

#[test]
fn what_is_no_document_is_refused_with_its_place_and_a_remedy() {
    let folder = folder("unusual-refused");
    for (name, text, told) in [
        (
            "two.yaml",
            "a: 1\n---\nb: 1\n",
            "line 3 column 1: multiple YAML documents detected; put each into a file of its own",
        ),
        ("twice.yaml", "a: 1\na: 2\n", "line 2 column 1: duplicate mapping key: a; write it once"),
        (
            "swagger.json",
            "{ \"swagger\": \"2.0\", \"definitions\": {} }",
            "swagger.json: Swagger 2 is not read; convert the document to OpenAPI 3 first",
        ),
        ("list.json", "[1]", "list.json: neither components.schemas nor paths"),
        ("null.yaml", "a:\n  ~: 1\n", "line 2 column 3: a name is null; quote it"),
        ("cut.json", "{ \"openapi\": ", "cut.json: EOF while parsing a value at line 1 column 13"),
    ] {
        let spec = folder.join(name);
        fs::write(&spec, text).unwrap();
        let out = folder.join("out");
        let output =
            xtask(&["codegen", "--spec", crate::text(&spec), "--crate", crate::text(&out)]);
        let error = String::from_utf8(output.stderr).unwrap();
        assert!(!output.status.success());
        assert!(error.contains(told), "{name}: {error}");
        assert!(!out.exists());
    }
}

#[test]
fn references_lead_from_file_to_file_and_not_out_of_the_folder() {
    let folder = folder("unusual-files");
    let spec = folder.join("spec");
    fs::create_dir_all(spec.join("sub")).unwrap();
    let object = |properties: Value| json!({ "type": "object", "properties": properties });
    let reference = |to: &str| json!({ "$ref": to });
    write_json(&folder.join("outside.json"), &object(json!({ "secret": { "type": "string" } })));
    let a = object(json!({
        "b": reference("b.json#/components/schemas/B"),
        "c": reference("./sub/c.json#/definitions/C"),
        "whole": reference("sub/whole.json"),
        "outside": reference("../outside.json"),
    }));
    // The component has the name, not the file.
    let whole = document(&json!({ "A": a, "Renamed": reference("sub/other.json") }));
    write_json(&spec.join("a.json"), &whole);
    write_json(&spec.join("sub/other.json"), &object(json!({ "me": reference("#") })));
    let b = object(json!({ "a": reference("a.json#/components/schemas/A") }));
    write_json(&spec.join("b.json"), &json!({ "components": { "schemas": { "B": b } } }));
    let c = object(json!({
        "again": reference("#/definitions/C"),
        "up": reference("../a.json#/components/schemas/A"),
        "whole": reference("whole.json"),
    }));
    write_json(&spec.join("sub/c.json"), &json!({ "definitions": { "C": c } }));
    write_json(
        &spec.join("sub/whole.json"),
        &object(json!({ "c": reference("c.json#/definitions/C") })),
    );
    // As one folder of parts, and as one file that names the others.
    for (name, from) in [("folder", spec.clone()), ("file", spec.join("a.json"))] {
        let out = folder.join(name);
        let output = xtask(&["codegen", "--spec", text(&from), "--crate", text(&out)]);
        let told = String::from_utf8(output.stderr).unwrap();
        assert!(output.status.success(), "{told}");
        let warning = "#/components/schemas/A/properties/outside/$ref: nothing is at ../outside.json; only files in the folder of the document or below are read; taken as any JSON";
        assert!(told.contains(warning), "{told}");
        assert!(told.ends_with("1 warnings\n"), "{told}");
        let code = code(&out);
        for expected in [
            "pub struct A { pub b: Option<Box<B>>, pub c: Option<Box<C>>, pub outside: Option<Value>, pub whole: Option<Box<Whole>>, }",
            "pub struct B { pub a: Option<Box<A",
            "pub struct C { pub again: Option<Box<C>>, pub up: Option<Box<A",
            "pub struct Whole { pub c: Option<Box<C>>, }",
            "pub struct Renamed { pub me: Option<Box<Renamed>>, }",
        ] {
            assert!(has(&code, expected), "{name}: {expected}\n{code}");
        }
    }
}

#[test]
fn a_long_chain_of_references_is_followed() {
    let folder = folder("unusual-chain");
    let reference = |index: usize| json!({ "$ref": format!("#/components/schemas/C{index}") });
    let mut schemas = json!({ "A": reference(0), "C2000": { "type": "object", "properties": {} } });
    for index in 0..2000 {
        schemas[format!("C{index}")] = reference(index + 1);
    }
    let spec = folder.join("chain.json");
    write_json(&spec, &document(&schemas));
    let out = folder.join("chain");
    printed(&["codegen", "--strict", "--spec", text(&spec), "--crate", text(&out)]);
    assert!(has(&code(&out), "pub type C0 = C1;"));
}
