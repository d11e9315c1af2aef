//! Commands that leave no older backup.

use crate::workloads::commands::covers;

/// Why a command leaves no older backup in a folder; `None` where it leaves some, or has nothing to do with it.
pub(super) fn deletes_all(call: &[String], folder: &str) -> Option<String> {
    let (program, arguments) = call.split_first()?;
    match program.as_str() {
        "rm" => rm(arguments, folder),
        "find" => find(arguments, folder),
        _ => None,
    }
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
        ] {
            assert!(!of(line), "{line}");
        }
    }
}
