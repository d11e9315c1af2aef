//! What is wrong with a table of engines is told with its line and what to write instead.

use super::*;
use crate::model::Engine;
use crate::model::footprint::{BackupKind, Footprint};
use crate::rules::RuleError;
use crate::text::Source;

fn read(text: &str) -> Result<Vec<Footprint>, Vec<RuleError>> {
    load(&Source::detached("rules/data/engines.toml", text))
}

fn complaint(text: &str) -> String {
    let errors = read(text).unwrap_err();
    errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

#[test]
fn a_section_becomes_a_footprint() {
    let text = "[mysql]\nnames = [\"mysql\"]\n[mysql.server]\nport = 3306\n[mysql.environment]\nown = [\"MYSQL_*\"]\n\
                [[mysql.backup]]\nprograms = [\"mysqldump\"]\nmakes = \"dump\"\n";
    let [mysql] = read(text).unwrap()[..] else { panic!("one section") };
    assert_eq!((mysql.engine, mysql.server.port, mysql.backups[0].makes), (Engine::Mysql, Some(3306), BackupKind::Dump));
    assert!(mysql.reads_variable("MYSQL_USER") && !mysql.reads_variable("MARIADB_USER") && mysql.is_called("MySQL"));
}

#[test]
fn what_is_wrong_is_told_with_its_place() {
    for (text, expected) in [
        ("[mysq]\nnames = [\"a\"]", "rules/data/engines.toml:1:2: `mysq` is not a valid engine; did you mean `mysql`?"),
        ("[mysql]\nnames = [\"a\"]\nprot = 1", "rules/data/engines.toml:3:1: unknown key of the section of an engine `prot`"),
        (
            "[mysql]\nnames = [\"a\"]\n[mysql.server]\nprot = 1",
            "rules/data/engines.toml:4:1: unknown key of [server] `prot`; did you mean `port`?",
        ),
        ("[mysql]\nnames = [\"a\", \"a\"]", "rules/data/engines.toml:2:15: `a` is listed twice; leave one of them out"),
        ("[mysql]\nnames = [\"a\"]\n[mysql]", "rules/data/engines.toml:3:2: not valid TOML: duplicate key"),
        (
            "[mysql]\nnames = [\"a\"]\n[mysql.data]\nflag = \"datadir\"",
            "rules/data/engines.toml:4:8: `datadir` does not fit here; expected a flag with its dashes, for example --datadir",
        ),
        (
            "[mysql]\nnames = [\"a\"]\n[[mysql.backup]]\nprograms = [\"b\"]\nmakes = \"dmp\"",
            "rules/data/engines.toml:5:9: `dmp` is not a valid makes; did you mean `dump`?",
        ),
        (
            "[mysql]\nnames = [\"a\"]\n[mysql.server]\nprograms = [\"d\"]\n[mariadb]\nnames = [\"a\"]\n[mariadb.server]\nprograms = [\"d\"]",
            "the program `d` is already one of",
        ),
    ] {
        let found = complaint(text);
        assert!(found.contains(expected), "{text}\n{found}");
    }
}

#[test]
fn what_is_written_as_rust_is_an_expression() {
    let footprints = read("[redis]\nnames = [\"redis\"]\n[redis.server]\nlogin_flag = \"--a\"\npassword_flags = [\"--a\"]").unwrap().leak();
    let rust = as_rust(footprints);
    assert!(rust.starts_with("&[Footprint { engine: Engine::Redis, names: &[\"redis\", ], "), "{rust}");
    assert!(rust.contains("login_flag: Some(\"--a\")"), "{rust}");
}
