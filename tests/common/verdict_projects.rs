//! Projects whose verdict an expert gave. What people state is shared: the evidence of `webshop-ready`.

use super::Project;

/// The day on which the evidence of `webshop-ready` counts.
pub const TODAY: &str = "2026-11-20";

/// The webshop, ready: containers of one host, nothing published.
pub fn shop() -> Project {
    Project::copy_of("fixtures/webshop-ready")
}

/// What is stated about the webshop, with other files beside it.
pub fn stated_beside(fixture: &str) -> Project {
    let project = shop();
    project.remove("compose.yaml");
    project.remove("db/postgresql.conf");
    project.remove("db/pg_hba.conf");
    project.lay_over(&format!("fixtures/verdict/{fixture}"));
    project
}

/// A server on a machine of its own, reached over a private network with TLS.
pub fn machine() -> Project {
    let project = stated_beside("machine");
    let stated = project.read("gonogo.toml") + &project.read("stated.toml");
    project.remove("stated.toml");
    project.write("gonogo.toml", stated.as_bytes());
    project
}
