//! Words for what depends on the version.

use crate::model::{Engine, Outcome, Version, Why};

/// What a rule says of one version.
pub(super) type OfVersion<'a> = (Option<&'a Version>, &'a Outcome);

/// "it depends on the version: 13–17 fail, 18 passes".
pub(super) fn depends(outcomes: &[OfVersion<'_>]) -> Why {
    let mut runs: Vec<(&Outcome, String, String)> = Vec::new();
    for (version, outcome) in outcomes {
        let version = version.map_or_else(|| "this version".to_owned(), ToString::to_string);
        match runs.last_mut() {
            Some((known, _, last)) if known.word() == outcome.word() => *last = version,
            _ => runs.push((outcome, version.clone(), version)),
        }
    }
    let parts: Vec<_> = runs
        .into_iter()
        .map(|(outcome, first, last)| {
            let (one, several) = match outcome {
                Outcome::Pass => ("passes", "pass"),
                Outcome::NotApplicable(_) => ("is not concerned", "are not concerned"),
                _ => ("fails", "fail"),
            };
            if first == last { format!("{first} {one}") } else { format!("{first}–{last} {several}") }
        })
        .collect();
    Why::needing(format!("it depends on the version: {}", parts.join(", ")), "say it with --engine-version")
}

/// "on PostgreSQL 16 and later": those of all candidate versions, ascending, that have something.
pub(super) fn only_on(all: &[Option<&Version>], those: &[Option<&Version>], engine: Option<Engine>) -> String {
    let name = engine.map_or("the engine", Engine::name);
    let has = |version: &Option<&Version>| those.contains(version);
    let text = |version: &Option<&Version>| version.map_or_else(|| "this version".to_owned(), ToString::to_string);
    let named: Vec<String> = all.iter().filter(|version| has(version)).map(text).collect();
    let first = all.iter().position(has).unwrap_or(0);
    let last = all.iter().rposition(has).unwrap_or(0);
    let in_a_row = last + 1 - first == named.len();
    match (named.first(), named.last()) {
        (Some(oldest), _) if in_a_row && last + 1 == all.len() => format!("on {name} {oldest} and later"),
        (_, Some(newest)) if in_a_row && first == 0 => format!("on {name} {newest} and earlier"),
        (Some(oldest), Some(newest)) if in_a_row && oldest != newest => format!("on {name} {oldest} to {newest}"),
        _ => format!("on {name} {}", named.join(", ")),
    }
}
