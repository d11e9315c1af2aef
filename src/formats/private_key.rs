//! Private keys, of which nothing leaves but their kind and a digest of their public half.

use super::der::{elements, oid, sequence};
use super::pem;
use super::x509::{PublicKey, digest, key_algorithm, rsa};

/// What a file holds in place of a private key, or of which kind the key is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PrivateKey {
    /// No block of a private key.
    Absent,
    /// A block that nothing reads.
    Broken,
    /// It opens with a passphrase only.
    Encrypted,
    /// A key; where its public half is not part of it, that has no digest.
    Plain(PublicKey),
}

/// The first private key of a file, as OpenSSL takes it.
#[must_use]
pub fn read(bytes: &[u8]) -> PrivateKey {
    let key = pem::blocks(bytes).into_iter().find(|block| block.label.ends_with("PRIVATE KEY"));
    let Some(block) = key else { return PrivateKey::Absent };
    let Some(data) = &block.data else { return PrivateKey::Broken };
    if block.encrypted || block.label == "ENCRYPTED PRIVATE KEY" {
        return PrivateKey::Encrypted;
    }
    let Some(numbers) = sequence(data) else { return PrivateKey::Broken };
    let key = match block.label.as_str() {
        "PRIVATE KEY" => pkcs8(numbers),
        "RSA PRIVATE KEY" => Some(pkcs1(numbers)),
        "EC PRIVATE KEY" => Some(sec1(numbers)),
        label => Some(PublicKey { algorithm: label.to_ascii_lowercase(), bits: None, digest: None }),
    };
    key.map_or(PrivateKey::Broken, PrivateKey::Plain)
}

/// `PrivateKeyInfo`: version, algorithm, the key of that algorithm (RFC 5208).
fn pkcs8(numbers: &[u8]) -> Option<PublicKey> {
    let parts: Vec<_> = elements(numbers).take(3).collect();
    let [_, algorithm, key] = parts.as_slice() else { return None };
    let oid = elements(algorithm.content).next().and_then(|number| oid(number.content))?;
    let name = key_algorithm(&oid);
    match name {
        "rsa" | "rsa-pss" => sequence(key.content).map(pkcs1),
        "ec" => sequence(key.content).map(sec1),
        "" => Some(PublicKey { algorithm: oid, bits: None, digest: None }),
        name => Some(PublicKey { algorithm: name.to_owned(), bits: None, digest: None }),
    }
}

/// `RSAPrivateKey`: version, modulus, public exponent, and what is private (RFC 8017).
fn pkcs1(numbers: &[u8]) -> PublicKey {
    let public: Vec<_> = elements(numbers).skip(1).take(2).map(|number| number.content).collect();
    rsa(public.first().copied(), public.get(1).copied())
}

/// `ECPrivateKey`: version, the private number, and perhaps the curve and the public point (RFC 5915).
fn sec1(numbers: &[u8]) -> PublicKey {
    let point = elements(numbers).find(|element| element.tag == 0xA1).and_then(|tagged| elements(tagged.content).next());
    // A bit string says first how many bits of its last byte do not count.
    let digest = point.and_then(|bits| Some(digest(&[bits.content.split_first()?.1])));
    PublicKey { algorithm: "ec".to_owned(), bits: None, digest }
}

impl PublicKey {
    /// Whether two are the same; `None` where that cannot be told.
    #[must_use]
    pub fn is_same(&self, other: &Self) -> Option<bool> {
        if self.algorithm != other.algorithm {
            return Some(false);
        }
        Some(self.digest? == other.digest?)
    }
}

#[cfg(test)]
mod tests {
    use super::super::x509::{self, Entry};
    use super::*;

    fn bytes(name: &str) -> Vec<u8> {
        std::fs::read(format!("{}/fixtures/tls/{name}", env!("CARGO_MANIFEST_DIR"))).unwrap()
    }

    /// Whether the key of a file belongs to the first certificate of another.
    fn matches(key: &str, certificate: &str) -> Option<bool> {
        let Entry::Certificate(facts) = x509::entries(&bytes(certificate)).remove(0) else { panic!("{certificate}") };
        let PrivateKey::Plain(key) = read(&bytes(key)) else { panic!("{key}") };
        key.is_same(&facts.key)
    }

    #[test]
    fn keys_are_matched_by_their_public_half() {
        assert_eq!(matches("good.key", "good.crt"), Some(true));
        assert_eq!(matches("good-pkcs1.key", "good.crt"), Some(true));
        assert_eq!(matches("other.key", "good.crt"), Some(false));
        assert_eq!(matches("ec.key", "ec.crt"), Some(true));
        assert_eq!(matches("ec-sec1.key", "ec.crt"), Some(true));
        assert_eq!(matches("ec2.key", "ec.crt"), Some(false));
        assert_eq!(matches("ec.key", "good.crt"), Some(false));
        assert_eq!(matches("ed.key", "ed.crt"), None);
    }

    #[test]
    fn other_files_are_told_apart() {
        assert_eq!(read(&bytes("enc.key")), PrivateKey::Encrypted);
        assert_eq!(read(&bytes("enc-old.key")), PrivateKey::Encrypted);
        assert_eq!(read(&bytes("good.crt")), PrivateKey::Absent);
        assert_eq!(read(b"-----BEGIN PRIVATE KEY-----\nMAA=\n-----END PRIVATE KEY-----\n"), PrivateKey::Broken);
    }
}
