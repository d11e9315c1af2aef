//! `userlist.txt`, the `auth_file` of PgBouncer: `"user" "password"` on each line.
//!
//! A quote is written twice inside quotes. At the first line that it cannot read the program gives up on the rest, and
//! starts all the same: the users after it cannot log in.

use nom::Parser;
use nom::branch::alt;
use nom::bytes::complete::{tag, take_till, take_while1};
use nom::character::complete::char;
use nom::combinator::{map, recognize};
use nom::multi::many0_count;
use nom::sequence::{delimited, preceded, terminated};

use super::grammar::{Fault, Parsed, fault, first_line, is_space, must, place};
use super::{Claim, Comment, Diagnostic};
use crate::formats::copies::original_name;
use crate::model::Secret;
use crate::text::{Source, Span};

#[cfg(test)]
mod tests;

/// Bytes from which on a name is too long for the program.
const LONGEST_NAME: usize = 128;

/// A list of users.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Userlist {
    /// Users, in order; of a name that repeats the last password counts.
    pub users: Vec<User>,
    /// Every comment.
    pub comments: Vec<Comment>,
    /// What is wrong.
    pub diagnostics: Vec<Diagnostic>,
}

/// One user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct User {
    /// The name, with its quotes resolved.
    pub name: String,
    /// Where the name is, inside its quotes.
    pub name_span: Span,
    /// The password.
    pub password: Secret,
    /// Where the password is, inside its quotes.
    pub password_span: Span,
    /// How the password is kept.
    pub kept: Kept,
}

/// How a password is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kept {
    /// There is none.
    Empty,
    /// As it is typed.
    Plain,
    /// As an MD5 hash, which is itself enough to log in with.
    Md5,
    /// As a SCRAM secret.
    Scram,
}

impl Kept {
    /// How a password is kept, as the program tells it.
    #[must_use]
    pub fn of(password: &str) -> Self {
        let is_hash = |rest: &str| rest.len() == 32 && rest.bytes().all(|byte| byte.is_ascii_hexdigit());
        if password.is_empty() {
            Self::Empty
        } else if password.strip_prefix("md5").is_some_and(is_hash) {
            Self::Md5
        } else if password.starts_with("SCRAM-SHA-256$") {
            Self::Scram
        } else {
            Self::Plain
        }
    }

    /// The word for it.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::Plain => "plain",
            Self::Md5 => "md5",
            Self::Scram => "scram",
        }
    }
}

/// Whether a file is a list of users, by its name and its first lines.
#[must_use]
pub fn claims(name: &str, head: &str) -> Claim {
    let file = original_name(name);
    if !(file.contains("userlist") && file.ends_with(".txt")) {
        return Claim::No;
    }
    let mut lines = head.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with(';'));
    match lines.next() {
        Some(line) if item(line).is_ok() => Claim::Yes,
        Some(_) => Claim::No,
        None => Claim::Maybe,
    }
}

/// Reads a list, and hides every password of it.
#[must_use]
pub fn parse(source: &Source) -> Userlist {
    let mut list = Userlist::default();
    let mut text = source.text().split('\0').next().unwrap_or("");
    loop {
        text = text.trim_start_matches(is_space);
        if text.is_empty() {
            return list;
        }
        match item(text) {
            Ok((rest, Item::Comment(comment))) => {
                list.comments.push(Comment { span: place(source, comment.trim_end()), trailing: false });
                text = rest;
            }
            Ok((rest, Item::User { name, password })) => {
                list.take(source, name, password);
                text = rest;
            }
            Err(error) => {
                list.refuse(source, text, fault(error));
                return list;
            }
        }
    }
}

/// One item, as slices of the text.
enum Item<'t> {
    Comment(&'t str),
    User { name: &'t str, password: &'t str },
}

fn item(text: &str) -> Parsed<'_, Item<'_>> {
    let comment = map(recognize((char(';'), line)), Item::Comment);
    let password = must("a password in double quotes after the name", preceded(take_till(|c| c == '"'), quoted));
    let user = map((must("a user name in double quotes", quoted), password), |(name, password)| Item::User { name, password });
    alt((comment, terminated(user, line))).parse(text)
}

fn line(text: &str) -> Parsed<'_, &str> {
    take_till(|c| c == '\n').parse(text)
}

fn quoted(text: &str) -> Parsed<'_, &str> {
    let inside = recognize(many0_count(alt((tag("\"\""), take_while1(|c| c != '"')))));
    delimited(char('"'), inside, must("a closing double quote", char('"'))).parse(text)
}

impl Userlist {
    fn take(&mut self, source: &Source, name: &str, password: &str) {
        let password_span = place(source, password);
        source.redact(password_span);
        if name.len() >= LONGEST_NAME {
            let message = format!("A user name has {} bytes; PgBouncer takes at most {}", name.len(), LONGEST_NAME - 1);
            self.diagnostics.push(broken(place(source, name), &message, "a shorter name"));
        }
        let kept = Kept::of(password);
        let (name, name_span) = (name.replace("\"\"", "\""), place(source, name));
        self.users.push(User { name, name_span, password: Secret::new(password.replace("\"\"", "\"")), password_span, kept });
    }

    fn refuse(&mut self, source: &Source, text: &str, fault: Fault<'_>) {
        source.distrust();
        // Whatever is left may be passwords.
        source.redact(place(source, text));
        let message = format!("This line cannot be read: {} is missing", fault.wanted);
        self.diagnostics.push(broken(place(source, first_line(text).trim_end()), &message, fault.wanted));
    }
}

fn broken(span: Span, message: &str, expected: &str) -> Diagnostic {
    Diagnostic {
        code: "broken-user-list",
        span,
        message: format!("{message}. PgBouncer starts, and reads no user from this line on."),
        found: None,
        expected: Some(expected.to_owned()),
        related: Vec::new(),
        fatal: false,
    }
}
