//! What each part of a rule's logic is made of.

use super::primitives::{Input, Pack, choice, pack_byte, structure, word};
use crate::model::{Engine, Severity, Value, Version};
use crate::rules::condition::{Amount, Condition, FieldPath, Operand, Pattern, Predicate, Quantifier, Records, Special, Test};
use crate::rules::message::Piece;
use crate::rules::query::{ColumnType, Query, Rows, Scope};
use crate::rules::versions::{Relation, VersionRange, Versions};
use crate::rules::{Check, Literal, Logic, Place, Read, RelatedPlace, Remedy, SeverityCase};

structure!(Logic {
    versions,
    guard,
    check,
    severity_cases,
    message,
    found,
    expected,
    at,
    also_at,
    yields_to,
    on_image_defaults,
    remedy,
    params,
});

choice!(Check { 0 => Table(condition), 1 => Native { name, reads }, 2 => Query(queries) });
choice!(Read { 0 => Records(kind), 1 => Value(operand) });
structure!(SeverityCase { severity, when });
choice!(Place { 0 => Record, 1 => Value(operand) });
structure!(RelatedPlace { place, message });
choice!(Remedy { 0 => Set(settings), 1 => Replace(place, message), 2 => Remove, 3 => Correct });
choice!(Piece { 0 => Text(text), 1 => Value(operand), 2 => Found, 3 => Expected });
structure!(Query { versions, scope, statement, needs, columns, rows, message });

choice!(Condition, 1, { 0 => All(parts), 1 => Any(parts), 2 => Not(inner), 3 => Records(records), 4 => Test(test) });
structure!(Records { quantifier, kind, filter, require });
structure!(Test { operand, predicates, special });
structure!(FieldPath { first, deeper });
choice!(Operand { 0 => Setting(name), 1 => Key { setting, key }, 2 => Fact(name), 3 => Field(path) });
choice!(Predicate {
    0 => OneOf(values),
    1 => NoneOf(values),
    2 => SameAs(operand),
    3 => AtLeast(amount),
    4 => AtMost(amount),
    5 => Between(low, high),
    6 => Has(element),
    7 => Lacks(element),
    8 => StartsWith(part),
    9 => EndsWith(part),
    10 => Includes(part),
    11 => Matches(pattern),
    12 => Written(wanted),
    13 => Present(wanted),
});
choice!(Amount { 0 => Fixed(value), 1 => Share { percent, of }, 2 => PerCpu(value) });
choice!(Literal, 1, { 0 => Bool(truth), 1 => Integer(number), 2 => Real(number), 3 => Text(text), 4 => List(items) });

word!(ColumnType, Engine, Quantifier, Rows, Scope, Severity, Special);

impl Pack for Pattern {
    fn pack(&self, out: &mut String) {
        self.written().to_owned().pack(out);
    }

    fn unpack(input: &mut Input) -> Option<Self> {
        <&'static str>::unpack(input).map(Self::new)
    }
}

structure!(VersionRange { written, parts });
choice!(Relation { 0 => AtLeast, 1 => AtMost, 2 => Above, 3 => Below, 4 => Equal });

impl Pack for Version {
    fn pack(&self, out: &mut String) {
        self.0.pack(out);
    }

    fn unpack(input: &mut Input) -> Option<Self> {
        Pack::unpack(input).map(Self)
    }
}

impl Pack for Versions {
    fn pack(&self, out: &mut String) {
        self.ranges().map(|(engine, range)| (engine, range.clone())).collect::<Vec<_>>().pack(out);
    }

    fn unpack(input: &mut Input) -> Option<Self> {
        let ranges: Vec<_> = Pack::unpack(input)?;
        Some(if ranges.is_empty() { Self::default() } else { Self::new(ranges) })
    }
}

/// The values that a rule can write: no rule knows a secret, or a value that is not known.
impl Pack for Value {
    fn pack(&self, out: &mut String) {
        match self {
            Self::Bool(truth) => tagged(0, truth, out),
            Self::Integer(number) => tagged(1, number, out),
            Self::Real(number) => tagged(2, number, out),
            Self::Bytes(bytes) => tagged(3, bytes, out),
            Self::Duration(microseconds) => tagged(4, microseconds, out),
            Self::Text(text) => tagged(5, text, out),
            Self::List(texts) => tagged(6, texts, out),
            Self::Secret(_) | Self::Unresolved(_) => pack_byte(NO_LITERAL, out),
        }
    }

    fn unpack(input: &mut Input) -> Option<Self> {
        Some(match input.byte()? {
            0 => Self::Bool(Pack::unpack(input)?),
            1 => Self::Integer(Pack::unpack(input)?),
            2 => Self::Real(Pack::unpack(input)?),
            3 => Self::Bytes(Pack::unpack(input)?),
            4 => Self::Duration(Pack::unpack(input)?),
            5 => Self::Text(Pack::unpack(input)?),
            6 => Self::List(Pack::unpack(input)?),
            _ => return None,
        })
    }
}

/// Stands where a value cannot be a literal; reading it back fails, and with it the build.
const NO_LITERAL: u8 = 127;

fn tagged(tag: u8, value: &impl Pack, out: &mut String) {
    pack_byte(tag, out);
    value.pack(out);
}
