//! States and kinds: an enum with a stored number and a word for each variant; row ids.

/// Declares enums whose variants have a stored number (never reused) and a word.
macro_rules! words {
    ($($(#[$doc:meta])* $name:ident {
        $($(#[$variant_doc:meta])* $variant:ident = $code:literal $word:literal,)+
    })+) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[derive(serde::Serialize, serde::Deserialize)]
        pub enum $name {
            $($(#[$variant_doc])* #[serde(rename = $word)] $variant = $code,)+
        }

        impl $name {
            /// All variants, in the order of their stored numbers.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The word used in API, tables and pages.
            #[must_use]
            pub const fn word(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }

            /// The variant that [`word`](Self::word) names.
            #[must_use]
            pub fn from_word(word: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|variant| variant.word() == word)
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(self.word())
            }
        }

        impl crate::column::Column for $name {
            type Raw = i64;
            const EXPECTED: &'static str = concat!("the number of a ", stringify!($name));

            fn write(&self) -> i64 {
                *self as i64
            }

            fn read(raw: i64) -> Option<Self> {
                Self::ALL.iter().copied().find(|variant| *variant as i64 == raw)
            }
        }
    )+};
}

/// Declares the id of a table's rows.
macro_rules! row_id {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[derive(serde::Serialize, serde::Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub i64);

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }

        impl crate::column::Column for $name {
            type Raw = i64;
            const EXPECTED: &'static str = concat!("a ", stringify!($name));

            fn write(&self) -> i64 {
                self.0
            }

            fn read(raw: i64) -> Option<Self> {
                Some(Self(raw))
            }
        }
    )+};
}

pub(crate) use {row_id, words};
