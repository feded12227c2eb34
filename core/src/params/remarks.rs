//! What may surprise about a value that was written into a query.

use super::place::{Form, Slot};
use super::value::{Argument, Scalar};
use super::write::Writer;
use crate::{Finding, Position};

const NATIVE: &str = "use CUSTOM_PARAMETER, which takes the value as it is";

/// The remarks on the value of one place.
pub(super) fn remarks(writer: Writer<'_>, argument: &Argument, position: Position) -> Vec<Finding> {
    let found = [
        backslash(writer.slot, argument),
        wildcards(writer, argument),
        contained(writer, argument),
        null(writer.slot, argument),
        line_end(writer.slot, argument),
        colon(writer.slot),
    ];
    found.into_iter().flatten().map(|finding| finding.at(position)).collect()
}

fn backslash(slot: &Slot, argument: &Argument) -> Option<Finding> {
    let has = argument.texts().any(|text| text.contains('\\'));
    let message = || {
        format!("the value of {:?} has a backslash, which AMC may read as itself or as an escape", slot.name)
    };
    has.then(|| Finding::warning("parameter_backslash", message()).fix(NATIVE))
}

fn wildcards(writer: Writer<'_>, argument: &Argument) -> Option<Finding> {
    let name = &writer.slot.name;
    writer.slot.matching?;
    let texts = || argument.scalars().filter_map(Scalar::text);
    if texts().any(|text| writer.is_pattern(text)) {
        let message = format!("the value of {name:?} is read as a pattern, since it brings wildcards");
        let fix = "declare it as a pattern, or as a string if its wildcards are meant as they are";
        return Some(Finding::info("parameter_wildcard", message).fix(fix));
    }
    let escapes = |text: &str| text.contains(['%', '_', '\\']) || writer.slot.is_regex() && !is_plain(text);
    let message = || {
        format!(
            "special characters in the value of {name:?} are escaped in its pattern; how AMC reads the escape is not known"
        )
    };
    texts().any(escapes).then(|| {
        Finding::warning("parameter_escaped", message())
            .fix("declare it as a pattern if its wildcards are meant, or compare without LIKE, with CUSTOM_PARAMETER")
    })
}

fn is_plain(text: &str) -> bool {
    text.chars().all(|character| character.is_alphanumeric() || " -&'\",;:/#@!".contains(character))
}

fn contained(writer: Writer<'_>, argument: &Argument) -> Option<Finding> {
    let Argument::One(Scalar::Text(text)) = argument else { return None };
    let message =
        || format!("the value of {:?} has no wildcard and is looked for anywhere", writer.slot.name);
    writer.is_contained(text).then(|| {
        Finding::info("parameter_contains", message())
            .fix("write LIKE '{{name}}%', or = {{name}}, if that is meant")
    })
}

fn null(slot: &Slot, argument: &Argument) -> Option<Finding> {
    let in_list = matches!(slot.form, Form::Elements | Form::List);
    let has = argument.scalars().any(Scalar::is_null) && (slot.compared || in_list);
    let message = || format!("the value of {:?} is NULL, which equals nothing", slot.name);
    has.then(|| {
        Finding::warning("parameter_null", message()).fix("leave the condition out, or write IS NULL")
    })
}

fn line_end(slot: &Slot, argument: &Argument) -> Option<Finding> {
    let has = argument.texts().any(|text| text.contains(['\n', '\r', '\t']));
    let message = || {
        format!("the value of {:?} has a line end or a tab, which AMC does not want in a query", slot.name)
    };
    has.then(|| Finding::warning("parameter_line_end", message()).fix(NATIVE))
}

fn colon(slot: &Slot) -> Option<Finding> {
    let message = || format!("parameter {:?} is written :{}, as other systems do", slot.name, slot.name);
    slot.colon
        .then(|| Finding::info("colon_parameter", message()).fix(format!("write {{{{{}}}}}", slot.name)))
}
