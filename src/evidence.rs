//! The values that an outcome rests on.

use std::borrow::Cow;
use std::collections::BTreeMap;

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::{Deserialize, Serialize, Serializer};
use serde_json::Value;
use serde_json::value::RawValue;

/// Values by name, as the text of a JSON object. It is written once, when a resource is judged; who
/// keeps it or writes it again copies it.
#[derive(Debug, Clone, Deserialize)]
#[serde(transparent)]
pub struct Evidence(Box<str>);

impl Evidence {
    /// Writes values.
    pub fn of<V: Serialize>(values: &BTreeMap<&str, V>) -> Self {
        serde_json::to_string(values).map_or_else(|_| Self::default(), |text| Self(text.into()))
    }

    /// The text, for JSON that is not laid out.
    pub fn text(&self) -> &RawValue {
        serde_json::from_str(&self.0).unwrap_or(RawValue::NULL)
    }

    /// For serde: the text as a string, which is what it is read back from.
    pub fn as_text<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }

    /// The values.
    pub fn values(&self) -> BTreeMap<String, Value> {
        serde_json::from_str(&self.0).unwrap_or_default()
    }
}

impl Default for Evidence {
    fn default() -> Self {
        Self("{}".into())
    }
}

/// The values, laid out as what they are in is.
impl Serialize for Evidence {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.values().serialize(serializer)
    }
}

impl JsonSchema for Evidence {
    fn schema_name() -> Cow<'static, str> {
        <BTreeMap<String, Value>>::schema_name()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        <BTreeMap<String, Value>>::json_schema(generator)
    }

    fn inline_schema() -> bool {
        <BTreeMap<String, Value>>::inline_schema()
    }
}
