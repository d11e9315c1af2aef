//! `gonogo show --sizing`: what each setting should be on this machine, why, and what it is now.
//!
//! The text is itself a valid postgresql.conf: everything but the recommended lines is a comment.

use std::sync::Arc;

use serde::Serialize;

use super::{newest, shown_value};
use crate::engines::postgresql::catalogue::{Catalogue, Context as Effect};
use crate::engines::postgresql::sizing::worst_case::largest_lever;
use crate::engines::postgresql::sizing::{Advice, Line, Machine, Sizing, advise};
use crate::model::words::words;
use crate::model::{Date, Engine, Finding, Instance, Outcome, Setting, SettingState, Subject, Why, format_bytes};
use crate::report::RenderOptions;
use crate::report::place::Place;
use crate::report::plain::plain;
use crate::report::terminal::page::Page;
use crate::rules::{Context, RuleSet, judge};
use crate::text::Files;

/// What values in effect are judged with: the rules, so that there is one place for thresholds.
#[derive(Clone, Debug)]
pub struct Judging {
    /// Rules in force.
    pub rules: Arc<RuleSet>,
    /// The date of the run.
    pub now: Date,
}

words! {
    /// What the rules say of a value in effect.
    Verdict {
        /// No rule objects.
        Fine = "fine",
        /// Too low.
        Low = "low",
        /// Too high.
        High = "high",
        /// It cannot be told.
        Unknown = "unknown",
    }
}

/// The value in effect, with what the rules say of it.
struct Now<'s> {
    setting: Option<&'s Setting>,
    /// None where no rule judges the setting.
    verdict: Option<Verdict>,
    /// What the rules object to, or why they cannot tell.
    because: Option<String>,
}

/// The rule that is about several settings at once; its finding belongs to the one to turn first.
const WORST_CASE: &str = "postgresql-worst-case-memory";

fn now<'s>(line: &Line, subject: &'s Subject, judging: &Judging) -> Now<'s> {
    let (setting, unseen) = match subject.settings.get(line.name) {
        Some(SettingState::Known(setting)) => (Some(setting.as_ref()), None),
        Some(SettingState::Unknown(why)) => (None, Some(why.reason.to_string())),
        _ => (None, None),
    };
    let Some(known) = setting else { return Now { setting: None, verdict: Some(Verdict::Unknown), because: unseen } };
    let context = Context { now: judging.now, says_why_not: false, offers_fixes: false };
    let rules: Vec<_> = line.rules.iter().filter_map(|id| judging.rules.get(id)).collect();
    let mut now = Now { setting, verdict: (!rules.is_empty()).then_some(Verdict::Fine), because: None };
    for rule in rules {
        match judge(rule, subject, &context) {
            Outcome::Fail(findings) => {
                if let Some(finding) = findings.into_iter().find(|finding| is_about(finding, line.name, subject)) {
                    let verdict = if finding.rule == WORST_CASE { Verdict::High } else { direction(known, line, subject) };
                    return Now { verdict: Some(verdict), because: Some(finding.message), ..now };
                }
            }
            Outcome::Unknown(why) if now.because.is_none() => {
                now.verdict = Some(Verdict::Unknown);
                now.because = Some(why.reason.to_string());
            }
            _ => {}
        }
    }
    now
}

fn is_about(finding: &Finding, name: &str, subject: &Subject) -> bool {
    if finding.rule == WORST_CASE {
        largest_lever(subject) == name
    } else {
        !subject.settings.contains_key(&finding.key) || finding.key == name
    }
}

/// Low or high, as it compares with what is advised. A special value stands for another setting's.
fn direction(setting: &Setting, line: &Line, subject: &Subject) -> Verdict {
    let stands_for = setting.special.and_then(|word| word.strip_prefix("same as ")).and_then(|other| subject.setting_number(other));
    let found = stands_for.or_else(|| setting.special.is_none().then(|| setting.value.as_number()).flatten());
    match (found, line.advice.as_ref().ok().and_then(|advice| advice.number)) {
        (Some(found), Some(advised)) if found > advised => Verdict::High,
        _ => Verdict::Low,
    }
}

/// What a change of a setting needs.
fn takes_effect(name: &str, major: u32) -> &'static str {
    match Catalogue::of(major).and_then(|catalogue| catalogue.entry(name)).map(|entry| entry.context) {
        Some(Effect::Postmaster) => "restart",
        _ => "reload",
    }
}

/// The text: a block for postgresql.conf per server.
#[must_use]
pub fn sizing_text(instances: &[Instance], files: &Files, judging: &Judging, width: usize) -> String {
    let mut page = Page::new(RenderOptions { colour: false, width, exit_code: 0 });
    for (at, instance) in instances.iter().enumerate() {
        if at > 0 {
            page.blank();
        }
        one(&mut page, instance, files, judging);
    }
    page.finish()
}

fn comment(page: &mut Page, text: &str) {
    page.wrapped("# ", "#   ", text);
}

fn one(page: &mut Page, instance: &Instance, files: &Files, judging: &Judging) {
    let Some(subject) = newest(instance).map(|view| &view.subject).filter(|_| instance.engine == Engine::Postgresql) else { return };
    let version = subject.version.as_ref().map(|version| format!(" {version}")).unwrap_or_default();
    comment(page, &format!("{}: {}{version}", plain(&instance.id), instance.engine.name()));
    if instance.versions.candidates.len() > 1 {
        comment(page, "The version is not known: this is the advice for the newest it may be. --engine-version says which one it is.");
    }
    match advise(subject) {
        Err(Why { reason, needs }) => {
            let next = needs.map(|needs| format!("; {needs}")).unwrap_or_default();
            comment(page, &format!("No advice: {}{}", plain(&reason), plain(&next)));
        }
        Ok(sizing) => {
            comment(page, &machine(&sizing.machine));
            if sizing.machine.workload.is_none() {
                comment(page, "The kind of work is not known, mixed is assumed: say --workload web, oltp, dw or mixed.");
            }
            comment(page, "A start to measure from, not a measurement. Lines that are fine need no change.");
            for line in &sizing.lines {
                page.blank();
                recommended(page, line, subject, files, judging);
            }
        }
    }
}

/// `16GB of memory, 4 processors, ssd, oltp`.
fn machine(machine: &Machine) -> String {
    let cpus = machine.cpus.map_or_else(|| "processors not known".to_owned(), |cpus| format!("{cpus} processors"));
    let storage = machine.storage.map_or_else(|| "disk not known".to_owned(), |storage| storage.to_string());
    format!("{} of memory, {cpus}, {storage}, {}", format_bytes(machine.memory), machine.work())
}

fn recommended(page: &mut Page, line: &Line, subject: &Subject, files: &Files, judging: &Judging) {
    let major = subject.version.as_ref().map_or(0, crate::model::Version::major);
    match &line.advice {
        Ok(advice) => comment(page, &format!("{}: {}", line.name, plain(&advice.reason))),
        Err(why) => {
            let next = why.needs.as_ref().map(|needs| format!("; {needs}")).unwrap_or_default();
            comment(page, &format!("{}: no advice, {}", line.name, plain(&format!("{}{next}", why.reason))));
        }
    }
    let now = now(line, subject, judging);
    comment(page, &plain(&state(&now, files)));
    if let Ok(Advice { value, .. }) = &line.advice {
        let effect = takes_effect(line.name, major);
        page.line(&format!("{} = {value}    # {effect}", line.name));
    }
}

/// `Now 128MB (default): low. …`
fn state(now: &Now<'_>, files: &Files) -> String {
    let Some(setting) = now.setting else {
        return format!("Now: not known{}", now.because.as_ref().map(|why| format!(", {why}")).unwrap_or_default());
    };
    let special = setting.special.map(|word| format!(" ({word})")).unwrap_or_default();
    let origin = match setting.origin.span.and_then(|span| Place::of(files, span)) {
        Some(place) => format!("{}:{}", place.path, place.line),
        None => setting.origin.kind.to_string(),
    };
    let verdict = match (now.verdict, &now.because) {
        (None, _) => ".".to_owned(),
        (Some(verdict), None) => format!(": {verdict}."),
        (Some(verdict), Some(why)) => format!(": {verdict}. {why}"),
    };
    format!("Now {}{special}, {origin}{verdict}", shown_value(setting))
}

/// The JSON of one server.
#[derive(Debug, Serialize)]
pub(super) struct SizingJson {
    #[serde(skip_serializing_if = "Option::is_none")]
    memory: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cpus: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    storage: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    workload: Option<&'static str>,
    /// Whether the kind of work is assumed.
    workload_assumed: bool,
    /// Why nothing is advised.
    #[serde(skip_serializing_if = "Option::is_none")]
    unknown: Option<UnknownJson>,
    lines: Vec<LineJson>,
}

#[derive(Debug, Serialize)]
struct UnknownJson {
    reason: String,
    needs: Option<String>,
}

#[derive(Debug, Serialize)]
struct LineJson {
    name: &'static str,
    value: Option<String>,
    reason: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    unknown: Option<UnknownJson>,
    takes_effect: &'static str,
    now: Option<NowJson>,
    verdict: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    because: Option<String>,
    rules: &'static [&'static str],
}

#[derive(Debug, Serialize)]
struct NowJson {
    value: String,
    origin: &'static str,
    path: Option<String>,
    line: Option<u32>,
}

impl From<&Why> for UnknownJson {
    fn from(why: &Why) -> Self {
        Self { reason: why.reason.to_string(), needs: why.needs.as_ref().map(ToString::to_string) }
    }
}

/// The sizing of one server; none where there is no formula for its engine.
pub(super) fn sizing_json(instance: &Instance, files: &Files, judging: &Judging) -> Option<SizingJson> {
    let subject = newest(instance).map(|view| &view.subject).filter(|_| instance.engine == Engine::Postgresql)?;
    Some(match advise(subject) {
        Err(why) => SizingJson {
            memory: None,
            cpus: None,
            storage: None,
            workload: None,
            workload_assumed: false,
            unknown: Some(UnknownJson::from(&why)),
            lines: Vec::new(),
        },
        Ok(Sizing { machine, lines }) => SizingJson {
            memory: Some(machine.memory),
            cpus: machine.cpus,
            storage: machine.storage.map(crate::model::Storage::word),
            workload: Some(machine.work().word()),
            workload_assumed: machine.workload.is_none(),
            unknown: None,
            lines: lines.iter().map(|line| line_json(line, subject, files, judging)).collect(),
        },
    })
}

fn line_json(line: &Line, subject: &Subject, files: &Files, judging: &Judging) -> LineJson {
    let now = now(line, subject, judging);
    let advice = line.advice.as_ref();
    LineJson {
        name: line.name,
        value: advice.ok().map(|advice| advice.value.clone()),
        reason: advice.ok().map(|advice| advice.reason.clone()),
        unknown: advice.err().map(UnknownJson::from),
        takes_effect: takes_effect(line.name, subject.version.as_ref().map_or(0, crate::model::Version::major)),
        now: now.setting.map(|setting| {
            let place = setting.origin.span.and_then(|span| Place::of(files, span));
            NowJson {
                value: shown_value(setting),
                origin: setting.origin.kind.word(),
                line: place.as_ref().map(|place| place.line),
                path: place.map(|place| place.path),
            }
        }),
        verdict: now.verdict.map(Verdict::word),
        because: now.because,
        rules: line.rules,
    }
}
