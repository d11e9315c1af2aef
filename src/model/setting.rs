//! Settings with their provenance.

use std::collections::BTreeMap;

use super::words::words;
use super::{Value, Why};
use crate::text::Span;

words! {
    /// Where a value comes from; the words of the report's `origin`.
    OriginKind {
        /// The default that is compiled into the server.
        Default = "default",
        /// What the provider of a managed service sets.
        ManagedDefault = "managed-default",
        /// What an operator sets.
        OperatorDefault = "operator-default",
        /// What the image sets.
        ImageDefault = "image-default",
        /// A file.
        File = "file",
        /// The environment.
        Environment = "environment",
        /// The command line.
        CommandLine = "command-line",
        /// A running server.
        Live = "live",
        /// Nothing sets it, and it has no default.
        Absent = "absent",
    }
}

/// Where a value comes from, with its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    /// The kind of origin.
    pub kind: OriginKind,
    /// The value in its file; `None` for defaults.
    pub span: Option<Span>,
    /// The name as written, in the same file.
    pub name_span: Option<Span>,
}

/// One place that sets a setting.
#[derive(Clone, Debug, PartialEq)]
pub struct Assignment {
    /// The value as written, unquoted.
    pub raw: String,
    /// Where it is.
    pub origin: Origin,
}

/// A setting in effect.
#[derive(Clone, Debug, PartialEq)]
pub struct Setting {
    /// Its canonical name.
    pub name: String,
    /// What it means.
    pub value: Value,
    /// What the server would show: `128MB`, `on`.
    pub shown: String,
    /// The number in the setting's base unit, where it is one.
    pub base: Option<f64>,
    /// The base unit as the server names it: `8kB`, `ms`.
    pub unit: Option<&'static str>,
    /// The word for a special value: `off` for a timeout of 0, `auto` for -1. It is no size or time then.
    pub special: Option<&'static str>,
    /// Where it comes from.
    pub origin: Origin,
    /// Earlier places that it overrode, in the order read.
    pub overrode: Vec<Assignment>,
}

/// What is known of one setting.
#[derive(Clone, Debug, PartialEq)]
pub enum SettingState {
    /// In effect.
    Known(Setting),
    /// It cannot be told.
    Unknown(Why),
    /// This version has no such setting.
    NotInVersion,
    /// It has no value: nothing sets it, and it has no default (an extension's setting).
    Absent,
}

/// Settings by canonical lower-case name.
pub type Settings = BTreeMap<String, SettingState>;
