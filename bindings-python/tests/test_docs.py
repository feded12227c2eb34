"""Every example of every docstring runs, and every public method has one."""

import ast
import asyncio
import datetime
import doctest
import inspect
from operator import attrgetter

import amc_fleet
import amc_fleet.testing
import pytest
from amc_fleet.testing import emulator
from conftest import SMALL, SQL

FLAGS = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE


def _is_shown(thing):
    return inspect.isclass(thing) and not issubclass(thing, BaseException)


CLASSES = [name for name in [*amc_fleet.__all__, "testing.Emulator"] if _is_shown(attrgetter(name)(amc_fleet))]


def documented():
    """Every object with an example, by the name of its class and its own."""
    for name in [*amc_fleet.__all__, "testing.emulator", "testing.Emulator"]:
        thing = attrgetter(name)(amc_fleet)
        yield name, thing
        for member, value in vars(thing).items() if inspect.isclass(thing) else ():
            if not member.startswith("_") and (callable(value) or inspect.isdatadescriptor(value)):
                yield f"{name}.{member}", getattr(thing, member)


EXAMPLES = {name: doc for name, thing in documented() if ">>>" in (doc := inspect.getdoc(thing) or "")}


@pytest.mark.parametrize("name", CLASSES)
def test_every_public_method_has_an_example(name):
    handle = attrgetter(name)(amc_fleet)
    methods = [member for member in vars(handle) if not member.startswith("_") and callable(getattr(handle, member))]
    assert [member for member in methods if f"{name}.{member}" not in EXAMPLES] == []


def test_everything_public_is_documented():
    assert [name for name, thing in documented() if name != "__version__" and not inspect.getdoc(thing)] == []


@pytest.fixture(scope="module")
def troubles(tmp_path_factory):
    """What went wrong or was left out somewhere, for the examples that speak of it."""
    folder = tmp_path_factory.mktemp("troubles")
    with emulator(options=[*SMALL, "--sandbox", "1"], folder=folder) as amc, amc.fleet() as fleet:
        fleet.sync_instances()
        first, *_ = fleet.instances()
        amc.script("wide", "spend\n1\n", data_types={"spend": "LONG"})
        amc.script("wide", "spend\n1.25\n", data_types={"spend": "DECIMAL"}, instance=first)
        every = dict(instances=fleet.all_instances(), window="yesterday", on_unavailable="skip")
        wide = fleet.run_batch(sql="SELECT spend FROM wide", **every).wait()
        fleet.run_batch(sql="SELECT spend FROM wide", **every).wait()
        again = fleet.plan(sql="SELECT spend FROM wide", **every)
        amc.load(first, "uploaded_orders", "order_id\n1\n")
        with amc.fleet(folder / "later.db") as later:
            later.sync_instances()
            lacking = later.plan(sql="SELECT order_id FROM uploaded_orders", instances="all", window="yesterday")
        rejected = fleet.run_batch(sql="SELECT a, FROM t", check="none", **every).wait(raise_on_failure=False)
        fleet.create_amc_workflow(first, "saved", sql_query=SQL)
        amc.fail("GET", path="*/instances", status=403)
        yield {
            "unreachable": fleet.sync_instances().unreachable[0],
            "hours": again.expected_hours,
            "overlap": again.overlaps[0],
            "missing": lacking.missing_data_sources[0],
            "skipped": wide.skipped[0],
            "widening": wide.results(missing="include").summary().widenings[0],
            "cause": rejected.errors()[0],
            "amc_workflow": fleet.amc_workflow(first, "saved"),
        }


@pytest.fixture
def world(done, troubles, tmp_path, monkeypatch):
    """What the examples speak of."""
    amc, fleet, batch = done
    for name, value in {**amc.env, "AMC_FLEET_DATABASE": "memory:"}.items():
        monkeypatch.setenv(name, value)
    results = batch.results()
    return {
        **troubles,
        "amc_fleet": amc_fleet,
        "amc": amc,
        "fleet": fleet,
        "batch": batch,
        "results": results,
        "workflow": fleet.workflow("Reach by campaign"),
        "sql": SQL,
        "folder": tmp_path,
    }


@pytest.mark.parametrize("name", [name for name in EXAMPLES if "Async" not in name and "Emulator" not in name])
def test_an_example_runs(world, name):
    _run(name, world)


@pytest.mark.parametrize("name", [name for name in EXAMPLES if "Emulator" in name])
def test_an_example_of_the_emulator_runs(small, fleet, name):
    fleet.run_batch(sql=SQL, instances="all", window="yesterday").wait()
    _run(name, {"amc": small, "fleet": fleet, "datetime": datetime})


def _run(name, world):
    test = doctest.DocTestParser().get_doctest(EXAMPLES[name], world, name, None, 0)
    said = []
    doctest.DocTestRunner(optionflags=FLAGS).run(test, out=said.append)
    assert not said, "".join(said)


@pytest.mark.parametrize("name", [name for name in EXAMPLES if "Async" in name])
async def test_an_awaited_example_runs(world, done, name):
    amc, _, batch = done
    async with amc.async_fleet() as fleet:
        batch = await fleet.batch(batch.id)
        world = {**world, "fleet": fleet, "batch": batch, "results": await batch.results()}
        for example in doctest.DocTestParser().get_examples(EXAMPLES[name]):
            said = await _said(example.source, world)
            assert doctest.OutputChecker().check_output(example.want, said, FLAGS), said


async def _said(source, world):
    """What an interactive session with top-level await prints for a statement."""
    printed = []
    tree = ast.parse(source, mode="single") if not source.startswith("async ") else ast.parse(source)
    code = compile(
        tree if isinstance(tree, ast.Interactive) else ast.Interactive(tree.body),
        "<example>",
        "single",
        flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT,
    )
    world["__builtins__"] = __builtins__
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sys.displayhook", lambda value: printed.append(f"{value!r}\n") if value is not None else None)
        found = eval(code, world)
        if asyncio.iscoroutine(found):
            await found
    return "".join(printed)
