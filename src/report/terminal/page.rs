//! Lines, wrapping, colours and tables of terminal output.

use annotate_snippets::renderer::{AnsiColor, Effects, Style};
use comfy_table::{CellAlignment, ContentArrangement, LineStyle, Table, TableStyle};

use crate::model::Severity;
use crate::report::RenderOptions;

pub(in crate::report) const BOLD: Style = Style::new().effects(Effects::BOLD);
pub(in crate::report) const DIM: Style = Style::new().effects(Effects::DIMMED);
pub(in crate::report) const RED: Style = AnsiColor::Red.on_default().effects(Effects::BOLD);
pub(in crate::report) const YELLOW: Style = AnsiColor::Yellow.on_default().effects(Effects::BOLD);
pub(in crate::report) const GREEN: Style = AnsiColor::Green.on_default().effects(Effects::BOLD);
pub(in crate::report) const BLUE: Style = AnsiColor::Blue.on_default().effects(Effects::BOLD);

/// Lines longer than this are hard to read, however wide the terminal.
const WIDEST: usize = 100;
/// Narrower than this, wrapping would leave one word a line.
const NARROWEST: usize = 40;

/// Text that grows line by line.
pub(in crate::report) struct Page {
    pub(in crate::report) colour: bool,
    pub(in crate::report) width: usize,
    out: String,
}

impl Page {
    pub(in crate::report) fn new(options: RenderOptions) -> Self {
        Self { colour: options.colour, width: options.width.clamp(NARROWEST, WIDEST), out: String::new() }
    }

    pub(in crate::report) fn finish(self) -> String {
        self.out
    }

    pub(in crate::report) fn line(&mut self, text: &str) {
        self.out.push_str(text.trim_end());
        self.out.push('\n');
    }

    pub(in crate::report) fn blank(&mut self) {
        self.out.push('\n');
    }

    /// Whether the last line is one with text.
    pub(in crate::report) fn line_is_open(&self) -> bool {
        !self.out.is_empty() && !self.out.ends_with("\n\n")
    }

    pub(in crate::report) fn heading(&mut self, text: &str) {
        let text = self.paint(BOLD, text);
        self.line(&text);
    }

    /// Many lines that are laid out already.
    pub(in crate::report) fn block(&mut self, text: &str) {
        text.lines().for_each(|line| self.line(line));
    }

    /// Text over as many lines as it needs; `first` and `rest` go before the first line and the others.
    pub(in crate::report) fn wrapped(&mut self, first: &str, rest: &str, text: &str) {
        for (number, line) in wrap(text, self.width.saturating_sub(visible_width(rest).max(visible_width(first)))).iter().enumerate() {
            let before = if number == 0 { first } else { rest };
            self.line(&format!("{before}{line}"));
        }
    }

    pub(in crate::report) fn paint(&self, style: Style, text: &str) -> String {
        if self.colour { format!("{style}{text}{style:#}") } else { text.to_owned() }
    }

    /// A table without borders. Columns named in `numbers` are aligned to the right.
    pub(in crate::report) fn table(&mut self, indent: &str, header: &[&str], numbers: &[usize], rows: Vec<Vec<String>>) {
        let mut table = Table::new();
        let rule = LineStyle::none().fill('─').junction('─');
        table.load_style(TableStyle::new().header_separator(rule));
        table.set_content_arrangement(ContentArrangement::Dynamic);
        table.set_width(u16::try_from(self.width - indent.len()).unwrap_or(u16::MAX));
        table.set_header(header.to_vec());
        table.add_rows(rows);
        // Between columns stand the gap and one more sign, the junction.
        let content: usize = table.column_max_content_widths().iter().map(|width| usize::from(*width) + 2).sum();
        let gap = u16::from(content + indent.len() <= self.width + 2);
        for (at, column) in table.column_iter_mut().enumerate() {
            column.set_padding((0, gap));
            if numbers.contains(&at) {
                column.set_cell_alignment(CellAlignment::Right);
            }
        }
        let lines: Vec<String> = table.lines().collect();
        lines.iter().for_each(|line| self.line(&format!("{indent}{line}")));
    }
}

/// The colour of a severity.
pub(in crate::report) const fn severity_style(severity: Severity) -> Style {
    match severity {
        Severity::Critical | Severity::High => RED,
        Severity::Medium => YELLOW,
        Severity::Low | Severity::Info => BLUE,
    }
}

/// Breaks text at blanks. A word that is longer than a line stays whole, so that it can be copied.
fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut line = String::new();
    let mut taken = 0;
    for word in text.split_whitespace() {
        let length = visible_width(word);
        if taken > 0 && taken + 1 + length > width {
            lines.push(std::mem::take(&mut line));
            taken = 0;
        }
        if taken > 0 {
            line.push(' ');
            taken += 1;
        }
        line.push_str(word);
        taken += length;
    }
    lines.push(line);
    lines
}

/// Columns that a text takes, without its colour codes.
fn visible_width(text: &str) -> usize {
    let mut width = 0;
    let mut in_code = false;
    for sign in text.chars() {
        match (in_code, sign) {
            (false, '\u{1b}') => in_code = true,
            (true, 'm') => in_code = false,
            (true, _) => {}
            (false, _) => width += 1,
        }
    }
    width
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_text_is_broken_at_blanks_and_words_stay_whole() {
        assert_eq!(wrap("one two three", 7), ["one two", "three"]);
        assert_eq!(wrap("averyveryverylongword x", 7), ["averyveryverylongword", "x"]);
        assert_eq!(wrap("\u{1b}[1mone\u{1b}[0m two", 7), ["\u{1b}[1mone\u{1b}[0m two"]);
        assert_eq!(wrap("", 7), [""]);
    }
}
