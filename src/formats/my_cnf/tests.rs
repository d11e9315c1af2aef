//! What the programs make of texts.

use super::*;

fn said(text: &str) -> Vec<String> {
    let source = Source::detached("my.cnf", text);
    let file = parse(&source);
    let statement = |statement: &Statement| match statement {
        Statement::Group(name) => format!("[{}]", name.text),
        Statement::Entry(entry) => match &entry.value {
            Some(value) => format!("{}={value}", entry.name.text),
            None => entry.name.text.clone(),
        },
        Statement::Include(include) => format!("!{} {}", if include.directory { "dir" } else { "file" }, include.path.text),
        Statement::Broken(_) => "broken".to_owned(),
    };
    file.statements.iter().map(statement).collect()
}

#[test]
fn lines_are_read_as_the_programs_read_them() {
    for (text, expected) in [
        ("[ mysqld ]\na=1\n[mysqld ] x\nb=2\n", &["[ mysqld]", "a=1", "[mysqld]", "b=2"][..]),
        ("[m]\na\nb=\nc = \"x y\" # z\nd=a#b\ne='a#b'\nf=a;b\n;g=1\n", &["[m]", "a", "b=", "c=x y", "d=a", "e=a#b", "f=a;b"]),
        ("[m]\n g-h_i = \\t\\q\\\\x\\s \n=x\n!foo bar\nk='it\n", &["[m]", "g-h_i=\t\\q\\x ", "=x", "k='it"]),
        ("[m]\na=\"x\\\"y\" # c\nb=\"x\\\\\" # c\nd=\"\ne=\"\"\ng=x\\\n", &["[m]", "a=x\"y", "b=x\\", "d=\"", "e=", "g=x\\"]),
        ("!includedir /etc/x/ \n  ! include y.cnf\r\n", &["!dir /etc/x/", "!file y.cnf"]),
        ("a=1\n[m]\nb=2\n", &["broken", "[m]", "b=2"]),
        ("[m\nb=2\n", &["broken", "broken"]),
        ("[m]\n!include\n!includedir \nb=2\n", &["[m]", "broken", "broken", "b=2"]),
        ("\u{feff}[m]\nb\n", &["broken", "broken"]),
        ("[m]\r\na=1\r\nb\r\n", &["[m]", "a=1", "b"]),
    ] {
        assert_eq!(said(text), expected, "{text:?}");
    }
}

#[test]
fn what_is_cut_or_never_closed_is_told() {
    let codes = |text: &str| {
        let source = Source::detached("my.cnf", text);
        parse(&source).diagnostics.iter().map(|diagnostic| diagnostic.code).collect::<Vec<_>>()
    };
    assert_eq!(codes("[m]\npassword=abc#def\n"), ["value-cut-at-hash"]);
    assert!(codes("[m]\na=1 # one\nb=2 #two\nc=3#\n").is_empty());
    assert_eq!(codes("[m]\na=it's # one\n"), ["quote-not-closed"]);
    assert_eq!(codes("[m]\n!inculde x\n"), ["unknown-directive"]);
}

#[test]
fn server_and_client_files_are_told_apart() {
    use crate::formats::Claim::{Maybe, No, Yes};
    for (path, head, server, client) in [
        ("etc/mysql/mariadb.conf.d/50-server.cnf", "#\n[mysqld]\nport=1\n", Yes, No),
        ("etc/my.cnf", "!includedir /etc/my.cnf.d\n", Yes, No),
        ("conf.d/mysql.cnf", "[mysql]\n", No, Yes),
        (".my.cnf", "[client]\nuser=x\n", No, Yes),
        ("etc/ssl/openssl.cnf", "[ req ]\nx = 1\n", No, No),
        ("my.cnf", "# nothing\n", Maybe, No),
        ("x.cnf", "[mariadb-10.11]\n", Yes, No),
        ("a/.mylogin.cnf", "[client]\n", No, No),
    ] {
        assert_eq!((claims(path, head), claims_client(path, head)), (server, client), "{path}");
    }
}
