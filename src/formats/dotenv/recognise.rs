//! Telling a file of variables by its name and the first of its lines.

use super::statement::is_name_character;
use crate::formats::Claim;
use crate::text::path::name_of;

/// Whether a file is one of variables, by its name and the first of its lines.
#[must_use]
pub fn claims(name: &str, head: &str) -> Claim {
    if !named_like_dotenv(name) {
        return Claim::No;
    }
    let head = head.strip_prefix('\u{feff}').unwrap_or(head);
    let lines = || head.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with(['#', ';']));
    let ini = lines().any(|line| line.starts_with('[') && line.ends_with(']') && !line.contains('='));
    if head.starts_with("#!") || ini {
        return Claim::No;
    }
    let assignments = lines().filter(|line| is_assignment(line)).count();
    if assignments * 2 >= lines().count() { Claim::Yes } else { Claim::Maybe }
}

/// `.env`, `.env.production`, `prod.env`, `prod.env.example`, `env.example`; not `.env.js`.
fn named_like_dotenv(name: &str) -> bool {
    const OTHER_LANGUAGES: [&str; 17] =
        ["js", "ts", "mjs", "cjs", "php", "phtml", "py", "rb", "sh", "bash", "yml", "yaml", "json", "toml", "md", "clj", "ps1"];
    let lower = name_of(name).to_ascii_lowercase();
    let extension = lower.rsplit('.').next().unwrap_or("");
    let example = ["env.example", "env.sample", "env.dist", "env.template", "env.default", "env.defaults"];
    let named =
        lower.ends_with(".env") || lower.contains(".env.") || lower.contains(".env-") || example.iter().any(|end| lower.ends_with(end));
    named && !OTHER_LANGUAGES.contains(&extension)
}

fn is_assignment(line: &str) -> bool {
    let line = line.strip_prefix("export ").unwrap_or(line);
    line.find(['=', ':']).and_then(|at| line.get(..at)).is_some_and(|name| {
        let name = name.trim();
        !name.is_empty() && name.chars().all(is_name_character)
    })
}
