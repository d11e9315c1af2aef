//! Enumerations whose values are words that files and reports use.

/// Defines an enumeration whose values have a word each: `words! { /// What. Name { /// Which. Variant = "word" } }`.
#[macro_export]
macro_rules! words {
    ($(#[$meta:meta])* $name:ident { $($(#[$variant_meta:meta])* $variant:ident = $word:literal),+ $(,)? }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $($(#[$variant_meta])* $variant),+ }

        impl $name {
            /// Every value, in order.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// Every word, in order.
            pub const WORDS: &'static [&'static str] = &[$($word),+];

            /// The word that files and reports use.
            #[must_use]
            pub const fn word(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }
        }

        impl ::std::fmt::Display for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.pad(self.word())
            }
        }

        impl ::std::str::FromStr for $name {
            type Err = String;

            fn from_str(text: &str) -> Result<Self, String> {
                match text {
                    $($word => Ok(Self::$variant),)+
                    other => Err(format!("`{other}` is none of {}", Self::WORDS.join(", "))),
                }
            }
        }

        $crate::words_in_data!($name);
    };
}
pub use crate::words;

/// How such an enumeration is read and written in data.
#[cfg(feature = "program")]
#[doc(hidden)]
#[macro_export]
macro_rules! words_in_data {
    ($name:ident) => {
        impl $crate::serde_core::Serialize for $name {
            fn serialize<S: $crate::serde_core::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.word())
            }
        }

        impl<'de> $crate::serde_core::Deserialize<'de> for $name {
            fn deserialize<D: $crate::serde_core::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let word = <String as $crate::serde_core::Deserialize>::deserialize(deserializer)?;
                word.parse().map_err($crate::serde_core::de::Error::custom)
            }
        }
    };
}

/// The build script reads and writes none.
#[cfg(not(feature = "program"))]
#[doc(hidden)]
#[macro_export]
macro_rules! words_in_data {
    ($name:ident) => {};
}
