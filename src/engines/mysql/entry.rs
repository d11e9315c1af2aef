//! What is known of one option.

/// Kinds of value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// On or off.
    Bool,
    /// On wherever it is given, whatever the value, which names files: `log_bin`.
    Switch,
    /// A whole number, possibly a size or a time.
    Integer,
    /// A number with a fraction.
    Real,
    /// One of some words.
    Enum,
    /// Some of some words, with commas between them.
    Set,
    /// Words that are on or off, each with its value: `optimizer_switch`.
    Flags,
    /// Text.
    Text,
    /// Texts with commas between them.
    List,
}

/// The unit of a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// Bytes.
    Byte,
    /// Microseconds.
    Microsecond,
    /// Milliseconds.
    Millisecond,
    /// Seconds.
    Second,
}

impl Unit {
    /// How it is written.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Byte => "B",
            Self::Microsecond => "us",
            Self::Millisecond => "ms",
            Self::Second => "s",
        }
    }
}

/// What a change of an option needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// `SET GLOBAL`, while the server runs.
    Live,
    /// A restart.
    Restart,
    /// A restart; it is no variable.
    Option,
    /// It is taken, and does nothing any more.
    Gone,
}

/// Whether a name takes a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Argument {
    /// None; a boolean takes one all the same.
    None,
    /// None at all.
    Never,
    /// It may.
    Optional,
    /// It must.
    Required,
}

/// What holds where nothing is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Default {
    /// This value.
    Value(&'static str),
    /// Nothing.
    None,
    /// The machine, the build or another setting decides.
    Machine,
}

/// An option, as some series know it.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// Its name, with underscores.
    pub name: &'static str,
    /// Type.
    pub kind: Kind,
    /// Unit of a number.
    pub unit: Option<Unit>,
    /// What a change needs.
    pub change: Change,
    /// Whether it takes a value.
    pub argument: Argument,
    /// Least number.
    pub least: Option<i128>,
    /// Greatest number.
    pub most: Option<i128>,
    /// The same with its fraction.
    pub least_real: Option<f64>,
    /// The same with its fraction.
    pub most_real: Option<f64>,
    /// What a number is rounded down to.
    pub block: Option<i128>,
    /// Default.
    pub default: Default,
    /// Words of an enumeration or a set.
    pub words: Vec<&'static str>,
    /// Whether the server warns that it will go.
    pub deprecated: bool,
    /// The plugin that has to be loaded for it.
    pub plugin: Option<&'static str>,
}
