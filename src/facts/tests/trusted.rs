//! Whom the user trusts.

use serde_json::{Value, json};

use crate::facts::testing::{ACCOUNT, World, open};
use crate::inventory::kinds;

const DESCRIBE: &str = "organizations:DescribeOrganization";

fn trusted(world: &World) -> Value {
    world.fact("trusted", "db")
}

fn in_organization(world: World) -> World {
    world.with(kinds::ORGANIZATION, "o-own1234567", json!({"Id": "o-own1234567"}))
}

#[test]
fn the_account_and_its_organization_are_trusted_unasked() {
    assert_eq!(trusted(&open()), json!({"accounts": [ACCOUNT], "organizations": [], "own_organization": ""}));
    assert_eq!(trusted(&in_organization(open()))["own_organization"], "o-own1234567");
}

#[test]
fn those_that_are_named_are_trusted_beside_them() {
    let mut world = in_organization(open());
    world.2.accounts.insert("000055556666".to_owned());
    world.2.organizations.insert("o-partner999".to_owned());
    let expected = json!({"accounts": ["000055556666", ACCOUNT], "organizations": ["o-partner999"], "own_organization": "o-own1234567"});
    assert_eq!(trusted(&world), expected);
}

#[test]
fn an_organization_that_was_not_read_is_neither_trusted_nor_none() {
    let gap = json!({"gap": DESCRIBE});
    for world in [open().denied(DESCRIBE), open().not_called(DESCRIBE), open().without_global()] {
        assert_eq!(trusted(&world), json!({"accounts": [ACCOUNT], "organizations": [], "own_organization": gap}));
    }
}
