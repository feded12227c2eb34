"""Starts the emulator whose path is in AMC_EMULATOR_BIN, for clients that are not ours."""

import json
import os
import subprocess
from collections.abc import Iterator
from typing import Any

import pytest


@pytest.fixture
def flags() -> list[str]:
    """What the emulator is started with beside a small fleet; tests replace it by a parameter."""
    return []


@pytest.fixture
def emulator(flags: list[str]) -> Iterator[dict[str, Any]]:
    """What the emulator announces about itself."""
    command = [os.environ["AMC_EMULATOR_BIN"], "--instances", "3", "--accounts", "1", "--rows", "50", *flags]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
        try:
            yield json.loads(process.stdout.readline())
        finally:
            process.terminate()
