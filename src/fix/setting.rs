//! Where a setting is written: in place, at the line that the stock file has for it, or at the end of the file.

use super::offered::Offer;
use super::texts::Texts;
use crate::model::{Edit, OriginKind, SettingPlace};
use crate::text::{Source, Span};

/// Gives a setting a value where it stands, or where it would stand.
pub(super) fn set(name: &str, value: &str, place: &SettingPlace, texts: &Texts<'_>) -> Offer {
    match place.value {
        Some((OriginKind::File, span)) => in_file(name, value, span, texts),
        Some((kind @ (OriginKind::CommandLine | OriginKind::Environment), span)) => on_command_line(name, value, kind, span, texts),
        Some((OriginKind::Default | OriginKind::ImageDefault, _)) | None => unset(name, value, place, texts),
        Some(_) => Offer::ByHand(format!("set `{name}` to {value} where the server is managed")),
    }
}

fn in_file(name: &str, value: &str, span: Span, texts: &Texts<'_>) -> Offer {
    let Some(editable) = texts.source(span).and_then(|source| texts.editable(&source)) else { return Offer::Nothing };
    editable.by_hand(name, Some(value)).map_or_else(|| Offer::edit(editable.set(span, value)), Offer::ByHand)
}

/// A word `name=value` of a command, where it is written plainly: without quotes, escapes or variables.
fn on_command_line(name: &str, value: &str, kind: OriginKind, span: Span, texts: &Texts<'_>) -> Offer {
    let Some(source) = texts.source(span) else { return Offer::Nothing };
    let edit = if kind == OriginKind::CommandLine { argument(name, value, span, &source) } else { None };
    edit.map_or_else(
        || {
            let line = source.location(span.start).line;
            Offer::ByHand(format!("write {value} for `{name}` at {}:{line}", source.path()))
        },
        |edit| Offer::Edits(vec![edit]),
    )
}

/// Whether a value needs no quotes in any shell, and in no list of a compose file.
fn is_plain(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-'))
}

fn argument(name: &str, value: &str, span: Span, source: &Source) -> Option<Edit> {
    let word = source.slice(span);
    let (head, old) = word.split_once('=')?;
    let quote = head.chars().next().filter(|sign| matches!(sign, '\'' | '"'));
    let old = quote.map_or(Some(old), |quote| old.strip_suffix(quote))?;
    let switch = head.trim_start_matches(['\'', '"']);
    let written = switch.strip_prefix("--").or_else(|| switch.strip_prefix("-c")).unwrap_or(switch).trim_start();
    let is_it = written.replace('-', "_").eq_ignore_ascii_case(name);
    if !is_it || !is_plain(old) || !is_plain(value) {
        return None;
    }
    let start = span.start + u32::try_from(head.len() + 1).ok()?;
    let end = start + u32::try_from(old.len()).ok()?;
    Some(Edit { span: Span { start, end, ..span }, replacement: value.to_owned() })
}

fn unset(name: &str, value: &str, place: &SettingPlace, texts: &Texts<'_>) -> Offer {
    let source = place.end_of_file.and_then(|end| Some((end, texts.source(end)?)));
    let Some((end, source)) = source else {
        if let Some(home) = place.home {
            return Offer::ByHand(format!("write `{}`{}", home.assignment(name, &written(value)), home.place));
        }
        let family = place.engine.and_then(|engine| texts.families.of(engine));
        return family.and_then(|family| family.how_to_set(name, value)).map_or(Offer::Nothing, Offer::ByHand);
    };
    let Some(editable) = texts.editable(&source) else { return Offer::Nothing };
    let uncommented = place.commented_out.and_then(|span| editable.uncomment(span, name, value));
    Offer::edit(uncommented.or_else(|| editable.append(end, name, value)))
}

/// A value as a file has it, which is what a home takes: in quotes, unless it needs none.
fn written(value: &str) -> String {
    if is_plain(value) { value.to_owned() } else { format!("'{}'", value.replace('\'', "''")) }
}
