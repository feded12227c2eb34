"""The corpus against DuckDB: every `name.duckdb.sql` gives the rows that `name.slt` beside it expects."""

from datetime import date, datetime
from pathlib import Path

import duckdb
import pytest

CORPUS = Path(__file__).parent.parent / "corpus"
SCRIPTS = sorted(CORPUS.glob("*/*.duckdb.sql"))


def field(value: object) -> str:
    """Writes a value as the corpus does."""
    match value:
        case None:
            return "NULL"
        case bool():
            return str(value).lower()
        case list():
            return f"[{', '.join(map(field, value))}]"
        case datetime():
            return value.isoformat(timespec="milliseconds") + "Z"
        case date():
            return value.isoformat()
        case _:
            return str(value)


def expected(corpus: str) -> list[str]:
    """Gives the rows of the only query of a corpus file."""
    [query] = [record for record in corpus.split("\n\n") if record.startswith("query")]
    return query.split("\n----\n")[1].splitlines()


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.name.split(".")[0])
def test_duckdb_agrees(script: Path) -> None:
    corpus = script.with_name(script.name.replace(".duckdb.sql", ".slt")).read_text()
    assert f"# source: {script.name}" in corpus
    rows = duckdb.connect().execute(script.read_text()).fetchall()
    assert sorted("|".join(map(field, row)) for row in rows) == sorted(expected(corpus))


def test_there_are_scripts() -> None:
    assert SCRIPTS
