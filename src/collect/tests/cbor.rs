//! Answers in CBOR (RFC 8949), which services of the protocol Smithy RPC v2 speak.

use serde_json::Value;

/// A document as CBOR. A map of the one key `@time` is a time in seconds, which CBOR tags.
pub fn cbor(value: &Value) -> Vec<u8> {
    let mut bytes = Vec::new();
    encode(value, &mut bytes);
    bytes
}

/// The major types of RFC 8949, in the upper three bits.
const UNSIGNED: u8 = 0;
const TEXT: u8 = 3 << 5;
const ARRAY: u8 = 4 << 5;
const MAP: u8 = 5 << 5;
const TAG: u8 = 6 << 5;

fn encode(value: &Value, bytes: &mut Vec<u8>) {
    match value {
        Value::Null => bytes.push(0xf6),
        Value::Bool(value) => bytes.push(if *value { 0xf5 } else { 0xf4 }),
        Value::Number(number) => match number.as_u64() {
            Some(number) => head(UNSIGNED, number, bytes),
            None => {
                bytes.push(0xfb);
                bytes.extend(number.as_f64().expect("a number").to_be_bytes());
            }
        },
        Value::String(text) => {
            head(TEXT, text.len() as u64, bytes);
            bytes.extend(text.as_bytes());
        }
        Value::Array(values) => {
            head(ARRAY, values.len() as u64, bytes);
            values.iter().for_each(|value| encode(value, bytes));
        }
        Value::Object(fields) => match fields.get("@time") {
            Some(seconds) => {
                head(TAG, 1, bytes);
                encode(seconds, bytes);
            }
            None => {
                head(MAP, fields.len() as u64, bytes);
                for (name, value) in fields {
                    encode(&Value::from(name.as_str()), bytes);
                    encode(value, bytes);
                }
            }
        },
    }
}

/// A major type and its argument: the value, the length or the tag.
fn head(major: u8, argument: u64, bytes: &mut Vec<u8>) {
    if argument < 24 {
        bytes.push(major | argument as u8);
    } else {
        bytes.push(major | 27);
        bytes.extend(argument.to_be_bytes());
    }
}
