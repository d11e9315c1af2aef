//! Whether the server accepts mode and owner of its key.
//!
//! Source: `check_ssl_key_file_permissions` of `src/backend/libpq/be-secure-common.c`.

use crate::engines::postgresql::server::Server;
use crate::model::{Placement, Why};
use crate::text::{Files, Permissions};

/// What the server makes of mode and owner.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Access {
    /// It takes the key.
    Private,
    /// Others may read or change it.
    Open(u32),
    /// It belongs to somebody else.
    Foreign,
    /// It belongs to root alone, so that the server cannot read it.
    RootOnly,
}

impl Access {
    /// The word of the record.
    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::Private => "private",
            Self::Open(_) => "open",
            Self::Foreign => "foreign",
            Self::RootOnly => "root-only",
        }
    }
}

/// Bits of a mode that nobody but the owner may have.
const OTHERS: u32 = 0o077;

/// The same for a key of root's, which a group may read.
const OTHERS_OF_ROOT: u32 = 0o037;

/// Judges the key at a path.
pub(super) fn access(server: &Server<'_>, files: &Files, path: &str) -> Result<Access, Why> {
    let Some(permissions) = files.permissions(path) else {
        let reason = if files.is_checked_out(path) {
            format!("git keeps no permissions: those of {path} on the server cannot be seen")
        } else {
            format!("the permissions of {path} cannot be seen")
        };
        return Err(Why::needing(reason, "run gonogo on the machine itself"));
    };
    if let (Some(workload), Some(owner), 0) = (&server.base.workload, permissions.owner, permissions.mode & OTHERS) {
        return in_container(workload.placement, owner, path);
    }
    // The owner of the data directory is whom the server runs as. Root cannot be: files of root's are a copy.
    let data = server.files.pg_version.as_deref().and_then(|path| files.permissions(path));
    let server = data.and_then(|data| data.owner).filter(|owner| *owner != 0);
    judge(permissions, server).ok_or_else(|| {
        let reason =
            format!("{path} has mode {:04o}, which the server accepts of root's files only, and its owner is not known", permissions.mode);
        Why::needing(reason, "run gonogo on the machine itself")
    })
}

/// Accounts of the server in the official images: Debian's, and Alpine's.
const OF_IMAGES: [u32; 2] = [999, 70];

/// A key that only its owner may use. In a container the server runs as an account of the image, under its number there,
/// and how numbers of the host are mapped depends on the engine.
fn in_container(placement: &Placement, owner: u32, path: &str) -> Result<Access, Why> {
    let stated = placement.user.as_ref().and_then(|(user, _)| user.split(':').next()?.parse::<u32>().ok());
    let is_server = stated.map_or_else(|| OF_IMAGES.contains(&owner), |user| user == owner);
    if is_server {
        return Ok(Access::Private);
    }
    let reason =
        format!("{path} belongs to the account {owner} of this machine, which may be another one than the server's in the container");
    Err(Why::needing(reason, "give the file to the server's account: chown 999, or 70 for an -alpine image"))
}

/// `None` where it depends on an owner that is not known.
fn judge(permissions: Permissions, server: Option<u32>) -> Option<Access> {
    let Permissions { mode, owner, .. } = permissions;
    let by_owner = match (owner, server) {
        (Some(owner), Some(server)) if owner != server && owner != 0 => Some(Access::Foreign),
        (Some(0), Some(_)) if mode & OTHERS == 0 => Some(Access::RootOnly),
        _ => None,
    };
    match owner {
        _ if by_owner.is_some() => by_owner,
        _ if mode & OTHERS == 0 => Some(Access::Private),
        Some(0) if mode & OTHERS_OF_ROOT == 0 => Some(Access::Private),
        None if mode & OTHERS_OF_ROOT == 0 => None,
        _ => Some(Access::Open(mode)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The answers of PostgreSQL 13 and 18, which ran as user 26.
    #[test]
    fn the_server_judges_mode_and_owner() {
        for (mode, owner, expected) in [
            (0o600, 26, Access::Private),
            (0o400, 26, Access::Private),
            (0o700, 26, Access::Private),
            (0o640, 26, Access::Open(0o640)),
            (0o604, 26, Access::Open(0o604)),
            (0o644, 26, Access::Open(0o644)),
            (0o640, 0, Access::Private),
            (0o660, 0, Access::Open(0o660)),
            (0o644, 0, Access::Open(0o644)),
            (0o600, 0, Access::RootOnly),
            (0o600, 1000, Access::Foreign),
            (0o640, 1000, Access::Foreign),
        ] {
            assert_eq!(judge(Permissions { mode, owner: Some(owner), group: None }, Some(26)), Some(expected), "{mode:o} of {owner}");
        }
    }

    #[test]
    fn without_owners_it_is_known_as_far_as_the_mode_decides() {
        assert_eq!(judge(Permissions { mode: 0o600, owner: None, group: None }, None), Some(Access::Private));
        assert_eq!(judge(Permissions { mode: 0o644, owner: None, group: None }, None), Some(Access::Open(0o644)));
        assert_eq!(judge(Permissions { mode: 0o640, owner: None, group: None }, None), None);
        assert_eq!(judge(Permissions { mode: 0o640, owner: Some(1000), group: None }, None), Some(Access::Open(0o640)));
        assert_eq!(judge(Permissions { mode: 0o600, owner: Some(0), group: None }, None), Some(Access::Private));
    }
}
