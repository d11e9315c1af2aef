//! Telling a template of a configuration file (Jinja, Go, ERB, build placeholders) from the file itself.

/// Marks that no server takes for anything but text, and that template languages begin with.
const MARKS: [&str; 3] = ["{%", "{{", "<%"];

/// Whether a line-based configuration file is a template that is still to be rendered.
///
/// Comments do not count. A value such as `'%m {{x}}'` in quotes is the server's to read as it is.
#[must_use]
pub fn looks_templated(text: &str) -> bool {
    text.lines().any(|line| {
        let line = line.trim_start();
        !line.starts_with('#') && (has_mark(line) || has_placeholder(line))
    })
}

fn has_mark(line: &str) -> bool {
    MARKS.iter().any(|mark| line.find(mark).is_some_and(|at| !within_quotes(line, at)))
}

fn within_quotes(line: &str, at: usize) -> bool {
    let before = line.get(..at).unwrap_or_default();
    before.matches('\'').count() % 2 == 1 || before.matches('"').count() % 2 == 1
}

/// `@authmethod@`, `${SUBNET}`: a word of a build script or of envsubst.
fn has_placeholder(line: &str) -> bool {
    line.split_whitespace().any(|word| {
        let marked = word.len() > 2 && word.starts_with('@') && word.ends_with('@');
        marked || (word.starts_with("${") && word.contains('}'))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn templates_are_told_from_files() {
        for text in [
            "{% for h in hosts %}\n",
            "host all all {{ net }} md5\n",
            "<%= @x %>\n",
            "local all all @authmethod@\n",
            "host all all ${SUBNET} md5\n",
        ] {
            assert!(looks_templated(text), "{text}");
        }
        for text in
            ["# {{ net }}\nlocal all all peer\n", "log_line_prefix = '{{x}} %m'\n", "host @dbs all all md5\n", "host all \"@x@\" all md5\n"]
        {
            assert!(!looks_templated(text), "{text}");
        }
    }
}
