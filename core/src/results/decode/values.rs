//! Reads one field as a value of one type: exactly, or not at all.

use std::str::FromStr;

use super::scan;

const MICROS_PER_SECOND: i64 = 1_000_000;
const SECONDS_PER_DAY: i64 = 86_400;
/// The most digits that any 64-bit number has room for.
const SAFE_DIGITS: usize = 18;

/// A number in Rust's own notation, which covers what Java prints: `-1`, `1.5E10`, `NaN`, `Infinity`.
pub(super) fn number<N: FromStr>(field: &[u8]) -> Option<N> {
    std::str::from_utf8(field).ok()?.parse().ok()
}

/// A whole number of 64 bits.
pub(super) fn long(field: &[u8]) -> Option<i64> {
    let (negative, digits) = match field {
        [b'-', rest @ ..] => (true, rest),
        _ => (false, field),
    };
    match scan::value_of(digits).filter(|_| (1..=SAFE_DIGITS).contains(&digits.len())) {
        Some(value) => Some(if negative { -value } else { value }),
        None => number(field),
    }
}

/// A double. Whole numbers up to 2^53 and powers of ten up to 10^22 are exact as doubles, so that their quotient is the
/// double nearest to the text.
pub(super) fn double(field: &[u8]) -> Option<f64> {
    short_double(field).or_else(|| number(field))
}

#[allow(clippy::cast_precision_loss, reason = "what is not exact is left to others")]
fn short_double(field: &[u8]) -> Option<f64> {
    const EXACT: i64 = 1 << 53;
    let Decimal { unscaled, scale } = short_decimal(field)?;
    let digits = i64::try_from(unscaled).ok().filter(|digits| *digits != 0 && digits.abs() <= EXACT)?;
    POWERS.get(usize::try_from(scale).ok()?).map(|power| digits as f64 / power)
}

/// The powers of ten that are exact as doubles.
const POWERS: [f64; 23] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18,
    1e19, 1e20, 1e21, 1e22,
];

/// `true` or `false`, in any case.
pub(super) fn boolean(field: &[u8]) -> Option<bool> {
    if field.eq_ignore_ascii_case(b"true") {
        return Some(true);
    }
    field.eq_ignore_ascii_case(b"false").then_some(false)
}

/// `yyyy-MM-dd`, in days since 1970-01-01.
pub(super) fn date(field: &[u8]) -> Option<i32> {
    let [y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2] = *field else { return None };
    let (year, month, day) = (digits(&[y1, y2, y3, y4])?, digits(&[m1, m2])?, digits(&[d1, d2])?);
    let exists = year > 0 && (1..=12).contains(&month) && (1..=days_of(year, month)).contains(&day);
    exists.then(|| days_since_epoch(year, month, day)).flatten()
}

fn days_of(year: u32, month: u32) -> u32 {
    let is_leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    match month {
        2 => 28 + u32::from(is_leap),
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Years begin in March here, so that the leap day is the last one: 153 days in every five months.
fn days_since_epoch(year: u32, month: u32, day: u32) -> Option<i32> {
    const EPOCH: i32 = 719_468;
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let days = year * 365 + year / 4 - year / 100 + year / 400 + (153 * month + 2) / 5 + day - 1;
    i32::try_from(days).ok().map(|days| days - EPOCH)
}

/// `yyyy-MM-ddTHH:mm:ss`, with a space or a `T`, a fraction, a `Z`: microseconds since 1970-01-01 UTC.
pub(super) fn timestamp(field: &[u8]) -> Option<i64> {
    let (day, rest) = field.split_at_checked(10)?;
    let (time, rest) = rest.split_at_checked(9)?;
    let [b'T' | b' ', h1, h2, b':', m1, m2, b':', s1, s2] = *time else { return None };
    let (hour, minute, second) = (digits(&[h1, h2])?, digits(&[m1, m2])?, digits(&[s1, s2])?);
    if hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    let seconds = i64::from(date(day)?) * SECONDS_PER_DAY + i64::from(hour * 3600 + minute * 60 + second);
    Some(seconds * MICROS_PER_SECOND + fraction(rest.strip_suffix(b"Z").unwrap_or(rest))?)
}

/// A fraction of a second with its point, in microseconds; finer digits must be zero.
fn fraction(field: &[u8]) -> Option<i64> {
    let Some(fraction) = field.strip_prefix(b".") else { return field.is_empty().then_some(0) };
    let (micros, finer) = fraction.split_at(fraction.len().min(6));
    if fraction.len() > 9 || finer.iter().any(|&digit| digit != b'0') {
        return None;
    }
    let missing = u32::try_from(6 - micros.len()).ok()?;
    Some(i64::from(digits(micros)? * 10_u32.pow(missing)))
}

fn digits(field: &[u8]) -> Option<u32> {
    field.iter().try_fold(0, |value, digit| match digit {
        b'0'..=b'9' => Some(value * 10 + u32::from(digit - b'0')),
        _ => None,
    })
}

/// A decimal number as written: `unscaled` × 10^-`scale`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Decimal {
    /// The digits with their sign.
    pub(super) unscaled: i128,
    /// How many of them stand behind the point; negative for `1E3`.
    pub(super) scale: i32,
}

/// A decimal number, plain or with an exponent; `Err` when its digits do not fit 128 bits.
pub(super) fn decimal(field: &[u8]) -> Option<Result<Decimal, ()>> {
    short_decimal(field).map(Ok).or_else(|| any_decimal(field))
}

/// A plain number of few digits, which is what nearly all are.
fn short_decimal(field: &[u8]) -> Option<Decimal> {
    let (negative, digits) = match field {
        [b'-', rest @ ..] => (true, rest),
        _ => (false, field),
    };
    let point = digits.iter().position(|byte| *byte == b'.').unwrap_or(digits.len());
    let (whole, fraction) = (&digits[..point], digits.get(point + 1..).unwrap_or_default());
    if !(1..=SAFE_DIGITS).contains(&(whole.len() + fraction.len())) {
        return None;
    }
    let scale = u32::try_from(fraction.len()).ok()?;
    let value = scan::value_of(whole)? * 10_i64.pow(scale) + scan::value_of(fraction)?;
    let unscaled = i128::from(if negative { -value } else { value });
    Some(Decimal { unscaled, scale: scale.cast_signed() })
}

fn any_decimal(field: &[u8]) -> Option<Result<Decimal, ()>> {
    let (mantissa, exponent) = match field.iter().position(|byte| matches!(byte, b'e' | b'E')) {
        Some(at) => (&field[..at], number::<i32>(&field[at + 1..])?),
        None => (field, 0),
    };
    let (negative, mantissa) = match mantissa {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] => (false, rest),
        _ => (false, mantissa),
    };
    let point = mantissa.iter().position(|&byte| byte == b'.').unwrap_or(mantissa.len());
    let (whole, after) = (&mantissa[..point], mantissa.get(point + 1..).unwrap_or_default());
    let is_number = whole.len() + after.len() > 0 && whole.iter().chain(after).all(u8::is_ascii_digit);
    let scale = i32::try_from(after.len()).ok()?.checked_sub(exponent)?;
    is_number
        .then(|| unscaled(whole.iter().chain(after), negative).map(|unscaled| Decimal { unscaled, scale }))
}

fn unscaled<'a>(mut digits: impl Iterator<Item = &'a u8>, negative: bool) -> Result<i128, ()> {
    let size =
        digits.try_fold(0_i128, |value, digit| value.checked_mul(10)?.checked_add(i128::from(digit - b'0')));
    size.map(|size| if negative { -size } else { size }).ok_or(())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn longs_are_read_exactly() {
        for (text, value) in [
            ("0", 0),
            ("-7", -7),
            ("+5", 5),
            ("9223372036854775807", i64::MAX),
            ("-9223372036854775808", i64::MIN),
        ] {
            assert_eq!(long(text.as_bytes()), Some(value), "{text}");
        }
        for wrong in ["", "-", "9223372036854775808", "1.0", "1 ", "0x1"] {
            assert_eq!(long(wrong.as_bytes()), None, "{wrong}");
        }
    }

    #[test]
    fn every_day_is_one_more_than_the_last() {
        let mut expected = date(b"0001-01-01").unwrap();
        assert_eq!(expected, -719_162);
        for year in 1..=2400 {
            for month in 1..=12 {
                for day in 1..=31 {
                    if let Some(found) = date(format!("{year:04}-{month:02}-{day:02}").as_bytes()) {
                        assert_eq!(found, expected);
                        expected += 1;
                    }
                }
            }
        }
        assert_eq!(date(b"2401-01-01"), Some(expected));
    }

    #[test]
    fn dates_are_days() {
        assert_eq!(date(b"1970-01-01"), Some(0));
        assert_eq!(date(b"2024-02-29"), Some(19_782));
        assert_eq!(date(b"1969-12-31"), Some(-1));
        for wrong in ["2025-02-29", "2025-1-01", "2025-01-01T00:00:00", "20250101", "2025-13-01", ""] {
            assert_eq!(date(wrong.as_bytes()), None, "{wrong}");
        }
    }

    #[test]
    fn timestamps_are_microseconds() {
        for (text, micros) in [
            ("1970-01-01T00:00:01", 1_000_000),
            ("1970-01-01 00:00:01Z", 1_000_000),
            ("1970-01-01T00:00:00.Z", 0),
            ("1970-01-01T00:00:00.5", 500_000),
            ("1970-01-01T00:00:00.000001Z", 1),
            ("1970-01-01T00:00:00.123456000", 123_456),
            ("1969-12-31T23:59:59.999Z", -1_000),
            ("2022-10-25T22:11:00.000Z", 1_666_735_860_000_000),
        ] {
            assert_eq!(timestamp(text.as_bytes()), Some(micros), "{text}");
        }
    }

    #[test]
    fn timestamps_are_never_rounded() {
        for wrong in [
            "1970-01-01T00:00:00.1234561",
            "1970-01-01T00:00:00.0000000000",
            "1970-01-01T24:00:00",
            "1970-01-01T00:00:60",
            "1970-01-01T00:00",
            "1970-01-01",
            "1970-01-01T00:00:00+01:00",
        ] {
            assert_eq!(timestamp(wrong.as_bytes()), None, "{wrong}");
        }
    }

    proptest! {
        #[test]
        fn doubles_are_the_nearest(text in "-?[0-9]{0,19}(\\.[0-9]{0,19})?", value in any::<f64>()) {
            for text in [text, value.to_string(), format!("{value:e}")] {
                let bits = |value: Option<f64>| value.map(f64::to_bits);
                prop_assert_eq!(bits(double(text.as_bytes())), bits(text.parse().ok()), "{}", text);
            }
        }
    }

    #[test]
    fn decimals_keep_every_digit() {
        let read =
            |text: &str| decimal(text.as_bytes()).map(|read| read.map(|read| (read.unscaled, read.scale)));
        assert_eq!(read("12.340"), Some(Ok((12_340, 3))));
        assert_eq!(read("-.5"), Some(Ok((-5, 1))));
        assert_eq!(read("+7."), Some(Ok((7, 0))));
        assert_eq!(read("1.5E-7"), Some(Ok((15, 8))));
        assert_eq!(read("1E+3"), Some(Ok((1, -3))));
        assert_eq!(read(&"9".repeat(40)), Some(Err(())));
        for wrong in ["", ".", "-", "1.2.3", "1,5", "NaN", "1E", "0x1"] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn booleans_come_in_any_case() {
        assert_eq!([boolean(b"TRUE"), boolean(b"false"), boolean(b"1")], [Some(true), Some(false), None]);
    }
}
