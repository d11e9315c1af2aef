//! Options of commands that carry a password: in the next word (`--requirepass x`, `curl -u x`), in the word itself
//! (`mysql -px`), or by their position (`mc alias set NAME URL KEY SECRET`).

use std::ops::Range;

use super::names::{names_secret, says_secret};
use super::values::is_harmless;
use super::{pipes, urls};
use crate::text::path::name_of;

/// A program with the options of it that carry a credential.
struct Program {
    /// Names; one that ends in a star stands for all that begin so.
    names: &'static [&'static str],
    /// Options whose next word is a credential.
    next: &'static [&'static str],
    /// Options that a credential follows directly.
    attached: &'static [&'static str],
    /// Subcommands, and how many words behind each are passed over before everything is a credential.
    positional: &'static [(&'static str, usize)],
}

const PROGRAMS: [Program; 19] = [
    Program { names: &["mysql*", "mariadb*", "mytop", "xtrabackup", "innobackupex"], next: &[], attached: &["-p"], positional: &[] },
    Program { names: &["mongo*"], next: &["-p"], attached: &[], positional: &[] },
    Program { names: &["redis-*", "valkey-*", "keydb-*"], next: &["-a"], attached: &[], positional: &[] },
    Program { names: &["curl", "wget"], next: &["-u", "-U", "--user", "--proxy-user"], attached: &["-u", "-U"], positional: &[] },
    Program { names: &["sshpass"], next: &["-p"], attached: &["-p"], positional: &[] },
    Program { names: &["openssl"], next: &["-k", "-K", "-passin", "-passout"], attached: &[], positional: &[] },
    Program { names: &["lftp", "ncftp*"], next: &["-u", "-p"], attached: &["-u"], positional: &[] },
    Program { names: &["7z*"], next: &[], attached: &["-p"], positional: &[] },
    Program { names: &["rar", "unrar"], next: &[], attached: &["-hp", "-p"], positional: &[] },
    Program { names: &["zip", "unzip"], next: &["-P"], attached: &["-P"], positional: &[] },
    Program { names: &["smbclient", "rpcclient"], next: &["-U"], attached: &["-U"], positional: &[] },
    Program { names: &["ldap*"], next: &["-w"], attached: &["-w"], positional: &[] },
    Program { names: &["sqlcmd", "bcp", "mosquitto_*"], next: &["-P"], attached: &["-P"], positional: &[] },
    Program { names: &["mc", "mcli"], next: &[], attached: &[], positional: &[("set", 2), ("s", 2), ("add", 2)] },
    Program {
        names: &["rabbitmqctl"],
        next: &[],
        attached: &[],
        positional: &[("add_user", 1), ("change_password", 1), ("authenticate_user", 1)],
    },
    Program { names: &["htpasswd"], next: &[], attached: &[], positional: &[("", 1)] },
    Program { names: &["vault"], next: &[], attached: &[], positional: &[("login", 0)] },
    Program { names: &["rclone"], next: &[], attached: &[], positional: &[("obscure", 0)] },
    Program { names: &["etcdctl"], next: &["--user"], attached: &[], positional: &[] },
];

/// Words behind a program among which its subcommand and its arguments are looked for.
const REACH: usize = 16;

impl Program {
    fn named(word: &str) -> Option<&'static Self> {
        let name = name_of(word);
        let first = name.bytes().next()?;
        // Every word is asked: most are told apart by their first letter.
        let is = |known: &&str| {
            known.as_bytes().first() == Some(&first) && known.strip_suffix('*').map_or(*known == name, |head| name.starts_with(head))
        };
        PROGRAMS.iter().find(|program| program.names.iter().any(&is))
    }
}

/// Signs around a word that belong to what it stands in.
const AROUND: [char; 8] = ['"', '\'', '[', ']', ',', '(', ')', '`'];

/// A word without the signs around it, and where that begins.
fn bare(word: &str) -> (usize, &str) {
    // Most words have none.
    if word.bytes().next().is_none_or(|first| first.is_ascii_alphanumeric())
        && word.bytes().last().is_none_or(|last| last.is_ascii_alphanumeric())
    {
        return (0, word);
    }
    let inner = word.trim_start_matches(AROUND);
    (word.len() - inner.len(), inner.trim_end_matches(AROUND))
}

/// The places of credentials among the words of a command: number of the word, and range within it.
pub(super) fn places(words: &[&str]) -> Vec<(usize, Range<usize>)> {
    let mut found = Vec::new();
    let mut program = None;
    let mut expected = false;
    for (index, word) in words.iter().enumerate() {
        let (offset, bare) = bare(word);
        let taken = std::mem::take(&mut expected);
        if taken && matches!(bare, "=" | ":" | "by" | "BY" | "with" | "WITH") {
            expected = true;
            continue;
        }
        if taken && !bare.is_empty() && !(bare.starts_with("--") || is_harmless(bare)) {
            found.push((index, offset..offset + bare.len()));
            continue;
        }
        if matches!(bare, "|" | "||" | "&&" | ";" | "&") {
            program = None;
            continue;
        }
        if let Some(named) = Program::named(bare) {
            program = Some(named);
            positional(named, words, index, &mut found);
        }
        if bare == "docker" || bare == "podman" {
            login(words, index, &mut found);
        }
        // A list of names announces nothing.
        let listed = word.ends_with(',') && !word.contains(['"', '\'']);
        let file = || words.get(index + 1).is_some_and(|next| is_file(next)) && !says_secret(bare);
        expected = !listed && announces(bare, program) && !file();
        let divided = bare.bytes().any(|byte| matches!(byte, b'=' | b':' | b'@'));
        if !divided && program.is_none_or(|program| program.attached.is_empty()) && !after_sqlplus(words, index) {
            continue;
        }
        if let Some(range) = attached(bare, program).or_else(|| if bare.contains("://") { None } else { urls::without_scheme(bare) }) {
            found.push((index, offset + range.start..offset + range.end));
        } else if bare.contains("jdbc:oracle:") || after_sqlplus(words, index) {
            found.extend(urls::of_oracle(bare).map(|range| (index, offset + range.start..offset + range.end)));
        }
    }
    found.extend(pipes::of_words(words));
    found
}

fn after_sqlplus(words: &[&str], index: usize) -> bool {
    index.checked_sub(1).and_then(|before| words.get(before)).is_some_and(|word| word.ends_with("sqlplus"))
}

/// Arguments that are credentials by their position behind a subcommand.
fn positional(program: &Program, words: &[&str], at: usize, found: &mut Vec<(usize, Range<usize>)>) {
    if program.positional.is_empty() {
        return;
    }
    let behind = || words.iter().enumerate().skip(at + 1).take(REACH).map(|(index, word)| (index, word.trim_matches(AROUND)));
    let mut skip = None;
    for (index, word) in behind() {
        if matches!(word, "|" | "||" | "&&" | ";" | "&") || word.starts_with('>') {
            return;
        }
        // `mc alias set NAME URL KEY SECRET;`
        let ends = word.ends_with(';');
        let word = word.trim_end_matches(';');
        match &mut skip {
            _ if word.starts_with('-') => {}
            None => {
                let subcommand = program.positional.iter().find(|(name, _)| *name == word || name.is_empty());
                skip = subcommand.map(|(name, skip)| if name.is_empty() { skip.saturating_sub(1) } else { *skip });
            }
            Some(0) if !is_harmless(word) => {
                let offset = words.get(index).and_then(|whole| whole.find(word)).unwrap_or(0);
                found.push((index, offset..offset + word.len()));
            }
            Some(left) => *left = left.saturating_sub(1),
        }
        if ends {
            return;
        }
    }
}

/// `docker login -u USER -p PASSWORD`
fn login(words: &[&str], at: usize, found: &mut Vec<(usize, Range<usize>)>) {
    let Some(behind) = words.get(at + 1..words.len().min(at + REACH)).filter(|behind| behind.first() == Some(&"login")) else { return };
    for (number, pair) in behind.windows(2).enumerate() {
        if let ["-p", password] = pair {
            found.push((at + 2 + number, 0..password.len()));
        }
    }
}

/// Whether a word is the name of a file that holds a key.
fn is_file(word: &str) -> bool {
    [".pem", ".key", ".crt", ".cer", ".p12", ".pfx", ".jks", ".json"].iter().any(|ending| word.trim_matches(AROUND).ends_with(ending))
}

/// Whether the next word is a credential.
fn announces(word: &str, program: Option<&Program>) -> bool {
    if let Some(name) = word.strip_prefix('-') {
        let long = name.len() > 3 || name.starts_with('-');
        return program.is_some_and(|program| program.next.contains(&word)) || (long && !name.contains('=') && names_secret(name));
    }
    let bare = |ending: char| word.strip_suffix(ending).is_some_and(names_secret);
    // `aws configure set aws_secret_access_key x`, `requirepass x`, `password x`, `identified by x`; names of variables
    // in upper case stand alone.
    bare(':')
        || bare('=')
        || word.eq_ignore_ascii_case("identified")
        || ["password", "requirepass", "masterauth", "primaryauth"].iter().any(|known| word.eq_ignore_ascii_case(known))
        || (word.contains(['_', '-'])
            && word.contains(char::is_lowercase)
            && word.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '.'))
            && says_secret(word))
}

/// The credential that a word carries itself: `--password=x`, `PGPASSWORD=x`, `-px`, `"password":"x"`.
fn attached(word: &str, program: Option<&Program>) -> Option<Range<usize>> {
    if let Some(option) = program.and_then(|program| program.attached.iter().find(|option| word.starts_with(**option)))
        && let Some(password) = word.get(option.len()..).filter(|rest| !rest.is_empty() && !word.starts_with("--"))
    {
        return (!is_harmless(password)).then_some(option.len()..word.len());
    }
    let separator = word.find(['=', ':'])?;
    let option = word.get(..separator)?;
    if option.starts_with("--") && program.is_some_and(|program| program.next.contains(&option)) {
        return Some(separator + 1..word.len());
    }
    let name = option.trim_matches(['"', '\'', '-', '{', ',']);
    let value = word.get(separator + 1..)?;
    // `${NAME:-default}` is no pair of a name and a value here.
    (!name.contains('$') && names_secret(name) && !is_harmless(value)).then_some(separator + 1..word.len())
}
