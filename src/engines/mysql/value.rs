//! What the text of a value means, as the servers read it (`my_getopt.c`), and what they say of it.

use super::entry::{Argument, Change, Default, Entry, Kind, Unit};
use super::flavour::Reader;
use super::option_name::Given;
use crate::model::Value;
use crate::text::redact_text;

/// What a value means.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Meaning {
    pub value: Value,
    /// What the server shows, with a unit.
    pub shown: String,
    /// The number, where it is one.
    pub base: Option<f64>,
    pub unit: Option<&'static str>,
    /// What the server says of it, and takes it all the same.
    pub remark: Option<Remark>,
}

/// What a server does with a value that is not quite one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Remark {
    pub code: &'static str,
    pub message: String,
    pub expected: String,
}

/// Why a server does not start.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Invalid {
    pub message: String,
    pub expected: String,
}

impl Invalid {
    fn new(entry: &Entry, raw: &str, expected: &str) -> Self {
        Self {
            message: format!("{} is not a valid value for `{}`: expected {expected}", quote(raw), entry.name),
            expected: expected.to_owned(),
        }
    }
}

/// What is given for an option.
///
/// # Errors
/// When the server does not start with it.
pub(super) fn interpret(entry: &Entry, given: &Given<'_>, reader: &Reader) -> Result<Meaning, Invalid> {
    if entry.change == Change::Gone {
        let text = if let Given::Text(text) = given { text } else { "" };
        return Ok(plain(Value::text(text), text));
    }
    match (given, entry.argument) {
        (Given::Bare, Argument::Required) => Err(Invalid {
            message: format!("`{}` needs a value, and none is given", entry.name),
            expected: format!("{} = …", entry.name),
        }),
        (Given::Text(_) | Given::On | Given::Off, Argument::Never) => {
            Err(Invalid { message: format!("`{}` takes no value, and is not turned off", entry.name), expected: entry.name.to_owned() })
        }
        _ => of_kind(entry, given, reader),
    }
}

fn of_kind(entry: &Entry, given: &Given<'_>, reader: &Reader) -> Result<Meaning, Invalid> {
    match (entry.kind, given) {
        (Kind::Switch, given) => Ok(switch(entry, given)),
        (Kind::Bool, Given::Bare | Given::On) => Ok(boolean(true)),
        (Kind::Bool, Given::Off) => Ok(boolean(false)),
        (Kind::Bool, Given::Text(text)) => Ok(of_boolean(entry, text, reader)),
        (Kind::Enum, Given::Bare) => word(entry, "1"),
        (Kind::Text | Kind::List | Kind::Flags, Given::Bare | Given::On) => Ok(text_of(entry, "")),
        (_, Given::Bare | Given::On) => of_text(entry, "1", reader),
        (_, Given::Off) => of_text(entry, "0", reader),
        (_, Given::Text(text)) => of_text(entry, text, reader),
        (_, Given::Bound) => {
            Err(Invalid { message: format!("the bound of `{}` cannot be set", entry.name), expected: entry.name.to_owned() })
        }
    }
}

/// What a text means; a default of the catalogue is read so, too.
pub(super) fn of_text(entry: &Entry, text: &str, reader: &Reader) -> Result<Meaning, Invalid> {
    if text.is_empty() && reader.refuses_empty() && matches!(entry.kind, Kind::Integer | Kind::Real | Kind::Enum) {
        return Err(Invalid { message: format!("the value of `{}` is empty", entry.name), expected: "a value".to_owned() });
    }
    match entry.kind {
        Kind::Bool => Ok(of_boolean(entry, text, reader)),
        Kind::Switch => Ok(boolean(!text.eq_ignore_ascii_case("OFF"))),
        Kind::Integer => integer(entry, text, reader),
        Kind::Real => real(entry, text),
        Kind::Enum => word(entry, text),
        Kind::Set => words(entry, text),
        Kind::Text | Kind::List | Kind::Flags => Ok(text_of(entry, text)),
    }
}

fn plain(value: Value, shown: &str) -> Meaning {
    Meaning { value, shown: shown.to_owned(), base: None, unit: None, remark: None }
}

fn boolean(on: bool) -> Meaning {
    plain(Value::Bool(on), if on { "ON" } else { "OFF" })
}

/// Whatever the value is, it is on: it is the name of files.
fn switch(entry: &Entry, given: &Given<'_>) -> Meaning {
    let on = *given != Given::Off;
    let trap = match given {
        Given::Text(text) if ["0", "off", "false", "no"].iter().any(|word| text.eq_ignore_ascii_case(word)) => Some(Remark {
            code: "switched-on-by-name",
            message: format!("{} is the name of the files here, and turns `{}` on", quote(text), entry.name),
            expected: format!("skip-{}", entry.name.replace('_', "-")),
        }),
        _ => None,
    };
    Meaning { remark: trap, ..boolean(on) }
}

fn of_boolean(entry: &Entry, text: &str, reader: &Reader) -> Meaning {
    let is = |words: [&str; 3]| words.iter().any(|word| text.eq_ignore_ascii_case(word));
    // MySQL reads this one by a function of its own.
    if entry.name == "skip_name_resolve" && !reader.is_mariadb() && reader.is_from(8, 0) && text == "0" {
        return Meaning {
            remark: Some(Remark {
                code: "boolean-read-otherwise",
                message: format!("{} reads `skip-name-resolve = 0` as on", reader.name()),
                expected: "OFF".to_owned(),
            }),
            ..boolean(true)
        };
    }
    if is(["1", "on", "true"]) {
        return boolean(true);
    }
    if is(["0", "off", "false"]) {
        return boolean(false);
    }
    Meaning {
        remark: (!means_off(text)).then(|| Remark {
            code: "boolean-not-recognised",
            message: format!("{} is not a boolean: the server warns and takes it for OFF", quote(text)),
            expected: "ON or OFF".to_owned(),
        }),
        ..boolean(false)
    }
}

/// Words that are no booleans either, and are taken for what they mean.
fn means_off(text: &str) -> bool {
    ["no", "n", "none", "disable", "disabled", "-1"].iter().any(|word| text.eq_ignore_ascii_case(word))
}

/// A number with its suffix, as far as it was read.
struct Number {
    value: i128,
    /// What stands behind the suffix and is not read.
    tail: bool,
}

fn number(entry: &Entry, text: &str) -> Result<Number, Invalid> {
    let invalid = |expected: &str| Invalid::new(entry, text, expected);
    let start = text.trim_start();
    let (negative, digits) = match start.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, start.strip_prefix('+').unwrap_or(start)),
    };
    let end = digits.find(|c: char| !c.is_ascii_digit()).unwrap_or(digits.len());
    let (digits, suffix) = digits.split_at(end);
    let amount = if digits.is_empty() { 0 } else { digits.parse::<i128>().map_err(|_| invalid("a number that fits into 64 bits"))? };
    let shift = match suffix.chars().next().map(|sign| sign.to_ascii_uppercase()) {
        None => 0,
        Some('K') => 10,
        Some('M') => 20,
        Some('G') => 30,
        Some('T') => 40,
        Some('P') => 50,
        Some('E') => 60,
        Some(_) => return Err(invalid("a whole number, with K, M, G, T, P or E right behind it where it is large")),
    };
    if amount > i128::from(u64::MAX) {
        return Err(invalid("a number that fits into 64 bits"));
    }
    let value = amount << shift;
    Ok(Number { value: if negative { -value } else { value }, tail: suffix.chars().count() > 1 })
}

fn integer(entry: &Entry, text: &str, reader: &Reader) -> Result<Meaning, Invalid> {
    let Number { mut value, tail } = number(entry, text)?;
    let unsigned = entry.least.is_none_or(|least| least >= 0);
    let mut remark = tail.then(|| Remark {
        code: "suffix-tail",
        message: format!("of the suffix of {} only the first letter is read", quote(text)),
        expected: "one letter: K, M, G, T, P or E".to_owned(),
    });
    let wanted = value;
    if value < 0 && unsigned && entry.least.is_some() {
        if reader.refuses_negative() {
            return Err(Invalid::new(entry, text, "a number that is not negative"));
        }
        // Older releases of MariaDB take it for a very great one.
        value = if reader.is_mariadb() { entry.most.unwrap_or(value) } else { entry.least.unwrap_or(0) };
    }
    if let Some(least) = entry.least {
        value = value.max(least);
    }
    if let Some(most) = entry.most {
        value = value.min(most);
    }
    if let Some(block) = entry.block.filter(|block| *block > 1) {
        value -= value.rem_euclid(block);
        value = entry.least.map_or(value, |least| value.max(least));
    }
    let within = |bound: Option<i128>, out: fn(i128, i128) -> bool| bound.is_some_and(|bound| out(wanted, bound));
    if within(entry.least, |wanted, least| wanted < least) || within(entry.most, |wanted, most| wanted > most) {
        remark = Some(out_of_range(entry, text, value));
    }
    Ok(Meaning { remark, ..of_number(entry, value) })
}

fn out_of_range(entry: &Entry, text: &str, value: i128) -> Remark {
    let bounds = [entry.least, entry.most].map(|bound| bound.map_or_else(|| "…".to_owned(), |bound| bound.to_string()));
    Remark {
        code: "out-of-range",
        message: format!("{} is out of range for `{}`: the server warns and takes {value}", quote(text), entry.name),
        expected: format!("from {}", bounds.join(" to ")),
    }
}

#[expect(clippy::cast_precision_loss, reason = "numbers are shown and compared, and none is near the bounds of a double")]
fn of_number(entry: &Entry, whole: i128) -> Meaning {
    let long = i64::try_from(whole).unwrap_or(if whole < 0 { i64::MIN } else { i64::MAX });
    let base = Some(whole as f64);
    let unit = entry.unit.map(Unit::name);
    let microseconds = |each: i64| Value::Duration(long.saturating_mul(each));
    let value = match entry.unit {
        Some(Unit::Byte) => Value::Bytes(long),
        Some(Unit::Second) => microseconds(1_000_000),
        Some(Unit::Millisecond) => microseconds(1_000),
        Some(Unit::Microsecond) => microseconds(1),
        None => Value::Integer(long),
    };
    let shown = match entry.unit {
        Some(Unit::Byte) => size(whole),
        Some(unit) => format!("{whole}{}", unit.name()),
        None => whole.to_string(),
    };
    Meaning { value, shown, base, unit, remark: None }
}

/// A size with the greatest suffix that leaves a whole number.
fn size(bytes: i128) -> String {
    let suffixes = [(30, "G"), (20, "M"), (10, "K")];
    let fits = |(shift, _): &&(u32, &str)| bytes != 0 && bytes % (1 << shift) == 0;
    suffixes.iter().find(fits).map_or_else(|| bytes.to_string(), |(shift, suffix)| format!("{}{suffix}", bytes >> shift))
}

fn real(entry: &Entry, text: &str) -> Result<Meaning, Invalid> {
    let trimmed = text.trim_start();
    let is_decimal = trimmed.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'-' | b'+' | b'e' | b'E'));
    let parsed = if trimmed.is_empty() { Some(0.0) } else { trimmed.parse::<f64>().ok().filter(|number| is_decimal && number.is_finite()) };
    let number = parsed.ok_or_else(|| Invalid::new(entry, text, "a number, without a unit"))?;
    let clamped = entry.least_real.map_or(number, |least| number.max(least));
    let clamped = entry.most_real.map_or(clamped, |most| clamped.min(most));
    let changed = (clamped - number).abs() > f64::EPSILON;
    let value = match entry.unit {
        Some(Unit::Second) => Value::Duration(microseconds(clamped * 1e6)),
        Some(Unit::Millisecond) => Value::Duration(microseconds(clamped * 1e3)),
        _ => Value::Real(clamped),
    };
    Ok(Meaning {
        value,
        shown: format!("{clamped}{}", entry.unit.map_or("", Unit::name)),
        base: Some(clamped),
        unit: entry.unit.map(Unit::name),
        remark: changed.then(|| out_of_range(entry, text, i128::from(microseconds(clamped)))),
    })
}

#[expect(clippy::cast_possible_truncation, reason = "a conversion to an integer stops at its bounds")]
const fn microseconds(number: f64) -> i64 {
    number as i64
}

/// A word, the beginning of one that no other has, or its number.
fn word(entry: &Entry, text: &str) -> Result<Meaning, Invalid> {
    find_word(entry, text)
        .map(|word| plain(Value::text(word), word))
        .ok_or_else(|| Invalid::new(entry, text, &format!("one of {}", entry.words.join(", "))))
}

fn find_word(entry: &Entry, text: &str) -> Option<&'static str> {
    let whole = entry.words.iter().find(|word| word.eq_ignore_ascii_case(text));
    let begins = |word: &&&str| word.get(..text.len()).is_some_and(|start| start.eq_ignore_ascii_case(text));
    let beginning = || {
        let mut some = entry.words.iter().filter(|word| !text.is_empty() && begins(word));
        some.next().filter(|_| some.next().is_none())
    };
    // Nothing is the number 0.
    let number = || if text.is_empty() { Some(0) } else { text.parse::<usize>().ok() };
    let numbered = || number().and_then(|at| entry.words.get(at));
    whole.or_else(beginning).or_else(numbered).copied()
}

/// Words with commas between them, or the sum of their bits.
fn words(entry: &Entry, text: &str) -> Result<Meaning, Invalid> {
    if entry.words.is_empty() {
        return Ok(text_of(entry, text));
    }
    let list = if text.is_empty() {
        Vec::new()
    } else if let Ok(bits) = text.parse::<u64>() {
        let set = |at: usize| u32::try_from(at).is_ok_and(|at| bits.checked_shr(at).is_some_and(|rest| rest & 1 == 1));
        entry.words.iter().enumerate().filter(|(at, _)| set(*at)).map(|(_, word)| (*word).to_owned()).collect()
    } else {
        let found = text.split(',').map(|part| find_word(entry, part.trim()).map(str::to_owned));
        found.collect::<Option<Vec<String>>>().ok_or_else(|| Invalid::new(entry, text, &format!("some of {}", entry.words.join(", "))))?
    };
    let shown = list.join(",");
    Ok(plain(Value::List(list), &shown))
}

fn text_of(entry: &Entry, text: &str) -> Meaning {
    let value = match entry.kind {
        Kind::List | Kind::Set => Value::List(text.split(',').map(|item| item.trim().to_owned()).filter(|item| !item.is_empty()).collect()),
        _ => Value::text(text),
    };
    plain(value, text)
}

/// The default of an option, where the catalogue has it.
pub(super) fn default_of(entry: &Entry, reader: &Reader) -> Option<Result<Meaning, Invalid>> {
    match entry.default {
        Default::Value("") if matches!(entry.kind, Kind::Text | Kind::List) => None,
        Default::Value(text) => Some(of_text(entry, text, reader)),
        Default::None | Default::Machine => None,
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
