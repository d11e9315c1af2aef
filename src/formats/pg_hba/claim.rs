//! Recognising `pg_hba.conf` and `pg_ident.conf` by name and content.

use super::tokens::each_record;
use super::{Hba, LogicalLine, parse, records};
use crate::formats::Claim;
use crate::formats::copies::original_name;
use crate::text::{Source, whole_lines};

const TYPES: [&str; 6] = ["local", "host", "hostssl", "hostnossl", "hostgssenc", "hostnogssenc"];

const METHODS: [&str; 16] = [
    "trust",
    "reject",
    "password",
    "md5",
    "scram-sha-256",
    "peer",
    "ident",
    "cert",
    "gss",
    "sspi",
    "ldap",
    "radius",
    "pam",
    "bsd",
    "oauth",
    "krb5",
];

/// Words of the heads that stock files have.
const HBA_HEADS: [&str; 2] = ["PostgreSQL Client Authentication Configuration File", "CLIENT AUTHENTICATION CONFIGURATION FILE"];
const IDENT_HEADS: [&str; 2] = ["PostgreSQL User Name Maps", "# MAPNAME "];

/// Whether a file holds access rules of PostgreSQL. `head` is the beginning of its text, which may stop in mid-line.
#[must_use]
pub fn claims(name: &str, head: &str) -> Claim {
    let file = original_name(name);
    // PgBouncer has a file of the same form, for its own clients.
    if file.ends_with("pgbouncer_hba.conf") || file.ends_with("pgbouncer-hba.conf") {
        return Claim::No;
    }
    if file == "pg_hba.conf" {
        return Claim::Yes;
    }
    let named = file.contains("pg_hba") || file.ends_with("hba.conf");
    // Every file of a tree is asked; most show at a glance that no line of theirs is a rule.
    if !named && !may_be_rules(head) {
        return Claim::No;
    }
    let hba = parse_head(head);
    // Of a file that is called so, one rule is enough.
    if named && each_record(&hba, true).any(|line| is_rule(&line)) {
        return Claim::Yes;
    }
    let lines = records(&hba, true);
    let rules = lines.iter().filter(|line| is_rule(line)).count();
    let others = lines.iter().filter(|line| !line.fields.is_empty()).count() - rules;
    let plausible = || lines.iter().all(|line| line.fields.is_empty() || starts_like_a_rule(line));
    // The stock sample is a template, which is told apart later.
    let sample = file.ends_with("pg_hba.conf") && head.contains("@auth");
    if named && plausible() || sample {
        return Claim::Yes;
    }
    match (rules, others) {
        (0, 0) if HBA_HEADS.iter().any(|words| head.contains(words)) => Claim::Yes,
        (0, _) => Claim::No,
        (_, 0) => Claim::Yes,
        // Broken lines do not make it another kind of file as long as rules prevail.
        (rules, others) if rules > others => Claim::Maybe,
        _ => Claim::No,
    }
}

/// Whether a file holds user name maps of PostgreSQL: three plain columns, which only a name or the stock head tells.
#[must_use]
pub fn claims_ident(name: &str, head: &str) -> Claim {
    if original_name(name).ends_with("pg_ident.conf") {
        return Claim::Yes;
    }
    let stock = IDENT_HEADS.iter().any(|words| head.contains(words));
    if stock && records(&parse_head(head), true).iter().all(|line| matches!(line.fields.len(), 0 | 3)) { Claim::Maybe } else { Claim::No }
}

/// Whether some line may be a rule, or all are comments with the head of a stock file, seen without taking the lines
/// apart. Quotes may be anywhere in a word, and a backslash joins two lines.
fn may_be_rules(head: &str) -> bool {
    if head.contains('\0') {
        return true;
    }
    let mut only_comments = true;
    for line in whole_lines(head) {
        match line.bytes().find(|byte| !matches!(byte, b' ' | b'\t' | b'\r' | b',')) {
            None | Some(b'\n') => continue,
            Some(b'l' | b'h' | b'"' | b'\\' | b'#' | 0x80..) => {}
            // No type begins so, whatever follows and however lines are joined.
            Some(_) => {
                only_comments = false;
                continue;
            }
        }
        let line = line.strip_suffix('\n').unwrap_or(line);
        if line.starts_with('#') && !line.ends_with(['\\', '\r']) {
            continue;
        }
        let line = line.trim_start_matches([' ', '\t', '\r', ',', '\u{feff}']);
        let word = line.split([' ', '\t', '\r', ',', '#']).next().unwrap_or("");
        // A comment that ends in a backslash takes in the line below it.
        let goes_on = word.is_empty() && line.trim_end_matches('\r').ends_with('\\');
        if is_type(word) || goes_on || word.ends_with('\\') || (word.contains('"') && is_type(&word.replace('"', ""))) {
            return true;
        }
        only_comments &= word.is_empty();
    }
    only_comments && HBA_HEADS.iter().any(|words| head.contains(words))
}

fn parse_head(head: &str) -> Hba {
    // The last line may be cut off by the bound on the head.
    let whole = head.rfind('\n').and_then(|end| head.get(..end)).unwrap_or(head);
    let text = whole.strip_prefix('\u{feff}').unwrap_or(whole);
    parse(&Source::detached("", text))
}

/// Every line of a tree is asked; most are told apart by their first letter.
fn is_type(word: &str) -> bool {
    word.starts_with(['l', 'h']) && TYPES.contains(&word)
}

fn word(line: &LogicalLine, field: usize) -> &str {
    line.fields.get(field).and_then(|field| field.tokens.first()).map_or("", |token| &token.text)
}

fn starts_like_a_rule(line: &LogicalLine) -> bool {
    TYPES.contains(&word(line, 0)) || (line.fields.len() == 2 && word(line, 0).starts_with("include"))
}

/// A known type, and a known method where one stands.
fn is_rule(line: &LogicalLine) -> bool {
    let method_at: &[usize] = if word(line, 0) == "local" { &[3] } else { &[4, 5] };
    TYPES.contains(&word(line, 0)) && method_at.iter().any(|at| METHODS.contains(&word(line, *at)))
}

#[cfg(test)]
mod tests {
    use super::*;

    const RULES: &str = "# access\nlocal all all peer\nhost all all 10.0.0.0 255.0.0.0 md5\n";

    #[test]
    fn content_decides_where_the_name_does_not() {
        assert_eq!(claims("012-foo-pg_hba.conf", RULES), Claim::Yes);
        assert_eq!(claims("access", RULES), Claim::Yes);
        assert_eq!(claims("pg_hba_old.conf", "host all all 10.0.0.0/8\n"), Claim::Yes);
        assert_eq!(claims("pg_hba_howto.conf", "some words about it\n"), Claim::No);
        // The stock sample is a template, which is told apart later.
        assert_eq!(claims("src/pg_hba.conf.sample", "@authcomment@\nhost all all ::1/128 @authmethodhost@\n"), Claim::Yes);
        assert_eq!(claims("pg_hba.conf", "# nothing yet\n"), Claim::Yes);
        assert_eq!(claims("db/pg_hba.conf", "select 1;\n"), Claim::Yes);
        assert_eq!(claims("pg_hba_bad.conf", "local all all 10.0.0.1/32\n"), Claim::Yes);
        assert_eq!(claims("pgbouncer_hba.conf", RULES), Claim::No);
        assert_eq!(claims("x", "# PostgreSQL Client Authentication Configuration File\n# ===\n"), Claim::Yes);
        assert_eq!(claims("x", &format!("{RULES}reject everything else\n")), Claim::Maybe);
    }

    #[test]
    fn other_kinds_are_left_alone() {
        for text in [
            "select * from t;\n",
            "127.0.0.1 localhost\n",
            "host = db\nport = 5432\n",
            "local x\nlocal y\n",
            "",
            "host all all 10.0.0.0/8\n",
            "# comment\n",
        ] {
            assert_eq!(claims("notes.conf", text), Claim::No, "{text}");
            assert_eq!(claims_ident("notes.conf", text), Claim::No, "{text}");
        }
    }

    #[test]
    fn maps_are_recognised_by_name_or_stock_head() {
        assert_eq!(claims_ident("etc/pg_ident.conf", "m a b\n"), Claim::Yes);
        assert_eq!(claims_ident("x", "# PostgreSQL User Name Maps\n# MAPNAME       SYSTEM-USERNAME\nm a b\n"), Claim::Maybe);
    }
}
