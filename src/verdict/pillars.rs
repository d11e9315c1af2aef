//! Pillars of an instance: the cap on accepted items, and the counts.

use super::arithmetic::{Ratio, accepted_cap};
use super::case::Case;
use super::profile::RatioNeeds;
use super::scorecard::{Basis, ItemStatus, PillarShown};
use super::status::Judged;
use crate::config::Config;
use crate::model::{Finding, Pillar};

/// Counts accepted items beyond the cap as failing, in the order of gonogo.toml.
pub(super) fn cap_accepted(case: &Case<'_>, judged: &mut [Judged<'_>]) {
    for pillar in Pillar::ALL {
        let of_pillar = |judged: &Judged<'_>| judged.item.pillar() == Some(*pillar);
        let applicable = judged.iter().filter(|item| of_pillar(item) && item.status() != ItemStatus::NotApplicable).count();
        let cap = accepted_cap(u32::try_from(applicable).unwrap_or(u32::MAX), case.run.profile.accepts);
        let mut accepted: Vec<_> = judged.iter_mut().filter(|item| of_pillar(item) && item.status() == ItemStatus::Accepted).collect();
        accepted.sort_by_key(|item| item.accepted.iter().map(|finding| order(case.run.input.config, finding)).max());
        for item in accepted.into_iter().skip(usize::try_from(cap).unwrap_or(usize::MAX)) {
            item.shown.status = ItemStatus::Fail;
            item.shown.reason = match cap {
                0 => format!("{}; this profile accepts nothing", item.shown.reason),
                cap => {
                    format!("{}; yet only {cap} of this pillar may be accepted, and others come first in gonogo.toml", item.shown.reason)
                }
            };
        }
    }
}

/// Where in gonogo.toml a finding is accepted.
fn order(config: &Config, finding: &Finding) -> usize {
    let same = |accept: &crate::config::Accept| {
        accept.rule.value == finding.rule
            && finding.suppressed.as_ref().is_some_and(|by| by.reason == accept.reason && by.owner.as_ref() == Some(&accept.owner))
    };
    config.accepts.iter().position(same).unwrap_or(usize::MAX)
}

/// The items of a pillar that its ratio counts: all, or those that the profile asks for.
pub(super) fn counted<'j, 'a>(
    needs: Option<&'j RatioNeeds>,
    pillar: Pillar,
    judged: &'j [Judged<'a>],
) -> impl Iterator<Item = &'j Judged<'a>> {
    let asked = move |id: &String| needs.is_none_or(|needs| needs.items.is_empty() || needs.items.contains(id));
    judged.iter().filter(move |item| item.item.pillar() == Some(pillar) && asked(&item.item.id))
}

/// The ratio of a pillar; without a threshold in the profile, it is only counted.
pub(super) fn ratio(case: &Case<'_>, pillar: Pillar, judged: &[Judged<'_>]) -> Ratio {
    let needs = case.run.profile.ratio.get(&pillar);
    let mut ratio = Ratio { passed: 0, applicable: 0, threshold: needs.map_or(0, |needs| needs.threshold), blocker_missed: false };
    for item in counted(needs, pillar, judged).filter(|item| !matches!(item.status(), ItemStatus::Accepted | ItemStatus::NotApplicable)) {
        ratio.applicable += 1;
        ratio.passed += u32::from(item.passes());
        ratio.blocker_missed |= !item.passes() && item.shown.blocker;
    }
    ratio
}

/// A pillar as the report shows it.
pub(super) fn shown(case: &Case<'_>, pillar: Pillar, judged: &[Judged<'_>]) -> PillarShown {
    let ratio = ratio(case, pillar, judged);
    let needs = case.run.profile.ratio.get(&pillar);
    let count = |keep: &dyn Fn(&Judged<'_>) -> bool| {
        u32::try_from(counted(needs, pillar, judged).filter(|item| keep(item)).count()).unwrap_or(u32::MAX)
    };
    let with = |status| count(&move |item| item.status() == status);
    let resting_on = |basis| count(&move |item| item.shown.basis == Some(basis));
    PillarShown {
        id: pillar.word().to_owned(),
        items: judged.iter().filter(|item| item.item.pillar() == Some(pillar)).map(|item| item.shown.clone()).collect(),
        passed: ratio.passed,
        applicable: ratio.applicable,
        need: ratio.need(),
        misses_left: ratio.misses_left(),
        verified: resting_on(Basis::Verified),
        attested: resting_on(Basis::Attested),
        unknown: with(ItemStatus::Unknown),
        expired: with(ItemStatus::Expired),
        accepted: with(ItemStatus::Accepted),
        not_applicable: with(ItemStatus::NotApplicable),
        percent: ratio.percent(),
        threshold: ratio.threshold,
    }
}
