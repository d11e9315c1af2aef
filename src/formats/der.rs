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

/// What is in a sequence.
pub(super) fn sequence(bytes: &[u8]) -> Option<&[u8]> {
    elements(bytes).next().filter(|element| element.tag == 0x30).map(|element| element.content)
}
