"""What the package exports is what the surface says, no more and no less."""

import inspect
import json

import amc_fleet
import amc_fleet.testing
import pytest
from conftest import ROOT

SURFACE = json.loads((ROOT / "tests" / "surface.json").read_text())
ONLY = SURFACE["only"]["python"]


def public(thing):
    return {name for name in vars(thing) if not name.startswith("_")}


@pytest.mark.parametrize("name", ["Fleet", "Batch", "Results", "Credentials"])
def test_a_class_has_its_members(name):
    assert public(getattr(amc_fleet, name)) == set(SURFACE[name]) | set(ONLY.get(name, []))


@pytest.mark.parametrize("name", ["Fleet", "Batch", "Results"])
def test_an_async_class_has_the_same_members_and_arguments(name):
    waiting, awaited = getattr(amc_fleet, name), getattr(amc_fleet, f"Async{name}")
    assert public(awaited) == public(waiting)
    for member in public(waiting):
        method = getattr(waiting, member)
        if callable(method):
            assert inspect.signature(method) == inspect.signature(getattr(awaited, member)), member
    assert inspect.signature(waiting) == inspect.signature(awaited)


def test_errors_are_the_surface_s():
    exported = {name for name, value in vars(amc_fleet).items() if _is_error(value) and value is not amc_fleet.Error}
    assert exported == set(SURFACE["errors"]) | set(ONLY["errors"])


def test_functions_are_there():
    places = [amc_fleet, amc_fleet.testing]
    assert [name for name in SURFACE["functions"] if not any(callable(getattr(it, name, None)) for it in places)] == []


def test_everything_exported_is_listed():
    assert set(amc_fleet.__all__) - {"__version__"} == {n for n in public(amc_fleet) if not _is_module(n)}


def _is_error(value):
    return inspect.isclass(value) and issubclass(value, amc_fleet.Error)


def _is_module(name):
    return inspect.ismodule(getattr(amc_fleet, name))
