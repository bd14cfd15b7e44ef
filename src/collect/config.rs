//! What AWS Config records: asked once the databases of the region are known, and only where there
//! are some.

use std::collections::{BTreeMap, HashMap};

use super::Session;
use super::ask::Ask;
use crate::inventory::config::{ConfigurationRecorder, recorded_as};
use crate::inventory::kinds;
use crate::inventory::shape::FromSdk;

/// Collects the recorders that the account made. Those that a service made for itself are not
/// returned unless they are asked for by name, and give the account nothing.
pub async fn collect(ask: &Ask<'_>, session: &Session) {
    const STATUS: &str = "config:DescribeConfigurationRecorderStatus";
    let used = !ask.map_resources(|resource| recorded_as(resource.kind)).is_empty();
    ask.wants("config:DescribeConfigurationRecorders");
    ask.wants_details(kinds::CONFIGURATION_RECORDER);
    if !used {
        return;
    }
    let client = session.config_recorders(ask.region());
    let (recorders, (status, gap)) = tokio::join!(
        ask.one("config:DescribeConfigurationRecorders", client.describe_configuration_recorders().send()),
        ask.detail(kinds::CONFIGURATION_RECORDER, STATUS, client.describe_configuration_recorder_status().send()),
    );
    let status = status.and_then(|answer| answer.configuration_recorders_status).unwrap_or_default();
    let recording: HashMap<_, _> = status.into_iter().filter_map(|status| Some((status.name?, status.recording))).collect();
    for sdk in recorders.and_then(|answer| answer.configuration_recorders).unwrap_or_default() {
        let mut recorder = ConfigurationRecorder::from_sdk(sdk);
        let name = recorder.name.clone().unwrap_or_default();
        recorder.recording = recording.get(&name).copied();
        let arn = ask.arn("config", &format!("configuration-recorder/{name}"));
        ask.add(kinds::CONFIGURATION_RECORDER, Some(&arn), BTreeMap::new(), &recorder, gap.clone().into_iter().collect());
    }
}
