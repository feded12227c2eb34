"""The emulator as a test sees it."""

from __future__ import annotations

import contextlib
import datetime
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal, TypeAlias

from amc_fleet import AsyncFleet, Credentials, Fleet, Instance
from amc_fleet.testing._control import Control, camel, instance_id, length, rows
from amc_fleet.testing._process import running

FaultKind: TypeAlias = Literal[
    "status",
    "gateway_timeout",
    "reset",
    "half_open",
    "slow",
    "late_effect",
    "trickle",
    "truncate",
    "duplicate",
    "token_expired",
    "expired_url",
    "stuck",
    "late_in_lists",
    "run_fails",
    "run_takes",
]


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
        self._control = Control(announcement["url"])
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
        """Open a fleet on it; the options are those of ``Fleet``.

        Examples
        --------
        >>> with amc.fleet("memory:") as other:
        ...     len(other.sync_instances().added)
        3
        """
        return Fleet(database or self.database, **self._options(options))

    def async_fleet(self, database: str | os.PathLike[str] | None = None, **options: Any) -> AsyncFleet:
        """Make an async fleet on it; the options are those of ``AsyncFleet``.

        Examples
        --------
        >>> amc.async_fleet("memory:")
        <AsyncFleet memory:>
        """
        return AsyncFleet(database or self.database, **self._options(options))

    def executions(self) -> list[dict[str, Any]]:
        """List every execution it ever ran, in order, as AMC describes them, each with its ``sqlQuery``.

        Returns
        -------
        list of dict
            The witness of a test: what AMC was really asked to run.

        Examples
        --------
        >>> [execution["status"] for execution in amc.executions()]
        ['SUCCEEDED', 'SUCCEEDED', 'SUCCEEDED']
        """
        executions: list[dict[str, Any]] = self._control.get("executions")["executions"]
        return executions

    def load(self, instance: Instance | str | None, table: str, data: object) -> int:
        """Put rows in place of the synthetic ones of a table.

        Parameters
        ----------
        instance : Instance or str or None
            Whose rows; None: those of every instance.
        table : str
            The data source, for example ``"dsp_impressions"``.
        data : str or os.PathLike or Arrow table
            CSV with a header line, the path of such a file, or whatever has the Arrow PyCapsule interface: a table of
            pyarrow, a data frame of polars or pandas.

        Returns
        -------
        int
            How many rows were read.

        Raises
        ------
        InvalidInputError
            ``emulator_refused``, with what is wrong with the rows, the table or the instance.

        Examples
        --------
        >>> amc.load(None, "dsp_clicks", "campaign,clicks\\nSummer,3\\n")
        1
        """
        body = {"instance": instance_id(instance), "table": table, **rows(data)}
        count: int = self._control.post("data", body)["rows"]
        return count

    def script(
        self,
        contains: str,
        data: object = None,
        *,
        status: Literal["FAILED", "REJECTED"] | None = None,
        reason: str | None = None,
        seconds: float | None = None,
        instance: Instance | str | None = None,
        data_types: dict[str, str] | None = None,
    ) -> None:
        """Give the answer to queries in advance; the last one given for a query counts.

        Parameters
        ----------
        contains : str
            Text that the query contains; ``""`` is every query.
        data : str or os.PathLike or Arrow table, optional
            The rows of the result, as for ``load``.
        status, reason : str, optional
            How the run ends instead, and AMC's words about it.
        seconds : float, optional
            How long the run takes on the emulator's clock.
        instance : Instance or str, optional
            Only in this instance.
        data_types : dict of str to str, optional
            AMC's types of columns whose names do not tell them.

        Examples
        --------
        >>> amc.script("campaign_reach", "brand,reach\\nA,10\\n", seconds=7200)
        """
        body = {"contains": contains, "status": status, "reason": reason, "seconds": seconds, "dataTypes": data_types}
        answer = {} if data is None else rows(data)
        self._control.post("results", {**body, "instance": instance_id(instance), **answer})

    def fail(
        self,
        method: str | None = None,
        path: str | None = None,
        *,
        kind: FaultKind = "status",
        nth: int | None = None,
        times: int | None = None,
        instance: Instance | str | None = None,
        chance: float | None = None,
        seed: int | None = None,
        **fields: object,
    ) -> int:
        """Plan a fault.

        Parameters
        ----------
        method, path : str, optional
            Which requests; ``*`` in a path stands for anything.
        kind : str, default "status"
            What happens to them. The table in the emulator's README says what each kind does and its fields.
        nth : int, optional
            The first of these requests that it strikes, from 1.
        times : int, optional
            How often it strikes from there on; 0 is for ever.
        instance : Instance or str, optional
            Only requests about this instance.
        chance, seed : float, int, optional
            Strike with this chance, drawn from this seed.
        **fields
            The fields of the kind: ``status``, ``retry_after``, ``body``, ``after``, ``delay_ms``, ``seconds``, …

        Returns
        -------
        int
            The number of the fault.

        Raises
        ------
        InvalidInputError
            ``emulator_refused``, with the field that is wrong.

        Examples
        --------
        >>> fault = amc.fail("POST", status=429, nth=2)
        >>> amc.fired(fault)
        0
        """
        target = {"method": method, "path": path, "nth": nth, "times": times, "chance": chance, "seed": seed}
        what = {"kind": camel(kind), **{camel(name): value for name, value in fields.items()}}
        number: int = self._control.post("faults", {**target, "instance": instance_id(instance), **what})["id"]
        return number

    def faults(self) -> list[dict[str, Any]]:
        """List the planned faults, each with how many requests it ``matched`` and how often it ``fired``.

        Examples
        --------
        >>> fault = amc.fail("GET", "*/downloadUrls", kind="slow", delay_ms=10)
        >>> [(fault["kind"], fault["matched"], fault["fired"]) for fault in amc.faults()]
        [('slow', 0, 0)]
        """
        faults: list[dict[str, Any]] = self._control.get("faults")["faults"]
        return faults

    def fired(self, fault: int | None = None) -> int:
        """Tell how often a fault struck, so that a test can prove it; all of them if none is named.

        Examples
        --------
        >>> amc.fired()
        0
        """
        return sum(known["fired"] for known in self.faults() if fault in (None, known["id"]))

    def clear_faults(self) -> None:
        """Take all faults away.

        Examples
        --------
        >>> amc.clear_faults()
        """
        self._control.delete("faults")

    @property
    def now(self) -> datetime.datetime:
        """What time its clock shows."""
        return datetime.datetime.fromisoformat(self._control.get("clock")["now"])

    def advance(self, span: str | float | datetime.timedelta) -> datetime.datetime:
        """Move its clock on; everything due on the way has happened then.

        Parameters
        ----------
        span : str or float or datetime.timedelta
            How far: ``"2h"``, ``"90 minutes"``, or seconds.

        Returns
        -------
        datetime.datetime
            What time it shows then.

        Raises
        ------
        InvalidInputError
            ``emulator_refused`` when the span cannot be read.

        Examples
        --------
        >>> before = amc.now
        >>> amc.advance("2h") - before >= datetime.timedelta(hours=2)
        True
        """
        return datetime.datetime.fromisoformat(self._control.post("clock", {"advance": length(span)})["now"])

    def freeze(self, frozen: bool = True) -> None:
        """Hold its clock still, or let it run again.

        Examples
        --------
        >>> amc.freeze()
        >>> amc.freeze(False)
        """
        self._control.post("clock", {"frozen": frozen})

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
    ...     len(fleet.sync_instances().added)
    2
    """
    arguments = ["--instances", str(instances), "--seed", str(seed), *(options or [])]
    with contextlib.ExitStack() as stack:
        place = folder or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="amc-fleet-")))
        yield Emulator(stack.enter_context(running(arguments)), place)
