//! For any claims, a token round-trips; any change to it is refused, and no input panics.

use std::time::Duration;

use proptest::collection::{btree_map, vec};
use proptest::option;
use proptest::prelude::*;
use serde_json::Value;

use crate::forge::{NOW, at, secret, sign, sign_claims};
use stream_auth::token::dangerous_decode_unverified;
use stream_auth::{TokenSigner, TokenVerifier};

fn cids() -> impl Strategy<Value = Option<Vec<String>>> {
    option::of(vec("[a-z]{1,8}:[^:]{1,8}", 0..4))
}

fn json_value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<String>().prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 16, 4, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(Value::from),
            btree_map(any::<String>(), inner, 0..4)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn every_signed_token_verifies(
        user_id in ".{1,40}",
        lifetime in 1..10_000_000_u64,
        role in option::of(any::<String>()),
        channel_cids in cids(),
        call_cids in cids(),
        custom in btree_map("x_.{0,10}", json_value(), 0..5),
    ) {
        let signer = TokenSigner::new(&secret());
        let mut builder = signer.user_token(&user_id).expires_in(Duration::from_secs(lifetime));
        if let Some(role) = &role {
            builder = builder.role(role);
        }
        if let Some(cids) = &channel_cids {
            builder = builder.channel_cids(cids);
        }
        if let Some(cids) = &call_cids {
            builder = builder.call_cids(cids);
        }
        for (name, value) in &custom {
            builder = builder.claim(name, value);
        }
        let token = builder.sign_at(at(NOW)).unwrap();
        let claims = TokenVerifier::new(&secret()).verify_at(token.expose_secret(), at(NOW)).unwrap();
        prop_assert_eq!(claims.user_id, Some(user_id));
        prop_assert_eq!(claims.issued_at, Some(at(NOW - 5)));
        prop_assert_eq!(claims.expires_at, Some(at(NOW + lifetime)));
        prop_assert_eq!(claims.role, role);
        prop_assert_eq!(claims.channel_cids, channel_cids);
        prop_assert_eq!(claims.call_cids, call_cids);
        prop_assert_eq!(claims.custom, custom.into_iter().collect());
    }

    #[test]
    fn one_flipped_bit_is_refused(user_id in "[a-z]{1,20}", position: prop::sample::Index) {
        let token = TokenSigner::new(&secret()).user_token(user_id).sign_at(at(NOW)).unwrap();
        let mut bytes = token.expose_secret().as_bytes().to_vec();
        let bit = position.index(bytes.len() * 8);
        bytes[bit / 8] ^= 1 << (bit % 8);
        // The verifier only takes text.
        if let Ok(text) = String::from_utf8(bytes) {
            prop_assert!(TokenVerifier::new(&secret()).verify_at(&text, at(NOW)).is_err());
        }
    }

    #[test]
    fn no_text_panics(text: String) {
        let _ = TokenVerifier::new(&secret()).verify(&text);
        let _ = dangerous_decode_unverified(&text);
    }

    #[test]
    fn no_parts_panic(text in r"[a-zA-Z0-9_\-.=+/]{0,200}") {
        let _ = TokenVerifier::new(&secret()).verify(&text);
        let _ = dangerous_decode_unverified(&text);
    }

    #[test]
    fn no_signed_content_panics(header: String, claims: String) {
        let _ = TokenVerifier::new(&secret()).verify(&sign(&header, &claims));
        let _ = TokenVerifier::new(&secret()).verify(&sign_claims(&claims));
    }

    #[test]
    fn no_date_panics(seconds in prop_oneof![
        any::<f64>().prop_map(|number| serde_json::to_string(&number).unwrap()),
        any::<i128>().prop_map(|number| number.to_string()),
    ]) {
        let claims = format!(r#"{{"iat":{seconds},"exp":{seconds},"nbf":{seconds}}}"#);
        let _ = TokenVerifier::new(&secret()).leeway(Duration::MAX).verify(&sign_claims(&claims));
    }
}
