"""The functions that need no fleet answer as everywhere."""

import datetime
import json

import amc_fleet
import pytest
from conftest import ROOT
from test_scenarios import at, plain

FILES = sorted((ROOT / "tests" / "functions").glob("*.json"))
CASES = [
    pytest.param(case, id=f"{path.stem}-{number}")
    for path in FILES
    for number, case in enumerate(json.loads(path.read_text())["cases"])
]


def found(answer, path):
    if path.endswith("codes"):
        return [finding["code"] for finding in at(answer, path.removesuffix("codes"))]
    return at(answer, path)


@pytest.mark.parametrize("case", CASES)
def test_function(case):
    call = getattr(amc_fleet, case["call"])
    if "error" in case:
        with pytest.raises(amc_fleet.Error) as caught:
            call(**case["args"])
        assert {name: getattr(caught.value, name) for name in case["error"]} == case["error"]
        return
    answer = plain(call(**case["args"]))
    assert {path: found(answer, path) for path in case["expect"]} == case["expect"]


def test_cases_are_there():
    assert len(CASES) > 200


def test_ten_thousand_asins():
    asins = [f"B{number:09}" for number in range(10_000)]
    sql = amc_fleet.render("SELECT a FROM t WHERE b IN ({{x}})", {"x": asins}, {"x": "asin_list"}).sql
    assert sql.count("'") == 20_000
    assert sql.endswith("'B000009999')")


def test_values_of_python_are_taken():
    day = datetime.date(2025, 1, 31)
    sql = "SELECT a FROM t WHERE d >= {{day}}"
    assert amc_fleet.render(sql, {"day": day}, {"day": "date"}).sql.endswith("CAST('2025-01-31' AS DATE)")
    now = datetime.datetime(2025, 10, 1, 6, tzinfo=datetime.UTC)
    assert amc_fleet.resolve_window("yesterday", now).name == "30 Sep 2025"


def test_what_was_inferred_is_a_declaration():
    sql = "SELECT a FROM t WHERE b IN ({{asins}}) AND c > {{days}}"
    declarations = amc_fleet.infer_parameters(sql)
    assert "B000000001" in amc_fleet.render(sql, {"asins": ["B000000001"], "days": 3}, declarations).sql
