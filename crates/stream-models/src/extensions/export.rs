//! Conversions to the channels of an export.

use crate::exports::ChannelExport;
use crate::value::Cid;

/// Exports the whole channel.
impl From<Cid> for ChannelExport {
    fn from(cid: Cid) -> Self {
        Self::new().cid(cid)
    }
}

/// Exports the whole channel.
impl From<&Cid> for ChannelExport {
    fn from(cid: &Cid) -> Self {
        Self::new().cid(cid)
    }
}
