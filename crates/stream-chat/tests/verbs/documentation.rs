//! The documentation of each method that creates a request is complete.

use std::fs;
use std::path::{Path, PathBuf};

/// A method with its documentation.
struct Method {
    place: String,
    docs: String,
    signature: String,
}

impl Method {
    /// Returns whether the method creates the request of one operation.
    fn makes_a_request(&self) -> bool {
        let returned = self.signature.split("->").nth(1).unwrap_or_default().trim();
        let is_of_any_operation = returned.starts_with("Request<O>");
        (returned.starts_with("Request<") || returned.starts_with("Bulk<")) && !is_of_any_operation
    }

    fn is_documented(&self) -> bool {
        let verbs = ["GET", "POST", "PUT", "PATCH", "DELETE"];
        let has_endpoint =
            verbs.iter().any(|verb| self.docs.contains(&format!("`{verb} /api/v2/")));
        has_endpoint && self.docs.contains("guide](crate::guide::")
    }
}

fn methods(file: &Path) -> Vec<Method> {
    let text = fs::read_to_string(file).unwrap();
    let mut methods = Vec::new();
    let (mut docs, mut rest) = (String::new(), text.as_str());
    while let Some((line, after)) = rest.split_once('\n') {
        let line = line.trim_start();
        if line.starts_with("pub fn ") || line.starts_with("pub const fn ") {
            let signature = rest.split('{').next().unwrap().to_owned();
            let name = signature.trim().split(['(', '<']).next().unwrap();
            let place = format!("{}: {name}", file.display());
            methods.push(Method { place, docs: std::mem::take(&mut docs), signature });
        } else if line.starts_with("///") {
            docs.push_str(line);
        } else if !line.starts_with("#[") {
            docs.clear();
        }
        rest = after;
    }
    methods
}

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, found);
        } else {
            found.push(path);
        }
    }
}

#[test]
fn every_method_names_its_endpoint_and_links_to_the_guide() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = Vec::new();
    files(&source, &mut found);
    let is_generated = |method: &&Method| method.place.contains("generated/handles");
    let methods: Vec<Method> = found.iter().flat_map(|file| methods(file)).collect();
    let requests: Vec<&Method> = methods.iter().filter(|m| m.makes_a_request()).collect();
    let generated = requests.iter().filter(|method| is_generated(method)).count();
    // One for each row of `spec/verbs.yaml`, which the conformance tests count.
    assert!(generated > 240 && generated <= stream_chat::models::OPERATIONS.len(), "{generated}");
    assert!(requests.len() > generated + 50, "those by hand are found");
    let lacking: Vec<&str> =
        requests.iter().filter(|m| !m.is_documented()).map(|m| &*m.place).collect();
    assert!(lacking.is_empty(), "without an endpoint or a link to the guide: {lacking:#?}");
}

#[test]
fn the_page_of_a_large_handle_is_divided_by_topics() {
    let handles = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/generated/handles");
    for (file, topic, handle) in [
        ("channel.rs", "Members", "Channel"),
        ("client.rs", "Users", "Client"),
        ("message.rs", "Reactions", "Message"),
        ("moderation.rs", "Checks", "Moderation"),
        ("user.rs", "Channels", "User"),
    ] {
        let text = fs::read_to_string(handles.join(file)).unwrap();
        let headed = format!("/// # {topic}\nimpl {handle} {{");
        assert!(text.contains(&headed), "{file} has no {headed}");
    }
}

/// The schema describes operations and fields; the handles have methods and setters.
#[test]
fn methods_speak_of_methods_and_setters() {
    let mut found = Vec::new();
    files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src/generated/handles"), &mut found);
    let methods: Vec<Method> = found.iter().flat_map(|file| methods(file)).collect();
    assert!(methods.len() > 244, "{}", methods.len());
    for Method { place, docs, .. } in methods {
        let words = docs.split(|c: char| !c.is_alphanumeric() && c != '_');
        for word in words.filter(|word| word.chars().filter(char::is_ascii_uppercase).count() > 1) {
            let is_operation = stream_chat::models::OPERATIONS.iter().any(|info| info.id == word);
            assert!(!is_operation, "{place}: {word}");
        }
        for name in ["`hard_delete`", "`filter_conditions`", "multipart/form-data", "to poll"] {
            assert!(!docs.contains(name), "{place}: {name}");
        }
    }
}
