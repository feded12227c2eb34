//! A value on its way from a recipe into a column.

/// A made value; the column's type decides what becomes of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Value {
    /// NULL.
    Null,
    /// Text, or the literal of another type.
    Text(String),
    /// A whole number over ten to the power of the second.
    Number(i64, u32),
    /// A list of whole numbers.
    Numbers(Vec<i64>),
    /// A list of texts.
    Texts(Vec<String>),
}

impl Value {
    /// The value as text.
    pub(crate) fn text(self) -> Option<String> {
        match self {
            Self::Text(text) => Some(text),
            Self::Number(number, _) => Some(number.to_string()),
            Self::Null | Self::Numbers(_) | Self::Texts(_) => None,
        }
    }

    /// The value as a whole number, without what stands after the point.
    pub(crate) fn whole(&self) -> Option<i64> {
        match self {
            Self::Number(number, scale) => Some(number / 10_i64.pow(*scale)),
            Self::Text(text) => text.parse().ok(),
            Self::Null | Self::Numbers(_) | Self::Texts(_) => None,
        }
    }

    /// The value as a whole number over ten to the power of `scale`.
    pub(crate) fn scaled(&self, scale: i8) -> Option<i128> {
        let (number, from) = match self {
            Self::Number(number, from) => (*number, *from),
            other => (other.whole()?, 0),
        };
        let up = u32::from(scale.unsigned_abs()).checked_sub(from)?;
        Some(i128::from(number) * 10_i128.pow(up))
    }
}

impl From<Option<String>> for Value {
    fn from(text: Option<String>) -> Self {
        text.map_or(Self::Null, Self::Text)
    }
}

impl From<Option<i64>> for Value {
    fn from(number: Option<i64>) -> Self {
        number.map_or(Self::Null, |number| Self::Number(number, 0))
    }
}
