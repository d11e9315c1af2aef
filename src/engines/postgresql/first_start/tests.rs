//! What scripts of the first start are understood to do.

#![allow(clippy::unwrap_used, reason = "tests")]

use std::sync::Arc;

use super::script::Shell;
use super::sql::Sql;
use super::{Change, DATA};
use crate::text::Source;

/// The changes in words, and whether something was not understood.
fn told(changes: Vec<super::Effect>, unread: Option<String>) -> (Vec<String>, bool) {
    let words = changes.into_iter().map(|effect| match effect.change {
        Change::Setting { name, value, file, .. } => format!("{name}={value} in {}", file.as_deref().unwrap_or("auto")),
        Change::Superuser { role, how } => format!("{role} is {how}"),
        Change::Power { role, which } => format!("{role} has {which}"),
        Change::Member { role, of } => format!("{role} in {of}"),
        Change::Password { role, weak } => format!("{role} has a {} password", if weak { "weak" } else { "literal" }),
        Change::SettingOf { whom, name, value } => format!("{whom}: {name}={value}"),
        Change::AccessLine { path, line, replaces } => format!("{path} {}: {line}", if replaces { "is" } else { "has" }),
    });
    (words.collect(), unread.is_some())
}

fn sql(text: &str) -> (Vec<String>, bool) {
    let source = Arc::new(Source::detached("init.sql", text));
    let mut sql = Sql::new(&source);
    sql.text(text, &|range| source.span(range.start, range.end));
    told(sql.effects, sql.unread)
}

fn shell(text: &str) -> (Vec<String>, bool) {
    let source = Arc::new(Source::detached("init.sh", text));
    let place = |range: std::ops::Range<usize>| source.span(range.start, range.end);
    let (effects, unread) = Shell::new((&source, text), &place, DATA, &|_| None).read();
    told(effects, unread)
}

fn all(words: &[&str]) -> (Vec<String>, bool) {
    (words.iter().map(|word| (*word).to_owned()).collect(), false)
}

#[test]
fn statements_that_change_settings_and_roles_are_understood() {
    for (text, expected) in [
        ("ALTER SYSTEM SET fsync = off;", &["fsync=off in auto"][..]),
        ("alter system set \"work_mem\" to '64MB'; ALTER SYSTEM RESET work_mem;", &[]),
        ("ALTER SYSTEM SET shared_preload_libraries = 'a', 'b';", &["shared_preload_libraries=a, b in auto"]),
        ("CREATE ROLE app LOGIN PASSWORD 'app' SUPERUSER;", &["app has a weak password", "app is SUPERUSER"]),
        ("CREATE USER app WITH PASSWORD 'kX9mQ2vT7wLpZ';", &["app has a literal password"]),
        ("CREATE ROLE app LOGIN NOSUPERUSER PASSWORD :'password'; GRANT SELECT ON ALL TABLES IN SCHEMA public TO app;", &[]),
        ("GRANT pg_execute_server_program TO app;", &["app is member of pg_execute_server_program"]),
        ("GRANT owner, reader TO app WITH ADMIN OPTION;", &["app in owner", "app in reader"]),
        ("CREATE USER app IN ROLE pg_read_server_files;", &["app is member of pg_read_server_files"]),
        ("ALTER ROLE app SET synchronous_commit = off;", &["role app: synchronous_commit=off"]),
        ("ALTER ROLE app IN DATABASE shop SET search_path TO shop;", &["role app: search_path=shop"]),
        ("ALTER DATABASE shop SET default_transaction_read_only TO on;", &["database shop: default_transaction_read_only=on"]),
        ("DO $$ BEGIN IF NOT EXISTS (SELECT 1) THEN CREATE ROLE app SUPERUSER; END IF; END $$;", &["app is SUPERUSER"]),
        ("DO $$ BEGIN EXECUTE format('CREATE ROLE app LOGIN PASSWORD %L', current_setting('x')); END $$;", &[]),
        ("SELECT 'CREATE DATABASE shop' WHERE NOT EXISTS (SELECT 1)\\gexec\n", &[]),
        ("CREATE TABLE t (superuser text); INSERT INTO t VALUES ('ALTER SYSTEM SET fsync = off;');", &[]),
        ("\\connect shop\nCREATE EXTENSION pg_stat_statements;", &[]),
        ("CREATE USER MAPPING FOR app SERVER s OPTIONS (password 'x');", &[]),
    ] {
        assert_eq!(sql(text), all(expected), "{text}");
    }
    for text in [
        "\\i other.sql\n",
        "\\! rm -rf /\n",
        "COPY t TO PROGRAM 'sh';",
        "DO $$ BEGIN EXECUTE q; END $$;",
        "UPDATE pg_authid SET rolsuper = true;",
        "SELECT 'x",
    ] {
        assert!(sql(text).1, "{text}");
    }
}

#[test]
fn scripts_are_followed_to_what_they_give_to_psql_and_write_into_files() {
    for (text, expected) in [
        ("psql -c \"ALTER SYSTEM SET fsync = off\"", &["fsync=off in auto"][..]),
        (
            "psql -v ON_ERROR_STOP=1 --username \"$POSTGRES_USER\" --dbname=\"$POSTGRES_DB\" -c 'CREATE ROLE app SUPERUSER'",
            &["app is SUPERUSER"],
        ),
        (
            "set -e\npsql -U \"$POSTGRES_USER\" <<-EOSQL\n\tCREATE ROLE app LOGIN PASSWORD '$APP_PASSWORD';\n\tGRANT CONNECT ON DATABASE shop TO app;\nEOSQL\n",
            &[],
        ),
        ("psql <<'EOSQL'\nALTER ROLE app SUPERUSER;\nEOSQL\necho done\n", &["app is SUPERUSER"]),
        ("echo 'ALTER SYSTEM SET fsync = off;' | psql", &["fsync=off in auto"]),
        ("if [ -n \"$X\" ]; then psql <<< 'ALTER ROLE app SUPERUSER'; fi", &["app is SUPERUSER"]),
        ("echo \"fsync = off\" >> \"$PGDATA/postgresql.conf\"", &["fsync=off in /var/lib/postgresql/data/postgresql.conf"]),
        ("cat >> ${PGDATA}/postgresql.auto.conf <<EOF\n# x\nfsync = off\nEOF\n", &["fsync=off in auto"]),
        ("echo 'host all all all trust' > $PGDATA/pg_hba.conf", &["/var/lib/postgresql/data/pg_hba.conf is: host all all all trust"]),
        (
            "echo 'host all all all trust' | tee -a /etc/postgresql/pg_hba.conf",
            &["/etc/postgresql/pg_hba.conf has: host all all all trust"],
        ),
        ("sed -i 's/^#*fsync.*/fsync = off/' \"$PGDATA/postgresql.conf\"", &["fsync=off in /var/lib/postgresql/data/postgresql.conf"]),
        ("createuser -s app", &["app is SUPERUSER"]),
        ("make() { psql -c \"CREATE DATABASE $1\"; }\nfor db in a b; do make $db; done", &[]),
        ("echo \"starting\" > /tmp/log", &[]),
        ("exec postgres -c fsync=off", &["fsync=off in auto"]),
    ] {
        assert_eq!(shell(text), all(expected), "{text}");
    }
    for text in [
        "python3 /setup.py",
        "psql -f /elsewhere.sql",
        "gunzip -c /dump.sql.gz | psql",
        "cp /etc/pg/pg_hba.conf $PGDATA/pg_hba.conf",
        "echo \"$LINE\" >> $PGDATA/pg_hba.conf",
        ". /lib.sh",
    ] {
        assert!(shell(text).1, "{text}");
    }
}
