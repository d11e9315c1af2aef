//! What a rule looks at, so that it need not be asked again where nothing of that differs.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::Difference;
use crate::rules::condition::{Amount, Condition, Operand, Predicate, Test};
use crate::rules::message::{Message, Piece};
use crate::rules::{Check, Place, Remedy, Rule};

/// Which of some rules read what, by name. Rules go by their number among them.
#[derive(Clone, Debug, Default)]
pub struct Readers<'r> {
    settings: BTreeMap<&'r str, Vec<usize>>,
    facts: BTreeMap<&'r str, Vec<usize>>,
    records: BTreeMap<&'r str, Vec<usize>>,
    /// Those that may read anything: a native check sees the whole subject.
    of_anything: Vec<usize>,
    rules: usize,
}

impl<'r> Readers<'r> {
    /// What the rules read.
    #[must_use]
    pub fn of(rules: impl IntoIterator<Item = &'r Rule>) -> Self {
        let mut readers = Self::default();
        for rule in rules {
            let number = readers.rules;
            readers.rules += 1;
            if matches!(rule.logic.check, Check::Native { .. }) {
                readers.of_anything.push(number);
                continue;
            }
            let Footprint { settings, facts, records } = Footprint::of(rule);
            for (names, by_name) in [(settings, &mut readers.settings), (facts, &mut readers.facts), (records, &mut readers.records)] {
                names.into_iter().for_each(|name| by_name.entry(name).or_default().push(number));
            }
        }
        readers
    }

    /// How many rules there are.
    pub(super) const fn count(&self) -> usize {
        self.rules
    }

    /// For each rule, whether it may come out differently where this differs.
    pub(super) fn concerned(&self, difference: &Difference<'_>) -> Vec<bool> {
        let mut concerned = vec![difference.elsewhere; self.rules];
        // There may be hundreds; both are sorted, so that one pass finds them all.
        let mut read = self.settings.iter().peekable();
        let settings = difference.settings.iter().filter_map(|name| {
            while read.next_if(|(known, _)| *known < name).is_some() {}
            read.next_if(|(known, _)| *known == name).map(|(_, numbers)| numbers)
        });
        let facts = difference.facts.iter().filter_map(|name| self.facts.get(name));
        let records = difference.records.iter().filter_map(|kind| self.records.get(kind));
        for number in settings.chain(facts).chain(records).flatten().chain(&self.of_anything) {
            if let Some(concerned) = concerned.get_mut(*number) {
                *concerned = true;
            }
        }
        concerned
    }
}

/// Names of everything that a rule reads of its subject.
#[derive(Default)]
struct Footprint<'r> {
    settings: BTreeSet<&'r str>,
    facts: BTreeSet<&'r str>,
    records: BTreeSet<&'r str>,
}

impl<'r> Footprint<'r> {
    fn of(rule: &'r Rule) -> Self {
        let logic = &rule.logic;
        let mut footprint = Self::default();
        // Whether what runs the server writes its files decides about every fix.
        footprint.facts.insert("run_by");
        let required = match &logic.check {
            Check::Table(condition) => Some(condition),
            Check::Native { .. } | Check::Query(_) => None,
        };
        let cases = logic.severity_cases.iter().filter_map(|case| case.when.as_ref());
        logic.guard.iter().chain(required).chain(cases).for_each(|condition| footprint.add_condition(condition));
        let also = || logic.also_at.iter();
        let messages = [&logic.message, &logic.found, &logic.expected].into_iter().flatten();
        messages.chain(also().map(|also| &also.message)).for_each(|message| footprint.add_message(message));
        logic.at.iter().chain(also().map(|also| &also.place)).for_each(|place| footprint.add_place(place));
        match &logic.remedy {
            Some(Remedy::Set(wanted)) => footprint.settings.extend(wanted.iter().map(|(name, _)| &**name)),
            Some(Remedy::Replace(place, with)) => {
                footprint.add_place(place);
                footprint.add_message(with);
            }
            Some(Remedy::Remove | Remedy::Correct) | None => {}
        }
        footprint
    }

    fn add_condition(&mut self, condition: &'r Condition) {
        match condition {
            Condition::All(parts) | Condition::Any(parts) => parts.iter().for_each(|part| self.add_condition(part)),
            Condition::Not(inner) => self.add_condition(inner),
            Condition::Records(records) => {
                self.records.insert(records.kind);
                records.filter.iter().chain(&records.require).for_each(|part| self.add_condition(part));
            }
            Condition::Test(test) => self.add_test(test),
        }
    }

    fn add_test(&mut self, test: &'r Test) {
        self.add_operand(&test.operand);
        for predicate in &test.predicates {
            match predicate {
                Predicate::SameAs(other) => self.add_operand(other),
                Predicate::AtLeast(amount) | Predicate::AtMost(amount) => self.add_amount(amount),
                Predicate::Between(low, high) => {
                    self.add_amount(low);
                    self.add_amount(high);
                }
                _ => {}
            }
        }
    }

    fn add_amount(&mut self, amount: &'r Amount) {
        match amount {
            Amount::Fixed(_) => {}
            Amount::Share { of, .. } => self.add_operand(of),
            Amount::PerCpu(_) => {
                self.facts.insert("cpus");
            }
        }
    }

    fn add_message(&mut self, message: &'r Message) {
        for piece in message {
            match piece {
                Piece::Value(operand) => self.add_operand(operand),
                Piece::Text(_) | Piece::Found | Piece::Expected => {}
            }
        }
    }

    fn add_place(&mut self, place: &'r Place) {
        match place {
            Place::Record => {}
            Place::Value(operand) => self.add_operand(operand),
        }
    }

    fn add_operand(&mut self, operand: &'r Operand) {
        match operand {
            Operand::Setting(name) | Operand::Key { setting: name, .. } => {
                self.settings.insert(name);
            }
            Operand::Fact(name) => {
                self.facts.insert(name);
            }
            // Fields are read of records, whose kind a condition names.
            Operand::Field(_) => {}
        }
    }
}
