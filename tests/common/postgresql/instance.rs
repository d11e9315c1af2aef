//! A private server: a data directory of its own, no port, gone after the test.

use std::collections::BTreeMap;
use std::os::unix::fs::{MetadataExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use super::connection::Connection;

/// Servers refuse to run as root, which starts them as this user.
const NOBODY: u32 = 65_534;

/// A data directory, and the programs of one release.
pub(crate) struct Cluster {
    pub(crate) major: u32,
    program: PathBuf,
    folder: tempfile::TempDir,
}

/// A cluster whose server runs.
pub(crate) struct Instance {
    pub(crate) cluster: Cluster,
    child: Child,
}

impl Cluster {
    /// Creates one, with `initdb` and these arguments.
    pub(crate) fn create(major: u32, program: &str, arguments: &[&str]) -> Self {
        let cluster = Self { major, program: PathBuf::from(program), folder: tempfile::tempdir().unwrap() };
        if is_root() {
            chown(cluster.folder.path(), Some(NOBODY), Some(NOBODY)).unwrap();
        }
        let data = cluster.data();
        let usual = ["-D", data.to_str().unwrap(), "-U", "postgres", "-N", "--locale=C", "--encoding=SQL_ASCII"];
        let output = cluster.command("initdb").args(usual).args(arguments).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        cluster
    }

    /// The data directory.
    pub(crate) fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// A program of the release, which runs as the owner of the data.
    pub(crate) fn command(&self, name: &str) -> Command {
        let mut command = Command::new(self.program.with_file_name(name));
        command.env_clear().env("LC_ALL", "C").env("TZ", "UTC").current_dir(self.folder.path());
        if is_root() {
            command.uid(NOBODY).gid(NOBODY);
        }
        command
    }

    /// The folder of the samples that the release comes with.
    pub(crate) fn share(&self) -> PathBuf {
        let beside = self.program.parent().unwrap().join("../share/postgresql");
        // Debian's are elsewhere.
        if beside.is_dir() { beside } else { PathBuf::from(format!("/usr/share/postgresql/{}", self.major)) }
    }

    /// Writes a file into the data directory.
    pub(crate) fn write(&self, path: &str, bytes: &[u8]) {
        let path = self.data().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
    }

    /// Writes a tree of files there.
    pub(crate) fn write_tree(&self, tree: &BTreeMap<String, String>) {
        tree.iter().for_each(|(path, text)| self.write(path, text.as_bytes()));
    }

    /// Removes it again, folders included.
    pub(crate) fn remove_tree(&self, tree: &BTreeMap<String, String>) {
        for path in tree.keys() {
            let whole = self.data().join(path);
            match path.split_once('/') {
                Some((folder, _)) => drop(std::fs::remove_dir_all(self.data().join(folder))),
                None => std::fs::remove_file(whole).unwrap(),
            }
        }
    }

    /// Starts the server.
    pub(crate) fn start(self) -> Instance {
        let log = std::fs::File::create(self.folder.path().join("log")).unwrap();
        let sockets = self.folder.path().to_str().unwrap();
        let data = self.data();
        let child = self
            .command("postgres")
            .args(["-D", data.to_str().unwrap(), "-k", sockets, "-h", ""])
            .stdout(Stdio::null())
            .stderr(log)
            .spawn()
            .unwrap();
        Instance { cluster: self, child }
    }
}

impl Instance {
    /// A session, as soon as the server takes one.
    pub(crate) fn connect(&self) -> Connection {
        let socket: &Path = &self.cluster.folder.path().join(".s.PGSQL.5432");
        let since = Instant::now();
        loop {
            match Connection::open(socket) {
                Ok(connection) => return connection,
                Err(error) if since.elapsed() > Duration::from_secs(30) => {
                    let log = std::fs::read_to_string(self.cluster.folder.path().join("log")).unwrap_or_default();
                    panic!("{error}: {log}");
                }
                Err(_) => std::thread::sleep(Duration::from_millis(20)),
            }
        }
    }
}

impl Drop for Instance {
    /// An immediate shutdown: nothing of its data is kept.
    fn drop(&mut self) {
        let _ = Command::new("kill").args(["-QUIT", &self.child.id().to_string()]).status();
        let _ = self.child.wait();
    }
}

fn is_root() -> bool {
    std::fs::metadata("/proc/self").is_ok_and(|metadata| metadata.uid() == 0)
}
