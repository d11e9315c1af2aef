//! The project: the folder that proofs, rules and the paths for code-scanning services count from.
//!
//! It is the nearest folder with `.git` at or above gonogo.toml, else gonogo.toml's own folder. Where `--config`
//! names a gonogo.toml that may lie anywhere, it is the project of the PATH that is audited.

use std::path::{Path, PathBuf};

/// gonogo.toml, and how it came to be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum ConfigFile {
    /// `--config` names it: the user's own word.
    Named(PathBuf),
    /// It was found in the tree that is audited, or above: whoever writes the tree writes it too.
    Found(PathBuf),
}

impl ConfigFile {
    pub(super) fn path(&self) -> &Path {
        match self {
            Self::Named(path) | Self::Found(path) => path,
        }
    }

    /// The folder that holds it.
    pub(super) fn folder(&self) -> &Path {
        self.path().parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
    }
}

/// The project, without links; `None` where neither a repository nor a gonogo.toml tells.
pub(super) fn project(config: Option<&ConfigFile>, paths: &[PathBuf]) -> Option<PathBuf> {
    let here = PathBuf::from(".");
    let audited = folder_of(paths.first().unwrap_or(&here));
    match config {
        Some(ConfigFile::Found(_)) => {
            let folder = config?.folder().canonicalize().ok()?;
            Some(repository(&folder).unwrap_or(folder))
        }
        Some(ConfigFile::Named(_)) => {
            let audited = audited?;
            repository(&audited).or_else(|| {
                let folder = config?.folder().canonicalize().ok();
                Some(folder.filter(|folder| audited.starts_with(folder)).unwrap_or(audited))
            })
        }
        None => repository(&audited?),
    }
}

/// The nearest folder at or above `folder` that holds `.git`, a folder or, in a worktree, a file.
fn repository(folder: &Path) -> Option<PathBuf> {
    folder.ancestors().find(|folder| folder.join(".git").exists()).map(Path::to_owned)
}

/// The folder of a PATH, without links.
fn folder_of(path: &Path) -> Option<PathBuf> {
    let real = path.canonicalize().ok()?;
    if real.is_dir() { Some(real) } else { real.parent().map(Path::to_owned) }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn the_nearest_repository_is_the_project_else_the_folder_of_gonogo_toml() {
        let folder = tempfile::tempdir().unwrap();
        let top = folder.path().canonicalize().unwrap();
        for path in ["repo/.git", "repo/shop/db", "plain/db", "plain/.github"] {
            fs::create_dir_all(top.join(path)).unwrap();
        }
        let found = |path: &str| ConfigFile::Found(top.join(path));
        let named = |path: &str| ConfigFile::Named(top.join(path));
        let of = |config: Option<&ConfigFile>, path: &str| project(config, &[top.join(path)]);
        assert_eq!(of(Some(&found("repo/shop/gonogo.toml")), "repo/shop"), Some(top.join("repo")));
        assert_eq!(of(Some(&found("plain/gonogo.toml")), "plain/db"), Some(top.join("plain")));
        assert_eq!(of(Some(&named("plain/gonogo.toml")), "repo/shop/db"), Some(top.join("repo")));
        assert_eq!(of(Some(&named("plain/gonogo.toml")), "plain/db"), Some(top.join("plain")));
        assert_eq!(of(Some(&named("plain/.github/gonogo.toml")), "plain"), Some(top.join("plain")));
        assert_eq!(of(None, "repo/shop"), Some(top.join("repo")));
        assert_eq!(of(None, "plain"), None);
    }
}
