//! Benchmarks of signing and verifying tokens.

use std::time::{Duration, SystemTime};

use anyhow::{Context, Result, ensure};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use serde::{Deserialize, Serialize};
use sha2::Sha256;

use crate::measure::{Contestant, Effort, Ratio, compare};
use stream_auth::{ApiSecret, TokenSigner, TokenVerifier};

const SECRET: &str = "a-secret-of-an-app-which-has-64-characters-as-the-real-ones-have";
const HEADER: &str = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9";
const LIFETIME: Duration = Duration::from_secs(3600);

const OURS: &str = "ours";
const OURS_KEPT: &str = "ours, instant given";
const KEPT: &str = "bare, key kept";
const SET_UP: &str = "bare, key set up";
const ENCODED: &str = "bare, key kept, claims as bytes";

#[derive(Serialize, Deserialize)]
struct Claims {
    user_id: String,
    iat: u64,
    exp: u64,
}

pub(crate) fn run(effort: Effort) -> Result<()> {
    println!(
        "CPU time, median of {} rounds (quartiles)\n\
         bare: claims to or from JSON with derived serde, base64, HMAC-SHA256, no checks of claims\n\
         key kept: the baseline clones the state of a key that it has prepared, as ours does\n\
         key set up: it prepares the key each time\n\
         claims as bytes: besides, the JSON of the claims is there already, or is not read",
        effort.rounds
    );
    mint(effort)?;
    verify(effort)
}

fn mint(effort: Effort) -> Result<()> {
    let signer = TokenSigner::new(&ApiSecret::new(SECRET)?);
    let key = key()?;
    let now = SystemTime::now();
    let seconds = now.duration_since(SystemTime::UNIX_EPOCH)?.as_secs();
    let claims =
        Claims { user_id: "john".to_owned(), iat: seconds - 5, exp: seconds + LIFETIME.as_secs() };
    let encoded = serde_json::to_vec(&claims)?;
    let ours = signer.user_token("john").expires_in(LIFETIME).sign_at(now)?;
    let bare = sign(key.clone(), &encoded);
    ensure!(ours.expose_secret() == bare, "ours and bare mint different tokens");
    compare(
        &format!("minting a token of {} bytes", bare.len()),
        effort,
        vec![
            Contestant::new(OURS, || Ok(signer.user_token("john").expires_in(LIFETIME).sign()?)),
            Contestant::new(OURS_KEPT, || {
                Ok(signer.user_token("john").expires_in(LIFETIME).sign_at(now)?)
            }),
            Contestant::new(KEPT, || Ok(sign(key.clone(), &serde_json::to_vec(&claims)?))),
            Contestant::new(SET_UP, || Ok(sign(self::key()?, &serde_json::to_vec(&claims)?))),
            Contestant::new(ENCODED, || Ok(sign(key.clone(), &encoded))),
        ],
        &ratios(),
    )
}

fn verify(effort: Effort) -> Result<()> {
    let secret = ApiSecret::new(SECRET)?;
    let verifier = TokenVerifier::new(&secret);
    let key = key()?;
    let token = TokenSigner::new(&secret).user_token("john").expires_in(LIFETIME).sign()?;
    let token = token.expose_secret();
    let now = SystemTime::now();
    compare(
        &format!("verifying a token of {} bytes", token.len()),
        effort,
        vec![
            Contestant::new(OURS, || Ok(verifier.verify(token)?)),
            Contestant::new(OURS_KEPT, || Ok(verifier.verify_at(token, now)?)),
            Contestant::new(KEPT, || claims(&check(key.clone(), token)?)),
            Contestant::new(SET_UP, || claims(&check(self::key()?, token)?)),
            Contestant::new(ENCODED, || check(key.clone(), token)),
        ],
        &ratios(),
    )
}

fn ratios() -> [Ratio; 4] {
    [
        Ratio { ours: OURS, baseline: KEPT, target: Some(1.5) },
        Ratio { ours: OURS, baseline: SET_UP, target: Some(1.5) },
        Ratio { ours: OURS, baseline: ENCODED, target: None },
        Ratio { ours: OURS_KEPT, baseline: KEPT, target: None },
    ]
}

fn key() -> Result<Hmac<Sha256>> {
    Hmac::new_from_slice(SECRET.as_bytes()).context("the key")
}

fn sign(key: Hmac<Sha256>, claims: &[u8]) -> String {
    let mut token = String::with_capacity(HEADER.len() + claims.len() * 4 / 3 + 50);
    token.push_str(HEADER);
    token.push('.');
    URL_SAFE_NO_PAD.encode_string(claims, &mut token);
    let tag = key.chain_update(token.as_bytes()).finalize().into_bytes();
    token.push('.');
    URL_SAFE_NO_PAD.encode_string(tag, &mut token);
    token
}

/// Verifies a token, and returns the JSON of its claims.
fn check(key: Hmac<Sha256>, token: &str) -> Result<Vec<u8>> {
    let (signed, tag) = token.rsplit_once('.').context("no signature")?;
    let tag = URL_SAFE_NO_PAD.decode(tag)?;
    key.chain_update(signed.as_bytes()).verify_slice(&tag).context("the signature")?;
    let (header, claims) = signed.split_once('.').context("no claims")?;
    ensure!(header == HEADER, "another algorithm");
    Ok(URL_SAFE_NO_PAD.decode(claims)?)
}

fn claims(json: &[u8]) -> Result<Claims> {
    Ok(serde_json::from_slice(json)?)
}
