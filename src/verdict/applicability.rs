//! Which items do not concern an instance, and why.

use super::case::Case;
use super::checklist::{Condition, Item};
use crate::config::NotApplicable;
use crate::model::Reach;

/// Why the data says that an item does not concern an instance.
pub(super) fn by_data(case: &Case<'_>, item: &Item) -> Option<String> {
    let instance = case.instance;
    let only = item.only_for.as_ref().filter(|only| !only.engines.contains(&instance.engine)).map(|only| &only.reason);
    let named = only.or_else(|| item.not_for.get(&instance.engine)).or_else(|| item.not_as.get(&instance.purpose));
    let delegated = item.not_on.get(&case.deployment);
    named.or(delegated).cloned().or_else(|| by_reach(case, item)).or_else(|| by_version(case, item)).or_else(|| by_condition(case, item))
}

fn by_reach(case: &Case<'_>, item: &Item) -> Option<String> {
    let most = case.instance.reach.most;
    item.from_reach.filter(|from| most < *from)?;
    Some(match most {
        Reach::None => "nothing beyond the machine can reach the server".to_owned(),
        _ => "only containers of the same host can reach the server".to_owned(),
    })
}

fn by_version(case: &Case<'_>, item: &Item) -> Option<String> {
    let since = item.since.get(&case.instance.engine)?;
    let candidates = &case.instance.versions.candidates;
    let older = !candidates.is_empty() && candidates.iter().all(|version| version.is_before(since));
    older.then(|| format!("{} has it from version {since} on", case.instance.engine.name()))
}

fn by_condition(case: &Case<'_>, item: &Item) -> Option<String> {
    let condition = *item.only_when.get(&case.instance.engine)?;
    if case.holds(condition) {
        return None;
    }
    Some(
        match condition {
            Condition::MultiTenant => "nothing says that customers share tables ([[target]] multi_tenant)",
            Condition::ManyClients => "the server admits at most 200 clients, and nothing shows more",
            Condition::RpoDeclared => "no rpo asks for it",
            Condition::Replicated => "it has no replicas",
        }
        .to_owned(),
    )
}

/// The declaration that an item does not concern an instance, where one may be made.
///
/// What blocks, or is among the documents that the size asks for, cannot be declared away.
pub(super) fn declared<'a>(case: &Case<'a>, item: &Item) -> Option<&'a NotApplicable> {
    let run = case.run;
    let possible = item.declarable && case.blocks(item).is_none() && !run.size.documents.contains(&item.id);
    let about = |declared: &&NotApplicable| {
        run.input.checklist.canonical(&declared.item.value) == item.id
            && declared.database.as_ref().is_none_or(|database| case.members_for(item).contains(&database.value.as_str()))
    };
    run.input.config.not_applicable.iter().filter(|_| possible).find(about)
}
