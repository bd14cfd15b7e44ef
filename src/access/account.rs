//! The principals of one account, found by action and resource pattern, so that a database is
//! compared with the few statements that may speak of it.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use super::patterns::Patterns;
use super::rights::RIGHTS;
use crate::facts::identity::{Granted, Principal};
use crate::facts::policy::{Ceiling, Context, Effect, Policy, Request, Statement, filled};
use crate::inventory::shape::Timestamp;

/// A name that no policy knows.
pub const ANY: &str = "~a-name-that-no-policy-knows~";

/// Who there is, and which statements speak of which actions.
pub struct Account<'g> {
    pub holders: Vec<Holder<'g>>,
    patterns: Patterns,
    actions: HashMap<&'static str, Spoken>,
    /// What the service control policies over the account say of each action.
    over: BTreeMap<&'static str, About>,
    /// What was decided, by region.
    decided: HashMap<String, HashMap<Question, Option<Arc<Granted>>>>,
}

/// A principal by its position, an action, and the patterns of the principal that match the resource.
type Question = (usize, &'static str, Vec<u32>);

/// A principal, and what is known of whatever it does.
pub struct Holder<'g> {
    pub principal: &'g Principal,
    pub context: Context,
}

/// Who has statements about one action.
#[derive(Default)]
struct Spoken {
    /// By the resource pattern of the statement that allows it.
    allowing: HashMap<u32, Vec<usize>>,
    about: HashMap<usize, About>,
}

/// What statements of one principal, or of one policy, say of an action.
#[derive(Default, Clone)]
struct About {
    allowing: BTreeSet<u32>,
    /// All patterns, those of Deny statements, of the boundary and of service control policies too.
    patterns: BTreeSet<u32>,
    /// Whether it depends on more of a resource than which patterns match it.
    each: bool,
}

/// What somebody may do something to.
pub enum Resource {
    One(String),
    /// Whatever is within: an ARN that ends with a slash.
    Within(String),
}

impl Resource {
    /// The thing itself, or one of those within of which no policy knows the name.
    pub fn example(&self) -> String {
        match self {
            Self::One(arn) => arn.clone(),
            Self::Within(whole) => format!("{whole}{ANY}"),
        }
    }
}

/// What is known of a request beside who makes it.
pub struct Circumstances<'a> {
    /// The region that is asked, where it has to be the database's.
    pub region: Option<&'a str>,
    /// Adds the tags of the database.
    pub tags: &'a dyn Fn(Context) -> Context,
}

impl Circumstances<'_> {
    /// All that is known of a request of somebody.
    pub fn of(&self, holder: &Holder<'_>) -> Context {
        (self.tags)(self.without_tags(holder))
    }

    fn without_tags(&self, holder: &Holder<'_>) -> Context {
        let context = holder.context.clone();
        match self.region {
            Some(region) => context.with("aws:RequestedRegion", region),
            None => context,
        }
    }
}

impl<'g> Account<'g> {
    /// Indexes the principals' statements and those of service control policies, those of a policy once
    /// for all that have it.
    pub fn new(principals: Vec<&'g Principal>, ceiling: Option<&Ceiling>, now: Timestamp) -> Self {
        let holders: Vec<_> = principals.into_iter().map(|principal| Holder { principal, context: principal.context(now) }).collect();
        let (patterns, actions, over, decided) = Default::default();
        let mut account = Self { holders: Vec::new(), patterns, actions, over, decided };
        let actions: BTreeSet<_> = RIGHTS.iter().flat_map(|right| right.actions).copied().collect();
        for policy in ceiling.into_iter().flat_map(Ceiling::policies) {
            for (action, about) in said(policy, &actions, &mut account.patterns) {
                account.over.entry(action).or_default().add(&about);
            }
        }
        let mut read: HashMap<*const Policy, BTreeMap<&'static str, About>> = HashMap::new();
        for (number, holder) in holders.iter().enumerate() {
            let (granting, boundary) = holder.principal.documents();
            for (policy, grants) in granting.map(|policy| (policy, true)).chain(boundary.map(|policy| (policy, false))) {
                let said = read.entry(Arc::as_ptr(policy)).or_insert_with(|| said(policy, &actions, &mut account.patterns));
                for (action, about) in &*said {
                    account.actions.entry(action).or_default().add(number, about, grants);
                }
            }
        }
        account.holders = holders;
        account
    }

    /// Who may do the action to the resource, and by what.
    pub fn granted(&mut self, action: &'static str, resource: &Resource, circumstances: &Circumstances<'_>) -> BTreeMap<usize, Arc<Granted>> {
        let Some(spoken) = self.actions.get(action) else { return BTreeMap::new() };
        let matching = match resource {
            Resource::One(arn) => self.patterns.of(arn),
            Resource::Within(whole) => {
                let within = self.patterns.within(whole.trim_end_matches('/'));
                self.patterns.of(&resource.example()).into_iter().chain(within).collect()
            }
        };
        let candidates: BTreeSet<usize> = matching.iter().filter_map(|pattern| spoken.allowing.get(pattern)).flatten().copied().collect();
        let over = self.over.get(action);
        let of_over: Vec<u32> = over.iter().flat_map(|over| over.patterns.intersection(&matching)).copied().collect();
        let decided = self.decided.entry(circumstances.region.unwrap_or_default().to_owned()).or_default();
        let mut granted = BTreeMap::new();
        for number in candidates {
            let Some(about) = spoken.about.get(&number) else { continue };
            let own: Vec<u32> = about.patterns.intersection(&matching).chain(&of_over).copied().collect();
            let holder = &self.holders[number];
            let decide = |own: &[u32], context: &Context| {
                let arns = arns(resource, own, &self.patterns);
                decide(arns.iter().filter_map(|arn| holder.principal.granted(Request { action, resource: arn, context })))
            };
            let answer = if about.each || over.is_some_and(|over| over.each) {
                decide(&own, &circumstances.of(holder))
            } else {
                let decide = |(_, _, own): &Question| decide(own, &circumstances.without_tags(holder));
                decided.entry((number, action, own)).or_insert_with_key(decide).clone()
            };
            granted.extend(answer.map(|answer| (number, answer)));
        }
        granted
    }
}

/// The resources to try: one of any name, and of things within also those that the patterns name.
fn arns(resource: &Resource, patterns: &[u32], known: &Patterns) -> BTreeSet<String> {
    let whole = match resource {
        Resource::One(arn) => return BTreeSet::from([arn.clone()]),
        Resource::Within(whole) => whole,
    };
    let named = patterns.iter().filter_map(|number| known.text(*number).rsplit_once('/'));
    let named = named.map(|(_, name)| filled(name, ANY, &Context::default()));
    named.chain([ANY.to_owned()]).map(|name| format!("{whole}{name}")).collect()
}

/// All grants together; where one is certain, those that are not say nothing more.
fn decide(grants: impl Iterator<Item = Granted>) -> Option<Arc<Granted>> {
    let (certain, maybe): (Vec<_>, Vec<_>) = grants.partition(|granted| granted.depends.is_empty());
    let chosen = if certain.is_empty() { maybe } else { certain };
    let all = chosen.into_iter().reduce(|mut all, granted| {
        all.statements.extend(granted.statements);
        all.depends.extend(granted.depends);
        all
    });
    all.map(Arc::new)
}

impl Spoken {
    fn add(&mut self, number: usize, said: &About, grants: bool) {
        self.about.entry(number).or_default().add(said);
        for pattern in said.allowing.iter().filter(|_| grants) {
            let holders = self.allowing.entry(*pattern).or_default();
            if holders.last() != Some(&number) {
                holders.push(number);
            }
        }
    }
}

impl About {
    /// Adds all but who is allowed.
    fn add(&mut self, said: &Self) {
        self.patterns.extend(&said.patterns);
        self.each |= said.each;
    }
}

/// What a policy says of each action.
fn said(policy: &Policy, actions: &BTreeSet<&'static str>, patterns: &mut Patterns) -> BTreeMap<&'static str, About> {
    let mut said: BTreeMap<_, About> = BTreeMap::new();
    for (_, statement) in policy.statements() {
        let covered: Vec<_> = actions.iter().filter(|action| statement.covers_action(action)).collect();
        if covered.is_empty() {
            continue;
        }
        let named: BTreeSet<u32> = statement.resources().map(|pattern| patterns.number(pattern)).collect();
        // All but some: anything may be meant.
        let meant = if statement.resource.is_some() { named.clone() } else { BTreeSet::from([patterns.number("*")]) };
        for action in covered {
            let about = said.entry(*action).or_default();
            if statement.effect == Effect::Allow {
                about.allowing.extend(&meant);
            }
            about.patterns.extend(named.iter().chain(&meant));
            about.each |= depends_on_each(statement);
        }
    }
    said
}

fn depends_on_each(statement: &Statement) -> bool {
    let on_tags = |text: &str| text.to_ascii_lowercase().contains("aws:resourcetag/");
    let mut conditions = statement.condition.values().flatten();
    statement.resources().any(|pattern| pattern.contains("${"))
        || conditions.any(|(key, values)| on_tags(key) || values.iter().any(|value| on_tags(&value.text())))
}
