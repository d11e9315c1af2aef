//! Which locales the server finds: those of the Debian variant of the official image, where it runs in one as it comes.

use super::server::Server;
use crate::model::{Field, Placement, Why};

/// Distributions whose images are made from the official one, and bring no locales of their own.
const LIKE_OFFICIAL: [&str; 3] = ["official", "postgis", "pgvector"];

/// The word of the fact where the locales are known.
const OF_IMAGE: &str = "official-image";

/// The fact `locales`. With musl, the library of Alpine, every name is taken; what is mounted over the locales, or makes some
/// at the start, was not looked into.
pub(super) fn fact(server: &Server<'_>) -> Field {
    let Some(workload) = server.base.workload else { return Field::absent() };
    let placement = workload.placement;
    let distribution = workload.identity.image.as_ref().and_then(|image| image.distribution);
    if placement.build.is_some() || !distribution.is_some_and(|name| LIKE_OFFICIAL.contains(&name)) || makes_locales(placement) {
        return Field::absent();
    }
    let span = server.base.image_span();
    match placement.image.as_ref() {
        Some(image) if placement.image_unresolved.is_none() => {
            let is_alpine = image.tag.as_deref().is_some_and(|tag| tag.contains("alpine"));
            if is_alpine { Field::absent() } else { Field::text(OF_IMAGE, span) }
        }
        _ => Field::unknown(Why::needing(
            "the tag of the image holds a variable without a value",
            "give the file with its value: --env-file FILE",
        )),
    }
}

/// Whether locales are mounted, or made by a command of the service.
fn makes_locales(placement: &Placement) -> bool {
    let mounted = placement.mounts.iter().any(|mount| mount.target.starts_with("/usr/lib/locale") || mount.target == "/usr/lib");
    let words = placement.entrypoint.iter().chain(&placement.command).flat_map(|command| &command.words);
    let makes = |text: Option<&str>| text.is_none_or(|text| text.contains("localedef") || text.contains("locale-gen"));
    // A script that replaces the entrypoint may do anything.
    mounted || placement.entrypoint.is_some() || words.into_iter().any(|word| makes(word.value.as_deref()))
}
