//! Conversions for push.

use crate::push::PushProviderType;

/// Returns the name on the wire, for fields that the schema leaves open, such as
/// [`PushProviderRequest::type_`](crate::push::PushProviderRequest::type_).
impl From<PushProviderType> for String {
    fn from(provider: PushProviderType) -> Self {
        provider.as_str().to_owned()
    }
}
