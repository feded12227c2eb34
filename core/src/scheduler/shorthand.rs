//! Schedules in words: `daily`, `weekly on Monday at 06:00`, `@hourly`.

use super::field::invalid;
use crate::Result;

const CRON_WORDS: [(&str, &str); 7] = [
    ("@hourly", "0 * * * *"),
    ("@daily", "0 0 * * *"),
    ("@midnight", "0 0 * * *"),
    ("@weekly", "0 0 * * SUN"),
    ("@monthly", "0 0 1 * *"),
    ("@yearly", "0 0 1 1 *"),
    ("@annually", "0 0 1 1 *"),
];

const DAYS: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

/// The five fields of a schedule in words; nothing where it is in fields already.
pub(super) fn fields(text: &str) -> Result<Option<String>> {
    let words: Vec<String> = text.split_whitespace().map(str::to_lowercase).collect();
    let Some(first) = words.first() else {
        return Err(invalid(text, 1, "a schedule is empty".to_owned()).hint("for example \"0 6 * * MON\""));
    };
    if let Some((_, fields)) = CRON_WORDS.iter().find(|(word, _)| words.len() == 1 && word == first) {
        return Ok(Some((*fields).to_owned()));
    }
    if !["daily", "weekly", "monthly", "quarterly"].contains(&first.as_str()) {
        return Ok(None);
    }
    in_words(&words).map(Some).ok_or_else(|| {
        invalid(text, 1, format!("{text:?} is no schedule in words")).hint(
            "write \"daily at 06:30\", \"weekly on Monday at 06:30\", \"monthly on 15 at 06:30\", \
             \"monthly on last\", \"quarterly at 06:30\"",
        )
    })
}

fn in_words(words: &[String]) -> Option<String> {
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let (words, (hour, minute)) = match words.as_slice() {
        [head @ .., "at", time] => (head, time_of_day(time)?),
        all => (all, (0, 0)),
    };
    let days = match words {
        ["daily"] => "* * *".to_owned(),
        ["weekly"] => "* * MON".to_owned(),
        ["weekly", "on", day] => format!("* * {}", weekday(day)?),
        ["monthly"] => "1 * *".to_owned(),
        ["monthly", "on", "last"] => "L * *".to_owned(),
        ["monthly", "on", day] => {
            format!("{} * *", day.parse::<u8>().ok().filter(|day| (1..=31).contains(day))?)
        }
        ["quarterly"] => "1 1,4,7,10 *".to_owned(),
        _ => return None,
    };
    Some(format!("{minute} {hour} {days}"))
}

fn time_of_day(text: &str) -> Option<(u8, u8)> {
    let (hour, minute) = text.split_once(':')?;
    let number = |text: &str, most: u8| text.parse().ok().filter(|number: &u8| *number <= most);
    Some((number(hour, 23)?, number(minute, 59)?))
}

/// A day by its name, or by at least three letters of it.
fn weekday(text: &str) -> Option<String> {
    let day = DAYS.iter().find(|day| text.len() >= 3 && day.starts_with(text))?;
    Some(day[..3].to_uppercase())
}
