"""What every test here shares: a small AMC on localhost and a fleet on it."""

import os
import subprocess
import sys
from pathlib import Path

import amc_fleet
import pytest
from amc_fleet.testing import emulator

ROOT = Path(__file__).resolve().parents[2]
SQL = (ROOT / "examples" / "reach.sql").read_text()
SMALL = ["--rows", "20", "--latency-ms", "50"]
ENDLESS = ["--rows", "20", "--latency-ms", "600000"]
DEADLINE = 60

TARGET = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
os.environ.setdefault("AMC_FLEET_EMULATOR", str(TARGET / "debug" / "amc-fleet-emulator"))


@pytest.fixture
def small(tmp_path, monkeypatch):
    """An emulator whose runs are short and whose results are small; the environment points at it."""
    yield from _running(SMALL, tmp_path, monkeypatch)


@pytest.fixture
def endless(tmp_path, monkeypatch):
    """An emulator whose runs do not end within a test."""
    yield from _running(ENDLESS, tmp_path, monkeypatch)


def _running(options, folder, monkeypatch):
    with emulator(options=options, folder=folder) as amc:
        for name, value in amc.env.items():
            monkeypatch.setenv(name, value)
        yield amc


@pytest.fixture
def fleet(small):
    """A fleet that knows the instances of `small`."""
    with small.fleet() as fleet:
        fleet.sync_instances()
        yield fleet


@pytest.fixture(scope="module")
def done(tmp_path_factory):
    """An emulator, a fleet on it and a batch of it that has completed, for tests that only read."""
    with emulator(options=SMALL, folder=tmp_path_factory.mktemp("done")) as amc, amc.fleet() as fleet:
        fleet.sync_instances()
        fleet.save_workflow("Reach by campaign", sql=SQL)
        yield amc, fleet, fleet.run_batch("Reach by campaign", instances="all", window="last 30 days").wait()


@pytest.fixture
def batch(done):
    """A batch that has completed."""
    return done[2]


@pytest.fixture
def python(tmp_path):
    """Runs a program in a Python of its own, in a folder of its own, with a deadline."""

    def run(program, *arguments, **options):
        command = [sys.executable, *(["-c", program] if isinstance(program, str) else [str(program)]), *arguments]
        return subprocess.run(
            command, cwd=tmp_path, timeout=DEADLINE, capture_output=True, text=True, **{"check": True, **options}
        )

    return run


def refusal(call, *arguments, **keywords):
    """The error a call raises."""
    with pytest.raises(amc_fleet.Error) as caught:
        call(*arguments, **keywords)
    return caught.value
