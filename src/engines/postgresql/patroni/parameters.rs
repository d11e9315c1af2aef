//! The parameters of the file as lines and arguments of the server.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::controlled::{self, CONTROLLED, Control};
use super::node::{self, Placed};
use super::problems;
use crate::engines::postgresql::command_line::{Argument, CommandLine};
use crate::engines::postgresql::reading::{Line, Step};
use crate::engines::postgresql::secrets::mask;
use crate::formats::pg_conf::{Directive, Statement};
use crate::formats::yaml::Node;
use crate::model::{EnvironmentEntry, Record};
use crate::text::{Source, Span};

/// One parameter.
struct Parameter {
    name: Placed,
    value: Placed,
}

/// What the file makes of the server's settings.
#[derive(Default)]
pub(in crate::engines::postgresql) struct Parameters {
    /// What Patroni writes into `postgresql.conf`, in the order that makes the last one count.
    pub lines: Vec<Step>,
    /// What it passes on the command line.
    pub command_line: CommandLine,
    /// What has no effect.
    pub problems: Vec<Record>,
}

/// `postgresql.parameters` of a part of the file.
fn parameters(part: &Node) -> Vec<Parameter> {
    let Some(entry) = node::entry(part, &["postgresql", "parameters"]) else { return Vec::new() };
    let parameter = |entry: &&crate::formats::yaml::Entry| {
        let name = Placed { text: entry.key.text()?.to_owned(), span: entry.key.place() };
        let value = Placed { text: node::scalar(&entry.value)?, span: entry.value.place() };
        Some(Parameter { name, value })
    };
    entry.value.entries().iter().filter_map(parameter).collect()
}

impl Parameters {
    /// Reads both parts: what the DCS begins with, and what holds for this node.
    pub(super) fn read(root: &Node, source: &Arc<Source>, before_13: bool) -> Self {
        let mut read = Self::default();
        let mut of_cluster: BTreeMap<&'static str, Argument> = BTreeMap::new();
        let dcs = node::entry(root, &["bootstrap", "dcs"]);
        for parameter in dcs.map(|dcs| parameters(&dcs.value)).unwrap_or_default() {
            if let (false, Some(size)) = (before_13, as_wal_keep_size(&parameter)) {
                of_cluster.entry("wal_keep_size").or_insert_with(|| argument_of("wal_keep_size", &size, parameter.value.span));
                continue;
            }
            let Some(controlled) = controlled::of(&parameter.name.text) else {
                read.line(parameter, source);
                continue;
            };
            match controlled.refuses(&parameter.value.text) {
                Some(reason) => read.problems.push(problems::ignored(&parameter.name, &parameter.value, &reason)),
                None => _ = of_cluster.insert(controlled.name, argument(controlled.name, &parameter.value)),
            }
        }
        for parameter in parameters(root) {
            match controlled::of(&parameter.name.text) {
                None => read.line(parameter, source),
                Some(controlled) => {
                    // On is what it comes to all the same.
                    let harmless = controlled.control == Control::AlwaysOn && parameter.value.text == "on";
                    if !harmless {
                        let reason = controlled.refuses(&parameter.value.text).filter(|_| controlled.control == Control::Own);
                        let reason = reason
                            .unwrap_or_else(|| format!("Patroni takes `{}` from the DCS alone, the same for every node", controlled.name));
                        read.problems.push(problems::ignored(&parameter.name, &parameter.value, &reason));
                    }
                }
            }
        }
        read.command_line.arguments.extend(of_cluster.into_values());
        read.own_settings(root);
        read
    }

    fn line(&mut self, parameter: Parameter, source: &Arc<Source>) {
        let Parameter { name, value } = parameter;
        let masked = mask(&name.text, &value.text);
        if masked.is_some() {
            source.redact(value.span);
        }
        let statement = Statement {
            directive: Directive::Set,
            name: name.text,
            name_span: name.span,
            value: value.text,
            value_span: value.span,
            quoted: true,
        };
        self.lines.push(Step::Set(Line { statement, source: Arc::clone(source), auto: false, masked }));
    }

    /// `listen` and `scope`.
    fn own_settings(&mut self, root: &Node) {
        if let Some(listen) = node::text(root, &["postgresql", "listen"]) {
            self.command_line.arguments.extend(listen_arguments(&listen.text, listen.span));
        }
        if let Some(scope) = node::text(root, &["scope"]) {
            self.command_line.arguments.push(argument("cluster_name", &scope));
        }
    }
}

fn listen_arguments(listen: &str, span: Span) -> [Argument; 2] {
    let (hosts, port) = split_host_port(listen);
    [argument_of("listen_addresses", hosts, span), argument_of("port", port, span)]
}

/// What `PATRONI_POSTGRESQL_LISTEN` sets in place of `postgresql.listen`.
pub(in crate::engines::postgresql) fn listen_of_variable(entry: &EnvironmentEntry) -> [Argument; 2] {
    let span = entry.value.span;
    match entry.value.value.as_deref() {
        Some(listen) => listen_arguments(listen, span),
        None => ["listen_addresses", "port"].map(|name| Argument { name: Some(name.to_owned()), value: None, span }),
    }
}

/// `wal_keep_segments`, which Patroni turns into `wal_keep_size` from PostgreSQL 13 on.
fn as_wal_keep_size(parameter: &Parameter) -> Option<String> {
    let segments: u32 =
        Some(&parameter.value.text).filter(|_| parameter.name.text.eq_ignore_ascii_case("wal_keep_segments"))?.parse().ok()?;
    Some(format!("{}MB", u64::from(segments.max(1)) * 16))
}

/// What Patroni adds where nothing is written, as long as what the DCS holds was seen.
pub(super) fn defaults() -> Vec<(String, String)> {
    let default = |controlled: &controlled::Controlled| Some((controlled.name.to_owned(), controlled.default?.to_owned()));
    CONTROLLED.iter().filter_map(default).collect()
}

fn argument(name: &str, value: &Placed) -> Argument {
    argument_of(name, &value.text, value.span)
}

fn argument_of(name: &str, value: &str, span: Span) -> Argument {
    Argument { name: Some(name.to_owned()), value: Some(value.to_owned()), span }
}

/// Hosts and port of `10.0.0.1,::1:5432`; the port is 5432 where none is written.
fn split_host_port(listen: &str) -> (&str, &str) {
    match listen.rsplit_once(':') {
        Some((hosts, port)) if !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit()) => (hosts.trim_matches(['[', ']']), port),
        _ => (listen, "5432"),
    }
}
