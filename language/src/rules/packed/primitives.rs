//! Numbers, texts, lists and maps as bytes, and the two macros that say how a type is made of its parts.

use std::collections::BTreeMap;

/// Something that can be written as bytes and read back.
pub(super) trait Pack: Sized {
    /// Appends its bytes.
    fn pack(&self, out: &mut Vec<u8>);

    /// Reads it; `None` where the bytes are not of this type.
    fn unpack(input: &mut Input) -> Option<Self>;
}

/// Bytes that are still to be read.
pub(super) struct Input {
    rest: &'static [u8],
    /// How many levels may still be nested.
    depth: u8,
}

impl Input {
    pub(super) const fn new(rest: &'static [u8], depth: u8) -> Self {
        Self { rest, depth }
    }

    pub(super) fn byte(&mut self) -> Option<u8> {
        let (first, rest) = self.rest.split_first()?;
        self.rest = rest;
        Some(*first)
    }

    fn bytes(&mut self, count: usize) -> Option<&'static [u8]> {
        let (taken, rest) = self.rest.split_at_checked(count)?;
        self.rest = rest;
        Some(taken)
    }

    /// Seven bits a byte, the lowest first.
    fn number(&mut self) -> Option<u64> {
        let mut number = 0_u64;
        for shift in (0..u64::BITS).step_by(7) {
            let byte = self.byte()?;
            number |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Some(number);
            }
        }
        None
    }

    fn count(&mut self) -> Option<usize> {
        usize::try_from(self.number()?).ok()
    }

    fn text(&mut self) -> Option<&'static str> {
        let count = self.count()?;
        std::str::from_utf8(self.bytes(count)?).ok()
    }

    /// Reads something that may contain its like.
    pub(super) fn nested<T>(&mut self, read: impl FnOnce(&mut Self) -> Option<T>) -> Option<T> {
        self.depth = self.depth.checked_sub(1)?;
        let read = read(self);
        self.depth += 1;
        read
    }
}

fn pack_number(mut number: u64, out: &mut Vec<u8>) {
    while number >= 0x80 {
        out.push((number & 0x7f) as u8 | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
}

impl Pack for bool {
    fn pack(&self, out: &mut Vec<u8>) {
        out.push(u8::from(*self));
    }

    fn unpack(input: &mut Input) -> Option<Self> {
        Some(input.byte()? != 0)
    }
}

impl Pack for i64 {
    /// Near zero it is short, whatever its sign.
    #[expect(clippy::cast_sign_loss, reason = "the bits are meant")]
    fn pack(&self, out: &mut Vec<u8>) {
        pack_number(((self << 1) ^ (self >> 63)) as u64, out);
    }

    #[expect(clippy::cast_possible_wrap, reason = "the bits are meant")]
    fn unpack(input: &mut Input) -> Option<Self> {
        let number = input.number()?;
        Some((number >> 1) as Self ^ -((number & 1) as Self))
    }
}

impl Pack for f64 {
    fn pack(&self, out: &mut Vec<u8>) {
        out.extend(self.to_le_bytes());
    }

    fn unpack(input: &mut Input) -> Option<Self> {
        Some(Self::from_le_bytes(*input.bytes(8)?.first_chunk()?))
    }
}

impl Pack for &'static str {
    fn pack(&self, out: &mut Vec<u8>) {
        pack_number(self.len() as u64, out);
        out.extend(self.as_bytes());
    }

    fn unpack(input: &mut Input) -> Option<Self> {
        input.text()
    }
}

impl Pack for String {
    fn pack(&self, out: &mut Vec<u8>) {
        pack_number(self.len() as u64, out);
        out.extend(self.as_bytes());
    }

    fn unpack(input: &mut Input) -> Option<Self> {
        input.text().map(ToOwned::to_owned)
    }
}

impl<T: Pack> Pack for Option<T> {
    fn pack(&self, out: &mut Vec<u8>) {
        out.push(u8::from(self.is_some()));
        self.iter().for_each(|inner| inner.pack(out));
    }

    fn unpack(input: &mut Input) -> Option<Self> {
        if input.byte()? == 0 { Some(None) } else { T::unpack(input).map(Some) }
    }
}

impl<T: Pack> Pack for Box<T> {
    fn pack(&self, out: &mut Vec<u8>) {
        self.as_ref().pack(out);
    }

    fn unpack(input: &mut Input) -> Option<Self> {
        T::unpack(input).map(Self::new)
    }
}

impl<T: Pack> Pack for Vec<T> {
    fn pack(&self, out: &mut Vec<u8>) {
        pack_number(self.len() as u64, out);
        self.iter().for_each(|item| item.pack(out));
    }

    fn unpack(input: &mut Input) -> Option<Self> {
        let count = input.count()?;
        // Each item has a byte at least.
        let mut items = Self::with_capacity(count.min(input.rest.len()));
        for _ in 0..count {
            items.push(T::unpack(input)?);
        }
        Some(items)
    }
}

impl<K: Pack + Ord, V: Pack> Pack for BTreeMap<K, V> {
    fn pack(&self, out: &mut Vec<u8>) {
        pack_number(self.len() as u64, out);
        self.iter().for_each(|(key, value)| {
            key.pack(out);
            value.pack(out);
        });
    }

    fn unpack(input: &mut Input) -> Option<Self> {
        (0..input.count()?).map(|_| Some((K::unpack(input)?, V::unpack(input)?))).collect()
    }
}

impl<A: Pack, B: Pack> Pack for (A, B) {
    fn pack(&self, out: &mut Vec<u8>) {
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
            fn pack(&self, out: &mut Vec<u8>) {
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
    ($type:ty { $($number:literal => $variant:ident $(($($part:ident),+))? $({ $($field:ident),+ })?),+ $(,)? }) => {
        impl Pack for $type {
            fn pack(&self, out: &mut Vec<u8>) {
                match self {
                    $(Self::$variant $(($($part),+))? $({ $($field),+ })? => {
                        out.push($number);
                        $($($part.pack(out);)+)?
                        $($($field.pack(out);)+)?
                    })+
                }
            }

            fn unpack(input: &mut Input) -> Option<Self> {
                input.nested(|input| match input.byte()? {
                    $($number => {
                        $($(let $part = Pack::unpack(input)?;)+)?
                        $($(let $field = Pack::unpack(input)?;)+)?
                        Some(Self::$variant $(($($part),+))? $({ $($field),+ })?)
                    })+
                    _ => None,
                })
            }
        }
    };
}

/// An enumeration of words is the place of the word.
macro_rules! word {
    ($($type:ty),+ $(,)?) => {
        $(impl Pack for $type {
            fn pack(&self, out: &mut Vec<u8>) {
                out.push(*self as u8);
            }

            fn unpack(input: &mut Input) -> Option<Self> {
                Self::ALL.get(usize::from(input.byte()?)).copied()
            }
        })+
    };
}

pub(super) use {choice, structure, word};
