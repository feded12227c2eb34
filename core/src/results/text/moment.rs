//! Dates and instants as ISO 8601 writes them.

const MICROS_PER_DAY: i64 = 86_400_000_000;
/// Days from the first of March of year 0 to 1970-01-01.
const EPOCH: i64 = 719_468;
const DAYS_PER_ERA: i64 = 146_097;
/// `00` to `99`.
const PAIRS: &str = "00010203040506070809101112131415161718192021222324252627282930313233343536373839404142434445464748495051525354555657585960616263646566676869707172737475767778798081828384858687888990919293949596979899";

pub(super) fn write_date(days: i64, out: &mut String) {
    let (year, month, day) = civil(days);
    match year {
        0..=9999 => padded(year, 4, out),
        -9999..0 => {
            out.push('-');
            padded(-year, 4, out);
        }
        _ => {
            out.push_str(if year < 0 { "" } else { "+" });
            out.push_str(itoa::Buffer::new().format(year));
        }
    }
    out.push('-');
    padded(month, 2, out);
    out.push('-');
    padded(day, 2, out);
}

pub(super) fn write_instant(micros: i64, out: &mut String) {
    write_date(micros.div_euclid(MICROS_PER_DAY), out);
    let of_day = micros.rem_euclid(MICROS_PER_DAY);
    let (seconds, fraction) = (of_day / 1_000_000, of_day % 1_000_000);
    for (mark, part) in [('T', seconds / 3600), (':', seconds / 60 % 60), (':', seconds % 60)] {
        out.push(mark);
        padded(part, 2, out);
    }
    match (fraction, fraction % 1000) {
        (0, _) => {}
        (_, 0) => write_fraction(fraction / 1000, 3, out),
        _ => write_fraction(fraction, 6, out),
    }
    out.push('Z');
}

fn write_fraction(fraction: i64, width: usize, out: &mut String) {
    out.push('.');
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
fn padded(number: i64, width: usize, out: &mut String) {
    if width > 2 || number > 99 {
        padded(number / 100, width.saturating_sub(2), out);
    }
    let at = usize::try_from(number % 100).unwrap_or_default() * 2;
    out.push_str(&PAIRS[at + usize::from(width == 1)..at + 2]);
}
