//! Settings of the first start, as lines of the files that they end up in.

use super::{Change, Effect, FirstStart};
use crate::engines::postgresql::reading::{Line, Step};
use crate::engines::postgresql::secrets::mask;
use crate::formats::pg_conf::{Directive, Statement};
use crate::model::Presumption;

/// The steps that a server reads behind all that is mounted; `main` is the path of its main file in the container.
pub(in crate::engines::postgresql) fn steps(start: &FirstStart, main: Option<&str>) -> Vec<Step> {
    let counts = |effect: &&Effect| match &effect.change {
        Change::Setting { file: Some(file), .. } => main == Some(file.as_str()),
        Change::Setting { file: None, .. } => true,
        _ => false,
    };
    // What goes to postgresql.auto.conf counts more than what is appended to the main file.
    let mut effects: Vec<&Effect> = start.effects.iter().filter(counts).collect();
    effects.sort_by_key(|effect| matches!(effect.change, Change::Setting { file: None, .. }));
    let mut steps: Vec<Step> = effects.into_iter().filter_map(step).collect();
    steps.extend(start.unread.settings.clone().map(|why| Step::Gap(why.presuming(Presumption::UnreadInclude))));
    steps
}

fn step(effect: &Effect) -> Option<Step> {
    let Change::Setting { name, value, value_span, file } = &effect.change else { return None };
    let masked = mask(name, value);
    if masked.is_some() {
        effect.source.redact(*value_span);
    }
    let statement = Statement {
        directive: Directive::Set,
        name: name.clone(),
        name_span: effect.span,
        value: value.clone(),
        value_span: *value_span,
        quoted: true,
    };
    Some(Step::Set(Line { statement, source: effect.source.clone(), auto: file.is_none(), masked }))
}
