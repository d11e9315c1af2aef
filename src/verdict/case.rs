//! One instance before the checklist: everything that its items are judged by.

use std::cell::OnceCell;
use std::collections::{BTreeMap, HashSet};

use super::checklist::{Blocks, Condition, Item, Requirement, When};
use super::index::Index;
use super::profile::{Profile, SizeNeeds};
use super::scorecard::Blocker;
use super::{VerdictInput, blockers};
use crate::config::{Objectives, Target};
use crate::model::{Deployment, Environment, Instance, OutcomeOf, Reach, SettingState, Value};
use crate::rules::Head;

/// Most connections that need no pool.
const FEW_CONNECTIONS: i64 = 200;

/// What all instances of one judgement share.
pub(super) struct Run<'a> {
    pub(super) input: &'a VerdictInput<'a>,
    pub(super) profile: &'a Profile,
    pub(super) size: &'a SizeNeeds,
    /// Outcomes by rule.
    pub(super) outcomes: BTreeMap<&'a str, Vec<&'a OutcomeOf>>,
    /// Rules by item that they count for.
    pub(super) rules: BTreeMap<&'a str, Vec<&'a Head>>,
    /// Outcomes by instance.
    pub(super) index: Index<'a>,
    /// Ids of all instances.
    ids: HashSet<&'a str>,
    /// Blockers that belong to no instance: the same for every one.
    project_blockers: OnceCell<Vec<Blocker>>,
    /// Outcomes that belong to no instance and found something, likewise.
    unowned: OnceCell<Vec<&'a OutcomeOf>>,
}

impl<'a> Run<'a> {
    pub(super) fn new(input: &'a VerdictInput<'a>, profile: &'a Profile, size: &'a SizeNeeds) -> Self {
        let mut outcomes: BTreeMap<&str, Vec<&OutcomeOf>> = BTreeMap::new();
        for outcome in input.outcomes {
            outcomes.entry(&outcome.rule).or_default().push(outcome);
        }
        let mut rules: BTreeMap<&str, Vec<&Head>> = BTreeMap::new();
        for rule in input.rules.heads() {
            for item in rule.items.iter() {
                rules.entry(input.checklist.canonical(item)).or_default().push(rule);
            }
        }
        let ids: HashSet<&str> = input.instances.iter().map(|instance| instance.id.as_str()).collect();
        let index = Index::of(input.outcomes, &ids);
        Self { input, profile, size, outcomes, rules, index, ids, project_blockers: OnceCell::new(), unowned: OnceCell::new() }
    }

    /// Blockers that belong to no instance.
    pub(super) fn project_blockers(&self) -> &[Blocker] {
        self.project_blockers.get_or_init(|| blockers::of_project(self))
    }

    /// Outcomes that belong to no instance and found something.
    pub(super) fn unowned(&self) -> &[&'a OutcomeOf] {
        let found = |outcome: &&OutcomeOf| !outcome.outcome.findings().is_empty() && self.is_unowned(outcome);
        self.unowned.get_or_init(|| self.input.outcomes.iter().filter(found).collect())
    }

    /// Whether an outcome belongs to no database that is known; then it belongs to the project.
    pub(super) fn is_unowned(&self, outcome: &OutcomeOf) -> bool {
        !outcome.instances.iter().any(|id| self.ids.contains(id.as_str()))
    }
}

/// One instance with what is stated about it.
pub(super) struct Case<'a> {
    pub(super) run: &'a Run<'a>,
    pub(super) instance: &'a Instance,
    /// Members of its replication group, itself included.
    pub(super) members: Vec<&'a str>,
    pub(super) target: Option<&'a Target>,
    pub(super) objectives: Objectives,
    pub(super) deployment: Deployment,
}

impl<'a> Case<'a> {
    pub(super) fn new(run: &'a Run<'a>, instance: &'a Instance) -> Self {
        let input = run.input;
        let same_group = |other: &&Instance| other.id == instance.id || instance.group.is_some() && other.group == instance.group;
        // Files that show a platform decide; a plain directory leaves it open, and the statement counts.
        let stated = input.options.deployment.or(input.config.profile.deployment.as_ref().map(|at| at.value));
        let open = instance.deployment == Deployment::SelfManaged && instance.service.is_none();
        Self {
            run,
            instance,
            members: input.instances.iter().filter(same_group).map(|other| other.id.as_str()).collect(),
            target: input.config.target(&instance.id),
            objectives: input.config.objectives_of(&instance.id),
            deployment: stated.filter(|_| open).unwrap_or(instance.deployment),
        }
    }

    /// Instances whose outcomes and evidence count for an item.
    pub(super) fn members_for(&self, item: &Item) -> &[&'a str] {
        let own = self.members.iter().position(|id| *id == self.instance.id).unwrap_or(0);
        let alone = self.members.get(own..=own).unwrap_or_default();
        if item.shared_in_group() { &self.members } else { alone }
    }

    /// Whether several databases vote, so that evidence must say which it is about.
    pub(super) fn several_vote(&self, item: &Item) -> bool {
        let voting = self
            .run
            .input
            .instances
            .iter()
            .filter(|instance| instance.environment == Environment::Production && instance.engine.keeps_data());
        let others = voting.filter(|instance| !self.members_for(item).contains(&instance.id.as_str())).count();
        // What keeps no data has none of its own: what is said of the one database is said of what is in front of it.
        others > usize::from(!self.instance.engine.keeps_data())
    }

    /// The instance and what passes sessions on to it: clients come by each of them.
    pub(super) fn hops(&self) -> impl Iterator<Item = &'a Instance> {
        let own = self.instance;
        let leads_here = move |other: &&Instance| {
            let named = || other.views.last().is_some_and(|view| view.subject.instances.contains(&own.id));
            other.engine.passes_on_to() == Some(own.engine) && named()
        };
        std::iter::once(own).chain(self.run.input.instances.iter().filter(leads_here))
    }

    /// When an item alone makes NO-GO for this instance, in this profile.
    pub(super) fn blocks(&self, item: &Item) -> Option<Blocks> {
        let from = self.run.profile.blocks_from_reach.get(&item.id).copied().unwrap_or(Reach::None);
        let named = |list: &[String]| list.contains(&item.id);
        let added = named(&self.run.profile.blockers) || named(&self.run.profile.attestations);
        if added { Some(Blocks::Always) } else { item.blocker.filter(|_| self.instance.reach.most >= from) }
    }

    /// Whether an alert or a runbook is needed.
    pub(super) fn requires(&self, requirement: &Requirement) -> bool {
        let instance = self.instance;
        (requirement.engines.is_empty() || requirement.engines.contains(&instance.engine))
            && !requirement.not_as.contains(&instance.purpose)
            && (requirement.only_as.is_empty() || requirement.only_as.contains(&instance.purpose))
            && !requirement.not_on.contains(&self.deployment)
            && (requirement.when.is_empty() || requirement.when.iter().any(|when| self.is_when(when)))
    }

    fn is_when(&self, when: &When) -> bool {
        match when {
            When::Condition(condition) => self.holds(*condition),
            When::Setting { setting, is } => self.shows(setting).iter().any(|shown| {
                if is.is_empty() { !["", "0", "off", "no", "none", "disabled"].contains(&shown.as_str()) } else { is.contains(shown) }
            }),
        }
    }

    /// Whether a condition holds; where it cannot be told, whatever asks for more.
    pub(super) fn holds(&self, condition: Condition) -> bool {
        match condition {
            Condition::MultiTenant => self.target.and_then(|target| target.multi_tenant.as_ref()).is_some_and(|at| at.value),
            Condition::RpoDeclared => self.objectives.rpo.is_some(),
            Condition::Replicated => self.instance.group.is_some() || self.facts("replicated").any(|value| value.as_bool() == Some(true)),
            Condition::ManyClients => {
                let peak = self.objectives.peak_clients.as_ref().map_or(0, |at| i64::from(at.value));
                let limits: Vec<i64> = self.facts("client_limit").filter_map(Value::as_integer).collect();
                let all_known = !limits.is_empty() && limits.len() == self.instance.views.len();
                let few = all_known && limits.iter().all(|limit| *limit <= FEW_CONNECTIONS);
                !few || peak > FEW_CONNECTIONS
            }
        }
    }

    /// What is known of a fact, version by version.
    fn facts(&self, name: &'static str) -> impl Iterator<Item = &'a Value> {
        self.instance.views.iter().filter_map(move |view| view.subject.facts.get(name)?.datum.known())
    }

    /// What the server would show for a setting, version by version, where it is known.
    fn shows(&self, setting: &str) -> Vec<String> {
        let known = |state: &SettingState| match state {
            SettingState::Known(setting) => Some(setting.shown.to_ascii_lowercase()),
            _ => None,
        };
        self.instance.views.iter().filter_map(|view| known(view.subject.settings.get(setting)?)).collect()
    }
}
