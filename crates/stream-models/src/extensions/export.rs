//! Conversions to the channels of an export.

use crate::exports::ChannelExport;
use crate::value::Cid;

/// Exports the whole channel.
impl From<Cid> for ChannelExport {
    fn from(cid: Cid) -> Self {
        Self::new().cid(cid)
    }
}

/// Exports the whole channel with this full ID, such as `messaging:general`.
impl From<&str> for ChannelExport {
    fn from(cid: &str) -> Self {
        Self::new().cid(cid)
    }
}

/// Exports the whole channel.
impl From<&Cid> for ChannelExport {
    fn from(cid: &Cid) -> Self {
        Self::new().cid(cid)
    }
}
