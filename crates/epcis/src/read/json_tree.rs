//! A JSON value as an element tree.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};

use crate::tree::{Element, Scalar, Shape};

/// What is told of a text with a NUL character, which no identifier and no XML can have.
pub(crate) const NUL: &str = "a NUL character";

/// A JSON value as an element without a name.
pub(crate) struct Tree<'de>(pub(crate) Element<'de>);

impl<'de> Deserialize<'de> for Tree<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(TreeVisitor)
    }
}

struct TreeVisitor;

fn null<'de>() -> Tree<'de> {
    Tree(Element { shape: Shape::Null, ..Element::default() })
}

fn scalar<'de, E>(scalar: Scalar<'de>) -> Result<Tree<'de>, E> {
    Ok(Tree(Element { scalar, ..Element::default() }))
}

impl<'de> Visitor<'de> for TreeVisitor {
    type Value = Tree<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Self::Value, E> {
        scalar(Scalar::Boolean(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Self::Value, E> {
        scalar(Scalar::Number(value.into()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Self::Value, E> {
        scalar(Scalar::Number(value.into()))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Self::Value, E> {
        scalar(serde_json::Number::from_f64(value).map_or(Scalar::Empty, Scalar::Number))
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Self::Value, E> {
        self.visit_string(value.to_owned())
    }

    fn visit_borrowed_str<E>(self, value: &'de str) -> Result<Self::Value, E> {
        scalar(Scalar::Text(Cow::Borrowed(value)))
    }

    fn visit_string<E: Error>(self, value: String) -> Result<Self::Value, E> {
        if value.contains('\0') {
            return Err(E::custom(NUL));
        }
        scalar(Scalar::Text(Cow::Owned(value)))
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(null())
    }

    fn visit_none<E>(self) -> Result<Self::Value, E> {
        Ok(null())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Self::Value, A::Error> {
        let mut children = Vec::new();
        while let Some(Tree(item)) = items.next_element()? {
            children.push(item);
        }
        Ok(Tree(Element { children, shape: Shape::List, ..Element::default() }))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<Self::Value, A::Error> {
        let mut children = Vec::new();
        while let Some(Key(name)) = fields.next_key()? {
            let Tree(mut child) = fields.next_value()?;
            child.name = name;
            children.push(child);
        }
        Ok(Tree(Element { children, ..Element::default() }))
    }
}

/// A key of an object, borrowed where it has no escapes.
struct Key<'de>(Cow<'de, str>);

impl<'de> Deserialize<'de> for Key<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct KeyVisitor;
        impl<'de> Visitor<'de> for KeyVisitor {
            type Value = Key<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a key")
            }

            fn visit_str<E>(self, value: &str) -> Result<Self::Value, E> {
                Ok(Key(Cow::Owned(value.to_owned())))
            }

            fn visit_borrowed_str<E>(self, value: &'de str) -> Result<Self::Value, E> {
                Ok(Key(Cow::Borrowed(value)))
            }
        }
        deserializer.deserialize_str(KeyVisitor)
    }
}
