//! Batches through chaos: what is reported adds up and is true, and resuming ends with the whole set.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::time::Duration;

use tokio::time::timeout;

use super::proxy::ChaosProxy;
use super::random::Random;
use super::{HANGS, TRANSPORTS, client, seeds};
use crate::support;
use stream_chat::models::Operation;
use stream_chat::models::members::ChannelMemberRequest;
use stream_chat::models::users::{UpdateUsers, UserFilter};
use stream_chat::{BatchResult, Bulk, BulkError, Client, FailedBatch, UserRequest};
use stream_emulator::Emulator;

/// What a run says about the positions of its entries.
#[derive(Debug, Default)]
struct Told {
    done: BTreeSet<u64>,
    failed: BTreeSet<u64>,
    unknown: BTreeSet<u64>,
    unsent: usize,
}

fn of_batches<T>(batches: &[FailedBatch<T>]) -> BTreeSet<u64> {
    batches.iter().flat_map(FailedBatch::positions).collect()
}

fn of_ranges(ranges: Vec<Range<u64>>) -> BTreeSet<u64> {
    ranges.into_iter().flatten().collect()
}

/// Runs a bulk request in one of several ways, and returns what it said and what is left to send.
async fn run<O, T>(bulk: Bulk<'static, O, T>, all: &[T], random: &mut Random) -> (Told, Vec<T>)
where
    O: Operation<Response: Sync> + 'static,
    T: Clone + Send + Sync + 'static,
{
    let handle = bulk.handle();
    let bulk = bulk.in_flight(1 + random.below(8));
    let bulk = if random.below(2) == 0 { bulk.isolate_failures() } else { bulk };
    let mut told = Told::default();
    let mut left = Vec::new();
    match random.below(4) {
        0 => {
            let report = bulk.keep_going().report().await;
            told.failed = of_batches(&report.failed);
            told.unknown = of_batches(&report.unknown);
            told.done = of_ranges(handle.confirmed());
            assert_eq!(report.entries_done(), told.done.len() as u64);
            let unsuccessful = report.failed.into_iter().chain(report.unknown);
            left.extend(unsuccessful.flat_map(|batch| batch.entries));
            let unsent = report.unsent.collect().await;
            told.unsent = unsent.len();
            left.extend(unsent);
        }
        1 => match bulk.await {
            Ok(responses) => {
                told.done = of_ranges(handle.confirmed());
                assert_eq!(responses.entries(), all.len() as u64);
            }
            Err(error) => {
                let error = BulkError::<T, O::Response>::take(error).unwrap();
                told.failed = of_batches(&error.failed);
                told.unknown = of_batches(&error.unknown);
                told.done = of_ranges(handle.confirmed());
                told.unsent = error.unsent.len();
                assert_eq!(error.entries_done(), told.done.len() as u64);
                let unsuccessful = error.failed.into_iter().chain(error.unknown);
                left.extend(unsuccessful.flat_map(|batch| batch.entries));
                left.extend(error.unsent);
            }
        },
        way => {
            // Dropped after some batches, or at some time.
            let mut outcomes = bulk.keep_going().outcomes();
            let batches = random.below(all.len() / 100 + 2);
            let mut seen = BTreeMap::new();
            let some = async {
                for _ in 0..batches {
                    let Some(outcome) = outcomes.next().await else { return };
                    for position in outcome.positions() {
                        seen.insert(position, matches!(outcome.result, BatchResult::Done(_)));
                    }
                }
            };
            if way == 2 {
                some.await;
            } else {
                let moment = Duration::from_millis(random.below(600) as u64);
                let _ = timeout(moment, some).await;
            }
            let unsent = outcomes.into_unsent().collect().await;
            told.done = of_ranges(handle.confirmed());
            told.failed = of_ranges(handle.failed());
            told.unknown = of_ranges(handle.unknown());
            told.unsent = unsent.len();
            let done = seen.iter().filter(|(_, done)| **done).map(|(position, _)| *position);
            assert_eq!(done.collect::<BTreeSet<_>>(), told.done);
            let unsuccessful = told.failed.union(&told.unknown);
            left.extend(unsuccessful.map(|position| all[*position as usize].clone()));
            left.extend(unsent);
        }
    }
    let progress = handle.progress();
    assert_eq!(progress.under_way, 0);
    assert_eq!(handle.failed().into_iter().flatten().collect::<BTreeSet<_>>(), told.failed);
    assert_eq!(handle.unknown().into_iter().flatten().collect::<BTreeSet<_>>(), told.unknown);
    let said = told.done.len() + told.failed.len() + told.unknown.len() + told.unsent;
    assert_eq!(said, all.len(), "{told:?}");
    assert!(told.done.is_disjoint(&told.failed) && told.done.is_disjoint(&told.unknown));
    assert_eq!(left.len(), all.len() - told.done.len());
    (told, left)
}

/// Returns the runs that wrote these users last, by the ID of the user.
async fn last_runs(direct: &Client, users: &[String]) -> BTreeMap<String, u64> {
    let mut runs = BTreeMap::new();
    for ids in users.chunks(100) {
        let filter = UserFilter::id().is_in(ids);
        let found = direct.query_users(filter).limit(100).await.unwrap();
        for user in found.into_inner().users {
            let run = user.custom["run"].as_u64().unwrap();
            runs.insert(user.id, run);
        }
    }
    runs
}

async fn users(direct: &Client, chaos: &Client, proxy: &ChaosProxy, count: usize, seed: u64) {
    let mut random = Random::new(seed, 1);
    let everybody: Vec<_> = (0..count).map(|number| format!("user-{number}")).collect();
    let mut left = everybody.clone();
    for number in 0.. {
        assert!(number < 200, "it never ends");
        if number == 100 {
            proxy.calm();
        }
        let users: Vec<_> =
            left.iter().map(|id| UserRequest::new(id.as_str()).custom("run", number)).collect();
        let bulk: Bulk<'static, UpdateUsers, UserRequest> = chaos.upsert_users(users.clone());
        let (told, rest) = timeout(HANGS, run(bulk, &users, &mut random)).await.expect("it hangs");
        let runs = last_runs(direct, &left).await;
        for (position, id) in left.iter().enumerate() {
            let position = position as u64;
            let is_written = runs.get(id) == Some(&number);
            if told.done.contains(&position) {
                assert!(is_written, "seed {seed}, run {number}: {id} is reported as done");
            } else if !told.unknown.contains(&position) {
                assert!(!is_written, "seed {seed}, run {number}: {id} is reported as not done");
            }
        }
        if rest.is_empty() {
            break;
        }
        left = rest.into_iter().map(|user| user.id).collect();
    }
    assert_eq!(last_runs(direct, &everybody).await.len(), count);
}

async fn members(direct: &Client, chaos: &Client, proxy: &ChaosProxy, count: usize, seed: u64) {
    let mut random = Random::new(seed, 2);
    let channel = chaos.channel("messaging", "everybody");
    direct.channel("messaging", "everybody").get_or_create().created_by("user-0").await.unwrap();
    let everybody: Vec<_> =
        (0..count).map(|number| ChannelMemberRequest::new(format!("user-{number}"))).collect();
    let mut left = everybody;
    for number in 0.. {
        assert!(number < 300, "it never ends");
        if number == 150 {
            proxy.calm();
        }
        let bulk = channel.add_members(left.clone());
        let (_, rest) = timeout(HANGS, run(bulk, &left, &mut random)).await.expect("it hangs");
        if rest.is_empty() {
            break;
        }
        left = rest;
    }
    let channel = direct.channel("messaging", "everybody");
    let state = channel.get().await.unwrap();
    assert_eq!(state.channel.member_count, Some(count.try_into().unwrap()));
}

async fn soak(transport: &str, seed: u64, count: usize) {
    let emulator = Emulator::start().await.unwrap();
    let direct = support::client(&emulator);
    let proxy = ChaosProxy::start(emulator.address(), seed).await;
    let chaos = client(&emulator, &proxy, transport);
    users(&direct, &chaos, &proxy, count, seed).await;
    let proxy = ChaosProxy::start(emulator.address(), seed + 1_000_000).await;
    let chaos = client(&emulator, &proxy, transport);
    members(&direct, &chaos, &proxy, count, seed).await;
    emulator.shutdown().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_entry_is_accounted_for() {
    for transport in TRANSPORTS {
        soak(transport, 1, 1000).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "runs for minutes"]
async fn every_entry_is_accounted_for_for_many_seeds() {
    for seed in seeds() {
        for transport in TRANSPORTS {
            let started = std::time::Instant::now();
            soak(transport, seed, 5000).await;
            println!("{transport}, seed {seed}: {:?}", started.elapsed());
        }
    }
}
