//! What to do about a finding, in the words of its engine, and of the place where its setting is written.

use std::borrow::Cow;
use std::sync::Arc;

use crate::model::{Engine, Record, SettingHome, Subject, Version};
use crate::rules::Rule;
use crate::workloads::footprints;

/// What to do, in the words of the engine that the subject is, or that it is a client of; `key` names the setting, where
/// it is about one, and `record` what it is about else.
pub(super) fn help(rule: &Rule, subject: &Subject, key: &str, record: Option<&Record>) -> Arc<str> {
    if rule.docs.how_for.is_empty() {
        let in_container = subject.setting_homes.is_some_and(|homes| homes.in_container);
        let remedy = if in_container { rule.docs.remedy_in_container() } else { rule.docs.remedy() };
        return in_place(remedy, subject, key);
    }
    let own = subject.engine.map(|engine| (engine, subject.id.as_str()));
    // What a client is to do about its account is done in its database; about its own files it is not.
    let is_account = record.is_some_and(|record| record.truth("superuser") == Some(true));
    let of_client = || database_of(subject).filter(|_| is_account);
    let Some((engine, service)) = own.or_else(of_client) else {
        return rule.docs.remedy();
    };
    // A service goes by its project where there are several; commands take its name.
    let service = service.rsplit('/').next().unwrap_or(service);
    let own_words = rule.docs.remedies_for(engine).find_map(|text| filled(&text, service, subject, record));
    own_words.map_or_else(|| rule.docs.remedy(), |text| in_programs_of(engine, subject.version.as_ref(), text).into())
}

/// A text with what stands in braces in place: the service, a field of the record, a fact of the subject. `None` where one of
/// them is not known: then the general text is right.
fn filled(text: &str, service: &str, subject: &Subject, record: Option<&Record>) -> Option<String> {
    let mut parts = text.split('{');
    let mut told = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let name_end = part.find(|sign: char| !sign.is_ascii_lowercase() && sign != '_').unwrap_or(part.len());
        let (name, rest) = part.split_at(name_end);
        match rest.strip_prefix('}').filter(|_| !name.is_empty()) {
            Some(rest) if name == "service" => told.extend([service, rest]),
            Some(rest) => {
                let of_subject = || subject.facts.get(name)?.datum.known()?.as_text();
                told.extend([record.and_then(|record| record.text(name)).or_else(of_subject)?, rest]);
            }
            // Braces of a command.
            None => told.extend(["{", part]),
        }
    }
    Some(told)
}

/// A text with the programs that an older release has under another name: `mongo` where `mongosh` is not there yet.
fn in_programs_of(engine: Engine, version: Option<&Version>, text: String) -> String {
    let gone = footprints::of(engine).map_or(&[][..], |footprint| footprint.image.gone);
    let older = |since: u32| version.is_some_and(|version| version.major() < since);
    let is_word = |sign: char| sign.is_ascii_alphanumeric() || matches!(sign, '-' | '_');
    let renamed = |word: &str| gone.iter().find(|gone| gone.now == word && older(gone.since)).map(|gone| gone.program);
    if !gone.iter().any(|gone| older(gone.since)) {
        return text;
    }
    let mut told = String::with_capacity(text.len());
    let mut rest = text.as_str();
    while !rest.is_empty() {
        let end = rest.find(|sign| !is_word(sign)).unwrap_or(rest.len());
        let (word, behind) = rest.split_at(end);
        told.push_str(renamed(word).unwrap_or(word));
        let next = behind.find(is_word).unwrap_or(behind.len());
        let (signs, behind) = behind.split_at(next);
        told.push_str(signs);
        rest = behind;
    }
    told
}

/// The database that a client depends on, where there is one only.
fn database_of(subject: &Subject) -> Option<(Engine, &str)> {
    let database = |dependency: &Record| {
        let target = dependency.fields.get("target")?.record.as_ref()?;
        target.text("engine")?.parse().ok()
    };
    let dependencies = subject.records.get("dependency").into_iter().flat_map(|set| &set.rows);
    let mut databases = dependencies.filter_map(|dependency| Some((database(dependency)?, dependency.text("service")?)));
    databases.next().filter(|_| databases.next().is_none())
}

/// A remedy is written for a configuration file. Where the setting stands elsewhere, it speaks of that place: what a
/// command line sets, no file changes.
fn in_place(remedy: Arc<str>, subject: &Subject, key: &str) -> Arc<str> {
    let Some(homes) = subject.setting_homes else { return remedy };
    let home_of = |part: &str| subject.home_of(assigned(part)?.0);
    let of_key = subject.settings.contains_key(key).then(|| subject.home_of(key)).flatten();
    let Some(home) = of_key.or_else(|| quoted(&remedy).find_map(home_of)) else { return remedy };
    let parts = remedy.split('`').enumerate();
    let reload = format!("reload: {}", homes.reload);
    let mut told = String::with_capacity(remedy.len() + 80);
    let mut named = false;
    for (at, part) in parts {
        let is_quoted = at % 2 == 1;
        let own = if is_quoted { home_of(part).zip(assigned(part)) } else { None };
        match own {
            Some((home, (name, value))) => {
                told.extend(["`", &home.assignment(name, value), "`"]);
                told.push_str(if named { "" } else { home.place });
                named = true;
            }
            None if is_quoted => told.extend(["`", part, "`"]),
            None => told.push_str(&spoken(part, home, &reload)),
        }
    }
    if !home.note.is_empty() {
        told.push(' ');
        told.push_str(home.note);
    }
    told.into()
}

/// The quoted parts of a text.
fn quoted(text: &str) -> impl Iterator<Item = &str> {
    text.split('`').skip(1).step_by(2)
}

/// Name and value of an assignment as a configuration file has it.
fn assigned(part: &str) -> Option<(&str, &str)> {
    let (name, value) = part.split_once(" = ")?;
    let is_name = name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'_' | b'.'));
    (is_name && !name.is_empty()).then_some((name, value))
}

/// Text between assignments, with what is said of lines, reloads and restarts in the words of a place.
fn spoken<'t>(text: &'t str, home: &SettingHome, reload: &str) -> Cow<'t, str> {
    let phrases = [
        (", or remove the line,", home.or_removal),
        ("remove the line", home.removal),
        (reload, home.reload),
        ("restart the server", home.restart),
    ];
    let differs = phrases.into_iter().filter(|(phrase, instead)| phrase != instead);
    let text = differs.fold(Cow::Borrowed(text), |text, (phrase, instead)| replaced(text, phrase, instead));
    // A restart is a start as well.
    if text.contains(START) { text.replace(START, &format!(" {}", home.restart)).into() } else { text }
}

const START: &str = " start the server";

/// A text with another phrase in the place of one, at the head of a sentence as well. Every finding has a remedy, and few remedies
/// have the phrase: nothing is copied before it is there.
fn replaced<'t>(text: Cow<'t, str>, phrase: &str, instead: &str) -> Cow<'t, str> {
    let behind_first = phrase.char_indices().nth(1).map_or(phrase, |(at, _)| phrase.get(at..).unwrap_or(phrase));
    if !text.contains(behind_first) {
        return text;
    }
    text.replace(phrase, instead).replace(&capital(phrase), &capital(instead)).into()
}

fn capital(text: &str) -> String {
    let mut signs = text.chars();
    signs.next().map(|first| first.to_uppercase().chain(signs).collect()).unwrap_or_default()
}
