//! Commands that leave no older backup.

use crate::workloads::commands::covers;

/// Why a command leaves no older backup in a folder; `None` where it leaves some, or has nothing to do with it.
pub(super) fn deletes_all(call: &[String], folder: &str) -> Option<String> {
    let (program, arguments) = call.split_first()?;
    match program.as_str() {
        "rm" => rm(arguments, folder),
        "find" => find(arguments, folder),
        "rclone" => elsewhere(arguments),
        _ => None,
    }
}

/// `rclone purge remote:dumps`, `rclone delete remote:dumps` without an age.
fn elsewhere(arguments: &[String]) -> Option<String> {
    let command = arguments.iter().find(|word| matches!(word.as_str(), "delete" | "purge"))?;
    let no_age = |word: &str| word.trim_start_matches('0').chars().all(|c| c.is_ascii_alphabetic()) && word.starts_with('0');
    let age = arguments.iter().position(|word| word == "--min-age").and_then(|at| arguments.get(at + 1));
    let age = age.map(String::as_str).or_else(|| arguments.iter().find_map(|word| word.strip_prefix("--min-age=")));
    if let Some(age) = age.filter(|age| no_age(age)) {
        return Some(format!("rclone {command} --min-age {age} deletes every backup at the other place"));
    }
    let chooses = arguments.iter().any(|word| {
        ["--min-age", "--include", "--exclude", "--filter", "--files-from", "--dry-run"].iter().any(|option| word.starts_with(option))
    });
    (!chooses).then(|| format!("rclone {command} deletes every backup at the other place"))
}

/// Why a pipe that ends in `xargs rm` leaves no older backup, or takes the newest; `None` where it leaves them.
///
/// `ls -t` gives the newest first, `ls -tr` and names with a date the oldest.
pub(super) fn pipe_deletes_all(pipe: &[Vec<String>], folder: &str) -> Option<String> {
    let (last, before) = pipe.split_last()?;
    let (first, middle) = before.split_first()?;
    let removes = last.first().is_some_and(|program| program == "xargs") && last.iter().any(|word| word == "rm");
    let lists = first.first().is_some_and(|program| program == "ls");
    let looks_there = first.iter().skip(1).any(|word| !word.starts_with('-') && covers(folder, word.trim_end_matches('/')));
    if !removes || !lists || !looks_there || first.iter().any(|word| [".part", ".tmp", ".log"].iter().any(|end| word.ends_with(end))) {
        return None;
    }
    let flag = |letter: char| first.iter().skip(1).any(|word| word.starts_with('-') && !word.starts_with("--") && word.contains(letter));
    let mut newest_first = flag('t') != flag('r');
    for stage in middle {
        let (program, arguments) = stage.split_first()?;
        match program.as_str() {
            "tail" | "head" => return chosen(program, arguments, newest_first),
            "tac" => newest_first = !newest_first,
            "sort" => newest_first = arguments.iter().any(|word| word.starts_with('-') && word.contains('r')),
            "cat" => {}
            // A pattern or a program of its own may choose.
            _ => return None,
        }
    }
    Some("the list of files to delete has every backup in it".to_owned())
}

/// What `tail` or `head` chooses of a list of backups, where that is not all but the newest.
fn chosen(program: &str, arguments: &[String], newest_first: bool) -> Option<String> {
    let written = arguments.iter().filter(|word| *word != "-n" && *word != "--lines").map(|word| {
        let word = word.trim_start_matches("--lines=");
        word.strip_prefix("-n").unwrap_or(word)
    });
    let written = written.collect::<Vec<_>>().pop().unwrap_or("10");
    let shown = format!("`{program} {}`", arguments.join(" "));
    let digits = written.trim_start_matches(['+', '-']).parse::<i64>().ok()?;
    let kept = match (
        program,
        written.starts_with('+'),
        written.starts_with('-') && arguments.iter().any(|word| word == "-n" || word.starts_with("-n")),
    ) {
        // From a line on: those before it stay.
        ("tail", true, _) if newest_first => digits - 1,
        // All but the last: those stay.
        ("head", _, true) if !newest_first => digits,
        ("tail", true, _) | ("head", _, true) => return Some(format!("{shown} keeps the oldest backups and deletes the newest")),
        // So many, however few there are.
        _ => return Some(format!("{shown} deletes {digits} backups each time, however few there are")),
    };
    (kept < 2).then(|| format!("{shown} keeps no older backup than the newest"))
}

/// `rm -rf /backups`, `rm /backups/*`, `rm -f /backups/shop-*`.
fn rm(arguments: &[String], folder: &str) -> Option<String> {
    let takes_all = |word: &&String| {
        let inside = word.strip_prefix(folder).map(|rest| rest.trim_start_matches('/'));
        !word.starts_with('-') && word.starts_with('/') && (covers(word.trim_end_matches('/'), folder) || inside.is_some_and(is_any))
    };
    let word = arguments.iter().find(takes_all)?;
    Some(format!("rm {word} deletes every backup that is there"))
}

/// `*`, `*.dump`, `shop-*`: no name of one file.
fn is_any(name: &str) -> bool {
    name.contains('*') && !name.contains(['/', '$', '?', '['])
}

/// `find /backups -delete` without an age, or with one that all but the newest have.
fn find(arguments: &[String], folder: &str) -> Option<String> {
    let looks_there = arguments.iter().take_while(|word| !word.starts_with('-')).any(|path| covers(path.trim_end_matches('/'), folder));
    let deletes = arguments.iter().any(|word| word == "-delete" || word == "rm");
    if !looks_there || !deletes || arguments.iter().any(|word| word == "-empty" || word == "!" || word == "-not" || word == "-newer") {
        return None;
    }
    let temporary = |word: &String| [".part", ".tmp", ".log", ".err", ".lock"].iter().any(|end| word.ends_with(end));
    if arguments.iter().any(temporary) {
        return None;
    }
    let value = |names: &[&str]| {
        let at = arguments.iter().position(|word| names.contains(&word.as_str()))?;
        Some((arguments.get(at)?.as_str(), arguments.get(at + 1)?.as_str()))
    };
    let Some((test, age)) = value(&["-mtime", "-mmin", "-ctime", "-cmin", "-atime", "-amin"]) else {
        return Some("find deletes every backup that is there, whatever its age".to_owned());
    };
    let minutes = |number: i64| if test.ends_with("min") { number } else { number * 24 * 60 };
    match age.strip_prefix('+') {
        // `+0` days are more than 24 hours.
        Some(number) => {
            let kept = minutes(number.parse().ok()?) + if test.ends_with("min") { 0 } else { 24 * 60 };
            (kept <= 24 * 60).then(|| format!("find {test} {age} deletes every backup but those of the last 24 hours"))
        }
        None => age.strip_prefix('-')?.parse::<i64>().ok().map(|_| format!("find {test} {age} deletes the newest backups")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(line: &str) -> bool {
        let words: Vec<String> = line.split_whitespace().map(str::to_owned).collect();
        deletes_all(&words, "/backups").is_some()
    }

    #[test]
    fn what_leaves_no_older_backup_is_known() {
        for line in [
            "rm -rf /backups",
            "rm -rf /backups/",
            "rm -rf /backups/*",
            "rm -f /backups/shop-*.dump",
            "find /backups -type f -delete",
            "find /backups -name *.dump -mtime +0 -delete",
            "find /backups/ -mmin +60 -delete",
            "find /backups -mtime -7 -exec rm {} ;",
            "rclone purge remote:dumps",
            "rclone delete remote:dumps",
            "rclone delete remote:dumps --min-age 0s",
        ] {
            assert!(of(line), "{line}");
        }
        for line in [
            "rm -f /backups/shop.dump.part",
            "rm -rf /tmp/x",
            "rm -- /backups/shop-$old.dump",
            "find /backups -name *.dump -mtime +7 -delete",
            "find /backups -mtime +1 -delete",
            "find /backups -mmin +20160 -delete",
            "find /backups -type d -empty -delete",
            "find /backups -name *.part -delete",
            "find /tmp -delete",
            "find /backups -mtime +$DAYS -delete",
            "find /backups -type f",
            "rclone delete --min-age 30d remote:dumps",
        ] {
            assert!(!of(line), "{line}");
        }
    }

    #[test]
    fn pipes_that_choose_what_to_delete_are_read() {
        let of = |line: &str| {
            let words = |stage: &str| stage.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
            pipe_deletes_all(&line.split('|').map(words).collect::<Vec<_>>(), "/backups").is_some()
        };
        for line in [
            "ls -1t /backups/*.dump | tail -n +1 | xargs -r rm --",
            "ls -1t /backups/*.dump | tail -n +2 | xargs rm",
            "ls -1t /backups/*.dump | xargs rm",
            "ls -1 /backups/*.dump | cat | xargs rm",
            "ls -1rt /backups/*.dump | tail -n +31 | xargs rm",
            "ls -1t /backups/*.dump | head -n 31 | xargs rm",
            "ls -1t /backups/*.dump | tail | xargs rm",
            "ls -1t /backups/*.dump | head -n -7 | xargs rm",
        ] {
            assert!(of(line), "{line}");
        }
        for line in [
            "ls -1t /backups/*.dump | tail -n +31 | xargs -r rm --",
            "ls -t /backups/*.dump | tail +8 | xargs rm",
            "ls -1 /backups/*.dump | head -n -7 | xargs rm",
            "ls -1 /backups/*.dump | sort -r | tail -n +8 | xargs rm",
            "ls -1tr /backups/*.dump | head -n -7 | xargs rm",
            "ls -1 /backups/*.dump | grep old | xargs rm",
            "ls -1t /other/* | xargs rm",
            "ls -1 /backups/*.dump | wc -l",
        ] {
            assert!(!of(line), "{line}");
        }
    }
}
