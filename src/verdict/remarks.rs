//! Remarks about what is stated: contradictions, shared proofs, names that nobody has.

use super::scorecard::Remark;
use super::{Assessed, VerdictInput};
use crate::config::{At, Note, Plan, PlanFor};
use crate::model::Review;

/// Words in a name that suggest another environment than production.
const OTHER_ENVIRONMENTS: [&str; 5] = ["dev", "test", "staging", "example", "sample"];

pub(super) fn collect(input: &VerdictInput<'_>, assessed: &[Assessed<'_>]) -> Vec<Remark> {
    let mut remarks: Vec<Remark> = input.config.notes.iter().map(of_note).collect();
    remarks.extend(assessed.iter().flat_map(|one| one.judged.iter().filter_map(|judged| judged.remark.clone())));
    remarks.extend(unknown_databases(input));
    remarks.extend(plans_of_unknown_rules(input));
    remarks.extend(input.reviews.iter().filter_map(refused));
    remarks.extend(assessed.iter().filter(|one| one.card.votes.is_ok()).filter_map(|one| environment(input, &one.id)));
    remarks.sort_by(|left, right| {
        (left.span, left.code, &left.instance, &left.item).cmp(&(right.span, right.code, &right.instance, &right.item))
    });
    // Items that are the same as another, and members of a group, would tell it again.
    remarks.dedup_by(|left, right| left.span.is_some() && left.span == right.span && left.code == right.code);
    remarks
}

fn of_note(note: &Note) -> Remark {
    Remark {
        code: note.code,
        instance: None,
        item: None,
        message: note.message.clone(),
        help: note.help.clone(),
        span: Some(note.span),
        related: note.related,
    }
}

fn unknown_databases(input: &VerdictInput<'_>) -> Vec<Remark> {
    let config = input.config;
    let evidence = config.evidence.iter().map(|evidence| &evidence.database);
    let named = evidence
        .chain(config.alerts.iter().map(|alert| &alert.database))
        .chain(config.not_applicable.iter().map(|declared| &declared.database));
    let unknown = named.flatten().filter(|database| !input.instances.iter().any(|instance| instance.id == database.value));
    let known = input.instances.iter().map(|instance| instance.id.as_str()).collect::<Vec<_>>().join(", ");
    let remark = |database: &At<String>| Remark {
        code: "database-unknown",
        instance: None,
        item: None,
        message: format!("no database called `{}` was found, so that this statement counts for nothing", database.value),
        help: format!("use the name of one that was found: {known}"),
        span: Some(database.span),
        related: None,
    };
    unknown.map(remark).collect()
}

fn refused(review: &Review) -> Option<Remark> {
    Some(Remark {
        code: "review-refused",
        instance: None,
        item: None,
        message: format!("the [[reviewed]] of {} counts for nothing: {}", review.path, review.refused.as_ref()?),
        help: "have the file read as it is now, and state the new sha256, by and on".to_owned(),
        span: Some(review.span),
        related: None,
    })
}

fn plans_of_unknown_rules<'a>(input: &VerdictInput<'a>) -> impl Iterator<Item = Remark> + use<'a> {
    let rules = input.rules;
    let unknown = move |plan: &&'a Plan| matches!(&plan.about.value, PlanFor::Rule(rule) if rules.head(rule).is_none());
    input.config.plans.iter().filter(unknown).map(|plan| Remark {
        code: "plan-rule-unknown",
        instance: None,
        item: None,
        message: format!("there is no rule `{}`, so that this plan counts for nothing", plan.about.value),
        help: "use the id that the report shows in brackets; `gonogo rules` lists them all".to_owned(),
        span: Some(plan.about.span),
        related: None,
    })
}

fn environment(input: &VerdictInput<'_>, id: &str) -> Option<Remark> {
    let parts = id.to_ascii_lowercase();
    let suggests = OTHER_ENVIRONMENTS.iter().find(|word| parts.contains(**word))?;
    let stated = input.config.target(id).is_some_and(|target| target.environment.is_some());
    (!stated).then(|| Remark {
        code: "environment-unstated",
        instance: Some(id.to_owned()),
        item: None,
        message: format!("`{id}` is judged as production; its name says `{suggests}`"),
        help: format!("if it serves no production, state [[target]] with name = \"{id}\" and environment = \"development\" or \"staging\""),
        span: None,
        related: None,
    })
}
