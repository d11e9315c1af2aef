//! The runs that are measured: small and large files, one project, many servers.

use std::fs;
use std::path::{Path, PathBuf};

/// One run.
pub struct Scenario {
    pub name: &'static str,
    pub command: &'static str,
    pub folder: PathBuf,
}

pub const FEW_INSTANCES: &str = "audit of 50 servers";
pub const MANY_INSTANCES: &str = "audit of 200 servers";

pub const HOST_NAMES: &str = "lint of 2,000 access rules by host name";
pub const REPEATED: &str = "lint of a line that repeats 20,000 times";
pub const PROJECTS: &str = "lint of 300 projects of three services";

/// Most bytes of memory for each byte of the input. A line that repeats is an assignment and a finding each time.
pub const MOST_MEMORY: [(&str, f64); 3] = [(HOST_NAMES, 200.0), (REPEATED, 400.0), (PROJECTS, 80.0)];

impl Scenario {
    /// The size of the files that are read.
    pub fn input_bytes(&self) -> f64 {
        super::measure::as_number(size(&self.folder))
    }
}

fn size(folder: &Path) -> u64 {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap());
    entries.map(|entry| if entry.file_type().unwrap().is_dir() { size(&entry.path()) } else { entry.metadata().unwrap().len() }).sum()
}

/// Lines of the large access file.
const RULES: usize = 2_000;

/// All of them; what they read is written below `folder`.
pub fn all(folder: &Path) -> Vec<Scenario> {
    let of = |name, command, folder: PathBuf| Scenario { name, command, folder };
    let webshop = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/webshop");
    let rules = (0..RULES).map(|rule| format!("hostssl app{rule} app{rule} host{rule}.example.com scram-sha-256\n")).collect::<String>();
    vec![
        of("lint of a two-line pg_hba.conf", "lint", one(folder, "small", "pg_hba.conf", "local all all peer\nhost all all ::1/128 md5\n")),
        of("lint of a project (fixtures/webshop)", "lint", webshop.clone()),
        of("audit of a project (fixtures/webshop)", "audit", webshop),
        of(HOST_NAMES, "lint", one(folder, "rules", "pg_hba.conf", &rules)),
        of(REPEATED, "lint", one(folder, "repeats", "postgresql.conf", &"work_mem = 4MB\n".repeat(20_000))),
        of(PROJECTS, "lint", projects(folder, 300)),
        of("lint of 300 services of one project", "lint", one(folder, "services", "compose.yaml", &services(300))),
        of(FEW_INSTANCES, "audit", servers(folder, 50)),
        of(MANY_INSTANCES, "audit", servers(folder, 200)),
    ]
}

fn one(folder: &Path, name: &str, file: &str, text: &str) -> PathBuf {
    let folder = folder.join(name);
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join(file), text).unwrap();
    folder
}

/// Every second one a database; each publishes a port and waits for the one before it.
fn services(count: usize) -> String {
    let mut text = "services:\n".to_owned();
    for number in 0..count {
        let image = if number % 2 == 0 { "postgres:16.4" } else { "registry.example.com/app:1.2" };
        text += &format!("  s{number}:\n    image: {image}\n    ports: [\"{}:80\"]\n", 10_000 + number);
        if let Some(before) = number.checked_sub(1) {
            text += &format!("    depends_on: [s{before}]\n");
        }
    }
    text
}

/// A database, what asks it and what stands before that, as most projects are written.
fn projects(folder: &Path, count: usize) -> PathBuf {
    let all = folder.join("projects");
    for number in 0..count {
        let text = format!(
            "services:\n  db:\n    image: postgres:16.4\n    restart: unless-stopped\n    environment:\n      POSTGRES_USER: app{number}\n      \
             POSTGRES_DB: app{number}\n      POSTGRES_PASSWORD: ${{DB_PASSWORD:?set it}}\n    volumes: [\"data:/var/lib/postgresql/data\"]\n    \
             healthcheck:\n      test: [\"CMD-SHELL\", \"pg_isready -U app{number}\"]\n      interval: 10s\n  app:\n    \
             image: registry.example.com/app:1.{number}\n    depends_on: {{db: {{condition: service_healthy}}}}\n    environment:\n      \
             DATABASE_URL: postgres://app{number}:${{DB_PASSWORD}}@db:5432/app{number}\n  proxy:\n    image: nginx:1.27.2\n    \
             ports: [\"8080:80\"]\n    depends_on: [app]\nvolumes:\n  data: {{}}\n"
        );
        one(&all, &format!("project{number}"), "compose.yaml", &text);
    }
    all
}

fn servers(folder: &Path, count: usize) -> PathBuf {
    let all = folder.join(format!("servers-{count}"));
    for number in 0..count {
        let text = format!("listen_addresses = '*'\nport = {}\nmax_connections = 100\nssl = off\n", 5_000 + number);
        one(&all, &format!("db{number}"), "postgresql.conf", &text);
    }
    all
}
