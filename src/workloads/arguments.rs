//! Arguments on the command lines of a service: settings and flags, and which of them carry a credential.

use super::commands::{CommandLine, CommandWord, WordOrigin, command_lines};
use super::footprints;
use super::urls;
use crate::model::Placement;
use crate::model::footprint::{Client, Footprint, PasswordPlace};
use crate::text::{Files, Span};

/// One argument.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Argument {
    /// `command`, `entrypoint` or `healthcheck`.
    pub place: &'static str,
    /// Flag or setting without dashes, lower case: `requirepass`, `shared_buffers`.
    pub name: String,
    /// Value, where one is given. It may be a secret.
    pub value: Option<String>,
    /// Where the value is, else the flag.
    pub span: Span,
    /// How the value came about, when it is a credential.
    pub credential: Option<WordOrigin>,
}

/// Flags of any program whose next word, or the text after `=`, is a password.
const PASSWORD_FLAGS: &[&str] = &["--password", "--pass", "--dbpassword", "--db-password", "--http-password"];

/// Variables that backup programs take a password from when they are set before the program.
const PASSWORD_VARIABLES: &[&str] = &["RESTIC_PASSWORD", "BORG_PASSPHRASE"];

/// Whether the value of a flag is a password.
fn is_password_flag(flag: &str) -> bool {
    PASSWORD_FLAGS.contains(&flag) || footprints::ALL.iter().any(|footprint| footprint.server.password_flags.contains(&flag))
}

/// Whether a program takes a password from a variable of this name.
fn is_password_variable(name: &str) -> bool {
    let clients = || footprints::ALL.iter().flat_map(|footprint| footprint.clients);
    PASSWORD_VARIABLES.contains(&name) || clients().any(|client| client.password_variable == Some(name))
}

/// What is known of a program that connects to a server.
fn client(program: &str) -> Option<&'static Client> {
    footprints::ALL.iter().flat_map(|footprint| footprint.clients).find(|client| client.programs.contains(&program))
}

/// Every argument of entrypoint, command and health check.
#[must_use]
pub(super) fn arguments(placement: &Placement, files: &Files) -> Vec<Argument> {
    let test = placement.healthcheck.as_ref().and_then(|check| check.test.as_ref());
    let places = [("entrypoint", placement.entrypoint.as_ref()), ("command", placement.command.as_ref()), ("healthcheck", test)];
    let mut found: Vec<Argument> = Vec::new();
    for (place, command) in places {
        for line in command.map(|command| command_lines(command, files)).unwrap_or_default() {
            of_line(place, &line, &mut found);
        }
    }
    // `sh -c` shows its script twice: as one word, and word by word.
    found.dedup_by(|later, earlier| later.span == earlier.span && later.name == earlier.name);
    found
}

fn of_line(place: &'static str, line: &CommandLine, found: &mut Vec<Argument>) {
    for word in &line.assignments {
        if let Some((name, value)) = word.text.split_once('=')
            && is_password_variable(name)
        {
            let credential = (!value.is_empty()).then_some(word.origin);
            found.push(Argument { place, name: name.to_owned(), value: Some(value.to_owned()), span: tail(word, value), credential });
        }
    }
    let program = line.program();
    let mut at = 0;
    while let Some(word) = line.words.get(at) {
        let next = line.words.get(at + 1);
        let (argument, used) = read_word(place, program, word, next);
        found.extend(argument);
        at += used;
    }
}

/// What a word says, with the number of words that it takes.
fn read_word(place: &'static str, program: &str, word: &CommandWord, next: Option<&CommandWord>) -> (Option<Argument>, usize) {
    let text = word.text.as_str();
    let value_word = |name: &str, secret: bool, value: &CommandWord| {
        let credential = (secret && (!value.text.is_empty() || value.origin == WordOrigin::Variable)).then_some(value.origin);
        Argument { place, name: name.to_ascii_lowercase(), value: Some(value.text.clone()), span: value.span, credential }
    };
    let follows = next.filter(|next| !next.text.starts_with('-') || next.text.len() == 1);
    if let Some((flag, value)) = text.split_once('=').filter(|(flag, _)| flag.starts_with("--")) {
        let secret = is_password_flag(flag) && !value.is_empty();
        let name = flag.trim_start_matches('-').to_ascii_lowercase();
        let credential = secret.then_some(word.origin);
        return (Some(Argument { place, name, value: Some(value.to_owned()), span: tail(word, value), credential }), 1);
    }
    let password_flag = |place| client(program).filter(|client| client.password_place == place).and_then(|client| client.password_flag);
    let short = password_flag(PasswordPlace::NextWord) == Some(text);
    if let Some(value) = follows.filter(|_| short || is_password_flag(text)) {
        let name = if short { "password" } else { text.trim_start_matches('-') };
        return (Some(value_word(name, true, value)), 2);
    }
    let attached = password_flag(PasswordPlace::SameWord).and_then(|flag| text.strip_prefix(flag));
    if let Some(value) = attached.filter(|value| !value.is_empty() && !text.starts_with("--")) {
        return (
            Some(Argument {
                place,
                name: "password".to_owned(),
                value: Some(value.to_owned()),
                span: tail(word, value),
                credential: Some(word.origin),
            }),
            1,
        );
    }
    if let Some(setting) = follows.filter(|_| matches!(text, "-c" | "--set") && !crate::formats::shell::is_shell(program)) {
        return (
            setting.text.split_once('=').map(|(name, value)| Argument {
                place,
                name: name.trim().to_ascii_lowercase(),
                value: Some(value.trim().to_owned()),
                span: setting.span,
                credential: None,
            }),
            2,
        );
    }
    if let Some(argument) = url_argument(place, word) {
        return (Some(argument), 1);
    }
    if let Some(name) = text.strip_prefix("--").filter(|name| !name.is_empty()) {
        let argument = match follows {
            Some(value) => value_word(name, false, value),
            None => Argument { place, name: name.to_ascii_lowercase(), value: None, span: word.span, credential: None },
        };
        // The value is read again as a word of its own: it may be a URL.
        return (Some(argument), 1);
    }
    (None, 1)
}

/// A database URL, or a connection string of keywords and values, with a password in it.
fn url_argument(place: &'static str, word: &CommandWord) -> Option<Argument> {
    // A script is one word of `sh -c`; its own words are read one by one.
    if word.text.contains('\n') || word.text.split_whitespace().count() > 12 {
        return None;
    }
    let password = match urls::find(&word.text) {
        Some(url) => word.text.get(url.password?)?.to_owned(),
        None => {
            let (_, rest) = word.text.split_once("password=").filter(|(before, _)| before.contains("host=") || before.contains("user="))?;
            rest.split_whitespace().next()?.to_owned()
        }
    };
    let variable = password.contains('$');
    let credential = Some(if variable && word.origin == WordOrigin::Literal { WordOrigin::Variable } else { word.origin });
    Some(Argument { place, name: "url".to_owned(), span: tail(word, &password), value: Some(password), credential })
}

/// The place of a value at the end of a word, or within it; the whole word where its text was rewritten.
fn tail(word: &CommandWord, value: &str) -> Span {
    let length = (word.span.end - word.span.start) as usize;
    match word.text.find(value) {
        Some(at) if word.text.len() == length && !value.is_empty() => {
            let start = word.span.start as usize + at;
            Span::new(word.span.source, start, start + value.len())
        }
        _ => word.span,
    }
}

/// Whether the server of an engine is told to want a password: by a flag, or by a variable of its image.
#[must_use]
pub(super) fn wants_password(arguments: &[Argument], placement: &Placement, footprint: &Footprint) -> bool {
    let login = footprint.server.login_flag.map(|flag| flag.trim_start_matches('-'));
    let is_login =
        |argument: &Argument| Some(argument.name.as_str()) == login && argument.value.as_deref().is_none_or(|value| !value.is_empty());
    let is_password = |name: &str| footprint.environment.passwords.contains(&name.strip_suffix("_FILE").unwrap_or(name));
    arguments.iter().any(is_login) || placement.environment.iter().any(|entry| is_password(&entry.name))
}
