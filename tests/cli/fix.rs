//! `gonogo fix`: what it shows, what it writes, and what it leaves alone.

use std::fs;

use crate::common::{Project, Ran};
use proptest::prelude::*;

const DAY: &str = "2026-11-20";

fn fix(project: &Project, more: &[&str]) -> Ran {
    let arguments = [&["fix", "--now", DAY, "--no-local-config"], more].concat();
    project.run(&arguments)
}

/// A file after its fixes were written; only of the rules that are selected.
fn fixed(path: &str, text: &str, select: &str) -> String {
    let project = Project::with(&[(path, text)]);
    let ran = fix(&project, &["--apply", "--unsafe", "--select", select, "--engine-version", "17", path]);
    assert_eq!(ran.code, 0, "{}", ran.all());
    let again = fix(&project, &["--unsafe", "--select", select, "--engine-version", "17", path]);
    assert_eq!((again.code, again.out.as_str()), (0, ""), "{}", again.all());
    project.read(path)
}

#[test]
fn a_diff_is_shown_and_written_only_when_asked_for() {
    let text = "listen_addresses = 'localhost'\nfsync = off            # for the import\n";
    let project = Project::with(&[("db/postgresql.conf", text)]);
    let shown = fix(&project, &["--select", "postgresql-fsync-off"]);
    assert_eq!(shown.code, 1, "{}", shown.all());
    let diff = "--- db/postgresql.conf\n+++ db/postgresql.conf\n@@ -1,2 +1,2 @@\n listen_addresses = 'localhost'\n-fsync = off            # for the import\n+fsync = on             # for the import\n";
    assert_eq!(shown.out, diff);
    assert_eq!(shown.err, "1 fix in 1 file; `--apply` writes them:\n  db/postgresql.conf:2  postgresql-fsync-off\n");
    assert_eq!(project.read("db/postgresql.conf"), text);
    let written = fix(&project, &["--apply", "--select", "postgresql-fsync-off"]);
    assert_eq!((written.code, written.out.as_str()), (0, "  db/postgresql.conf:2  postgresql-fsync-off\n"), "{}", written.all());
    assert_eq!(project.read("db/postgresql.conf"), "listen_addresses = 'localhost'\nfsync = on             # for the import\n");
    let nothing = fix(&project, &["--select", "postgresql-fsync-off"]);
    assert_eq!((nothing.code, nothing.out.as_str(), nothing.err.as_str()), (0, "", "Nothing to fix.\n"));
}

#[test]
fn what_needs_an_eye_is_named_and_made_only_with_unsafe() {
    let project = Project::with(&[("pg_hba.conf", "host    all  all  10.0.0.0/8    md5\n")]);
    let shown = fix(&project, &[]);
    assert_eq!((shown.code, shown.out.as_str()), (0, ""), "{}", shown.all());
    assert!(shown.err.contains("pg_hba.conf:1  hba-md5: needs a review; --unsafe includes it"), "{}", shown.err);
    assert_eq!(fix(&project, &["--unsafe"]).code, 1);
    assert_eq!(fix(&project, &["--unsafe", "--apply"]).code, 0);
    assert_eq!(project.read("pg_hba.conf"), "host    all  all  10.0.0.0/8    scram-sha-256\n");
}

/// Each line of the table: rule, file before, file after.
#[test]
fn layout_stays_whatever_it_is() {
    let conf = [
        ("postgresql-fsync-off", "port = 1\r\nfsync\toff\t\t# x\r\nwork_mem = 4MB", "port = 1\r\nfsync\ton\t\t# x\r\nwork_mem = 4MB"),
        ("postgresql-fsync-off", "fsync='off'", "fsync='on'"),
        ("postgresql-log-lock-waits", "port = 1\r\nwork_mem = 4MB", "port = 1\r\nwork_mem = 4MB\r\nlog_lock_waits = on"),
        (
            "postgresql-log-lock-waits",
            "port = 1\n  #log_lock_waits = off    # waits\n\nwork_mem = 4MB\n",
            "port = 1\n  log_lock_waits = on      # waits\n\nwork_mem = 4MB\n",
        ),
        ("postgresql-renamed-setting", "sort_mem = 4MB\nport = 1\n", "work_mem = 4MB\nport = 1\n"),
        ("postgresql-removed-setting", "port = 1\nwal_keep_segments = 64   # half\n", "port = 1\nwal_keep_size = 1024MB   # half\n"),
        ("postgresql-removed-setting", "port = 1\nvacuum_cleanup_index_scale_factor = 0.1", "port = 1"),
        ("postgresql-removed-setting", "checkpoint_segments = 32\n", "checkpoint_segments = 32\n"),
        ("postgresql-duplicate-setting", "port = 1 # a\nport = 2\nport = 2 # b\nport = 2", "port = 1 # a\nport = 2"),
        ("postgresql-unknown-setting", "shared_bufers = 1GB\n", "shared_buffers = 1GB\n"),
        ("postgresql-unknown-setting", "shared_bufers = 1GB\nshared_buffers = 2GB\n", "shared_bufers = 1GB\nshared_buffers = 2GB\n"),
        ("postgresql-invalid-value", "work_mem = 64mb\t# each\n", "work_mem = 64MB\t# each\n"),
        ("postgresql-unquoted-value", "listen_addresses = *   # all\n", "listen_addresses = '*'  # all\n"),
        ("postgresql-bom", "\u{feff}port = 1\n", "port = 1\n"),
    ];
    for (rule, before, after) in conf {
        assert_eq!(fixed("postgresql.conf", before, rule), after, "{rule}");
    }
    let hba = [
        ("hba-md5", "host\tall\tall\t10.0.0.0/8\tmd5\t# x\r\n", "host\tall\tall\t10.0.0.0/8\tscram-sha-256\t# x\r\n"),
        ("hba-host-bits-set", "host all all 10.1.2.3/8 scram-sha-256", "host all all 10.0.0.0/8 scram-sha-256"),
        ("hba-host-bits-set", "host all all 10.1.2.3   255.0.0.0  scram-sha-256\n", "host all all 10.0.0.0   255.0.0.0  scram-sha-256\n"),
        ("hba-duplicate-rule", "local all all peer\nlocal  all  all  peer  # again\n# end\n", "local all all peer\n# end\n"),
        ("hba-duplicate-rule", "local all all peer\nlocal \\\n all all peer", "local all all peer"),
        ("hba-keyword-case", "local ALL,x  all  peer\n", "local all,x  all  peer\n"),
        ("hba-quoted-keyword", "local \"all\"    all  peer\n", "local all      all  peer\n"),
        ("hba-space-before-comma", "local a ,b all peer\n", "local a,b all peer\n"),
        (
            "hba-clientcert-old-value",
            "hostssl all all 10.0.0.0/8 scram-sha-256 clientcert=0 # c\n",
            "hostssl all all 10.0.0.0/8 scram-sha-256 # c\n",
        ),
        // The map belongs to ident alone: scram-sha-256 with it would be refused.
        ("hba-ident-remote", "host all all 10.0.0.0/8 ident map=m\n", "host all all 10.0.0.0/8 ident map=m\n"),
    ];
    for (rule, before, after) in hba {
        assert_eq!(fixed("pg_hba.conf", before, rule), after, "{rule}");
    }
}

#[test]
fn compose_files_change_where_they_must_and_nowhere_else() {
    let before = "# shop\r\nversion: \"3.8\"\r\n\r\nservices:\r\n  db:\r\n    image: postgres:17   # pinned\r\n    privileged: yes\r\n    command: postgres -c fsync=off -c 'work_mem=8MB'\r\n    ports: [ \"5432:5432\", 5432:5433 ]\r\n";
    let project = Project::with(&[("compose.yaml", before)]);
    let select = "compose-version-key,compose-privileged,compose-db-port-public,compose-no-restart-policy,postgresql-fsync-off";
    let ran = fix(&project, &["--apply", "--unsafe", "--select", select]);
    assert_eq!(ran.code, 0, "{}", ran.all());
    let after = "# shop\r\n\r\nservices:\r\n  db:\r\n    image: postgres:17   # pinned\r\n    restart: unless-stopped\r\n    privileged: false\r\n    command: postgres -c fsync=on -c 'work_mem=8MB'\r\n    ports: [ \"127.0.0.1:5432:5432\", 5432:5433 ]\r\n";
    assert_eq!(project.read("compose.yaml"), after, "{}", ran.all());
}

#[test]
fn what_the_server_or_nobody_writes_is_left_to_a_person() {
    let files = [
        ("postgresql.conf", "port = 5433\n"),
        ("postgresql.auto.conf", "# Do not edit this file manually!\nfsync = 'off'\n"),
        ("shop/compose.yaml", "services:\n  db:\n    image: postgres:17\n    command: postgres -c fsync=${FSYNC:-off}\n"),
    ];
    let project = Project::with(&files);
    let ran = fix(&project, &["--apply", "--unsafe", "--select", "postgresql-fsync-off,postgresql-log-lock-waits-off"]);
    assert!(ran.err.contains("by hand: run `ALTER SYSTEM SET fsync = 'on'`"), "{}", ran.err);
    assert!(ran.err.contains("by hand: write on for `fsync` at shop/compose.yaml:4"), "{}", ran.err);
    assert!(ran.err.contains("by hand: write `-c log_lock_waits=on` in `command:`"), "{}", ran.err);
    assert_eq!(project.read("postgresql.auto.conf"), files[1].1);
    assert_eq!(project.read("shop/compose.yaml"), files[2].1);
    assert_eq!(project.read("postgresql.conf"), "port = 5433\nlog_lock_waits = on\n");
}

#[test]
fn a_command_line_loses_no_line_and_braces_get_no_key() {
    let text = "services:\n  db:\n    image: postgres:17\n    command: postgres -c zero_damaged_pages=on -c enable_seqscan=off\n  api: {\n    image: api:1\n  }\n";
    let project = Project::with(&[("compose.yaml", text)]);
    let select = "postgresql-developer-setting,postgresql-planner-method-disabled,compose-no-restart-policy";
    let ran = fix(&project, &["--unsafe", "--apply", "--select", select]);
    assert_eq!(project.read("compose.yaml"), text.replace("17\n", "17\n    restart: unless-stopped\n"), "{}", ran.all());
    assert!(ran.err.contains("postgresql-developer-setting: by hand: remove it from compose.yaml:5"), "{}", ran.err);
    assert!(ran.err.contains("compose-no-restart-policy: by hand: write `restart: unless-stopped` for this service"), "{}", ran.err);
}

#[test]
fn a_line_that_another_server_reads_too_stays() {
    let hba = "local all all peer\nlocal all all peer\n";
    let service = |name: &str| {
        format!(
            "  {name}:\n    image: postgres:17\n    command: postgres -c hba_file=/etc/pg_hba.conf\n    volumes: ['./pg_hba.conf:/etc/pg_hba.conf']\n"
        )
    };
    let project = |services: &str| Project::with(&[("compose.yaml", &format!("services:\n{services}")), ("pg_hba.conf", hba)]);
    let select = ["--select", "hba-duplicate-rule"];
    let one = fix(&project(&service("a")), &select);
    assert!(one.out.contains("-local all all peer\n"), "{}", one.all());
    let two = fix(&project(&format!("{}{}", service("a"), service("b"))), &select);
    assert_eq!(two.out, "", "{}", two.all());
}

#[test]
fn a_fix_that_makes_it_worse_is_not_made() {
    let rule = "id = \"postgresql-archive-please\"\ntitle = \"WAL is not archived\"\nseverity = \"info\"\npillar = \"backup\"\nengine = \"postgresql\"\n[require]\nsetting = \"archive_mode\"\nis_not = \"off\"\n[fix]\nset = { archive_mode = \"on\" }\napplicability = \"safe\"\n[docs]\nwhy = \"x\"\nhow = \"y\"\nreferences = [\"https://example.org/\"]\n[[bad]]\n\"postgresql.conf\" = \"\"\"\narchive_mode = off\n#              ^^^ off\n\"\"\"\n[[good]]\n\"postgresql.conf\" = \"archive_mode = on\\n\"\n";
    let text = "archive_mode = off\nfsync = off\n";
    let project = Project::with(&[("db/postgresql.conf", text), ("mine/postgresql-archive-please.toml", rule)]);
    let select = "postgresql-archive-please,postgresql-fsync-off";
    let ran = fix(&project, &["--rules", "mine", "--apply", "--select", select, "db"]);
    assert_eq!(ran.code, 0, "{}", ran.all());
    assert_eq!(project.read("db/postgresql.conf"), "archive_mode = off\nfsync = on\n", "{}", ran.all());
    assert!(ran.err.contains("postgresql-archive-please: the edit was tried"), "{}", ran.err);
}

#[test]
fn secrets_beside_a_change_are_cut_from_the_diff() {
    let conf = "primary_conninfo = 'host=a password=Kanarie9vogel'\nfsync = off\nssl_passphrase_command = 'echo Kanarie9vogel'\n";
    let hba =
        "local all all peer\nlocal all all peer\nhost all all 10.1.1.1/8 ldap ldapserver=x ldapbasedn=y ldapbindpasswd=Kanarie9vogel\n";
    let env =
        "services:\n  db:\n    image: postgres:17\n    environment:\n      POSTGRES_PASSWORD: Kanarie9vogel\n    ports: ['5432:5432']\n";
    let project = Project::with(&[("postgresql.conf", conf), ("pg_hba.conf", hba), ("c/compose.yaml", env)]);
    for more in [&["--unsafe"][..], &["--unsafe", "--apply"]] {
        let ran = fix(&project, more);
        assert!(!ran.all().contains("Kanarie9vogel"), "{}", ran.all());
    }
    assert!(project.read("postgresql.conf").contains("password=Kanarie9vogel'\nfsync = on\n"));
    assert!(project.read("pg_hba.conf").contains("10.0.0.0/8 ldap ldapserver=x ldapbasedn=y ldapbindpasswd=Kanarie9vogel"));
    assert!(project.read("c/compose.yaml").contains("127.0.0.1:5432:5432"));
}

#[cfg(unix)]
#[test]
fn files_that_may_not_be_written_are_not() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let text = "fsync = off\n";
    let project = Project::with(&[("a/postgresql.conf", text), ("b/postgresql.conf", text), ("secret/outside.conf", "fsync = off\n")]);
    fs::set_permissions(project.path("a/postgresql.conf"), PermissionsExt::from_mode(0o444)).unwrap();
    fs::remove_file(project.path("b/postgresql.conf")).unwrap();
    fs::create_dir(project.path("b/real")).unwrap();
    fs::write(project.path("b/real/base.conf"), text).unwrap();
    symlink("real/base.conf", project.path("b/postgresql.conf")).unwrap();
    let apply = |path: &str| fix(&project, &["--apply", "--select", "postgresql-fsync-off", path]);
    let read_only = apply("a");
    assert_eq!(read_only.code, 4, "{}", read_only.all());
    assert!(read_only.err.contains("a/postgresql.conf: not written: the file is read-only"), "{}", read_only.err);
    let link = apply("b/postgresql.conf");
    assert_eq!(link.code, 4, "{}", link.all());
    assert!(link.err.contains("not written: a link"), "{}", link.err);
    assert_eq!(fs::read_to_string(project.path("b/real/base.conf")).unwrap(), text);
    assert!(fs::symlink_metadata(project.path("b/postgresql.conf")).unwrap().is_symlink());
    assert_eq!(project.read("a/postgresql.conf"), text);
    // What is included from outside of the named directory is neither read nor written.
    project.write("c/postgresql.conf", b"include '../secret/outside.conf'\n");
    let outside = apply("c");
    assert_eq!(outside.code, 4, "{}", outside.all());
    assert_eq!(project.read("secret/outside.conf"), text);
    // The folder behind a link may lie anywhere.
    symlink(project.path("secret"), project.path("c/linked")).unwrap();
    project.write("c/postgresql.conf", b"include 'linked/outside.conf'\n");
    assert_eq!(apply("c").code, 4);
    assert_eq!(project.read("secret/outside.conf"), text);
}

#[cfg(unix)]
#[test]
fn a_written_file_keeps_its_mode_and_leaves_no_other_behind() {
    use std::os::unix::fs::PermissionsExt;
    let project = Project::with(&[("postgresql.conf", "fsync = off\n")]);
    fs::set_permissions(project.path("postgresql.conf"), PermissionsExt::from_mode(0o600)).unwrap();
    assert_eq!(fix(&project, &["--apply", "--select", "postgresql-fsync-off"]).code, 0);
    assert_eq!(fs::metadata(project.path("postgresql.conf")).unwrap().permissions().mode() & 0o777, 0o600);
    assert_eq!(fs::read_dir(project.path("")).unwrap().count(), 1);
}

#[test]
fn of_one_rule_no_more_is_listed_than_a_person_reads() {
    let text: String = (0..40).map(|number| format!("host all all 10.0.{number}.1/24 scram-sha-256\n")).collect();
    let ran = fix(&Project::with(&[("pg_hba.conf", &text)]), &["--select", "hba-host-bits-set"]);
    assert!(ran.err.ends_with("pg_hba.conf:20  hba-host-bits-set\n  + 20 more of hba-host-bits-set\n"), "{}", ran.err);
}

#[test]
fn the_readme_shows_what_is_printed() {
    let ran = fix(&Project::copy_of("fixtures/webshop"), &[]);
    let readme = fs::read_to_string(std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md")).unwrap();
    let list: String = ran.err.split_inclusive('\n').take(6).collect();
    assert!(readme.contains(&format!("{}{list}", ran.out)), "{}{list}", ran.out);
}

#[test]
fn usage_and_nothing_to_look_at() {
    let project = Project::with(&[("readme", "x")]);
    assert_eq!(fix(&project, &["-", "--as", "compose"]).code, 2);
    assert_eq!(fix(&project, &["."]).code, 3);
    assert_eq!(fix(&project, &["missing"]).code, 4);
}

/// One line of a file as a package ships it, or as somebody left it.
fn line() -> impl Strategy<Value = String> {
    let setting = prop::sample::select(vec![
        "fsync = off",
        "full_page_writes=off",
        "autovacuum 'off'",
        "wal_level = minimal",
        "archive_mode = on",
        "log_connections = off",
        "shared_bufers = 1GB",
        "wal_keep_segments = 8",
        "work_mem = 4mb",
        "work_mem = 4MB",
        "listen_addresses = *",
        "sort_mem = 8MB",
        "max_connections = 50",
        "log_line_prefix = ''",
        "synchronous_commit = off",
        "io_method = async",
        "password_encryption = md5",
        "log_rotation_age = 0",
        "logging_collector = on",
        "summarize_wal = on",
        "max_wal_senders = 0",
        "enable_seqscan = off",
        "zero_damaged_pages = on",
        "data_directory = '/x",
        "include 'other.conf'",
        "lc_collate = 'C'",
        "log_file_mode = 0644",
    ]);
    let layout = prop::sample::select(vec![("", ""), ("#", "\t\t# (change requires restart)"), ("", "   # why"), ("  ", " "), ("# ", "")]);
    let end = prop::sample::select(vec!["\n", "\n", "\n", "\r\n", "\n\n", "\n#---\n"]);
    (setting, layout, end).prop_map(|(setting, (before, after), end)| format!("{before}{setting}{after}{end}"))
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(32) })]

    /// Whatever the file: the second time there is nothing left to do, and every line that was no finding is still there.
    #[test]
    fn fixing_ends_and_stays_fixed(lines in prop::collection::vec(line(), 0..14), cut in any::<bool>(), major in 13_u32..19) {
        let mut text: String = lines.concat();
        if cut {
            text.truncate(text.trim_end().len());
        }
        let project = Project::with(&[("postgresql.conf", &text)]);
        let version = major.to_string();
        let arguments = ["--unsafe", "--engine-version", &version, "postgresql.conf"];
        let ran = fix(&project, &[&["--apply"], &arguments[..]].concat());
        prop_assert!(matches!(ran.code, 0 | 4), "{}", ran.all());
        let after = project.read("postgresql.conf");
        let again = fix(&project, &arguments);
        prop_assert_eq!(again.out, "", "{}\n--- became\n{}", &text, &after);
        // Of a last line without a line end that is taken out, the line end before it is left.
        let ends = |text: &str| text.is_empty() || text.ends_with('\n');
        prop_assert!(!ends(&text) || ends(&after), "{:?} {:?}", &text, &after);
        let comments = |text: &str| text.lines().filter(|line| line.starts_with("#---")).count();
        prop_assert_eq!(comments(&text), comments(&after));
    }
}
