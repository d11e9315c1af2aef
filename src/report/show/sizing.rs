//! `gonogo show --sizing`: what each setting should be on this machine, why, and what it is now.
//!
//! The text can be taken as it is into the file of settings: everything but the recommended lines is a comment.

use std::sync::Arc;

use serde::Serialize;

use super::{newest, shown_value};
use crate::engines::frame::{Advice, Joint, Line, Machine, Sizing};
use crate::engines::{Families, Family};
use crate::model::words::words;
use crate::model::{Date, Finding, Instance, Outcome, Setting, SettingState, Subject, Why, format_bytes};
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

/// One server, and what it is judged with.
#[derive(Clone, Copy)]
struct Server<'s> {
    subject: &'s Subject,
    family: &'s dyn Family,
    files: &'s Files,
    judging: &'s Judging,
}

impl<'s> Server<'s> {
    fn of(instance: &'s Instance, files: &'s Files, judging: &'s Judging, families: Families) -> Option<Self> {
        Some(Self { subject: &newest(instance)?.subject, family: families.of(instance.engine)?, files, judging })
    }

    fn takes_effect(self, name: &str) -> &'static str {
        self.family.takes_effect(self.subject.version.as_ref(), name).word()
    }
}

fn now<'s>(line: &Line, joint: Option<&Joint>, server: Server<'s>) -> Now<'s> {
    let Server { subject, judging, .. } = server;
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
                if let Some(finding) = findings.into_iter().find(|finding| is_about(finding, line.name, joint, subject)) {
                    let verdict = if is_joint(&finding, joint).is_some() { Verdict::High } else { direction(known, line, subject) };
                    return Now { verdict: Some(verdict), because: Some(finding.message), ..now };
                }
            }
            Outcome::Unknown(why, _) if now.because.is_none() => {
                now.verdict = Some(Verdict::Unknown);
                now.because = Some(why.reason.to_string());
            }
            _ => {}
        }
    }
    now
}

/// The joint rule, where the finding is one of it.
fn is_joint<'j>(finding: &Finding, joint: Option<&'j Joint>) -> Option<&'j Joint> {
    joint.filter(|joint| finding.rule == joint.rule)
}

fn is_about(finding: &Finding, name: &str, joint: Option<&Joint>, subject: &Subject) -> bool {
    match is_joint(finding, joint) {
        Some(joint) => joint.first == name,
        None => !subject.settings.contains_key(&finding.key) || finding.key == name,
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

/// The text: a block for the file of settings per server.
#[must_use]
pub fn sizing_text(instances: &[Instance], files: &Files, judging: &Judging, width: usize, families: Families) -> String {
    let mut page = Page::new(RenderOptions { colour: false, width, exit_code: 0 });
    for (at, instance) in instances.iter().enumerate() {
        if at > 0 {
            page.blank();
        }
        if let Some(server) = Server::of(instance, files, judging, families) {
            one(&mut page, instance, server);
        }
    }
    page.finish()
}

fn comment(page: &mut Page, text: &str) {
    page.wrapped("# ", "#   ", text);
}

fn one(page: &mut Page, instance: &Instance, server: Server<'_>) {
    let subject = server.subject;
    let Some(advised) = server.family.sizing(subject) else { return };
    let version = subject.version.as_ref().map(|version| format!(" {version}")).unwrap_or_default();
    comment(page, &format!("{}: {}{version}", plain(&instance.id), instance.engine.name()));
    if instance.versions.candidates.len() > 1 {
        comment(page, "The version is not known: this is the advice for the newest it may be. --engine-version says which one it is.");
    }
    match advised {
        Err(Why { reason, needs, .. }) => {
            let next = needs.map(|needs| format!("; {needs}")).unwrap_or_default();
            comment(page, &format!("No advice: {}{}", plain(&reason), plain(&next)));
        }
        Ok(sizing) => {
            comment(page, &machine(&sizing.machine));
            if sizing.machine.workload_assumed {
                comment(page, "The kind of work is not known, mixed is assumed: say --workload web, oltp, dw or mixed.");
            }
            comment(page, "A start to measure from, not a measurement. Lines that are fine need no change.");
            for line in &sizing.lines {
                page.blank();
                recommended(page, line, sizing.joint.as_ref(), server);
            }
        }
    }
}

/// `16GB of memory, 4 processors, ssd, oltp`.
fn machine(machine: &Machine) -> String {
    let cpus = machine.cpus.map_or_else(|| "processors not known".to_owned(), |cpus| format!("{cpus} processors"));
    let storage = machine.storage.map_or_else(|| "disk not known".to_owned(), |storage| storage.to_string());
    format!("{} of memory, {cpus}, {storage}, {}", format_bytes(machine.memory), machine.workload)
}

fn recommended(page: &mut Page, line: &Line, joint: Option<&Joint>, server: Server<'_>) {
    match &line.advice {
        Ok(advice) => comment(page, &format!("{}: {}", line.name, plain(&advice.reason))),
        Err(why) => {
            let next = why.needs.as_ref().map(|needs| format!("; {needs}")).unwrap_or_default();
            comment(page, &format!("{}: no advice, {}", line.name, plain(&format!("{}{next}", why.reason))));
        }
    }
    let now = now(line, joint, server);
    comment(page, &plain(&state(&now, server.files)));
    if let Ok(Advice { value, .. }) = &line.advice {
        let effect = server.takes_effect(line.name);
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
pub(super) fn sizing_json(instance: &Instance, files: &Files, judging: &Judging, families: Families) -> Option<SizingJson> {
    let server = Server::of(instance, files, judging, families)?;
    Some(match server.family.sizing(server.subject)? {
        Err(why) => SizingJson {
            memory: None,
            cpus: None,
            storage: None,
            workload: None,
            workload_assumed: false,
            unknown: Some(UnknownJson::from(&why)),
            lines: Vec::new(),
        },
        Ok(Sizing { machine, lines, joint }) => SizingJson {
            memory: Some(machine.memory),
            cpus: machine.cpus,
            storage: machine.storage.map(crate::model::Storage::word),
            workload: Some(machine.workload.word()),
            workload_assumed: machine.workload_assumed,
            unknown: None,
            lines: lines.iter().map(|line| line_json(line, joint.as_ref(), server)).collect(),
        },
    })
}

fn line_json(line: &Line, joint: Option<&Joint>, server: Server<'_>) -> LineJson {
    let now = now(line, joint, server);
    let advice = line.advice.as_ref();
    LineJson {
        name: line.name,
        value: advice.ok().map(|advice| advice.value.clone()),
        reason: advice.ok().map(|advice| advice.reason.clone()),
        unknown: advice.err().map(UnknownJson::from),
        takes_effect: server.takes_effect(line.name),
        now: now.setting.map(|setting| {
            let place = setting.origin.span.and_then(|span| Place::of(server.files, span));
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
