//! What a finding says that its rule did not put into words: found, expected, and a message of both.

use super::condition::Cause;
use super::predicate::{bound, holds};
use super::reading::{Reading, Scope, Seen, read};
use crate::model::{OriginKind, Value, format_bytes, format_duration};
use crate::rules::condition::{Amount, Operand, Predicate, Test};
use crate::rules::message::Piece;
use crate::text::secrets::hidden;

/// What was found, what was expected, and the sentence that says both.
#[derive(Clone, Debug, Default)]
pub(super) struct Wording {
    pub(super) found: Option<String>,
    pub(super) expected: Option<String>,
    pub(super) sentence: Option<String>,
}

/// The words for a cause; nothing for the mere absence of a record.
pub(super) fn wording(cause: &Cause<'_>) -> Wording {
    // A problem says itself what stands there and what should.
    if let Some(problem) = cause.record.filter(|record| record.kind == "problem") {
        let text = |field| problem.text(field).map(ToOwned::to_owned);
        return Wording { found: text("found").map(hidden), expected: text("expected"), sentence: text("message") };
    }
    let Some(test) = cause.test else {
        return Wording::default();
    };
    let reading = read(&test.operand, cause.scope);
    let expected = expectation(test, &reading, cause);
    let secret = matches!(&reading.seen, Seen::Known(value) if matches!(value.as_ref(), Value::Secret(_)));
    let found = if secret { None } else { Some(reading.text().map(hidden).unwrap_or_else(|| "not set".to_owned())) };
    let origin = match reading.origin {
        Some(OriginKind::Default) => " (default)",
        Some(OriginKind::ImageDefault) => " (the image's default)",
        Some(OriginKind::ManagedDefault) => " (the provider's default)",
        Some(OriginKind::OperatorDefault) => " (the operator's default)",
        _ => "",
    };
    let name = test.operand.name();
    let sentence = match &found {
        Some(found) => format!("`{name}` is {found}{origin}; expected {expected}"),
        None => format!("`{name}` is not as expected: {expected}"),
    };
    Wording { found, expected: Some(expected), sentence: Some(sentence) }
}

/// What was wanted of the operand: the predicate that failed, or the opposite of what held.
fn expectation(test: &Test, reading: &Reading<'_>, cause: &Cause<'_>) -> String {
    let failed = test.predicates.iter().find(|predicate| holds(predicate, reading, test, cause.scope).is(cause.value));
    let Some(predicate) = failed.or(test.predicates.first()) else {
        return String::new();
    };
    if cause.value { opposite(predicate, cause.scope) } else { demand(predicate, cause.scope) }
}

/// A predicate in words: "one of verify-ca, verify-full".
fn demand(predicate: &Predicate, scope: Scope<'_>) -> String {
    match predicate {
        Predicate::OneOf(literals) => list(literals, "one of "),
        Predicate::NoneOf(literals) => format!("anything but {}", list(literals, "")),
        Predicate::SameAs(other) => format!("the same as `{}`{}", other.name(), shown(other, scope)),
        Predicate::AtLeast(amount) => format!("at least {}", amount_text(amount, scope)),
        Predicate::AtMost(amount) => format!("at most {}", amount_text(amount, scope)),
        Predicate::Between(low, high) => format!("between {} and {}", amount_text(low, scope), amount_text(high, scope)),
        Predicate::Has(element) => format!("`{element}` in it"),
        Predicate::Lacks(element) => format!("no `{element}` in it"),
        Predicate::StartsWith(part) => format!("text that begins with `{part}`"),
        Predicate::EndsWith(part) => format!("text that ends with `{part}`"),
        Predicate::Includes(part) => format!("`{part}` in it"),
        Predicate::Matches(pattern) => format!("text that matches `{}`", pattern.written()),
        Predicate::Written(true) => "it to be set explicitly".to_owned(),
        Predicate::Written(false) => "it not to be set".to_owned(),
        Predicate::Present(true) => "a value".to_owned(),
        Predicate::Present(false) => "no value".to_owned(),
    }
}

/// The opposite of a predicate in words.
fn opposite(predicate: &Predicate, scope: Scope<'_>) -> String {
    match predicate {
        Predicate::OneOf(literals) => demand(&Predicate::NoneOf(literals.clone()), scope),
        Predicate::NoneOf(literals) => demand(&Predicate::OneOf(literals.clone()), scope),
        Predicate::SameAs(other) => format!("anything but the value of `{}`", other.name()),
        Predicate::AtLeast(amount) => format!("less than {}", amount_text(amount, scope)),
        Predicate::AtMost(amount) => format!("more than {}", amount_text(amount, scope)),
        Predicate::Between(low, high) => format!("less than {} or more than {}", amount_text(low, scope), amount_text(high, scope)),
        Predicate::Has(element) | Predicate::Includes(element) => demand(&Predicate::Lacks(element.clone()), scope),
        Predicate::Lacks(element) => demand(&Predicate::Has(element.clone()), scope),
        Predicate::StartsWith(part) => format!("text that does not begin with `{part}`"),
        Predicate::EndsWith(part) => format!("text that does not end with `{part}`"),
        Predicate::Matches(pattern) => format!("text that does not match `{}`", pattern.written()),
        Predicate::Written(wanted) => demand(&Predicate::Written(!wanted), scope),
        Predicate::Present(wanted) => demand(&Predicate::Present(!wanted), scope),
    }
}

fn list(literals: &[Value], several: &str) -> String {
    let words: Vec<_> =
        literals.iter().map(|literal| if literal.is_empty() { "an empty text".to_owned() } else { literal.to_string() }).collect();
    if words.len() > 1 { format!("{several}{}", words.join(", ")) } else { words.join(", ") }
}

/// A bound in words, with the number that a share comes to: "15% of memory (2458MB)".
fn amount_text(amount: &Amount, scope: Scope<'_>) -> String {
    match amount {
        Amount::Fixed(value) => value.to_string(),
        Amount::Share { percent, of } => {
            let number = bound(amount, scope).map(|number| format!(" ({})", rounded(number, of, scope))).unwrap_or_default();
            format!("{percent}% of {}{number}", of.name())
        }
        Amount::PerCpu(each) => {
            let number = bound(amount, scope).map(|number| format!(" ({})", as_kind_of(number, each))).unwrap_or_default();
            format!("{each} per processor{number}")
        }
    }
}

fn rounded(number: f64, of: &Operand, scope: Scope<'_>) -> String {
    match read(of, scope).seen {
        Seen::Known(value) => as_kind_of(number, &value),
        _ => number.to_string(),
    }
}

/// A computed number in the unit of another value, short enough to read: sizes to the MB, times to the second.
#[expect(clippy::cast_possible_truncation, reason = "rounded for display; beyond 2^63 it saturates")]
fn as_kind_of(number: f64, kind: &Value) -> String {
    let to = |unit: f64| ((number / unit).round() * unit) as i64;
    match kind {
        Value::Bytes(_) => format_bytes(to(if number >= 1_048_576.0 { 1_048_576.0 } else { 1024.0 })),
        Value::Duration(_) => format_duration(to(if number >= 1_000_000.0 { 1_000_000.0 } else { 1.0 })),
        _ => format!("{}", (number * 100.0).round() / 100.0),
    }
}

/// The value of an operand in brackets, when it is known.
fn shown(operand: &Operand, scope: Scope<'_>) -> String {
    read(operand, scope).text().map(|text| format!(" ({})", hidden(text))).unwrap_or_default()
}

/// A message of the rule with its names replaced by what was found.
pub(super) fn fill(message: &[Piece], wording: &Wording, scope: Scope<'_>) -> String {
    let mut filled = String::new();
    for piece in message {
        match piece {
            Piece::Text(text) => filled.push_str(text),
            Piece::Found => filled.push_str(wording.found.as_deref().unwrap_or("not shown")),
            Piece::Expected => filled.push_str(wording.expected.as_deref().unwrap_or("the opposite")),
            Piece::Value(operand) => {
                let reading = read(operand, scope);
                // Words of our own hold no value as it is written.
                let told = reading.text().map(|text| if operand.name() == "message" { text } else { hidden(text) });
                let text = told.unwrap_or_else(|| match reading.seen {
                    Seen::Absent => "none".to_owned(),
                    Seen::Unknown(_) => "unknown".to_owned(),
                    Seen::Among(values, _) => hidden(values.iter().map(ToString::to_string).collect::<Vec<_>>().join(" or ")),
                    Seen::Known(_) => crate::text::SECRET_PLACEHOLDER.to_owned(),
                });
                filled.push_str(&text);
            }
        }
    }
    filled
}
