//! The values that expressions see: a resource's data, borrowed from the inventory, with its gaps.
//!
//! A [`Node`] is built once a resource, not once a rule. A field that could not be read is a
//! [`Node::Gap`]: to touch it, even with `has()`, is an error that is not "no such key", so an
//! expression either is decided without it (`true || gap`) or is not decided at all.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use cel::ExecutionError;
use cel::common::traits::{Container, Indexer, Iterable, Iterator as CelIterator, Sizer};
use cel::common::types::{CelBool, CelDouble, CelInt, CelNull, CelString, LIST_TYPE, MAP_TYPE, Type};
use cel::common::value::{CowVal, Val};

use crate::inventory::{Gap, Known, Reason, Resource};

/// A value, its strings borrowed for `'a`. Cloning is cheap.
#[derive(Clone)]
pub enum Node<'a> {
    Null(CelNull),
    Bool(CelBool),
    Int(CelInt),
    Double(CelDouble),
    String(CelString<'a>),
    List(Arc<[Node<'a>]>),
    Map(Arc<Fields<'a>>),
    Gap(Arc<Gap>),
}

/// The fields of a map, in the order they were written.
#[derive(Default)]
pub struct Fields<'a>(Vec<(Cow<'a, str>, Node<'a>)>);

impl<'a> Node<'a> {
    /// A map of the given fields.
    pub fn map(fields: impl IntoIterator<Item = (Cow<'a, str>, Node<'a>)>) -> Self {
        Self::Map(Arc::new(Fields(fields.into_iter().collect())))
    }

    /// The field of a map; none for other values.
    pub fn get(&self, field: &str) -> Option<&Node<'a>> {
        match self {
            Self::Map(fields) => fields.get(field),
            _ => None,
        }
    }

    /// The text of a string; none for other values.
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::String(text) => Some(text.inner()),
            _ => None,
        }
    }

    /// Puts a gap in place of a field, whether it was there or not.
    pub fn mark_gap(&mut self, field: &str, gap: Gap) {
        if let Self::Map(fields) = self {
            let mut all: Vec<_> = fields.0.iter().filter(|(name, _)| name != field).cloned().collect();
            all.push((Cow::Owned(field.to_owned()), Self::Gap(Arc::new(gap))));
            *self = Self::map(all);
        }
    }

    /// The node in `cel`'s terms: scalars as its own types, so that all its functions take them.
    fn as_val<'b, 'v>(&'b self) -> &'b (dyn Val + 'v)
    where
        'a: 'v,
    {
        match self {
            Self::Null(value) => value,
            Self::Bool(value) => value,
            Self::Int(value) => value,
            Self::Double(value) => value,
            Self::String(value) => value,
            Self::List(_) | Self::Map(_) | Self::Gap(_) => self,
        }
    }

    /// The node as an operand, or the error that a gap is.
    pub fn operand<'b, 'v>(&'b self) -> Result<CowVal<'b, 'v>, ExecutionError>
    where
        'a: 'v,
    {
        match self {
            Self::Gap(gap) => Err(gap_error(gap)),
            _ => Ok(CowVal::Borrowed(self.as_val())),
        }
    }
}

/// A resource's data, with its gaps in place; a gap as a whole where it has not its kind's shape.
pub fn of_resource(resource: &Resource) -> Node<'_> {
    let unreadable = |why: String| {
        let operation = resource.kind.operations.first().copied().unwrap_or_default();
        Node::Gap(Arc::new(Gap::new(operation, Reason::Failed, why)))
    };
    let mut node: Node<'_> = match serde_json::from_str(resource.data.get()) {
        Ok(node @ Node::Map(_)) => node,
        Ok(_) => return unreadable(format!("the data of {} is no object", resource.arn)),
        Err(error) => return unreadable(error.to_string()),
    };
    for gap in &resource.gaps {
        for field in &gap.fields {
            node.mark_gap(field, gap.gap.clone());
        }
    }
    node
}

impl<'a> Fields<'a> {
    /// The field of that name.
    pub fn get(&self, field: &str) -> Option<&Node<'a>> {
        self.0.iter().find(|(name, _)| name == field).map(|(_, node)| node)
    }

    /// All fields.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Node<'a>)> {
        self.0.iter().map(|(name, node)| (name.as_ref(), node))
    }
}

/// The name under which a gap passes through `cel`, which has no error of ours.
const GAP_FUNCTION: &str = "dbmoat.gap";

fn gap_error(gap: &Gap) -> ExecutionError {
    let text = serde_json::to_string(gap).unwrap_or_else(|_| gap.operation.clone());
    ExecutionError::FunctionError { function: GAP_FUNCTION.to_owned(), message: text }
}

/// The gap behind an evaluation error, if a gap caused it.
pub fn gap_of(error: &ExecutionError) -> Option<Gap> {
    match error {
        ExecutionError::FunctionError { function, message } if function == GAP_FUNCTION => serde_json::from_str(message).ok(),
        _ => None,
    }
}

/// Whether something unread caused an evaluation error: a gap, or a variable that is one as a whole
/// and so was not declared. The linter lets no other variable be undeclared.
pub fn is_unknown(error: &ExecutionError) -> bool {
    gap_of(error).is_some() || matches!(error, ExecutionError::UndeclaredReference(_))
}

impl Val for Node<'_> {
    fn get_type(&self) -> &Type {
        match self {
            Self::List(_) => &LIST_TYPE_OF_NODE,
            Self::Map(_) => &MAP_TYPE_OF_NODE,
            Self::Null(value) => value.get_type(),
            Self::Bool(value) => value.get_type(),
            Self::Int(value) => value.get_type(),
            Self::Double(value) => value.get_type(),
            Self::String(value) => value.get_type(),
            Self::Gap(_) => &GAP_TYPE,
        }
    }

    fn cel_type() -> &'static Type {
        &GAP_TYPE
    }

    fn as_container(&self) -> Option<&dyn Container> {
        matches!(self, Self::List(_) | Self::Map(_)).then_some(self as _)
    }

    fn as_indexer<'b, 'v>(&'b self) -> Option<&'b (dyn Indexer + 'v)>
    where
        Self: 'v,
    {
        matches!(self, Self::List(_) | Self::Map(_) | Self::Gap(_)).then_some(self as _)
    }

    /// Only lists: the linter refuses to iterate over a map, whose keys a gap may lack.
    fn as_iterable<'b, 'v>(&'b self) -> Option<&'b (dyn Iterable + 'v)>
    where
        Self: 'v,
    {
        matches!(self, Self::List(_)).then_some(self as _)
    }

    /// A map with a gap has no size: the unread field may be there or not.
    fn as_sizer(&self) -> Option<&dyn Sizer> {
        match self {
            Self::List(_) => Some(self),
            Self::Map(fields) => (!fields.iter().any(|(_, node)| matches!(node, Self::Gap(_)))).then_some(self as _),
            _ => None,
        }
    }

    /// Lists equal any list with equal elements. Maps are never compared: the linter refuses it.
    fn equals(&self, other: &dyn Val) -> bool {
        match self {
            Self::List(nodes) => {
                let Some(others) = other.as_iterable() else { return false };
                if other.get_type().name() != LIST_TYPE_OF_NODE.name() {
                    return false;
                }
                let mut others = others.iter();
                nodes.iter().all(|node| others.next().is_some_and(|other| node.as_val().equals(other))) && others.next().is_none()
            }
            Self::Map(_) | Self::Gap(_) => false,
            _ => self.as_val().equals(other),
        }
    }

    fn clone_as_boxed<'v>(&self) -> Box<dyn Val + 'v>
    where
        Self: 'v,
    {
        match self {
            Self::List(_) | Self::Map(_) | Self::Gap(_) => Box::new(self.clone()),
            scalar => scalar.as_val().clone_as_boxed(),
        }
    }
}

static LIST_TYPE_OF_NODE: Type = LIST_TYPE;
static MAP_TYPE_OF_NODE: Type = MAP_TYPE;
static GAP_TYPE: Type = Type::new_unspecified_type("gap");

impl Indexer for Node<'_> {
    fn get<'b, 'v>(&'b self, index: &dyn Val) -> Result<CowVal<'b, 'v>, ExecutionError>
    where
        Self: 'v,
    {
        match self {
            Self::Map(fields) => {
                let name = index.downcast_ref::<CelString>().map_or("", |name| name.inner());
                fields.get(name).ok_or_else(|| ExecutionError::no_such_key(name))?.operand()
            }
            Self::List(nodes) => {
                // No missing key, for which has() would say that a field of the list is absent.
                let types = || vec![self.get_type().name().to_owned(), index.get_type().name().to_owned()];
                let position = index.downcast_ref::<CelInt>().ok_or_else(|| ExecutionError::no_such_overload("_[_]", types()))?;
                let node = usize::try_from(*position.inner()).ok().and_then(|position| nodes.get(position));
                node.ok_or_else(|| ExecutionError::no_such_key("index out of range"))?.operand()
            }
            Self::Gap(gap) => Err(gap_error(gap)),
            _ => Err(ExecutionError::no_such_overload("_[_]", vec![self.get_type().name().to_owned()])),
        }
    }

    fn steal<'v>(self: Box<Self>, index: &dyn Val) -> Result<Box<dyn Val + 'v>, ExecutionError>
    where
        Self: 'v,
    {
        Indexer::get(self.as_ref(), index).map(CowVal::into_owned)
    }
}

impl Container for Node<'_> {
    fn contains(&self, value: &dyn Val) -> Result<bool, ExecutionError> {
        match self {
            Self::List(nodes) => Ok(nodes.iter().any(|node| node.as_val().equals(value))),
            // `"x" in map` asks for the same as has(): a gap must not answer it.
            Self::Map(fields) => match value.downcast_ref::<CelString>().and_then(|name| fields.get(name.inner())) {
                Some(Self::Gap(gap)) => Err(gap_error(gap)),
                found => Ok(found.is_some()),
            },
            _ => Err(ExecutionError::no_such_overload("@in", vec![self.get_type().name().to_owned()])),
        }
    }
}

impl Sizer for Node<'_> {
    fn size(&self) -> CelInt {
        let size = match self {
            Self::List(nodes) => nodes.len(),
            Self::Map(fields) => fields.0.len(),
            _ => 0,
        };
        CelInt::from(i64::try_from(size).unwrap_or(i64::MAX))
    }
}

impl Iterable for Node<'_> {
    fn iter<'b, 'v>(&'b self) -> Box<dyn CelIterator<'b, 'v> + 'b>
    where
        Self: 'v,
    {
        match self {
            Self::List(nodes) => Box::new(Elements(nodes.iter())),
            _ => Box::new(Elements([].iter())),
        }
    }
}

struct Elements<'b, 'a>(std::slice::Iter<'b, Node<'a>>);

impl<'b, 'v, 'a: 'v> CelIterator<'b, 'v> for Elements<'b, 'a> {
    fn next(&mut self) -> Option<&'b (dyn Val + 'v)> {
        self.0.next().map(Node::as_val)
    }
}

impl fmt::Display for Node<'_> {
    /// As a person reads it in a message: lists joined, strings bare.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null(_) => f.write_str("null"),
            Self::Bool(value) => write!(f, "{}", value.inner()),
            Self::Int(value) => write!(f, "{}", value.inner()),
            Self::Double(value) => write!(f, "{}", value.inner()),
            Self::String(value) => f.write_str(value.inner()),
            Self::List(nodes) => {
                for (i, node) in nodes.iter().enumerate() {
                    write!(f, "{}{node}", if i == 0 { "" } else { ", " })?;
                }
                Ok(())
            }
            Self::Map(fields) => {
                for (i, (name, node)) in fields.iter().enumerate() {
                    write!(f, "{}{name}: {node}", if i == 0 { "" } else { ", " })?;
                }
                Ok(())
            }
            Self::Gap(gap) => write!(f, "unknown ({gap})"),
        }
    }
}

/// The fields of maps by name, so that the same data gives the same bytes.
impl serde::Serialize for Node<'_> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null(_) => serializer.serialize_unit(),
            Self::Bool(value) => serializer.serialize_bool(*value.inner()),
            Self::Int(value) => serializer.serialize_i64(*value.inner()),
            Self::Double(value) => serializer.serialize_f64(*value.inner()),
            Self::String(value) => serializer.serialize_str(value.inner()),
            Self::List(nodes) => serializer.collect_seq(nodes.iter()),
            Self::Map(fields) => serializer.collect_map(fields.iter().collect::<BTreeMap<_, _>>()),
            Self::Gap(gap) => serializer.collect_str(&format_args!("unknown ({gap})")),
        }
    }
}

/// As JSON: who has a value of `cel` sees no more of the node behind it.
impl fmt::Debug for Node<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&serde_json::to_string(self).map_err(|_| fmt::Error)?)
    }
}

impl<'de: 'a, 'a> serde::Deserialize<'de> for Node<'a> {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(NodeVisitor)
    }
}

struct NodeVisitor;

impl<'de> serde::de::Visitor<'de> for NodeVisitor {
    type Value = Node<'de>;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(Node::Null(CelNull))
    }

    fn visit_bool<E>(self, value: bool) -> Result<Self::Value, E> {
        Ok(Node::Bool(value.into()))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Self::Value, E> {
        Ok(Node::Int(value.into()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Self::Value, E> {
        Ok(i64::try_from(value).map_or_else(|_| Node::Double((value as f64).into()), |value| Node::Int(value.into())))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Self::Value, E> {
        Ok(Node::Double(value.into()))
    }

    fn visit_borrowed_str<E>(self, value: &'de str) -> Result<Self::Value, E> {
        Ok(Node::String(value.into()))
    }

    fn visit_str<E>(self, value: &str) -> Result<Self::Value, E> {
        Ok(Node::String(value.to_owned().into()))
    }

    fn visit_seq<A: serde::de::SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
        let mut nodes = Vec::with_capacity(seq.size_hint().unwrap_or(0));
        while let Some(node) = seq.next_element()? {
            nodes.push(node);
        }
        Ok(Node::List(nodes.into()))
    }

    fn visit_map<A: serde::de::MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut fields = Vec::with_capacity(map.size_hint().unwrap_or(8));
        while let Some((BorrowedKey(name), node)) = map.next_entry()? {
            // A null is how some tools write what AWS left out; has() must not find it.
            if !matches!(node, Node::Null(_)) {
                fields.push((name, node));
            }
        }
        Ok(Node::Map(Arc::new(Fields(fields))))
    }
}

/// A key that borrows where it can; `Cow`'s own `Deserialize` always copies.
struct BorrowedKey<'a>(Cow<'a, str>);

impl<'de: 'a, 'a> serde::Deserialize<'de> for BorrowedKey<'a> {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct KeyVisitor;
        impl<'de> serde::de::Visitor<'de> for KeyVisitor {
            type Value = BorrowedKey<'de>;
            fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
                f.write_str("a key")
            }
            fn visit_borrowed_str<E>(self, key: &'de str) -> Result<Self::Value, E> {
                Ok(BorrowedKey(Cow::Borrowed(key)))
            }
            fn visit_str<E>(self, key: &str) -> Result<Self::Value, E> {
                Ok(BorrowedKey(Cow::Owned(key.to_owned())))
            }
        }
        deserializer.deserialize_str(KeyVisitor)
    }
}

/// What facts are made of becomes a value; none where there is nothing to say.
pub trait IntoNode {
    /// The value, or none for absent.
    fn into_node(self) -> Option<Node<'static>>;
}

impl IntoNode for bool {
    fn into_node(self) -> Option<Node<'static>> {
        Some(Node::Bool(self.into()))
    }
}

impl IntoNode for i64 {
    fn into_node(self) -> Option<Node<'static>> {
        Some(Node::Int(self.into()))
    }
}

impl IntoNode for f64 {
    fn into_node(self) -> Option<Node<'static>> {
        Some(Node::Double(self.into()))
    }
}

impl IntoNode for String {
    fn into_node(self) -> Option<Node<'static>> {
        Some(Node::String(self.into()))
    }
}

impl IntoNode for crate::inventory::shape::Timestamp {
    fn into_node(self) -> Option<Node<'static>> {
        self.to_rfc3339_opts(chrono::SecondsFormat::AutoSi, true).into_node()
    }
}

impl<T: IntoNode> IntoNode for Option<T> {
    fn into_node(self) -> Option<Node<'static>> {
        self.and_then(T::into_node)
    }
}

impl<T: IntoNode> IntoNode for Vec<T> {
    fn into_node(self) -> Option<Node<'static>> {
        Some(self.into_iter().filter_map(T::into_node).collect())
    }
}

/// A list; one with an unknown element is an unknown list, because `==` on an element would say "no".
impl<'a> FromIterator<Node<'a>> for Node<'a> {
    fn from_iter<I: IntoIterator<Item = Node<'a>>>(nodes: I) -> Self {
        let nodes: Vec<_> = nodes.into_iter().collect();
        nodes.iter().find(|node| matches!(node, Self::Gap(_))).cloned().unwrap_or_else(|| Self::List(nodes.into()))
    }
}

impl<T: IntoNode> IntoNode for std::collections::BTreeMap<String, T> {
    fn into_node(self) -> Option<Node<'static>> {
        Some(Node::map(self.into_iter().filter_map(|(name, value)| Some((Cow::Owned(name), value.into_node()?)))))
    }
}

impl<T: IntoNode> IntoNode for Known<T> {
    fn into_node(self) -> Option<Node<'static>> {
        match self {
            Self::Value(value) => value.into_node(),
            Self::Gap(gap) => Some(Node::Gap(Arc::new(gap))),
        }
    }
}
