//! The settings that an executor takes from environment variables.

use std::time::Duration;

use crate::error::Error;

/// The environment variables that configure a client.
pub(super) struct Environment {
    pub(super) api_key: String,
    pub(super) base_url: Option<String>,
    pub(super) timeout: Option<Duration>,
}

impl Environment {
    /// Reads the variables through `variable`; empty ones count as not set.
    pub(super) fn read(variable: impl Fn(&str) -> Option<String>) -> Result<Self, Error> {
        let set = |name: &str| {
            variable(name).map(|value| value.trim().to_owned()).filter(|value| !value.is_empty())
        };
        let api_key = set("STREAM_API_KEY").ok_or_else(|| {
            Error::configuration(
                "STREAM_API_KEY is not set: copy the key of your app from https://dashboard.getstream.io",
            )
        })?;
        let timeout = set("STREAM_HTTP_TIMEOUT").map(|value| seconds(&value)).transpose()?;
        Ok(Self { api_key, base_url: set("STREAM_BASE_URL"), timeout })
    }
}

fn seconds(value: &str) -> Result<Duration, Error> {
    let seconds = value.parse::<f64>().ok();
    seconds
        .and_then(|seconds| Duration::try_from_secs_f64(seconds).ok())
        .filter(|duration| !duration.is_zero())
        .ok_or_else(|| {
            Error::configuration(format!(
                "STREAM_HTTP_TIMEOUT is {value:?}: it must be a number of seconds above 0, such as 30"
            ))
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(variables: &[(&str, &str)]) -> Result<Environment, Error> {
        Environment::read(|name| {
            let found = variables.iter().find(|(variable, _)| *variable == name);
            found.map(|(_, value)| (*value).to_owned())
        })
    }

    #[test]
    fn valid_variables_are_read() {
        let read = read(&[
            ("STREAM_API_KEY", " key\n"),
            ("STREAM_HTTP_TIMEOUT", "2.5"),
            ("STREAM_BASE_URL", ""),
        ])
        .unwrap();
        assert_eq!(read.api_key, "key");
        assert_eq!(read.timeout, Some(Duration::from_millis(2500)));
        assert_eq!(read.base_url, None);
    }

    #[test]
    fn invalid_variables_are_named() {
        assert!(read(&[]).err().unwrap().to_string().contains("STREAM_API_KEY"));
        for timeout in ["0", "-1", "soon", "1e300", "NaN"] {
            let error =
                read(&[("STREAM_API_KEY", "k"), ("STREAM_HTTP_TIMEOUT", timeout)]).err().unwrap();
            assert!(error.to_string().contains("STREAM_HTTP_TIMEOUT"), "{error}");
        }
    }
}
