use super::*;
use crate::Position;
use crate::sql::{TokenKind, tokens};
use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::{Map, Value, json};

fn values(values: Value) -> Map<String, Value> {
    values.as_object().unwrap().clone()
}

fn rendered(sql: &str, given: Value) -> String {
    render(sql, &values(given), &[]).unwrap().sql
}

fn declared(sql: &str, given: Value, declaration: Declaration) -> crate::Result<Rendered> {
    render(sql, &values(given), &[declaration])
}

#[test]
fn the_place_decides_how_a_value_is_written() {
    for (sql, value, expected) in [
        ("WHERE a = {{x}}", json!("it's"), "WHERE a = 'it''s'"),
        ("WHERE a = '{{x}}'", json!("it's"), "WHERE a = 'it''s'"),
        ("WHERE a = '{{x}}'", json!(5), "WHERE a = '5'"),
        ("WHERE a = 'x-{{ x }}-y'", json!("'"), "WHERE a = 'x-''-y'"),
        ("WHERE a > {{x}}", json!(9_007_199_254_740_993_i64), "WHERE a > 9007199254740993"),
        ("WHERE a = {{x}}", json!(true), "WHERE a = TRUE"),
        ("WHERE a = {{x}}", json!(null), "WHERE a = NULL"),
        ("WHERE a IN ({{x}})", json!(["a", "b,c"]), "WHERE a IN ('a', 'b,c')"),
        ("WHERE a IN {{x}}", json!([1, 2]), "WHERE a IN (1, 2)"),
        ("WHERE a IN {{x}}", json!(1), "WHERE a IN (1)"),
        ("WHERE a IN ('{{x}}')", json!(["a", 2]), "WHERE a IN ('a', '2')"),
        ("WHERE a IN (0, {{x}})", json!([1, 2]), "WHERE a IN (0, 1, 2)"),
        ("WHERE a IN '{{x}}'", json!(5), "WHERE a IN ('5')"),
        ("WHERE a IN '{{x}}'", json!(["a", 5]), "WHERE a IN ('a', '5')"),
        ("VALUES {{x}}", json!(["a", "b"]), "VALUES ('a'), ('b')"),
        ("VALUES {{x}}", json!([["a", 1], ["b", -2]]), "VALUES ('a', 1), ('b', -2)"),
        ("SELECT ARRAY[{{x}}]", json!(["a"]), "SELECT ARRAY['a']"),
        ("WHERE a LIKE {{x}}", json!("kit"), "WHERE a LIKE '%kit%'"),
        ("WHERE a LIKE {{x}}", json!("kit%"), "WHERE a LIKE 'kit%'"),
        ("WHERE a LIKE {{x}}", json!("a_b"), "WHERE a LIKE '%a\\_b%'"),
        ("WHERE a LIKE '%{{x}}%'", json!("50%"), "WHERE a LIKE '%50\\%%'"),
        ("WHERE a LIKE '%{{x}}%' ESCAPE '!'", json!("50%!"), "WHERE a LIKE '%50!%!!%' ESCAPE '!'"),
        ("WHERE a SIMILAR TO {{x}}", json!("(?i)kit"), "WHERE a SIMILAR TO '(?i)kit'"),
        ("WHERE a SIMILAR TO '(?i){{x}}'", json!("a.b"), "WHERE a SIMILAR TO '(?i)a[.]b'"),
        ("VALUES ({{x}})", json!(["a", "b"]), "VALUES ('a'), ('b')"),
        ("VALUES ({{x}})", json!([["a", 1], ["b", -2]]), "VALUES ('a', 1), ('b', -2)"),
        ("WHERE a = :x AND b = '10:30'", json!(5), "WHERE a = 5 AND b = '10:30'"),
        ("WHERE a > DATE'{{x}}'", json!("2025-01-01"), "WHERE a > DATE'2025-01-01'"),
        ("GROUP BY {{x}}", json!(2), "GROUP BY 2"),
        ("WHERE a LIKE '{{x}}%'", json!("kit"), "WHERE a LIKE 'kit%'"),
        ("WHERE a = DATE {{x}}", json!("2025-01-01"), "WHERE a = DATE '2025-01-01'"),
        ("WHERE a = 5-{{x}}", json!(-3), "WHERE a = 5- -3"),
        ("-- {{x}}\nWHERE a = {{x}}", json!(1), "-- {{x}}\nWHERE a = 1"),
        ("WHERE a = {{x}}", json!("{{x}}"), "WHERE a = '{{x}}'"),
        ("WHERE a = {{x}}", json!("a\\d"), "WHERE a = 'a\\d'"),
    ] {
        assert_eq!(rendered(sql, json!({"x": value})), expected, "{sql}");
    }
}

#[test]
fn declared_types_are_written_as_what_they_are() {
    use ParameterType::{CampaignId, Date, Decimal, Identifier, Integer, Pattern, Timestamp};
    let identifier =
        |list| Declaration { allowed: vec![json!("campaign"), json!("t.site")], list, ..of(Identifier) };
    for (declaration, sql, value, expected) in [
        (of(Date), "a > {{x}}", json!("2025-01-31"), "a > CAST('2025-01-31' AS DATE)"),
        (of(Date), "a > '{{x}}'", json!("2025-01-31"), "a > '2025-01-31'"),
        (
            of(Timestamp),
            "a > {{x}}",
            json!("2025-01-31T06:00:00Z"),
            "a > CAST('2025-01-31 06:00:00' AS TIMESTAMP)",
        ),
        (of(Integer), "a > {{x}}", json!("90071992547409931"), "a > 90071992547409931"),
        (of(Decimal), "a > {{x}}", json!("-0.10"), "a > -0.10"),
        (of(CampaignId), "a = {{x}}", json!("123"), "a = '123'"),
        (of(Pattern), "a LIKE {{x}}", json!("kit_"), "a LIKE 'kit_'"),
        (identifier(false), "SELECT {{x}} FROM t", json!("campaign"), "SELECT campaign FROM t"),
        (identifier(false), "SELECT 1 FROM {{x}}", json!("t.site"), "SELECT 1 FROM t.site"),
        (identifier(false), "SELECT \"{{x}}\" FROM t", json!("campaign"), "SELECT \"campaign\" FROM t"),
        (identifier(true), "GROUP BY {{x}}", json!(["campaign", "t.site"]), "GROUP BY campaign, t.site"),
    ] {
        assert_eq!(declared(sql, json!({"x": value}), declaration).unwrap().sql, expected);
    }
}

fn of(parameter_type: ParameterType) -> Declaration {
    Declaration::new("x", parameter_type)
}

#[test]
fn amc_takes_its_own_parameters_itself() {
    let sql = "SELECT 1 FROM t WHERE a = CUSTOM_PARAMETER('n') AND ARRAY_CONTAINS(CUSTOM_PARAMETER('ids'), b) \
               AND c > CUSTOM_PARAMETER('day') AND d = CUSTOM_PARAMETER('n') AND e = CUSTOM_PARAMETER('share')";
    let declarations = [
        Declaration {
            description: Some("Since when".into()),
            ..Declaration::new("day", ParameterType::Date)
        },
        Declaration::list("ids", ParameterType::CampaignId),
    ];
    let given = values(json!({"n": 7, "ids": [12, "34"], "day": "2025-01-01", "share": 0.5}));
    let rendered = render(sql, &given, &declarations).unwrap();
    assert_eq!(rendered.sql, sql);
    let ids = json!({"type": "ARRAY", "elementDataType": "STRING", "elementNullable": false});
    let expected = [
        json!({"name": "n", "dataType": "LONG", "columnType": "DIMENSION"}),
        json!({"name": "ids", "dataType": ids, "columnType": "DIMENSION"}),
        json!({"name": "day", "dataType": "DATE", "columnType": "DIMENSION", "description": "Since when"}),
        json!({"name": "share", "dataType": "DOUBLE", "columnType": "DIMENSION"}),
    ];
    assert_eq!(rendered.input_parameters, expected);
    let expected = json!({"n": 7, "ids": ["12", "34"], "day": "2025-01-01", "share": 0.5});
    assert_eq!(Value::Object(rendered.parameter_values), expected);
}

#[test]
fn an_unset_list_of_amc_is_empty() {
    let declaration = Declaration::list("x", ParameterType::Asin);
    let rendered = declared("SELECT CUSTOM_PARAMETER('x')", json!({"x": null}), declaration).unwrap();
    assert_eq!(rendered.parameter_values["x"], json!([]));
}

#[test]
fn defaults_stand_in_for_values() {
    let declaration = Declaration { default: Some(json!(30)), ..of(ParameterType::Integer) };
    assert_eq!(declared("a > {{x}}", json!({}), declaration.clone()).unwrap().sql, "a > 30");
    assert_eq!(declared("a > {{x}}", json!({"x": 7}), declaration).unwrap().sql, "a > 7");
}

#[test]
fn missing_and_unused_values_are_refused() {
    let missing = render("SELECT 1\nWHERE a = {{x}}", &Map::new(), &[]).unwrap_err();
    assert_eq!(
        (missing.code(), missing.position()),
        ("parameter_missing", Some(Position { line: 2, column: 11 }))
    );
    let native = render("SELECT CUSTOM_PARAMETER('x')", &Map::new(), &[]).unwrap_err();
    assert_eq!(
        (native.code(), native.position()),
        ("parameter_missing", Some(Position { line: 1, column: 8 }))
    );
    let unused = render("SELECT {{x}}", &values(json!({"x": 1, "y": 1})), &[]).unwrap_err();
    assert_eq!(
        (unused.code(), unused.what_to_do()),
        ("parameter_unused", Some("the query's parameters are x"))
    );
    assert_eq!(rendered("SELECT 1 -- {{x}}", json!({"x": 1})), "SELECT 1 -- {{x}}");
}

#[test]
fn values_of_another_type_are_refused() {
    use ParameterType::{Asin, Boolean, CampaignId, Date, Decimal, Identifier, Integer, String, Timestamp};
    let ranged = Declaration { min: Some(json!(1)), max: Some(json!(30)), ..of(Integer) };
    let dated = Declaration { max: Some(json!("2025-01-31")), ..of(Date) };
    let chosen = Declaration { allowed: vec![json!("a"), json!("b")], ..of(String) };
    for (declaration, value) in [
        (of(Integer), json!("5 OR 1=1")),
        (of(Integer), json!(1.5)),
        (of(Integer), json!("")),
        (of(Decimal), json!("1e5")),
        (of(Boolean), json!("true")),
        (of(Date), json!("2025-02-29")),
        (of(Date), json!("2025-01-01' OR 'a' = 'a")),
        (of(Timestamp), json!("2025-01-01")),
        (of(Asin), json!("b000000001")),
        (of(CampaignId), json!("12-3")),
        (of(Identifier), json!("campaign")),
        (of(String), json!(["a"])),
        (of(String), json!(5)),
        (ranged.clone(), json!(0)),
        (ranged, json!(31)),
        (dated, json!("2025-02-01")),
        (chosen, json!("c")),
        (Declaration { max_length: Some(2), ..of(String) }, json!("äöü")),
        (Declaration { max_items: Some(1), ..Declaration::list("x", Integer) }, json!([1, 2])),
        (Declaration::list("x", Integer), json!(1)),
    ] {
        for sql in ["SELECT {{x}}", "SELECT CUSTOM_PARAMETER('x')"] {
            let error = declared(sql, json!({"x": value}), declaration.clone()).unwrap_err();
            assert_eq!((error.code(), error.position().unwrap().column), ("parameter_type", 8), "{error}");
        }
    }
}

#[test]
fn values_that_cannot_stand_in_their_place_are_refused() {
    for (sql, value) in [
        ("SELECT a FROM {{x}}", json!("t")),
        ("SELECT \"{{x}}\"", json!("t")),
        ("SELECT {{x}}", json!(["a"])),
        ("VALUES (1, {{x}})", json!(["a"])),
        ("GROUP BY {{x}}", json!("campaign")),
        ("SELECT {{x}}(a)", json!("sum")),
        ("WHERE a = {{x}}", json!("a\u{0}b")),
        ("WHERE a IN ({{x}})", json!([])),
        ("WHERE a IN ({{x}})", json!([["a"]])),
        ("WHERE a = 'b{{x}}'", json!(["a"])),
        ("WHERE a = 'b{{x}}'", json!(null)),
        ("WHERE a = b{{x}}", json!(1)),
        ("WHERE a = {{x}}b", json!(1)),
        ("WHERE a = 'b'{{x}}", json!("c")),
        ("WHERE a = {{x}}'b'", json!("c")),
        ("WHERE a = 1.{{x}}", json!(1)),
        ("WHERE a = {{x}}{{x}}", json!(1)),
    ] {
        let error = render(sql, &values(json!({"x": value})), &[]).unwrap_err();
        assert_eq!(error.code(), "parameter_place", "{sql}");
        assert!(error.position().is_some() && error.message().contains("\"x\""));
    }
}

#[test]
fn values_that_amc_cannot_take_are_refused() {
    for value in [json!(null), json!([["a"]]), json!(["a", 1]), json!([null]), json!({"a": 1})] {
        let error = render("SELECT CUSTOM_PARAMETER('x')", &values(json!({"x": value})), &[]).unwrap_err();
        assert_eq!(error.code(), "parameter_type");
    }
}

fn with(literal_dialect: LiteralDialect) -> RenderOptions {
    RenderOptions { literal_dialect, ..RenderOptions::default() }
}

#[test]
fn where_the_dialect_is_not_known_a_backslash_never_decides_where_a_string_ends() {
    for (sql, value) in [
        ("a = {{x}}", "b\\"),
        ("a = {{x}}", "b\\'c"),
        ("a = '{{x}}'", "b\\\\\\"),
        ("a = 'b\\{{x}}'", "'"),
        ("a IN ({{x}})", "\\"),
    ] {
        let given = values(json!({"x": value}));
        let error = render_with(sql, &given, &[], with(LiteralDialect::Refuse)).unwrap_err();
        assert_eq!((error.code(), error.message().contains("backslash")), ("parameter_place", true), "{sql}");
        assert!(render(sql, &given, &[]).is_ok());
    }
    for value in ["b\\\\", "\\d+", "\\"] {
        let given = values(json!({"x": value}));
        let rendered = render("a = {{x}}", &given, &[]).unwrap();
        assert_eq!(rendered.sql, format!("a = '{value}'"));
        assert_eq!(rendered.findings[0].code, "parameter_backslash");
        let escaped = render_with("a = {{x}}", &given, &[], with(LiteralDialect::BackslashEscapes)).unwrap();
        assert_eq!(escaped.sql, format!("a = '{}'", value.replace('\\', "\\\\")));
    }
}

#[test]
fn wildcards_in_a_value_are_remarked() {
    let codes = |sql: &str, value: &str| -> Vec<String> {
        let rendered = render(sql, &values(json!({"x": value})), &[]).unwrap();
        rendered.findings.iter().map(|finding| finding.code.to_string()).collect()
    };
    assert_eq!(codes("a LIKE '%{{x}}%'", "50%_off"), ["parameter_escaped"]);
    assert_eq!(codes("a LIKE {{x}}", "a%b"), ["parameter_wildcard"]);
    assert_eq!(codes("a LIKE {{x}}", "ab"), ["parameter_contains"]);
    assert!(codes("a = '%{{x}}%'", "a_b").is_empty());
    let pattern = declared("a LIKE {{x}}", json!({"x": "a_b"}), of(ParameterType::Pattern)).unwrap();
    assert!(pattern.findings.is_empty());
}

/// Queries with `{{x}}` in every kind of place.
const TEMPLATES: [&str; 19] = [
    "SELECT a FROM t WHERE b = {{x}} AND c = 1",
    "SELECT a FROM t WHERE b = '{{x}}' AND c = 'd'",
    "SELECT a FROM t WHERE b = 'd {{x}} e' AND c = 'd' -- {{x}}",
    "SELECT a FROM t WHERE b IN ({{x}}) AND c = 1",
    "SELECT a FROM t WHERE b IN {{x}} AND c = 1",
    "SELECT a FROM t WHERE b IN ('{{x}}') AND c = 1",
    "SELECT a FROM t WHERE b LIKE {{x}} OR c",
    "SELECT a FROM t WHERE b LIKE '%{{x}}%' OR c",
    "SELECT a FROM t WHERE b > 5-{{x}}--{{x}}\n+ 1",
    "SELECT a FROM t WHERE b > 5/{{x}}*2",
    "WITH v (a, b) AS (VALUES {{x}}) SELECT a FROM v",
    "SELECT ARRAY[1, {{x}}], 'e' /* {{x}} */",
    "SELECT a AS {{x}}, \"{{x}}\" FROM {{x}} AS b",
    "SELECT DATE {{x}}, f('{{x}}', 'P1D')",
    "WITH v (a, b) AS (VALUES ({{x}})) SELECT a FROM v",
    "SELECT a FROM t WHERE b SIMILAR TO '(?i){{x}}' OR c SIMILAR TO {{x}}",
    "SELECT a FROM t WHERE b LIKE '%{{x}}' ESCAPE '!' AND c = :x",
    "SELECT {{x}}(a) FROM t GROUP BY {{x}}",
    "SELECT a FROM t WHERE b = 'back\\{{x}}' AND c = DATE'{{x}}'",
];

fn scalar() -> impl Strategy<Value = Value> {
    prop_oneof![
        "\\PC{0,12}".prop_map(Value::from),
        "['\"`\\\\;(){}%_x/*\n-]{0,8}".prop_map(Value::from),
        prop::sample::select(vec!["' OR 1=1 --", "'; DROP TABLE t; --", "*/ x /*", "{{x}}", "\\' OR 1=1 --"])
            .prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any::<bool>().prop_map(Value::from),
        Just(Value::Null),
    ]
}

fn any_value() -> impl Strategy<Value = Value> {
    prop_oneof![
        scalar(),
        vec(scalar(), 0..4).prop_map(Value::from),
        vec(vec(scalar(), 2), 1..3).prop_map(|rows| json!(rows)),
    ]
}

fn split(sql: &str) -> Vec<(TokenKind, &str)> {
    tokens(sql).map(|token| (token.kind, token.text(sql))).collect()
}

/// Whether a token of a template is replaced, wholly or in part.
fn is_place((kind, text): &(TokenKind, &str)) -> bool {
    !matches!(kind, TokenKind::LineComment | TokenKind::BlockComment)
        && (text.contains("{{x}}") || *kind == TokenKind::Placeholder)
}

proptest! {
    #[test]
    fn parameters_stay_in_place(
        template in prop::sample::select(TEMPLATES.to_vec()),
        value in any_value(),
        dialect in prop::sample::select(
            vec![LiteralDialect::Standard, LiteralDialect::BackslashEscapes, LiteralDialect::Refuse]
        ),
        prefer_native in any::<bool>(),
    ) {
        let given = values(json!({"x": value.clone()}));
        let options = RenderOptions { prefer_native, literal_dialect: dialect };
        let Ok(rendered) = render_with(template, &given, &[], options) else { return Ok(()) };
        let (before, after) = (split(template), split(&rendered.sql));
        let ahead = before.iter().take_while(|token| !is_place(token)).count();
        let behind = before.iter().rev().take_while(|token| !is_place(token)).count();
        prop_assert!(after.len() >= ahead + behind, "{}", rendered.sql);
        prop_assert_eq!(&after[..ahead], &before[..ahead]);
        prop_assert_eq!(&after[after.len() - behind..], &before[before.len() - behind..]);
        let many = ["IN {{x}}", "VALUES {{x}}"].iter().any(|form| template.contains(form));
        let is_one_token = value.is_string() && !many && !prefer_native;
        if is_one_token {
            prop_assert_eq!(after.len(), before.len());
        }
    }

    #[test]
    fn a_text_comes_back_as_it_was_given(text in "\\PC{0,12}|['\\\\\n;-]{0,8}") {
        let given = values(json!({"x": text}));
        let sql = render("{{x}}", &given, &[]).unwrap().sql;
        prop_assert_eq!(split(&sql), [(TokenKind::String, sql.as_str())]);
        let inner = sql.strip_prefix('\'').unwrap().strip_suffix('\'').unwrap();
        prop_assert_eq!(inner.replace("''", "'"), text);
    }

    #[test]
    fn under_either_reading_of_a_backslash_a_string_ends_at_one_place(text in "[a'\\\\]{0,8}") {
        let given = values(json!({"x": text}));
        for dialect in [LiteralDialect::Refuse, LiteralDialect::BackslashEscapes] {
            let Ok(rendered) = render_with("{{x}} ", &given, &[], with(dialect)) else { continue };
            prop_assert_eq!(end_with_escapes(&rendered.sql), rendered.sql.len() - 1);
        }
    }
}

/// Where the string a text begins with ends, if a backslash escapes the character after it.
fn end_with_escapes(sql: &str) -> usize {
    let bytes = sql.as_bytes();
    let mut at = 1;
    loop {
        match (bytes[at], bytes.get(at + 1)) {
            (b'\\', _) | (b'\'', Some(b'\'')) => at += 2,
            (b'\'', _) => return at + 1,
            _ => at += 1,
        }
    }
}
