//! What an expression sees: one resource, its tags, the rule's parameters, the time, and facts,
//! each derived when first read and at most once a resource.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use cel::common::types::{CelString, CelTimestamp};
use cel::common::value::CowVal;
use cel::context::VariableResolver;

use super::decide::{Value, Values, Variable};
use super::expression::{Path, resolve};
use crate::facts::{self, FACTS, Index};
use crate::finding::ResourceRef;
use crate::inventory::{Gap, Resource, shape::Timestamp};
use crate::value::Node;

/// The variables of one resource, whatever rule looks at it.
pub struct Subject<'a, 's> {
    pub resource: &'a Resource,
    data: Node<'a>,
    tags: OnceLock<Node<'a>>,
    tag_keys: OnceLock<Node<'a>>,
    name: CelString<'a>,
    now: CelTimestamp,
    index: Option<&'a Index<'s>>,
    /// Those that resources of the kind have, and where in them each fact is.
    facts: Vec<OnceLock<Node<'a>>>,
    positions: &'static [Option<usize>],
    reference: OnceLock<Arc<ResourceRef>>,
}

impl<'a, 's> Subject<'a, 's> {
    /// The variables of a resource in its scope.
    pub fn new(resource: &'a Resource, index: &'a Index<'s>) -> Self {
        Self::of(resource, index.node(resource), Some(index), index.scope.collected_at)
    }

    /// The variables of a case: facts are given, not derived.
    pub fn given(resource: &'a Resource, data: Node<'a>, tags: Node<'a>, given: BTreeMap<String, Node<'a>>, now: Timestamp) -> Self {
        let mut subject = Self::of(resource, data, None, now);
        subject.tags = OnceLock::from(tags);
        for (fact, position) in FACTS.iter().zip(subject.positions) {
            if let (Some(given), Some(position)) = (given.get(fact.name), position) {
                subject.facts[*position] = OnceLock::from(given.clone());
            }
        }
        subject
    }

    fn of(resource: &'a Resource, data: Node<'a>, index: Option<&'a Index<'s>>, now: Timestamp) -> Self {
        let name = data.get(resource.kind.name_field).and_then(Node::as_str).map(ToOwned::to_owned);
        let name = name.unwrap_or_else(|| resource.arn.rsplit([':', '/']).next().unwrap_or_default().to_owned());
        let positions = facts::positions_of(resource.kind);
        Self {
            resource,
            data,
            tags: OnceLock::new(),
            tag_keys: OnceLock::new(),
            name: name.into(),
            now: CelTimestamp::from(now.fixed_offset()),
            index,
            facts: positions.iter().flatten().map(|_| OnceLock::new()).collect(),
            positions,
            reference: OnceLock::new(),
        }
    }

    /// The resource's name.
    pub fn name(&self) -> &str {
        self.name.inner()
    }

    fn tags(&self) -> &Node<'a> {
        let resource = self.resource;
        self.tags.get_or_init(|| match self.index.and_then(|index| index.scope.gap_in_tags(resource)) {
            Some(gap) => Node::Gap(Arc::new(gap)),
            None => Node::map(resource.tags.iter().map(|(key, value)| (key.as_str().into(), Node::String(value.as_str().into())))),
        })
    }

    fn tag_keys(&self) -> &Node<'a> {
        self.tag_keys.get_or_init(|| keys_of(self.tags()))
    }

    /// What findings say of the resource.
    pub fn reference(&self) -> &Arc<ResourceRef> {
        self.reference.get_or_init(|| {
            let Resource { arn, kind, account, region, tags, .. } = self.resource;
            let (arn, account, region, tags) = (arn.clone(), account.clone(), region.clone(), tags.clone());
            Arc::new(ResourceRef { arn, kind: *kind, name: self.name().to_owned(), account, region, tags })
        })
    }

    /// The nodes that a path leads to; none for variables that are no nodes.
    pub fn nodes(&self, path: &Path) -> Vec<&Node<'a>> {
        let Some((root, rest)) = path.split_first() else { return Vec::new() };
        match root.as_str() {
            "resource" => resolve(&self.data, rest),
            "tags" => resolve(self.tags(), rest),
            "tag_keys" => resolve(self.tag_keys(), rest),
            root => self.fact(root).map_or_else(Vec::new, |node| resolve(node, rest)),
        }
    }

    /// The gaps that stand on a path.
    pub fn gaps<'p>(&self, paths: impl IntoIterator<Item = &'p Path>) -> Vec<Gap> {
        let nodes = paths.into_iter().flat_map(|path| self.nodes(path));
        let mut gaps: Vec<_> = nodes
            .filter_map(|node| match node {
                Node::Gap(gap) => Some(gap.as_ref().clone()),
                _ => None,
            })
            .collect();
        gaps.sort();
        gaps.dedup();
        gaps
    }

    fn fact(&self, name: &str) -> Option<&Node<'a>> {
        self.fact_at(facts::position(name)?)
    }

    fn fact_at(&self, position: usize) -> Option<&Node<'a>> {
        let fact = self.facts.get((*self.positions.get(position)?)?)?;
        match self.index {
            Some(index) => Some(fact.get_or_init(|| (FACTS[position].derive)(self.resource, index))),
            None => fact.get(),
        }
    }
}

/// The keys of tags, as a list: CEL goes through lists.
fn keys_of(tags: &Node<'_>) -> Node<'static> {
    match tags {
        Node::Map(fields) => Node::List(fields.iter().map(|(key, _)| Node::String(key.to_owned().into())).collect()),
        Node::Gap(gap) => Node::Gap(Arc::clone(gap)),
        _ => Node::List([].into()),
    }
}

/// A subject under one rule: its variables with the rule's parameters.
pub struct Variables<'v, 'a, 's> {
    pub subject: &'v Subject<'a, 's>,
    pub params: &'v Node<'static>,
}

/// The node as a variable. What is unreadable as a whole is no value that `==` could compare or a
/// list could hold, so it is left undeclared: any use of it is an error, as a gap's is.
fn readable<'b>(node: &'b Node<'_>) -> Option<CowVal<'b, 'b>> {
    match node {
        Node::Gap(_) => None,
        _ => Some(CowVal::Borrowed(node as &dyn cel::common::value::Val)),
    }
}

impl VariableResolver for Variables<'_, '_, '_> {
    fn resolve<'b>(&'b self, variable: &str) -> Option<CowVal<'b, 'b>> {
        let subject = self.subject;
        match variable {
            // Of `resource.Engine` CEL first asks whether that is a variable.
            qualified if qualified.contains('.') => None,
            "resource" => readable(&subject.data),
            "tags" => readable(subject.tags()),
            "tag_keys" => readable(subject.tag_keys()),
            "params" => Some(CowVal::Borrowed(self.params)),
            "now" => Some(CowVal::Borrowed(&subject.now)),
            "name" => Some(CowVal::owned(CelString::from(subject.name.inner()))),
            "arn" => Some(CowVal::owned(CelString::from(subject.resource.arn.as_str()))),
            "account" => Some(CowVal::owned(CelString::from(subject.resource.account.as_str()))),
            "region" => Some(CowVal::owned(CelString::from(subject.resource.region.as_str()))),
            fact => subject.fact(fact).and_then(readable),
        }
    }
}

impl Values for Variables<'_, '_, '_> {
    fn value(&self, variable: Variable) -> Option<Value<'_>> {
        let subject = self.subject;
        match variable {
            Variable::Resource => Value::of(&subject.data),
            Variable::Tags => Value::of(subject.tags()),
            Variable::TagKeys => Value::of(subject.tag_keys()),
            Variable::Params => Value::of(self.params),
            Variable::Name => Some(Value::Text(subject.name.inner())),
            Variable::Arn => Some(Value::Text(&subject.resource.arn)),
            Variable::Account => Some(Value::Text(&subject.resource.account)),
            Variable::Region => Some(Value::Text(&subject.resource.region)),
            Variable::Now => Some(Value::Time(*subject.now.inner())),
            Variable::Fact(position) => subject.fact_at(position).and_then(Value::of),
        }
    }
}
