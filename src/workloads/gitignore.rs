//! Whether a file would be committed, as far as the `.gitignore` files of the given tree tell.

use ignore::Match;
use ignore::gitignore::{Gitignore, GitignoreBuilder};

use crate::model::{Field, Why};
use crate::text::path::folder_of;
use crate::text::{Files, Span};

/// What the `.gitignore` files say of a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ignored {
    /// One of them keeps it out.
    Yes,
    /// There is one, and none keeps it out.
    No,
    /// There is none at or above it in the given tree, nor is the tree one of git.
    Unknown,
}

impl Ignored {
    /// As the fact `ignored`.
    #[must_use]
    pub fn field(self, place: Option<Span>) -> Field {
        match self {
            Self::Yes => Field::word("yes", place),
            Self::No => Field::word("no", place),
            Self::Unknown => Field::unknown(Self::unknown()),
        }
    }

    /// Why it cannot be told: the repository may begin above the given tree, or there may be none.
    #[must_use]
    pub fn unknown() -> Why {
        Why::needing(
            "neither a .gitignore nor a .git was given, so that nothing tells what would be committed",
            "give the root of the repository",
        )
    }
}

/// Whether git would leave the path out; the nearest `.gitignore` that speaks of it decides.
#[must_use]
pub fn ignored(files: &Files, path: &str) -> Ignored {
    let mut folder = path;
    let mut seen = false;
    while !folder.is_empty() {
        folder = folder_of(folder);
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
    if seen || files.exists(".git") == Ok(true) { Ignored::No } else { Ignored::Unknown }
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
        assert_eq!(ignored(&Files::in_memory([("x/.env", "")]), "x/.env"), Ignored::Unknown);
        assert_eq!(ignored(&Files::in_memory([("x/.env", ""), (".git", "gitdir: ..")]), "x/.env"), Ignored::No);
    }
}
