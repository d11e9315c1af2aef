//! Reading what a test asks of its operand, each literal by the operand's type.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Range;

use super::literal::{Literal, typed};
use super::names::{Named, Names};
use super::operand::operand;
use crate::model::Value;
use crate::model::ValueKind;
use crate::rules::condition::{Amount, Operand, Pattern, Predicate, Special};
use crate::rules::few::Few;
use crate::rules::reader::{Item, Table, text_of, word_of};

type Read = (Named, Vec<Predicate>, BTreeMap<Cow<'static, str>, Special>);

/// Reads every predicate of a table. `named` is `None` where the operand itself is in error: the
/// words are then still asked for, so that they are not reported as unknown.
pub(super) fn read(table: &Table<'_>, named: Option<Named>, names: Names<'_>) -> Option<Read> {
    let words = Words { table, named: named.as_ref(), names };
    let mut predicates = Vec::new();
    let mut complete = true;
    for (key, read) in READERS {
        if table.has(key) {
            let predicate = words.named.and_then(|named| read(&words, named, key));
            complete &= predicate.is_some();
            predicates.extend(predicate);
        }
    }
    let special = words.special(&predicates);
    let named = named.filter(|_| complete)?;
    if predicates.is_empty() {
        let all: Vec<_> = READERS.iter().map(|(key, _)| *key).collect();
        let message = format!("nothing is asked of `{}`", named.operand.name());
        table.problems().report_with_help(table.span(), message, format!("say one of {}", all.join(", ")));
        return None;
    }
    Some((named, predicates, special?))
}

type Reader = fn(&Words<'_, '_>, &Named, &'static str) -> Option<Predicate>;

/// Every word that asks something, and how its value is read.
const READERS: [(&str, Reader); 16] = [
    ("is", |words, named, key| Some(Predicate::OneOf(Few::One(words.literal(named, words.table.item(key)?)?)))),
    ("is_not", |words, named, key| Some(Predicate::NoneOf(Few::One(words.literal(named, words.table.item(key)?)?)))),
    ("one_of", |words, named, key| Some(Predicate::OneOf(words.literals(named, key)?.into()))),
    ("none_of", |words, named, key| Some(Predicate::NoneOf(words.literals(named, key)?.into()))),
    ("same_as", |words, named, key| words.same_as(named, key)),
    ("at_least", |words, named, key| Some(Predicate::AtLeast(words.amount(named, words.table.item(key)?)?))),
    ("at_most", |words, named, key| Some(Predicate::AtMost(words.amount(named, words.table.item(key)?)?))),
    ("between", |words, named, key| words.between(named, key)),
    ("has", |words, named, key| words.element(named, key).map(Predicate::Has)),
    ("lacks", |words, named, key| words.element(named, key).map(Predicate::Lacks)),
    ("starts_with", |words, named, key| words.part(named, key).map(Predicate::StartsWith)),
    ("ends_with", |words, named, key| words.part(named, key).map(Predicate::EndsWith)),
    ("includes", |words, named, key| words.part(named, key).map(Predicate::Includes)),
    ("matches", |words, named, key| words.pattern(named, key)),
    ("written", |words, _, key| words.table.bool(key).map(Predicate::Written)),
    ("present", |words, _, key| words.table.bool(key).map(Predicate::Present)),
];

struct Words<'t, 'n> {
    table: &'t Table<'t>,
    named: Option<&'t Named>,
    names: Names<'n>,
}

impl Words<'_, '_> {
    fn literal(&self, named: &Named, item: Item<'_>) -> Option<Value> {
        let literal = self.names.params.literal(item, self.names.problems)?;
        self.typed(named, &literal, item.span())
    }

    fn typed(&self, named: &Named, literal: &Literal, span: Range<usize>) -> Option<Value> {
        match typed(literal, &named.operand.name(), &named.shape.kind, &named.shape.specials) {
            Ok(value) => Some(value),
            Err(misfit) => {
                match misfit.help {
                    Some(help) => self.names.problems.report_with_help(span, misfit.message, help),
                    None => self.names.problems.report(span, misfit.message),
                }
                None
            }
        }
    }

    fn literals(&self, named: &Named, key: &'static str) -> Option<Vec<Value>> {
        let item = self.table.item(key)?;
        if let Some(entries) = item.get_ref().as_table()
            && entries.contains_key("param")
        {
            let Literal::List(list) = self.names.params.literal(item, self.names.problems)? else {
                self.names.problems.report(item.span(), format!("`{key}` takes a list"));
                return None;
            };
            return list.iter().map(|literal| self.typed(named, literal, item.span())).collect();
        }
        let items = self.table.items(key);
        if items.is_empty() {
            self.names.problems.report(item.span(), format!("`{key}` needs at least one value"));
            return None;
        }
        items.into_iter().map(|item| self.literal(named, item)).collect()
    }

    fn same_as(&self, named: &Named, key: &'static str) -> Option<Predicate> {
        let table = self.table.table(key, "`same_as`")?;
        let span = table.span();
        let other = operand(&table, self.names);
        table.finish();
        let other = other?;
        let comparable = |kind: &ValueKind| match kind {
            ValueKind::Words(_) | ValueKind::Secret => ValueKind::Text,
            other => other.clone(),
        };
        if comparable(&named.shape.kind) != comparable(&other.shape.kind) {
            let (left, right) = (named.shape.kind.describe(), other.shape.kind.describe());
            let message = format!("`{}` is {left}, `{}` is {right}: they are never the same", named.operand.name(), other.operand.name());
            self.names.problems.report(span, message);
            return None;
        }
        Some(Predicate::SameAs(other.operand))
    }

    fn between(&self, named: &Named, key: &'static str) -> Option<Predicate> {
        let span = self.table.item(key)?.span();
        match self.table.items(key).as_slice() {
            [low, high] => Some(Predicate::Between(self.amount(named, low)?, self.amount(named, high)?)),
            _ => {
                self.names.problems.report(span, "`between` takes a list of two bounds");
                None
            }
        }
    }

    /// A bound: a literal with its unit, `15% of memory`, `50% of setting shared_buffers`, `2 per cpu`.
    fn amount(&self, named: &Named, item: Item<'_>) -> Option<Amount> {
        let name = named.operand.name();
        if !named.shape.kind.is_number() {
            let message = format!("`{name}` is {}, which has no order", named.shape.kind.describe());
            self.names.problems.report(item.span(), message);
            return None;
        }
        let literal = self.names.params.literal(item, self.names.problems)?;
        let Literal::Text(text) = &literal else {
            return self.typed(named, &literal, item.span()).map(Amount::Fixed);
        };
        if let Some((percent, of)) = text.split_once("% of ") {
            return self.share(named, percent, of, item.span());
        }
        if let Some(each) = text.strip_suffix(" per cpu") {
            let each = each.parse().map_or_else(|_| Literal::Text(each.to_owned()), Literal::Integer);
            return self.typed(named, &each, item.span()).map(Amount::PerCpu);
        }
        let value = self.typed(named, &literal, item.span())?;
        if value.as_number().is_none() {
            self.names.problems.report(item.span(), format!("`{text}` is not a valid size, time or count"));
            return None;
        }
        Some(Amount::Fixed(value))
    }

    fn share(&self, named: &Named, percent: &str, of: &str, span: Range<usize>) -> Option<Amount> {
        let Some(percent) = percent.trim().parse::<f64>().ok().filter(|percent| percent.is_finite()) else {
            self.names.problems.report(span, format!("`{percent}` is not a valid percentage"));
            return None;
        };
        let whole = match of.strip_prefix("setting ") {
            Some(setting) => self.names.setting(setting.trim(), span.clone())?,
            None => self.names.fact(of.trim(), span.clone())?,
        };
        if whole.shape.kind != named.shape.kind {
            let (left, right) = (named.shape.kind.describe(), whole.shape.kind.describe());
            self.names.problems.report(span, format!("a share of {right} cannot be compared with {left}"));
            return None;
        }
        Some(Amount::Share { percent, of: whole.operand })
    }

    fn element(&self, named: &Named, key: &'static str) -> Option<Cow<'static, str>> {
        self.text_for(named, key, matches!(named.shape.kind, ValueKind::List | ValueKind::Text), "has no elements")
    }

    fn part(&self, named: &Named, key: &'static str) -> Option<Cow<'static, str>> {
        self.text_for(named, key, named.shape.kind.is_text(), "is not text")
    }

    fn text_for(&self, named: &Named, key: &'static str, fits: bool, otherwise: &str) -> Option<Cow<'static, str>> {
        let span = self.table.item(key)?.span();
        if !fits {
            let message = format!("`{}` is {}, which {otherwise}", named.operand.name(), named.shape.kind.describe());
            self.names.problems.report(span, message);
            return None;
        }
        self.table.text(key).map(|text| Cow::Owned(text.to_owned()))
    }

    fn pattern(&self, named: &Named, key: &'static str) -> Option<Predicate> {
        let pattern = Pattern::new(self.part(named, key)?);
        if let Some(Err(reason)) = self.names.thorough.then(|| pattern.check()) {
            self.names.problems.report(self.table.item(key)?.span(), format!("no regular expression: {reason}"));
            return None;
        }
        Some(Predicate::Matches(pattern))
    }

    /// `special`: needed for comparisons of a setting with special values, and meaningless elsewhere.
    fn special(&self, predicates: &[Predicate]) -> Option<BTreeMap<Cow<'static, str>, Special>> {
        let compares = |predicate: &Predicate| matches!(predicate, Predicate::AtLeast(_) | Predicate::AtMost(_) | Predicate::Between(..));
        let known = match self.named {
            Some(named) if predicates.iter().any(compares) => named.shape.specials.as_slice(),
            _ => &[],
        };
        let mut special = BTreeMap::new();
        if let Some(table) = self.table.table("special", "`special`") {
            for (word, span, item) in table.others() {
                if !known.contains(&word) {
                    self.names.problems.unknown(span, "special value", word, known.iter().copied());
                    return None;
                }
                let text = text_of(item, "a special value's meaning", self.names.problems)?;
                let words = Special::WORDS;
                let meaning = word_of(text, item.span(), "meaning of a special value", words, self.names.problems)?;
                special.insert(Cow::Owned(word.to_owned()), meaning);
            }
        }
        if let Some(missing) = known.iter().find(|word| !special.contains_key(**word))
            && let Some(Named { operand: Operand::Setting(name), .. }) = self.named
        {
            let message = format!("`{name}` can be `{missing}`, which is not an amount; say what that means here");
            let help = format!("write special = {{ {missing} = \"fails\" }}, or \"passes\", or \"unknown\"");
            self.names.problems.report_with_help(self.table.span(), message, help);
            return None;
        }
        Some(special)
    }
}
