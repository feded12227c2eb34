//! Dates and instants as ISO 8601 writes them.

const MICROS_PER_DAY: i64 = 86_400_000_000;
/// Days from the first of March of year 0 to 1970-01-01.
const EPOCH: i64 = 719_468;
const DAYS_PER_ERA: i64 = 146_097;

pub(super) fn write_date(days: i64, out: &mut Vec<u8>) {
    let (year, month, day) = civil(days);
    if let 0..=9999 = year {
        let [[y1, y2], [y3, y4]] = [pair(year / 100), pair(year % 100)];
        let [[m1, m2], [d1, d2]] = [pair(month), pair(day)];
        return out.extend_from_slice(&[y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2]);
    }
    if let -9999..0 = year {
        out.push(b'-');
        padded(-year, 4, out);
    } else {
        out.extend_from_slice(if year < 0 { b"" } else { b"+" });
        out.extend_from_slice(itoa::Buffer::new().format(year).as_bytes());
    }
    for part in [month, day] {
        out.push(b'-');
        padded(part, 2, out);
    }
}

pub(super) fn write_instant(micros: i64, out: &mut Vec<u8>) {
    write_date(micros.div_euclid(MICROS_PER_DAY), out);
    let of_day = micros.rem_euclid(MICROS_PER_DAY);
    let (seconds, fraction) = (of_day / 1_000_000, of_day % 1_000_000);
    for (mark, part) in [(b'T', seconds / 3600), (b':', seconds / 60 % 60), (b':', seconds % 60)] {
        out.push(mark);
        padded(part, 2, out);
    }
    match (fraction, fraction % 1000) {
        (0, _) => {}
        (_, 0) => write_fraction(fraction / 1000, 3, out),
        _ => write_fraction(fraction, 6, out),
    }
    out.push(b'Z');
}

fn write_fraction(fraction: i64, width: usize, out: &mut Vec<u8>) {
    out.push(b'.');
    padded(fraction, width, out);
}

/// Years begin in March here, so that the leap day is the last one: 153 days in every five months.
fn civil(days: i64) -> (i64, i64, i64) {
    let days = days + EPOCH;
    let (era, of_era) = (days.div_euclid(DAYS_PER_ERA), days.rem_euclid(DAYS_PER_ERA));
    let year = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    (year + era * 400 + i64::from(month <= 2), month, day)
}

/// A number of 2, 3, 4 or 6 digits at most, with zeros before it.
fn padded(number: i64, width: usize, out: &mut Vec<u8>) {
    if width > 2 || number > 99 {
        padded(number / 100, width.saturating_sub(2), out);
    }
    let digits = pair(number % 100);
    out.extend_from_slice(&digits[usize::from(width == 1)..]);
}

/// The two digits of a number below 100.
fn pair(number: i64) -> [u8; 2] {
    [number / 10, number % 10].map(|digit| b'0' + u8::try_from(digit).unwrap_or_default())
}
