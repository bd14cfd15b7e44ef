//! The account itself: in one region, where rules judge what belongs to no single database, and the
//! regions that it has.

use super::kinds::kinds;
use super::shape::shape;

shape! {
    /// The account in one region.
    AccountRegion {
        AccountId: String;
        Region: String;
    }

    /// The account's list of regions; `Regions` is the answer of `account:ListRegions`.
    AccountRegions {
        AccountId: String;
        Regions: Vec<ListedRegion>;
    }

    /// `Regions[]`.
    ListedRegion from aws_sdk_account::types::Region {
        RegionName: String = region_name;
        /// `ENABLED`, `ENABLED_BY_DEFAULT`, `DISABLED`, or on the way there.
        RegionOptStatus: String = region_opt_status;
    }
}

kinds! {
    ACCOUNT = "AWS::::Account" as AccountRegion {
        noun: "account" / "accounts", service: "account", name: "AccountId", role: Surrounding,
        operations: [],
    }
    ACCOUNT_REGIONS = "AWS::Account::Regions" as AccountRegions {
        noun: "list of regions" / "lists of regions", service: "account", name: "AccountId", role: Surrounding,
        operations: ["account:ListRegions"],
    }
}
