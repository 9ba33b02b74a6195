//! Conversions to the messages of campaigns.

use crate::campaigns::CampaignMessageTemplate;

/// Creates a message with this text.
impl From<&str> for CampaignMessageTemplate {
    fn from(text: &str) -> Self {
        Self::new(text)
    }
}

/// Creates a message with this text.
impl From<String> for CampaignMessageTemplate {
    fn from(text: String) -> Self {
        Self::new(text)
    }
}
