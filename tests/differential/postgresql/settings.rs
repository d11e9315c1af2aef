//! Lines of `postgresql.conf`: settings with values of every kind, most of them odd.

use gonogo::engines::postgresql::catalogue::{Catalogue, Context, Entry, Kind};

use crate::random::Random;

/// Settings whose value something else than the text decides, or that the server judges by what it finds around it.
pub(crate) const NOT_COMPARED: [&str; 40] = [
    // Paths: made absolute, or looked for.
    "config_file",
    "data_directory",
    "external_pid_file",
    "hba_file",
    "ident_file",
    "hosts_file",
    "log_directory",
    "stats_temp_directory",
    "promote_trigger_file",
    "ssl_passphrase_command",
    "jit_provider",
    // The build, the locales and time zones of the machine, its limits.
    "bonjour",
    "client_encoding",
    "lc_messages",
    "lc_monetary",
    "lc_numeric",
    "lc_time",
    "log_timezone",
    "TimeZone",
    "timezone_abbreviations",
    "max_stack_depth",
    // Refused or changed for what other settings say, or for what the cluster holds.
    "recovery_target_time",
    "recovery_target_lsn",
    "recovery_target_xid",
    "recovery_target_timeline",
    "recovery_target_name",
    "transaction_isolation",
    "transaction_read_only",
    "transaction_deferrable",
    "wal_consistency_checking",
    "application_name",
    "cluster_name",
    "default_tablespace",
    "temp_tablespaces",
    "default_table_access_method",
    "default_text_search_config",
    // Split only after every setting was read.
    "listen_addresses",
    "unix_socket_directories",
    // -1 after another value is shown as what it comes to.
    "wal_buffers",
    // Its prefix is what a build calls its own.
    "krb_server_keyfile",
];

/// The settings that can be compared.
pub(crate) fn compared(major: u32) -> Vec<&'static Entry> {
    let wanted = |entry: &&Entry| {
        let plain = entry.listed && !entry.is_of_extension() && !entry.distribution_only && entry.late.is_empty();
        plain && entry.context != Context::Internal && !NOT_COMPARED.contains(&entry.name)
    };
    Catalogue::of(major).unwrap().entries().filter(wanted).collect()
}

/// Whether a value is known to some builds of the server only.
pub(crate) fn is_of_the_build(entry: &Entry, text: &str) -> bool {
    let lower = text.to_lowercase();
    entry.words.iter().any(|word| word.build_dependent && lower.contains(word.name))
}

const DIGITS: [&str; 44] = [
    "0",
    "1",
    "2",
    "3",
    "10",
    "16",
    "32",
    "64",
    "100",
    "128",
    "500",
    "1000",
    "1024",
    "4096",
    "65536",
    "100000",
    "2147483647",
    "2147483648",
    "4294967296",
    "-1",
    "-2",
    "+5",
    "--1",
    "+-1",
    "007",
    "010",
    "08",
    "0x10",
    "0X1f",
    "0x",
    "0xg",
    "1e3",
    "1.5",
    "2.5",
    "0.5",
    ".5",
    "5.",
    "100.4",
    "0.001",
    "1e-3",
    "1e",
    "1e400",
    "99999999999",
    "9223372036854775808",
];

const UNITS: [&str; 28] = [
    "", "", "", "B", "kB", "MB", "GB", "TB", "us", "ms", "s", "min", "h", "d", "KB", "mb", "m", "sec", "%", " MB", " s", " ", "k", "8kB",
    "PB", "  kB ", "\tms", "e",
];

#[expect(clippy::float_cmp, reason = "a bound is written as it is")]
fn number(random: &mut Random, entry: &Entry) -> String {
    let number = match random.below(5) {
        // The four kinds of process also have a limit in common.
        0 if entry.most < 1e12 && entry.most != 262_143.0 => format!("{}", entry.most + [-1.0, 0.0, 1.0][random.below(3)]),
        1 if entry.least > -1e12 => format!("{}", entry.least + [-1.0, 0.0, 1.0][random.below(3)]),
        2 => {
            let digits = 1 + random.below(6);
            let fraction = if random.once_in(2) { format!(".{}", random.below(1000)) } else { String::new() };
            format!("{}{fraction}", random.below(10_usize.pow(u32::try_from(digits).unwrap())))
        }
        _ => random.one(&DIGITS).to_owned(),
    };
    let suiting: &[&str] = match entry.unit {
        Some(unit) if unit.is_memory() => &UNITS[3..8],
        Some(_) => &UNITS[8..14],
        None => &UNITS[..2],
    };
    let unit = if random.once_in(3) { random.one(&UNITS) } else { random.one(suiting) };
    format!("{number}{}", if random.once_in(3) { "" } else { unit })
}

/// A value as it is meant, before it is written down.
pub(crate) fn value(random: &mut Random, entry: &Entry) -> String {
    let odd = [
        "",
        " ",
        "on",
        "1",
        "o",
        "a b",
        "a,b",
        "a,,b",
        "\"a\"",
        "\"a",
        "*",
        "10.0.0.1",
        "x.y",
        "x.y.z",
        "/tmp/x",
        "%m",
        "a'b",
        "a\\b",
        "a\tb",
        "none",
        "-",
        ".",
        "nan",
        "inf",
        "infinity",
        "-0",
        "é",
        "\u{1f600}",
        "a\nb",
        "default",
        "~",
        "a;b",
        "a#b",
        "a=b",
        "a:b",
        "1_000",
        "١",
    ];
    if random.once_in(8) {
        return random.one(&odd).to_owned();
    }
    let words = [
        "on", "off", "TRUE", "fal", "y", "no", "1", "0", "2", "of", "o", "enabled", " on", "on ", "t", "f", "tr", "ye", "yess", "N", "01",
        "", "truE", "fALSE", "offf",
    ];
    match entry.kind {
        Kind::Bool => random.one(&words).to_owned(),
        Kind::Integer | Kind::Real => number(random, entry),
        Kind::Enum => {
            let word = entry.words[random.below(entry.words.len())].name;
            match random.below(6) {
                0 => random.one(&["on", "off", "true", "1", "yes", "none", "auto", "debug", "0", "no", "t", "of"]).to_owned(),
                1 => word.to_uppercase(),
                2 => word.chars().take(1 + random.below(word.len())).collect(),
                3 => format!("{word}{}", random.one(&[" ", "x", ",", ""])),
                _ => word.to_owned(),
            }
        }
        Kind::String | Kind::List => {
            let texts = [
                "",
                "a",
                "a, b",
                "*",
                "a b",
                "A1_b",
                "s-1",
                "stderr",
                "iso, dmy",
                "receipt",
                "all",
                "1 (a)",
                "view",
                "set",
                "\"A b\", c",
                "a,",
                ", a",
                "\"a\"\"b\"",
                "stderr,csvlog",
                "ISO, YMD",
                "ANY 2 (a, \"B\")",
                "FIRST 1 (*)",
                "$user",
                "\"$user\", public",
                "data",
                "Inherit",
                "german, ymd",
                "2 (a,b",
                "a\u{c}, b",
                "stderr , jsonlog",
            ];
            random.one(&texts).to_owned()
        }
    }
}

/// How a value stands in the file: bare, quoted, with escapes.
fn written(random: &mut Random, value: &str) -> String {
    match random.below(8) {
        0..=1 => value.to_owned(),
        2..=5 => format!("'{}'", value.replace('\\', "\\\\").replace('\'', "''")),
        6 => {
            // Some characters as octal numbers, or with a backslash that means nothing.
            let mut out = String::from("'");
            for byte in value.bytes() {
                match random.below(4) {
                    0 => out += &format!("\\{byte:03o}"),
                    1 if byte.is_ascii_punctuation() => {
                        out.push('\\');
                        out.push(char::from(byte));
                    }
                    _ if byte == b'\'' || byte == b'\\' || !(b' '..=b'~').contains(&byte) => out += &format!("\\{byte:o}"),
                    _ => out.push(char::from(byte)),
                }
            }
            out + "'"
        }
        // Where a quote or a backslash does harm.
        _ => format!("'{value}'"),
    }
}

/// One line that sets a setting, without the end of the line. `clean` says that the server should be able to read it.
pub(crate) fn line(random: &mut Random, name: &str, value: &str, clean: bool) -> String {
    let name = match random.below(12) {
        0 => name.to_uppercase(),
        1 => name.chars().enumerate().map(|(at, c)| if at % 2 == 0 { c.to_ascii_uppercase() } else { c }).collect(),
        _ => name.to_owned(),
    };
    if clean {
        let quoted = format!("'{}'", value.replace('\\', "\\\\").replace('\'', "''").replace('\n', "\\n"));
        let bare = value.bytes().all(|byte| byte.is_ascii_alphanumeric()) && !value.is_empty();
        let value = if bare && random.once_in(2) { value.to_owned() } else { quoted };
        return format!(
            "{name}{}{value}{}",
            random.one(&[" = ", " = ", "=", " ", "\t=\t"]),
            random.one(&["", "", " # comment", "\r", "  "])
        );
    }
    let equals = random.one(&[" = ", " = ", "=", " ", "\t=\t", " == ", ": ", "\u{c}= ", "\r= "]);
    let end = random.one(&["", "", "", " # comment", ";", " x", "#c", "\r", "  ", "\\", " \\", "\u{c}", "\0", "'", " = 1"]);
    format!("{name}{equals}{}{end}", written(random, value))
}

/// A line that sets one of the settings to some value.
pub(crate) fn setting(random: &mut Random, entry: &Entry, clean: bool) -> String {
    let value = value(random, entry);
    line(random, entry.name, &value, clean)
}
