//! The armour of keys and certificates: base64 between `-----BEGIN …-----` and `-----END …-----`, read as
//! OpenSSL reads it. What stands outside of blocks is passed over, a block that is cut off or garbled is kept
//! as such.

use zeroize::Zeroizing;

/// Most blocks of one file that are kept; a bundle of every public authority has some 150.
const MOST_BLOCKS: usize = 500;

/// One block.
pub struct Block {
    /// What it says that it is: `CERTIFICATE`, `PRIVATE KEY`.
    pub label: String,
    /// Its bytes; `None` where the block has no end, or no base64.
    pub data: Option<Zeroizing<Vec<u8>>>,
    /// Whether a header says that it is encrypted (`Proc-Type: 4,ENCRYPTED`).
    pub encrypted: bool,
}

/// Whether a text begins a block: enough to know that it is no configuration.
#[must_use]
pub fn looks_armoured(head: &str) -> bool {
    head.contains("-----BEGIN ") && head.lines().any(|line| label_of(line.as_bytes(), b"-----BEGIN ").is_some())
}

/// Every block, in order.
#[must_use]
pub fn blocks(bytes: &[u8]) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut lines = bytes.split(|byte| *byte == b'\n').map(trim_end);
    while let Some(line) = lines.next() {
        let Some(label) = label_of(line, b"-----BEGIN ") else { continue };
        if blocks.len() >= MOST_BLOCKS {
            break;
        }
        blocks.push(block(label, &mut lines));
    }
    blocks
}

fn block<'b>(label: &[u8], lines: &mut impl Iterator<Item = &'b [u8]>) -> Block {
    let mut base64 = Zeroizing::new(Vec::new());
    let mut encrypted = false;
    let mut ended = false;
    for line in lines {
        if let Some(end) = label_of(line, b"-----END ") {
            ended = end == label;
            break;
        }
        if line.contains(&b':') {
            encrypted |= line.ends_with(b"ENCRYPTED");
        } else {
            base64.extend_from_slice(line);
        }
    }
    let data = if ended { decode(&base64) } else { None };
    Block { label: String::from_utf8_lossy(label).into_owned(), data, encrypted }
}

fn trim_end(line: &[u8]) -> &[u8] {
    let end = line.iter().rposition(|byte| *byte > b' ').map_or(0, |at| at + 1);
    line.get(..end).unwrap_or(line)
}

fn label_of<'l>(line: &'l [u8], begin: &[u8]) -> Option<&'l [u8]> {
    line.strip_prefix(begin)?.strip_suffix(b"-----")
}

/// Base64 with its padding; `None` for anything else.
fn decode(text: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let digits = text.iter().filter(|byte| !byte.is_ascii_whitespace());
    let mut bytes = Zeroizing::new(Vec::with_capacity(text.len() / 4 * 3 + 3));
    let (mut bits, mut count, mut padding) = (0_u32, 0_u32, 0);
    for digit in digits {
        let value = match digit {
            b'A'..=b'Z' => digit - b'A',
            b'a'..=b'z' => digit - b'a' + 26,
            b'0'..=b'9' => digit - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            b'=' => {
                padding += 1;
                continue;
            }
            _ => return None,
        };
        if padding > 0 {
            return None;
        }
        bits = (bits << 6 | u32::from(value)) & 0xFF_FFFF;
        count += 1;
        match count % 4 {
            2 => bytes.push((bits >> 4 & 0xFF) as u8),
            3 => bytes.push((bits >> 2 & 0xFF) as u8),
            0 => bytes.push((bits & 0xFF) as u8),
            _ => {}
        }
    }
    (count % 4 != 1 && (count + padding).is_multiple_of(4) && padding < 3).then_some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<(String, Option<Vec<u8>>)> {
        blocks(text.as_bytes()).into_iter().map(|block| (block.label, block.data.map(|data| data.to_vec()))).collect()
    }

    #[test]
    fn blocks_are_found_among_other_text() {
        let text = "hello\r\n-----BEGIN A-----  \r\naGVs\r\nbG8=\r\n-----END A-----\r\n  -----BEGIN B-----\n-----BEGIN C-----\naGVsbG8h\n-----END C-----";
        assert_eq!(read(text), [("A".to_owned(), Some(b"hello".to_vec())), ("C".to_owned(), Some(b"hello!".to_vec()))]);
    }

    #[test]
    fn what_is_cut_off_or_garbled_is_kept_as_such() {
        for text in ["-----BEGIN A-----\naGVs", "-----BEGIN A-----\naG*s\n-----END A-----", "-----BEGIN A-----\naGVs\n-----END B-----"] {
            assert_eq!(read(text), [("A".to_owned(), None)], "{text}");
        }
        let old =
            "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00\n\naGVs\n-----END RSA PRIVATE KEY-----";
        assert!(blocks(old.as_bytes())[0].encrypted);
    }

    proptest::proptest! {
        #![proptest_config(proptest::prelude::ProptestConfig::with_cases(256))]
        #[test]
        fn any_bytes_are_survived(bytes in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..300)) {
            let mut text = b"-----BEGIN A-----\n".to_vec();
            text.extend(&bytes);
            text.extend(b"\n-----END A-----");
            let _ = blocks(&text);
        }
    }
}
