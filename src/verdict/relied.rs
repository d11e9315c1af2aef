//! What rests on the word of a person who read what no program understood: attested, not verified.

use super::checklist::{DecidedBy, Item};
use crate::model::{Pillar, Relied, Touch};

/// Items that the roles of a server decide.
const OF_ROLES: [&str; 3] = ["security/app-not-superuser", "security/roles-separated", "security/least-privilege"];

/// The word that an item of an instance rests on, where its files would show it by themselves.
pub(super) fn of<'a>(all: &'a [Relied], instance: &str, item: &Item) -> Option<&'a Relied> {
    all.iter().find(|relied| relied.instances.iter().any(|id| id == instance) && touches(relied.touch, item))
}

/// Whether what a file could have changed decides an item.
fn touches(touch: Touch, item: &Item) -> bool {
    match touch {
        Touch::Backup => item.pillar() == Some(Pillar::Backup),
        Touch::Reach => item.decided_by == Some(DecidedBy::Reach),
        Touch::Roles => OF_ROLES.contains(&item.id.as_str()),
        Touch::Settings | Touch::Access => item.pillar() != Some(Pillar::Backup) && !item.proof.engine.is_empty(),
    }
}
