//! References to images.

use super::text::{Text, is_unknown};
use crate::model::ImageReference;

/// Takes a reference apart. When only its tag or digest depends on a variable without a value, the
/// rest is still told; `None` when the repository does.
pub(super) fn read(text: &Text) -> Option<ImageReference> {
    let whole = text.expanded().trim();
    if whole.is_empty() || whole.contains("{{") {
        return None;
    }
    let (name, digest) = match whole.split_once('@') {
        Some((name, digest)) => (name, Some(digest)),
        None => (whole, None),
    };
    // A colon before the last slash belongs to the port of the registry.
    let last_slash = name.rfind('/').map_or(0, |at| at + 1);
    let (path, tag) = match name.get(last_slash..).and_then(|rest| rest.find(':')) {
        Some(colon) => (name.get(..last_slash + colon).unwrap_or(name), name.get(last_slash + colon + 1..)),
        None => (name, None),
    };
    if is_unknown(path) {
        return known_repository(text, path);
    }
    let (registry, repository) = split_registry(path);
    let known = |part: Option<&str>| part.filter(|part| !part.is_empty() && !is_unknown(part)).map(str::to_owned);
    Some(ImageReference {
        text: readable(whole, text),
        registry: registry.map(str::to_owned),
        repository: repository.to_owned(),
        tag: known(tag),
        digest: known(digest),
        span: text.span(),
    })
}

/// `${REGISTRY}/postgres`, `${PREFIX}postgres:16`: what stands behind the last slash may still be told.
fn known_repository(text: &Text, path: &str) -> Option<ImageReference> {
    let (_, last) = path.rsplit_once('/')?;
    (!last.is_empty() && !is_unknown(last)).then(|| {
        let tail = text.expanded().trim().rsplit('/').next().unwrap_or(last);
        let (name, digest) = tail.split_once('@').map_or((tail, None), |(name, digest)| (name, Some(digest)));
        let tag = name.split_once(':').map(|(_, tag)| tag);
        let known = |part: Option<&str>| part.filter(|part| !is_unknown(part)).map(str::to_owned);
        ImageReference {
            text: readable(text.expanded().trim(), text),
            registry: None,
            repository: last.to_owned(),
            tag: known(tag),
            digest: known(digest),
            span: text.span(),
        }
    })
}

/// The whole reference for people: as written where a variable has no value.
fn readable(whole: &str, text: &Text) -> String {
    if is_unknown(whole) { text.written(&(0..text.expanded().len())).trim().to_owned() } else { whole.to_owned() }
}

/// The first part is a registry when it has a dot or a port, or is `localhost`.
fn split_registry(path: &str) -> (Option<&str>, &str) {
    match path.split_once('/') {
        Some((first, rest)) if first.contains(['.', ':']) || first == "localhost" => (Some(first), rest),
        _ => (None, path),
    }
}
