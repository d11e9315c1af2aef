//! Whether a predicate holds of what was read.

use std::borrow::Cow;

use super::reading::{Reading, Scope, Seen, read};
use super::truth::Truth;
use crate::model::{Value, Why};
use crate::rules::condition::{Amount, Operand, Predicate, Special, Test};

/// Whether everything that a test asks holds.
pub(super) fn test(test: &Test, scope: Scope<'_>) -> Truth {
    let reading = read(&test.operand, scope);
    Truth::all(test.predicates.iter().map(|predicate| holds(predicate, &reading, test, scope)))
}

/// Whether one predicate holds.
///
/// An absent value equals nothing, has nothing and is no amount: what asks for something is false of
/// it, what forbids something is true.
pub(super) fn holds(predicate: &Predicate, reading: &Reading<'_>, test: &Test, scope: Scope<'_>) -> Truth {
    let value = match &reading.seen {
        Seen::Unknown(why) => return Truth::Unknown(why.clone()),
        Seen::Among(values, why) => return holds_of_each(values, why, predicate, reading, test, scope),
        Seen::Absent => None,
        Seen::Known(value) => Some(value.as_ref()),
    };
    if let Predicate::Written(wanted) = predicate {
        return (reading.is_written() == *wanted).into();
    }
    if let Some(Value::Unresolved(written)) = value {
        return Truth::Unknown(unresolved(&test.operand, written));
    }
    match predicate {
        Predicate::OneOf(literals) => value.is_some_and(|value| is_one_of(reading, value, literals)).into(),
        Predicate::NoneOf(literals) => (!value.is_some_and(|value| is_one_of(reading, value, literals))).into(),
        Predicate::SameAs(other) => same_as(reading, value, other, scope),
        Predicate::AtLeast(amount) => compare(reading, value, test, |number| Some(number >= bound(amount, scope)?), amount, scope),
        Predicate::AtMost(amount) => compare(reading, value, test, |number| Some(number <= bound(amount, scope)?), amount, scope),
        Predicate::Between(low, high) => Truth::all([
            compare(reading, value, test, |number| Some(number >= bound(low, scope)?), low, scope),
            compare(reading, value, test, |number| Some(number <= bound(high, scope)?), high, scope),
        ]),
        Predicate::Has(element) => value.is_some_and(|value| has(value, element)).into(),
        Predicate::Lacks(element) => (!value.is_some_and(|value| has(value, element))).into(),
        Predicate::StartsWith(part) => of_text(value, |text| text.starts_with(&**part)).into(),
        Predicate::EndsWith(part) => of_text(value, |text| text.ends_with(&**part)).into(),
        Predicate::Includes(part) => of_text(value, |text| text.contains(&**part)).into(),
        Predicate::Matches(pattern) => of_text(value, |text| pattern.matches(text).unwrap_or(false)).into(),
        Predicate::Present(wanted) => (value.is_some_and(|value| !value.is_empty()) == *wanted).into(),
        Predicate::Written(_) => Truth::False,
    }
}

/// Of a value that is one of several, what holds for all of them holds, and what holds for none does not.
fn holds_of_each(values: &[Value], why: &Why, predicate: &Predicate, reading: &Reading<'_>, test: &Test, scope: Scope<'_>) -> Truth {
    let is_known = |value: &Value| !matches!(value, Value::Unresolved(_));
    if let Predicate::OneOf(literals) = predicate
        && !values.is_empty()
        && !values.iter().any(|value| is_one_of(reading, value, literals))
        && values.iter().all(is_known)
    {
        // By far the most frequent question: whether a problem that was not seen may be of one kind, when it is of others.
        return Truth::False;
    }
    let of = |value| holds(predicate, &Reading { seen: Seen::Known(Cow::Borrowed(value)), ..reading.clone() }, test, scope);
    let mut truths = values.iter().map(of);
    match truths.next() {
        Some(Truth::True) if truths.all(|truth| truth.is(true)) => Truth::True,
        Some(Truth::False) if truths.all(|truth| truth.is(false)) => Truth::False,
        _ => Truth::Unknown(why.clone()),
    }
}

/// Why a value that is written with a variable is not known.
fn unresolved(operand: &Operand, written: &str) -> Why {
    let reason = format!("{} is {written}, whose value is not in the files", operand.name());
    Why::needing(reason, "give the file that sets it with --env-file, or ask the server with --live")
}

/// Whether a value equals one of the literals. Most values are texts that have no word of their own and meet a dozen
/// literals, again for each record.
fn is_one_of(reading: &Reading<'_>, value: &Value, literals: &[Value]) -> bool {
    match (value, reading.special) {
        (Value::Text(text), None) => is_word_of(text, literals),
        _ => literals.iter().any(|literal| equals(reading, value, literal)),
    }
}

/// Whether a text is one of the literals.
pub(super) fn is_word_of(text: &str, literals: &[Value]) -> bool {
    literals.iter().any(|literal| matches!(literal, Value::Text(word) if word == text))
}

/// Equality of meaning: numbers by size, special values by their word or by their number.
fn equals(reading: &Reading<'_>, value: &Value, literal: &Value) -> bool {
    if let (Some(special), Some(word)) = (reading.special, literal.as_text())
        && special == word
    {
        return true;
    }
    match (value, literal) {
        (Value::Secret(secret), Value::Text(word)) => secret.test(|text| text == word),
        (Value::List(list), Value::Text(word)) => matches!(list.as_slice(), [only] if only == word),
        _ => match (value.as_number(), literal.as_number()) {
            (Some(left), Some(right)) => same_number(left, right),
            _ => value == literal,
        },
    }
}

/// Whether two numbers are the same value of a setting.
#[expect(clippy::float_cmp, reason = "both were read from decimal text of a few digits; neither was computed")]
fn same_number(left: f64, right: f64) -> bool {
    left == right
}

fn same_as(reading: &Reading<'_>, value: Option<&Value>, other: &Operand, scope: Scope<'_>) -> Truth {
    let other_reading = read(other, scope);
    match (value, &other_reading.seen) {
        (_, Seen::Unknown(why)) => Truth::Unknown(why.clone()),
        (_, Seen::Among(_, why)) => Truth::Unknown((*why).clone()),
        (Some(value), Seen::Known(known)) => match known.as_ref() {
            Value::Unresolved(written) => Truth::Unknown(unresolved(other, written)),
            Value::Secret(known) => of_text(Some(value), |text| known.test(|other| other == text)).into(),
            known => equals(reading, value, known).into(),
        },
        (None, Seen::Absent) => Truth::True,
        (Some(_), Seen::Absent) | (None, Seen::Known(_)) => Truth::False,
    }
}

/// A comparison of amounts; `decide` answers `None` when the bound could not be told.
fn compare(
    reading: &Reading<'_>,
    value: Option<&Value>,
    test: &Test,
    decide: impl Fn(f64) -> Option<bool>,
    amount: &Amount,
    scope: Scope<'_>,
) -> Truth {
    let Some(value) = value else {
        return Truth::False;
    };
    if let Some(word) = reading.special {
        return match test.special.get(word) {
            Some(Special::Passes) => Truth::True,
            Some(Special::Fails) => Truth::False,
            Some(Special::Unknown) | None => Truth::Unknown(Why::new(format!("{} is {word}, which is not an amount", test.operand.name()))),
        };
    }
    let Some(number) = value.as_number() else {
        return Truth::Unknown(Why::new(format!("{} is not a number here", test.operand.name())));
    };
    decide(number).map_or_else(|| Truth::Unknown(bound_unknown(amount, scope)), Truth::from)
}

/// The number that a bound stands for, in bytes, microseconds or as it is.
pub(super) fn bound(amount: &Amount, scope: Scope<'_>) -> Option<f64> {
    match amount {
        Amount::Fixed(value) => value.as_number(),
        Amount::Share { percent, of } => Some(number(of, scope)? * percent / 100.0),
        Amount::PerCpu(each) => Some(number(&Operand::Fact("cpus"), scope)? * each.as_number()?),
    }
}

fn number(operand: &Operand, scope: Scope<'_>) -> Option<f64> {
    let reading = read(operand, scope);
    match (&reading.seen, reading.special) {
        (Seen::Known(value), None) => value.as_number(),
        _ => None,
    }
}

fn bound_unknown(amount: &Amount, scope: Scope<'_>) -> Why {
    let operand = match amount {
        Amount::Fixed(_) => return Why::new("the bound is not a number"),
        Amount::Share { of, .. } => of,
        Amount::PerCpu(_) => &Operand::Fact("cpus"),
    };
    match read(operand, scope).seen {
        Seen::Unknown(why) => why,
        Seen::Among(_, why) => why.clone(),
        _ => Why::new(format!("{} is not an amount here", operand.name())),
    }
}

/// Whether a list has an element; in text, elements are separated by commas and may be quoted.
fn has(value: &Value, element: &str) -> bool {
    match value {
        Value::List(list) => list.iter().any(|item| item == element),
        Value::Text(text) => text.split(',').any(|item| item.trim().trim_matches(['"', '\'']) == element),
        _ => false,
    }
}

fn of_text(value: Option<&Value>, predicate: impl Fn(&str) -> bool) -> bool {
    match value {
        Some(Value::Text(text)) => predicate(text),
        Some(Value::Secret(secret)) => secret.test(predicate),
        _ => false,
    }
}
