//! What the texts of a column look like, where nobody said what they are.

use std::fmt;
use std::str::FromStr;

use arrow_schema::{DECIMAL128_MAX_PRECISION, DataType};

use super::scan::digits;
use super::values;
use crate::results::column::timestamp;

/// The most digits a number may have beside doubles: more than these, a double does not hold.
const DOUBLE_DIGITS: u8 = 17;
/// The most digits a whole number may have beside doubles.
const DOUBLE_WHOLE: u8 = 15;

/// The narrowest type that holds every text of a column exactly.
///
/// A whole number is LONG, or DECIMAL beyond 64 bits; a number with a point is DECIMAL; one with an exponent is
/// DOUBLE, and so are those beside it if they have few enough digits. `007`, `+1`, `1,5` and what mixes kinds is text.
/// Empty fields say nothing.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(in crate::results) struct Guess {
    kind: Kind,
    /// The most digits before the point.
    whole: u8,
    /// The most digits behind the point.
    scale: u8,
    /// The most digits of one number, or one more than a double may have beside it.
    digits: u8,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum Kind {
    #[default]
    Nothing,
    Boolean,
    Long,
    Decimal,
    Double,
    Date,
    Timestamp,
    Text,
}

const KINDS: [(Kind, &str); 8] = [
    (Kind::Nothing, "NULL"),
    (Kind::Boolean, "BOOLEAN"),
    (Kind::Long, "LONG"),
    (Kind::Decimal, "DECIMAL"),
    (Kind::Double, "DOUBLE"),
    (Kind::Date, "DATE"),
    (Kind::Timestamp, "TIMESTAMP"),
    (Kind::Text, "STRING"),
];

impl Guess {
    const TEXT: Self = Self::of(Kind::Text);

    const fn of(kind: Kind) -> Self {
        Self { kind, whole: 0, scale: 0, digits: 0 }
    }

    /// Takes one more text into account.
    pub(super) fn see(&mut self, field: &[u8]) {
        let is_known = match self.kind {
            Kind::Text => true,
            Kind::Long | Kind::Decimal | Kind::Double => self.covers(field),
            Kind::Date => values::date(field).is_some(),
            _ => false,
        };
        if !is_known && !field.is_empty() {
            *self = self.join(classify(field));
        }
    }

    /// Whether a number surely says nothing new, as nearly all do.
    fn covers(self, field: &[u8]) -> bool {
        let whole = digits(field);
        let (is_zero, before) =
            (field.first() == Some(&b'0'), if field[..whole] == *b"0" { 0 } else { whole });
        if whole == 0 || (is_zero && before > 0) || before > usize::from(self.whole.min(DOUBLE_WHOLE)) {
            return false;
        }
        match &field[whole..] {
            [] => true,
            [b'.', fraction @ ..] => {
                let scale = fraction.len();
                let fits = before + scale <= usize::from(self.digits) && scale <= usize::from(self.scale);
                fits && scale > 0 && self.kind != Kind::Long && digits(fraction) == scale
            }
            _ => false,
        }
    }

    /// Whether nothing more is to be learned from further texts.
    pub(super) fn is_text(self) -> bool {
        self.kind == Kind::Text
    }

    /// The guess for the texts of both.
    pub(in crate::results) fn join(self, other: Self) -> Self {
        use Kind::{Decimal, Double, Long, Nothing, Text};
        let kind = match (self.kind, other.kind) {
            (left, right) if left == right => left,
            (Nothing, kind) | (kind, Nothing) => kind,
            (Long, Decimal) | (Decimal, Long) => Decimal,
            (Long | Decimal, Double) | (Double, Long | Decimal) => Double,
            _ => Text,
        };
        let joined = Self {
            kind,
            whole: self.whole.max(other.whole),
            scale: self.scale.max(other.scale),
            digits: self.digits.max(other.digits),
        };
        let fits = match kind {
            Decimal => joined.whole + joined.scale <= DECIMAL128_MAX_PRECISION,
            Double => joined.digits <= DOUBLE_DIGITS,
            _ => true,
        };
        if fits { joined } else { Self::TEXT }
    }

    /// The Arrow type of the values; text where there were none.
    pub(in crate::results) fn data_type(self) -> DataType {
        match self.kind {
            Kind::Boolean => DataType::Boolean,
            Kind::Long => DataType::Int64,
            Kind::Decimal => {
                DataType::Decimal128(DECIMAL128_MAX_PRECISION, i8::try_from(self.scale).unwrap_or(i8::MAX))
            }
            Kind::Double => DataType::Float64,
            Kind::Date => DataType::Date32,
            Kind::Timestamp => timestamp(),
            Kind::Nothing | Kind::Text => DataType::Utf8,
        }
    }

    /// Whether no text was seen at all.
    pub(in crate::results) fn is_nothing(self) -> bool {
        self.kind == Kind::Nothing
    }

    /// The most digits before the point.
    pub(in crate::results) fn integer_digits(self) -> u32 {
        self.whole.into()
    }
}

impl fmt::Display for Guess {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let word = KINDS.iter().find(|(kind, _)| *kind == self.kind).map_or("STRING", |(_, word)| word);
        write!(f, "{word} {} {} {}", self.whole, self.scale, self.digits)
    }
}

impl FromStr for Guess {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let mut words = text.split(' ');
        let word = words.next().unwrap_or_default();
        let (kind, _) = KINDS.iter().find(|(_, known)| *known == word).ok_or(())?;
        let mut number = || words.next().and_then(|digits| digits.parse().ok()).ok_or(());
        Ok(Self { kind: *kind, whole: number()?, scale: number()?, digits: number()? })
    }
}

fn classify(field: &[u8]) -> Guess {
    match field[0] {
        b'0'..=b'9' | b'-' => number(field).unwrap_or_else(|| moment(field)),
        b't' | b'f' if matches!(field, b"true" | b"false") => Guess::of(Kind::Boolean),
        b'N' | b'I' if matches!(field, b"NaN" | b"Infinity") => Guess::of(Kind::Double),
        _ => Guess::TEXT,
    }
}

fn moment(field: &[u8]) -> Guess {
    if values::date(field).is_some() {
        return Guess::of(Kind::Date);
    }
    if values::timestamp(field).is_some() {
        return Guess::of(Kind::Timestamp);
    }
    if field == b"-Infinity" { Guess::of(Kind::Double) } else { Guess::TEXT }
}

/// The guess for a number that is written as one would print it: no needless zero before it, no plus.
fn number(field: &[u8]) -> Option<Guess> {
    let unsigned = field.strip_prefix(b"-").unwrap_or(field);
    let whole = digits(unsigned);
    if whole == 0 || (whole > 1 && unsigned[0] == b'0') {
        return None;
    }
    let mut rest = &unsigned[whole..];
    let scale = rest.strip_prefix(b".").map(digits);
    rest = &rest[scale.map_or(0, |scale| scale + 1)..];
    if scale == Some(0) {
        return None;
    }
    if !rest.is_empty() {
        let is_double = matches!(rest[0], b'e' | b'E') && values::number::<f64>(field).is_some();
        return is_double.then_some(Guess::of(Kind::Double));
    }
    if unsigned.len() < field.len() && unsigned.iter().all(|byte| matches!(byte, b'0' | b'.')) {
        return Some(Guess::of(Kind::Double));
    }
    exact(field, if unsigned[0] == b'0' { 0 } else { whole }, scale)
}

fn exact(field: &[u8], whole: usize, scale: Option<usize>) -> Option<Guess> {
    let is_long = scale.is_none() && (whole <= 18 || values::long(field).is_some());
    let all = u8::try_from(whole + scale.unwrap_or(0)).unwrap_or(u8::MAX);
    if all > DECIMAL128_MAX_PRECISION {
        return None;
    }
    let [whole, scale_digits] =
        [whole, scale.unwrap_or(0)].map(|count| u8::try_from(count).unwrap_or(u8::MAX));
    let too_long = scale.is_none() && whole > DOUBLE_WHOLE;
    let digits = match whole {
        _ if too_long => DOUBLE_DIGITS + 1,
        0 => significant(field),
        _ => all,
    };
    Some(Guess { kind: if is_long { Kind::Long } else { Kind::Decimal }, whole, scale: scale_digits, digits })
}

/// How many digits there are from the first that is not zero on.
fn significant(number: &[u8]) -> u8 {
    let digits = number.iter().filter(|byte| byte.is_ascii_digit()).skip_while(|digit| **digit == b'0');
    u8::try_from(digits.count()).unwrap_or(u8::MAX)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn guess(texts: &[&str]) -> DataType {
        let mut guess = Guess::default();
        texts.iter().for_each(|text| guess.see(text.as_bytes()));
        assert_eq!(guess.to_string().parse(), Ok(guess));
        guess.data_type()
    }

    proptest! {
        /// What is skipped because it says nothing new would have said nothing new.
        #[test]
        fn nothing_new_is_nothing_new(texts in proptest::collection::vec(
            prop_oneof!["-?[0-9]{1,20}", "-?[0-9]{0,17}\\.[0-9]{0,19}", "[0-9.eE-]{1,8}", "2025-0[0-9]-[0-3][0-9]", "0|-0|0\\.0"],
            1..8,
        )) {
            let mut guess = Guess::default();
            for text in &texts {
                let joined = if text.is_empty() { guess } else { guess.join(classify(text.as_bytes())) };
                guess.see(text.as_bytes());
                prop_assert!(guess == joined || (guess.is_text() && joined.is_text()), "{}: {:?}", text, joined);
            }
        }
    }

    #[test]
    fn the_narrowest_type_that_holds_every_text_exactly() {
        let decimal = |scale| DataType::Decimal128(38, scale);
        for (texts, expected) in [
            (&[""][..], DataType::Utf8),
            (&["true", "", "false"], DataType::Boolean),
            (&["true", "TRUE"], DataType::Utf8),
            (&["0", "-7", "9007199254740993", "9223372036854775807"], DataType::Int64),
            (&["9223372036854775808"], decimal(0)),
            (&["1", "1.50", "-0.125"], decimal(3)),
            (&["1.5", "2E-7"], DataType::Float64),
            (&["9007199254740993", "2E-7"], DataType::Utf8),
            (&["0.12345678901234567", "NaN", "-Infinity"], DataType::Float64),
            (&["0.00012345678901234567", "3.1e-05"], DataType::Float64),
            (&["1.23456789012345678", "3.1e-05"], DataType::Utf8),
            (&["-0.0", "1"], DataType::Float64),
            (&["007"], DataType::Utf8),
            (&["+1"], DataType::Utf8),
            (&["1."], DataType::Utf8),
            (&["1,5"], DataType::Utf8),
            (&["2025-01-31", "2024-02-29"], DataType::Date32),
            (&["2025-02-29"], DataType::Utf8),
            (&["2025-01-31T06:00:00.5Z"], timestamp()),
            (&["2025-01-31", "2025-01-31T06:00:00Z"], DataType::Utf8),
            (&["1", "x"], DataType::Utf8),
            (&["99999999999999999999999999999999999999", "0.1"], DataType::Utf8),
            (&["-"], DataType::Utf8),
        ] {
            assert_eq!(guess(texts), expected, "{texts:?}");
        }
    }
}
