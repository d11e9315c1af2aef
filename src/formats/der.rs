//! DER, as far as certificates and keys need it: elements, one after another.

/// One element of DER.
pub(super) struct Element<'d> {
    /// Its tag.
    pub tag: u8,
    /// What is in it.
    pub content: &'d [u8],
    /// It with its tag and length.
    pub whole: &'d [u8],
}

/// The elements that follow one another, up to the first that is not whole.
pub(super) fn elements(bytes: &[u8]) -> impl Iterator<Item = Element<'_>> {
    let mut rest = bytes;
    std::iter::from_fn(move || {
        let (element, after) = element(rest)?;
        rest = after;
        Some(element)
    })
}

fn element(bytes: &[u8]) -> Option<(Element<'_>, &[u8])> {
    let (tag, after_tag) = bytes.split_first()?;
    if tag & 0x1f == 0x1f {
        // A tag of several bytes, which nothing that is read here has.
        return None;
    }
    let (first, after_length) = after_tag.split_first()?;
    let (length, content) = if *first < 0x80 {
        (usize::from(*first), after_length)
    } else {
        let (digits, content) = after_length.split_at_checked(usize::from(first & 0x7f))?;
        if digits.is_empty() || digits.len() > 4 {
            return None;
        }
        (digits.iter().fold(0, |length, digit| length << 8 | usize::from(*digit)), content)
    };
    let (content, rest) = content.split_at_checked(length)?;
    let whole = bytes.get(..bytes.len() - rest.len())?;
    Some((Element { tag: *tag, content, whole }, rest))
}

/// The elements that follow one another; `None` where they do not fill all of it.
pub(super) fn parts(bytes: &[u8]) -> Option<Vec<Element<'_>>> {
    let parts: Vec<_> = elements(bytes).collect();
    (parts.iter().map(|part| part.whole.len()).sum::<usize>() == bytes.len()).then_some(parts)
}

/// The most bytes of an object identifier; those of certificates have nine.
const LONGEST_OID: usize = 39;

/// An object identifier as it is written, `1.2.840.10045.2.1`: seven bits a byte, the first two numbers in one.
pub(super) fn oid(bytes: &[u8]) -> Option<String> {
    if bytes.is_empty() || bytes.len() > LONGEST_OID {
        return None;
    }
    let (mut text, mut number, mut is_whole) = (String::new(), 0_u32, true);
    for byte in bytes {
        // No number begins with a zero.
        if is_whole && *byte == 0x80 {
            return None;
        }
        number = number.checked_mul(128)? | u32::from(byte & 0x7f);
        is_whole = byte & 0x80 == 0;
        if is_whole {
            if text.is_empty() {
                let first = (number / 40).min(2);
                text = format!("{first}.{}", number - first * 40);
            } else {
                text.push('.');
                text.push_str(&number.to_string());
            }
            number = 0;
        }
    }
    is_whole.then_some(text)
}

/// What is in a sequence.
pub(super) fn sequence(bytes: &[u8]) -> Option<&[u8]> {
    elements(bytes).next().filter(|element| element.tag == 0x30).map(|element| element.content)
}
