//! Random requests that follow the schema, with odd values in some places: each gets a response,
//! and never a failure of the emulator.
//!
//! `SOAK_SEEDS=1..100 cargo test -p stream-emulator --test emulator random_input -- --include-ignored`
//! sends more.

use std::fmt::Write;
use std::time::Duration;

use http::Method;
use serde_json::{Map, Value, json};

use crate::odd_input::setup;
use crate::support::{schema, token};

/// Strings that name something in one place or another.
const WORDS: [&str; 22] = [
    "a",
    "b",
    "nobody",
    "m",
    "general",
    "messaging",
    "messaging:general",
    "like",
    "admin",
    "user",
    "",
    "name",
    "members",
    "created_at",
    "2024-02-29T12:00:00Z",
    "asc",
    "ünï \u{202e}%2F/..",
    "100",
    "true",
    "a,b",
    "app",
    "moderator",
];
const OPERATORS: [&str; 14] = [
    "$eq",
    "$ne",
    "$in",
    "$nin",
    "$gt",
    "$gte",
    "$lt",
    "$lte",
    "$exists",
    "$autocomplete",
    "$contains",
    "$q",
    "$and",
    "$what",
];
const FIELDS: [&str; 14] = [
    "id",
    "cid",
    "type",
    "name",
    "members",
    "created_at",
    "last_message_at",
    "role",
    "user_id",
    "custom.a.b",
    "",
    "$or",
    "teams",
    "member.user.name",
];

/// A generator of numbers (SplitMix64).
pub(crate) struct Random {
    state: u64,
    /// The share of odd values, in percent.
    odd: usize,
}

impl Random {
    pub(crate) fn new(seed: u64) -> Self {
        Self { state: seed, odd: [4, 1, 0][seed as usize % 3] }
    }

    pub(crate) fn below(&mut self, end: usize) -> usize {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((mixed ^ (mixed >> 31)) % end as u64) as usize
    }

    fn one<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.below(of.len())]
    }

    fn is(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    fn word(&mut self) -> String {
        match self.below(40) {
            0 => "long ".repeat(1 + self.below(2000)),
            1 => format!("new-{}", self.below(1000)),
            _ => self.one(&WORDS).to_owned(),
        }
    }

    fn number(&mut self) -> Value {
        match self.below(12) {
            0 => json!(i64::MAX),
            1 => json!(i64::MIN),
            2 => json!(-1),
            3 => json!(u64::MAX),
            4 => json!(1e300),
            5 => json!(2.5),
            _ => json!(self.below(40)),
        }
    }

    fn odd(&mut self) -> Value {
        match self.below(9) {
            0 | 1 => Value::Null,
            2 => json!(self.below(2) == 0),
            3 => self.number(),
            4 => json!(self.word()),
            5 => json!([]),
            6 => json!({}),
            7 => json!([null, [[]], {"": 1}]),
            _ => json!({ self.word(): { self.word(): [self.odd()] } }),
        }
    }

    fn filter(&mut self, depth: usize) -> Value {
        let mut filter = Map::new();
        for _ in 0..self.below(3) + usize::from(depth == 0) {
            if depth < 4 && self.is(30) {
                let parts = (0..self.below(3)).map(|_| self.filter(depth + 1)).collect();
                filter.insert(self.one(&["$and", "$or", "$nor"]).to_owned(), parts);
            } else {
                let mut conditions = Map::new();
                for _ in 0..1 + self.below(2) {
                    let value = match self.below(4) {
                        0 => json!([self.word(), self.number()]),
                        1 => self.odd(),
                        _ => json!(self.word()),
                    };
                    conditions.insert(self.one(&OPERATORS).to_owned(), value);
                }
                let value = if self.is(30) { self.odd() } else { conditions.into() };
                filter.insert(self.one(&FIELDS).to_owned(), value);
            }
        }
        filter.into()
    }

    /// Returns a value for a field of this name and schema.
    fn value(&mut self, name: &str, schema: &'static Value, depth: usize) -> Value {
        let schema = schema::resolve(schema);
        if self.is(self.odd) {
            return self.odd();
        }
        if name.contains("filter") && self.is(90) {
            return self.filter(0);
        }
        if let Some(values) = schema["enum"].as_array() {
            return values[self.below(values.len())].clone();
        }
        match schema["type"].as_str() {
            Some("boolean") => json!(self.is(50)),
            Some("integer" | "number") => self.number(),
            Some("array") if depth < 6 => {
                (0..self.below(4)).map(|_| self.value(name, &schema["items"], depth + 1)).collect()
            }
            Some("array") => json!([]),
            Some("string") => match schema["format"].as_str() {
                Some("date-time") => json!("2030-01-01T00:00:00.123456789Z"),
                _ => json!(self.word()),
            },
            _ => self.object(schema, depth),
        }
    }

    fn object(&mut self, schema: &'static Value, depth: usize) -> Value {
        let mut object = Map::new();
        let required = schema["required"].as_array();
        for (name, property) in schema["properties"].as_object().into_iter().flatten() {
            let is_required = required.is_some_and(|names| names.iter().any(|n| n == name));
            let likely = if depth > 4 { 5 } else { 30 };
            if self.is(if is_required { 95 } else { likely }) {
                object.insert(name.clone(), self.value(name, property, depth + 1));
            }
        }
        if schema["properties"].is_null() || self.is(5) {
            object.insert(self.word(), self.odd());
        }
        object.into()
    }

    fn query(&mut self, method: &Method, path: &str) -> String {
        let mut query = String::new();
        for (name, schema) in schema::query_parameters(method, path) {
            if self.is(50) {
                let value = self.value(name, schema, 0);
                let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
                write!(query, "&{name}={}", percent(&text)).unwrap();
            }
        }
        query
    }

    fn path(&mut self, template: &str) -> String {
        let segments = template.split('/').map(|segment| match segment {
            _ if !segment.starts_with('{') => segment.to_owned(),
            _ if self.is(15) => percent(&self.word().chars().take(300).collect::<String>()),
            "{type}" => "messaging".to_owned(),
            "{user_id}" => "a".to_owned(),
            _ if template.contains("/messages/") => "m".to_owned(),
            _ if template.contains("/channels/") => "general".to_owned(),
            _ => percent(self.one(&WORDS)),
        });
        segments.collect::<Vec<_>>().join("/")
    }
}

fn percent(text: &str) -> String {
    let mut encoded = String::new();
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' => encoded.push(byte.into()),
            _ => write!(encoded, "%{byte:02x}").unwrap(),
        }
    }
    encoded
}

/// Returns the number of requests that succeeded.
async fn run(seed: u64, count: usize) -> usize {
    let setup = setup().await;
    let mut random = Random::new(seed);
    let operations: Vec<_> = schema::operations()
        .into_iter()
        .filter(|(_, path, _)| path.starts_with("/api/v2/") && !path.contains("/uploads/"))
        .collect();
    let server = token(setup.emulator.api_secret(), &json!({"server": true}));
    let user = setup.user_token("a");
    let mut succeeded = 0;
    for number in 0..count {
        let (method, template, id) = &operations[random.below(operations.len())];
        let path = random.path(template);
        let query = random.query(method, template);
        let body = match schema::body_schema(method, template) {
            Value::Null => None,
            schema => Some(random.object(schema::resolve(schema), 0)),
        };
        let token = if random.is(80) { &server } else { &user };
        let (base, key) = (setup.emulator.base_url(), setup.emulator.api_key());
        let uri = format!("{base}{path}?api_key={key}{query}");
        let headers = [("authorization", token.as_str()), ("stream-auth-type", "jwt")];
        let text = body.map(|body| body.to_string()).unwrap_or_default();
        let what = format!("seed {seed}, {number}: {id} {method} {path}?{query} {text}");
        // Odd values that are stored as they are do not fit the schema of the response.
        let exchange = setup.exchange(method.clone(), &uri, &headers, text);
        let (parts, body) = tokio::time::timeout(Duration::from_secs(60), exchange)
            .await
            .unwrap_or_else(|_| panic!("no response: {what}"));
        let status = parts.status.as_u16();
        assert!(body.len() < 50_000_000, "{} bytes: {what}", body.len());
        assert!(status < 500 || status == 501, "{status}: {what}");
        succeeded += usize::from(status < 300);
    }
    succeeded
}

#[tokio::test]
async fn random_requests_get_a_response() {
    assert!(run(1, 300).await > 50);
}

#[tokio::test]
#[ignore = "runs for minutes"]
async fn many_random_requests_get_a_response() {
    let seeds = std::env::var("SOAK_SEEDS").unwrap_or_else(|_| "1..20".to_owned());
    let (first, end) = seeds.split_once("..").unwrap();
    for seed in first.parse().unwrap()..end.parse().unwrap() {
        println!("seed {seed}: {} of 2000 succeed", run(seed, 2000).await);
    }
}
