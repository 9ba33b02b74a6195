//! The registration of many devices.

use crate::bulk::{Bulk, IntoEntries};
use crate::client::Client;
use stream_models::push::{CreateDevice, CreateDeviceRequest, PushProviderType};

/// # Push
impl Client {
    /// Registers push devices of any users, one per request and several at once. Each request names
    /// its user.
    ///
    /// ```
    /// # async fn example(client: stream_chat::Client) -> Result<(), stream_chat::Error> {
    /// use stream_chat::models::push::{CreateDeviceRequest, PushProviderType};
    ///
    /// let tokens = [("john", "token-1"), ("jane", "token-2")];
    /// let devices = tokens.map(|(user, token)| {
    ///     CreateDeviceRequest::new(token, PushProviderType::Firebase).user_id(user)
    /// });
    /// client.add_devices(devices).in_flight(16).await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// `POST /api/v2/devices` · [guide](crate::guide::large_jobs)
    pub fn add_devices<'a>(
        &self,
        devices: impl IntoEntries<'a, CreateDeviceRequest>,
    ) -> Bulk<'a, CreateDevice, CreateDeviceRequest> {
        Bulk::new(self.executor(), 1, devices, |mut batch: Vec<CreateDeviceRequest>| {
            // A batch has one entry.
            let device = batch.pop();
            CreateDevice::new(
                device.unwrap_or_else(|| CreateDeviceRequest::new("", PushProviderType::Apn)),
            )
        })
    }
}
