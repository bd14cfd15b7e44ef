//! Embeds the rules and fixtures: their text, for `rules lint|test|show`, and a digest of the rules
//! as JSON without their cases, because parsing YAML at every start would take longer than the scan
//! of a small account.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

fn main() -> Result<(), String> {
    println!("cargo::rerun-if-changed=rules");
    println!("cargo::rerun-if-changed=fixtures/resources");
    let rules = files(Path::new("rules"))?;
    let fixtures = files(Path::new("fixtures/resources"))?;

    let mut digest: Vec<(&str, BTreeMap<String, serde_json::Value>)> = Vec::new();
    for (name, file) in &rules {
        let text = fs::read_to_string(file).map_err(|error| format!("{}: {error}", file.display()))?;
        digest.push((name, rule(&text).map_err(|error| format!("{}: {error}", file.display()))?));
    }
    let out = PathBuf::from(env::var("OUT_DIR").map_err(|error| error.to_string())?);
    let json = serde_json::to_string(&digest).map_err(|error| error.to_string())?;
    fs::write(out.join("rules.json"), json).map_err(|error| error.to_string())?;
    let code = format!(
        "/// The rule files by their path below `rules/`.\npub static RULE_FILES: &[(&str, &str)] = &[\n{}];\n\
         /// The compliant resources by file name.\npub static FIXTURE_FILES: &[(&str, &str)] = &[\n{}];\n\
         static RULE_DIGEST: &str = include_str!(concat!(env!(\"OUT_DIR\"), \"/rules.json\"));\n",
        table(&rules)?,
        table(&fixtures)?
    );
    fs::write(out.join("embedded.rs"), code).map_err(|error| error.to_string())
}

/// The keys of a rule but its cases, whose `!gap` JSON cannot hold.
fn rule(text: &str) -> Result<BTreeMap<String, serde_json::Value>, String> {
    let keys: BTreeMap<String, Key> = serde_saphyr::from_str(text).map_err(|error| error.to_string())?;
    Ok(keys.into_iter().filter(|(name, _)| name != "cases").map(|(name, Key(value))| (name, value)).collect())
}

/// Any YAML value, its tags taken off.
struct Key(serde_json::Value);

impl<'de> serde::Deserialize<'de> for Key {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(KeyVisitor)
    }
}

struct KeyVisitor;

impl<'de> serde::de::Visitor<'de> for KeyVisitor {
    type Value = Key;
    fn expecting(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        f.write_str("a value")
    }
    fn visit_unit<E>(self) -> Result<Key, E> {
        Ok(Key(serde_json::Value::Null))
    }
    fn visit_none<E>(self) -> Result<Key, E> {
        Ok(Key(serde_json::Value::Null))
    }
    fn visit_bool<E>(self, value: bool) -> Result<Key, E> {
        Ok(Key(value.into()))
    }
    fn visit_i64<E>(self, value: i64) -> Result<Key, E> {
        Ok(Key(value.into()))
    }
    fn visit_u64<E>(self, value: u64) -> Result<Key, E> {
        Ok(Key(value.into()))
    }
    fn visit_f64<E>(self, value: f64) -> Result<Key, E> {
        Ok(Key(value.into()))
    }
    fn visit_str<E>(self, value: &str) -> Result<Key, E> {
        Ok(Key(value.into()))
    }
    fn visit_seq<A: serde::de::SeqAccess<'de>>(self, mut seq: A) -> Result<Key, A::Error> {
        let mut values = Vec::new();
        while let Some(Key(value)) = seq.next_element()? {
            values.push(value);
        }
        Ok(Key(values.into()))
    }
    fn visit_map<A: serde::de::MapAccess<'de>>(self, mut map: A) -> Result<Key, A::Error> {
        let mut fields = serde_json::Map::new();
        while let Some((name, Key(value))) = map.next_entry::<String, Key>()? {
            fields.insert(name, value);
        }
        Ok(Key(fields.into()))
    }
}

/// The YAML files below a folder, by their path in it with forward slashes.
fn files(folder: &Path) -> Result<Vec<(String, PathBuf)>, String> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(current) = folders.pop() {
        for entry in fs::read_dir(&current).map_err(|error| format!("{}: {error}", current.display()))? {
            let path = entry.map_err(|error| error.to_string())?.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "yaml") {
                let name = path.strip_prefix(folder).unwrap_or(&path).to_string_lossy().replace('\\', "/");
                found.push((name, path));
            }
        }
    }
    found.sort();
    Ok(found)
}

fn table(files: &[(String, PathBuf)]) -> Result<String, String> {
    let mut table = String::new();
    for (name, path) in files {
        // Found again when another checkout shares the target folder.
        let path = format!("/{}", path.display()).replace('\\', "/");
        writeln!(table, "    ({name:?}, include_str!(concat!(env!(\"CARGO_MANIFEST_DIR\"), {path:?}))),").map_err(|error| error.to_string())?;
    }
    Ok(table)
}
