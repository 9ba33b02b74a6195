//! The names of fields for `unset`.

/// One or more names of fields, as `unset` accepts them.
///
/// ```no_run
/// # async fn example(client: stream_chat::Client) -> Result<(), stream_chat::Error> {
/// let channel = client.channel("messaging", "general");
/// channel.update_partial().set("color", "green").unset("topic").await?;
/// channel.update_partial().unset(["color", "topic"]).await?;
/// # Ok(())
/// # }
/// ```
pub trait IntoNames {
    /// Returns the names.
    fn into_names(self) -> Vec<String>;
}

impl IntoNames for &str {
    fn into_names(self) -> Vec<String> {
        vec![self.to_owned()]
    }
}

impl IntoNames for String {
    fn into_names(self) -> Vec<String> {
        vec![self]
    }
}

impl IntoNames for &String {
    fn into_names(self) -> Vec<String> {
        vec![self.clone()]
    }
}

impl<T: Into<String>, const N: usize> IntoNames for [T; N] {
    fn into_names(self) -> Vec<String> {
        self.map(Into::into).into()
    }
}

impl<T: Into<String>> IntoNames for Vec<T> {
    fn into_names(self) -> Vec<String> {
        self.into_iter().map(Into::into).collect()
    }
}

impl<T: AsRef<str>> IntoNames for &[T] {
    fn into_names(self) -> Vec<String> {
        self.iter().map(|name| name.as_ref().to_owned()).collect()
    }
}

impl<T: AsRef<str>> IntoNames for &Vec<T> {
    fn into_names(self) -> Vec<String> {
        self.as_slice().into_names()
    }
}
