"""The pytest plugin of amc-fleet: the fixture `amc`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from amc_fleet.testing import Emulator


@pytest.fixture
def amc(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Emulator]:
    """Start an AMC on localhost with three instances; the environment of the test points at it."""
    from amc_fleet.testing import emulator

    with emulator(folder=tmp_path) as running:
        for name, value in running.env.items():
            monkeypatch.setenv(name, value)
        yield running
