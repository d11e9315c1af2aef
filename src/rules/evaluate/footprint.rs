//! What a rule looks at, so that it need not be asked again where nothing of that differs.

use std::collections::BTreeSet;

use crate::model::{Difference, Outcome};
use crate::rules::condition::{Amount, Condition, Operand, Predicate, Test};
use crate::rules::message::{Message, Piece};
use crate::rules::{Check, Place, Remedy, Rule};

/// Names of everything that a rule reads of its subject.
#[derive(Clone, Debug, Default)]
pub struct Footprint<'r> {
    settings: BTreeSet<&'r str>,
    facts: BTreeSet<&'r str>,
    records: BTreeSet<&'r str>,
    /// Whether it may read anything else: a native check sees the whole subject.
    anything: bool,
}

impl<'r> Footprint<'r> {
    /// What a rule reads.
    #[must_use]
    pub fn of(rule: &'r Rule) -> Self {
        let logic = &rule.logic;
        let mut footprint = Self { anything: matches!(logic.check, Check::Native { .. }), ..Self::default() };
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
            Some(Remedy::Set(wanted)) => footprint.settings.extend(wanted.iter().map(|(name, _)| name.as_str())),
            Some(Remedy::Replace(place, with)) => {
                footprint.add_place(place);
                footprint.add_message(with);
            }
            Some(Remedy::Remove | Remedy::Correct) | None => {}
        }
        footprint
    }

    /// Whether a rule that came out in one way does so of another subject too, whose differences are given.
    #[must_use]
    pub(super) fn holds_for(&self, outcome: &Outcome, difference: &Difference<'_>) -> bool {
        // A finding about a record may speak of a default of the same name.
        let told = |name: &str| difference.settings.contains(name);
        !self.anything
            && !difference.elsewhere
            && !self.settings.iter().any(|name| difference.settings.contains(name))
            && !self.facts.iter().any(|name| difference.facts.contains(name))
            && !self.records.iter().any(|kind| difference.records.contains(kind))
            && !outcome.findings().iter().any(|finding| told(&finding.key))
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
