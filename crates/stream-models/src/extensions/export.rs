use crate::exports::ChannelExport;
use crate::value::Cid;

/// The whole of the channel.
impl From<Cid> for ChannelExport {
    fn from(cid: Cid) -> Self {
        Self::new().cid(cid)
    }
}

/// The whole of the channel.
impl From<&Cid> for ChannelExport {
    fn from(cid: &Cid) -> Self {
        Self::new().cid(cid)
    }
}
