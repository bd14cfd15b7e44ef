//! The file of waivers as it is written.

use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;
use std::path::{Path, PathBuf};

use chrono::NaiveDate;
use schemars::{JsonSchema, Schema, generate::SchemaSettings};
use serde::Deserialize;
use serde::de::{self, Deserializer, SeqAccess, Visitor, value::MapAccessDeserializer};
use serde_saphyr::Spanned;

use super::pattern::Pattern;
use crate::finding::Finding;
use crate::suggest;

/// What is wrong with a file of waivers, and where.
#[derive(Debug, thiserror::Error)]
#[error("{}:{line}: {reason}", .file.display())]
pub struct WaiverError {
    file: PathBuf,
    line: usize,
    reason: String,
}

/// Findings that somebody answers for.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Waivers")]
struct File {
    #[schemars(with = "Vec<Written>")]
    waivers: Vec<Spanned<Written>>,
}

/// A waiver: the findings that match every line of it. A line with several values matches any of
/// them. In texts `*` stands for any text and `?` for one character; `\*` and `\?` for themselves.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Waiver")]
struct Written {
    /// Ids of rules.
    #[serde(default)]
    rule: Any<String>,
    /// ARNs of resources, as the report has them.
    #[serde(default)]
    arn: Any<String>,
    /// Accounts.
    #[serde(default)]
    account: Any<String>,
    /// Regions; `aws-global` for what an account has once.
    #[serde(default)]
    region: Any<String>,
    /// Tags that the resource has, all of them; several such sets are alternatives.
    #[serde(default)]
    tag: Any<BTreeMap<String, String>>,
    /// Fingerprints of findings, as the report has them.
    #[serde(default)]
    fingerprint: Any<String>,
    /// Why this is accepted.
    reason: String,
    /// Who answers for it.
    owner: String,
    /// The last day, in UTC, on which it holds; without one it holds for good.
    #[schemars(with = "Option<NaiveDate>")]
    expires: Option<String>,
}

/// One value or several.
#[derive(Debug)]
struct Any<T>(Vec<T>);

impl<T> Default for Any<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T: JsonSchema> JsonSchema for Any<T> {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        format!("AnyOf{}", T::schema_name()).into()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> Schema {
        let one = generator.subschema_for::<T>();
        schemars::json_schema!({"anyOf": [one, {"type": "array", "items": one, "minItems": 1}]})
    }

    fn inline_schema() -> bool {
        true
    }
}

/// Not `untagged`: that would take an account without quotes for a number and refuse it.
impl<'de, T: Deserialize<'de> + FromText> Deserialize<'de> for Any<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(OneOrMore(PhantomData))
    }
}

/// What a scalar may be read as.
trait FromText: Sized {
    fn from_text(text: &str) -> Option<Self>;
}

impl FromText for String {
    fn from_text(text: &str) -> Option<Self> {
        Some(text.to_owned())
    }
}

impl FromText for BTreeMap<String, String> {
    fn from_text(_: &str) -> Option<Self> {
        None
    }
}

struct OneOrMore<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de> + FromText> Visitor<'de> for OneOrMore<T> {
    type Value = Any<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value or a list of values")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Any<T>, E> {
        T::from_text(text).map(|one| Any(vec![one])).ok_or_else(|| E::custom("a map such as {Environment: test} is wanted"))
    }

    fn visit_u64<E: de::Error>(self, number: u64) -> Result<Any<T>, E> {
        self.visit_str(&format!("{number:012}"))
    }

    fn visit_i64<E: de::Error>(self, number: i64) -> Result<Any<T>, E> {
        self.visit_str(&format!("{number:012}"))
    }

    /// An account that begins with a zero.
    fn visit_f64<E: de::Error>(self, number: f64) -> Result<Any<T>, E> {
        self.visit_str(&format!("{number:012.0}"))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut values: A) -> Result<Any<T>, A::Error> {
        let mut all = Vec::new();
        while let Some(value) = values.next_element()? {
            all.push(value);
        }
        if all.is_empty() { Err(de::Error::custom("an empty list matches nothing: leave the line out, or write a value")) } else { Ok(Any(all)) }
    }

    fn visit_map<A: de::MapAccess<'de>>(self, map: A) -> Result<Any<T>, A::Error> {
        T::deserialize(MapAccessDeserializer::new(map)).map(|one| Any(vec![one]))
    }
}

/// A waiver that has been read.
#[derive(Debug, Clone)]
pub struct Entry {
    /// The line on which it begins.
    pub line: usize,
    pub reason: String,
    pub owner: String,
    pub expires: Option<NaiveDate>,
    rule: Vec<Pattern>,
    arn: Vec<Pattern>,
    account: Vec<Pattern>,
    region: Vec<Pattern>,
    tag: Vec<BTreeMap<String, Pattern>>,
    fingerprint: Vec<Pattern>,
}

impl Entry {
    /// Whether the finding is as every line says.
    pub fn matches(&self, finding: &Finding) -> bool {
        let any = |patterns: &[Pattern], text: &str| patterns.is_empty() || patterns.iter().any(|pattern| pattern.matches(text));
        let resource = &finding.resource;
        let has = |tags: &BTreeMap<String, Pattern>| tags.iter().all(|(key, value)| resource.tags.get(key).is_some_and(|text| value.matches(text)));
        any(&self.rule, &finding.rule.id)
            && any(&self.arn, &resource.arn)
            && any(&self.account, &resource.account)
            && any(&self.region, &resource.region)
            && any(&self.fingerprint, &finding.fingerprint)
            && (self.tag.is_empty() || self.tag.iter().any(has))
    }
}

/// Reads a file.
pub fn parse(file: &Path, text: &str) -> Result<Vec<Entry>, WaiverError> {
    let at = |line: usize, reason: String| WaiverError { file: file.to_owned(), line, reason };
    let read: File = serde_saphyr::from_str(text).map_err(|error| at(line_of(error.location()), reason(&error)))?;
    let entries = read.waivers.into_iter().map(|Spanned { value, referenced, .. }| {
        let line = line_of(Some(referenced));
        entry(value, line).map_err(|reason| at(line, reason))
    });
    entries.collect()
}

fn line_of(location: Option<serde_saphyr::Location>) -> usize {
    location.map_or(1, |location| usize::try_from(location.line()).unwrap_or(1))
}

fn entry(written: Written, line: usize) -> Result<Entry, String> {
    let patterns = |texts: Any<String>| texts.0.iter().map(|text| Pattern::new(text)).collect::<Vec<_>>();
    let Written { rule, arn, account, region, tag, fingerprint, reason, owner, expires } = written;
    for (name, text) in [("reason", &reason), ("owner", &owner)] {
        if text.trim().is_empty() {
            return Err(format!("{name} is empty"));
        }
    }
    let day = |text: String| text.parse().map_err(|_| format!("expires: {text:?} is no day such as 2027-03-31"));
    let tag: Vec<BTreeMap<_, _>> = tag.0.into_iter().map(|tags| tags.into_iter().map(|(key, value)| (key, Pattern::new(&value))).collect()).collect();
    let entry = Entry {
        line,
        reason,
        owner,
        expires: expires.map(day).transpose()?,
        rule: patterns(rule),
        arn: patterns(arn),
        account: patterns(account),
        region: patterns(region),
        tag,
        fingerprint: patterns(fingerprint),
    };
    let lines = [&entry.rule, &entry.arn, &entry.account, &entry.region, &entry.fingerprint];
    if entry.tag.is_empty() && lines.iter().all(|patterns| patterns.is_empty()) {
        return Err("it would waive everything: say of which rule, ARN, account, region, tag or fingerprint".to_owned());
    }
    Ok(entry)
}

/// What is wrong, with the key that was perhaps meant.
fn reason(error: &serde_saphyr::Error) -> String {
    let text = error.without_snippet().to_string();
    let text = text.split(" at line ").next().unwrap_or(&text);
    let Some(unknown) = text.strip_prefix("unknown field `").and_then(|rest| rest.split('`').next()) else { return text.to_owned() };
    let schema = schema();
    let keys = ["/properties", "/$defs/Waiver/properties"].iter().filter_map(|pointer| schema.pointer(pointer)?.as_object());
    format!("unknown key {unknown:?}{}", suggest::nearest(unknown, keys.flat_map(|keys| keys.keys().map(String::as_str))))
}

/// The JSON schema of the file, for editors.
pub fn schema() -> Schema {
    SchemaSettings::draft2020_12().into_generator().into_root_schema_for::<File>()
}
