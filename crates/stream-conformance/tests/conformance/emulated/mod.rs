//! Every operation is sent to the emulator by its method of the chat layer, and verified by a
//! second operation that reads its effect.

mod journey;

use std::collections::BTreeSet;
use std::pin::Pin;

use anyhow::Result;

use journey::{Journey, ask, ask_each, id};
use stream_spec::Verbs;

/// Runs the operations of a domain.
type Run = for<'a> fn(&'a mut Journey) -> Pin<Box<dyn Future<Output = Result<()>> + Send + 'a>>;

macro_rules! domains {
    ($($name:ident),* $(,)?) => {
        $(mod $name;)*

        const DOMAINS: &[(&str, Run)] =
            &[$((stringify!($name), |journey| Box::pin($name::run(journey)))),*];
    };
}

domains! {
    administration,
    app,
    campaigns,
    channel_types,
    channels,
    imports_and_exports,
    members,
    messages,
    moderation,
    polls,
    push,
    reactions,
    read_state,
    reminders,
    review,
    threads,
    uploads,
    user_groups,
    users,
}

#[tokio::test]
async fn each_operation_is_proved_by_another() {
    let mut proved = BTreeSet::new();
    let mut wrong = Vec::new();
    for (name, run) in DOMAINS {
        let mut journey = Journey::new().await.unwrap();
        if let Err(error) = run(&mut journey).await {
            wrong.push(format!("{name}: {error:#}"));
        }
        proved.extend(journey.into_proved());
    }
    let document = stream_spec::own().unwrap();
    let table = Verbs::load(&stream_spec::workspace_root().join("spec")).unwrap();
    // An operation that was just imported has neither a method nor an emulation.
    let finished = document.operations.keys().filter(|id| table.has(id));
    let missing: Vec<&String> = finished.filter(|id| !proved.contains(id.as_str())).collect();
    assert!(wrong.is_empty() && missing.is_empty(), "missing: {missing:?}\n{}", wrong.join("\n"));
    let unknown: Vec<_> =
        proved.iter().filter(|id| !document.operations.contains_key(**id)).collect();
    assert!(unknown.is_empty(), "only operations of the schema: {unknown:?}");
}
