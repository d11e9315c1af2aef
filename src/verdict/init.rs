//! The text of a gonogo.toml that asks for exactly what is missing.
//!
//! Explanations begin with `##`, the lines to fill in with `# `. A date stands as YYYY-MM-DD, which
//! is no TOML: nobody can claim anything by merely removing comment signs.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use super::VerdictInput;
use super::checklist::{DecidedBy, EvidenceUse, Item};
use super::plans;
use super::requirements::reaches_somebody;
use super::scorecard::{CriterionStatus, InstanceCard, ItemStatus, Scorecard};
use crate::config::{Criterion, Criticality, PlanFor};
use crate::text::harmless::{one_line, toml_string};

const HEADER: &str = "\
## gonogo.toml: what gonogo cannot see in files, stated by the people who did it.
##
## Fill in what is true, and remove the comment sign before it. Each statement needs its day, who did
## it (a role is enough), and a proof: a file of this project, a URL or a ticket. It counts until it
## is too old, and a fact that is seen in a file always counts more.
";

const DATE: &str = "YYYY-MM-DD";

/// What may be missing at the top of the file, with the lines that state it.
const RELEASE: &str = "\
## When the project goes live; plans count their days from it.
# [release]
# go_live = YYYY-MM-DD
";
const OBJECTIVES: &str = "\
## How much work may be lost (rpo), how long a restore may take (rto), and what load is expected.
# [objectives]
# rpo = \"24h\"
# rto = \"4h\"
# expected_load = \"400 tps\"
";
const PROFILE: &str = "\
## How much depends on it: low (a blog, a staging system), medium (a shop), high (a bank, a hospital).
# [profile]
# criticality = \"medium\"
# size = \"company\"
";
const TEAM: &str = "\
## Who operates the databases, how many of them are trained, and when that was.
# [team]
# members = 3
# trained = 3
# on = YYYY-MM-DD
";

/// Writes the file for a scorecard.
#[must_use]
pub fn gonogo_toml(input: &VerdictInput<'_>, card: &Scorecard) -> String {
    let mut text = HEADER.to_owned();
    let config = input.config;
    let objectives = &config.objectives;
    let stated = [
        (RELEASE, config.go_live.is_some()),
        (OBJECTIVES, objectives.rpo.is_some() && objectives.rto.is_some()),
        (PROFILE, config.profile.criticality.is_some()),
        (TEAM, config.team.is_some()),
    ];
    for (lines, _) in stated.into_iter().filter(|(_, stated)| !stated) {
        let _ = write!(text, "\n{lines}");
    }
    let voting: Vec<&InstanceCard> = card.instances.iter().filter(|card| card.votes.is_ok()).collect();
    for item in &input.checklist.items {
        match item.decided_by {
            _ if item.same_as.is_some() || item.evidence == EvidenceUse::Never => {}
            Some(DecidedBy::Alerts) if item.id.ends_with("/alert-test") => {}
            Some(DecidedBy::Alerts) => alerts(&mut text, input, &voting),
            Some(DecidedBy::Runbooks) => runbooks(&mut text, input, &voting),
            Some(DecidedBy::Objectives | DecidedBy::Team) => {}
            Some(DecidedBy::Reach) | None => evidence(&mut text, input, item, &voting),
        }
    }
    reviews(&mut text, input);
    plan_lines(&mut text, input, card);
    text
}

/// What was not understood, for whoever reads it.
fn reviews(text: &mut String, input: &VerdictInput<'_>) {
    for (path, sha256) in input.unanswered {
        let _ = write!(
            text,
            "\n## {} was not understood. Somebody reads it, and states what it changes: \"nothing\" alone, or of\n\
             ## \"settings\", \"roles\", \"access\", \"backup\", \"reach\". It counts 180 days, and until the file changes.\n\
             # [[reviewed]]\n# path = {}\n# sha256 = \"{sha256}\"\n# changes = [\"…\"]\n# by = \"…\"\n# on = {DATE}\n",
            one_line(path),
            toml_string(path)
        );
    }
}

/// The instances for which an item is open.
fn open<'c>(item: &Item, voting: &[&'c InstanceCard]) -> Vec<(&'c InstanceCard, ItemStatus)> {
    let shown = |card: &&'c InstanceCard| {
        let items = card.pillars.iter().flat_map(|pillar| &pillar.items).chain(&card.attestations);
        items.into_iter().find(|shown| shown.id == item.id).map(|shown| shown.status)
    };
    let open = |status: &ItemStatus| matches!(status, ItemStatus::Unknown | ItemStatus::Expired);
    let cards = if item.shared_in_group() { once_per_group(voting) } else { voting.to_vec() };
    cards.into_iter().filter_map(|card| Some((card, shown(&card).filter(open)?))).collect()
}

/// The instances without those that share what another of their group has.
fn once_per_group<'c>(voting: &[&'c InstanceCard]) -> Vec<&'c InstanceCard> {
    let mut seen = BTreeSet::new();
    voting.iter().copied().filter(|card| card.group.is_none() || seen.insert(&card.group)).collect()
}

fn evidence(text: &mut String, input: &VerdictInput<'_>, item: &Item, voting: &[&InstanceCard]) {
    let open = open(item, voting);
    // Attestations outside the pillars are asked for where the profile wants them.
    let profile = input.checklist.profiles.get(&input.criticality());
    let wanted = |list: &[String]| list.contains(&item.id);
    if open.is_empty()
        || item.pillar().is_none() && !profile.is_some_and(|profile| wanted(&profile.blockers) || wanted(&profile.attestations))
    {
        return;
    }
    let expired = if open.iter().any(|(_, status)| *status == ItemStatus::Expired) { " (expired)" } else { "" };
    let blocks = if item.blocker.is_some() { "; without it, NO-GO" } else { "" };
    let _ = write!(text, "\n## {}{expired}: {}{blocks}\n## {}\n", item.id, item.title, item.meaning);
    if item.declarable {
        let _ = writeln!(text, "## Where it does not concern you: [[not_applicable]] with item, reason and by, instead of this.");
    }
    let each_database = voting.len() > 1 && item.names_database();
    let blocks: Vec<Option<&str>> = if each_database { open.iter().map(|(card, _)| Some(card.id.as_str())).collect() } else { vec![None] };
    for database in blocks {
        block(text, input, &item.id, database, &[]);
    }
}

/// One [[evidence]], with the lines that its item needs.
fn block(text: &mut String, input: &VerdictInput<'_>, item: &str, database: Option<&str>, more: &[(&str, &str)]) {
    let name = item.rsplit('/').next().unwrap_or(item);
    let _ = writeln!(text, "# [[evidence]]\n# item = \"{item}\"");
    if let Some(database) = database {
        let _ = writeln!(text, "# database = {}", toml_string(database));
    }
    for (key, value) in more {
        let _ = writeln!(text, "# {key} = \"{value}\"");
    }
    let file = more.iter().find(|(key, _)| *key == "runbook").map_or(name, |(_, value)| value);
    let _ = writeln!(text, "# on = {DATE}\n# by = \"DBA on call\"\n# proof = \"docs/{file}.md\"");
    let own = match item {
        "backup/scheduled" => "# interval = \"24h\"\n",
        "backup/restore-tested" | "backup/dr-test" => "# duration = \"38m\"\n",
        "documentation/load-test" => "# expected = \"400 tps\"\n# achieved = \"600 tps\"\n",
        _ => "",
    };
    text.push_str(own);
    if input.criticality() == Criticality::High {
        text.push_str("# reviewed_by = \"second DBA\"\n");
    }
}

fn alerts(text: &mut String, input: &VerdictInput<'_>, voting: &[&InstanceCard]) {
    for card in voting {
        for alert in card.alerts.iter().filter(|alert| !(reaches_somebody(alert) && alert.tested)) {
            let required = input.checklist.alerts.iter().find(|required| required.id == alert.watches);
            let title = required.map_or("", |required| required.title.as_str());
            let _ = write!(text, "\n## Alert {}: {title}\n# [[alert]]\n# watches = \"{}\"\n", alert.watches, alert.watches);
            if voting.len() > 1 {
                let _ = writeln!(text, "# database = {}", toml_string(&card.id));
            }
            let _ = writeln!(
                text,
                "# system = \"datadog\"\n# receiver = \"who gets it\"\n# on = {DATE}   # when it last reached the receiver\n# by = \"SRE\"\n# proof = \"https://…\""
            );
        }
    }
}

fn runbooks(text: &mut String, input: &VerdictInput<'_>, voting: &[&InstanceCard]) {
    let item = "documentation/incident-runbooks";
    for card in once_per_group(voting) {
        for runbook in card.runbooks.iter().filter(|runbook| runbook.status != ItemStatus::Pass) {
            let required = input.checklist.runbooks.iter().find(|required| required.id == runbook.id);
            let title = required.map_or("", |required| required.title.as_str());
            let _ = write!(text, "\n## Runbook {}: {title}; `on` is the day of its last review\n", runbook.id);
            let database = (voting.len() > 1).then_some(card.id.as_str());
            block(text, input, item, database, &[("runbook", &runbook.id)]);
        }
    }
}

fn plan_lines(text: &mut String, input: &VerdictInput<'_>, card: &Scorecard) {
    let criteria = card.verdict.iter().flat_map(|verdict| &verdict.criteria);
    let slight = criteria.filter(|criterion| criterion.voting && criterion.status == CriterionStatus::SlightlyBelow);
    for criterion in slight.filter_map(|criterion| criterion.id.parse::<Criterion>().ok()) {
        let lines = plans::lines(input, &PlanFor::Criterion(criterion)).lines().map(|line| format!("# {line}\n")).collect::<String>();
        let _ = write!(text, "\n## {criterion} is slightly below: with a plan, it is GO WITH RESERVATIONS\n{lines}");
    }
}
