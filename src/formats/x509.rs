//! Certificates and revocation lists: dates, names, keys, without checking a signature.
//!
//! They are no secrets, but they come from anywhere: what they say is bounded, and stripped of control characters.

use sha2::{Digest, Sha256};

use super::certificate::{AlternativeName, Certificate, KeyInfo, date};
use super::der::{Element, elements, sequence};
use super::pem;
use crate::model::Date;

/// Most names of one certificate that are kept.
const MOST_NAMES: usize = 100;

/// A public key: enough to say whether two are the same, and how strong it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicKey {
    /// `rsa`, `ec`, `ed25519`, …, or the number of the algorithm.
    pub algorithm: String,
    /// Length in bits, where it is known.
    pub bits: Option<u32>,
    /// A digest of its numbers; `None` where they are not at hand.
    pub digest: Option<[u8; 32]>,
}

/// What a certificate says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CertificateFacts {
    /// First day, UTC.
    pub not_before: Date,
    /// Last day, UTC.
    pub not_after: Date,
    /// The common name of its subject.
    pub common_name: Option<String>,
    /// Alternative names that are host names.
    pub dns_names: Vec<String>,
    /// Alternative names that are addresses.
    pub addresses: Vec<String>,
    /// Its public key.
    pub key: PublicKey,
    /// Algorithm of its signature, as OpenSSL names it.
    pub signature: String,
    /// Whether its issuer is its own subject.
    pub self_signed: bool,
    /// Whether it may sign other certificates.
    pub is_ca: bool,
}

/// One block of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Entry {
    /// A certificate.
    Certificate(Box<CertificateFacts>),
    /// A revocation list, with the day by which the next one is due.
    Revocations(Option<Date>),
    /// A block whose armour or whose length is broken: nothing reads it.
    Broken,
    /// A block that this reader does not understand; another may.
    NotUnderstood,
}

/// Certificates and revocation lists of a file, in order; other blocks are passed over.
#[must_use]
pub fn entries(bytes: &[u8]) -> Vec<Entry> {
    pem::blocks(bytes).iter().filter_map(entry).collect()
}

fn entry(block: &pem::Block) -> Option<Entry> {
    let certificate = matches!(block.label.as_str(), "CERTIFICATE" | "X509 CERTIFICATE" | "TRUSTED CERTIFICATE");
    if !certificate && block.label != "X509 CRL" {
        return None;
    }
    let Some(data) = &block.data else { return Some(Entry::Broken) };
    // A trusted certificate has what OpenSSL trusts it with behind it.
    let Some(whole) = elements(data).next().map(|element| element.whole) else { return Some(Entry::Broken) };
    let understood = if certificate {
        Certificate::read(whole).map(|certificate| Entry::Certificate(Box::new(facts(&certificate))))
    } else {
        revocations(whole)
    };
    Some(understood.unwrap_or(Entry::NotUnderstood))
}

/// A revocation list: an optional version, algorithm, issuer, this update, and perhaps the next one (RFC 5280, 5.1). What
/// it revokes may be long, and is not looked at.
fn revocations(whole: &[u8]) -> Option<Entry> {
    let mut body = elements(sequence(sequence(whole)?)?).skip_while(|element| element.tag == 0x02).skip(2);
    let is_time = |element: &Element<'_>| matches!(element.tag, 0x17 | 0x18);
    body.next().filter(is_time)?;
    Some(Entry::Revocations(body.next().filter(is_time).as_ref().and_then(date)))
}

fn facts(certificate: &Certificate<'_>) -> CertificateFacts {
    let (mut dns_names, mut addresses) = (Vec::new(), Vec::new());
    for name in certificate.alternative_names().take(MOST_NAMES) {
        match name {
            AlternativeName::Host(name) => dns_names.push(printable(name)),
            AlternativeName::Address(bytes) => addresses.extend(address(bytes)),
        }
    }
    CertificateFacts {
        not_before: certificate.not_before,
        not_after: certificate.not_after,
        common_name: certificate.common_name.as_deref().map(printable),
        dns_names,
        addresses,
        key: public_key(&certificate.key),
        signature: signature_name(&certificate.signature).to_owned(),
        self_signed: certificate.self_issued,
        is_ca: certificate.is_ca(),
    }
}

impl CertificateFacts {
    /// The names that clients compare: alternative names, and the common name where there are none.
    #[must_use]
    pub fn names(&self) -> Vec<String> {
        let names: Vec<String> = self.dns_names.iter().chain(&self.addresses).cloned().collect();
        if self.dns_names.is_empty() { self.common_name.iter().cloned().chain(names).collect() } else { names }
    }

    /// Whether a client that was told to reach `host` accepts the certificate (`verify-full`).
    ///
    /// A wildcard stands for the first label alone, as in libpq's `wildcard_certificate_match`.
    #[must_use]
    pub fn covers(&self, host: &str) -> bool {
        self.names().iter().any(|name| name.eq_ignore_ascii_case(host) || wildcard_covers(name, host))
    }
}

fn wildcard_covers(name: &str, host: &str) -> bool {
    let Some(domain) = name.strip_prefix("*.") else { return false };
    host.split_once('.').is_some_and(|(label, rest)| !label.is_empty() && rest.eq_ignore_ascii_case(domain))
}

fn public_key(info: &KeyInfo<'_>) -> PublicKey {
    match key_algorithm(&info.algorithm) {
        "rsa" | "rsa-pss" => {
            let numbers = sequence(info.key).map(|numbers| elements(numbers).map(|number| number.content).collect::<Vec<_>>());
            let numbers = numbers.unwrap_or_default();
            rsa(numbers.first().copied(), numbers.get(1).copied())
        }
        "ec" => {
            PublicKey { algorithm: "ec".to_owned(), bits: info.curve.as_deref().and_then(curve_bits), digest: Some(digest(&[info.key])) }
        }
        "" => PublicKey { algorithm: info.algorithm.clone(), bits: None, digest: None },
        other => PublicKey { algorithm: other.to_owned(), bits: None, digest: Some(digest(&[info.key])) },
    }
}

/// An RSA key of its two public numbers, as they stand in DER.
pub(super) fn rsa(modulus: Option<&[u8]>, exponent: Option<&[u8]>) -> PublicKey {
    let without_zeros = |number: &[u8]| {
        let at = number.iter().position(|byte| *byte != 0).unwrap_or(number.len());
        number.get(at..).unwrap_or_default().to_vec()
    };
    let modulus = modulus.map(without_zeros).unwrap_or_default();
    let exponent = exponent.map(without_zeros).unwrap_or_default();
    let bits = modulus.first().map(|first| u32::try_from(modulus.len()).unwrap_or(u32::MAX).saturating_mul(8) - first.leading_zeros());
    let digest = (!modulus.is_empty() && !exponent.is_empty()).then(|| digest(&[&modulus, &exponent]));
    PublicKey { algorithm: "rsa".to_owned(), bits, digest }
}

/// A digest of several numbers, each with its length.
pub(super) fn digest(parts: &[&[u8]]) -> [u8; 32] {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part);
    }
    hash.finalize().into()
}

/// The name of an algorithm of keys; empty for one that is not known.
pub(super) fn key_algorithm(oid: &str) -> &'static str {
    match oid {
        "1.2.840.113549.1.1.1" => "rsa",
        "1.2.840.113549.1.1.10" => "rsa-pss",
        "1.2.840.10045.2.1" => "ec",
        "1.3.101.112" => "ed25519",
        "1.3.101.113" => "ed448",
        "1.2.840.10040.4.1" => "dsa",
        _ => "",
    }
}

fn curve_bits(oid: &str) -> Option<u32> {
    Some(match oid {
        "1.2.840.10045.3.1.1" => 192,
        "1.3.132.0.33" => 224,
        "1.2.840.10045.3.1.7" | "1.3.132.0.10" | "1.3.36.3.3.2.8.1.1.7" => 256,
        "1.3.132.0.34" | "1.3.36.3.3.2.8.1.1.11" => 384,
        "1.3.36.3.3.2.8.1.1.13" => 512,
        "1.3.132.0.35" => 521,
        _ => return None,
    })
}

/// The name of an algorithm of signatures as OpenSSL writes it; else its number.
fn signature_name(oid: &str) -> &str {
    match oid {
        "1.2.840.113549.1.1.2" => "md2WithRSAEncryption",
        "1.2.840.113549.1.1.4" => "md5WithRSAEncryption",
        "1.2.840.113549.1.1.5" | "1.3.14.3.2.29" => "sha1WithRSAEncryption",
        "1.2.840.113549.1.1.10" => "rsassaPss",
        "1.2.840.113549.1.1.11" => "sha256WithRSAEncryption",
        "1.2.840.113549.1.1.12" => "sha384WithRSAEncryption",
        "1.2.840.113549.1.1.13" => "sha512WithRSAEncryption",
        "1.2.840.113549.1.1.14" => "sha224WithRSAEncryption",
        "1.2.840.10045.4.1" => "ecdsa-with-SHA1",
        "1.2.840.10045.4.3.1" => "ecdsa-with-SHA224",
        "1.2.840.10045.4.3.2" => "ecdsa-with-SHA256",
        "1.2.840.10045.4.3.3" => "ecdsa-with-SHA384",
        "1.2.840.10045.4.3.4" => "ecdsa-with-SHA512",
        "1.2.840.10040.4.3" => "dsaWithSHA1",
        "2.16.840.1.101.3.4.3.2" => "dsa_with_SHA256",
        "1.3.101.112" => "ED25519",
        "1.3.101.113" => "ED448",
        _ => oid,
    }
}

fn address(bytes: &[u8]) -> Option<String> {
    if let Ok(four) = <[u8; 4]>::try_from(bytes) {
        return Some(std::net::Ipv4Addr::from(four).to_string());
    }
    <[u8; 16]>::try_from(bytes).ok().map(|sixteen| std::net::Ipv6Addr::from(sixteen).to_string())
}

/// A name without control characters, and of a length that can be read.
fn printable(name: &str) -> String {
    name.chars().take(253).map(|letter| if letter.is_control() { '?' } else { letter }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn only(name: &str) -> CertificateFacts {
        let path = format!("{}/fixtures/tls/{name}", env!("CARGO_MANIFEST_DIR"));
        match entries(&std::fs::read(path).unwrap()).remove(0) {
            Entry::Certificate(facts) => *facts,
            other => panic!("{name}: {other:?}"),
        }
    }

    #[test]
    fn certificates_say_what_openssl_says() {
        let good = only("good.crt");
        assert_eq!((good.not_before.to_string(), good.not_after.to_string()), ("2026-01-01".to_owned(), "2027-06-01".to_owned()));
        assert_eq!(good.names(), ["db.example.com", "*.db.example.com", "10.0.0.5"]);
        assert_eq!((good.key.algorithm.as_str(), good.key.bits), ("rsa", Some(2048)));
        assert_eq!(good.signature, "sha256WithRSAEncryption");
        assert!(!good.self_signed && !good.is_ca);
        let ca = only("ca.crt");
        assert!(ca.self_signed && ca.is_ca);
        assert_eq!((only("ec.crt").key.bits, only("ed.crt").key.algorithm.as_str()), (Some(256), "ed25519"));
        assert_eq!((only("weak.crt").key.bits, only("sha1.crt").signature.as_str()), (Some(1024), "sha1WithRSAEncryption"));
    }

    #[test]
    fn names_match_as_clients_match_them() {
        let good = only("good.crt");
        for (host, covered) in [
            ("db.example.com", true),
            ("DB.EXAMPLE.COM", true),
            ("a.db.example.com", true),
            ("a.b.db.example.com", false),
            ("10.0.0.5", true),
            ("10.0.0.6", false),
            ("db", false),
        ] {
            assert_eq!(good.covers(host), covered, "{host}");
        }
    }

    proptest::proptest! {
        #![proptest_config(proptest::prelude::ProptestConfig::with_cases(256))]
        #[test]
        fn a_damaged_certificate_is_survived(at in 0..1100_usize, byte in proptest::prelude::any::<u8>()) {
            let path = format!("{}/fixtures/tls/good.crt", env!("CARGO_MANIFEST_DIR"));
            let mut bytes = std::fs::read(path).unwrap();
            if let Some(there) = bytes.get_mut(at) {
                *there = byte;
            }
            let _ = entries(&bytes);
        }
    }
}
