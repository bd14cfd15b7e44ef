//! The account itself, in one region: what rules judge that speak of no single database.

use super::shape::shape;

shape! {
    /// The account in one region.
    AccountRegion {
        AccountId: String;
        Region: String;
    }
}
