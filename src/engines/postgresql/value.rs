//! What the text of a value means for a setting, and why the server refuses it where it does.

use super::catalogue::{Entry, Kind, Unit};
use super::checks;
use super::list::{ListSyntax, split};
use super::number::{self, Number, NumberError, format_g, in_largest_unit, in_largest_whole_unit, unit_names};
use crate::model::Value;
use crate::text::path::name_of;
use crate::text::redact_text;

/// Settings that name the libraries to load.
pub(super) const LIBRARIES: [&str; 3] = ["shared_preload_libraries", "session_preload_libraries", "local_preload_libraries"];

/// What a value means.
#[derive(Clone, Debug, PartialEq)]
pub struct Meaning {
    /// The value.
    pub value: Value,
    /// What `SHOW` prints: `128MB`.
    pub shown: String,
    /// What `postgres -C` prints: base units, `16384`.
    pub printed: String,
    /// The number in the base unit.
    pub base: Option<f64>,
    /// The word for a special value, as `off` for a timeout of 0.
    pub special: Option<&'static str>,
    /// What the server takes without a word although it was hardly meant.
    pub remarks: Vec<Remark>,
}

/// Something that the server takes, and that a person should know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remark {
    /// Code of the problem.
    pub code: &'static str,
    /// In words.
    pub message: String,
    /// What to write.
    pub expected: Option<String>,
    /// Whether the server stops later in its start.
    pub fatal: bool,
}

/// Why a value is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invalid {
    /// `invalid-value`, `bad-unit` or `out-of-range`.
    pub code: &'static str,
    /// In words.
    pub message: String,
    /// What would be valid.
    pub expected: Option<String>,
}

impl Invalid {
    pub(super) fn new(code: &'static str, message: impl Into<String>, expected: impl Into<Option<String>>) -> Self {
        Self { code, message: message.into(), expected: expected.into() }
    }
}

/// Settings whose number is the mode of a file: octal in every manual.
const MODES: [&str; 3] = ["log_file_mode", "unix_socket_permissions", "data_directory_mode"];

/// What `raw`, already without quotes, means for a setting of a major.
///
/// # Errors
/// When the server refuses it.
pub fn interpret(entry: &Entry, major: u32, raw: &str) -> Result<Meaning, Invalid> {
    checks::check(entry, major, raw, of_kind(entry, major, raw)?)
}

/// What the compiled-in default `raw` means. The server takes its own without the checks that it has for ours: an empty
/// lc_messages, which nobody may write.
///
/// # Errors
/// When it is no value of its kind.
pub fn interpret_default(entry: &Entry, major: u32, raw: &str) -> Result<Meaning, Invalid> {
    of_kind(entry, major, raw)
}

fn of_kind(entry: &Entry, major: u32, raw: &str) -> Result<Meaning, Invalid> {
    match entry.kind {
        Kind::Bool => boolean(entry, raw),
        Kind::Integer => integer(entry, major, raw),
        Kind::Real => real(entry, major, raw),
        Kind::Enum => word(entry, raw),
        Kind::String | Kind::List => Ok(text(entry, raw)),
    }
}

/// A value in a message: short, on one line, without what may be a secret.
pub(super) fn quote(raw: &str) -> String {
    let clean: String = redact_text(raw).chars().map(|c| if c.is_control() { char::REPLACEMENT_CHARACTER } else { c }).collect();
    match clean.char_indices().nth(80) {
        Some((end, _)) => format!("`{}…`", clean.get(..end).unwrap_or("")),
        None => format!("`{clean}`"),
    }
}

fn plain(value: Value, shown: impl Into<String>) -> Meaning {
    let shown = shown.into();
    Meaning { value, printed: shown.clone(), shown, base: None, special: None, remarks: Vec::new() }
}

/// Unique beginnings of on, off, true, false, yes, no, and 1 and 0; `o` alone is neither.
fn boolean(entry: &Entry, raw: &str) -> Result<Meaning, Invalid> {
    let lower = raw.to_ascii_lowercase();
    let begins = |word: &str| word.starts_with(&lower);
    let truth = match lower.as_str() {
        "" | "o" => None,
        "1" => Some(true),
        "0" => Some(false),
        _ if begins("on") || begins("true") || begins("yes") => Some(true),
        _ if begins("off") || begins("false") || begins("no") => Some(false),
        _ => None,
    };
    let truth = truth.ok_or_else(|| {
        let message = format!("{} is not a valid value for `{}`: it is either on or off", quote(raw), entry.name);
        Invalid::new("invalid-value", message, "on or off".to_owned())
    })?;
    Ok(plain(Value::Bool(truth), if truth { "on" } else { "off" }))
}

fn integer(entry: &Entry, major: u32, raw: &str) -> Result<Meaning, Invalid> {
    let number = number::integer(raw, entry.unit, major).map_err(|error| bad_number(entry, major, raw, &error))?;
    check_range(entry, major, raw, number.value)?;
    let mut meaning = numeric(entry, major, number.value);
    meaning.printed = format!("{}", number.value);
    meaning.remarks = number_remarks(entry, raw, number);
    Ok(meaning)
}

fn real(entry: &Entry, major: u32, raw: &str) -> Result<Meaning, Invalid> {
    let number = number::real(raw, entry.unit, major).map_err(|error| bad_number(entry, major, raw, &error))?;
    check_range(entry, major, raw, number.value)?;
    Ok(numeric(entry, major, number.value))
}

/// The meaning of a number of base units.
pub(super) fn numeric(entry: &Entry, major: u32, base: f64) -> Meaning {
    let special = entry.special(base);
    // A special value is no size: -1 stays -1, whatever the unit.
    let scaled = |unit: Unit| whole(if special.is_some() { base } else { base * unit.size() });
    let value = match entry.unit {
        Some(unit) if unit.is_memory() => Value::Bytes(scaled(unit)),
        Some(unit) => Value::Duration(scaled(unit)),
        None if entry.kind == Kind::Integer => Value::Integer(whole(base)),
        None => Value::Real(base),
    };
    let print = |number: f64| if entry.kind == Kind::Integer { format!("{number}") } else { format_g(number) };
    let shown = match entry.unit {
        Some(unit) if base > 0.0 && entry.kind == Kind::Integer => {
            let (number, name) = in_largest_whole_unit(base, unit, major);
            format!("{number}{name}")
        }
        Some(unit) if base > 0.0 => {
            let (number, name) = in_largest_unit(base, unit, major);
            format!("{}{name}", format_g(number))
        }
        _ if MODES.contains(&entry.name) => format!("{:04o}", whole(base)),
        _ => print(base),
    };
    Meaning { value, shown, printed: print(base), base: Some(base), special, remarks: Vec::new() }
}

#[expect(clippy::cast_possible_truncation, reason = "ranges were checked: 32 bits times the size of a unit")]
fn whole(number: f64) -> i64 {
    number.round() as i64
}

fn check_range(entry: &Entry, major: u32, raw: &str, base: f64) -> Result<(), Invalid> {
    if (entry.least..=entry.most).contains(&base) {
        return Ok(());
    }
    if MODES.contains(&entry.name) {
        let message = format!(
            "{} is out of range for `{}`: without a leading 0 the number is decimal, and the greatest mode is 511, which is 0777",
            quote(raw),
            entry.name
        );
        return Err(Invalid::new("out-of-range", message, format!("0{}", raw.trim().trim_start_matches('0'))));
    }
    let show = |bound: f64| {
        let number = if entry.kind == Kind::Integer { format!("{bound}") } else { format_g(bound) };
        match entry.unit {
            // For people: the greatest number of blocks is one short of 8TB.
            Some(unit) if bound > 0.0 => {
                let (number, name) = in_largest_unit(bound, unit, major);
                format!("{}{name}", (number * 100.0).round() / 100.0)
            }
            _ => number,
        }
    };
    let (least, most) = (show(entry.least), show(entry.most));
    let means = numeric(entry, major, base).shown;
    let means = if means == raw { String::new() } else { format!(", which means {means},") };
    let message = format!("{}{means} is out of range for `{}`: it goes from {least} to {most}", quote(raw), entry.name);
    Err(Invalid::new("out-of-range", message, format!("from {least} to {most}")))
}

fn bad_number(entry: &Entry, major: u32, raw: &str, error: &NumberError) -> Invalid {
    let name = entry.name;
    match (error, entry.unit) {
        (NumberError::Unit(found), Some(unit)) if !found.starts_with(|c: char| c.is_ascii_digit()) => {
            let units = unit_names(unit, major).join(", ");
            let meant = meant_unit(found, unit, major);
            let hint = meant.map(|unit| format!("; `{unit}` was probably meant")).unwrap_or_default();
            let number = raw.trim().strip_suffix(found.as_str()).unwrap_or("").trim();
            let message = format!(
                "{} is not a valid value for `{name}`: {} is not one of its units, which are case-sensitive ({units}){hint}",
                quote(raw),
                quote(found)
            );
            Invalid::new(
                "bad-unit",
                message,
                meant.map_or_else(|| format!("a number with one of {units}"), |unit| format!("{number}{unit}")),
            )
        }
        (NumberError::Overflow, _) => {
            let message = format!("{} is out of range for `{name}`: it exceeds the server's integers", quote(raw));
            Invalid::new("out-of-range", message, None)
        }
        _ if raw.trim().starts_with('0') && raw.trim().as_bytes().get(1).is_some_and(u8::is_ascii_digit) => {
            let message =
                format!("{} is not a valid value for `{name}`: a number with a leading 0 is octal, and has no digit 8 or 9", quote(raw));
            Invalid::new("invalid-value", message, raw.trim().trim_start_matches('0').to_owned())
        }
        (_, Some(unit)) => {
            let message = format!(
                "{} is not a valid value for `{name}`: it is a number with a unit, one of {}",
                quote(raw),
                unit_names(unit, major).join(", ")
            );
            Invalid::new("invalid-value", message, "a number with a unit".to_owned())
        }
        (_, None) => {
            let message = format!("{} is not a valid value for `{name}`: it is a number without a unit", quote(raw));
            Invalid::new("invalid-value", message, "a number without a unit".to_owned())
        }
    }
}

/// The unit that was meant: right but for upper and lower case, or a usual short form.
fn meant_unit(found: &str, unit: Unit, major: u32) -> Option<&'static str> {
    let names = unit_names(unit, major);
    let lower = found.to_ascii_lowercase();
    let short = match (unit.is_memory(), lower.as_str()) {
        (true, "k" | "kib") => "kB",
        (true, "m" | "mib") => "MB",
        (true, "g" | "gib") => "GB",
        (true, "t" | "tib") => "TB",
        (false, "m" | "mn" | "mins" | "minute" | "minutes") => "min",
        (false, "sec" | "secs" | "second" | "seconds") => "s",
        (false, "hour" | "hours" | "hr") => "h",
        (false, "day" | "days") => "d",
        _ => "",
    };
    names.iter().copied().find(|name| name.eq_ignore_ascii_case(found) || *name == short)
}

/// What is odd about a number that the server takes.
fn number_remarks(entry: &Entry, raw: &str, number: Number) -> Vec<Remark> {
    let mut remarks = Vec::new();
    if number.value == 0.0 && number.exact != 0.0 {
        let meaning = entry.special(0.0).map(|word| format!(", and 0 means {word}")).unwrap_or_default();
        let unit = entry.unit.map_or("whole numbers", Unit::name);
        let message = format!("{} is rounded to 0: `{}` counts in {unit}{meaning}", quote(raw), entry.name);
        remarks.push(Remark { code: "rounds-to-zero", message, expected: None, fatal: false });
    }
    remarks.extend(octal_remark(entry, raw, number));
    remarks
}

/// A leading zero where none was meant, or none where a mode was meant.
fn octal_remark(entry: &Entry, raw: &str, number: Number) -> Option<Remark> {
    let digits = raw.trim().trim_start_matches(['+', '-']);
    let digits = digits.get(..digits.find(|c: char| !c.is_ascii_digit()).unwrap_or(digits.len())).unwrap_or("");
    let is_octal = digits.len() > 1 && digits.starts_with('0') && !raw.contains(['.', 'e', 'E', 'x', 'X']);
    if MODES.contains(&entry.name) {
        let decimal = !is_octal && digits != "0" && !raw.contains(['x', 'X']);
        return decimal.then(|| {
            let message =
                format!("`{}` is read as a decimal number, so {} is the mode {:04o}", entry.name, quote(raw), whole(number.value));
            Remark { code: "octal-surprise", message, expected: Some(format!("0{digits}")), fatal: false }
        });
    }
    let bare = digits.trim_start_matches('0');
    let differs = i64::from_str_radix(digits, 8).ok() != digits.parse().ok();
    (is_octal && differs).then(|| {
        let value = i64::from_str_radix(digits, 8).unwrap_or_default();
        let message = format!("{} is octal because of its leading 0: `{}` becomes {value}, not {bare}", quote(raw), entry.name);
        Remark { code: "octal-surprise", message, expected: Some(raw.trim().replacen(digits, bare, 1)), fatal: false }
    })
}

fn word(entry: &Entry, raw: &str) -> Result<Meaning, Invalid> {
    let found = entry.words.iter().find(|word| word.name.eq_ignore_ascii_case(raw));
    let found = found.ok_or_else(|| {
        let visible: Vec<&str> =
            entry.words.iter().filter(|word| !is_hidden(word.name, entry)).map(|word| word.name).filter(|name| !name.is_empty()).collect();
        let lower = raw.trim().to_ascii_lowercase();
        let near = visible
            .iter()
            .find(|name| lower.len() > 2 && (name.to_ascii_lowercase().starts_with(&lower) || name.to_ascii_lowercase().ends_with(&lower)));
        let hint = near.map(|name| format!("; `{name}` was probably meant")).unwrap_or_default();
        let message = format!("{} is not a valid value for `{}`, which takes {}{hint}", quote(raw), entry.name, visible.join(", "));
        Invalid::new("invalid-value", message, near.map_or_else(|| format!("one of {}", visible.join(", ")), |name| (*name).to_owned()))
    })?;
    Ok(plain(Value::text(found.canonical), found.canonical))
}

/// Spellings that the server takes and does not list.
fn is_hidden(name: &str, entry: &Entry) -> bool {
    matches!(name, "0" | "1" | "true" | "false" | "yes" | "no" | "archive" | "hot_standby" | "debug")
        || name == "on" && entry.name == "password_encryption"
}

fn text(entry: &Entry, raw: &str) -> Meaning {
    if entry.kind == Kind::String {
        return plain(Value::text(raw), raw);
    }
    // A list that the server cannot split is kept as one item; whoever reads it first complains.
    let mut items = split(raw, list_syntax(entry.name)).unwrap_or_else(|| vec![raw.to_owned()]);
    if LIBRARIES.contains(&entry.name) {
        items.iter_mut().for_each(|item| *item = library_name(item));
    }
    plain(Value::List(items), raw)
}

/// The name of a library, which may be written with its directory and its ending: `$libdir/pgaudit.so`.
fn library_name(written: &str) -> String {
    let file = name_of(written);
    file.strip_suffix(".so").unwrap_or(file).to_owned()
}

/// How the server splits the list of a setting.
pub(super) fn list_syntax(name: &str) -> ListSyntax {
    match name {
        "listen_addresses" => ListSyntax::Words,
        "unix_socket_directories" | "shared_preload_libraries" | "session_preload_libraries" | "local_preload_libraries" => {
            ListSyntax::Directories
        }
        _ => ListSyntax::Identifiers,
    }
}
