//! A certificate taken apart (RFC 5280, 4.1): its parts as they are in DER, and what one of them says.

use super::der::{Element, elements, oid, parts, sequence};
use crate::model::Date;

const COMMON_NAME: &str = "2.5.4.3";
const ALTERNATIVE_NAMES: &str = "2.5.29.17";
const BASIC_CONSTRAINTS: &str = "2.5.29.19";

const BOOLEAN: u8 = 0x01;
const INTEGER: u8 = 0x02;
const BIT_STRING: u8 = 0x03;
const OCTET_STRING: u8 = 0x04;
const IDENTIFIER: u8 = 0x06;
const SEQUENCE: u8 = 0x30;
const SET: u8 = 0x31;

/// The parts that say something to gonogo.
pub(super) struct Certificate<'d> {
    /// Whether its issuer has the name of its subject.
    pub self_issued: bool,
    /// The first common name of its subject.
    pub common_name: Option<String>,
    pub not_before: Date,
    pub not_after: Date,
    pub key: KeyInfo<'d>,
    /// Number of the algorithm of its signature.
    pub signature: String,
    extensions: Vec<(String, &'d [u8])>,
}

/// A public key with its algorithm.
pub(super) struct KeyInfo<'d> {
    /// Number of the algorithm.
    pub algorithm: String,
    /// Number of the curve, where the algorithm has one.
    pub curve: Option<String>,
    /// The key as its algorithm writes it.
    pub key: &'d [u8],
}

/// An alternative name that a client may compare.
pub(super) enum AlternativeName<'d> {
    Host(&'d str),
    Address(&'d [u8]),
}

impl<'d> Certificate<'d> {
    /// Takes a certificate apart; `None` where it is not one, or not whole.
    pub(super) fn read(whole: &'d [u8]) -> Option<Self> {
        let [body, algorithm_of_signature, value]: [_; 3] = parts(sequence(whole)?)?.try_into().ok()?;
        let signature = algorithm(&algorithm_of_signature)?.0;
        bits(&value)?;
        let mut body = parts(Some(body).filter(|body| body.tag == SEQUENCE)?.content)?.into_iter().peekable();
        if body.peek()?.tag == 0xA0 {
            // A version.
            body.next().filter(|version| elements(version.content).all(|number| number.tag == INTEGER))?;
        }
        next(&mut body, INTEGER)?;
        algorithm(&next(&mut body, SEQUENCE)?)?;
        let issuer = next(&mut body, SEQUENCE)?;
        let [not_before, not_after]: [_; 2] = parts(next(&mut body, SEQUENCE)?.content)?.try_into().ok()?;
        let subject = next(&mut body, SEQUENCE)?;
        let key = key_info(&next(&mut body, SEQUENCE)?)?;
        // Two numbers that nobody uses may stand before the extensions.
        let mut rest = body.skip_while(|part| matches!(part.tag, 0x81 | 0xA1 | 0x82 | 0xA2));
        let extensions = match (rest.next(), rest.next()) {
            (None, _) => Vec::new(),
            (Some(all), None) if all.tag == 0xA3 => parts(sequence(all.content)?)?.iter().map(extension).collect::<Option<_>>()?,
            _ => return None,
        };
        attributes(issuer.content)?;
        let common_name = attributes(subject.content)?
            .into_iter()
            .find_map(|(name, text)| (name == COMMON_NAME).then_some(text))
            .filter(|name| !name.is_empty());
        let (not_before, not_after) = (date(&not_before)?, date(&not_after)?);
        Some(Self { self_issued: issuer.content == subject.content, common_name, not_before, not_after, key, signature, extensions })
    }

    /// Host names and addresses among its alternative names.
    pub(super) fn alternative_names(&self) -> impl Iterator<Item = AlternativeName<'d>> + use<'d> {
        let names = self.extension(ALTERNATIVE_NAMES).and_then(sequence).and_then(parts).unwrap_or_default();
        names.into_iter().filter_map(|name| match name.tag {
            0x82 => std::str::from_utf8(name.content).ok().filter(|host| host.is_ascii()).map(AlternativeName::Host),
            0x87 => Some(AlternativeName::Address(name.content)),
            _ => None,
        })
    }

    /// Whether it may sign other certificates.
    pub(super) fn is_ca(&self) -> bool {
        let first = self.extension(BASIC_CONSTRAINTS).and_then(sequence).and_then(parts).and_then(|parts| parts.into_iter().next());
        first.is_some_and(|first| first.tag == BOOLEAN && first.content.iter().any(|byte| *byte != 0))
    }

    /// What an extension holds; nothing where there are two of them, since readers differ about these.
    fn extension(&self, wanted: &str) -> Option<&'d [u8]> {
        let mut found = self.extensions.iter().filter(|(name, _)| name == wanted);
        let (first, second) = (found.next()?, found.next());
        second.is_none().then_some(first.1)
    }
}

/// The attributes of a name: sets of numbers and texts. `None` where it is not built so, or a text is not one of its kind.
fn attributes(name: &[u8]) -> Option<Vec<(String, String)>> {
    let sets: Option<Vec<_>> = parts(name)?.iter().map(|set| parts(set.content).filter(|_| set.tag == SET)).collect();
    let pair = |attribute: Element<'_>| {
        let [name, text]: [_; 2] = parts(attribute.content)?.try_into().ok()?;
        Some((number(&name)?, directory_string(&text)?)).filter(|_| attribute.tag == SEQUENCE)
    };
    sets?.into_iter().flatten().map(pair).collect()
}

fn next<'d>(parts: &mut impl Iterator<Item = Element<'d>>, tag: u8) -> Option<Element<'d>> {
    parts.next().filter(|part| part.tag == tag)
}

fn number(element: &Element<'_>) -> Option<String> {
    oid(element.content).filter(|_| element.tag == IDENTIFIER)
}

/// A bit string without its first byte, which says how many bits of the last one do not count.
fn bits<'d>(element: &Element<'d>) -> Option<&'d [u8]> {
    let (unused, bits) = element.content.split_first()?;
    (element.tag == BIT_STRING && *unused < 8).then_some(bits)
}

/// The number of an algorithm, and its parameters.
fn algorithm<'d>(element: &Element<'d>) -> Option<(String, Option<Element<'d>>)> {
    let mut parts = parts(element.content).filter(|_| element.tag == SEQUENCE)?.into_iter();
    let (name, parameters) = (number(&parts.next()?)?, parts.next());
    parts.next().is_none().then_some((name, parameters))
}

fn key_info<'d>(element: &Element<'d>) -> Option<KeyInfo<'d>> {
    let [algorithm_of_key, key]: [_; 2] = parts(element.content)?.try_into().ok()?;
    let (algorithm, parameters) = algorithm(&algorithm_of_key)?;
    Some(KeyInfo { algorithm, curve: parameters.as_ref().and_then(number), key: bits(&key)? })
}

/// Its number and its value; between them may stand whether it is critical.
fn extension<'d>(element: &Element<'d>) -> Option<(String, &'d [u8])> {
    let mut parts = parts(element.content).filter(|_| element.tag == SEQUENCE)?.into_iter().peekable();
    let name = number(&parts.next()?)?;
    if parts.peek()?.tag == BOOLEAN {
        parts.next().filter(|critical| critical.content.len() == 1)?;
    }
    let value = next(&mut parts, OCTET_STRING)?;
    parts.next().is_none().then_some((name, value.content))
}

/// A string as names are written with: UTF-8, printable, plain ASCII, T.61 and 16-bit ones.
fn directory_string(element: &Element<'_>) -> Option<String> {
    match element.tag {
        0x0C => std::str::from_utf8(element.content).ok().map(str::to_owned),
        0x12 | 0x13 | 0x16 => std::str::from_utf8(element.content).ok().filter(|text| text.is_ascii()).map(str::to_owned),
        // Everybody reads it as Latin-1.
        0x14 => Some(element.content.iter().map(|byte| char::from(*byte)).collect()),
        0x1E => {
            let units = element.content.chunks_exact(2).map(|pair| pair.iter().fold(0, |unit, byte| unit << 8 | u16::from(*byte)));
            Some(char::decode_utf16(units).map(|unit| unit.unwrap_or(char::REPLACEMENT_CHARACTER)).collect())
        }
        // Names may hold what is no text; nothing asks for it.
        _ => Some(String::new()),
    }
}

/// The day of `YYMMDDHHMMSSZ` (of 1950 to 2049) or `YYYYMMDDHHMMSSZ`.
pub(super) fn date(element: &Element<'_>) -> Option<Date> {
    let text = std::str::from_utf8(element.content).ok()?.strip_suffix('Z')?;
    let number = |range: std::ops::Range<usize>| {
        text.get(range).filter(|digits| digits.bytes().all(|digit| digit.is_ascii_digit()))?.parse::<u16>().ok()
    };
    let (year, rest) = match (element.tag, text.len()) {
        (0x17, 12) => number(0..2).map(|year| (if year < 50 { 2000 + year } else { 1900 + year }, 2))?,
        (0x18, 14) => (number(0..4)?, 4),
        _ => return None,
    };
    let two = |at: usize| number(rest + at..rest + at + 2);
    let is_time = two(4)? < 24 && two(6)? < 60 && two(8)? < 60;
    is_time.then(|| Date::new(year, u8::try_from(two(0)?).ok()?, u8::try_from(two(2)?).ok()?)).flatten()
}
