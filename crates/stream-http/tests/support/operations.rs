//! Operations that the tests send.

use serde::Deserialize;
use serde::de::Deserializer;
use serde_json::{Value, json};

use stream_models::{
    Body, InvalidRequest, Method, Operation, OperationInfo, Part, Query, Upload, expand_path,
};

/// `GET /api/v2/app`
#[derive(Clone)]
pub struct GetApp;

impl Operation for GetApp {
    type Response = Value;
    const INFO: OperationInfo = OperationInfo::new("GetApp", Method::Get, "/api/v2/app");

    fn path(&self) -> Result<String, InvalidRequest> {
        Ok("/api/v2/app".to_owned())
    }
}

/// A read with all kinds of parameters.
#[derive(Clone)]
pub struct GetManyMessages {
    pub id: &'static str,
}

impl Operation for GetManyMessages {
    type Response = Value;
    const INFO: OperationInfo = OperationInfo::new(
        "GetManyMessages",
        Method::Get,
        "/api/v2/chat/channels/{type}/{id}/messages",
    );

    fn path(&self) -> Result<String, InvalidRequest> {
        expand_path(Self::INFO.path, &["messaging", self.id])
    }

    fn query(&self) -> Result<Query, InvalidRequest> {
        let mut query = Query::new();
        query.list("ids", Some(&["a".to_owned(), "b".to_owned()]));
        query.json("payload", Some(&json!({"limit": 1})))?;
        Ok(query)
    }
}

/// `POST`, not idempotent.
#[derive(Clone)]
pub struct SendMessage(pub Value);

impl SendMessage {
    pub fn text(text: &str) -> Self {
        Self(json!({"message": {"text": text}}))
    }
}

impl Operation for SendMessage {
    type Response = Value;
    const INFO: OperationInfo = OperationInfo::new(
        "SendMessage",
        Method::Post,
        "/api/v2/chat/channels/{type}/{id}/message",
    );

    fn path(&self) -> Result<String, InvalidRequest> {
        expand_path(Self::INFO.path, &["messaging", "general"])
    }

    fn body(&self) -> Result<Body, InvalidRequest> {
        Body::json(&self.0)
    }
}

/// `DELETE`, idempotent.
#[derive(Clone)]
pub struct DeleteMessage;

impl Operation for DeleteMessage {
    type Response = Value;
    const INFO: OperationInfo =
        OperationInfo::new("DeleteMessage", Method::Delete, "/api/v2/chat/messages/{id}");

    fn path(&self) -> Result<String, InvalidRequest> {
        expand_path(Self::INFO.path, &["m1"])
    }
}

/// `POST` without a body.
#[derive(Clone)]
pub struct MarkChannelsRead;

impl Operation for MarkChannelsRead {
    type Response = Value;
    const INFO: OperationInfo =
        OperationInfo::new("MarkChannelsRead", Method::Post, "/api/v2/chat/channels/read");

    fn path(&self) -> Result<String, InvalidRequest> {
        Ok(Self::INFO.path.to_owned())
    }
}

/// `POST` of a form with a file.
#[derive(Clone)]
pub struct UploadFile(pub Upload);

impl Operation for UploadFile {
    type Response = Value;
    const INFO: OperationInfo =
        OperationInfo::new("UploadFile", Method::Post, "/api/v2/uploads/file");

    fn path(&self) -> Result<String, InvalidRequest> {
        Ok(Self::INFO.path.to_owned())
    }

    fn body(&self) -> Result<Body, InvalidRequest> {
        let parts =
            [Part::json("user", Some(&json!({"id": "john"})))?, Part::file("file", Some(&self.0))];
        Ok(Body::Multipart(parts.into_iter().flatten().collect()))
    }
}

/// A response of a fixed shape, which can fail to decode.
#[derive(Debug)]
pub struct Users(pub Vec<u64>);

impl<'de> Deserialize<'de> for Users {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let map = std::collections::BTreeMap::<String, Vec<u64>>::deserialize(deserializer)?;
        Ok(Self(map.into_values().flatten().collect()))
    }
}

/// `GET` with a typed response.
#[derive(Clone)]
pub struct QueryUsers;

impl Operation for QueryUsers {
    type Response = Users;
    const INFO: OperationInfo = OperationInfo::new("QueryUsers", Method::Get, "/api/v2/users");

    fn path(&self) -> Result<String, InvalidRequest> {
        Ok(Self::INFO.path.to_owned())
    }
}
