//! Bodies that are neither JSON nor forms are sent and returned as they are.

use http::HeaderValue;
use http::header::CONTENT_TYPE;

use crate::support::transport::{Mock, answer};
use stream_http::ErrorKind;
use stream_models::{Body, InvalidRequest, Method, Operation, OperationInfo, RawBody};

/// Sends one raw body, and returns another one.
#[derive(Clone)]
struct Convert(RawBody);

impl Operation for Convert {
    type Response = RawBody;
    const INFO: OperationInfo =
        OperationInfo::new("Convert", Method::Post, "/convert").responds_raw();

    fn path(&self) -> Result<String, InvalidRequest> {
        Ok(Self::INFO.path.to_owned())
    }

    fn body(&self) -> Result<Body, InvalidRequest> {
        Ok(Body::raw(&self.0, "text/csv"))
    }
}

#[tokio::test]
async fn raw_bodies_are_sent_and_returned_as_they_are() {
    let mock = Mock::new(|number| {
        let mut response = answer(200, if number == 0 { "\u{feff}{PLANTED" } else { "" });
        let media = HeaderValue::from_static("text/plain");
        response.headers_mut().insert(CONTENT_TYPE, media);
        Ok(response)
    });
    let executor = mock.executor().build().unwrap();
    let response = executor.send(&Convert("a,b".into())).await.unwrap();
    // A byte-order mark belongs to the content.
    assert_eq!(response.text(), Ok("\u{feff}{PLANTED"));
    assert_eq!(response.content_type.as_deref(), Some("text/plain"));
    assert!(!format!("{response:?}").contains("PLANTED"));
    let image = RawBody::new(vec![0xff, 0]).content_type("image/png");
    let response = executor.send(&Convert(image)).await.unwrap();
    assert_eq!(response.content, b"");

    let sent = mock.sent.lock().unwrap();
    let header = |index: usize, name| sent[index].head.headers[name].to_str().unwrap().to_owned();
    assert_eq!((header(0, "content-type"), &sent[0].body[..]), ("text/csv".into(), &b"a,b"[..]));
    assert_eq!(
        (header(1, "content-type"), &sent[1].body[..]),
        ("image/png".into(), &[0xff, 0][..])
    );
    assert_eq!(header(0, "accept"), "*/*");
}

#[tokio::test]
async fn an_invalid_media_type_is_refused_before_anything_is_sent() {
    let mock = Mock::json(200, "");
    let executor = mock.executor().build().unwrap();
    let body = RawBody::from("a").content_type("a\nb");
    let error = executor.send(&Convert(body)).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidRequest);
    assert_eq!(mock.count(), 0);
}
