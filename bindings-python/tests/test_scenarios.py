"""The scenarios every language runs."""

import json
import re

import amc_fleet
import pytest
from amc_fleet.testing import emulator
from conftest import ROOT

SCENARIOS = sorted((ROOT / "tests" / "scenarios").glob("*.json"))
STEP = re.compile(r"\.?([A-Za-z_]\w*)|\[(\d+)\]")


class Runner:
    """One scenario on a fresh database and a fresh emulator."""

    def __init__(self, amc, folder):
        self.amc = amc
        self.folder = folder
        self.fleet = amc.fleet()
        self.stored = {}

    def run(self, step):
        if "error" not in step:
            return self.check(step, self.call(step))
        with pytest.raises(amc_fleet.Error) as caught:
            self.call(step)
        assert {name: getattr(caught.value, name) for name in step["error"]} == step["error"]

    def call(self, step):
        arguments = self.resolve(step.get("args", {}))
        match step["call"]:
            case "reopen":
                self.fleet.close()
                self.fleet = self.amc.fleet()
            case "executions":
                return self.amc.executions()
            case "find_executions":
                return self.fleet.executions(**arguments)
            case "save_workflow" | "batch" as verb:
                first = arguments.pop("name", None) or arguments.pop("id_or_key")
                return getattr(self.fleet, verb)(first, **arguments)
            case "script":
                return self.amc.script(**arguments)
            case "csv":
                return {"lines": self.csv_lines(self.resolve(step["on"]), **arguments)}
            case "roll_up":
                results = self.resolve(step["on"]).results(missing=arguments.pop("missing", "raise"))
                roles = {name: role(**said) for name, said in arguments.pop("columns", {}).items()}
                return results.roll_up(**arguments, columns=roles)
            case verb:
                on = self.resolve(step["on"]) if "on" in step else self.fleet
                return getattr(on, verb)(**arguments)

    def csv_lines(self, batch, filter=None, sort=None, **options):
        """The lines of the CSV file, without the two columns that say of which instance they are."""
        results = batch.results(**options)
        if filter is not None:
            results = results.filter(*filter)
        if sort is not None:
            results = results.sort(**sort)
        text = results.write_csv(self.folder / "rows.csv").path.read_bytes().decode()
        return [line.split(",", 2)[2] for line in text.split("\r\n") if line]

    def check(self, step, result):
        if isinstance(result, amc_fleet.Events):
            result = list(result)
        shown = plain(result.status() if step["call"] == "wait" else result)
        for path, wanted in step.get("expect", {}).items():
            assert at(shown, path) == self.resolve(wanted), (step["call"], path)
        if "as" in step:
            self.stored[step["as"]] = result

    def resolve(self, value):
        if isinstance(value, dict):
            return {name: self.resolve(inner) for name, inner in value.items()}
        if isinstance(value, list):
            return [self.resolve(inner) for inner in value]
        if isinstance(value, str) and value.startswith("$"):
            name, path = re.fullmatch(r"\$(\w+)(.*)", value).groups()
            return at(self.stored[name], path)
        return value


def role(role, **columns):
    """The role of that name."""
    return getattr(amc_fleet, role)(**columns)


def plain(result):
    """A result as plain JSON."""
    if isinstance(result, list):
        return [plain(item) for item in result]
    if isinstance(result, amc_fleet.Batch):
        return {"id": result.id, "name": result.name, "skipped": plain(result.skipped)}
    if isinstance(result, amc_fleet.Results):
        return {**plain(result.summary()), "columns": result.columns}
    return result.to_dict() if hasattr(result, "to_dict") else result


def at(value, path):
    """The value at a path of names, `[index]` and `length`."""
    for name, index in STEP.findall(path):
        if index:
            value = value[int(index)]
        elif name == "length":
            value = len(value)
        else:
            value = value[name] if isinstance(value, dict) else getattr(value, name)
    return value


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: path.stem)
def test_scenario(path, tmp_path):
    scenario = json.loads(path.read_text())
    with emulator(options=scenario["emulator"][4:], folder=tmp_path) as amc:
        runner = Runner(amc, tmp_path)
        for step in scenario["steps"]:
            runner.run(step)
        runner.fleet.close()


def test_scenarios_are_there():
    assert len(SCENARIOS) >= 12
    assert [
        path
        for path in SCENARIOS
        if json.loads(path.read_text())["emulator"][:4] != ["--instances", "3", "--seed", "7"]
    ] == []
