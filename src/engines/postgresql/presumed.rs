//! The same server under presumptions, where something that matters could not be seen.

use super::facts;
use super::server::Server;
use crate::engines::frame::{self, Given, Pass};
use crate::model::{
    Datum, Field, Instance, Origin, OriginKind, Presumed, Presumption, Setting, SettingState, Subject, Value, Version, View, Why,
};

/// How the server is put together once more.
pub(super) struct Again<'a> {
    /// What is presumed of its configuration; nothing is read again where that is nothing.
    pub presumed: Vec<Presumed>,
    /// What a version makes of it then.
    pub of_version: &'a dyn Fn(&Version) -> Subject,
}

/// Adds to each view the same under presumptions, where there are any.
pub(super) fn add(instance: &mut Instance, server: &Server<'_>, input: &Given<'_>, again: &Again<'_>) {
    let archives = instance.views.iter().find_map(|view| archiving_why(&view.subject));
    let reach = &instance.reach.presumed;
    let mut all: Vec<Presumed> = again.presumed.iter().chain(reach).cloned().chain(archives).collect();
    all.sort();
    all.dedup();
    if all.is_empty() {
        return;
    }
    let subject = |view: &View, version: &Version| {
        let read = !again.presumed.is_empty();
        let mut subject = if read { (again.of_version)(version) } else { view.subject.clone() };
        presume_archiving(&mut subject);
        subject
    };
    let subjects = instance.views.iter().zip(&instance.versions.candidates).map(|(view, version)| subject(view, version));
    let views: Vec<View> = subjects.map(|subject| View { subject, presumed: None, who_can_connect: Vec::new() }).collect();
    let newest = views.last().map(|view| &view.subject);
    let reach = facts::reach_of(server, newest, input.files, Pass::Presuming);
    let listens = facts::listens(server, newest, input.files);
    let seen = std::mem::take(&mut instance.views);
    let mut presumed = Instance { views, reach, ..instance.clone() };
    presumed.views.iter_mut().for_each(|view| facts::of_settings(&mut view.subject));
    frame::fill(&mut presumed, &listens, &server.base, input.config, input.now);
    instance.views = seen;
    rest_on(instance, &presumed.reach.presumed);
    for (view, other) in instance.views.iter_mut().zip(presumed.views) {
        view.presumed = Some(Box::new(Subject { presumed: all.clone(), ..other.subject }));
    }
}

/// States that from where the server can be reached rests on what is presumed beside what was not seen.
fn rest_on(instance: &mut Instance, made: &[Presumed]) {
    let mut all: Vec<Presumed> = instance.reach.presumed.iter().chain(made).cloned().collect();
    all.sort();
    all.dedup();
    for view in &mut instance.views {
        let Some(field) = view.subject.facts.get("reach") else { continue };
        if let Datum::Among(words, why) = &field.datum {
            let why = Why { presumed: Some(all.as_slice().into()), ..Why::clone(why) };
            let field = Field { datum: Datum::Among(words.clone(), Box::new(why)), ..field.clone() };
            view.subject.facts.insert("reach", field);
        }
    }
}

/// The setting that turns archiving on, and those that say how.
const ARCHIVING: (&str, [&str; 2]) = ("archive_mode", ["archive_command", "archive_library"]);

/// What is presumed where a server says how it archives, and it is not known whether it does.
fn archiving_why(subject: &Subject) -> Option<Presumed> {
    match subject.settings.get(ARCHIVING.0) {
        Some(SettingState::Unknown(why)) => why.presumed().iter().find(|presumed| presumed.what == Presumption::Archiving).cloned(),
        _ => None,
    }
}

/// States why it is not known whether a server archives as something that is presumed, where it says how.
pub(super) fn mark_archiving(subject: &mut Subject) {
    let says_how = |name: &str| {
        let setting = subject.settings.get(name);
        matches!(setting, Some(SettingState::Known(setting)) if setting.origin.span.is_some() && !setting.shown.is_empty())
    };
    if let Some(SettingState::Unknown(why)) = subject.settings.get(ARCHIVING.0)
        && ARCHIVING.1.iter().any(|name| says_how(name))
    {
        let why = why.clone().presuming(Presumption::Archiving);
        subject.settings.insert(ARCHIVING.0.to_owned(), SettingState::Unknown(why));
    }
}

fn presume_archiving(subject: &mut Subject) {
    mark_archiving(subject);
    if archiving_why(subject).is_some() {
        let on = Setting {
            name: ARCHIVING.0.to_owned(),
            value: Value::text("on"),
            shown: "on".to_owned(),
            base: None,
            unit: None,
            special: None,
            origin: Origin { kind: OriginKind::Absent, span: None, name_span: None },
            overrode: Vec::new(),
        };
        subject.settings.insert(ARCHIVING.0.to_owned(), SettingState::Known(Box::new(on)));
    }
}
