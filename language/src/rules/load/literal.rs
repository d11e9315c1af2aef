//! Literals of rule files, and their meaning once the type of their subject is known.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use toml::de::DeValue;

use crate::model::Value;
use crate::model::ValueKind;
use crate::rules::quantity::{parse_size, parse_time};
use crate::rules::reader::{Item, Problems, Table, kind_of, text_of};

/// A value as TOML has it, before anybody knows what it is compared with.
#[derive(Clone, Debug, PartialEq)]
pub enum Literal {
    /// `true`, `false`.
    Bool(bool),
    /// `80`.
    Integer(i64),
    /// `0.5`.
    Real(f64),
    /// `"128MB"`, `"replica"`.
    Text(String),
    /// `["a", "b"]`.
    List(Vec<Literal>),
}

impl Literal {
    /// The literal of a TOML value; dates and tables are none.
    #[must_use]
    pub fn of(value: &DeValue<'_>) -> Option<Self> {
        Some(match value {
            DeValue::Boolean(truth) => Self::Bool(*truth),
            DeValue::Integer(number) => Self::Integer(i64::from_str_radix(&number.as_str().replace('_', ""), number.radix()).ok()?),
            DeValue::Float(number) => Self::Real(number.as_str().replace('_', "").parse().ok()?),
            DeValue::String(text) => Self::Text(text.clone().into_owned()),
            DeValue::Array(items) => Self::List(items.iter().map(|item| Self::of(item.get_ref())).collect::<Option<_>>()?),
            DeValue::Datetime(_) | DeValue::Table(_) => return None,
        })
    }

    /// Its value without a type given: text that reads as a size or a time is one.
    #[must_use]
    pub fn untyped(&self) -> Value {
        match self {
            Self::Bool(truth) => Value::Bool(*truth),
            Self::Integer(number) => Value::Integer(*number),
            Self::Real(number) => Value::Real(*number),
            Self::Text(text) => parse_size(text)
                .map(Value::Bytes)
                .or_else(|_| parse_time(text).map(Value::Duration))
                .unwrap_or_else(|_| Value::text(text.as_str())),
            Self::List(items) => Value::List(items.iter().map(|item| item.untyped().to_string()).collect()),
        }
    }

    /// Whether `other` may stand in its place.
    #[must_use]
    pub fn same_kind(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Real(_), Self::Integer(_)) => true,
            (Self::Text(_), Self::Text(_)) => std::mem::discriminant(&self.untyped()) == std::mem::discriminant(&other.untyped()),
            _ => std::mem::discriminant(self) == std::mem::discriminant(other),
        }
    }

    /// As an error message names it.
    fn describe(&self) -> &'static str {
        match self {
            Self::Bool(_) => "true or false",
            Self::Integer(_) => "a whole number",
            Self::Real(_) => "a number",
            Self::Text(_) => "text",
            Self::List(_) => "a list",
        }
    }
}

/// Why a literal cannot be the value of something, and what to write instead.
pub(super) struct Misfit {
    pub(super) message: String,
    pub(super) help: Option<String>,
}

/// The value of a literal for something called `name`, of a kind, with words for its special values.
pub(super) fn typed(literal: &Literal, name: &str, kind: &ValueKind, specials: &[&'static str]) -> Result<Value, Misfit> {
    if let Literal::Text(text) = literal
        && specials.contains(&text.as_str())
    {
        return Ok(Value::text(text.as_str()));
    }
    match (kind, literal) {
        (ValueKind::Bool, Literal::Bool(truth)) => Ok(Value::Bool(*truth)),
        (ValueKind::Integer, Literal::Integer(number)) => Ok(Value::Integer(*number)),
        #[expect(clippy::cast_precision_loss, reason = "thresholds stay far below 2^53")]
        (ValueKind::Real, Literal::Integer(number)) => Ok(Value::Real(*number as f64)),
        (ValueKind::Real, Literal::Real(number)) => Ok(Value::Real(*number)),
        (ValueKind::Bytes, Literal::Integer(0)) => Ok(Value::Bytes(0)),
        (ValueKind::Duration, Literal::Integer(0)) => Ok(Value::Duration(0)),
        (ValueKind::Bytes, Literal::Text(text)) => parse_size(text).map(Value::Bytes).map_err(|message| Misfit { message, help: None }),
        (ValueKind::Duration, Literal::Text(text)) => {
            parse_time(text).map(Value::Duration).map_err(|message| Misfit { message, help: None })
        }
        (ValueKind::Text | ValueKind::List | ValueKind::Secret, Literal::Text(text)) => Ok(Value::text(text.as_str())),
        (ValueKind::Words(words), Literal::Text(text)) => word(text, name, words),
        _ => Err(misfit(literal, name, kind)),
    }
}

fn word(text: &str, name: &str, words: &[String]) -> Result<Value, Misfit> {
    if words.iter().any(|word| word == text) {
        return Ok(Value::text(text));
    }
    let help = crate::rules::error::did_you_mean(text, words.iter().map(String::as_str)).map(|word| format!("did you mean `{word}`?"));
    Err(Misfit { message: format!("`{name}` is never `{text}`; it is one of {}", words.join(", ")), help })
}

fn misfit(literal: &Literal, name: &str, kind: &ValueKind) -> Misfit {
    let help = match (kind, literal) {
        (ValueKind::Bytes, _) => Some("write the number with its unit, as \"128MB\"".to_owned()),
        (ValueKind::Duration, _) => Some("write the number with its unit, as \"5min\"".to_owned()),
        (ValueKind::Words(words), Literal::Bool(truth)) => {
            let word = if *truth { "on" } else { "off" };
            words.iter().any(|known| known == word).then(|| format!("write \"{word}\""))
        }
        (ValueKind::Bool, _) => Some("write true or false".to_owned()),
        _ => None,
    };
    Misfit { message: format!("`{name}` is {}, and cannot be compared with {}", kind.describe(), literal.describe()), help }
}

/// The thresholds of a rule: as it ships them, or as gonogo.toml changes them.
#[derive(Debug, Default)]
pub(super) struct Params {
    values: BTreeMap<String, Literal>,
    used: RefCell<BTreeSet<String>>,
}

impl Params {
    /// Reads `[params]`; `overrides` are those of this rule.
    pub(super) fn read(table: Option<Table<'_>>, overrides: Option<&BTreeMap<String, Literal>>) -> Self {
        let Some(table) = table else {
            return Self::default();
        };
        let mut values = BTreeMap::new();
        for (name, span, item) in table.others() {
            match Literal::of(item.get_ref()) {
                Some(literal) => {
                    let given = overrides.and_then(|overrides| overrides.get(name)).filter(|given| literal.same_kind(given));
                    values.insert(name.to_owned(), given.cloned().unwrap_or(literal));
                }
                None => table.problems().report(span, format!("a parameter cannot be {}", kind_of(item.get_ref()))),
            }
        }
        Self { values, used: RefCell::default() }
    }

    /// The literal that stands at a place, or the parameter that `{ param = "…" }` names there.
    pub(super) fn literal(&self, item: Item<'_>, problems: &Problems<'_>) -> Option<Literal> {
        let DeValue::Table(entries) = item.get_ref() else {
            let literal = Literal::of(item.get_ref());
            if literal.is_none() {
                problems.report(item.span(), format!("expected a value; found {}", kind_of(item.get_ref())));
            }
            return literal;
        };
        let table = Table::new("a reference to a parameter", entries, item.span(), problems);
        let name = table.item("param");
        table.finish();
        let name = text_of(name?, "`param`", problems)?;
        let value = self.values.get(name).cloned();
        match value {
            Some(_) => _ = self.used.borrow_mut().insert(name.to_owned()),
            None => problems.unknown(item.span(), "parameter", name, self.values.keys().map(String::as_str)),
        }
        value
    }

    /// A parameter that no condition uses, if there is one.
    pub(super) fn unused(&self) -> Option<&str> {
        let used = self.used.borrow();
        self.values.keys().find(|name| !used.contains(*name)).map(String::as_str)
    }

    pub(super) fn into_values(self) -> BTreeMap<String, Literal> {
        self.values
    }
}
