//! Projects of a folder that GONOGO_PROJECTS names, against the program that GONOGO_COMPOSE names: real ones, which are not kept here.
//!
//! A variable that nothing sets is unknown here and empty to Docker Compose, so each gets a value first.

use std::collections::BTreeSet;
use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use super::generated::{ask, difference, ours};

/// Files of this name are a project of their folder, the first of them where there are several.
const NAMES: [&str; 4] = ["compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml"];
/// What the program says where there is nothing to compare: a file is not here, which other tests hold; it cannot write down its
/// own answer; it is older than the key;
/// no one value fits all the variables.
const NOT_COMPARED: [&str; 5] =
    ["no such file or directory", "not found: stat", "error calling MarshalJSON", "'pre_start' not allowed", "pull_policy '7001'"];
/// Larger folders hold a repository, not a deployment.
const MOST_FILES: usize = 2_000;

#[test]
fn real_projects_are_what_docker_compose_makes_of_them() {
    let folder = |name| std::env::var_os(name).map(PathBuf::from);
    let (Some(given), Some(program)) = (folder("GONOGO_PROJECTS"), folder("GONOGO_COMPOSE")) else {
        println!("skipped: GONOGO_PROJECTS names a folder of projects, GONOGO_COMPOSE the program");
        return;
    };
    let (mut wrong, mut asked, mut accepted, mut left) = (Vec::new(), 0, 0, 0);
    for (name, disk) in entries(&given) {
        let copy = tempfile::tempdir().unwrap();
        // Files above a project, of a part of a repository that is not here, are shown from here.
        let root = copy.path().join("above/tree");
        copy_tree(&disk, &root, &mut 0);
        for (folder, file) in projects_below(&root) {
            set_variables(&program, &folder);
            let why = reason(&program, &folder);
            if NOT_COMPARED.iter().any(|part| why.contains(part)) {
                left += 1;
                continue;
            }
            let theirs = ask(&program, &folder);
            let (told, shown) = (theirs.is_some(), folder.strip_prefix(&root).unwrap().display().to_string());
            let compared = catch_unwind(AssertUnwindSafe(|| difference(&ours(&folder, &file), &theirs)));
            match compared {
                Ok(None) => {}
                Ok(Some(difference)) => wrong.push(format!("{name}/{shown}: {difference}{why}")),
                Err(_) => wrong.push(format!("{name}/{shown}: something is unknown here")),
            }
            asked += 1;
            accepted += usize::from(told);
        }
    }
    println!("{asked} projects, {accepted} of them taken, {} differ; {left} not compared", wrong.len());
    assert!(asked > 0, "no project in {}", given.display());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// What lies in the folder: folders as they are, and files each as a project of its own.
fn entries(given: &Path) -> Vec<(String, PathBuf)> {
    let mut entries: Vec<(String, PathBuf)> = fs::read_dir(given)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .map(|path| (path.file_name().unwrap().to_string_lossy().into_owned(), path))
        .collect();
    entries.sort();
    entries
}

fn copy_tree(from: &Path, to: &Path, count: &mut usize) {
    *count += 1;
    if *count > MOST_FILES || from.is_symlink() {
        return;
    }
    if !from.is_dir() {
        // A file alone is a project of the name that Docker Compose looks for.
        let to = if *count == 1 { to.join("compose.yaml") } else { to.to_owned() };
        fs::create_dir_all(to.parent().unwrap()).unwrap();
        fs::write(to, fs::read(from).unwrap()).unwrap();
        return;
    }
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        copy_tree(&entry.path(), &to.join(entry.file_name()), count);
    }
}

fn projects_below(root: &Path) -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        let name = NAMES.iter().find(|name| folder.join(name).is_file());
        found.extend(name.map(|name| (folder.clone(), (*name).to_owned())));
        folders.extend(fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_dir()));
    }
    found.sort();
    found
}

/// Adds to `.env` each variable that nothing sets, with the first value that Docker Compose takes the project with.
fn set_variables(program: &Path, folder: &Path) {
    let Ok(listed) = String::from_utf8(run(program, folder, &["config", "--no-consistency", "--variables"]).stdout) else { return };
    let names: BTreeSet<&str> = listed.lines().skip(1).filter_map(|line| line.split_whitespace().next()).collect();
    let path = folder.join(".env");
    let before = fs::read_to_string(&path).unwrap_or_default();
    let has = |name: &&&str| before.lines().any(|line| line.trim_start_matches("export ").split('=').next() == Some(**name));
    // The program itself sets these.
    let own = |name: &&&str| matches!(**name, "PWD" | "HOME" | "COMPOSE_PROJECT_NAME");
    let missing: Vec<&str> = names.iter().filter(|name| !has(name) && !own(name)).copied().collect();
    for value in ["7001", "./made", "127.0.0.1", "true", "always"] {
        let added: String = missing.iter().map(|name| format!("{name}={value}\n")).collect();
        fs::write(&path, format!("{before}\nCOMPOSE_PROJECT_NAME=x\n{added}")).unwrap();
        if run(program, folder, &["config", "--no-consistency", "--quiet"]).status.success() {
            return;
        }
    }
    let added: String = missing.iter().map(|name| format!("{name}=7001\n")).collect();
    fs::write(&path, format!("{before}\nCOMPOSE_PROJECT_NAME=x\n{added}")).unwrap();
}

fn run(program: &Path, folder: &Path, words: &[&str]) -> Output {
    let mut command = Command::new(program);
    command.args(["-p", "x", "--profile", "*"]).args(words).current_dir(folder);
    command.env_clear().env("PWD", folder).env("PATH", "/usr/bin:/bin").env("HOME", "/nonexistent").output().unwrap()
}

/// Why the program refuses a project, for whoever reads the difference.
fn reason(program: &Path, folder: &Path) -> String {
    let output = run(program, folder, &["config", "--no-consistency", "--format", "json"]);
    if output.status.success() { String::new() } else { format!(" ({})", String::from_utf8_lossy(&output.stderr).trim()) }
}
