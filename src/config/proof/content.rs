//! What a proof says, so far as that can be told: a placeholder shows nothing, and a runbook has five parts.

/// Words that stand where something is still to be written.
const PLACEHOLDERS: [&str; 22] = [
    "todo",
    "tbd",
    "tba",
    "tbc",
    "fixme",
    "wip",
    "xxx",
    "placeholder",
    "lorem",
    "ipsum",
    "to",
    "be",
    "done",
    "written",
    "defined",
    "coming",
    "soon",
    "later",
    "draft",
    "empty",
    "n",
    "a",
];

/// What a runbook has, with the beginnings of words that tell it, in English and French.
const PARTS: [(&str, &[&str]); 5] = [
    ("symptom", &["symptom", "symptôm", "alert", "trigger", "sign", "déclench", "detect", "détect", "when", "quand"]),
    ("checks", &["check", "diagnos", "inspect", "look", "analy", "contrôl", "vérif", "investig"]),
    ("commands", &["command", "step", "procedure", "procédure", "étape", "run", "action", "resol", "résol", "remed", "fix"]),
    ("verification", &["verif", "vérif", "valid", "confirm", "expect", "recheck", "attendu"]),
    ("escalation", &["escal", "contact", "on-call", "oncall", "astreinte", "call", "appel", "pager", "responsib", "responsab", "owner"]),
];

/// Fewest words of a runbook.
const FEWEST_WORDS: usize = 20;

/// Why a file shows nothing, whatever it is the proof of.
pub(super) fn says_nothing(text: &str) -> Option<String> {
    let content = || text.lines().filter(|line| !is_heading(line)).flat_map(words);
    let Some(first) = content().next().or_else(|| words(text).next()) else {
        return Some("no word in it".to_owned());
    };
    let known = |word: String| PLACEHOLDERS.contains(&word.as_str());
    (known(first.clone()) && content().all(known)).then(|| format!("a placeholder, `{}`", first.to_uppercase()))
}

/// What a runbook lacks.
pub(super) fn lacks(text: &str) -> Option<String> {
    if words(text).count() < FEWEST_WORDS {
        return Some(format!("fewer than {FEWEST_WORDS} words, too few for a runbook"));
    }
    let all: Vec<String> = words(text).collect();
    let has = |stems: &[&str]| all.iter().any(|word| stems.iter().any(|stem| word.starts_with(stem)));
    let missing: Vec<&str> = PARTS.iter().filter(|(_, stems)| !has(stems)).map(|(part, _)| *part).collect();
    (!missing.is_empty()).then(|| format!("a runbook without {}", missing.join(", ")))
}

fn is_heading(line: &str) -> bool {
    let line = line.trim_start();
    line.starts_with('#') || line.chars().all(|c| "=-_*".contains(c))
}

fn words(text: &str) -> impl Iterator<Item = String> {
    let parts = text.split(|c: char| !(c.is_alphanumeric() || c == '-')).map(|word| word.trim_matches('-').to_lowercase());
    parts.filter(|word| !word.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_placeholder_says_nothing() {
        for text in
            ["TODO", "# Restore\n\nTBD\n", "# Restore\n## Checks\nTo be done.\n## Commands\nTODO\n", "---\n", "- TODO: to be written"]
        {
            assert!(says_nothing(text).is_some(), "{text}");
        }
        for text in ["ok", "restored in 38 minutes", "# Restore\n\nTODO: the second site; restored from the first in 38 minutes"] {
            assert_eq!(says_nothing(text), None, "{text}");
        }
    }

    #[test]
    fn a_runbook_has_five_parts() {
        let whole = "Symptom: writes fail. Checks: df -h, the dashboard. Commands: docker compose exec db vacuumdb. \
                     Verification: an order goes through. Escalation: the on-call DBA after 30 minutes, then the head of operations.";
        assert_eq!(lacks(whole), None);
        let french = "Symptôme : les écritures échouent. Contrôles : df -h, le tableau de bord. Étapes : vider le volume, relancer. \
                      Vérification : une commande passe. Escalade : astreinte DBA après 30 minutes.";
        assert_eq!(lacks(french), None);
        assert_eq!(lacks("call the DBA").as_deref(), Some("fewer than 20 words, too few for a runbook"));
        let without = whole.replace("Verification: an order goes through. ", "").replace("Escalation: the on-call", "The");
        assert_eq!(lacks(&without).as_deref(), Some("a runbook without verification, escalation"));
    }
}
