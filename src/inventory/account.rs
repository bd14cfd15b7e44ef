//! The account itself, in one region: what rules judge that speak of no single database.

use super::kinds::kinds;
use super::shape::shape;

shape! {
    /// The account in one region.
    AccountRegion {
        AccountId: String;
        Region: String;
    }
}

kinds! {
    ACCOUNT = "AWS::::Account" as AccountRegion {
        noun: "account" / "accounts", service: "account", name: "AccountId", role: Surrounding,
        operations: [],
    }
}
