//! Any value in any place: nothing of the query outside the place changes, and a text comes back as it was given.

#![no_main]

use amc_fleet::params::{LiteralDialect, RenderOptions, render_with};
use amc_fleet::sql::{Token, TokenKind, tokens};
use libfuzzer_sys::fuzz_target;
use serde_json::{Map, Value, json};

/// What stands before and behind the place.
const PLACES: [(&str, &str); 12] = [
    ("SELECT a FROM t WHERE b = ", " AND c = 1"),
    ("SELECT a FROM t WHERE b = '", "' AND c = 'd'"),
    ("SELECT a FROM t WHERE b = 'd ", " e' AND c = 'd'"),
    ("SELECT a FROM t WHERE b IN (", ") AND c = 1"),
    ("SELECT a FROM t WHERE b IN ", " AND c = 1"),
    ("SELECT a FROM t WHERE b LIKE ", " OR c"),
    ("SELECT a FROM t WHERE b LIKE '%", "%' ESCAPE '!' OR c"),
    ("SELECT a FROM t WHERE b SIMILAR TO '(?i)", "' OR c"),
    ("SELECT a FROM t WHERE b > 5-", " + 1 -- {{x}}"),
    ("WITH v (a) AS (VALUES ", ") SELECT a FROM v"),
    ("WITH v (a) AS (VALUES (", ")) SELECT a FROM v"),
    ("SELECT a AS b, \"", "\" FROM t"),
];

const DIALECTS: [LiteralDialect; 3] =
    [LiteralDialect::Standard, LiteralDialect::BackslashEscapes, LiteralDialect::Refuse];

fuzz_target!(|input: (u8, u8, bool, u8, Vec<String>)| {
    let (place, dialect, prefer_native, form, texts) = input;
    let (before, behind) = PLACES[usize::from(place) % PLACES.len()];
    let first = texts.first().cloned().unwrap_or_default();
    let value = match form % 4 {
        0 => json!(first),
        1 => json!(texts),
        2 => json!(texts.iter().map(|text| [text, &first]).collect::<Vec<_>>()),
        _ => serde_json::from_str(&first).unwrap_or(Value::Null),
    };
    let values = Map::from_iter([("x".to_owned(), value.clone())]);
    let options = RenderOptions { prefer_native, literal_dialect: DIALECTS[usize::from(dialect) % 3] };
    let template = format!("{before}{{{{x}}}}{behind}");
    let Ok(rendered) = render_with(&template, &values, &[], options) else { return };
    assert!(rendered.sql.starts_with(before.trim_end_matches('\'')), "{}", rendered.sql);
    assert!(rendered.sql.ends_with(behind.trim_start_matches('\'')), "{}", rendered.sql);
    let (old, new) = (code(&template), code(&rendered.sql));
    let ahead = old.iter().take_while(|token| !is_place(&template, token)).count();
    let after = old.iter().rev().take_while(|token| !is_place(&template, token)).count();
    assert!(new.len() >= ahead + after, "{}", rendered.sql);
    let texts = |sql: &str, tokens: &[Token]| tokens.iter().map(|it| it.text(sql).to_owned()).collect::<Vec<_>>();
    assert_eq!(texts(&rendered.sql, &new[..ahead]), texts(&template, &old[..ahead]));
    assert_eq!(texts(&rendered.sql, &new[new.len() - after..]), texts(&template, &old[old.len() - after..]));
    if before.ends_with("= ") && value.is_string() && !prefer_native && options.literal_dialect == DIALECTS[0] {
        let written = new[ahead].text(&rendered.sql);
        let inner = written.strip_prefix('\'').and_then(|rest| rest.strip_suffix('\'')).unwrap_or_default();
        assert_eq!(inner.replace("''", "'"), first);
    }
});

fn code(sql: &str) -> Vec<Token> {
    tokens(sql).filter(|token| !token.is_comment()).collect()
}

fn is_place(sql: &str, token: &Token) -> bool {
    token.kind == TokenKind::Placeholder || token.text(sql).contains("{{x}}")
}
