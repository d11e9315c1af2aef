//! Programs of backup scripts by what they do: those that dump, carry away, delete, and those that do none of it.

use super::dumps;

/// Programs that make no backup, whatever they are given.
const ASIDE: &[&str] = &[
    "[",
    "[[",
    "apk",
    "apt-get",
    "awk",
    "basename",
    "bzip2",
    "cat",
    "cd",
    "chgrp",
    "chmod",
    "chown",
    "cp",
    "curl",
    "cut",
    "date",
    "df",
    "dirname",
    "du",
    "echo",
    "env",
    "exit",
    "false",
    "file",
    "find",
    "flock",
    "getopts",
    "gpg",
    "grep",
    "gsutil",
    "gunzip",
    "gzip",
    "head",
    "hostname",
    "id",
    "install",
    "kill",
    "ln",
    "logger",
    "ls",
    "lz4",
    "mail",
    "md5sum",
    "mkdir",
    "mktemp",
    "mountpoint",
    "mv",
    "nc",
    "openssl",
    "pigz",
    "printf",
    "pv",
    "pwd",
    "rclone",
    "read",
    "realpath",
    "rm",
    "rmdir",
    "rsync",
    "s3cmd",
    "scp",
    "sed",
    "seq",
    "sftp",
    "sha256sum",
    "shift",
    "sleep",
    "sort",
    "split",
    "stat",
    "sync",
    "tail",
    "tar",
    "tee",
    "test",
    "touch",
    "tr",
    "trap",
    "true",
    "uniq",
    "wait",
    "wc",
    "wget",
    "xargs",
    "xz",
    "zip",
    "zstd",
];

/// Programs that carry files to another place.
pub(super) const CARRIES: &[&str] =
    &["rclone", "aws", "gsutil", "gcloud", "az", "azcopy", "s3cmd", "s5cmd", "mc", "scp", "sftp", "rsync", "lftp", "b2"];

/// Whether a call is known to make no backup.
pub(super) fn is_aside(program: &str, arguments: &[String]) -> bool {
    // The programs of providers have snapshots too.
    let of_storage = || arguments.iter().any(|word| matches!(word.as_str(), "s3" | "s3api" | "sns" | "ses" | "storage" | "cloudwatch"));
    match program {
        "aws" | "az" | "gcloud" => of_storage(),
        _ => ASIDE.contains(&program) || CARRIES.contains(&program) || dumps::CLIENTS.contains(&program),
    }
}

/// A copy to another place, and what keeps it from being made.
pub(super) struct Carried {
    /// The program.
    pub(super) tool: String,
    /// Why nothing is copied.
    pub(super) not_made: Option<String>,
    /// Paths of this container that it copies from.
    pub(super) from: Vec<String>,
}

/// What a call carries to another place.
pub(super) fn carried(program: &str, arguments: &[String]) -> Option<Carried> {
    if matches!(program, "echo" | "printf") {
        // A command that is shown, and not run.
        let (first, rest) = arguments.split_first()?;
        let inner = carried(first, rest)?;
        return Some(Carried { not_made: Some(format!("{program} prints the command, and nothing runs it")), ..inner });
    }
    if !CARRIES.contains(&program) || !goes_elsewhere(program, arguments) {
        return None;
    }
    let dry = arguments.iter().find(|word| is_dry(program, word));
    let not_made = dry.map(|option| format!("{option} shows what would be copied, and copies nothing"));
    let not_made = not_made
        .or_else(|| takes_nothing(program, arguments))
        .or_else(|| takes_no_dump(program, arguments))
        .or_else(|| comes_back(program, arguments));
    let from = operands(arguments).into_iter().filter(|word| word.starts_with('/')).map(str::to_owned).collect();
    Some(Carried { tool: program.to_owned(), not_made, from })
}

/// Whether a call names a place that is not in this container: `remote:path`, `s3://bucket`, `user@host:path`.
fn goes_elsewhere(program: &str, arguments: &[String]) -> bool {
    let copies = match program {
        "rclone" => {
            arguments.iter().any(|word| matches!(word.as_str(), "copy" | "sync" | "move" | "copyto" | "moveto" | "rcat" | "bisync"))
        }
        "aws" => arguments.iter().any(|word| matches!(word.as_str(), "cp" | "sync" | "mv" | "put-object")),
        _ => true,
    };
    copies && operands(arguments).iter().any(|word| is_elsewhere(word) || word.contains('$') && !word.starts_with('/'))
}

/// Whether a word names a place that is not on this machine.
fn is_elsewhere(word: &str) -> bool {
    let host = word.split(':').next().unwrap_or(word);
    let host = host.rsplit('@').next().unwrap_or(host);
    word.contains(':') && !matches!(host, "localhost" | "127.0.0.1" | "file" | "")
}

/// Long options of programs that carry, whose value is the next word.
const VALUED: [&str; 24] = [
    "--transfers",
    "--checkers",
    "--bwlimit",
    "--max-age",
    "--min-age",
    "--max-size",
    "--min-size",
    "--exclude",
    "--include",
    "--filter",
    "--exclude-from",
    "--include-from",
    "--filter-from",
    "--config",
    "--log-file",
    "--log-level",
    "--retries",
    "--timeout",
    "--backup-dir",
    "--suffix",
    "--endpoint-url",
    "--profile",
    "--region",
    "--storage-class",
];

/// The words that are no options, and no values of options.
fn operands(arguments: &[String]) -> Vec<&str> {
    let mut found = Vec::new();
    let mut words = arguments.iter();
    while let Some(word) = words.next() {
        if VALUED.contains(&word.as_str()) {
            words.next();
        } else if !word.starts_with('-') {
            found.push(word.as_str());
        }
    }
    found
}

/// A filter that leaves every file out.
fn takes_nothing(program: &str, arguments: &[String]) -> Option<String> {
    let excluded = |at: usize| match arguments.get(at)?.strip_prefix("--exclude")? {
        "" => arguments.get(at + 1).map(String::as_str),
        rest => rest.strip_prefix('='),
    };
    let includes = arguments.iter().any(|word| word.starts_with("--include"));
    let all =
        (0..arguments.len()).filter_map(excluded).find(|pattern| matches!(pattern.trim_matches(['\'', '"']), "*" | "**" | "/**" | "/*"));
    all.filter(|_| !includes).map(|pattern| format!("{program} leaves out all files ({pattern})"))
}

/// A filter that a dump does not pass: by its age, or by its size.
fn takes_no_dump(program: &str, arguments: &[String]) -> Option<String> {
    let value = |option: &str| {
        let joined = arguments.iter().find_map(|word| word.strip_prefix(option)?.strip_prefix('='));
        joined.or_else(|| arguments.get(arguments.iter().position(|word| word == option)? + 1).map(String::as_str))
    };
    let said = |option: &str, value: &str, why: &str| Some(format!("{program} {option} {value} takes {why}"));
    if program != "rclone" {
        return None;
    }
    if let Some(age) = value("--max-age").filter(|age| seconds(age).is_some_and(|age| age < 60)) {
        return said("--max-age", age, "only files of the last moment, which no dump is by then");
    }
    if let Some(age) = value("--min-age").filter(|age| seconds(age).is_some_and(|age| age >= 365 * 24 * 3600)) {
        return said("--min-age", age, "only files that are older than a year");
    }
    let size = value("--max-size").filter(|size| {
        let lower = size.to_ascii_lowercase();
        lower.trim_end_matches(['k', 'i', 'b']).parse::<u64>().is_ok_and(|number| number < 1024)
    })?;
    said("--max-size", size, "only files that are smaller than any dump")
}

/// A length of time as rclone reads it: `1s`, `30d`, `10y`; of a number alone seconds.
fn seconds(text: &str) -> Option<u64> {
    let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let factor = match text.get(digits.len()..)? {
        "" | "s" => 1,
        "m" => 60,
        "h" => 3600,
        "d" => 24 * 3600,
        "w" => 7 * 24 * 3600,
        "M" => 30 * 24 * 3600,
        "y" => 365 * 24 * 3600,
        _ => return None,
    };
    digits.parse::<u64>().ok()?.checked_mul(factor)
}

/// A copy from the other place to this one.
fn comes_back(program: &str, arguments: &[String]) -> Option<String> {
    if !matches!(program, "rclone" | "rsync" | "scp" | "aws" | "gsutil") {
        return None;
    }
    let operands = operands(arguments);
    let [.., from, to] = operands.as_slice() else { return None };
    (is_elsewhere(from) && to.starts_with('/')).then(|| format!("it copies from {from} to here, and nothing to there"))
}

fn is_dry(program: &str, word: &str) -> bool {
    match word {
        "--dry-run" | "--dryrun" | "--just-print" => true,
        "-n" => matches!(program, "rclone" | "rsync" | "gsutil" | "s3cmd"),
        _ => {
            let letters = word.strip_prefix('-').filter(|letters| !letters.starts_with('-') && program == "rsync");
            letters.is_some_and(|letters| letters.contains('n') && letters.chars().all(|letter| letter.is_ascii_alphabetic()))
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use super::*;

    fn of(line: &str) -> Option<Option<String>> {
        let words: Vec<String> = line.split_whitespace().map(str::to_owned).collect();
        let (program, arguments) = words.split_first().unwrap();
        carried(program, arguments).map(|carried| carried.not_made)
    }

    #[test]
    fn a_copy_that_is_not_made_is_known() {
        for line in ["rclone copy /b remote:x", "aws s3 cp /b/x s3://bucket/", "rsync -az /b/ host:/b/", "rsync -avz /b/ a@host:/b/"] {
            assert_eq!(of(line), Some(None), "{line}");
        }
        for line in [
            "rclone copy --dry-run /b remote:x",
            "rclone -n sync /b remote:x",
            "aws s3 sync /b s3://bucket/ --dryrun",
            "rsync -avn /b/ host:/b/",
            "echo rclone copy /b remote:x",
            "rclone copy remote:x /b",
            "rclone copy /b remote:x --max-age 1s",
            "rclone copy /b remote:x --min-age 10y",
            "rclone copy /b remote:x --max-size 1k",
            "rclone copy /b remote:x --exclude *",
        ] {
            assert!(of(line).unwrap().is_some(), "{line}");
        }
        for line in [
            "rsync -a /b/ /c/",
            "rclone ls remote:x",
            "echo done",
            "cp /b /c",
            "scp /b/x localhost:/c",
            "rclone copy /b /c --bwlimit 08:00,1M",
        ] {
            assert_eq!(of(line), None, "{line}");
        }
    }
}
