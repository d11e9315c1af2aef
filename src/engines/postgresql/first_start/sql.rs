//! Statements that change settings and roles.

use std::ops::Range;
use std::sync::Arc;

use super::{Change, Effect};
use crate::formats::sql::{Kind, Statement, Token, statements};
use crate::text::{Source, Span};
use crate::workloads::is_weak;

/// Roles of the server whose members read and write files, or run programs, as the server.
const OF_THE_SERVER: [&str; 3] = ["pg_execute_server_program", "pg_write_server_files", "pg_read_server_files"];

/// Attributes of a role that no application needs, each with what comes of it.
const POWERS: [(&str, &str); 3] = [
    ("createrole", "CREATEROLE, which makes and changes accounts"),
    ("bypassrls", "BYPASSRLS, which reads past every row-level policy"),
    ("replication", "REPLICATION, which copies the whole cluster"),
];

/// Deepest nesting of texts in texts.
const DEEPEST: usize = 4;

/// Reads SQL of a source.
pub(super) struct Sql<'s> {
    source: &'s Arc<Source>,
    pub(super) effects: Vec<Effect>,
    /// What was not understood, as a clause.
    pub(super) unread: Option<String>,
    depth: usize,
}

/// Where the bytes of a text are in the source.
type Places<'p> = &'p dyn Fn(Range<usize>) -> Span;

impl<'s> Sql<'s> {
    pub(super) fn new(source: &'s Arc<Source>) -> Self {
        Self { source, effects: Vec::new(), unread: None, depth: 0 }
    }

    /// Reads a text; `place` tells where its bytes are.
    pub(super) fn text(&mut self, text: &str, place: Places<'_>) {
        if self.depth >= DEEPEST {
            return self.lost("it is nested too deep");
        }
        self.depth += 1;
        let (statements, whole) = statements(text);
        if !whole {
            self.lost("a quote or comment is never closed, or it is too long");
        }
        statements.iter().for_each(|statement| self.statement(statement, place));
        self.depth -= 1;
    }

    pub(super) fn lost(&mut self, why: &str) {
        self.unread.get_or_insert_with(|| why.to_owned());
    }

    fn add(&mut self, change: Change, span: Span) {
        self.effects.push(Effect { change, span, source: Arc::clone(self.source) });
    }

    fn statement(&mut self, statement: &Statement, place: Places<'_>) {
        let tokens = statement.tokens.as_slice();
        if let Some(meta) = tokens.last().filter(|token| token.kind == Kind::Meta) {
            self.meta(&meta.text, tokens, place);
        }
        let word = |at: usize| tokens.get(at).filter(|token| token.kind == Kind::Word).map_or("", |token| token.text.as_str());
        match (word(0), word(1)) {
            ("do", _) => self.bodies(tokens, place),
            ("create", "function" | "procedure" | "or") => self.function(tokens),
            ("copy", _) if tokens.iter().any(|token| token.is_word("program")) => self.lost("COPY … PROGRAM runs a program"),
            ("copy", _) if copies_to_file(tokens) => self.lost("COPY … TO writes a file of the server"),
            ("update" | "insert" | "delete", _) if names_catalogue(tokens) => self.lost("it changes a catalogue of the server directly"),
            _ if calls_writer(tokens) => self.lost("it calls a function that writes files of the server"),
            _ => _ = self.change(tokens, place),
        }
    }

    /// Commands of psql.
    fn meta(&mut self, meta: &str, tokens: &[Token], place: Places<'_>) {
        let name = meta.split(|c: char| !c.is_ascii_alphanumeric() && c != '!').next().unwrap_or("");
        match name {
            "i" | "ir" | "include" | "include_relative" => self.lost("it includes another file"),
            "!" => self.lost("it runs a command of the shell"),
            "gexec" => self.texts(tokens, place, "\\gexec runs what a query returns"),
            _ if meta.contains('`') => self.lost("it runs a command of the shell"),
            _ => {}
        }
    }

    /// Texts that are run as SQL, such as that of `EXECUTE`.
    fn texts(&mut self, tokens: &[Token], place: Places<'_>, why: &str) {
        let known: Vec<&Token> = tokens.iter().filter(|token| matches!(token.kind, Kind::Text | Kind::Body)).collect();
        let is_sql = |token: &&&Token| {
            let first = token.text.split_whitespace().next().unwrap_or("").to_ascii_lowercase();
            matches!(first.as_str(), "create" | "alter" | "grant" | "revoke" | "drop" | "comment" | "select")
        };
        let Some(first) = known.iter().find(is_sql) else { return self.lost(why) };
        let span = place(first.place.clone());
        self.text(&first.text, &|_| span);
    }

    /// The body of `DO`.
    fn bodies(&mut self, tokens: &[Token], place: Places<'_>) {
        let Some(body) = tokens.iter().find(|token| matches!(token.kind, Kind::Body | Kind::Text)) else { return };
        let start = body.place.start;
        let exact = body.kind == Kind::Body;
        let span = place(body.place.clone());
        let within = |range: Range<usize>| if exact { place(start + range.start..start + range.end) } else { span };
        let (statements, whole) = statements(&body.text);
        if !whole {
            self.lost("a quote or comment is never closed");
        }
        for statement in &statements {
            self.step(&statement.tokens, &within);
        }
    }

    /// A statement of a body, with the words of its language before it: `IF … THEN CREATE ROLE …`.
    fn step(&mut self, tokens: &[Token], place: Places<'_>) {
        if let Some(at) = tokens.iter().position(|token| token.is_word("execute")) {
            return self.texts(tokens.get(at..).unwrap_or(&[]), place, "EXECUTE runs a text that is put together");
        }
        for at in 0..tokens.len() {
            let rest = tokens.get(at..).unwrap_or(&[]);
            if self.change(rest, place) {
                return;
            }
        }
    }

    /// A function changes nothing before it is called; whether it is, cannot be told.
    fn function(&mut self, tokens: &[Token]) {
        for body in tokens.iter().filter(|token| matches!(token.kind, Kind::Body | Kind::Text)) {
            let lower = body.text.to_ascii_lowercase();
            if lower.contains("alter system") || lower.contains("superuser") {
                self.lost("a function of it changes settings or roles");
            }
        }
    }

    /// One statement that may change a setting or a role; whether it is one.
    fn change(&mut self, tokens: &[Token], place: Places<'_>) -> bool {
        let word = |at: usize| tokens.get(at).filter(|token| token.kind == Kind::Word).map_or("", |token| token.text.as_str());
        match (word(0), word(1), word(2)) {
            ("alter", "system", "set") => self.system(tokens, place),
            ("alter", "system", "reset") => self.reset(tokens),
            ("create" | "alter", "user", "mapping") => {}
            ("create" | "alter", "role" | "user" | "group", _) => self.role(tokens, place),
            ("alter", "database", _) => {
                if let Some(name) = tokens.get(2) {
                    self.setting_of(&format!("database {}", name.text), tokens.get(3..).unwrap_or(&[]), place);
                }
            }
            ("grant", ..) => self.grant(tokens, place),
            _ => return false,
        }
        true
    }

    fn system(&mut self, tokens: &[Token], place: Places<'_>) {
        let Some((name, value, value_place)) = assignment(tokens.get(3..).unwrap_or(&[])) else {
            return self.lost("the value of ALTER SYSTEM is a variable");
        };
        let Some(name_token) = tokens.get(3) else { return };
        let value_span = place(value_place);
        let span = place(name_token.place.clone());
        match value {
            Some(value) => self.add(Change::Setting { name, value, value_span, file: None }, span),
            None => self.reset_name(&name),
        }
    }

    fn reset(&mut self, tokens: &[Token]) {
        let Some(name) = tokens.get(3) else { return };
        if name.is_word("all") {
            self.effects.retain(|effect| !matches!(effect.change, Change::Setting { file: None, .. }));
        } else {
            self.reset_name(&name.text);
        }
    }

    fn reset_name(&mut self, reset: &str) {
        self.effects
            .retain(|effect| !matches!(&effect.change, Change::Setting { name, file: None, .. } if name.eq_ignore_ascii_case(reset)));
    }

    fn role(&mut self, tokens: &[Token], place: Places<'_>) {
        let Some(role) = tokens.get(2).filter(|token| matches!(token.kind, Kind::Word | Kind::Name | Kind::Variable)) else { return };
        let name = role.text.clone();
        let options = tokens.get(3..).unwrap_or(&[]);
        for (at, option) in options.iter().enumerate() {
            let next = options.get(at + 1);
            let span = place(role.place.start..next.map_or(option.place.end, |_| option.place.end));
            match option.text.as_str() {
                _ if option.kind != Kind::Word => {}
                "superuser" => self.add(Change::Superuser { role: name.clone(), how: "SUPERUSER".to_owned() }, span),
                "createrole" | "bypassrls" | "replication" => {
                    let power = POWERS.iter().find(|(word, _)| *word == option.text);
                    power.into_iter().for_each(|(_, which)| self.add(Change::Power { role: name.clone(), which }, span));
                }
                "password" => self.password(&name, next, place),
                "role" | "group" if at > 0 && options.get(at - 1).is_some_and(|before| before.is_word("in")) => {
                    self.members(std::slice::from_ref(role), options.get(at + 1..).unwrap_or(&[]), place);
                }
                "set" => return self.setting_of(&format!("role {name}"), options.get(at..).unwrap_or(&[]), place),
                _ => {}
            }
        }
    }

    fn password(&mut self, role: &str, value: Option<&Token>, place: Places<'_>) {
        let Some(value) = value.filter(|value| value.kind == Kind::Text && !value.text.is_empty()) else { return };
        // What a shell or a template still replaces is not known; a verifier is no password.
        let hidden = value.text.contains(['$', '{', '`']) || value.text.starts_with("SCRAM-SHA-256") || value.text.starts_with("md5");
        if !hidden {
            let weak = is_weak(&value.text, [role]);
            self.add(Change::Password { role: role.to_owned(), weak }, place(value.place.clone()));
        }
    }

    /// `GRANT a, b TO c, d`: membership, where there is no ON.
    fn grant(&mut self, tokens: &[Token], place: Places<'_>) {
        let at = |word: &str| tokens.iter().position(|token| token.is_word(word));
        let (Some(to), None) = (at("to"), at("on")) else { return };
        let roles = tokens.get(1..to).unwrap_or(&[]);
        let members: Vec<Token> = tokens.get(to + 1..).unwrap_or(&[]).iter().take_while(|token| !token.is_word("with")).cloned().collect();
        let names: Vec<Token> =
            members.into_iter().filter(|token| matches!(token.kind, Kind::Word | Kind::Name | Kind::Variable)).collect();
        self.members(&names, roles, place);
    }

    fn members(&mut self, members: &[Token], roles: &[Token], place: Places<'_>) {
        let listed = roles.iter().take_while(|token| matches!(token.kind, Kind::Word | Kind::Name) || token.text == ",");
        let granted: Vec<&Token> = listed.filter(|token| token.kind != Kind::Symbol).collect();
        for role in granted {
            for member in members {
                let span = place(role.place.start.min(member.place.start)..role.place.end.max(member.place.end));
                let (member, of) = (member.text.clone(), role.text.clone());
                if OF_THE_SERVER.contains(&of.as_str()) {
                    self.add(Change::Superuser { role: member, how: format!("member of {of}") }, span);
                } else {
                    self.add(Change::Member { role: member, of }, span);
                }
            }
        }
    }

    /// `SET x = y`, of a role or a database, with `IN DATABASE` before it.
    fn setting_of(&mut self, whom: &str, tokens: &[Token], place: Places<'_>) {
        let Some(at) = tokens.iter().position(|token| token.is_word("set")) else { return };
        let Some((name, value, value_place)) = assignment(tokens.get(at + 1..).unwrap_or(&[])) else { return };
        let Some(value) = value else { return };
        let start = tokens.get(at + 1).map_or(value_place.start, |token| token.place.start);
        self.add(Change::SettingOf { whom: whom.to_owned(), name, value }, place(start..value_place.end));
    }
}

/// A name, the value that it gets, and where that stands: `a.b TO 'x'`, `x = 1, 2`. No value for `DEFAULT`; nothing
/// where it is a variable.
fn assignment(tokens: &[Token]) -> Option<(String, Option<String>, Range<usize>)> {
    let at = tokens.iter().position(|token| token.text == "=" || token.is_word("to"))?;
    let name: String = tokens.get(..at)?.iter().map(|token| token.text.as_str()).collect();
    let values = tokens.get(at + 1..)?;
    let (first, last) = (values.first()?, values.last()?);
    if first.is_word("default") {
        return Some((name, None, first.place.clone()));
    }
    let is_known = |token: &Token| token.kind != Kind::Variable && !(token.kind == Kind::Text && token.text.contains('$'));
    if !values.iter().all(is_known) {
        return None;
    }
    let mut value = String::new();
    for token in values {
        match token.text.as_str() {
            "," => value.push_str(", "),
            text => value.push_str(text),
        }
    }
    Some((name, Some(value), first.place.start..last.place.end))
}

fn copies_to_file(tokens: &[Token]) -> bool {
    let mut after = tokens.iter().skip_while(|token| !token.is_word("to"));
    after.next().is_some() && after.next().is_some_and(|target| target.kind == Kind::Text)
}

fn names_catalogue(tokens: &[Token]) -> bool {
    tokens.iter().any(|token| ["pg_authid", "pg_auth_members", "pg_db_role_setting"].iter().any(|name| token.is_word(name)))
}

fn calls_writer(tokens: &[Token]) -> bool {
    tokens.iter().any(|token| {
        ["lo_export", "pg_write_file", "pg_file_write", "pg_file_rename", "dblink_exec"].iter().any(|name| token.is_word(name))
    })
}
