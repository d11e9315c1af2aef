//! A server as every engine reports it, and the same under presumptions.

use std::collections::BTreeSet;

use super::base::Base;
use super::facts::fill;
use super::given::Given;
use crate::model::{Engine, Instance, Presumed, ReachKnown, Subject, Version, VersionCandidates, View};

/// What versions make of a server, and from where it can be reached.
#[derive(Debug)]
pub struct Seen {
    /// Its versions.
    pub versions: VersionCandidates,
    /// One view for each.
    pub views: Vec<View>,
    /// From where it can be reached.
    pub reach: ReachKnown,
    /// The files that it is read from.
    pub sources: BTreeSet<String>,
}

impl Base<'_> {
    /// The server of an engine, in no group.
    #[must_use]
    pub fn instance(&self, engine: Engine, seen: Seen, given: &Given<'_>) -> Instance {
        Instance {
            id: self.id.clone(),
            engine,
            versions: seen.versions,
            platform: self.platform(),
            deployment: self.deployment(given.config, &given.stated),
            purpose: self.purpose(),
            environment: self.serves(),
            reach: seen.reach,
            host: self.host(given.config, &given.stated),
            group: None,
            sources: seen.sources.into_iter().collect(),
            service: self.workload.map(|workload| workload.placement.name.clone()),
            views: seen.views,
        }
    }
}

/// Adds to each view the same under presumptions, where there are any: `of` is what a version makes of the server then, `reach_of`
/// from where such a server can be reached.
pub fn presume(
    instance: &mut Instance,
    presumed: &[Presumed],
    of: &dyn Fn(&Version) -> Subject,
    reach_of: &dyn Fn(Option<&Subject>) -> ReachKnown,
    base: &Base<'_>,
    given: &Given<'_>,
) {
    if presumed.is_empty() {
        return;
    }
    let view = |version: &Version| View { subject: of(version), presumed: None, who_can_connect: Vec::new() };
    let views: Vec<View> = instance.versions.candidates.iter().map(view).collect();
    let reach = reach_of(views.last().map(|view| &view.subject));
    let mut again = Instance { views, reach: reach.clone(), ..instance.clone() };
    fill(&mut again, &reach, base, given.config, given.now);
    for (view, other) in instance.views.iter_mut().zip(again.views) {
        view.presumed = Some(Box::new(Subject { presumed: presumed.to_vec(), ..other.subject }));
    }
}
