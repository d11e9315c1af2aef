//! The checklist of each instance: pillars as a table, then what is missing, item by item.

use super::page::{BOLD, GREEN, Page, RED, YELLOW};
use super::{aside, labelled};
use crate::report::plain::plain;
use crate::report::{Report, headline};
use crate::verdict::scorecard::{Basis, InstanceCard, ItemShown, ItemStatus, PillarShown};

pub(super) fn write(page: &mut Page, report: &Report) {
    for card in &report.scorecard.instances {
        head(page, card);
        if !card.pillars.is_empty() {
            pillars(page, card);
            card.pillars.iter().for_each(|pillar| items(page, pillar));
        }
        attestations(page, card);
        alerts_and_runbooks(page, card);
        maturity(page, card);
        page.blank();
    }
}

fn head(page: &mut Page, card: &InstanceCard) {
    let version = card.version.as_ref().map(|version| format!(" {version}")).unwrap_or_default();
    let group = card.group.as_ref().map(|group| format!(", group {}", plain(group))).unwrap_or_default();
    let facts = format!(
        "{}{version}, {}, {}, {}, reach {}{group}",
        card.engine.name(),
        card.deployment,
        card.purpose,
        card.environment,
        card.reach
    );
    let text = labelled(page, &format!("Checklist of {}:", plain(&card.id)), &facts);
    page.wrapped("", "  ", &text);
    match (&card.votes, &card.verdict) {
        (Err(reason), _) => page.wrapped("  ", "  ", &format!("does not vote: {}", plain(reason))),
        (Ok(()), Some(verdict)) => page.line(&format!("  {}", headline::headline(verdict))),
        (Ok(()), None) => {}
    }
}

fn pillars(page: &mut Page, card: &InstanceCard) {
    let header = ["pillar", "passed", "need", "may\nmiss", "verified", "attested", "not\nshown", "expired", "accepted", "n/a"];
    let row = |pillar: &PillarShown| {
        let passed = format!("{} / {}", pillar.passed, pillar.applicable);
        let numbers = [
            pillar.need,
            pillar.misses_left,
            pillar.verified,
            pillar.attested,
            pillar.unknown,
            pillar.expired,
            pillar.accepted,
            pillar.not_applicable,
        ];
        [plain(&pillar.id), passed].into_iter().chain(numbers.iter().map(u32::to_string)).collect()
    };
    // Columns that are zero in every row say nothing: leave them out, so that the rest fits.
    let rows: Vec<Vec<String>> = card.pillars.iter().map(row).collect();
    let says_something = |at: usize| at < 4 || rows.iter().any(|row: &Vec<String>| row.get(at).is_some_and(|cell| cell != "0"));
    let kept: Vec<usize> = (0..header.len()).filter(|at| says_something(*at)).collect();
    let header: Vec<&str> = kept.iter().filter_map(|at| header.get(*at).copied()).collect();
    let rows = rows.iter().map(|row| kept.iter().filter_map(|at| row.get(*at).cloned()).collect()).collect();
    let numbers: Vec<usize> = (1..header.len()).collect();
    page.table("  ", &header, &numbers, rows);
}

/// What does not pass, with the reason; what does, in a line.
fn items(page: &mut Page, pillar: &PillarShown) {
    let threshold = if pillar.threshold > 0 { format!(", threshold {} %", pillar.threshold) } else { String::new() };
    page.line(&format!("  {} {} %{threshold}", page.paint(BOLD, &plain(&pillar.id)), pillar.percent));
    let open = [ItemStatus::Fail, ItemStatus::Expired, ItemStatus::Unknown, ItemStatus::Accepted];
    for status in open {
        pillar.items.iter().filter(|item| item.status == status).for_each(|item| open_item(page, pillar, item));
    }
    let of = |wanted: &dyn Fn(&ItemShown) -> bool| -> Vec<String> {
        pillar.items.iter().filter(|item| wanted(item)).map(|item| short_id(pillar, item)).collect()
    };
    let verified = of(&|item| item.status == ItemStatus::Pass && item.basis != Some(Basis::Attested));
    let attested = of(&|item| item.status == ItemStatus::Pass && item.basis == Some(Basis::Attested));
    let not_applicable = of(&|item| item.status == ItemStatus::NotApplicable);
    for (symbol, word, ids) in [("✓", "verified", verified), ("✓", "attested", attested), ("–", "not applicable", not_applicable)] {
        if !ids.is_empty() {
            let symbol = if symbol == "✓" { page.paint(GREEN, symbol) } else { aside(page, symbol) };
            page.wrapped(&format!("    {symbol} "), "      ", &format!("{word}: {}", ids.join(", ")));
        }
    }
}

/// Items outside the pillars: what is stated, and what could be.
fn attestations(page: &mut Page, card: &InstanceCard) {
    let of =
        |status| -> Vec<String> { card.attestations.iter().filter(|item| item.status == status).map(|item| plain(&item.id)).collect() };
    for status in [ItemStatus::Fail, ItemStatus::Expired, ItemStatus::Pass, ItemStatus::Unknown] {
        let ids = of(status);
        if !ids.is_empty() {
            let word = if status == ItemStatus::Unknown { "not stated" } else { status.word() };
            page.wrapped("  ", "    ", &format!("beyond the pillars, {word}: {}", ids.join(", ")));
        }
    }
}

fn open_item(page: &mut Page, pillar: &PillarShown, item: &ItemShown) {
    let (symbol, style, word) = match item.status {
        ItemStatus::Fail => ("✗", RED, "fails"),
        ItemStatus::Expired => ("!", YELLOW, "expired"),
        ItemStatus::Accepted => ("~", YELLOW, "accepted"),
        _ => ("?", YELLOW, "not shown"),
    };
    let blocks = if item.blocker && item.status != ItemStatus::Accepted { ", blocks" } else { "" };
    let symbol = page.paint(style, symbol);
    let text = format!("{} ({word}{blocks}): {}", short_id(pillar, item), plain(&item.reason));
    page.wrapped(&format!("    {symbol} "), "      ", &text);
}

/// The id without its pillar, which the heading says.
fn short_id(pillar: &PillarShown, item: &ItemShown) -> String {
    let short = item.id.strip_prefix(pillar.id.as_str()).and_then(|rest| rest.strip_prefix('/'));
    plain(short.unwrap_or(&item.id))
}

fn alerts_and_runbooks(page: &mut Page, card: &InstanceCard) {
    let rows: Vec<Vec<String>> = card
        .alerts
        .iter()
        .map(|alert| {
            let tick = |truth: bool| if truth { "✓" } else { "–" }.to_owned();
            let source = alert.source.as_deref().map(plain).unwrap_or_default();
            vec![plain(&alert.watches), tick(alert.defined), tick(alert.fed), tick(alert.routed), tick(alert.tested), source]
        })
        .collect();
    if !rows.is_empty() {
        page.table("  ", &["alert", "defined", "fed", "routed", "tested", "source"], &[], rows);
    }
    let rows: Vec<Vec<String>> = card
        .runbooks
        .iter()
        .map(|runbook| vec![plain(&runbook.id), runbook.status.word().to_owned(), runbook.path.as_deref().map(plain).unwrap_or_default()])
        .collect();
    if !rows.is_empty() {
        page.table("  ", &["runbook", "status", "file"], &[], rows);
    }
}

fn maturity(page: &mut Page, card: &InstanceCard) {
    let Some(maturity) = &card.maturity else {
        return;
    };
    let next = match maturity.next.as_slice() {
        [] => String::new(),
        items => format!("; level {} needs {}", maturity.level + 1, plain(&items.join(", "))),
    };
    page.wrapped("  ", "    ", &format!("maturity level {} of 4{next}", maturity.level));
}
