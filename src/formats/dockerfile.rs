//! Dockerfiles, as far as the steps of one: instruction and arguments, lines joined, comments left out.
//!
//! <https://docs.docker.com/reference/dockerfile/>

/// One step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// The instruction in capitals: `RUN`.
    pub instruction: String,
    /// What follows it, continued lines joined by a blank, and the text of heredocs as it is.
    pub arguments: String,
    /// Where it begins, in bytes.
    pub start: u32,
}

/// The steps of a Dockerfile, in order. A line that ends in the escape character goes on in the next one.
#[must_use]
pub fn steps(text: &str) -> Vec<Step> {
    let escape = if text.lines().take(5).any(is_backtick_directive) { '`' } else { '\\' };
    let mut steps: Vec<Step> = Vec::new();
    let mut open = false;
    let mut heredoc: Option<String> = None;
    let mut offset = 0;
    for whole in text.split_inclusive('\n') {
        let start = u32::try_from(offset).unwrap_or(u32::MAX);
        offset += whole.len();
        let line = whole.trim_end();
        if let (Some(end), Some(step)) = (&heredoc, steps.last_mut()) {
            if line.trim() == end {
                heredoc = None;
            } else {
                step.arguments.push('\n');
                step.arguments.push_str(line);
            }
            continue;
        }
        // Comments and empty lines stand within a step too, and are left out of it.
        if line.trim().is_empty() || line.trim_start().starts_with('#') {
            continue;
        }
        let (content, goes_on) = line.strip_suffix(escape).map_or((line, false), |content| (content, true));
        match steps.last_mut().filter(|_| open) {
            Some(step) => {
                step.arguments.push(' ');
                step.arguments.push_str(content.trim());
            }
            None => {
                let (instruction, arguments) = content.trim().split_once(char::is_whitespace).unwrap_or((content.trim(), ""));
                steps.push(Step { instruction: instruction.to_ascii_uppercase(), arguments: arguments.trim().to_owned(), start });
            }
        }
        open = goes_on;
        if !open {
            heredoc = steps.last().and_then(|step| heredoc_of(&step.arguments));
        }
    }
    steps
}

fn is_backtick_directive(line: &str) -> bool {
    let directive = line.trim_start().strip_prefix('#').map(str::trim).and_then(|rest| rest.split_once('='));
    directive.is_some_and(|(name, value)| name.trim().eq_ignore_ascii_case("escape") && value.trim() == "`")
}

/// The word that ends the heredoc that a step opens.
fn heredoc_of(arguments: &str) -> Option<String> {
    let (_, rest) = arguments.split_once("<<")?;
    let word = rest.trim_start_matches('-').split_whitespace().next()?;
    let bare = word.trim_matches(['"', '\'']);
    (!bare.is_empty() && bare.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')).then(|| bare.to_owned())
}

#[cfg(test)]
mod tests {
    use super::steps;

    #[test]
    fn lines_are_joined_and_comments_left_out() {
        let text =
            "# syntax=docker/dockerfile:1\nfrom postgres:17\nRUN a && \\\n  # why\n  b\n\nCOPY <<EOF /x\nRUN none\nEOF\nCMD [\"x\"]\n";
        let seen: Vec<(String, String, u32)> = steps(text).into_iter().map(|step| (step.instruction, step.arguments, step.start)).collect();
        let seen: Vec<(&str, &str)> = seen.iter().map(|(instruction, arguments, _)| (instruction.as_str(), arguments.as_str())).collect();
        assert_eq!(seen, [("FROM", "postgres:17"), ("RUN", "a && b"), ("COPY", "<<EOF /x\nRUN none"), ("CMD", "[\"x\"]")]);
        assert!(steps("").is_empty());
        assert_eq!(steps("RUN x \\").len(), 1);
        assert_eq!(steps("# escape=`\nRUN a `\n b").len(), 1);
    }
}
