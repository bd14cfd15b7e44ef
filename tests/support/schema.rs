//! Validation against JSON schemas.

use jsonschema_valid::{Config, schemas::Draft};
use serde_json::Value;

/// What of the document the schema does not allow.
pub fn errors(schema: &Value, document: &Value) -> Vec<String> {
    let config = Config::from_schema(schema, Some(Draft::Draft7)).unwrap();
    match config.validate(document) {
        Ok(()) => Vec::new(),
        Err(errors) => errors.map(|error| error.to_string()).collect(),
    }
}
