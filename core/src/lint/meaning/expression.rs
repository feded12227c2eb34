//! Expressions: what they name, compare and call.

use super::Reader;
use super::query::Ctes;
use super::scope::{Found, Scope};
use super::traits::{LITERAL, Traits};
use crate::Finding;
use crate::lint::catalogue::{self, Sensitivity};
use crate::lint::functions::{Standing, is_aggregate, official, standing, takes};
use crate::lint::suggest::nearest;
use crate::lint::syntax::tree::{Call, Expr, Item, Kind, Name, Query, Test};

const UNITS: [&str; 8] = ["second", "minute", "hour", "day", "week", "month", "quarter", "year"];
const FIELDS: [&str; 13] = [
    "second",
    "minute",
    "hour",
    "day",
    "dow",
    "doy",
    "week",
    "month",
    "quarter",
    "year",
    "epoch",
    "isodow",
    "dayofweek",
];
const BUILT_IN: [&str; 2] = ["TIME_WINDOW_START", "TIME_WINDOW_END"];
const RANKS: [&str; 6] = ["rank", "dense_rank", "row_number", "ntile", "percent_rank", "cume_dist"];

impl<'a> Reader<'a> {
    pub(super) fn expr(&mut self, expr: &Expr, scope: &Scope<'a, '_>, ctes: &Ctes<'_>) -> Traits {
        match &expr.kind {
            Kind::Column(parts) => self.column(parts, scope),
            Kind::Text(_) => Traits { kind: catalogue::Kind::Text, ..LITERAL },
            Kind::Number => Traits { kind: catalogue::Kind::Number, ..LITERAL },
            Kind::Constant | Kind::Parameter => LITERAL,
            Kind::Call(call) => self.call(call, scope, ctes),
            Kind::Test { word, value, others } => self.test(*word, value, others, scope, ctes),
            Kind::Member(value, query) => self.member(value, query, scope, ctes),
            Kind::Is(inner) => self.expr(inner, scope, ctes).tested(),
            Kind::Case { operand, whens, otherwise } => {
                self.case(operand.as_deref(), whens, otherwise.as_deref(), scope, ctes)
            }
            Kind::Exists(query) => {
                self.query(query, ctes, scope);
                Traits::default()
            }
            Kind::Subquery(query) => {
                Traits::of_all(self.query(query, ctes, scope).columns.into_iter().map(|(_, traits)| traits))
            }
            Kind::Parts(parts) => self.all(parts, scope, ctes).computed(),
            Kind::Array(parts) => self.array(parts, scope, ctes),
            Kind::Cast(inner, to) => {
                Traits { kind: catalogue::kind_named(to), ..self.expr(inner, scope, ctes).computed() }
            }
            Kind::Interval => {
                let finding = Finding::warning("interval", "AMC was seen to refuse INTERVAL");
                self.tell(expr.start, finding.fix("compare SECONDS_BETWEEN(…) with a number of seconds"));
                LITERAL
            }
            Kind::Concat(parts) => {
                let finding = Finding::warning("concatenation", "AMC was seen to refuse ||");
                self.tell(expr.start, finding.fix("write CONCAT(…)"));
                self.all(parts, scope, ctes).computed()
            }
        }
    }

    pub(super) fn all<'e>(
        &mut self,
        exprs: impl IntoIterator<Item = &'e Expr>,
        scope: &Scope<'a, '_>,
        ctes: &Ctes<'_>,
    ) -> Traits {
        Traits::of_all(exprs.into_iter().map(|expr| self.expr(expr, scope, ctes)))
    }

    fn array(&mut self, parts: &[Expr], scope: &Scope<'a, '_>, ctes: &Ctes<'_>) -> Traits {
        Traits { kind: catalogue::Kind::Array, ..self.all(parts, scope, ctes) }
    }

    fn column(&mut self, parts: &[Name], scope: &Scope<'a, '_>) -> Traits {
        let start = parts.first().map_or(0, |first| first.start);
        let name = || parts.iter().map(|part| part.text.as_str()).collect::<Vec<_>>().join(".");
        match scope.find(parts) {
            Found::Column(traits) => return traits,
            Found::Open => {}
            Found::Ambiguous => {
                let finding = Finding::error(
                    "ambiguous_column",
                    format!("more than one table has the column {:?}", name()),
                );
                self.tell_by_sources(start, finding.fix("write the table before it"));
            }
            // A scope without tables is that of an expression whose columns cannot be told.
            Found::NoColumn | Found::NoColumnOf(_) => {
                let finding = Finding::error("unknown_column", format!("there is no column {:?}", name()));
                let finding = match suggestion(parts, scope) {
                    Some(fix) => finding.fix(fix),
                    None => finding,
                };
                self.tell_by_sources(start, finding);
            }
            Found::NoTable => {
                let table = parts.first().map_or("", |first| &first.text);
                let known = scope.frames.iter().map(|frame| frame.name.as_str());
                let finding = Finding::error("unknown_table", format!("no table here is called {table:?}"));
                let finding = match nearest(table, known) {
                    Some(meant) => finding.fix(format!("did you mean {meant}?")),
                    None => finding.fix("use the name or alias of a table in FROM"),
                };
                self.tell_by_sources(start, finding);
            }
        }
        Traits::default()
    }

    fn test(
        &mut self,
        word: Test,
        value: &Expr,
        others: &[Expr],
        scope: &Scope<'a, '_>,
        ctes: &Ctes<'_>,
    ) -> Traits {
        let own = self.expr(value, scope, ctes);
        for other in others {
            let traits = self.expr(other, scope, ctes);
            self.allowed(own, traits, value);
            if word == Test::Compare {
                self.allowed(traits, own, other);
                self.quoted_number(traits, value);
            }
            self.quoted_number(own, other);
            self.pattern(word, other);
        }
        own.tested()
    }

    /// The literal rule: what few people share must not be looked up by value.
    fn allowed(&mut self, value: Traits, other: Traits, expr: &Expr) {
        if !matches!(value.sensitivity, Sensitivity::High | Sensitivity::VeryHigh) || !other.literal {
            return;
        }
        let (name, at) = first_column(expr).map_or(("", expr.start), |parts| {
            (parts.last().map_or("", |name| &name.text), parts.first().map_or(expr.start, |name| name.start))
        });
        let class = if value.sensitivity == Sensitivity::High { "HIGH" } else { "VERY_HIGH" };
        let message =
            format!("column {name:?} of class {class} cannot be compared with a literal or a parameter");
        self.tell(
            at,
            Finding::error("literal_comparison", message).fix("compare it with a column, or not at all"),
        );
    }

    fn quoted_number(&mut self, column: Traits, literal: &Expr) {
        let Kind::Text(text) = &literal.kind else { return };
        let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
        if column.kind == catalogue::Kind::Number && !column.literal && is_number {
            let message = format!("'{text}' is a text, and it is compared with a column of numbers");
            self.tell(literal.start, Finding::warning("quoted_number", message).fix(format!("write {text}")));
        }
    }

    fn pattern(&mut self, word: Test, pattern: &Expr) {
        let Kind::Text(text) = &pattern.kind else { return };
        if word == Test::Like && !text.contains(['%', '_']) {
            let finding = Finding::warning(
                "like_without_wildcard",
                "this LIKE has no wildcard: it compares the whole text",
            );
            self.tell(pattern.start, finding.fix(format!("write '%{text}%', or = '{text}'")));
        }
        if word == Test::Similar && text.contains('%') {
            let message = "SIMILAR TO takes a regular expression, where % is no wildcard";
            self.tell(
                pattern.start,
                Finding::warning("similar_wildcard", message).fix("leave % out: it matches anywhere"),
            );
        }
        if word == Test::Similar && !is_balanced(text) {
            let message =
                format!("'{text}' is no regular expression: a bracket is not closed, or closes nothing");
            self.tell(
                pattern.start,
                Finding::error("pattern_unreadable", message).fix("write \\( for a parenthesis of the text"),
            );
        }
    }

    fn member(&mut self, value: &Expr, query: &Query, scope: &Scope<'a, '_>, ctes: &Ctes<'_>) -> Traits {
        let own = self.expr(value, scope, ctes);
        let members = self.query(query, ctes, scope).columns.into_iter().map(|(_, traits)| traits);
        self.allowed(own, Traits::of_all(members), value);
        own.tested()
    }

    fn case(
        &mut self,
        operand: Option<&Expr>,
        whens: &[(Expr, Expr)],
        otherwise: Option<&Expr>,
        scope: &Scope<'a, '_>,
        ctes: &Ctes<'_>,
    ) -> Traits {
        let own = operand.map(|operand| (self.expr(operand, scope, ctes), operand));
        let mut conditions = Vec::new();
        for (when, _) in whens {
            let traits = self.expr(when, scope, ctes);
            if let Some((own, operand)) = own {
                self.allowed(own, traits, operand);
                self.allowed(traits, own, when);
            }
            conditions.push(traits.tested());
        }
        let results = whens.iter().map(|(_, then)| then).chain(otherwise);
        let results = self.all(results.filter(|it| !matches!(it.kind, Kind::Constant)), scope, ctes);
        let literal = results.literal && Traits::of_all(conditions).literal;
        Traits { literal, ..results }
    }

    fn call(&mut self, call: &Call, scope: &Scope<'a, '_>, ctes: &Ctes<'_>) -> Traits {
        let name = call.name.text.as_str();
        if !call.open {
            self.function(call);
        }
        // The field of an EXTRACT is no column.
        let skipped = usize::from(matches!(name, "extract" | "date_part") && !call.arguments.is_empty());
        let arguments = call.arguments.get(skipped..).unwrap_or_default();
        let traits: Vec<Traits> = arguments.iter().map(|argument| self.expr(argument, scope, ctes)).collect();
        self.all(call.over.iter().flatten().chain(&call.filter), scope, ctes);
        self.searched(name, arguments, &traits);
        let all = Traits::of_all(traits.iter().copied());
        match name {
            "custom_parameter" | "built_in_parameter" => LITERAL,
            "count" | "approx_count_distinct" => all.counted(),
            name if RANKS.contains(&name) => all.counted(),
            "min" | "max" => Traits { user: false, ..all },
            "coalesce" | "nvl" | "ifnull" => all,
            "if" => self.chosen(&traits),
            "array_contains" | "contained_in" => all.tested(),
            _ if call.star => Traits::default(),
            _ => Traits { literal: all.literal && !traits.is_empty(), ..all.computed() },
        }
    }

    /// `IF(condition, a, b)` gives one of two.
    fn chosen(&self, traits: &[Traits]) -> Traits {
        let results = traits.get(1..).unwrap_or_default();
        Traits { literal: false, ..Traits::of_all(results.iter().copied()) }
    }

    /// Functions that compare what they are given.
    fn searched(&mut self, name: &str, arguments: &[Expr], traits: &[Traits]) {
        match (name, arguments, traits) {
            ("array_contains", [_, value], [list, own]) => self.allowed(*own, *list, value),
            (
                "contained_in" | "regexp_substr" | "regexp_replace" | "nullif",
                [value, ..],
                [own, others @ ..],
            ) => {
                for other in others {
                    self.allowed(*own, *other, value);
                }
            }
            _ => {}
        }
    }

    /// What can be said of a call by its name and its texts.
    fn function(&mut self, call: &Call) {
        let (name, at) = (call.name.text.as_str(), call.name.start);
        let upper = || name.to_uppercase();
        match standing(name) {
            Standing::Known => {}
            Standing::Missing => {
                let finding =
                    Finding::warning("unsupported_function", format!("AMC was seen not to have {}", upper()));
                self.tell(at, finding.fix(instead(name)));
            }
            Standing::Refused => {
                let finding = Finding::error("unsupported_function", format!("{} is not supported", upper()));
                self.tell(at, finding.fix("write CURRENT_DATE, or CURRENT_TIMESTAMP"));
            }
            Standing::Unknown => {
                let finding = Finding::error("unknown_function", format!("AMC has no function {}", upper()));
                self.tell(
                    at,
                    match nearest(name, official()) {
                        Some(meant) => finding.fix(format!("did you mean {}?", meant.to_uppercase())),
                        None => finding,
                    },
                );
            }
        }
        let count = if call.star { 1 } else { call.arguments.len() };
        if !takes(name, count) {
            let message = format!("{} does not take {count} arguments", upper());
            self.tell(
                at,
                Finding::error("argument_count", message).fix("see the arguments in AMC's list of functions"),
            );
        }
        if name == "count" && call.distinct && count > 1 {
            let finding = Finding::error("count_distinct_of_many", "COUNT(DISTINCT …) takes one expression");
            self.tell(at, finding.fix("count CONCAT(a, '|', b)"));
        }
        self.seen_to_fail(call, at);
        self.texts(call);
    }

    fn seen_to_fail(&mut self, call: &Call, at: usize) {
        if call.name.text == "count" && call.star && call.over.is_some() {
            let finding = Finding::warning("count_over", "AMC was seen to refuse COUNT(*) OVER");
            self.tell(at, finding.fix("write SUM(1) OVER (…)"));
        }
        let computed = call.arguments.iter().any(|argument| !matches!(argument.kind, Kind::Column(_)));
        if call.name.text == "collect" && computed {
            let finding =
                Finding::warning("collect_expression", "AMC was seen to refuse expressions in COLLECT");
            self.tell(at, finding.fix("compute the expression in a query before, and collect its column"));
        }
    }

    /// Texts that name something: a unit, a field, a time zone, a parameter of AMC's.
    fn texts(&mut self, call: &Call) {
        let name = call.name.text.as_str();
        let text = |place: usize| match call.arguments.get(place).map(|argument| &argument.kind) {
            Some(Kind::Text(text)) => text.as_str(),
            Some(Kind::Column(parts)) if name == "extract" => parts.first().map_or("", |name| &name.text),
            _ => "",
        };
        let lists = |known: &[&str], word: &str| known.iter().any(|known| known.eq_ignore_ascii_case(word));
        let (place, start) = (call.arguments.first().map_or(0, |argument| argument.start), call.name.start);
        let (word, at, code, known) = match name {
            "date_trunc" => (text(0), start, "time_unit", UNITS.as_slice()),
            "extract" => (text(0), place, "time_unit", FIELDS.as_slice()),
            "built_in_parameter" => (text(0), start, "unknown_built_in", BUILT_IN.as_slice()),
            "convert_time_zone_from_utc" => return self.zone(text(1), start),
            _ => return,
        };
        if !word.is_empty() && !lists(known, word) {
            let message = format!("{word:?} is nothing that {} knows", name.to_uppercase());
            self.tell(at, Finding::error(code, message).fix(format!("write one of: {}", known.join(", "))));
        }
    }

    fn zone(&mut self, name: &str, at: usize) {
        if !name.is_empty() && name.parse::<crate::model::Zone>().is_err() {
            let finding = Finding::error("time_zone", format!("{name:?} is no time zone"));
            self.tell(at, finding.fix("write an IANA name, such as America/New_York"));
        }
    }
}

/// Whether the brackets of a regular expression open and close.
fn is_balanced(pattern: &str) -> bool {
    let (mut open, mut class, mut characters) = (0_i32, false, pattern.chars());
    while let Some(character) = characters.next() {
        match character {
            '\\' => drop(characters.next()),
            ']' if class => class = false,
            _ if class => {}
            '[' => class = true,
            '(' => open += 1,
            ')' if open == 0 => return false,
            ')' => open -= 1,
            _ => {}
        }
    }
    open == 0 && !class
}

fn instead(name: &str) -> &'static str {
    match name {
        "ntile" => "use PERCENTILE, or RANK over a count",
        _ => "compare SECONDS_BETWEEN(…) with a number of seconds",
    }
}

/// The column that was probably meant: one of nearly that name, or one that tells the same of time in its table.
fn suggestion(parts: &[Name], scope: &Scope<'_, '_>) -> Option<String> {
    let name = parts.last()?.text.as_str();
    let qualifier = parts.len().checked_sub(2).map(|at| parts[at].text.as_str());
    let frames = || scope.frames.iter().filter(|frame| qualifier.is_none_or(|it| it == frame.name));
    let endings = ["_dt_hour", "_dt", "_date", "_hour", "_day"];
    let plain = |column: &str| column.strip_suffix("_utc").unwrap_or(column).to_owned();
    let ending = endings.into_iter().find(|ending| plain(name).ends_with(ending));
    let alike = |column: &str| ending.is_some_and(|ending| plain(column).ends_with(ending));
    let of_time = frames().find_map(|frame| {
        let is_event =
            |column: &&str| !["campaign", "line_item", "ad_group"].iter().any(|it| column.starts_with(it));
        let column = frame.names().into_iter().filter(is_event).find(|column| alike(column))?;
        Some(format!("{} has {column}", frame.name))
    });
    let near = || {
        nearest(name, frames().flat_map(|frame| frame.names())).map(|meant| format!("did you mean {meant}?"))
    };
    of_time.or_else(near)
}

/// The first column an expression names.
fn first_column(expr: &Expr) -> Option<&[Name]> {
    match &expr.kind {
        Kind::Column(parts) => Some(parts),
        _ => children(expr).find_map(first_column),
    }
}

/// The expressions directly below, those of subqueries left out.
pub(super) fn children(expr: &Expr) -> impl Iterator<Item = &Expr> {
    let (one, many, whens): (_, &[Expr], &[(Expr, Expr)]) = match &expr.kind {
        Kind::Call(call) => (call.filter.as_ref(), &call.arguments, &[]),
        Kind::Test { value, others, .. } => (Some(value.as_ref()), others, &[]),
        Kind::Member(value, _) | Kind::Is(value) | Kind::Cast(value, _) => (Some(value.as_ref()), &[], &[]),
        Kind::Case { operand, whens, .. } => (operand.as_deref(), &[], whens),
        Kind::Parts(parts) | Kind::Array(parts) | Kind::Concat(parts) => (None, parts, &[]),
        _ => (None, &[], &[]),
    };
    let otherwise = match &expr.kind {
        Kind::Case { otherwise, .. } => otherwise.as_deref(),
        _ => None,
    };
    let whens = whens.iter().flat_map(|(when, then)| [when, then]);
    one.into_iter().chain(many).chain(whens).chain(otherwise)
}

/// The first call that aggregates.
pub(super) fn aggregate(expr: &Expr) -> Option<&Call> {
    if let Kind::Call(call) = &expr.kind
        && call.over.is_none()
        && (call.open || is_aggregate(&call.name.text))
    {
        return Some(call);
    }
    let over: &[Expr] = match &expr.kind {
        Kind::Call(call) => call.over.as_deref().unwrap_or_default(),
        _ => &[],
    };
    children(expr).chain(over).find_map(aggregate)
}

/// Whether something is computed over a window of rows.
pub(super) fn has_window(expr: &Expr) -> bool {
    matches!(&expr.kind, Kind::Call(call) if call.over.is_some()) || children(expr).any(has_window)
}

/// The names that the select list gives.
pub(super) fn alias_names(items: &[Item]) -> Vec<String> {
    let name = |item: &Item| match item {
        Item::Expr { alias: Some(alias), .. } => Some(alias.text.clone()),
        _ => None,
    };
    items.iter().filter_map(name).collect()
}
