//! Running gonogo in a folder of its own, as a person would.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "helpers of tests fail the test")]
#![allow(dead_code, reason = "each test binary uses its part of it")]

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// A folder that is gone after the test.
pub struct Project {
    folder: tempfile::TempDir,
}

/// What a run printed, and its exit code.
#[derive(Debug)]
pub struct Ran {
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl Ran {
    fn of(output: Output) -> Self {
        Self {
            code: output.status.code().unwrap_or(-1),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        }
    }

    /// Everything that was printed.
    pub fn all(&self) -> String {
        format!("{}\n{}", self.out, self.err)
    }

    /// Standard output as JSON.
    #[track_caller]
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("no JSON ({error}): {}", self.all()))
    }

    /// Ids of the rules that have a finding.
    pub fn rules(&self) -> Vec<String> {
        let mut rules: Vec<String> =
            self.json()["findings"].as_array().unwrap().iter().map(|finding| finding["rule"].as_str().unwrap().to_owned()).collect();
        rules.sort();
        rules.dedup();
        rules
    }
}

impl Project {
    pub fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    /// A project with files.
    pub fn with(files: &[(&str, &str)]) -> Self {
        let project = Self::new();
        for (path, text) in files {
            project.write(path, text.as_bytes());
        }
        project
    }

    /// A copy of one of the sample projects.
    pub fn copy_of(sample: &str) -> Self {
        let project = Self::new();
        copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join(sample), project.folder.path());
        project
    }

    pub fn path(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    pub fn write(&self, path: &str, bytes: &[u8]) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }

    /// Lays a folder of the repository over what is here.
    pub fn lay_over(&self, sample: &str) {
        self.lay_into("", sample);
    }

    /// The same, into a folder of the project.
    pub fn lay_into(&self, folder: &str, sample: &str) {
        copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join(sample), &self.path(folder));
    }

    pub fn remove(&self, path: &str) {
        fs::remove_file(self.path(path)).unwrap();
    }

    pub fn read(&self, path: &str) -> String {
        fs::read_to_string(self.path(path)).unwrap()
    }

    /// Runs gonogo here.
    pub fn run(&self, arguments: &[&str]) -> Ran {
        self.run_in("", arguments)
    }

    /// Runs gonogo here with a text on its standard input.
    pub fn run_with_input(&self, arguments: &[&str], input: &str) -> Ran {
        let mut command = Command::new(env!("CARGO_BIN_EXE_gonogo"));
        command.args(arguments).current_dir(self.path("")).env_clear();
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        // One that does not read its input may have ended.
        _ = child.stdin.take().unwrap().write_all(input.as_bytes());
        Ran::of(child.wait_with_output().unwrap())
    }

    /// Runs gonogo in a folder of the project.
    pub fn run_in(&self, folder: &str, arguments: &[&str]) -> Ran {
        let mut command = Command::new(env!("CARGO_BIN_EXE_gonogo"));
        command.args(arguments).current_dir(self.path(folder)).env_clear();
        Ran::of(command.output().unwrap())
    }
}

fn copy(from: &Path, to: &Path) {
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            fs::create_dir_all(&target).unwrap();
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}
