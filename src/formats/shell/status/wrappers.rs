//! Programs that run another one and end with its status.

use crate::text::path::name_of;

/// A program that runs what follows its options.
struct Wrapper {
    name: &'static str,
    /// Options that take the next word.
    valued: &'static [&'static str],
    /// How many words come before the command.
    operands: usize,
}

const fn wrapper(name: &'static str, valued: &'static [&'static str], operands: usize) -> Wrapper {
    Wrapper { name, valued, operands }
}

const WRAPPERS: &[Wrapper] = &[
    wrapper("builtin", &[], 0),
    wrapper("chronic", &[], 0),
    wrapper("chrt", &[], 1),
    wrapper("command", &[], 0),
    wrapper("doas", &["-u", "-C"], 0),
    wrapper("env", &["-u", "--unset", "-C", "--chdir"], 0),
    wrapper("flock", &["-w", "--timeout", "-E"], 1),
    wrapper("gosu", &[], 1),
    wrapper("ionice", &["-c", "-n", "--class", "--classdata"], 0),
    wrapper("nice", &["-n", "--adjustment"], 0),
    wrapper("nohup", &[], 0),
    wrapper("runuser", &["-u", "--user"], 0),
    wrapper("setsid", &[], 0),
    wrapper("stdbuf", &["-i", "-o", "-e"], 0),
    wrapper("su-exec", &[], 1),
    wrapper("sudo", &["-u", "-g", "-h", "-p", "-C", "-T", "-r", "-t", "-U", "-D", "--user", "--group"], 0),
    wrapper("taskset", &[], 1),
    wrapper("time", &[], 0),
    wrapper("timeout", &["-k", "-s", "--kill-after", "--signal"], 1),
];

/// The words from the program on that does something itself.
pub(super) fn unwrapped(words: &[String]) -> &[String] {
    let mut words = words;
    while let Some((first, rest)) = words.split_first() {
        let Some(wrapper) = WRAPPERS.iter().find(|wrapper| wrapper.name == name_of(first)) else { break };
        words = inside(wrapper, rest);
    }
    words
}

fn inside<'w>(wrapper: &Wrapper, words: &'w [String]) -> &'w [String] {
    let mut at = 0;
    let mut operands = wrapper.operands;
    while let Some(word) = words.get(at) {
        if word == "--" {
            at += 1;
            break;
        }
        let assigns = wrapper.name == "env" && crate::formats::shell::is_assignment(word);
        if wrapper.valued.contains(&word.as_str()) {
            at += 1;
        } else if !(word.starts_with('-') || assigns || wrapper.name == "sudo" && crate::formats::shell::is_assignment(word)) {
            match operands.checked_sub(1) {
                Some(left) => operands = left,
                None => break,
            }
        }
        at += 1;
    }
    words.get(at + operands.min(words.len().saturating_sub(at))..).unwrap_or(&[])
}

/// A script that a shell is started with, and how.
pub(super) struct Inner {
    pub(super) script: String,
    /// `$0` and on.
    pub(super) arguments: Vec<String>,
    pub(super) errexit: bool,
    pub(super) pipefail: bool,
    pub(super) is_bash: bool,
}

/// The script of `sh -c script`, `bash -o pipefail -ec script`, `su - user -c script`.
pub(super) fn inner(words: &[String]) -> Option<Inner> {
    let (program, rest) = words.split_first()?;
    if name_of(program) == "su" {
        let at = rest.iter().position(|word| word == "-c" || word == "--command")?;
        let script = rest.get(at + 1)?.clone();
        return Some(Inner { script, arguments: Vec::new(), errexit: false, pipefail: false, is_bash: false });
    }
    started(words).filter(|(_, takes_script)| *takes_script).map(|(inner, _)| inner)
}

/// The same of `sh file`, with the file in the place of the script.
pub(super) fn inner_file(words: &[String]) -> Option<Inner> {
    started(words).filter(|(_, takes_script)| !takes_script).map(|(inner, _)| inner)
}

/// What a shell is started with, and whether that is a script rather than a file.
fn started(words: &[String]) -> Option<(Inner, bool)> {
    let (program, rest) = words.split_first()?;
    let program = name_of(program);
    if !crate::formats::shell::is_shell(program) {
        return None;
    }
    let (mut errexit, mut pipefail, mut takes_script) = (false, false, false);
    let mut at = 0;
    while let Some(word) = rest.get(at).filter(|word| word.starts_with(['-', '+']) && word.len() > 1) {
        at += 1;
        if word.starts_with("--") {
            continue;
        }
        errexit |= word.starts_with('-') && word.contains('e');
        takes_script |= word.contains('c');
        if word.contains('o') {
            pipefail |= rest.get(at).is_some_and(|option| option == "pipefail");
            errexit |= rest.get(at).is_some_and(|option| option == "errexit");
            at += 1;
        }
    }
    let script = rest.get(at)?.clone();
    let arguments = rest.get(at + usize::from(takes_script)..).unwrap_or(&[]).to_vec();
    Some((Inner { script, arguments, errexit, pipefail, is_bash: program == "bash" }, takes_script))
}
