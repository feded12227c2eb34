"""The emulator as a process of its own."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from amc_fleet.errors import UnsupportedError

_NAME = "amc-fleet-emulator.exe" if sys.platform == "win32" else "amc-fleet-emulator"
_NEAR = Path(__file__).parent / "bin" / _NAME


@contextlib.contextmanager
def running(arguments: list[str]) -> Iterator[dict[str, Any]]:
    """Run the emulator, and give what it announces: where it listens and whom it lets in."""
    command = [_binary(), *arguments]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    try:
        yield _announcement(process)
    finally:
        process.terminate()
        process.communicate()


def _announcement(process: subprocess.Popen[str]) -> dict[str, Any]:
    assert process.stdout is not None
    line = process.stdout.readline()
    if not line:
        raise UnsupportedError(f"the emulator ended with {process.wait()}", code="emulator_ended")
    announcement: dict[str, Any] = json.loads(line)
    return announcement


def _binary() -> str:
    """Find the binary: the one named by the environment, else this package's own, else one on the PATH."""
    found = os.environ.get("AMC_FLEET_EMULATOR") or (str(_NEAR) if _NEAR.exists() else shutil.which(_NAME))
    if found is None:
        raise UnsupportedError(
            f"{_NAME} is not there",
            code="emulator_missing",
            hint="name it in AMC_FLEET_EMULATOR, or put it on the PATH",
        )
    return found
