//! Benchmarks of decoding responses.

use std::fmt::Debug;

use anyhow::{Result, ensure};
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::data;
use crate::derived::{plain, same};
use crate::measure::{Contestant, Effort, Ratio, compare};
use stream_models::{channels, messages};

const OURS: &str = "ours";
const DERIVED: &str = "derived";
const PLAIN: &str = "derived, plain leaves";
const VALUE: &str = "serde_json::Value";

pub(crate) fn run(effort: Effort) -> Result<()> {
    println!(
        "CPU time of serde_json::from_slice, median of {} rounds (quartiles)\n\
         derived: the same structs and field types with derived Deserialize\n\
         derived, plain leaves: besides, times are i64, custom data maps and enums String",
        effort.rounds
    );
    against::<
        channels::QueryChannelsResponse,
        same::QueryChannelsResponse,
        plain::QueryChannelsResponse,
    >("a page of channels", &data::page()?, effort)?;
    against::<messages::SendMessageResponse, same::SendMessageResponse, plain::SendMessageResponse>(
        "a small message",
        &data::message()?,
        effort,
    )
}

fn against<Ours, Same, Plain>(name: &str, json: &[u8], effort: Effort) -> Result<()>
where
    Ours: DeserializeOwned + Debug,
    Same: DeserializeOwned + Debug,
    Plain: DeserializeOwned,
{
    // The copies have the names of the originals, so their `Debug` output must be equal.
    let ours = format!("{:?}", serde_json::from_slice::<Ours>(json)?);
    let twin = format!("{:?}", serde_json::from_slice::<Same>(json)?);
    ensure!(ours == twin, "{name}: ours and derived read different things");
    compare(
        &format!("{name}, {} bytes", json.len()),
        effort,
        vec![
            Contestant::new(OURS, || Ok(serde_json::from_slice::<Ours>(json)?)),
            Contestant::new(DERIVED, || Ok(serde_json::from_slice::<Same>(json)?)),
            Contestant::new(PLAIN, || Ok(serde_json::from_slice::<Plain>(json)?)),
            Contestant::new(VALUE, || Ok(serde_json::from_slice::<Value>(json)?)),
        ],
        &[
            Ratio { ours: OURS, baseline: DERIVED, target: Some(1.0) },
            Ratio { ours: OURS, baseline: VALUE, target: Some(1.0) },
            Ratio { ours: OURS, baseline: PLAIN, target: None },
        ],
    )
}
