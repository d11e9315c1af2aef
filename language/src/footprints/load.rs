//! From TOML to checked footprints.

use std::collections::BTreeMap;
use std::ops::Range;

use toml::de::{DeTable, DeValue};

use crate::model::Engine;
use crate::model::footprint::{
    Access, Account, BackupImage, BackupKind, BackupProgram, Client, Data, DataLayout, Footprint, GoneProgram, HealthCheck, Images, List,
    MisplacedEffect, MisplacedMount, Names, PasswordPlace, Quiesce, ReleaseNumbers, Server, Variables,
};
use crate::rules::RuleError;
use crate::rules::reader::{Problems, Table, kind_of, text_of, word_of};
use crate::text::Source;

/// Reads the table of all engines. What it returns stays for as long as the process runs: it is for the build script and tests.
///
/// # Errors
/// Everything that is wrong with it, by place.
pub fn load(source: &Source) -> Result<Vec<Footprint>, Vec<RuleError>> {
    let document = DeTable::parse(source.text()).map_err(|error| {
        vec![RuleError::new(source, error.span().unwrap_or(0..0), format!("not valid TOML: {}", error.message()), None)]
    })?;
    let problems = Problems::new(source);
    let root = Table::new("the table of engines", document.get_ref(), 0..source.text().len(), &problems);
    let mut found: Vec<Footprint> = Vec::new();
    let mut taken = Taken::default();
    for (name, span, item) in root.others() {
        let engine = word_of::<Engine>(name, span, "engine", Engine::WORDS, &problems);
        if let (Some(engine), Some(table)) = (engine, Table::of("the section of an engine", item, &problems)) {
            found.extend(footprint(engine, &table, &mut taken));
            table.finish();
        }
    }
    found.sort_by_key(|footprint| footprint.engine);
    let errors = problems.into_errors();
    if errors.is_empty() { Ok(found) } else { Err(errors) }
}

/// What may belong to one engine alone, since the first that has it is taken.
#[derive(Default)]
struct Taken(BTreeMap<(&'static str, &'static str), Engine>);

impl Taken {
    fn take(&mut self, table: &Table<'_>, what: &'static str, key: &str, names: Names, engine: Engine) {
        for name in names {
            if let Some(other) = self.0.insert((what, name), engine).filter(|other| *other != engine) {
                let message = format!("the {what} `{name}` is already one of {other}");
                table.problems().report_with_help(table.span_of(key), message, "name it for one engine");
            }
        }
    }
}

fn footprint(engine: Engine, table: &Table<'_>, taken: &mut Taken) -> Option<Footprint> {
    let names = names(table, "names");
    if names.is_empty() {
        table.missing("names", "what variables and volumes call the engine, as a list of words in lower case");
    }
    let url_schemes = list(table, "url_schemes", scheme);
    taken.take(table, "URL scheme", "url_schemes", url_schemes, engine);
    let server = part(table, "server", "[server]", server);
    if let Some((server, at)) = table.table("server", "[server]").and_then(|at| Some((server?, at))) {
        taken.take(&at, "program", "programs", server.programs, engine);
    }
    Some(Footprint {
        engine,
        names,
        url_schemes,
        server: server.unwrap_or_default(),
        account: part(table, "account", "[account]", account),
        access: part(table, "access", "[access]", access).unwrap_or_default(),
        environment: part(table, "environment", "[environment]", variables).unwrap_or_default(),
        image: part(table, "image", "[image]", images).unwrap_or_default(),
        data: part(table, "data", "[data]", data).unwrap_or_default(),
        clients: parts(table, "client", "[[client]]", client),
        health_checks: parts(table, "health_check", "[[health_check]]", health_check),
        backups: parts(table, "backup", "[[backup]]", backup),
        backup_images: parts(table, "backup_image", "[[backup_image]]", backup_image),
        quiesce: parts(table, "quiesce", "[[quiesce]]", quiesce),
    })
}

fn server(table: &Table<'_>) -> Option<Server> {
    let password_flags = list(table, "password_flags", flag);
    let login_flag = one(table, "login_flag", flag);
    if login_flag.is_some_and(|flag| !password_flags.contains(&flag)) {
        table.problems().report_with_help(table.span_of("login_flag"), "`login_flag` is not one of `password_flags`", "add it there");
    }
    Some(Server {
        port: number(table, "port"),
        port_variable: one(table, "port_variable", variable),
        runtime_folder: one(table, "runtime_folder", folder),
        refuses_root: table.bool("refuses_root").unwrap_or(false),
        shares_memory: table.bool("shares_memory").unwrap_or(false),
        programs: names(table, "programs"),
        starters: names(table, "starters"),
        password_flags,
        login_flag,
    })
}

fn account(table: &Table<'_>) -> Option<Account> {
    let account = Account { default: one(table, "default", plain), variable: one(table, "variable", variable) };
    if account.default.is_none() && account.variable.is_none() {
        table.missing("default", "the name of the account, or the `variable` that gives it");
    }
    Some(account)
}

fn access(table: &Table<'_>) -> Option<Access> {
    Some(Access {
        open_by_default: table.bool("open_by_default").unwrap_or(false),
        open_variables: list(table, "open_variables", variable),
        open_flags: list(table, "open_flags", flag),
        asks_variables: list(table, "asks_variables", variable),
        asks_flags: list(table, "asks_flags", flag),
        first_start: list(table, "first_start", variable),
    })
}

fn variables(table: &Table<'_>) -> Option<Variables> {
    Some(Variables {
        own: list(table, "own", |text| variable(text.strip_suffix('*').unwrap_or(text))),
        passwords: list(table, "passwords", variable),
        from_file: list(table, "from_file", variable),
        hosts: list(table, "hosts", variable),
        addresses: list(table, "addresses", variable),
        users: list(table, "users", variable),
        databases: list(table, "databases", variable),
        encryption: list(table, "encryption", variable),
    })
}

fn images(table: &Table<'_>) -> Option<Images> {
    let release_numbers =
        |table: &Table<'_>| Some(ReleaseNumbers { since: required(table, "since")?, numbers: required(table, "numbers")? });
    Some(Images {
        tag_prefixes: names(table, "tag_prefixes"),
        release_numbers: parts(table, "release_numbers", "an entry of `release_numbers`", release_numbers),
        init_folder: one(table, "init_folder", folder),
        gone: parts(table, "gone", "an entry of `gone`", gone),
        own_check: one(table, "own_check", plain),
        lacks: names(table, "lacks"),
        of_busybox: names(table, "of_busybox"),
    })
}

fn gone(table: &Table<'_>) -> Option<GoneProgram> {
    Some(GoneProgram { program: needed(table, "program", plain)?, since: required(table, "since")?, now: needed(table, "now", plain)? })
}

fn data(table: &Table<'_>) -> Option<Data> {
    Some(Data {
        flag: one(table, "flag", flag),
        variable: one(table, "variable", variable),
        log_folder: one(table, "log_folder", plain),
        log_variable: one(table, "log_variable", variable),
        folders: list(table, "folders", folder),
        layouts: parts(table, "layout", "[[data.layout]]", layout),
    })
}

fn layout(table: &Table<'_>) -> Option<DataLayout> {
    let place = needed(table, "folder", folder);
    let layout = DataLayout {
        since: number(table, "since"),
        until: number(table, "until"),
        folder: place?,
        volume: one(table, "volume", folder).or(place)?,
        misplaced: parts(table, "misplaced", "[[data.layout.misplaced]]", misplaced),
    };
    if layout.folder.contains("{major}") && layout.since.is_none() {
        table.missing("since", "{major} of a moving tag is that of the first release with this layout");
    }
    Some(layout)
}

fn misplaced(table: &Table<'_>) -> Option<MisplacedMount> {
    let (target, message) = (needed(table, "target", folder), needed(table, "message", plain));
    Some(MisplacedMount { target: target?, effect: word(table, "effect", MisplacedEffect::WORDS)?, message: message? })
}

fn client(table: &Table<'_>) -> Option<Client> {
    let password_flag = one(table, "password_flag", flag);
    let place = if password_flag.is_some() { word(table, "password_place", PasswordPlace::WORDS)? } else { PasswordPlace::NextWord };
    let password_variable = one(table, "password_variable", variable);
    Some(Client { programs: programs(table), password_variable, password_flag, password_place: place })
}

fn health_check(table: &Table<'_>) -> Option<HealthCheck> {
    Some(HealthCheck {
        programs: programs(table),
        commands: names(table, "commands"),
        passes_on_error: table.bool("passes_on_error").unwrap_or(false),
        unless: list(table, "unless", flag),
        replies: names(table, "replies"),
        passes_while_initialising: table.bool("passes_while_initialising").unwrap_or(false),
        socket_hosts: names(table, "socket_hosts"),
        writes: names(table, "writes"),
        removes: names(table, "removes"),
        logs_in: list(table, "logs_in", flag),
    })
}

fn backup(table: &Table<'_>) -> Option<BackupProgram> {
    let (commands, option) = (names(table, "commands"), one(table, "option", flag));
    Some(BackupProgram { programs: programs(table), commands, option, makes: word::<BackupKind>(table, "makes", BackupKind::WORDS)? })
}

fn backup_image(table: &Table<'_>) -> Option<BackupImage> {
    let (schedule, default) = (list(table, "schedule", variable), one(table, "default", plain));
    Some(BackupImage { name: needed(table, "name", plain)?, schedule, default, hosts: list(table, "hosts", variable) })
}

fn quiesce(table: &Table<'_>) -> Option<Quiesce> {
    let says = names(table, "says");
    Some(Quiesce { program: needed(table, "program", plain)?, says })
}

/// A table of the section, read by `read`.
fn part<T>(table: &Table<'_>, key: &'static str, what: &'static str, read: impl Fn(&Table<'_>) -> Option<T>) -> Option<T> {
    let inner = table.table(key, what)?;
    let value = read(&inner);
    inner.finish();
    value
}

/// Every table of a list of them.
fn parts<T>(table: &Table<'_>, key: &'static str, what: &'static str, read: impl Fn(&Table<'_>) -> Option<T>) -> List<T> {
    let inner = table.tables(key, what).into_iter();
    let read = |inner: Table<'_>| {
        let value = read(&inner);
        inner.finish();
        value
    };
    inner.filter_map(read).collect::<Vec<T>>().leak()
}

/// What a text must be like: nothing, or what was expected.
type Form = Option<&'static str>;

fn plain(text: &str) -> Form {
    text.trim().is_empty().then_some("some text")
}

fn name_of(text: &str) -> Form {
    (text.is_empty() || text.contains(char::is_control) || text.trim() != text).then_some("a name without blanks around it")
}

fn scheme(text: &str) -> Form {
    let fits = text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit());
    (text.is_empty() || !fits).then_some("a scheme in lower case, without `://`")
}

fn variable(text: &str) -> Form {
    let fits = text.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_');
    (text.is_empty() || !fits).then_some("the name of a variable, for example DB_HOST")
}

fn flag(text: &str) -> Form {
    (!text.starts_with('-') || text.contains([' ', '='])).then_some("a flag with its dashes, for example --datadir")
}

fn folder(text: &str) -> Form {
    (!text.starts_with('/') || text.ends_with('/')).then_some("an absolute path without a slash at its end")
}

/// A text of the right form, for as long as the process runs.
fn formed(table: &Table<'_>, text: &str, span: Range<usize>, form: impl Fn(&str) -> Form) -> Option<&'static str> {
    if let Some(expected) = form(text) {
        table.problems().report_with_help(span, format!("`{text}` does not fit here"), format!("expected {expected}"));
        return None;
    }
    Some(text.to_owned().leak())
}

/// The texts of a list, each once.
fn list(table: &Table<'_>, key: &'static str, form: impl Fn(&str) -> Form) -> Names {
    let mut found: Vec<&'static str> = Vec::new();
    for item in table.items(key) {
        let Some(text) = text_of(item, &format!("`{key}`"), table.problems()) else { continue };
        if found.contains(&text) {
            table.problems().report_with_help(item.span(), format!("`{text}` is listed twice"), "leave one of them out");
        }
        found.extend(formed(table, text, item.span(), &form));
    }
    found.leak()
}

fn names(table: &Table<'_>, key: &'static str) -> Names {
    list(table, key, name_of)
}

/// The programs that an entry is about.
fn programs(table: &Table<'_>) -> Names {
    if !table.has("programs") {
        table.missing("programs", "the programs that are meant, as a list");
    }
    names(table, "programs")
}

fn one(table: &Table<'_>, key: &'static str, form: impl Fn(&str) -> Form) -> Option<&'static str> {
    let text = table.text(key)?;
    let span = table.item(key).map_or(0..0, toml::Spanned::span);
    formed(table, text, span, form)
}

fn needed(table: &Table<'_>, key: &'static str, form: impl Fn(&str) -> Form) -> Option<&'static str> {
    if !table.has(key) {
        table.missing(key, "it must be there");
    }
    one(table, key, form)
}

fn word<T: std::str::FromStr>(table: &Table<'_>, key: &'static str, words: &[&'static str]) -> Option<T> {
    if !table.has(key) {
        table.missing(key, format!("one of {}", words.join(", ")));
    }
    table.word(key, words)
}

/// A whole number that fits.
fn number<N: TryFrom<u32>>(table: &Table<'_>, key: &'static str) -> Option<N> {
    let item = table.item(key)?;
    let value = match item.get_ref() {
        DeValue::Integer(number) => number.as_str().parse::<u32>().ok(),
        _ => None,
    };
    let value = value.and_then(|value| N::try_from(value).ok());
    if value.is_none() {
        let found = kind_of(item.get_ref());
        table.problems().report(item.span(), format!("`{key}` must be a whole number that fits; found {found}"));
    }
    value
}

fn required<N: TryFrom<u32>>(table: &Table<'_>, key: &'static str) -> Option<N> {
    if !table.has(key) {
        table.missing(key, "a whole number");
    }
    number(table, key)
}
