//! What CloudTrail records: of a resource's data events (`data_events`), and of an account's region
//! as a whole (`trails`).
//!
//! The selectors are evaluated on the resource, not searched for words. A selector that takes only
//! some events, by name or by who caused them, does not count: what it leaves out is not recorded.

use std::borrow::Cow;
use std::collections::BTreeSet;

use super::{Fact, Index, fact};
use crate::inventory::cloudtrail::{AdvancedEventSelector, AdvancedFieldSelector, EventDataStore, EventSelector, Trail};
use crate::inventory::kinds::Role;
use crate::inventory::{Gap, Kind, Known, Resource, kinds};
use crate::value::{IntoNode, Node};

fact! {
    /// What is recorded of the data events of one resource.
    DataEvents {
        /// Whether reads as well as writes are recorded.
        recorded: Known<bool>,
        /// The trails and event data stores that record some of them.
        by: Known<Vec<String>>,
    }

    /// What is recorded of an account in a region.
    Trails {
        /// Trails of all regions that record every management event, those of KMS and the RDS Data API
        /// too, and do so now.
        complete: Known<Vec<String>>,
        /// Types of resource that the region has and whose data events are not recorded.
        unrecorded_types: Known<Vec<String>>,
    }
}

/// `data_events`.
pub const DATA_EVENTS: Fact = Fact {
    name: "data_events",
    about: "Whether CloudTrail records who reads and writes the data of the resource: `data_events.recorded`, and by which trails and event data stores.",
    applies: has_data_events,
    schema: |_| schemars::schema_for!(DataEvents),
    operations: |_, _| Cow::Borrowed(&OPERATIONS),
    derive: |resource, index| data_events(resource, index).into_node().unwrap_or_else(|| Node::map([])),
};

/// `trails`.
pub const TRAILS: Fact = Fact {
    name: "trails",
    about: "What CloudTrail records of an account in a region: trails of every management event (`trails.complete`), and types without data events (`trails.unrecorded_types`).",
    applies: |kind| kind == kinds::ACCOUNT,
    schema: |_| schemars::schema_for!(Trails),
    operations: |_, field| {
        if field == "complete" {
            return Cow::Borrowed(&OPERATIONS[..3]);
        }
        let listings = Kind::all().filter(|kind| has_data_events(*kind)).flat_map(|kind| kind.operations).copied();
        Cow::Owned(OPERATIONS.into_iter().chain(listings).collect::<BTreeSet<_>>().into_iter().collect())
    },
    derive: |_, index| {
        let trails = Trails { complete: complete(index).into(), unrecorded_types: unrecorded_types(index).into() };
        trails.into_node().unwrap_or_else(|| Node::map([]))
    },
};

const OPERATIONS: [&str; 5] = [
    "cloudtrail:DescribeTrails",
    "cloudtrail:GetEventSelectors",
    "cloudtrail:GetTrailStatus",
    "cloudtrail:GetEventDataStore",
    "cloudtrail:ListEventDataStores",
];

/// The kinds that are types of data events too, under the same names.
const TYPES: [&str; 7] = [
    "AWS::Cassandra::Table",
    "AWS::DSQL::Cluster",
    "AWS::DynamoDB::Table",
    "AWS::NeptuneGraph::Graph",
    "AWS::RDS::DBCluster",
    "AWS::Timestream::Database",
    "AWS::Timestream::Table",
];

fn has_data_events(kind: Kind) -> bool {
    TYPES.contains(&kind.name)
}

fn data_events(resource: &Resource, index: &Index<'_>) -> DataEvents {
    let mut coverage = Coverage::default();
    let mut by = Vec::new();
    let mut unknown = None;
    match recorders(index) {
        Err(gap) => unknown = Some(gap),
        Ok(recorders) => {
            for (name, recorder) in recorders {
                match recorder.map(|recorder| recorder.covers(resource)) {
                    Ok(covered) if covered == Coverage::default() => {}
                    Ok(covered) => {
                        coverage = coverage.and(covered);
                        by.push(name);
                    }
                    Err(gap) => unknown = Some(gap),
                }
            }
        }
    }
    by.sort();
    match unknown {
        // What is recorded by one is recorded, whatever the others do.
        Some(gap) if !coverage.is_whole() => DataEvents { recorded: Known::Gap(gap.clone()), by: Known::Gap(gap) },
        _ => DataEvents { recorded: Known::Value(coverage.is_whole()), by: Known::Value(by) },
    }
}

fn complete(index: &Index<'_>) -> Result<Vec<String>, Gap> {
    let mut complete = Vec::new();
    let mut unknown = None;
    for row in index.trails().all()? {
        if row.data.IsMultiRegionTrail != Some(true) {
            continue;
        }
        match recording(row.resource, &row.data) {
            Ok(Some(recorder)) if recorder.takes_all_management_events() => complete.extend(row.data.Name.clone()),
            Ok(_) => {}
            Err(gap) => unknown = Some(gap),
        }
    }
    complete.sort();
    unknown.filter(|_| complete.is_empty()).map_or(Ok(complete), Err)
}

fn unrecorded_types(index: &Index<'_>) -> Result<Vec<String>, Gap> {
    let mut unrecorded = Vec::new();
    for kind in Kind::all().filter(|kind| has_data_events(*kind) && kind.role == Role::Judged) {
        let mut any = false;
        let mut recorded = false;
        for resource in index.of_kind(kind).iter().filter(|resource| has_data_api_if_it_needs_one(resource)) {
            any = true;
            recorded |= !data_events(resource, index).by.ok()?.is_empty();
        }
        match (any, index.scope.gap_in_listing(kind)) {
            (false, Some(gap)) => return Err(gap),
            (true, _) if !recorded => unrecorded.push(kind.name.to_owned()),
            _ => {}
        }
    }
    Ok(unrecorded)
}

/// The data events of a DB cluster are those of the RDS Data API.
fn has_data_api_if_it_needs_one(resource: &Resource) -> bool {
    let has_data_api = || resource.read::<crate::inventory::rds::DBCluster>().is_ok_and(|cluster| cluster.HttpEndpointEnabled == Some(true));
    resource.kind != kinds::DB_CLUSTER || has_data_api()
}

/// What a trail or an event data store takes.
struct Recorder<'a> {
    basic: &'a [EventSelector],
    advanced: &'a [AdvancedEventSelector],
}

/// A recorder by name, or why it is not known what it does. One that is switched off is none.
type Named<'a> = (String, Result<Recorder<'a>, Gap>);

fn recorders<'a>(index: &'a Index<'_>) -> Result<Vec<Named<'a>>, Gap> {
    let mut recorders = Vec::new();
    for row in index.trails().all()? {
        let name = row.data.Name.clone().unwrap_or_else(|| row.resource.arn.clone());
        recorders.extend(recording(row.resource, &row.data).transpose().map(|recorder| (name, recorder)));
    }
    for row in index.event_data_stores().all()? {
        let EventDataStore { Name, Status, AdvancedEventSelectors, .. } = &row.data;
        let name = Name.clone().unwrap_or_else(|| row.resource.arn.clone());
        let recorder = row.resource.required("Status", Status.as_deref()).and_then(|status| {
            let recorder = Recorder { basic: &[], advanced: AdvancedEventSelectors.as_deref().unwrap_or_default() };
            row.gap_of("AdvancedEventSelectors").map_or(Ok((status == "ENABLED").then_some(recorder)), Err)
        });
        recorders.extend(recorder.transpose().map(|recorder| (name, recorder)));
    }
    Ok(recorders)
}

fn recording<'a>(resource: &Resource, trail: &'a Trail) -> Result<Option<Recorder<'a>>, Gap> {
    if !resource.required("IsLogging", trail.IsLogging)? {
        return Ok(None);
    }
    let (basic, advanced) = (trail.EventSelectors.as_deref().unwrap_or_default(), trail.AdvancedEventSelectors.as_deref().unwrap_or_default());
    if basic.is_empty() && advanced.is_empty() {
        // A trail always has selectors, of the one sort or the other.
        return Err(resource.gap_of("EventSelectors").unwrap_or_else(|| resource.not_returned("EventSelectors")));
    }
    Ok(Some(Recorder { basic, advanced }))
}

/// Which events of a resource are taken.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Coverage {
    reads: bool,
    writes: bool,
}

impl Coverage {
    fn and(self, other: Self) -> Self {
        Self { reads: self.reads || other.reads, writes: self.writes || other.writes }
    }

    fn is_whole(self) -> bool {
        self.reads && self.writes
    }
}

impl Recorder<'_> {
    /// Which data events of the resource it takes.
    fn covers(&self, resource: &Resource) -> Coverage {
        let basic = self.basic.iter().filter(|selector| selector.takes(resource)).map(EventSelector::coverage);
        let event = [("eventCategory", "Data"), ("resources.type", resource.kind.name), ("resources.ARN", &resource.arn)];
        let advanced = self.advanced.iter().filter_map(|selector| selector.coverage(&event));
        basic.chain(advanced).fold(Coverage::default(), Coverage::and)
    }

    fn takes_all_management_events(&self) -> bool {
        let all_but = |selector: &EventSelector| {
            selector.IncludeManagementEvents == Some(true) && selector.ExcludeManagementEventSources.as_ref().is_none_or(Vec::is_empty)
        };
        let basic = self.basic.iter().filter(|selector| all_but(selector)).map(EventSelector::coverage);
        // Management events have no source that is known beforehand, so a selector by source leaves some out.
        let advanced = self.advanced.iter().filter_map(|selector| selector.coverage(&[("eventCategory", "Management")]));
        basic.chain(advanced).fold(Coverage::default(), Coverage::and).is_whole()
    }
}

impl EventSelector {
    fn coverage(&self) -> Coverage {
        let kind = self.ReadWriteType.as_deref().unwrap_or("All");
        Coverage { reads: kind != "WriteOnly", writes: kind != "ReadOnly" }
    }

    /// Of databases, basic selectors know DynamoDB's tables: by ARN, or all by the ARN's beginning.
    fn takes(&self, resource: &Resource) -> bool {
        let of_type = self.DataResources.iter().flatten().filter(|data| data.Type.as_deref() == Some(resource.kind.name));
        let mut values = of_type.flat_map(|data| data.Values.iter().flatten());
        values.any(|value| *value == resource.arn || (value.split(':').count() == 3 && resource.arn.starts_with(&format!("{value}:"))))
    }
}

impl AdvancedEventSelector {
    /// Which events it takes of those with these fields, if it takes them whatever their other fields.
    fn coverage(&self, event: &[(&str, &str)]) -> Option<Coverage> {
        let mut coverage = Coverage { reads: true, writes: true };
        for selector in self.FieldSelectors.as_deref()? {
            let field = selector.Field.as_deref()?;
            if field == "readOnly" {
                coverage = Coverage { reads: coverage.reads && selector.matches("true"), writes: coverage.writes && selector.matches("false") };
                continue;
            }
            let (_, value) = event.iter().find(|(name, _)| *name == field)?;
            if !selector.matches(value) {
                return None;
            }
        }
        Some(coverage)
    }
}

impl AdvancedFieldSelector {
    /// Whether one of the values wanted fits, if there are any, and none of those unwanted.
    fn matches(&self, value: &str) -> bool {
        let equal = |wanted: &str| value == wanted;
        let any = |values: &Option<Vec<String>>, fits: &dyn Fn(&str) -> bool| values.iter().flatten().any(|wanted| fits(wanted));
        let wanted = [&self.Equals, &self.StartsWith, &self.EndsWith].into_iter().flatten().any(|values| !values.is_empty());
        let fits = any(&self.Equals, &equal)
            || any(&self.StartsWith, &|wanted| value.starts_with(wanted))
            || any(&self.EndsWith, &|wanted| value.ends_with(wanted));
        let unfit = any(&self.NotEquals, &equal)
            || any(&self.NotStartsWith, &|wanted| value.starts_with(wanted))
            || any(&self.NotEndsWith, &|wanted| value.ends_with(wanted));
        (fits || !wanted) && !unfit
    }
}
