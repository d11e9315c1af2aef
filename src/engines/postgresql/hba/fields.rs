//! From the fields of a line to a rule, in the order in which the server checks them.
//!
//! The server stops at the first error of a line and goes on with the next line, and so does this.

use super::address::{Address, Range, numeric, prefix_length};
use super::methods::{self, read_method};
use super::options::read_options;
use super::problem::{Problem, newer, shown};
use super::read::{FieldWords, Line, Word};
use super::regex::check_regex;
use super::rule::{ConnectionType, NameItem, Names, Rule, WrittenAddress, is_dead};
use crate::text::Span;

/// The rule of a line, or its error.
pub(super) fn read_rule(line: &Line, major: u32) -> Result<Rule, Problem> {
    let mut fields = Fields { line, at: 0 };
    let (kind, kind_span) = connection_type(&mut fields, major)?;
    let databases = names(fields.next("a database, a user and a method")?, major, database_item)?;
    let users = names(fields.next("a user and a method")?, major, user_item)?;
    let address = if kind == ConnectionType::Local { None } else { Some(address(&mut fields)?) };
    let method = only(fields.next("a method, as scram-sha-256")?, "authentication method")?;
    let written = read_method(method, line, kind, major)?;
    let options = read_options(fields.rest(), written, kind, major)?;
    let dead_address = address.as_ref().is_some_and(|written| is_dead(&written.address));
    let rule = Rule {
        path: line.path.clone(),
        line: line.number,
        span: line.span,
        kind,
        kind_span,
        databases,
        users,
        address,
        method: if kind == ConnectionType::Local && written == "ident" { "peer" } else { written }.to_owned(),
        method_span: method.span,
        options,
        image_default: false,
        dead_address,
    };
    methods::check_required(&rule)?;
    Ok(rule)
}

/// A cursor over the fields of a line.
struct Fields<'l> {
    line: &'l Line,
    at: usize,
}

impl<'l> Fields<'l> {
    fn next(&mut self, expected: &str) -> Result<&'l FieldWords, Problem> {
        let field = self.line.fields.get(self.at);
        self.at += 1;
        field.ok_or_else(|| {
            let span = self.line.fields.last().map_or(self.line.span, |field| field.span);
            let message = format!("The line ends too early: it still needs {expected}. The server refuses the file.");
            Problem::error("missing-field", span, message).expected(expected)
        })
    }

    fn rest(&self) -> &'l [FieldWords] {
        self.line.fields.get(self.at..).unwrap_or_default()
    }
}

/// The single word of a field that takes no list.
fn only<'l>(field: &'l FieldWords, what: &str) -> Result<&'l Word, Problem> {
    match field.words.as_slice() {
        [word] => Ok(word),
        _ => {
            let message = format!("The {what} takes one value, not a list with commas; write one line for each.");
            Err(Problem::error("multi-value-field", field.span, message).expected("one value"))
        }
    }
}

fn connection_type(fields: &mut Fields<'_>, major: u32) -> Result<(ConnectionType, Span), Problem> {
    let word = only(fields.next("a connection type")?, "connection type")?;
    match word.text.parse::<ConnectionType>() {
        Ok(ConnectionType::HostGssEnc | ConnectionType::HostNoGssEnc) if major < 12 => Err(newer(word.span, 12, &word.text)),
        Ok(kind) => Ok((kind, word.span)),
        Err(_) => Err(unknown_type(word, fields.line.fields.len(), major)),
    }
}

fn unknown_type(word: &Word, fields: usize, major: u32) -> Problem {
    let kinds = ConnectionType::WORDS.join(", ");
    if word.text.starts_with('\u{feff}') {
        let message = "The file begins with a byte order mark, which the server takes as part of the first word, so that it refuses the file. Save it as UTF-8 without byte order mark.";
        return Problem::error("bom", word.span, message).expected("no byte order mark");
    }
    if matches!(word.text.as_str(), "include" | "include_if_exists" | "include_dir") {
        if major < 16 {
            return newer(word.span, 16, &word.text);
        }
        let message = format!("`{}` takes exactly one path, and here the line has {} fields.", word.text, fields);
        return Problem::error("unknown-type", word.span, message).name(&word.text).expected(format!("{} PATH", word.text));
    }
    let lower = word.text.to_ascii_lowercase();
    let lower = lower.trim_matches('\'');
    let suggestion = ConnectionType::ALL
        .iter()
        .map(|kind| kind.word())
        .find(|kind| *kind == lower || lower.len() < 40 && strsim::damerau_levenshtein(kind, lower) == 1);
    let message = format!(
        "`{}` is not a connection type: a line begins with one of {kinds}, in lower case. The server refuses the file.",
        shown(&word.text)
    );
    Problem::error("unknown-type", word.span, message).name(&word.text).found(&word.text).expected(kinds).suggest(suggestion)
}

fn names(field: &FieldWords, major: u32, item: fn(&Word) -> Option<NameItem>) -> Result<Names, Problem> {
    let mut items = Vec::new();
    let mut unseen = None;
    for word in &field.words {
        if let Some(why) = &word.unseen {
            unseen.get_or_insert_with(|| why.clone());
            items.push(NameItem::Unseen(word.text.trim_start_matches('@').to_owned()));
            continue;
        }
        let keyword = if word.quoted { None } else { item(word) };
        items.push(match (keyword, word.text.strip_prefix('/')) {
            (Some(keyword), _) => keyword,
            (None, Some(expression)) if major >= 16 => {
                check_regex(expression).map_err(|reason| bad_regex(word, &reason))?;
                NameItem::Regex(expression.to_owned())
            }
            _ => NameItem::Name(word.text.clone()),
        });
    }
    Ok(Names { items, span: field.span, unseen })
}

pub(in crate::engines::postgresql) fn bad_regex(word: &Word, reason: &str) -> Problem {
    let message = format!("`{}` begins with a slash, so it is a regular expression, and not a valid one: {reason}.", shown(&word.text));
    Problem::error("bad-regex", word.span, message).name(&word.text).found(&word.text).expected("a valid regular expression")
}

fn database_item(word: &Word) -> Option<NameItem> {
    Some(match word.text.as_str() {
        "all" => NameItem::All,
        "replication" => NameItem::Replication,
        "sameuser" => NameItem::SameUser,
        "samerole" | "samegroup" => NameItem::SameRole,
        _ => return None,
    })
}

fn user_item(word: &Word) -> Option<NameItem> {
    match word.text.strip_prefix('+') {
        Some(role) => Some(NameItem::Group(role.to_owned())),
        None => (word.text == "all").then_some(NameItem::All),
    }
}

fn address(fields: &mut Fields<'_>) -> Result<WrittenAddress, Problem> {
    let word = only(fields.next("an address, for example 10.0.0.0/8, and a method")?, "address")?;
    let keyword = match word.text.as_str() {
        _ if word.quoted => None,
        "all" => Some(Address::All),
        "samehost" => Some(Address::SameHost),
        "samenet" => Some(Address::SameNet),
        _ => None,
    };
    if let Some(address) = keyword {
        return Ok(WrittenAddress { address, text: word.text.clone(), span: word.span });
    }
    let (host, suffix) = word.text.split_once('/').map_or((word.text.as_str(), None), |(host, suffix)| (host, Some(suffix)));
    match (numeric(host), suffix) {
        (None, None) => Ok(WrittenAddress { address: Address::Host(word.text.clone()), text: word.text.clone(), span: word.span }),
        (None, Some(_)) => Err(host_name_with_mask(word, host)),
        (Some((family, address)), Some(suffix)) => {
            let prefix = prefix_length(suffix, family).ok_or_else(|| {
                let expected = format!("a prefix length from 0 to {}", family.bits());
                let message = format!("`{}` has no valid prefix length after the slash; the server refuses the file.", shown(&word.text));
                Problem::error("bad-address", word.span, message).found(&word.text).expected(expected)
            })?;
            let range = Range::new(family, address, prefix);
            Ok(WrittenAddress { address: Address::Range(range), text: word.text.clone(), span: word.span })
        }
        (Some((family, address)), None) => {
            let mask_word = only(fields.next("a mask after the address, or a prefix length as in 10.0.0.0/8, and a method")?, "mask")?;
            let (mask_family, mask) = numeric(&mask_word.text).ok_or_else(|| no_mask(word, mask_word, family.bits()))?;
            if mask_family != family {
                let message = "Address and mask are of different families, one IPv4 and one IPv6; the server refuses the file.";
                return Err(Problem::error("bad-address", mask_word.span, message)
                    .found(&mask_word.text)
                    .expected("a mask of the family of the address"));
            }
            let text = format!("{} {}", word.text, mask_word.text);
            Ok(WrittenAddress { address: Address::Range(Range { family, address, mask }), text, span: word.span.to(mask_word.span) })
        }
    }
}

fn host_name_with_mask(word: &Word, host: &str) -> Problem {
    let numbers = host.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    let reason = if numbers { "is not a valid IPv4 address" } else { "is no IP address, so it is taken as a host name" };
    let message = format!("`{}` {reason}, and a host name takes no prefix length; the server refuses the file.", shown(host));
    Problem::error("host-name-with-mask", word.span, message)
        .found(&word.text)
        .expected("an IP address with a prefix length, or a host name alone")
}

fn no_mask(address: &Word, mask: &Word, bits: u32) -> Problem {
    let whole = format!("{}/{bits}", address.text);
    let message = format!(
        "`{}` has no prefix length, so the next word, `{}`, is read as its mask, which it is not. For this one address write {}.",
        shown(&address.text),
        shown(&mask.text),
        shown(&whole)
    );
    Problem::error("bad-address", address.span, message)
        .found(&mask.text)
        .expected("an IP mask, or an address with a prefix length")
        .suggest(Some(shown(&whole)))
}
