//! Whether `ssl_ciphers` lets in ciphers that can be broken.
//!
//! The value is a list in the language of OpenSSL (openssl-ciphers(1)), read from left to right: a word adds
//! suites, `-` takes them out until they are added again, `!` takes them out for good, wherever it stands, and
//! `+` only moves what is there to the end. What a word comes down to depends on the library that the server
//! has, so that only what a list names itself is reported, and groups that hold suites without authentication.

use std::collections::BTreeSet;

use crate::model::{Outcome, Severity, Subject, Why};
use crate::rules::Rule;
use crate::rules::checks::{Context, setting_text};
use crate::rules::evaluate::{Observation, finding};

/// The setting.
const CIPHERS: &str = "ssl_ciphers";

pub(in crate::rules::checks) fn run(rule: &Rule, subject: &Subject, _: &Context) -> Outcome {
    let Some(list) = setting_text(subject, CIPHERS) else {
        return Outcome::unknown(Why::new("the list of ciphers is not known"));
    };
    let weak = weak_parts(list);
    if weak.is_empty() {
        return Outcome::Pass;
    }
    let named: Vec<&str> = weak.iter().map(|weakness| weakness.words()).collect();
    let message = format!("`{CIPHERS}` allows {}; expected 'HIGH:!aNULL:!3DES:!MD5', or no such line", named.join(", "));
    let mut observation = Observation::of_setting(subject, CIPHERS, message);
    observation.expected = Some("HIGH:!aNULL:!3DES:!MD5".to_owned());
    observation.severity = severity(&weak);
    Outcome::Fail(vec![finding(rule, subject, observation)])
}

/// How much a list gives away. At its usual level the library leaves out what does not encrypt, whatever the list says.
fn severity(weak: &BTreeSet<Weakness>) -> Option<Severity> {
    let has = |weakness| weak.contains(&weakness);
    match () {
        // As the rule says, by how far away clients may be.
        () if has(Weakness::Null) && has(Weakness::LowLevel) => None,
        () if [Weakness::LowLevel, Weakness::Null, Weakness::Export, Weakness::Low, Weakness::Rc4, Weakness::Des].into_iter().any(has) => {
            Some(Severity::Medium)
        }
        () => Some(Severity::Low),
    }
}

/// What is wrong with a suite.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Weakness {
    Anonymous,
    Null,
    Export,
    Low,
    Rc4,
    Des,
    TripleDes,
    Md5,
    LowLevel,
}

impl Weakness {
    fn words(self) -> &'static str {
        match self {
            Self::LowLevel => "whatever the library knows, however weak (@SECLEVEL=0)",
            Self::Anonymous => "suites without authentication (there is no !aNULL)",
            Self::Null => "suites without encryption (NULL)",
            Self::Export => "export ciphers of 40 bits",
            Self::Low => "ciphers of 56 or 64 bits (LOW)",
            Self::Rc4 => "RC4",
            Self::Des => "DES",
            Self::TripleDes => "3DES",
            Self::Md5 => "MD5",
        }
    }
}

/// The groups in which every suite has authentication; all others hold some without.
const AUTHENTICATED: &[&str] = &[
    "DEFAULT",
    "ECDHE",
    "EECDH",
    "DHE",
    "EDH",
    "RSA",
    "kRSA",
    "aRSA",
    "ECDSA",
    "aECDSA",
    "DSS",
    "aDSS",
    "PSK",
    "aPSK",
    "kPSK",
    "SRP",
    "kSRP",
    "SUITEB128",
    "SUITEB128ONLY",
    "SUITEB192",
];

/// What a list lets in, in a fixed order.
fn weak_parts(list: &str) -> BTreeSet<Weakness> {
    let items: Vec<&str> = list.split([':', ',', ';', ' ']).filter(|item| !item.is_empty()).collect();
    let mut weak = BTreeSet::new();
    for (at, item) in items.iter().enumerate() {
        let (word, level) = item.split_once('@').map_or((*item, ""), |(word, level)| (word, level));
        if level == "SECLEVEL=0" {
            weak.insert(Weakness::LowLevel);
        }
        if word.is_empty() || word.starts_with(['!', '-', '+']) {
            continue;
        }
        let of_word = weaknesses(word);
        if !of_word.iter().any(|weakness| is_taken_out(*weakness, &items, at)) {
            weak.extend(of_word);
        }
    }
    weak
}

/// Whether a list takes the suites of a weakness out that its item number `at` adds.
fn is_taken_out(weakness: Weakness, items: &[&str], at: usize) -> bool {
    let removes = |word: &str| {
        items.iter().enumerate().any(|(index, item)| {
            let item = item.split('@').next().unwrap_or_default();
            item.strip_prefix('!') == Some(word) || (index > at && item.strip_prefix('-') == Some(word))
        })
    };
    match weakness {
        Weakness::LowLevel => false,
        Weakness::Anonymous => removes("aNULL") || (removes("ADH") && removes("AECDH")),
        Weakness::Null => removes("eNULL") || removes("NULL"),
        Weakness::Export => removes("EXPORT") || removes("EXP"),
        Weakness::Low => removes("LOW"),
        Weakness::Rc4 => removes("RC4"),
        Weakness::Des => removes("DES") || removes("LOW"),
        Weakness::TripleDes => removes("3DES"),
        Weakness::Md5 => removes("MD5"),
    }
}

/// The weaknesses that a word names: a group, groups joined by `+`, or one suite, whose parts `-` or `_` separate.
fn weaknesses(word: &str) -> BTreeSet<Weakness> {
    let mut weak: BTreeSet<Weakness> = word.split(['+', '-', '_']).filter_map(weakness).collect();
    if weak.contains(&Weakness::Des) && word.contains("DES-CBC3") {
        weak.remove(&Weakness::Des);
        weak.insert(Weakness::TripleDes);
    }
    let is_suite = word.contains(['-', '_']);
    let mut groups = word.split('+');
    if !is_suite && weak.is_empty() && !groups.any(|group| AUTHENTICATED.contains(&group)) {
        weak.insert(Weakness::Anonymous);
    }
    weak
}

fn weakness(part: &str) -> Option<Weakness> {
    Some(match part {
        "aNULL" | "ADH" | "AECDH" | "anon" | "COMPLEMENTOFDEFAULT" => Weakness::Anonymous,
        "eNULL" | "NULL" | "COMPLEMENTOFALL" => Weakness::Null,
        "EXP" | "EXP1024" | "EXPORT" | "EXPORT40" | "EXPORT56" => Weakness::Export,
        "LOW" => Weakness::Low,
        "RC4" => Weakness::Rc4,
        "DES" => Weakness::Des,
        "3DES" => Weakness::TripleDes,
        "MD5" => Weakness::Md5,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::{Weakness, weak_parts};

    /// Lists for which `openssl ciphers -s`, with `@SECLEVEL=0`, shows no suite that is broken.
    #[test]
    fn sound_lists_are_let_pass() {
        for sound in [
            "HIGH:MEDIUM:+3DES:!aNULL",
            "HIGH:!aNULL:!MD5",
            "!aNULL:HIGH",
            "HIGH:-aNULL",
            "DEFAULT",
            "ECDHE+AESGCM:DHE+CHACHA20",
            "EECDH+AESGCM,EDH+AESGCM AES256:!ADH:!AECDH",
            "ECDHE-RSA-AES256-GCM-SHA384",
            "TLS_AES_256_GCM_SHA384",
            "HIGH:RC4:3DES:!aNULL:!RC4:!3DES",
            "HIGH:!aNULL@SECLEVEL=2",
            "",
        ] {
            assert!(weak_parts(sound).is_empty(), "{sound}: {:?}", weak_parts(sound));
        }
    }

    #[test]
    fn what_can_be_broken_is_named() {
        for (list, expected) in [
            ("HIGH:MEDIUM", vec![Weakness::Anonymous]),
            ("HIGH:!ADH", vec![Weakness::Anonymous]),
            ("-aNULL:HIGH", vec![Weakness::Anonymous]),
            ("AES256", vec![Weakness::Anonymous]),
            ("HIGH:!aNULL:RC4-SHA", vec![Weakness::Rc4]),
            ("RC4-MD5:!aNULL", vec![Weakness::Rc4, Weakness::Md5]),
            ("HIGH:!aNULL:DES-CBC3-SHA", vec![Weakness::TripleDes]),
            ("HIGH:!aNULL:DES-CBC-SHA", vec![Weakness::Des]),
            ("TLS_RSA_WITH_NULL_SHA256", vec![Weakness::Null]),
            ("DEFAULT:eNULL", vec![Weakness::Null]),
            ("DEFAULT:EXPORT:LOW", vec![Weakness::Export, Weakness::Low]),
            ("kRSA+RC4", vec![Weakness::Rc4]),
            ("DEFAULT@SECLEVEL=0", vec![Weakness::LowLevel]),
            ("DEFAULT:@SECLEVEL=0", vec![Weakness::LowLevel]),
        ] {
            assert_eq!(weak_parts(list).into_iter().collect::<Vec<_>>(), expected, "{list}");
        }
    }
}
