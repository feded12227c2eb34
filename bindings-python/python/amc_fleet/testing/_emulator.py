"""The emulator as a process of its own."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from amc_fleet import AsyncFleet, Credentials, Fleet
from amc_fleet.errors import UnsupportedError

_NAME = "amc-fleet-emulator.exe" if sys.platform == "win32" else "amc-fleet-emulator"
_NEAR = Path(__file__).parent / "bin" / _NAME


class Emulator:
    """A running emulator: where it listens, who it lets in, and what it has run.

    Attributes
    ----------
    url : str
        The base URL of its API.
    accounts : list of dict
        Its AMC accounts, each with the ids of its instances.
    env : dict of str to str
        The environment a program needs to use it.
    """

    def __init__(self, announcement: dict[str, Any], folder: Path) -> None:
        """Keep what the emulator announced, and the folder fleets are made in."""
        self._announcement = announcement
        self._folder = folder
        self.url: str = announcement["url"]
        self.accounts: list[dict[str, Any]] = announcement["accounts"]
        self.env: dict[str, str] = {
            "AMC_API_URL": self.url,
            "AMC_TOKEN_URL": announcement["token_url"],
            "AMC_CLIENT_ID": announcement["client_id"],
            "AMC_CLIENT_SECRET": announcement["client_secret"],
            "AMC_REFRESH_TOKEN": announcement["refresh_token"],
        }

    @property
    def credentials(self) -> Credentials:
        """The credential it accepts."""
        told = self._announcement
        return Credentials(told["client_id"], told["client_secret"], told["refresh_token"], token_url=told["token_url"])

    @property
    def database(self) -> Path:
        """The database of its fleets, in a folder of its own."""
        return self._folder / "fleet.db"

    def fleet(self, database: str | os.PathLike[str] | None = None, **options: Any) -> Fleet:
        """Open a fleet on it; the options are those of ``Fleet``."""
        return Fleet(database or self.database, **self._options(options))

    def async_fleet(self, database: str | os.PathLike[str] | None = None, **options: Any) -> AsyncFleet:
        """Make an async fleet on it; the options are those of ``AsyncFleet``."""
        return AsyncFleet(database or self.database, **self._options(options))

    def executions(self) -> list[dict[str, Any]]:
        """List every execution it ever ran, in order."""
        with urllib.request.urlopen(f"{self.url}/_emulator/executions", timeout=10) as answer:
            told: dict[str, list[dict[str, Any]]] = json.load(answer)
        return told["executions"]

    def _options(self, options: dict[str, Any]) -> dict[str, Any]:
        return {"credentials": self.credentials, "endpoint": self.url, **options}


@contextlib.contextmanager
def emulator(
    instances: int = 3, seed: int = 7, *, options: list[str] | None = None, folder: Path | None = None
) -> Iterator[Emulator]:
    """Start an AMC on localhost and stop it at the end.

    Parameters
    ----------
    instances : int, default 3
        How many instances it has.
    seed : int, default 7
        What every id, name and row follows from.
    options : list of str, optional
        More arguments of its command line.
    folder : pathlib.Path, optional
        Where its fleets keep their databases; a temporary folder if not given.

    Yields
    ------
    Emulator
        The running emulator.

    Examples
    --------
    >>> with amc_fleet.testing.emulator(instances=2) as amc, amc.fleet() as fleet:
    ...     fleet.sync_instances().added
    2
    """
    arguments = ["--instances", str(instances), "--seed", str(seed), *(options or [])]
    with contextlib.ExitStack() as stack:
        place = folder or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="amc-fleet-")))
        process = stack.enter_context(_process([_binary(), *arguments]))
        yield Emulator(_announcement(process), place)


@contextlib.contextmanager
def _process(command: list[str]) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    try:
        yield process
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
