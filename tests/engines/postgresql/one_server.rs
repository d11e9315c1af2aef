//! What is one server is told once: links, the folders of Kubernetes, copies that are mounted where nothing reads them.

use crate::common::Project;

/// Ids of the servers that are found in a project.
fn servers(project: &Project) -> Vec<String> {
    let json = project.run(&["lint", ".", "--format", "json", "--engine-version", "17"]).json();
    json["instances"].as_array().unwrap().iter().map(|instance| instance["id"].as_str().unwrap().to_owned()).collect()
}

fn link(project: &Project, path: &str, target: &str) {
    std::os::unix::fs::symlink(target, project.path(path)).unwrap();
}

#[test]
fn a_file_and_a_link_to_it_are_one_server() {
    let project = Project::with(&[("srv/main.conf", "shared_buffers = 1GB\nwal_level = replica\n"), ("etc/README", "")]);
    link(&project, "etc/postgresql.conf", "../srv/main.conf");
    assert_eq!(servers(&project).len(), 1);
    link(&project, "srv/current.conf", "main.conf");
    assert_eq!(servers(&project).len(), 1);
}

#[test]
fn a_fragment_that_a_link_includes_is_no_server() {
    let project = Project::with(&[
        ("pg/postgresql.conf", "include_dir 'conf.d'\n"),
        ("pg/available/10-memory.conf", "shared_buffers = 1GB\nwal_level = replica\n"),
        ("pg/conf.d/README", ""),
    ]);
    link(&project, "pg/conf.d/10-memory.conf", "../available/10-memory.conf");
    assert_eq!(servers(&project), ["pg/postgresql.conf"]);
}

#[test]
fn the_folder_behind_a_link_of_kubernetes_is_no_second_server() {
    let conf = "listen_addresses = '*'\nwork_mem = 4MB\n";
    let project = Project::with(&[("mnt/..2026_11_20/postgresql.conf", conf), ("mnt/..2026_11_20/pg_hba.conf", "local all all peer\n")]);
    link(&project, "mnt/..data", "..2026_11_20");
    link(&project, "mnt/postgresql.conf", "..data/postgresql.conf");
    link(&project, "mnt/pg_hba.conf", "..data/pg_hba.conf");
    assert_eq!(servers(&project), ["mnt/postgresql.conf"]);
}

#[test]
fn clusters_that_share_a_file_are_two_servers() {
    let project = Project::with(&[
        ("etc/postgresql/16/main/postgresql.conf", "work_mem = 4MB\n"),
        ("etc/postgresql/16/main/pg_hba.conf", "local all all peer\n"),
        ("etc/postgresql/17/main/postgresql.conf", "work_mem = 4MB\n"),
    ]);
    link(&project, "etc/postgresql/17/main/pg_hba.conf", "../../16/main/pg_hba.conf");
    assert_eq!(servers(&project), ["postgresql-16-main", "postgresql-17-main"]);
}

/// A service that reads `db/postgresql.conf`, and mounts something more.
fn compose(mount: &str) -> String {
    format!(
        "services:\n  db:\n    image: postgres:17\n    command: postgres -c config_file=/etc/pg.conf\n    volumes:\n      \
         - ./db/postgresql.conf:/etc/pg.conf\n      - {mount}\n"
    )
}

#[test]
fn a_mounted_copy_is_the_same_server_and_another_file_is_in_vain() {
    let conf = "listen_addresses = '*'\nwork_mem = 4MB\n";
    for (other, told) in [(conf, false), ("listen_addresses = '*'\nwork_mem = 8MB\n", true)] {
        let compose = compose("./copy/postgresql.conf:/var/lib/postgresql/data/postgresql.conf");
        let project = Project::with(&[("compose.yaml", &compose), ("db/postgresql.conf", conf), ("copy/postgresql.conf", other)]);
        let ran = project.run(&["lint", ".", "--format", "json"]);
        assert_eq!(servers(&project), ["db"], "{}", ran.all());
        assert_eq!(ran.rules().contains(&"postgresql-file-not-read".to_owned()), told, "{}", ran.all());
    }
}

#[test]
fn what_may_be_copied_before_the_start_is_not_said_to_be_in_vain() {
    let conf = "listen_addresses = '*'\nfsync = off\n";
    for service in [
        "image: postgres:17\n    entrypoint: /start.sh\n    volumes: [./postgresql.conf:/tmp/postgresql.conf]\n",
        "image: postgres:17\n    volumes: [./postgresql.conf:/tmp/postgresql.conf, ./init:/docker-entrypoint-initdb.d]\n",
        "image: postgres:17\n    command: sh -c \"cp /tmp/postgresql.conf /etc && postgres\"\n    volumes: [./postgresql.conf:/tmp/postgresql.conf]\n",
        "image: example/postgres:17\n    volumes: [./postgresql.conf:/tmp/postgresql.conf]\n",
    ] {
        let compose = format!("services:\n  db:\n    {service}");
        let project = Project::with(&[("compose.yaml", &compose), ("postgresql.conf", conf), ("init/copy.sh", "cp /tmp/* $PGDATA\n")]);
        let ran = project.run(&["lint", ".", "--format", "json"]);
        assert!(!ran.rules().contains(&"postgresql-file-not-read".to_owned()), "{service}: {}", ran.all());
        assert!(ran.rules().contains(&"postgresql-fsync-off".to_owned()), "{service}: {}", ran.all());
    }
}
