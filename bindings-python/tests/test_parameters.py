"""Parameters cross the border as what they are, or not at all."""

import datetime
import decimal

import numpy
import pytest
from conftest import refusal
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

LONGS = some.integers(-(2**63), 2**63 - 1)
SCALARS = some.none() | some.booleans() | LONGS | some.text()
VALUES = SCALARS | some.lists(SCALARS, max_size=3)


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(parameters=some.dictionaries(some.text(min_size=1), VALUES, max_size=4))
def test_values_come_back_as_they_were_given(done, parameters):
    _, fleet, _ = done
    fleet.save_workflow("Given", sql="SELECT a FROM t", parameters=parameters)
    assert fleet.workflow("Given").parameters == parameters


@pytest.mark.parametrize(
    ("given", "taken"),
    [
        (datetime.date(2025, 9, 1), "2025-09-01"),
        (datetime.datetime(2025, 9, 1, 12, 30), "2025-09-01 12:30:00"),
        (decimal.Decimal("1.50"), "1.50"),
        (numpy.int64(7), 7),
        ({"b", "a"}, ["a", "b"]),
    ],
)
def test_other_types_are_taken_as_what_they_say(done, given, taken):
    _, fleet, _ = done
    saved = fleet.save_workflow("Other", sql="SELECT a FROM t", parameters={"x": given})
    assert saved.parameters == {"x": taken}


def test_a_number_no_long_holds_is_refused(done):
    _, fleet, _ = done
    for number in (2**63, -(2**63) - 1):
        error = refusal(fleet.save_workflow, "Large", sql="SELECT a FROM t", parameters={"x": number})
        assert error.code == "parameter_type"


@pytest.mark.parametrize("wrong", [float("nan"), float("inf")])
def test_what_is_no_number_is_refused(done, wrong):
    _, fleet, _ = done
    with pytest.raises(ValueError, match="JSON"):
        fleet.save_workflow("Wrong", sql="SELECT a FROM t", parameters={"x": wrong})


def test_parameters_are_a_mapping(done):
    _, fleet, _ = done
    assert refusal(fleet.save_workflow, "Wrong", sql="SELECT a FROM t", parameters=[1]).code == "parameters_no_object"
