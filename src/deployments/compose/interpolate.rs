//! Interpolation of `$VAR` and `${VAR…}`, as compose-go does it, with three answers instead of two.
//!
//! Docker Compose replaces a variable that nobody sets by nothing. Here it stays unknown: the shell
//! that starts the project may set it, and a rule must not pass or fail on what nobody has seen.

use std::ops::Range;

use super::allowance::{Allowance, Bound};
use super::variable::{Lookup, Variable};
use crate::model::Provenance;
use crate::text::Span;

/// Stands in expanded text where a variable has no value that could be known.
pub(super) const UNKNOWN: char = '\u{10fffe}';

/// Stands for that very sign where a file holds it, which no text needs; both take four bytes.
const WRITTEN_UNKNOWN: &str = "\u{10ffff}";

/// Defaults within defaults that are followed.
const DEEPEST: usize = 30;

/// A run of expanded text that came from one place.
#[derive(Clone, Debug)]
pub(super) struct Piece {
    /// Its bytes in the expanded text.
    pub(super) expanded: Range<usize>,
    /// Its bytes in the text as written.
    pub(super) raw: Range<usize>,
    /// Whether both are the same, byte by byte.
    pub(super) verbatim: bool,
    /// How it came to be.
    pub(super) provenance: Provenance,
    /// Variables that it uses.
    pub(super) variables: Vec<String>,
    /// Where the value is, when it comes from a variable of a file.
    pub(super) defined_at: Option<Span>,
}

/// What interpolation makes of a text.
#[derive(Clone, Debug, Default)]
pub(super) struct Expansion {
    /// The text; [`UNKNOWN`] where it cannot be told.
    pub(super) text: String,
    /// Where its parts come from, in order and without gaps.
    pub(super) pieces: Vec<Piece>,
    /// A `${` that Docker Compose refuses: where, and what is wrong.
    pub(super) error: Option<(Range<usize>, &'static str)>,
    /// The bound that left a variable unreplaced; [`UNKNOWN`] stands for it.
    pub(super) cut: Option<Bound>,
}

/// What the variables of a text are replaced with.
#[derive(Clone, Copy)]
struct Context<'v> {
    variables: &'v dyn Lookup,
    allowance: &'v Allowance,
}

/// Replaces the variables of a text, as far as the allowance goes.
pub(super) fn expand(text: &str, variables: &dyn Lookup, allowance: &Allowance) -> Expansion {
    expand_within(text, Context { variables, allowance }, 0)
}

fn expand_within(text: &str, context: Context<'_>, depth: usize) -> Expansion {
    let mut expansion = Expansion::default();
    let mut at = 0;
    let mut closing = LastClosing::default();
    while let Some(dollar) = text.get(at..).and_then(|rest| rest.find('$')).map(|found| at + found) {
        expansion.literal(text, at..dollar);
        at = match read_variable(text, dollar, &mut closing) {
            Read::Dollar(end) => {
                expansion.push("$", dollar..end, false, Provenance::Literal, Vec::new(), None);
                end
            }
            Read::NoVariable => {
                expansion.literal(text, dollar..dollar + 1);
                dollar + 1
            }
            Read::Variable(reference) => {
                expansion.variable(&reference, context, depth);
                reference.range.end
            }
            Read::Malformed(range, what) => {
                expansion.error.get_or_insert((range, what));
                expansion.push(&UNKNOWN.to_string(), dollar..text.len(), false, Provenance::Unresolved, Vec::new(), None);
                text.len()
            }
        };
    }
    expansion.literal(text, at..text.len());
    expansion
}

/// A variable as written.
struct Reference<'t> {
    range: Range<usize>,
    name: &'t str,
    operator: Operator,
    argument: &'t str,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Operator {
    /// `${X}`
    Plain,
    /// `${X:-default}`, and without the colon
    Default { empty_too: bool },
    /// `${X:?message}`
    Required { empty_too: bool },
    /// `${X:+replacement}`
    Replacement { empty_too: bool },
}

enum Read<'t> {
    Dollar(usize),
    NoVariable,
    Variable(Reference<'t>),
    Malformed(Range<usize>, &'static str),
}

/// The last `}` of the line that is being read, looked up once per line.
#[derive(Default)]
struct LastClosing {
    line_end: usize,
    at: Option<usize>,
}

impl LastClosing {
    fn of_line(&mut self, text: &str, from: usize) -> Option<usize> {
        if from >= self.line_end {
            let rest = text.get(from..).unwrap_or("");
            let line = rest.find('\n').unwrap_or(rest.len());
            self.line_end = from + line;
            self.at = rest.get(..line).and_then(|line| line.rfind('}')).map(|at| from + at);
        }
        self.at.filter(|at| *at > from)
    }
}

fn read_variable<'t>(text: &'t str, dollar: usize, closing: &mut LastClosing) -> Read<'t> {
    let rest = text.get(dollar + 1..).unwrap_or("");
    match rest.chars().next() {
        Some('$') => Read::Dollar(dollar + 2),
        Some('{') => braced(text, dollar, closing),
        Some(first) if first.is_ascii_alphabetic() || first == '_' => {
            let name = name_at(rest);
            let range = dollar..dollar + 1 + name.len();
            Read::Variable(Reference { range, name, operator: Operator::Plain, argument: "" })
        }
        _ => Read::NoVariable,
    }
}

fn name_at(text: &str) -> &str {
    let starts = text.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_');
    let end = text.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).unwrap_or(text.len());
    text.get(..end).filter(|_| starts).unwrap_or("")
}

fn braced<'t>(text: &'t str, dollar: usize, closing: &mut LastClosing) -> Read<'t> {
    let last = closing.of_line(text, dollar + 1);
    let line_end = closing.line_end.max(dollar + 1);
    let malformed = |what| Read::Malformed(dollar..line_end, what);
    let Some(last) = last else {
        return malformed("its `}` is missing on this line");
    };
    let name = name_at(text.get(dollar + 2..).unwrap_or(""));
    if name.is_empty() {
        return malformed("no name of a variable follows `${`");
    }
    let after = text.get(dollar + 2 + name.len()..).unwrap_or("");
    if after.starts_with('}') {
        let range = dollar..dollar + 3 + name.len();
        return Read::Variable(Reference { range, name, operator: Operator::Plain, argument: "" });
    }
    let empty_too = after.starts_with(':');
    let operator = match after.chars().nth(usize::from(empty_too)) {
        Some('-') => Operator::Default { empty_too },
        Some('?') => Operator::Required { empty_too },
        Some('+') => Operator::Replacement { empty_too },
        _ => return malformed("the name of a variable holds letters, digits and underscores, and only `:-`, `:?` or `:+` may follow it"),
    };
    let argument_start = dollar + 2 + name.len() + usize::from(empty_too) + 1;
    let close = matching_brace(text, dollar, last).unwrap_or(last);
    match text.get(argument_start..close) {
        Some(argument) => Read::Variable(Reference { range: dollar..close + 1, name, operator, argument }),
        None => malformed("its `}` is missing on this line"),
    }
}

/// The `}` that closes the brace behind the dollar, counted as compose-go counts: every brace, and
/// never the character right behind an opening one.
fn matching_brace(text: &str, dollar: usize, last: usize) -> Option<usize> {
    let mut depth = 0usize;
    let mut skip = false;
    for (at, byte) in text.as_bytes().iter().enumerate().take(last + 1).skip(dollar) {
        if std::mem::take(&mut skip) {
            continue;
        }
        match byte {
            b'}' => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    return Some(at);
                }
            }
            b'{' => {
                depth += 1;
                skip = true;
            }
            _ => {}
        }
    }
    None
}

impl Expansion {
    fn literal(&mut self, text: &str, range: Range<usize>) {
        if let Some(part) = text.get(range.clone()).filter(|part| !part.is_empty()) {
            self.push(part, range, true, Provenance::Literal, Vec::new(), None);
        }
    }

    fn push(
        &mut self,
        text: &str,
        raw: Range<usize>,
        verbatim: bool,
        provenance: Provenance,
        variables: Vec<String>,
        defined_at: Option<Span>,
    ) {
        let start = self.text.len();
        if provenance != Provenance::Unresolved && text.contains(UNKNOWN) {
            self.text.push_str(&text.replace(UNKNOWN, WRITTEN_UNKNOWN));
        } else {
            self.text.push_str(text);
        }
        self.pieces.push(Piece { expanded: start..self.text.len(), raw, verbatim, provenance, variables, defined_at });
    }

    fn variable(&mut self, reference: &Reference<'_>, context: Context<'_>, depth: usize) {
        let argument = if depth < DEEPEST { expand_within(reference.argument, context, depth + 1) } else { Self::too_deep() };
        if let Some((_, what)) = argument.error {
            self.error.get_or_insert((reference.range.clone(), what));
        }
        let known = context.variables.variable(reference.name);
        let chosen = choose(reference.operator, known, argument, self.text.len(), context.allowance);
        let mut names = vec![reference.name.to_owned()];
        names.extend(chosen.names);
        self.cut = self.cut.or(chosen.cut);
        self.push(&chosen.text, reference.range.clone(), false, chosen.provenance, names, chosen.defined_at);
    }

    fn too_deep() -> Self {
        Self { text: UNKNOWN.to_string(), error: Some((0..0, "its defaults are nested too deep")), ..Self::default() }
    }
}

struct Chosen {
    text: String,
    provenance: Provenance,
    names: Vec<String>,
    defined_at: Option<Span>,
    cut: Option<Bound>,
}

impl Chosen {
    const fn new(text: String, provenance: Provenance) -> Self {
        Self { text, provenance, names: Vec::new(), defined_at: None, cut: None }
    }
}

/// What a variable becomes behind `before` bytes of its text, by its operator and what is known of it.
fn choose(operator: Operator, known: Option<&Variable>, argument: Expansion, before: usize, allowance: &Allowance) -> Chosen {
    let unresolved = || Chosen::new(UNKNOWN.to_string(), Provenance::Unresolved);
    let cut = |bound| Chosen { cut: Some(bound), ..unresolved() };
    let own = |variable: &Variable| match &variable.value {
        Some(value) => match allowance.copy(value, before) {
            Ok(text) => Chosen { defined_at: variable.defined_at, ..Chosen::new(text, variable.provenance) },
            Err(bound) => cut(bound),
        },
        None => unresolved(),
    };
    let from_argument = |argument: Expansion, least| match Allowance::fits(&argument.text, before) {
        Ok(()) => from_argument(argument, least),
        Err(bound) => cut(bound),
    };
    let empty = known.is_some_and(|variable| variable.value.as_deref() == Some(""));
    let open = known.is_some_and(|variable| variable.value.is_none());
    match operator {
        Operator::Plain => known.map_or_else(unresolved, own),
        Operator::Default { empty_too } => match known {
            Some(variable) if !(empty_too && empty) => own(variable),
            _ => from_argument(argument, Provenance::Default),
        },
        Operator::Required { empty_too } => match known {
            Some(variable) if !(empty_too && empty) => own(variable),
            _ => unresolved(),
        },
        Operator::Replacement { .. } if open => unresolved(),
        Operator::Replacement { empty_too } => match known {
            Some(variable) if !(empty_too && empty) => from_argument(argument, variable.provenance),
            _ => Chosen::new(String::new(), Provenance::Default),
        },
    }
}

fn from_argument(argument: Expansion, least: Provenance) -> Chosen {
    Chosen {
        provenance: argument.pieces.iter().map(|piece| piece.provenance).fold(least, Provenance::max),
        names: argument.pieces.iter().flat_map(|piece| piece.variables.clone()).collect(),
        defined_at: argument.pieces.iter().find_map(|piece| piece.defined_at),
        cut: argument.cut,
        text: argument.text,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::super::variables::Variables;
    use super::*;

    fn expand(text: &str, variables: &Variables) -> Expansion {
        super::expand(text, variables, &Allowance::of(1_000_000))
    }

    fn variables() -> Variables {
        let passed = [("SET", "v"), ("EMPTY", ""), ("lower", "l")].map(|(name, value)| (name.to_owned(), value.to_owned()));
        Variables::passed_on(&BTreeMap::from(passed))
    }

    fn show(text: &str) -> (String, Provenance) {
        let expansion = expand(text, &variables());
        assert!(expansion.error.is_none(), "{text}: {:?}", expansion.error);
        let provenance = expansion.pieces.iter().map(|piece| piece.provenance).max().unwrap_or(Provenance::Literal);
        (expansion.text.replace(UNKNOWN, "?"), provenance)
    }

    #[test]
    fn every_form() {
        use Provenance::{Default, Literal, ProcessEnvironment, Unresolved};
        for (text, expected, provenance) in [
            ("plain", "plain", Literal),
            ("$$SET $$", "$SET $", Literal),
            ("$(x) $1 $- $", "$(x) $1 $- $", Literal),
            ("$SET-${SET}", "v-v", ProcessEnvironment),
            ("${SET:-d}${SET-d}${SET:?m}${SET?m}", "vvvv", ProcessEnvironment),
            ("$UNSET", "?", Unresolved),
            ("$set", "?", Unresolved),
            ("${lower}", "l", ProcessEnvironment),
            ("${UNSET:-d}${UNSET-e}", "de", Default),
            ("${EMPTY:-d}", "d", Default),
            ("${EMPTY-d}", "", ProcessEnvironment),
            ("${UNSET:?must be set}", "?", Unresolved),
            ("${SET:+r}${SET+r}", "rr", ProcessEnvironment),
            ("${EMPTY:+r}${UNSET:+r}${UNSET+r}", "", Default),
            ("${EMPTY+r}", "r", ProcessEnvironment),
            ("${UNSET:-${OTHER:-c}}d${UNSET:-f}", "cdf", Default),
            ("${UNSET:-${OTHER}}", "?", Unresolved),
            ("${UNSET:-$SET}", "v", ProcessEnvironment),
            ("${UNSET:-{}}", "{}", Default),
            ("${UNSET:-x}}", "x}", Default),
            ("${UNSET:-$$b}", "$b", Default),
            ("$$${UNSET-b}", "$b", Default),
            ("${UNSET:-b:-c}${UNSET-b:-c}${UNSET-:-c}", "b:-cb:-c:-c", Default),
            ("${UNSET:-}", "", Default),
            ("${UNSET-\u{e9}}$\u{c9}", "\u{e9}$\u{c9}", Default),
        ] {
            assert_eq!(show(text), (expected.to_owned(), provenance), "{text}");
        }
    }

    /// No file can pass off what it says as something that nobody can tell.
    #[test]
    fn the_sign_of_the_unknown_in_a_file_is_a_sign_like_any_other() {
        for text in [format!("a{UNKNOWN}b"), format!("${{NOWHERE:-{UNKNOWN}}}")] {
            let expansion = expand(&text, &variables());
            assert!(!expansion.text.contains(UNKNOWN), "{text}");
            assert!(expansion.pieces.iter().all(|piece| piece.provenance != Provenance::Unresolved), "{text}");
        }
    }

    #[test]
    fn what_compose_refuses() {
        for text in ["${", "${}", "${X", "${1}", "${A B}", "${A:}", "${A!-b}", "${A:-a\nb}", "${A:-b${}}", "x ${A", "a ${-b}"] {
            let expansion = expand(text, &variables());
            assert!(expansion.error.is_some(), "{text}");
            assert!(expansion.text.contains(UNKNOWN), "{text}");
        }
    }

    #[test]
    fn hostile_texts_end_soon() {
        let started = std::time::Instant::now();
        for text in
            ["${A:-{".repeat(100_000), "${A:-".repeat(100_000) + &"}".repeat(100_000), "${".repeat(200_000), "${A:-x}}".repeat(50_000)]
        {
            let _ = expand(&text, &variables());
        }
        assert!(started.elapsed().as_secs() < 10);
    }
}
