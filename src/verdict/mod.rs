//! Status of items, evidence, arithmetic, decision, maturity, profiles.
//!
//! [`judge`] is a function of its input alone: what the rules found, what people state, and the
//! date. Every choice errs towards NO-GO: what is not shown never counts as good.

mod applicability;
pub mod arithmetic;
mod blockers;
mod case;
pub mod checklist;
mod contradicted;
mod criteria;
mod decision;
mod evidence;
pub mod explain;
mod index;
pub mod init;
mod lint;
mod maturity;
mod merged;
mod pillars;
mod plans;
pub mod profile;
pub mod proof;
mod reasons;
mod relied;
mod remarks;
mod requirements;
mod reservations;
mod says;
pub mod scorecard;
mod status;

pub use lint::without_verdict;
pub use plans::History;
pub use reasons::headline;

use crate::config::{Config, Criticality, Size};
use crate::model::{Date, Environment, Instance, OutcomeOf, Pillar, Relied, Review, Unseen};
use crate::rules::RuleSet;
use case::{Case, Run};
use checklist::Checklist;
use criteria::Judgement;
use profile::ProfileOptions;
use requirements::Requirements;
use scorecard::{Blocker, InstanceCard, Scorecard};
use status::Judged;

/// Everything that a verdict is a function of.
#[derive(Clone, Copy, Debug)]
pub struct VerdictInput<'a> {
    /// Database servers that were found.
    pub instances: &'a [Instance],
    /// What became of every rule on every subject, exceptions applied.
    pub outcomes: &'a [OutcomeOf],
    /// Every rule in force.
    pub rules: &'a RuleSet,
    /// What people state.
    pub config: &'a Config,
    /// What is asked for.
    pub checklist: &'a Checklist,
    /// What the command line says of the profile.
    pub options: ProfileOptions,
    /// The date that ages are counted from.
    pub now: Date,
    /// Whether something that the audit needs could not be read.
    pub incomplete: bool,
    /// Workloads of which too little was seen; one that a `[[target]]` names is left out.
    pub unseen: &'a [Unseen],
    /// What rests on the word of people who read what no program understood.
    pub relied: &'a [Relied],
    /// Everything that people say of such files, whether something rests on it or not.
    pub reviews: &'a [Review],
    /// Files that were not understood and that nobody answers for, each with its SHA-256.
    pub unanswered: &'a [(String, String)],
    /// What earlier runs saw.
    pub history: Option<&'a History>,
}

impl VerdictInput<'_> {
    /// The criticality in force: command line, gonogo.toml, else medium.
    #[must_use]
    pub fn criticality(&self) -> Criticality {
        let stated = self.config.profile.criticality.as_ref().map(|at| at.value);
        self.options.criticality.or(stated).unwrap_or(Criticality::Medium)
    }

    /// The size in force: command line, gonogo.toml, else company.
    #[must_use]
    pub fn size(&self) -> Size {
        let stated = self.config.profile.size.as_ref().map(|at| at.value);
        self.options.size.or(stated).unwrap_or(Size::Company)
    }
}

/// One instance, judged by itself.
struct Assessed<'a> {
    id: String,
    group: Option<String>,
    judged: Vec<Judged<'a>>,
    judgements: Vec<Judgement>,
    blockers: Vec<Blocker>,
    card: InstanceCard,
}

/// Judges every instance and the project.
#[must_use]
pub fn judge(input: &VerdictInput<'_>) -> Scorecard {
    let (Some(profile), Some(size)) = (input.checklist.profiles.get(&input.criticality()), input.checklist.sizes.get(&input.size())) else {
        // A checklist without the profile that is asked for can say nothing.
        return Scorecard { instances: Vec::new(), verdict: None, remarks: Vec::new() };
    };
    let run = Run::new(input, profile, size);
    let mut instances: Vec<&Instance> = input.instances.iter().collect();
    instances.sort_by(|left, right| left.id.cmp(&right.id));
    let assessed: Vec<Assessed<'_>> = instances.into_iter().map(|instance| assess(&run, instance)).collect();
    let voting: Vec<&Assessed<'_>> = assessed.iter().filter(|one| one.card.votes.is_ok()).collect();
    let unseen: Vec<&Unseen> = input.unseen.iter().filter(|unseen| input.config.target(&unseen.workload).is_none()).collect();
    let verdict = decision::decide(&run, &voting, &unseen);
    let remarks = remarks::collect(input, &assessed);
    let cards = assessed.iter().map(|one| InstanceCard { verdict: Some(decision::decide(&run, &[one], &[])), ..one.card.clone() });
    Scorecard { instances: cards.collect(), verdict: Some(verdict), remarks }
}

fn assess<'a>(run: &'a Run<'a>, instance: &'a Instance) -> Assessed<'a> {
    let case = Case::new(run, instance);
    let needs = Requirements::of(&case);
    let mut judged = status::judge_items(&case, &needs);
    pillars::cap_accepted(&case, &mut judged);
    let votes = match instance.environment {
        _ if !instance.engine.keeps_data() => Err("it keeps no data; what is found about it counts for the servers behind it".to_owned()),
        Environment::Production => Ok(()),
        other => Err(format!("it serves {other}, and only production votes")),
    };
    let card = InstanceCard {
        id: instance.id.clone(),
        engine: instance.engine,
        version: instance.version_text(),
        deployment: case.deployment,
        purpose: instance.purpose,
        environment: instance.environment,
        votes,
        reach: instance.reach.exact().map_or("unknown", crate::model::Reach::word),
        group: instance.group.clone(),
        sources: instance.sources.clone(),
        verdict: None,
        pillars: Pillar::ALL.iter().map(|pillar| pillars::shown(&case, *pillar, &judged)).collect(),
        attestations: judged.iter().filter(|item| item.item.pillar().is_none()).map(|item| item.shown.clone()).collect(),
        maturity: Some(maturity::judge(&case, &judged)),
        alerts: needs.alerts.clone(),
        runbooks: needs.runbooks.clone(),
    };
    Assessed {
        id: instance.id.clone(),
        group: instance.group.clone(),
        judgements: criteria::judge(&case, &judged, &needs),
        blockers: blockers::of_instance(&case, &judged),
        judged,
        card,
    }
}
