//! From text to a syntax tree, or AMC's words for why there is none.

use amc_fleet_emulator::query::Refusal;
use datafusion::sql::sqlparser::ast::{Query, Statement};
use datafusion::sql::sqlparser::dialect::GenericDialect;
use datafusion::sql::sqlparser::keywords::Keyword;
use datafusion::sql::sqlparser::parser::{Parser, ParserError};
use datafusion::sql::sqlparser::tokenizer::{Location, Token, TokenWithSpan, Tokenizer, TokenizerError};

/// Nesting that queries may have; the parser runs on a large stack.
const NESTING: usize = 2_000;

/// Parses one query.
///
/// # Errors
/// [`Refusal::Rejected`] with `Encountered "…" at line l, column c` when the text is no single query.
pub(crate) fn parse(sql: &str) -> Result<Query, Refusal> {
    let tokens = Tokenizer::new(&GenericDialect {}, sql)
        .tokenize_with_location()
        .map_err(|problem| unread(&problem))?;
    if let Some(token) = placeholder(&tokens).or_else(|| hanging(&tokens)) {
        return Err(encountered(&token.token.to_string(), token.span.start));
    }
    let (first, second) = beginnings(&tokens);
    let statements = Parser::new(&GenericDialect {})
        .with_recursion_limit(NESTING)
        .with_tokens_with_locations(tokens)
        .parse_statements()
        .map_err(|problem| refused(&problem, sql))?;
    single(statements, first, second)
}

/// The first mark of a template: braces, `@name`, `$name`, `:name`, or brackets that are neither `ARRAY[…]` nor a subscript.
fn placeholder(tokens: &[TokenWithSpan]) -> Option<&TokenWithSpan> {
    let words = || tokens.iter().filter(|token| !matches!(token.token, Token::Whitespace(_)));
    let before = std::iter::once(None).chain(words().map(Some));
    let foreign = |before: Option<&TokenWithSpan>, token: &Token| match token {
        Token::LBrace | Token::AtSign | Token::Colon | Token::Placeholder(_) => true,
        Token::Word(word) => word.quote_style.is_none() && word.value.starts_with(['@', '#']),
        Token::LBracket => !before.is_some_and(|before| takes_brackets(&before.token)),
        _ => false,
    };
    words().zip(before).find(|(token, before)| foreign(*before, &token.token)).map(|(token, _)| token)
}

/// `FROM` right behind the comma of a select list.
fn hanging(tokens: &[TokenWithSpan]) -> Option<&TokenWithSpan> {
    let words = || tokens.iter().filter(|token| !matches!(token.token, Token::Whitespace(_)));
    let is_from = |token: &Token| matches!(token, Token::Word(word) if word.keyword == Keyword::FROM);
    let pair = words()
        .zip(words().skip(1))
        .find(|(comma, next)| comma.token == Token::Comma && is_from(&next.token));
    pair.map(|(_, from)| from)
}

fn takes_brackets(token: &Token) -> bool {
    match token {
        Token::Word(word) => matches!(word.keyword, Keyword::NoKeyword | Keyword::ARRAY),
        Token::RParen | Token::RBracket => true,
        _ => false,
    }
}

/// The first words of the first and of the second statement.
fn beginnings(tokens: &[TokenWithSpan]) -> (Option<TokenWithSpan>, Option<TokenWithSpan>) {
    let mut words = tokens.iter().filter(|token| !matches!(token.token, Token::Whitespace(_)));
    let first = words.clone().next().cloned();
    words.find(|token| token.token == Token::SemiColon);
    let second = words.find(|token| !matches!(token.token, Token::SemiColon | Token::EOF)).cloned();
    (first, second)
}

fn single(
    statements: Vec<Statement>,
    first: Option<TokenWithSpan>,
    second: Option<TokenWithSpan>,
) -> Result<Query, Refusal> {
    let mut statements = statements.into_iter();
    match (statements.next(), first, second) {
        (Some(Statement::Query(query)), _, None) => Ok(*query),
        (Some(Statement::Query(_)), _, Some(second)) => {
            Err(encountered(&second.token.to_string(), second.span.start))
        }
        (_, Some(first), _) => Err(encountered(&first.token.to_string(), first.span.start)),
        (_, None, _) => Err(encountered("<EOF>", Location::new(1, 1))),
    }
}

fn unread(problem: &TokenizerError) -> Refusal {
    let Location { line, column } = problem.location;
    Refusal::Rejected(format!("Lexical error at line {line}, column {column}. {}", problem.message))
}

fn encountered(token: &str, at: Location) -> Refusal {
    Refusal::Rejected(format!("Encountered \"{token}\" at line {}, column {}", at.line, at.column))
}

/// The parser says `Expected: x, found: y at Line: l, Column: c`.
fn refused(problem: &ParserError, sql: &str) -> Refusal {
    let (ParserError::ParserError(text) | ParserError::TokenizerError(text)) = problem else {
        return Refusal::Rejected("The query is nested too deeply".to_owned());
    };
    let (message, position) = text.split_once(" at Line: ").unwrap_or((text, ""));
    let expected = message.strip_prefix("Expected: ").and_then(|rest| rest.rsplit_once(", found: "));
    match (expected, place(position)) {
        (Some((wanted, found)), Some(at)) => Refusal::Rejected(format!(
            "Encountered \"{found}\" at line {}, column {}. Was expecting: {wanted}",
            at.line, at.column
        )),
        (Some((wanted, found)), None) => {
            let end = end_of(sql);
            Refusal::Rejected(format!(
                "Encountered \"<{found}>\" at line {}, column {}. Was expecting: {wanted}",
                end.line, end.column
            ))
        }
        (None, Some(at)) => Refusal::Rejected(format!(
            "From line {}, column {} to line {}, column {}: {message}",
            at.line, at.column, at.line, at.column
        )),
        (None, None) => Refusal::Rejected(message.to_owned()),
    }
}

fn place(text: &str) -> Option<Location> {
    let (line, column) = text.split_once(", Column: ")?;
    Some(Location::new(line.trim().parse().ok()?, column.trim().parse().ok()?))
}

/// The place of the last character.
pub(crate) fn end_of(sql: &str) -> Location {
    let trimmed = sql.trim_end();
    let line = trimmed.matches('\n').count() + 1;
    let column = trimmed.rsplit('\n').next().map_or(1, |last| last.chars().count().max(1));
    Location::new(line as u64, column as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reason(sql: &str) -> String {
        parse(sql).unwrap_err().to_string()
    }

    #[test]
    fn an_unfilled_placeholder_is_encountered_where_it_stands() {
        let text = reason("SELECT campaign\nFROM dsp_impressions\nWHERE {{campaign}} = 1");
        assert_eq!(text, "Encountered \"{\" at line 3, column 7");
    }

    #[test]
    fn a_variable_is_no_name() {
        assert_eq!(
            reason("SELECT campaign FROM t WHERE d >= @start"),
            "Encountered \"@start\" at line 1, column 35"
        );
    }

    #[test]
    fn a_select_list_does_not_end_with_a_comma() {
        assert_eq!(reason("SELECT campaign, FROM t"), "Encountered \"FROM\" at line 1, column 18");
    }

    #[test]
    fn other_statements_are_encountered_at_their_first_word() {
        assert_eq!(reason(" DROP TABLE x"), "Encountered \"DROP\" at line 1, column 2");
    }

    #[test]
    fn an_unfinished_query_ends_where_the_text_ends() {
        let text = reason("SELECT campaign FROM");
        assert!(text.starts_with("Encountered \"<EOF>\" at line 1, column 20"), "{text}");
    }
}
