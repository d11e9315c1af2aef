//! Whether a file would be committed, as far as the `.gitignore` files of the given tree tell.

use ignore::Match;
use ignore::gitignore::{Gitignore, GitignoreBuilder};

use crate::text::Files;

/// What the `.gitignore` files say of a path; the words of the fact `ignored`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ignored {
    /// One of them keeps it out.
    Yes,
    /// There is one, and none keeps it out.
    No,
    /// There is none at or above it in the given tree.
    NoGitignore,
}

impl Ignored {
    /// The word of the fact.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Yes => "yes",
            Self::No => "no",
            Self::NoGitignore => "no-gitignore",
        }
    }
}

/// Whether git would leave the path out; the nearest `.gitignore` that speaks of it decides.
#[must_use]
pub fn ignored(files: &Files, path: &str) -> Ignored {
    let mut folder = path;
    let mut seen = false;
    while !folder.is_empty() {
        folder = folder.rsplit_once('/').map_or("", |(parent, _)| parent);
        let file = if folder.is_empty() { ".gitignore".to_owned() } else { format!("{folder}/.gitignore") };
        if files.exists(&file) != Ok(true) {
            continue;
        }
        let Some(rules) = files.read(&file).ok().and_then(|source| parse(source.text())) else {
            continue;
        };
        seen = true;
        let below = path.get(folder.len()..).unwrap_or(path).trim_start_matches('/');
        match rules.matched_path_or_any_parents(below, false) {
            Match::Ignore(_) => return Ignored::Yes,
            Match::Whitelist(_) => return Ignored::No,
            Match::None => {}
        }
    }
    if seen { Ignored::No } else { Ignored::NoGitignore }
}

fn parse(text: &str) -> Option<Gitignore> {
    let mut builder = GitignoreBuilder::new("");
    for line in text.lines() {
        // A pattern that git would not understand either is skipped.
        let _ = builder.add_line(None, line);
    }
    builder.build().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_gitignore_decides() {
        let files = Files::in_memory([
            (".gitignore", ".env\n*.key\nsecrets/\n"),
            ("app/.gitignore", "!.env\n"),
            (".env", ""),
            ("app/.env", ""),
            ("secrets/db.txt", ""),
            ("compose.yaml", ""),
        ]);
        assert_eq!(ignored(&files, ".env"), Ignored::Yes);
        assert_eq!(ignored(&files, "app/.env"), Ignored::No);
        assert_eq!(ignored(&files, "app/server.key"), Ignored::Yes);
        assert_eq!(ignored(&files, "secrets/db.txt"), Ignored::Yes);
        assert_eq!(ignored(&files, "compose.yaml"), Ignored::No);
        assert_eq!(ignored(&Files::in_memory([("x/.env", "")]), "x/.env"), Ignored::NoGitignore);
    }
}
