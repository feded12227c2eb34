//! Words of closed lists.

/// A word of a closed list: stored, shown and read alike.
macro_rules! words {
    ($(#[$doc:meta])* $name:ident, $code:literal, $what:literal { $($(#[$word_doc:meta])* $variant:ident = $word:literal,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum $name {
            $($(#[$word_doc])* $variant,)*
        }

        impl $name {
            /// The word stored and shown.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $word,)*
                }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl FromStr for $name {
            type Err = Error;

            fn from_str(word: &str) -> Result<Self> {
                match word {
                    $($word => Ok(Self::$variant),)*
                    _ => Err(Error::invalid($code, format!(concat!("{} is no ", $what), format!("{word:?}")))
                        .hint(format!("one of {}", [$($word),*].join(", ")))),
                }
            }
        }
    };
}

pub(crate) use words;
