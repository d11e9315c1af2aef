//! The tables of `gonogo show`.

use super::connect::who_can_connect;
use super::places::{Places, common_folder};
use super::upgrade::upgrade;
use super::{ShowOptions, newest, overridden_value, shown_value};
use crate::model::{Instance, Origin, OriginKind, Setting, SettingState, View};
use crate::report::RenderOptions;
use crate::report::place::Place;
use crate::report::plain::plain;
use crate::report::terminal::page::Page;
use crate::text::Files;

/// The form for people.
#[must_use]
pub fn show_text(instances: &[Instance], files: &Files, options: &ShowOptions) -> String {
    let mut page = Page::new(RenderOptions { colour: options.colour, width: options.width, exit_code: 0 });
    if instances.is_empty() {
        page.wrapped("", "", "No database instance was found in what was given. Name its configuration file, or say its kind with --as.");
    }
    for (at, instance) in instances.iter().enumerate() {
        if at > 0 {
            page.blank();
        }
        one(&mut page, instance, files, options);
    }
    page.finish()
}

fn one(page: &mut Page, instance: &Instance, files: &Files, options: &ShowOptions) {
    let version = instance.version_text().map(|version| format!(" {version}")).unwrap_or_default();
    page.heading(&format!("{}: {}{version}, {}", plain(&instance.id), instance.engine.name(), instance.deployment));
    reach(page, instance, files);
    let Some(view) = newest(instance) else {
        return;
    };
    if instance.versions.candidates.len() > 1
        && let Some(version) = &view.subject.version
    {
        page.wrapped(
            "",
            "",
            &format!("The version is not known; this is what holds for {version}. --engine-version says which one it is."),
        );
    }
    problems(page, view, files);
    let places = Places { files, folder: common_folder(&instance.sources) };
    if !places.folder.is_empty() {
        page.wrapped("", "", &format!("Files below are in {}", plain(places.folder)));
    }
    if options.who_can_connect {
        who_can_connect(page, view, &places, instance.engine, options.families);
    } else {
        settings(page, view, &places, options);
        upgrade(page, &view.subject, instance.engine, &places);
    }
}

fn reach(page: &mut Page, instance: &Instance, files: &Files) {
    let reach = &instance.reach;
    let word = match reach.exact() {
        Some(exact) => exact.word().to_owned(),
        None => format!("between {} and {}", reach.least, reach.most),
    };
    page.line(&format!("reach: {word}"));
    for step in &reach.chain {
        let place = step.span.and_then(|span| Place::of(files, span)).map(|place| format!(" ({place})")).unwrap_or_default();
        page.wrapped("  - ", "    ", &format!("{}{place}", plain(&step.message)));
    }
}

fn problems(page: &mut Page, view: &View, files: &Files) {
    for record in view.subject.records.get("problem").into_iter().flat_map(|set| &set.rows) {
        // What stands in for a file that was not seen says nothing of its own.
        let Some(message) = record.text("message") else { continue };
        let place = record.span.and_then(|span| Place::of(files, span)).map(|place| format!("{place}: ")).unwrap_or_default();
        page.wrapped("", "  ", &format!("{place}{}", plain(message)));
    }
}

fn settings(page: &mut Page, view: &View, places: &Places<'_>, options: &ShowOptions) {
    let mut rows = Vec::new();
    let mut defaults = 0;
    for (name, state) in view.subject.settings.iter().filter(|(name, _)| options.wants(name)) {
        let asked = options.all || !options.settings.is_empty();
        match state {
            SettingState::Known(setting) if asked || setting.origin.kind != OriginKind::Default => rows.push(row(setting, places)),
            SettingState::Known(_) => defaults += 1,
            SettingState::Unknown(why) if asked => rows.push(vec![plain(name), "not known".to_owned(), plain(&why.reason), String::new()]),
            SettingState::Absent if asked => {
                rows.push(vec![plain(name), "not set".to_owned(), "it has no default".to_owned(), String::new()])
            }
            SettingState::NotInVersion if !options.settings.is_empty() => {
                rows.push(vec![plain(name), "not there".to_owned(), "this version has no such setting".to_owned(), String::new()]);
            }
            _ => {}
        }
    }
    let missing = options.settings.iter().filter(|wanted| !view.subject.settings.contains_key(&wanted.to_ascii_lowercase()));
    for name in missing {
        let reason = view.subject.settings_unknown.as_ref().map_or("no setting of this name is known", |why| why.reason.as_ref());
        rows.push(vec![plain(name), "not known".to_owned(), plain(reason), String::new()]);
    }
    if !rows.is_empty() {
        page.table("", &["setting", "value", "from", "overrode"], &[], rows);
    }
    if defaults > 0 {
        page.line(&format!("{defaults} more have their default; --all shows them."));
    }
}

fn row(setting: &Setting, places: &Places<'_>) -> Vec<String> {
    let value = match (shown_value(setting), setting.special) {
        (value, Some(word)) => format!("{value} ({word})"),
        (value, None) if value.is_empty() => "(empty)".to_owned(),
        (value, None) => value,
    };
    let earlier = setting.overrode.iter().map(|earlier| {
        let value = plain(&overridden_value(setting, &earlier.raw));
        format!("{value} ({})", origin(&earlier.origin, places))
    });
    vec![plain(&setting.name), plain(&value), origin(&setting.origin, places), earlier.collect::<Vec<_>>().join("; ")]
}

/// The place, or the kind of origin where no file says it.
fn origin(origin: &Origin, places: &Places<'_>) -> String {
    match (origin.span.and_then(|span| places.of(span)), origin.kind) {
        (Some(place), OriginKind::File) => place,
        (Some(place), kind) => format!("{kind}, {place}"),
        (None, kind) => kind.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::common_folder;

    #[test]
    fn the_folder_of_all_files_is_found() {
        let folder = |paths: &[&str]| common_folder(&paths.iter().map(ToString::to_string).collect::<Vec<_>>()).to_owned();
        assert_eq!(folder(&["a/b/postgresql.conf"]), "a/b/");
        assert_eq!(folder(&["a/b/postgresql.conf", "a/bc/x.conf", "a/compose.yaml"]), "a/");
        assert_eq!(folder(&["a/postgresql.conf", "b/pg_hba.conf"]), "");
        assert_eq!(folder(&["postgresql.conf"]), "");
        assert_eq!(folder(&[]), "");
    }
}
