//! Generated option files, put to real servers of MariaDB and MySQL and to gonogo.
//!
//! `GONOGO_MARIADB` and `GONOGO_MYSQL` name them: `10.11=FOLDER,11.8=FOLDER`, where each folder has the programs `server` and
//! `print-defaults`. Where neither is set nothing is compared, and `tests/run` fails in CI if one could not be installed.

mod arguments;
mod values;

use std::path::PathBuf;
use std::process::Command;

use gonogo::model::{Engine, Version};

/// A real server.
pub(crate) struct Server {
    pub(crate) engine: Engine,
    /// Its release, as it says itself.
    pub(crate) version: Version,
    folder: PathBuf,
}

impl Server {
    /// One of its programs; none of them may run as root.
    pub(crate) fn program(&self, name: &str) -> Command {
        let program = self.folder.join(name);
        let root = Command::new("id").arg("-u").output().unwrap().stdout.starts_with(b"0\n");
        if !root {
            return Command::new(program);
        }
        let mut command = Command::new("setpriv");
        command.args(["--reuid=65534", "--regid=65534", "--clear-groups"]).arg(program);
        command
    }
}

/// The servers that the environment names.
pub(crate) fn servers() -> Vec<Server> {
    let of = |engine: Engine, variable: &str| {
        let named = std::env::var(variable).unwrap_or_default();
        let folders: Vec<PathBuf> = named.split(',').filter_map(|one| Some(PathBuf::from(one.split_once('=')?.1))).collect();
        folders.into_iter().map(move |folder| server(engine, folder)).collect::<Vec<_>>()
    };
    let mut all = of(Engine::Mariadb, "GONOGO_MARIADB");
    all.extend(of(Engine::Mysql, "GONOGO_MYSQL"));
    if all.is_empty() {
        println!("skipped: neither GONOGO_MARIADB nor GONOGO_MYSQL is set");
    }
    all
}

fn server(engine: Engine, folder: PathBuf) -> Server {
    let mut server = Server { engine, version: Version(Vec::new()), folder };
    let printed = server.program("server").args(["--no-defaults", "--version"]).output().unwrap();
    let printed = String::from_utf8_lossy(&printed.stdout).into_owned();
    let (_, after) = printed.split_once("Ver ").unwrap_or_else(|| panic!("no version: {printed}"));
    let digits: String = after.chars().take_while(|sign| sign.is_ascii_digit() || *sign == '.').collect();
    server.version = digits.parse().unwrap();
    server
}
