//! What the server checks of single values beyond type and range: its check hooks, as far as the value alone decides.

use super::catalogue::{Entry, Kind};
use super::encodings;
use super::libraries;
use super::list::split;
use super::standby_names::{self, Awaited};
use super::time_zones::{self, NoZone};
use super::value::{Invalid, LIBRARIES, Meaning, Remark, list_syntax, numeric, quote};
use crate::model::Value;

/// Settings of the SLRU caches, which come in banks of 16 pages.
const SLRU_BUFFERS: [&str; 7] = [
    "commit_timestamp_buffers",
    "multixact_member_buffers",
    "multixact_offset_buffers",
    "notify_buffers",
    "serializable_buffers",
    "subtransaction_buffers",
    "transaction_buffers",
];

/// Texts that name something that must exist: a time zone, an encoding, …
const NEVER_EMPTY: [&str; 6] =
    ["client_encoding", "default_table_access_method", "lc_messages", "log_timezone", "TimeZone", "timezone_abbreviations"];

/// Applies the check hook of a setting.
pub(super) fn check(entry: &Entry, major: u32, raw: &str, meaning: Meaning) -> Result<Meaning, Invalid> {
    match entry.kind {
        Kind::Integer => check_number(entry, major, raw, meaning),
        Kind::List => check_list(entry, major, raw, meaning),
        Kind::String => check_text(entry, raw, meaning),
        Kind::Bool if entry.name == "default_with_oids" && !entry.listed && meaning.value == Value::Bool(true) => {
            Err(invalid(entry, raw, "tables with OIDs exist no longer", "off"))
        }
        Kind::Bool | Kind::Real | Kind::Enum => Ok(meaning),
    }
}

fn invalid(entry: &Entry, raw: &str, why: &str, expected: &str) -> Invalid {
    let expected = (!expected.is_empty()).then(|| expected.to_owned());
    Invalid::new("invalid-value", format!("{} is not a valid value for `{}`: {why}", quote(raw), entry.name), expected)
}

fn check_number(entry: &Entry, major: u32, raw: &str, mut meaning: Meaning) -> Result<Meaning, Invalid> {
    let base = meaning.base.unwrap_or_default();
    let least = match entry.name {
        "wal_buffers" => 4.0,
        "autovacuum_work_mem" if major >= 17 => 64.0,
        "autovacuum_work_mem" => 1024.0,
        "vacuum_buffer_usage_limit" if base > 0.0 && base < 128.0 => {
            return Err(invalid(entry, raw, "it is 0 or at least 128kB", "0, or from 128kB to 16GB"));
        }
        "io_max_concurrency" if base == 0.0 => return Err(invalid(entry, raw, "it is -1 or at least 1", "-1, or a number from 1 on")),
        name if SLRU_BUFFERS.contains(&name) && base % 16.0 != 0.0 => {
            return Err(invalid(entry, raw, "it is a multiple of 16 pages of 8kB", "a multiple of 128kB"));
        }
        _ => return Ok(meaning),
    };
    // The server lifts smaller values without a word; -1 is special.
    if base >= 0.0 && base < least {
        let remarks = std::mem::take(&mut meaning.remarks);
        meaning = Meaning { remarks, ..numeric(entry, major, least) };
    }
    Ok(meaning)
}

fn check_list(entry: &Entry, major: u32, raw: &str, mut meaning: Meaning) -> Result<Meaning, Invalid> {
    let Some(items) = split(raw, list_syntax(entry.name)) else {
        let bad = "a list has commas between its items, and no empty item";
        return match entry.name {
            // These are split only after the settings were read.
            "listen_addresses" | "unix_socket_directories" => Ok(with_remark(meaning, entry, raw, bad, true)),
            "shared_preload_libraries" | "session_preload_libraries" | "local_preload_libraries" => {
                Ok(with_remark(meaning, entry, raw, "the list cannot be split, and no library of it is loaded", false))
            }
            "backtrace_functions" => check_functions(entry, raw, meaning),
            "output_plugin_libraries" | "oauth_validator_libraries" => Ok(meaning),
            _ if entry.is_of_extension() => Ok(meaning),
            _ => Err(invalid(entry, raw, bad, "")),
        };
    };
    let known: &[&str] = match entry.name {
        name if LIBRARIES.contains(&name) => return Ok(check_libraries(entry, &items, meaning)),
        "log_connections" => return log_connections(entry, raw, &items, meaning),
        "backtrace_functions" => return check_functions(entry, raw, meaning),
        "synchronized_standby_slots" => return check_slots(entry, raw, &items, meaning),
        "log_destination" if major >= 15 => &["stderr", "csvlog", "jsonlog", "syslog", "eventlog"],
        "log_destination" => &["stderr", "csvlog", "syslog", "eventlog"],
        "debug_io_direct" => &["data", "wal", "wal_init"],
        "createrole_self_grant" => &["set", "inherit"],
        "restrict_nonsystem_relation_kind" => &["view", "foreign-table"],
        // From 15 on extensions bring more of them.
        "wal_consistency_checking" if major < 15 => {
            &["all", "brin", "btree", "generic", "gin", "gist", "hash", "heap", "heap2", "sequence", "spgist"]
        }
        _ => return Ok(meaning),
    };
    if let Some(unknown) = items.iter().find(|item| !known.iter().any(|word| word.eq_ignore_ascii_case(item))) {
        let words = known.join(", ");
        return Err(invalid(entry, raw, &format!("{} is none of {words}", quote(unknown)), &format!("a list of {words}")));
    }
    meaning.value = Value::List(items);
    Ok(meaning)
}

/// Names of libraries that are nearly those of known ones. One with a folder is a file that somebody has put there.
fn check_libraries(entry: &Entry, items: &[String], mut meaning: Meaning) -> Meaning {
    let names = items.iter().filter(|item| !item.contains('/')).map(|item| (item, item.strip_suffix(".so").unwrap_or(item)));
    for (item, meant) in names.filter_map(|(item, name)| Some((item, libraries::meant(name)?))) {
        let shared = entry.name == "shared_preload_libraries";
        let effect = if shared { "" } else { "; without a file of this name every login fails" };
        let message = format!("{} is not a library that gonogo knows, `{meant}` was probably meant{effect}", quote(item));
        meaning.remarks.push(Remark { code: "library-typo", message, expected: Some(meant.to_owned()), fatal: shared });
    }
    meaning
}

fn check_slots(entry: &Entry, raw: &str, items: &[String], meaning: Meaning) -> Result<Meaning, Invalid> {
    match items.iter().find(|item| !is_slot_name(item)) {
        None => Ok(meaning),
        Some(item) => {
            Err(invalid(entry, raw, &format!("{} is not a valid slot name", quote(item)), "names of lower-case letters, digits and _"))
        }
    }
}

fn check_functions(entry: &Entry, raw: &str, meaning: Meaning) -> Result<Meaning, Invalid> {
    let valid = raw.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b',' | b' ' | b'\n' | b'\t'));
    if valid { Ok(meaning) } else { Err(invalid(entry, raw, "names of functions have letters, digits and _", "a list of function names")) }
}

fn with_remark(mut meaning: Meaning, entry: &Entry, raw: &str, why: &str, fatal: bool) -> Meaning {
    let message = format!("{} is not a valid value for `{}`: {why}", quote(raw), entry.name);
    meaning.remarks.push(Remark { code: "invalid-value", message, expected: None, fatal });
    meaning
}

/// From 18 on `log_connections` is a list; the words of a boolean stand for themselves.
fn log_connections(entry: &Entry, raw: &str, items: &[String], mut meaning: Meaning) -> Result<Meaning, Invalid> {
    const STAGES: [&str; 4] = ["receipt", "authentication", "authorization", "setup_durations"];
    let stages = |count: usize| STAGES.iter().take(count).map(|stage| (*stage).to_owned()).collect::<Vec<_>>();
    let value = match items {
        [] => Vec::new(),
        [one] if matches!(one.as_str(), "on" | "true" | "yes" | "1") => stages(3),
        [one] if matches!(one.as_str(), "off" | "false" | "no" | "0") => Vec::new(),
        many => {
            let unknown = many.iter().find(|item| item.as_str() != "all" && !STAGES.contains(&item.as_str()));
            if let Some(unknown) = unknown {
                let words = STAGES.join(", ");
                let why = format!("{} is not one of {words}, all; on and off cannot be combined with others", quote(unknown));
                return Err(invalid(entry, raw, &why, &format!("a list of {words}, or all, on, off")));
            }
            let all = many.iter().any(|item| item == "all");
            STAGES.iter().filter(|stage| all || many.iter().any(|item| item == *stage)).map(|stage| (*stage).to_owned()).collect()
        }
    };
    meaning.value = Value::List(value);
    Ok(meaning)
}

fn check_text(entry: &Entry, raw: &str, meaning: Meaning) -> Result<Meaning, Invalid> {
    match entry.name {
        "synchronous_standby_names" if !standby_names::is_valid(raw) => {
            Err(invalid(entry, raw, "the list of standbys is malformed", "a list of names, or FIRST n (…), or ANY n (…)"))
        }
        "synchronous_standby_names" => Ok(check_standbys(raw, meaning)),
        "primary_slot_name" if !raw.is_empty() && !is_slot_name(raw) => {
            Err(invalid(entry, raw, "a slot name has 1 to 63 lower-case letters, digits and _", "lower-case letters, digits and _"))
        }
        "recovery_target" if !matches!(raw, "" | "immediate") => {
            Err(invalid(entry, raw, "the only target of this name is immediate", "immediate"))
        }
        "recovery_target_time" if !raw.is_empty() && !raw.bytes().any(|byte| byte.is_ascii_digit()) => Err(invalid(
            entry,
            raw,
            "it is not a point in time, and words such as now are refused",
            "a time such as 2026-02-03 14:00:00+01",
        )),
        "recovery_target_lsn" if !raw.is_empty() && !is_lsn(raw) => {
            Err(invalid(entry, raw, "a position in the WAL is two hexadecimal numbers with a slash", "a position such as 16/B374D848"))
        }
        "recovery_target_name" if raw.len() > LONGEST_RESTORE_POINT => {
            Err(invalid(entry, raw, "the name of a restore point has at most 63 bytes", "the name of a restore point"))
        }
        "role" if raw != "none" => Err(invalid(entry, raw, "no role can be looked up while the server starts", "none")),
        "session_authorization" => Err(invalid(entry, raw, "no role can be looked up while the server starts", "")),
        "DateStyle" => date_style(entry, raw, meaning),
        "client_encoding" if !raw.is_empty() && !encodings::is_known(raw) => {
            Err(invalid(entry, raw, "the server knows no character set of this name", "UTF8, LATIN1 or another name of a character set"))
        }
        "timezone_abbreviations" if !raw.is_empty() => check_abbreviations(entry, raw, meaning),
        "TimeZone" | "log_timezone" if !raw.is_empty() => check_zone(entry, raw, meaning),
        name if raw.is_empty() && NEVER_EMPTY.contains(&name) => Err(invalid(entry, raw, "it must name something", "")),
        _ => Ok(meaning),
    }
}

/// The longest name that `pg_create_restore_point` takes, in bytes.
const LONGEST_RESTORE_POINT: usize = 63;

/// `16/B374D848`.
fn is_lsn(raw: &str) -> bool {
    let is_half = |half: &str| (1..=8).contains(&half.len()) && half.bytes().all(|byte| byte.is_ascii_hexdigit());
    raw.split_once('/').is_some_and(|(high, low)| is_half(high) && is_half(low))
}

/// More standbys that must answer than are named.
fn check_standbys(raw: &str, mut meaning: Meaning) -> Meaning {
    if let Some(Awaited { required, named }) = standby_names::awaited(raw).filter(|awaited| awaited.named < awaited.required) {
        let names = if named == 1 { "only one is named" } else { &format!("only {named} are named") };
        let message = format!(
            "{required} standbys must answer before a commit ends, and {names}: unless several standbys go by one name, every commit hangs"
        );
        let expected = format!("more than {required} names, or a number below {named}");
        let expected = if named == 1 { format!("more than {required} names") } else { expected };
        meaning.remarks.push(Remark { code: "too-few-standbys", message, expected: Some(expected), fatal: false });
    }
    meaning
}

/// The files of abbreviations that come with the server; others have to be put beside them.
fn check_abbreviations(entry: &Entry, raw: &str, meaning: Meaning) -> Result<Meaning, Invalid> {
    // Each is a name of letters, of a file in its own folder.
    if raw.bytes().all(|byte| byte.is_ascii_alphabetic()) && matches!(raw, "Default" | "Australia" | "India") {
        return Ok(meaning);
    }
    Err(invalid(entry, raw, "the server has no file of time zone abbreviations of this name", "Default, Australia or India"))
}

fn check_zone(entry: &Entry, raw: &str, meaning: Meaning) -> Result<Meaning, Invalid> {
    match time_zones::refused(raw) {
        None => Ok(meaning),
        Some(NoZone { why, meant }) => Err(invalid(entry, raw, &why, meant.unwrap_or("UTC, or an area and a city such as Europe/Berlin"))),
    }
}

fn is_slot_name(name: &str) -> bool {
    (1..=63).contains(&name.len()) && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
}

/// `ISO`, `SQL`, `Postgres`, `German`, and the order of day and month.
fn date_style(entry: &Entry, raw: &str, meaning: Meaning) -> Result<Meaning, Invalid> {
    let items = split(raw, list_syntax(entry.name)).ok_or_else(|| invalid(entry, raw, "the list is malformed", "ISO, MDY"))?;
    let mut style: Option<&str> = None;
    let mut order: Option<&str> = None;
    // What holds where no item says it.
    let mut usual_order = "MDY";
    for item in &items {
        let (slot, word) = match item.as_str() {
            "iso" => (&mut style, "ISO"),
            "sql" => (&mut style, "SQL"),
            "german" => (&mut style, "German"),
            item if item.starts_with("postgres") => (&mut style, "Postgres"),
            "ymd" => (&mut order, "YMD"),
            "dmy" => (&mut order, "DMY"),
            item if item.starts_with("euro") => (&mut order, "DMY"),
            "mdy" | "us" => (&mut order, "MDY"),
            item if item.starts_with("noneuro") => (&mut order, "MDY"),
            "default" => {
                usual_order = "MDY";
                continue;
            }
            other => return Err(invalid(entry, raw, &format!("{} is not a date style", quote(other)), "ISO, MDY")),
        };
        if slot.is_some_and(|before| before != word) {
            return Err(invalid(entry, raw, "two styles contradict each other", "ISO, MDY"));
        }
        *slot = Some(word);
        if word == "German" {
            usual_order = "DMY";
        }
    }
    let shown = format!("{}, {}", style.unwrap_or("ISO"), order.unwrap_or(usual_order));
    Ok(Meaning { value: Value::text(&shown), printed: shown.clone(), shown, ..meaning })
}
