//! Numbers, texts, lists and maps as text, and the macros that say how a type is made of its parts.
//!
//! All of it is UTF-8: no byte of a number has its highest bit, so that a text within is borrowed without being checked.

use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::rules::few::Few;

/// Something that can be written and read back.
pub(super) trait Pack: Sized {
    /// Appends it.
    fn pack(&self, out: &mut String);

    /// Reads it; `None` where something else was written.
    fn unpack(input: &mut Input) -> Option<Self>;
}

/// What is still to be read.
pub(super) struct Input {
    text: &'static str,
    at: usize,
    /// How many levels may still be nested.
    depth: u8,
}

/// The part of a byte that holds a number; the bit above says that more follows.
const DIGIT: u8 = 0x3f;
const MORE: u8 = 0x40;

impl Input {
    pub(super) const fn new(text: &'static str, depth: u8) -> Self {
        Self { text, at: 0, depth }
    }

    /// All that is still to be read.
    pub(super) fn rest(&self) -> Option<&'static str> {
        self.text.get(self.at..)
    }

    /// A number below 64.
    #[inline(always)]
    pub(super) fn byte(&mut self) -> Option<u8> {
        let byte = *self.text.as_bytes().get(self.at)?;
        self.at += 1;
        Some(byte)
    }

    /// Six bits a byte, the lowest first. Most numbers are one byte.
    #[inline(always)]
    fn number(&mut self) -> Option<u64> {
        let byte = self.byte()?;
        if byte < MORE { Some(u64::from(byte)) } else { self.rest_of_number(byte) }
    }

    fn rest_of_number(&mut self, first: u8) -> Option<u64> {
        let (mut byte, mut number, mut shift) = (first, 0, 0);
        loop {
            number |= u64::from(byte & DIGIT).checked_shl(shift)?;
            if byte < MORE {
                return Some(number);
            }
            shift += 6;
            byte = self.byte()?;
        }
    }

    #[inline(always)]
    fn count(&mut self) -> Option<usize> {
        usize::try_from(self.number()?).ok()
    }

    #[inline(always)]
    fn text(&mut self) -> Option<&'static str> {
        let end = self.count()?.checked_add(self.at)?;
        let text = self.text.get(self.at..end)?;
        self.at = end;
        Some(text)
    }

    /// Takes note that what follows is within something else: a level, where that may contain its like.
    #[inline(always)]
    pub(super) fn enter(&mut self, levels: u8) -> Option<()> {
        self.depth = self.depth.checked_sub(levels)?;
        Some(())
    }

    /// Takes note that it was read.
    #[inline(always)]
    pub(super) fn leave(&mut self, levels: u8) {
        self.depth = self.depth.saturating_add(levels);
    }
}

/// Appends a number below 128 as one byte.
pub(super) fn pack_byte(byte: u8, out: &mut String) {
    out.push(char::from(byte & 0x7f));
}

fn pack_number(mut number: u64, out: &mut String) {
    while number > u64::from(DIGIT) {
        pack_byte((number & u64::from(DIGIT)) as u8 | MORE, out);
        number >>= 6;
    }
    pack_byte(number as u8, out);
}

fn pack_text(text: &str, out: &mut String) {
    pack_number(text.len() as u64, out);
    out.push_str(text);
}

impl Pack for bool {
    fn pack(&self, out: &mut String) {
        pack_byte(u8::from(*self), out);
    }

    #[inline]
    fn unpack(input: &mut Input) -> Option<Self> {
        Some(input.byte()? != 0)
    }
}

impl Pack for u32 {
    fn pack(&self, out: &mut String) {
        pack_number(u64::from(*self), out);
    }

    fn unpack(input: &mut Input) -> Option<Self> {
        input.number()?.try_into().ok()
    }
}

impl Pack for i64 {
    /// Near zero it is short, whatever its sign.
    #[expect(clippy::cast_sign_loss, reason = "the bits are meant")]
    fn pack(&self, out: &mut String) {
        pack_number(((self << 1) ^ (self >> 63)) as u64, out);
    }

    #[expect(clippy::cast_possible_wrap, reason = "the bits are meant")]
    fn unpack(input: &mut Input) -> Option<Self> {
        let number = input.number()?;
        Some((number >> 1) as Self ^ -((number & 1) as Self))
    }
}

impl Pack for f64 {
    fn pack(&self, out: &mut String) {
        pack_number(self.to_bits(), out);
    }

    fn unpack(input: &mut Input) -> Option<Self> {
        input.number().map(Self::from_bits)
    }
}

impl Pack for &'static str {
    fn pack(&self, out: &mut String) {
        pack_text(self, out);
    }

    #[inline]
    fn unpack(input: &mut Input) -> Option<Self> {
        input.text()
    }
}

impl Pack for Cow<'static, str> {
    fn pack(&self, out: &mut String) {
        pack_text(self, out);
    }

    #[inline]
    fn unpack(input: &mut Input) -> Option<Self> {
        input.text().map(Self::Borrowed)
    }
}

impl Pack for String {
    fn pack(&self, out: &mut String) {
        pack_text(self, out);
    }

    fn unpack(input: &mut Input) -> Option<Self> {
        input.text().map(ToOwned::to_owned)
    }
}

impl<T: Pack> Pack for Option<T> {
    fn pack(&self, out: &mut String) {
        pack_byte(u8::from(self.is_some()), out);
        self.iter().for_each(|inner| inner.pack(out));
    }

    #[inline]
    fn unpack(input: &mut Input) -> Option<Self> {
        if input.byte()? == 0 { Some(None) } else { T::unpack(input).map(Some) }
    }
}

impl<T: Pack> Pack for Box<T> {
    fn pack(&self, out: &mut String) {
        self.as_ref().pack(out);
    }

    #[inline]
    fn unpack(input: &mut Input) -> Option<Self> {
        T::unpack(input).map(Self::new)
    }
}

impl<T: Pack> Pack for Vec<T> {
    fn pack(&self, out: &mut String) {
        pack_number(self.len() as u64, out);
        self.iter().for_each(|item| item.pack(out));
    }

    fn unpack(input: &mut Input) -> Option<Self> {
        let count = input.count()?;
        items(input, count)
    }
}

fn items<T: Pack>(input: &mut Input, count: usize) -> Option<Vec<T>> {
    if count == 0 {
        return Some(Vec::new());
    }
    // Each item has a byte at least.
    let mut items = Vec::with_capacity(count.min(input.text.len()));
    for _ in 0..count {
        items.push(T::unpack(input)?);
    }
    Some(items)
}

impl<T: Pack> Pack for Few<T> {
    fn pack(&self, out: &mut String) {
        pack_number(self.len() as u64, out);
        self.iter().for_each(|item| item.pack(out));
    }

    #[inline]
    fn unpack(input: &mut Input) -> Option<Self> {
        match input.count()? {
            1 => T::unpack(input).map(Self::One),
            count => items(input, count).map(Self::More),
        }
    }
}

impl<K: Pack + Ord, V: Pack> Pack for BTreeMap<K, V> {
    fn pack(&self, out: &mut String) {
        pack_number(self.len() as u64, out);
        self.iter().for_each(|(key, value)| {
            key.pack(out);
            value.pack(out);
        });
    }

    fn unpack(input: &mut Input) -> Option<Self> {
        let mut map = Self::new();
        for _ in 0..input.count()? {
            map.insert(K::unpack(input)?, V::unpack(input)?);
        }
        Some(map)
    }
}

impl<A: Pack, B: Pack> Pack for (A, B) {
    fn pack(&self, out: &mut String) {
        self.0.pack(out);
        self.1.pack(out);
    }

    fn unpack(input: &mut Input) -> Option<Self> {
        Some((A::unpack(input)?, B::unpack(input)?))
    }
}

/// A structure is its fields, in this order.
macro_rules! structure {
    ($type:ty { $($field:ident),+ $(,)? }) => {
        impl Pack for $type {
            fn pack(&self, out: &mut String) {
                // Taken apart by name, so that a new field is an error until it is named here.
                let Self { $($field),+ } = self;
                $($field.pack(out);)+
            }

            fn unpack(input: &mut Input) -> Option<Self> {
                $(let $field = Pack::unpack(input)?;)+
                Some(Self { $($field),+ })
            }
        }
    };
}

/// One of several is its number and its parts.
macro_rules! choice {
    ($type:ty { $($choices:tt)+ }) => {
        choice!($type, 0, { $($choices)+ });
    };
    // `levels` is how many levels deeper what it contains may be of its own kind.
    ($type:ty, $levels:literal, { $($number:literal => $variant:ident $(($($part:ident),+))? $({ $($field:ident),+ })?),+ $(,)? }) => {
        impl Pack for $type {
            fn pack(&self, out: &mut String) {
                match self {
                    $(Self::$variant $(($($part),+))? $({ $($field),+ })? => {
                        pack_byte($number, out);
                        $($($part.pack(out);)+)?
                        $($($field.pack(out);)+)?
                    })+
                }
            }

            fn unpack(input: &mut Input) -> Option<Self> {
                input.enter($levels)?;
                let read = match input.byte()? {
                    $($number => {
                        $($(let $part = Pack::unpack(input)?;)+)?
                        $($(let $field = Pack::unpack(input)?;)+)?
                        Self::$variant $(($($part),+))? $({ $($field),+ })?
                    })+
                    _ => return None,
                };
                input.leave($levels);
                Some(read)
            }
        }
    };
}

/// An enumeration of words is the place of the word.
macro_rules! word {
    ($($type:ty),+ $(,)?) => {
        $(impl Pack for $type {
            fn pack(&self, out: &mut String) {
                pack_byte(*self as u8, out);
            }

            #[inline]
            fn unpack(input: &mut Input) -> Option<Self> {
                Self::ALL.get(usize::from(input.byte()?)).copied()
            }
        })+
    };
}

pub(super) use {choice, structure, word};
