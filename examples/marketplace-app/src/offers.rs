//! The offers and their sellers.

use serde::Serialize;

use stream_chat::{Client, UserRequest};

/// An offer.
#[derive(Debug, Clone, Copy, Serialize)]
pub(crate) struct Offer {
    pub(crate) id: &'static str,
    pub(crate) title: &'static str,
    /// In euros.
    pub(crate) price: u32,
    pub(crate) place: &'static str,
    pub(crate) seller: &'static str,
    /// The name of the seller.
    pub(crate) seller_name: &'static str,
}

/// All offers.
pub(crate) const OFFERS: &[Offer] = &[
    offer("gravel-bike", "Gravel bike, size M", 980, "Leipzig", ("priya", "Priya")),
    offer("oak-table", "Oak kitchen table", 240, "Madrid", ("mateo", "Mateo")),
    offer("film-camera", "Film camera with two lenses", 185, "Lyon", ("chloe", "Chloé")),
    offer("record-player", "Record player, serviced", 130, "Leipzig", ("priya", "Priya")),
];

const fn offer(
    id: &'static str,
    title: &'static str,
    price: u32,
    place: &'static str,
    (seller, seller_name): (&'static str, &'static str),
) -> Offer {
    Offer { id, title, price, place, seller, seller_name }
}

/// Returns an offer by ID.
pub(crate) fn find(id: &str) -> Option<&'static Offer> {
    OFFERS.iter().find(|offer| offer.id == id)
}

/// Creates the sellers as users.
pub(crate) async fn create_sellers(client: &Client) -> Result<(), stream_chat::Error> {
    let mut sellers: Vec<_> =
        OFFERS.iter().map(|offer| (offer.seller, offer.seller_name)).collect();
    sellers.sort_unstable();
    sellers.dedup();
    let users = sellers.into_iter().map(|(id, name)| UserRequest::new(id).name(name));
    client.upsert_users(users).await?;
    Ok(())
}
