//! What the manifests of `docs/recipes` run.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

/// What a scheduler runs.
#[derive(serde::Deserialize)]
pub struct Recipe {
    pub collect: Vec<Step>,
    pub judge: Step,
}

/// One run.
#[derive(serde::Deserialize)]
pub struct Step {
    pub arguments: Vec<String>,
    pub environment: BTreeMap<String, String>,
}

/// The recipes by their schedulers, once their manifests are valid.
pub fn all() -> BTreeMap<String, Recipe> {
    let python = std::env::var("DBMOAT_TEST_PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let output = Command::new(python).arg(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/recipes.py")).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

impl Step {
    /// The run with a folder as the shared volume.
    pub fn command(&self, volume: &Path, environment: &[(&str, &str)]) -> Command {
        let arguments: Vec<_> = self.arguments.iter().map(|argument| argument.replace("/inventory", &volume.display().to_string())).collect();
        let built = Path::new(env!("CARGO_BIN_EXE_dbmoat")).parent().unwrap();
        let path = format!("{}:{}", built.display(), std::env::var("PATH").unwrap_or_default());
        let mut command = Command::new(&arguments[0]);
        command.args(&arguments[1..]).env_clear().env("PATH", path).env("HOME", "/nonexistent");
        command.envs(&self.environment).envs(environment.iter().copied());
        command
    }
}
