"""
The compiled part of `amc_fleet`.
"""

import os
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from os import PathLike
from pathlib import Path
from typing import Any, Final, Literal, Self, SupportsIndex, final

import pandas
import polars
import pyarrow
from _typeshed import SupportsGetItem, SupportsWrite

__all__ = [
    "AmcWorkflow",
    "AsyncBatch",
    "AsyncChunks",
    "AsyncEvents",
    "AsyncFleet",
    "AsyncResults",
    "Attempt",
    "Backfill",
    "BackfillPlan",
    "BackfillSegment",
    "Batch",
    "BatchReport",
    "Broken",
    "CallCounts",
    "CancelReport",
    "Cause",
    "Chunks",
    "Credentials",
    "DriveReport",
    "Event",
    "Events",
    "ExecutionReport",
    "Export",
    "Finding",
    "Fleet",
    "Hours",
    "Inferred",
    "Instance",
    "InstanceResult",
    "MissingDataSource",
    "Overdue",
    "Overlap",
    "ParameterSchema",
    "PlanReport",
    "PlannedRun",
    "Preview",
    "PreviewedRun",
    "Rendered",
    "Report",
    "ReportOverview",
    "ResolvedWindow",
    "ResultSummary",
    "Results",
    "Role",
    "Rows",
    "Schedule",
    "Segment",
    "Skipped",
    "SyncReport",
    "TemplateUsage",
    "TemplateVersion",
    "Tick",
    "UnreachableAccount",
    "Widening",
    "Workflow",
    "__version__",
    "additive",
    "describe",
    "diff_templates",
    "distinct",
    "error_kinds",
    "infer_parameters",
    "json_table",
    "lint",
    "maximum",
    "mean",
    "minimum",
    "next_runs",
    "parameter_presets",
    "parameter_schema",
    "ratio",
    "read_template",
    "register_preset",
    "render",
    "resolve_window",
    "segments",
    "starter_templates",
    "weighted",
    "write_template",
]

__version__: Final[str]

@final
class AmcWorkflow:
    """
    A workflow saved at an instance of AMC, which is not one of ours.
    """
    def __repr__(self, /) -> str: ...
    @property
    def input_parameters(self, /) -> list[Any]:
        """
        The declarations of its parameters, as AMC writes them.
        """
    @property
    def options(self, /) -> dict[str, Any]:
        """
        Every further field (``outputFormat``, …), as AMC writes it.
        """
    @property
    def sql_query(self, /) -> str:
        """
        The query; empty where AMC still holds it as a list of operations, which is then in ``options``.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        Returns the same as plain dicts, lists, strings, numbers and datetimes.

        Returns
        -------
        dict
            One entry for each attribute.

        Examples
        --------
        >>> amc_workflow.to_dict()["workflow_id"]
        'saved'
        """
    @property
    def workflow_id(self, /) -> str:
        """
        Its name, unique in the instance.
        """

@final
class AsyncBatch:
    """
    One query on many instances, as written by ``AsyncFleet.run_batch``; see ``Batch``.

    Examples
    --------
    >>> batch
    <AsyncBatch batch_... 'Reach by campaign' completed: 3 completed of 3 · ... rows · ...>
    """
    def __repr__(self, /) -> str: ...
    def _repr_html_(self, /) -> str: ...
    def cancel(self, /) -> Awaitable[CancelReport]:
        """
        Cancels what has not ended; see ``Batch.cancel``.

        Examples
        --------
        >>> (await batch.cancel()).cancelled
        0
        """
    def errors(self, /) -> Awaitable[list[Cause]]:
        """
        Says why executions did not complete; see ``Batch.errors``.

        Examples
        --------
        >>> await batch.errors()
        []
        """
    def events(self, /, after: SupportsIndex = 0) -> AsyncEvents:
        """
        Iterates over its events in order, as they happen; see ``Batch.events``.

        Examples
        --------
        >>> [event.kind async for event in batch.events()][-1]
        'batch_finished'
        """
    @property
    def id(self, /) -> str:
        """
        Its id (``batch_…``).
        """
    @property
    def name(self, /) -> str:
        """
        Its name.
        """
    def results(
        self,
        /,
        missing: Literal["raise", "include"] = "raise",
        *,
        drift: Literal["union", "by_name", "strict"] = "union",
        region: bool = False,
        segment: bool = False,
        execution_id: bool = False,
    ) -> Awaitable[AsyncResults]:
        """
        Opens the merged result of every completed execution; see ``Batch.results``.

        Examples
        --------
        >>> (await batch.results()).summary().complete
        '3 of 3'
        """
    def retry(self, /, only: Literal["failed", "cancelled", "incomplete"] = "failed") -> Awaitable[int]:
        """
        Runs again what did not complete; see ``Batch.retry``.

        Examples
        --------
        >>> await batch.retry(only="failed")
        0
        """
    @property
    def skipped(self, /) -> list[Skipped]:
        """
        What was asked for and left out.
        """
    def status(self, /) -> Awaitable[BatchReport]:
        """
        Reads where it stands at this moment; see ``Batch.status``.

        Examples
        --------
        >>> (await batch.status()).completed_instances
        3
        """
    def wait(
        self,
        /,
        timeout: float | timedelta | None = None,
        progress: bool | Literal["auto"] = ...,
        raise_on_failure: bool = True,
    ) -> Awaitable[Self]:
        """
        Waits until every execution has ended; see ``Batch.wait``. Cancelling the task ends the waiting, not the batch.

        Examples
        --------
        >>> (await (await batch.wait(timeout=60)).status()).status
        'completed'
        """

@final
class AsyncChunks:
    """
    The bytes of a file as they become ready, for ``async for``.
    """
    def __aiter__(self, /) -> AsyncChunks: ...
    def __anext__(self, /) -> Awaitable[bytes]: ...

@final
class AsyncEvents:
    """
    The events of a batch, in order and as they happen, for ``async for``.
    """
    def __aiter__(self, /) -> AsyncEvents: ...
    def __anext__(self, /) -> Awaitable[Event]: ...

@final
class AsyncFleet:
    """
    A fleet of AMC instances and everything that runs on it, for programs of an event loop.

    The arguments and methods are those of ``Fleet``; every method that reads or writes is awaited. The database is
    opened by ``async with``, or by the first call.

    Parameters
    ----------
    database, credentials, owner, actor, worker, schedules, migrate, endpoint, results
        As for ``Fleet``.

    Examples
    --------
    >>> async with amc_fleet.AsyncFleet("memory:", credentials=amc_fleet.Credentials.from_env()) as fleet:
    ...     await fleet.sync_instances()
    <SyncReport 2 accounts: 3 added, 0 changed, 0 gone, 0 unreachable>
    """
    def __aenter__(self, /) -> Awaitable[Self]: ...
    def __aexit__(self, /, *exception: object) -> Awaitable[None]: ...
    def __new__(
        cls,
        /,
        database: str | os.PathLike[str] | None = None,
        *,
        credentials: Credentials
        | dict[str, Credentials]
        | Callable[[], Credentials | dict[str, Credentials]]
        | None = None,
        owner: str = "default",
        actor: str | None = None,
        worker: bool | Literal["auto"] = ...,
        schedules: bool = False,
        migrate: Literal["auto", "never"] = "auto",
        endpoint: str | None = None,
        results: str | os.PathLike[str] | None = None,
    ) -> AsyncFleet: ...
    def __repr__(self, /) -> str: ...
    def activate_report(self, /, report: Report | str) -> Awaitable[None]:
        """
        Lets a report run again; see ``Fleet.activate_report``.

        Examples
        --------
        >>> report = await fleet.save_report("Monday", workflow="Reach by campaign", window="last 7 days")
        >>> await fleet.activate_report("Monday")
        """
    @property
    def actor(self, /) -> str | None:
        """
        The person who acts, kept with what is written.
        """
    def add_account(
        self,
        /,
        account_id: str,
        *,
        marketplace_id: str,
        account_name: str | None = None,
        credential_key: str = "default",
        extra_headers: Mapping[str, str] | None = None,
    ) -> Awaitable[SyncReport]:
        """
        Adds an account that AMC does not list for a credential; see ``Fleet.add_account``.

        Examples
        --------
        >>> account = amc.accounts[0]
        >>> name, marketplace = account["accountName"], account["marketplaceId"]
        >>> (await fleet.add_account(account["accountId"], marketplace_id=marketplace, account_name=name)).accounts
        1
        """
    def all_instances(self, /) -> Awaitable[list[Instance]]:
        """
        Lists every instance of this owner, by name; see ``Fleet.all_instances``.

        Examples
        --------
        >>> [instance.unavailable for instance in await fleet.all_instances()]
        [None, None, None]
        """
    def amc_workflow(self, /, instance: Instance | str, workflow_id: str) -> Awaitable[AmcWorkflow]:
        """
        Reads a workflow saved at an instance of AMC; see ``Fleet.amc_workflow``.

        Examples
        --------
        >>> instance = (await fleet.instances())[2]
        >>> await fleet.create_amc_workflow(instance, "reach", sql_query=sql)
        >>> await fleet.amc_workflow(instance, "reach")
        <AmcWorkflow 'reach'>
        """
    def amc_workflows(self, /, instance: Instance | str) -> Awaitable[list[AmcWorkflow]]:
        """
        Lists every workflow saved at an instance of AMC; see ``Fleet.amc_workflows``.

        Examples
        --------
        >>> await fleet.amc_workflows((await fleet.instances())[1])
        []
        """
    def apply_retention(self, /, keep_days: SupportsIndex) -> Awaitable[int]:
        """
        Deletes batches that ended more than so many days ago; see ``Fleet.apply_retention``.

        Examples
        --------
        >>> await fleet.apply_retention(400)
        0
        """
    def archive_report(self, /, report: Report | str) -> Awaitable[None]:
        """
        Puts a report away; see ``Fleet.archive_report``.

        Examples
        --------
        >>> report = await fleet.save_report("Monday", workflow="Reach by campaign", window="last 7 days")
        >>> await fleet.archive_report(report)
        """
    def archive_schedule(self, /, schedule: Schedule | str) -> Awaitable[None]:
        """
        Puts a schedule away; see ``Fleet.archive_schedule``.

        Examples
        --------
        >>> report = await fleet.save_report("Monday", workflow="Reach by campaign", window="last 7 days")
        >>> schedule = await fleet.schedule("Monday", "weekly on Monday at 06:00", timezone="Europe/Berlin")
        >>> await fleet.archive_schedule(schedule)
        """
    def archive_workflow(self, /, id_or_name: str) -> Awaitable[None]:
        """
        Puts a workflow away; see ``Fleet.archive_workflow``.

        Examples
        --------
        >>> old = await fleet.save_workflow("Old", sql=sql)
        >>> await fleet.archive_workflow(old.id)
        """
    def as_owner(self, /, owner: str, *, actor: str | None = None) -> AsyncFleet:
        """
        The same fleet as another owner sees it; see ``Fleet.as_owner``.

        Examples
        --------
        >>> await fleet.as_owner("acme", actor="ada").batches()
        []
        """
    def attempts(self, /, execution_id: str) -> Awaitable[list[Attempt]]:
        """
        Lists the attempts of an execution; see ``Fleet.attempts``.

        Examples
        --------
        >>> len(await fleet.attempts((await batch.status()).executions[0].execution_id))
        1
        """
    def backfill(
        self,
        /,
        report: Report | str,
        *,
        start: date | str,
        segment_type: Literal["daily", "weekly", "monthly", "quarterly"],
        end: date | str | None = None,
        instances: Iterable[Instance | str] | Mapping[str, str | Iterable[str]] | Literal["all"] | None = None,
        timezone: str | None = None,
        partial: Literal["keep", "drop"] = "keep",
        order: Literal["oldest_first", "newest_first"] = "oldest_first",
        parallelism: SupportsIndex | None = None,
        retries: SupportsIndex | None = None,
        max_days: SupportsIndex | None = None,
    ) -> Awaitable[Backfill]:
        """
        Runs the history of a report; see ``Fleet.backfill``.

        Examples
        --------
        >>> report = await fleet.save_report("Monday", workflow="Reach by campaign", window="last 7 days")
        >>> history = await fleet.backfill("Monday", start="2025-09-01", end="2025-09-15",
        ...     segment_type="weekly", max_days=10_000)
        >>> history.total
        6
        """
    def backfill_segments(self, /, backfill: Backfill | str) -> Awaitable[list[BackfillSegment]]:
        """
        Lists the segments of a backfill and where their data come from, oldest first; see
        ``Fleet.backfill_segments``.

        Examples
        --------
        >>> report = await fleet.save_report("Monday", workflow="Reach by campaign", window="last 7 days")
        >>> history = await fleet.backfill("Monday", start="2025-09-01", end="2025-09-15",
        ...     segment_type="weekly", max_days=10_000)
        >>> [it.first_day for it in (await fleet.backfill_segments(history))][::3]
        ['2025-09-01', '2025-09-08']
        """
    def backfill_status(self, /, backfill: Backfill | str) -> Awaitable[Backfill]:
        """
        Says where a backfill stands; see ``Fleet.backfill_status``.

        Examples
        --------
        >>> report = await fleet.save_report("Monday", workflow="Reach by campaign", window="last 7 days")
        >>> history = await fleet.backfill("Monday", start="2025-09-01", end="2025-09-15",
        ...     segment_type="weekly", max_days=10_000)
        >>> (await fleet.backfill_status(history)).total
        6
        """
    def backfills(
        self, /, report: Report | str | None = None, *, limit: SupportsIndex | None = None, offset: SupportsIndex = 0
    ) -> Awaitable[list[Backfill]]:
        """
        Lists backfills, newest first, of one report or of all; see ``Fleet.backfills``.

        Examples
        --------
        >>> report = await fleet.save_report("Monday", workflow="Reach by campaign", window="last 7 days")
        >>> history = await fleet.backfill("Monday", start="2025-09-01", end="2025-09-15",
        ...     segment_type="weekly", max_days=10_000)
        >>> len(await fleet.backfills("Monday")) > 0
        True
        """
    def batch(self, /, id_or_key: str) -> Awaitable[AsyncBatch]:
        """
        Finds a batch by either id, or by its key; see ``Fleet.batch``.

        Examples
        --------
        >>> (await fleet.batch(batch.id)).name
        'Reach by campaign'
        """
    def batches(
        self,
        /,
        *,
        text: str | None = None,
        instance: str | None = None,
        status: str | None = None,
        created_from: datetime | str | None = None,
        created_before: datetime | str | None = None,
        sort: Literal["newest", "oldest", "name"] = "newest",
        limit: SupportsIndex | None = None,
        offset: SupportsIndex = 0,
    ) -> Awaitable[list[AsyncBatch]]:
        """
        Lists batches; see ``Fleet.batches``.

        Examples
        --------
        >>> [batch.name for batch in await fleet.batches(text="reach", limit=1)]
        ['Reach by campaign']
        """
    def cancel_all(self, /) -> Awaitable[CancelReport]:
        """
        Cancels everything of this owner that has not ended; see ``Fleet.cancel_all``.

        Examples
        --------
        >>> (await fleet.cancel_all()).cancelled
        0
        """
    def cancel_backfill(self, /, backfill: Backfill | str) -> Awaitable[Backfill]:
        """
        Cancels a backfill; see ``Fleet.cancel_backfill``.

        Examples
        --------
        >>> report = await fleet.save_report("Monday", workflow="Reach by campaign", window="last 7 days")
        >>> history = await fleet.backfill("Monday", start="2025-09-01", end="2025-09-15",
        ...     segment_type="weekly", max_days=10_000)
        >>> (await fleet.cancel_backfill(history)).status
        'cancelled'
        """
    def cancel_execution(self, /, execution_id: str) -> Awaitable[CancelReport]:
        """
        Cancels one execution; see ``Fleet.cancel_execution``.

        Examples
        --------
        >>> (await fleet.cancel_execution((await batch.status()).executions[0].execution_id)).cancelled
        0
        """
    def close(self, /) -> Awaitable[None]:
        """
        Stops working: what is in hand is finished, the rest is left for the next worker. Nothing is cancelled.

        Examples
        --------
        >>> other = amc_fleet.AsyncFleet("memory:")
        >>> await other.close()
        """
    def create_amc_workflow(
        self,
        /,
        instance: Instance | str,
        workflow_id: str,
        *,
        sql_query: str,
        input_parameters: Iterable[Mapping[str, Any]] | None = None,
        options: Mapping[str, Any] | None = None,
    ) -> Awaitable[None]:
        """
        Saves a new workflow at an instance of AMC; see ``Fleet.create_amc_workflow``.

        Examples
        --------
        >>> instance = (await fleet.instances())[2]
        >>> await fleet.create_amc_workflow(instance, "daily_reach", sql_query=sql)
        """
    @property
    def database(self, /) -> str:
        """
        Where this fleet keeps what it must not forget.
        """
    def dataset(
        self,
        /,
        report: Report | str,
        start: date | str,
        end: date | str,
        *,
        missing: Literal["raise", "include"] = "raise",
        drift: Literal["union", "by_name", "strict"] = "union",
        region: bool = False,
        segment: bool = False,
        execution_id: bool = False,
    ) -> Awaitable[AsyncResults]:
        """
        One series over the ticks and backfills of a report; see ``Fleet.dataset``.

        Examples
        --------
        >>> report = await fleet.save_report("Monday", workflow="Reach by campaign", window="last 7 days")
        >>> history = await fleet.backfill("Monday", start="2025-09-01", end="2025-09-15",
        ...     segment_type="weekly", max_days=10_000)
        >>> history = await fleet.wait_backfill(history)
        >>> (await fleet.dataset("Monday", "2025-09-01", "2025-09-15")).summary().complete
        '6 of 6'
        """
    def deactivate_report(self, /, report: Report | str) -> Awaitable[None]:
        """
        Lets a report run no more; its schedules pass over their ticks meanwhile; see ``Fleet.deactivate_report``.

        Examples
        --------
        >>> report = await fleet.save_report("Monday", workflow="Reach by campaign", window="last 7 days")
        >>> await fleet.deactivate_report("Monday")
        """
    def delete_amc_workflow(self, /, instance: Instance | str, workflow_id: str) -> Awaitable[None]:
        """
        Deletes a workflow saved at an instance of AMC; see ``Fleet.delete_amc_workflow``.

        Examples
        --------
        >>> instance = (await fleet.instances())[2]
        >>> await fleet.create_amc_workflow(instance, "old_reach", sql_query=sql)
        >>> await fleet.delete_amc_workflow(instance, "old_reach")
        """
    def delete_batches(self, /, batches: Sequence[AsyncBatch | str]) -> Awaitable[int]:
        """
        Deletes batches with their executions, events and results; see ``Fleet.delete_batches``.

        Examples
        --------
        >>> old = await (await fleet.run_batch(sql=sql, instances="all", window="yesterday")).wait()
        >>> await fleet.delete_batches([old])
        1
        """
    def deprecate_template(self, /, id_or_name: str, why: str | None = None) -> Awaitable[TemplateVersion]:
        """
        Says that a template should be used no more; see ``Fleet.deprecate_template``.

        Examples
        --------
        >>> kept = await fleet.save_template(amc_fleet.starter_templates()[0])
        >>> (await fleet.deprecate_template(kept.id, "use Overlap")).deprecation
        'use Overlap'
        >>> (await fleet.restore_template(kept.id)).deprecated_at is None
        True
        """
    def drive(self, /, max_seconds: float | timedelta) -> Awaitable[DriveReport]:
        """
        Works for a while, then says what is left; see ``Fleet.drive``.

        Examples
        --------
        >>> async with amc_fleet.AsyncFleet("memory:", credentials=amc_fleet.Credentials.from_env(), worker=False) as idle:
        ...     (await idle.drive(10)).more_work
        False
        """
    def duplicate_report(self, /, report: Report | str, name: str) -> Awaitable[Report]:
        """
        Saves a report once more under another name; see ``Fleet.duplicate_report``.

        Examples
        --------
        >>> report = await fleet.save_report("Monday", workflow="Reach by campaign", window="last 7 days")
        >>> copy = await fleet.duplicate_report(report, "Tuesday")
        >>> await fleet.archive_report(copy)
        """
    def duplicate_workflow(self, /, workflow: Workflow | str, name: str) -> Awaitable[Workflow]:
        """
        Saves a workflow once more under another name; see ``Fleet.duplicate_workflow``.

        Examples
        --------
        >>> (await fleet.duplicate_workflow("Reach by campaign", "Reach again")).name
        'Reach again'
        >>> await fleet.archive_workflow("Reach again")
        """
    def executions(
        self,
        /,
        *,
        text: str | None = None,
        instance: str | None = None,
        status: str | None = None,
        created_from: datetime | str | None = None,
        created_before: datetime | str | None = None,
        sort: Literal["newest", "oldest", "instance"] = "newest",
        limit: SupportsIndex | None = None,
        offset: SupportsIndex = 0,
    ) -> Awaitable[list[ExecutionReport]]:
        """
        Lists executions of all batches; see ``Fleet.executions``.

        Examples
        --------
        >>> [execution.status for execution in await fleet.executions(text="reach", limit=1)]
        ['completed']
        """
    def export_definitions(self, /) -> Awaitable[dict[str, Any]]:
        """
        Gives every workflow and every report with its schedules, as one document; see ``Fleet.export_definitions``.

        Examples
        --------
        >>> (await fleet.export_definitions())["format"]
        'amc-fleet/1'
        """
    def export_templates(self, /, folder: str | os.PathLike[str]) -> Awaitable[list[Path]]:
        """
        Writes every template that is in use to a file of its own; see ``Fleet.export_templates``.

        Examples
        --------
        >>> kept = await fleet.save_template(amc_fleet.starter_templates()[0])
        >>> all(path.suffix == ".sql" for path in await fleet.export_templates(folder / "templates"))
        True
        """
    def fire(self, /, schedule: Schedule | str, nominal_at: datetime | str) -> Awaitable[Tick]:
        """
        Fires a tick of a schedule now, for a nominal time; see ``Fleet.fire``.

        Examples
        --------
        >>> report = await fleet.save_report("Monday", workflow="Reach by campaign", window="last 7 days")
        >>> schedule = await fleet.schedule("Monday", "weekly on Monday at 06:00", overlap="allow")
        >>> (await fleet.fire(schedule, "2025-09-08T06:00:00+00:00")).outcome
        'fired'
        """
    def grant_instances(self, /, owner: str, instances: Sequence[Instance | str]) -> Awaitable[int]:
        """
        Lets another owner run on instances of this one; see ``Fleet.grant_instances``.

        Examples
        --------
        >>> await fleet.grant_instances("acme", (await fleet.instances())[:1])
        1
        """
    def import_definitions(self, /, document: Mapping[str, Any]) -> Awaitable[dict[str, int]]:
        """
        Saves what a document defines; see ``Fleet.import_definitions``.

        Examples
        --------
        >>> (await fleet.import_definitions(await fleet.export_definitions()))["schedules"]
        0
        """
    def import_profiles(self, /, table: object) -> Awaitable[int]:
        """
        Reads profiles from a table; see ``Fleet.import_profiles``.

        Examples
        --------
        >>> instances = await fleet.instances()
        >>> await fleet.import_profiles(f"instance_id,label\\n{instances[0].instance_id},Nova\\n")
        1
        """
    def import_templates(self, /, folder: str | os.PathLike[str]) -> Awaitable[list[TemplateVersion]]:
        """
        Keeps every template of a folder; see ``Fleet.import_templates``.

        Examples
        --------
        >>> kept = await fleet.save_template(amc_fleet.starter_templates()[0])
        >>> written = await fleet.export_templates(folder / "templates")
        >>> kept in await fleet.import_templates(folder / "templates")
        True
        """
    def instances(self, /) -> Awaitable[list[Instance]]:
        """
        Lists the instances a query can run on, by name; see ``Fleet.instances``.

        Examples
        --------
        >>> len(await fleet.instances())
        3
        """
    @property
    def is_working(self, /) -> bool:
        """
        Whether this process works on the fleet's executions.
        """
    def lint(
        self,
        /,
        sql: str,
        data_sources: Iterable[Mapping[str, Any]] | Mapping[str, Any] | None = None,
        declarations: Iterable[Mapping[str, Any]] | Mapping[str, Any] | None = None,
        *,
        instance: Instance | str | None = None,
    ) -> Awaitable[list[Finding]]:
        """
        Says what AMC will refuse about a query; see ``Fleet.lint``.

        Examples
        --------
        >>> [finding.code for finding in await fleet.lint("SELECT user_id FROM t GROUP BY 1")]
        ['raw_user_id']
        """
    @staticmethod
    def migrate(database: str | os.PathLike[str] | None = None) -> Awaitable[None]:
        """
        Brings a database to the form this version works with; see ``Fleet.migrate``.

        Examples
        --------
        >>> await amc_fleet.AsyncFleet.migrate(folder / "shared.db")
        """
    def next_runs(self, /, schedule: Schedule | str, count: SupportsIndex = 5) -> Awaitable[list[datetime]]:
        """
        Lists the next nominal times of a schedule; see ``Fleet.next_runs``.

        Examples
        --------
        >>> report = await fleet.save_report("Monday", workflow="Reach by campaign", window="last 7 days")
        >>> schedule = await fleet.schedule("Monday", "weekly on Monday at 06:00", timezone="Europe/Berlin")
        >>> (await fleet.next_runs(schedule, 1)) == [schedule.next_run_at]
        True
        """
    def overdue(self, /) -> Awaitable[list[Overdue]]:
        """
        Lists what should have run by now and did not, the longest due first; see ``Fleet.overdue``.

        Examples
        --------
        >>> await fleet.overdue()
        []
        """
    @property
    def owner(self, /) -> str:
        """
        Whose things this fleet sees.
        """
    def pause(self, /, schedule: Schedule | str, note: str | None = None) -> Awaitable[None]:
        """
        Pauses a schedule; see ``Fleet.pause``.

        Examples
        --------
        >>> report = await fleet.save_report("Monday", workflow="Reach by campaign", window="last 7 days")
        >>> schedule = await fleet.schedule("Monday", "weekly on Monday at 06:00", timezone="Europe/Berlin")
        >>> await fleet.pause(schedule, "holidays")
        """
    def pause_backfill(self, /, backfill: Backfill | str) -> Awaitable[Backfill]:
        """
        Pauses a backfill; see ``Fleet.pause_backfill``.

        Examples
        --------
        >>> report = await fleet.save_report("Monday", workflow="Reach by campaign", window="last 7 days")
        >>> history = await fleet.backfill("Monday", start="2025-09-01", end="2025-09-15",
        ...     segment_type="weekly", max_days=10_000)
        >>> (await fleet.pause_backfill(history)).status
        'paused'
        """
    def plan(
        self,
        /,
        workflow: Workflow | str | None = None,
        *,
        sql: str | None = None,
        instances: Iterable[Instance | str] | Mapping[str, str | Iterable[str]] | Literal["all"],
        window: str | None = None,
        timezone: str | None = None,
        parameters: Mapping[str, Any] | None = None,
        instance_parameters: Mapping[str, Mapping[str, Any]] | None = None,
        key: str | None = None,
        on_unavailable: Literal["refuse", "skip"] = "refuse",
        priority: Literal["interactive", "scheduled", "backfill"] = "interactive",
        deadline: float | timedelta | None = None,
        check: Literal["first", "none"] = "first",
        name: str | None = None,
        declarations: Iterable[Mapping[str, Any]] | Mapping[str, Any] | None = None,
        prefer_native: bool = False,
        literal_dialect: Literal["standard", "backslash_escapes", "refuse"] = "standard",
        freshness: Literal["flag", "move", "refuse", "wait"] = "flag",
        maturity: Literal["flag", "move", "refuse", "wait"] = "flag",
    ) -> Awaitable[PlanReport]:
        """
        Says what a batch would come to; see ``Fleet.plan``.

        Examples
        --------
        >>> (await fleet.plan("Reach by campaign", instances="all", window="last 30 days")).runs
        3
        """
    def plan_backfill(
        self,
        /,
        report: Report | str,
        *,
        start: date | str,
        segment_type: Literal["daily", "weekly", "monthly", "quarterly"],
        end: date | str | None = None,
        instances: Iterable[Instance | str] | Mapping[str, str | Iterable[str]] | Literal["all"] | None = None,
        timezone: str | None = None,
        partial: Literal["keep", "drop"] = "keep",
        order: Literal["oldest_first", "newest_first"] = "oldest_first",
        parallelism: SupportsIndex | None = None,
        retries: SupportsIndex | None = None,
        max_days: SupportsIndex | None = None,
    ) -> Awaitable[BackfillPlan]:
        """
        Says what a backfill would do, and writes nothing; see ``Fleet.plan_backfill``.

        Examples
        --------
        >>> report = await fleet.save_report("Monday", workflow="Reach by campaign", window="last 7 days")
        >>> await fleet.plan_backfill("Monday", start="2025-09-01", end="2025-09-15",
        ...     segment_type="weekly", max_days=10_000)
        <BackfillPlan 2 segments, 6 runs>
        """
    def preview(
        self,
        /,
        workflow: Workflow | str | None = None,
        parameters: Mapping[str, Any] | None = None,
        window: str | None = None,
        *,
        sql: str | None = None,
        instances: Iterable[Instance | str] | Mapping[str, str | Iterable[str]] | Literal["all"] | None = None,
        timezone: str | None = None,
        instance_parameters: Mapping[str, Mapping[str, Any]] | None = None,
        declarations: Iterable[Mapping[str, Any]] | Mapping[str, Any] | None = None,
        prefer_native: bool = False,
        literal_dialect: Literal["standard", "backslash_escapes", "refuse"] = "standard",
        freshness: Literal["flag", "move", "refuse", "wait"] = "flag",
        maturity: Literal["flag", "move", "refuse", "wait"] = "flag",
    ) -> Awaitable[Preview]:
        """
        Shows what a batch would run, exactly; see ``Fleet.preview``.

        Examples
        --------
        >>> preview = await fleet.preview(sql="SELECT COUNT(1) AS n FROM t", window="last 30 days")
        >>> preview.runs[0].sql
        'SELECT COUNT(1) AS n FROM t'
        """
    def report(self, /, report: Report | str) -> Awaitable[Report]:
        """
        Finds a report by either id, or by name; see ``Fleet.report``.

        Examples
        --------
        >>> report = await fleet.save_report("Monday", workflow="Reach by campaign", window="last 7 days")
        >>> (await fleet.report("Monday")) == report
        True
        """
    def report_history(
        self, /, report: Report | str, *, since: datetime | str | None = None
    ) -> Awaitable[dict[str, Any]]:
        """
        Says what became of the runs of a report over time; see ``Fleet.report_history``.

        Examples
        --------
        >>> report = await fleet.save_report("Monday", workflow="Reach by campaign", window="last 7 days")
        >>> (await fleet.report_history(report))["run_count"] >= 0
        True
        """
    def report_runs(
        self, /, report: Report | str, *, limit: SupportsIndex | None = None, offset: SupportsIndex = 0
    ) -> Awaitable[list[AsyncBatch]]:
        """
        Lists the runs of a report, newest first; see ``Fleet.report_runs``.

        Examples
        --------
        >>> report = await fleet.save_report("Monday", workflow="Reach by campaign", window="last 7 days")
        >>> isinstance((await fleet.report_runs("Monday")), list)
        True
        """
    def reports(
        self,
        /,
        *,
        text: str | None = None,
        is_active: bool | None = None,
        limit: SupportsIndex | None = None,
        offset: SupportsIndex = 0,
    ) -> Awaitable[list[ReportOverview]]:
        """
        Lists reports by name, each with what became of its runs; see ``Fleet.reports``.

        Examples
        --------
        >>> report = await fleet.save_report("Monday", workflow="Reach by campaign", window="last 7 days")
        >>> (await fleet.reports(text="mon"))[0].report.name
        'Monday'
        """
    def restore_template(self, /, id_or_name: str) -> Awaitable[TemplateVersion]:
        """
        Says that a template may be used again; see ``Fleet.restore_template``.

        Examples
        --------
        >>> kept = await fleet.save_template(amc_fleet.starter_templates()[0])
        >>> (await fleet.restore_template(kept.id)).deprecated_at is None
        True
        """
    def resume(self, /, schedule: Schedule | str) -> Awaitable[None]:
        """
        Resumes a paused schedule; see ``Fleet.resume``.

        Examples
        --------
        >>> report = await fleet.save_report("Monday", workflow="Reach by campaign", window="last 7 days")
        >>> schedule = await fleet.schedule("Monday", "weekly on Monday at 06:00", timezone="Europe/Berlin")
        >>> await fleet.resume(schedule)
        """
    def resume_backfill(self, /, backfill: Backfill | str) -> Awaitable[Backfill]:
        """
        Goes on with a paused backfill; see ``Fleet.resume_backfill``.

        Examples
        --------
        >>> report = await fleet.save_report("Monday", workflow="Reach by campaign", window="last 7 days")
        >>> history = await fleet.backfill("Monday", start="2025-09-01", end="2025-09-15",
        ...     segment_type="weekly", max_days=10_000)
        >>> (await fleet.resume_backfill(history)).total
        6
        """
    def retry_backfill(self, /, backfill: Backfill | str) -> Awaitable[Backfill]:
        """
        Tries the segments of a backfill again that failed, and only those; see ``Fleet.retry_backfill``.

        Examples
        --------
        >>> report = await fleet.save_report("Monday", workflow="Reach by campaign", window="last 7 days")
        >>> history = await fleet.backfill("Monday", start="2025-09-01", end="2025-09-15",
        ...     segment_type="weekly", max_days=10_000)
        >>> (await fleet.retry_backfill(history)).total
        6
        """
    def revoke_instances(self, /, owner: str, instances: Sequence[Instance | str]) -> Awaitable[int]:
        """
        Takes back what ``grant_instances`` gave; see ``Fleet.revoke_instances``.

        Examples
        --------
        >>> await fleet.revoke_instances("acme", (await fleet.instances())[:1])
        1
        """
    def run_batch(
        self,
        /,
        workflow: Workflow | str | None = None,
        *,
        sql: str | None = None,
        instances: Iterable[Instance | str] | Mapping[str, str | Iterable[str]] | Literal["all"],
        window: str | None = None,
        timezone: str | None = None,
        parameters: Mapping[str, Any] | None = None,
        instance_parameters: Mapping[str, Mapping[str, Any]] | None = None,
        key: str | None = None,
        on_unavailable: Literal["refuse", "skip"] = "refuse",
        priority: Literal["interactive", "scheduled", "backfill"] = "interactive",
        deadline: float | timedelta | None = None,
        check: Literal["first", "none"] = "first",
        name: str | None = None,
        declarations: Iterable[Mapping[str, Any]] | Mapping[str, Any] | None = None,
        prefer_native: bool = False,
        literal_dialect: Literal["standard", "backslash_escapes", "refuse"] = "standard",
        freshness: Literal["flag", "move", "refuse", "wait"] = "flag",
        maturity: Literal["flag", "move", "refuse", "wait"] = "flag",
        reuse: bool = False,
    ) -> Awaitable[AsyncBatch]:
        """
        Runs one query on many instances and returns at once; see ``Fleet.run_batch``.

        Examples
        --------
        >>> instances = await fleet.instances()
        >>> batch = await fleet.run_batch("Reach by campaign", instances=instances, window="last 30 days")
        >>> (await (await batch.wait()).status()).status
        'completed'
        """
    def run_report(
        self,
        /,
        report: Report | str,
        *,
        instances: Iterable[Instance | str] | Mapping[str, str | Iterable[str]] | Literal["all"] | None = None,
        window: str | None = None,
        parameters: Mapping[str, Any] | None = None,
        key: str | None = None,
        triggered_by: Literal["manual", "api"] = "manual",
        reuse: bool = False,
    ) -> Awaitable[AsyncBatch]:
        """
        Runs a report now; clients that are gone or cannot run a query are left out and named in ``skipped``; see
        ``Fleet.run_report``.

        Examples
        --------
        >>> report = await fleet.save_report("Monday", workflow="Reach by campaign", window="last 7 days")
        >>> batch = await (await fleet.run_report("Monday")).wait()
        >>> (await batch.status()).status
        'completed'
        """
    def run_schedules(self, /) -> Awaitable[int]:
        """
        Fires every tick that is due at this moment, once; see ``Fleet.run_schedules``.

        Examples
        --------
        >>> await fleet.run_schedules()
        0
        """
    def save_as_template(
        self,
        /,
        workflow: Workflow | str,
        name: str | None = None,
        *,
        category: str = ...,
        tags: SupportsGetItem[int, str] = ...,
        description: str | None = None,
        columns: Mapping[str, str] | None = None,
        note: str | None = None,
    ) -> Awaitable[TemplateVersion]:
        """
        Keeps a workflow as a template; see ``Fleet.save_as_template``.

        Examples
        --------
        >>> (await fleet.save_as_template("Reach by campaign", category="reach")).template["sql"] == sql
        True
        """
    def save_report(
        self,
        /,
        name: str,
        *,
        workflow: Workflow | str | None = None,
        sql: str | None = None,
        instances: Iterable[Instance | str] | Mapping[str, str | Iterable[str]] | Literal["all"] | None = None,
        window: str | None = None,
        timezone: str = "UTC",
        parameters: Mapping[str, Any] | None = None,
        instance_parameters: Mapping[str, Mapping[str, Any]] | None = None,
        description: str | None = None,
        is_active: bool = True,
    ) -> Awaitable[Report]:
        """
        Saves a report by name; one of the same name is updated and keeps its id; see ``Fleet.save_report``.

        Examples
        --------
        >>> (await fleet.save_report("Monday", workflow="Reach by campaign", window="last 7 days")).name
        'Monday'
        """
    def save_template(self, /, template: Mapping[str, Any], note: str | None = None) -> Awaitable[TemplateVersion]:
        """
        Keeps a template under its name; see ``Fleet.save_template``.

        Examples
        --------
        >>> (await fleet.save_template({"name": "Rows", "sql": "SELECT COUNT(*) AS n FROM dsp_impressions"})).number
        1
        """
    def save_workflow(
        self,
        /,
        name: str,
        *,
        sql: str,
        description: str | None = None,
        window: str | None = None,
        parameters: Mapping[str, Any] | None = None,
        amc_options: Mapping[str, Any] | None = None,
        declarations: Iterable[Mapping[str, Any]] | Mapping[str, Any] | None = None,
    ) -> Awaitable[Workflow]:
        """
        Saves a query by name; see ``Fleet.save_workflow``.

        Examples
        --------
        >>> (await fleet.save_workflow("Reach by campaign", sql=sql)).name
        'Reach by campaign'
        """
    def schedule(
        self,
        /,
        report: Report | str,
        expression: str,
        *,
        timezone: str | None = None,
        window_timezone: str | None = None,
        parameters: Mapping[str, Any] | None = None,
        catch_up: Literal["none", "last", "all"] | None = None,
        catch_up_window: float | timedelta | None = None,
        overlap: Literal["skip", "queue", "allow"] | None = None,
        freshness: Literal["wait", "immediate"] | None = None,
        jitter: float | timedelta | None = None,
        pause_after_failures: SupportsIndex | None = None,
        reuse: bool = True,
    ) -> Awaitable[Schedule]:
        """
        Lets a report run by itself; see ``Fleet.schedule``.

        Examples
        --------
        >>> report = await fleet.save_report("Monday", workflow="Reach by campaign", window="last 7 days")
        >>> schedule = await fleet.schedule("Monday", "weekly on Monday at 06:00", timezone="Europe/Berlin")
        >>> schedule.says
        'At 06:00, on Monday.'
        """
    def schedules(
        self, /, report: Report | str | None = None, *, limit: SupportsIndex | None = None, offset: SupportsIndex = 0
    ) -> Awaitable[list[Schedule]]:
        """
        Lists schedules, oldest first, of one report or of all; see ``Fleet.schedules``.

        Examples
        --------
        >>> report = await fleet.save_report("Monday", workflow="Reach by campaign", window="last 7 days")
        >>> schedule = await fleet.schedule("Monday", "weekly on Monday at 06:00", timezone="Europe/Berlin")
        >>> schedule in (await fleet.schedules("Monday"))
        True
        """
    def sync_instances(self, /) -> Awaitable[SyncReport]:
        """
        Reads every account and instance the credentials see; see ``Fleet.sync_instances``.

        Examples
        --------
        >>> await fleet.sync_instances()
        <SyncReport 2 accounts: 0 added, 0 changed, 0 gone, 0 unreachable>
        """
    def template(self, /, id_or_name: str) -> Awaitable[TemplateVersion]:
        """
        Finds a template, or one of its versions; see ``Fleet.template``.

        Examples
        --------
        >>> kept = await fleet.save_template(amc_fleet.starter_templates()[0])
        >>> await fleet.template(kept.content_hash) == kept
        True
        """
    def template_usage(self, /, id_or_name: str) -> Awaitable[TemplateUsage]:
        """
        Counts what was made of a template; see ``Fleet.template_usage``.

        Examples
        --------
        >>> kept = await fleet.save_template(amc_fleet.starter_templates()[0])
        >>> (await fleet.template_usage(kept.id)).executions
        0
        """
    def template_versions(self, /, id_or_name: str) -> Awaitable[list[TemplateVersion]]:
        """
        Lists all versions of a template, the newest first; see ``Fleet.template_versions``.

        Examples
        --------
        >>> kept = await fleet.save_template(amc_fleet.starter_templates()[0])
        >>> [version.number for version in await fleet.template_versions(kept.id)]
        [1]
        """
    def templates(
        self,
        /,
        text: str | None = None,
        *,
        category: str | None = None,
        tag: str | None = None,
        deprecated: bool = False,
    ) -> Awaitable[list[TemplateVersion]]:
        """
        Lists kept templates by name; see ``Fleet.templates``.

        Examples
        --------
        >>> kept = await fleet.save_template(amc_fleet.starter_templates()[0])
        >>> kept in await fleet.templates(category=kept.template["category"])
        True
        """
    def ticks(self, /, schedule: Schedule | str, *, limit: SupportsIndex = 20) -> Awaitable[list[Tick]]:
        """
        Lists the ticks of a schedule that were, newest first; see ``Fleet.ticks``.

        Examples
        --------
        >>> report = await fleet.save_report("Monday", workflow="Reach by campaign", window="last 7 days")
        >>> schedule = await fleet.schedule("Monday", "weekly on Monday at 06:00", timezone="Europe/Berlin")
        >>> await fleet.ticks(schedule)
        []
        """
    def trace(self, /, execution_id: str) -> Awaitable[dict[str, Any]]:
        """
        Walks from an execution back to what asked for it; see ``Fleet.trace``.

        Examples
        --------
        >>> execution = (await batch.status()).executions[0]
        >>> (await fleet.trace(execution.execution_id))["triggered_by"]
        'manual'
        """
    def trace_file(self, /, path: str | PathLike[str]) -> Awaitable[dict[str, Any]]:
        """
        Says what a file is made of; see ``Fleet.trace_file``.

        Examples
        --------
        >>> written = await results.write(folder / "reach.csv")
        >>> (await fleet.trace_file(written.path))["manifest"]["complete"]
        '3 of 3'
        """
    def unfinished(self, /) -> Awaitable[int]:
        """
        Counts the executions that are not finished; see ``Fleet.unfinished``.

        Examples
        --------
        >>> await fleet.unfinished()
        0
        """
    def update_amc_workflow(
        self,
        /,
        instance: Instance | str,
        workflow_id: str,
        *,
        sql_query: str,
        input_parameters: Iterable[Mapping[str, Any]] | None = None,
        options: Mapping[str, Any] | None = None,
    ) -> Awaitable[None]:
        """
        Replaces a workflow saved at an instance of AMC, all its fields; see ``Fleet.update_amc_workflow``.

        Examples
        --------
        >>> instance = (await fleet.instances())[2]
        >>> await fleet.create_amc_workflow(instance, "weekly_reach", sql_query=sql)
        >>> await fleet.update_amc_workflow(instance, "weekly_reach", sql_query=sql)
        """
    def update_instance(
        self,
        /,
        instance: Instance | str,
        *,
        label: str | None = None,
        tags: Sequence[str] | None = None,
        brands: Sequence[str] | None = None,
        timezone: str | None = None,
        currency: str | None = None,
        parameters: Mapping[str, Any] | None = None,
    ) -> Awaitable[Instance]:
        """
        Says something about an instance; see ``Fleet.update_instance``.

        Examples
        --------
        >>> instances = await fleet.instances()
        >>> (await fleet.update_instance(instances[0], tags=["dach"])).tags
        ['dach']
        """
    def use_template(
        self, /, template: Mapping[str, Any] | str | TemplateVersion, name: str | None = None
    ) -> Awaitable[Workflow]:
        """
        Saves a workflow that is made of a template; see ``Fleet.use_template``.

        Examples
        --------
        >>> template = amc_fleet.starter_templates()[0]
        >>> (await fleet.use_template(template)).name == template["name"]
        True
        >>> await fleet.archive_workflow(template["name"])
        """
    def verify(self, /) -> Awaitable[list[Broken]]:
        """
        Lists what is kept and cannot be true; see ``Fleet.verify``.

        Examples
        --------
        >>> await fleet.verify()
        []
        """
    def wait_backfill(
        self, /, backfill: Backfill | str, *, timeout: float | timedelta | None = None
    ) -> Awaitable[Backfill]:
        """
        Waits until nothing of a backfill is left to do; see ``Fleet.wait_backfill``.

        Examples
        --------
        >>> report = await fleet.save_report("Monday", workflow="Reach by campaign", window="last 7 days")
        >>> history = await fleet.backfill("Monday", start="2025-09-01", end="2025-09-15",
        ...     segment_type="weekly", max_days=10_000)
        >>> (await fleet.wait_backfill(history)).status
        'completed'
        """
    def workflow(self, /, id_or_name: str) -> Awaitable[Workflow]:
        """
        Finds a workflow by either id, or by name; see ``Fleet.workflow``.

        Examples
        --------
        >>> (await fleet.workflow("Reach by campaign")).sql == sql
        True
        """
    def workflow_history(
        self, /, workflow: Workflow | str, *, since: datetime | str | None = None
    ) -> Awaitable[dict[str, Any]]:
        """
        Says what became of the batches of a workflow over time; see ``Fleet.workflow_history``.

        Examples
        --------
        >>> (await fleet.workflow_history("Reach by campaign"))["success_rate"]
        1.0
        """
    def workflows(
        self,
        /,
        *,
        text: str | None = None,
        instance: str | None = None,
        updated_from: datetime | str | None = None,
        updated_before: datetime | str | None = None,
        sort: Literal["name", "newest", "oldest"] = "name",
        limit: SupportsIndex | None = None,
        offset: SupportsIndex = 0,
    ) -> Awaitable[list[Workflow]]:
        """
        Lists workflows; see ``Fleet.workflows``.

        Examples
        --------
        >>> [workflow.name for workflow in await fleet.workflows(text="reach")]
        ['Reach by campaign']
        """

@final
class AsyncResults:
    """
    The merged result of a batch; see ``Results``.

    Arrow libraries that take it pull its rows on their own thread, as they do with ``Results``.

    Examples
    --------
    >>> results
    <AsyncResults batch_... 'Reach by campaign': ... rows, 3 of 3 instances · ...>
    """
    def __arrow_c_stream__(self, /, requested_schema: object | None = None) -> object:
        """
        Exports all rows as an Arrow C stream, fresh each time.
        """
    def __len__(self, /) -> int: ...
    def __repr__(self, /) -> str: ...
    def _repr_html_(self, /) -> str: ...
    def across_instances(self, /, by: Iterable[str], columns: Mapping[str, Role]) -> Awaitable[AsyncResults]:
        """
        Rolls one column up into a table with a column for each instance; see ``Results.across_instances``.

        Examples
        --------
        >>> len((await results.across_instances(["campaign"], {"reach": amc_fleet.distinct()})).columns)
        4
        """
    @property
    def columns(self, /) -> list[str]:
        """
        The names of the columns.
        """
    def compare(
        self, /, after: AsyncResults, by: Iterable[str], columns: Mapping[str, Role] | None = None
    ) -> Awaitable[AsyncResults]:
        """
        Compares with later results; see ``Results.compare``.

        Examples
        --------
        >>> same = await results.compare(results, ["campaign"], {"reach": amc_fleet.distinct()})
        >>> same.columns[:2]
        ['campaign', '_change']
        """
    def filter(self, /, *conditions: tuple[str, str] | tuple[str, str, object]) -> Awaitable[AsyncResults]:
        """
        Gives the rows that meet conditions; see ``Results.filter``.

        Examples
        --------
        >>> len(await results.filter(("_instance_id", "is not null"))) == len(results)
        True
        """
    def head(self, /, rows: SupportsIndex = 10) -> Awaitable[Rows]:
        """
        Reads the first rows; see ``Results.head``.

        Examples
        --------
        >>> len(await results.head(5))
        5
        """
    def of_instances(self, /, instance_ids: Iterable[str]) -> AsyncResults:
        """
        Takes the rows of some instances alone; see ``Results.of_instances``.

        Examples
        --------
        >>> len(results.of_instances([(await fleet.instances())[0].instance_id]))
        20
        """
    def page(self, /, offset: SupportsIndex, rows: SupportsIndex = 100) -> Awaitable[Rows]:
        """
        Reads a page of the rows; see ``Results.page``.

        Examples
        --------
        >>> len(await results.page(50, rows=20))
        10
        """
    def ranking(
        self, /, column: str, by: Iterable[str], columns: Mapping[str, Role] | None = None
    ) -> Awaitable[AsyncResults]:
        """
        Rolls the rows up and ranks them by one column; see ``Results.ranking``.

        Examples
        --------
        >>> len(await results.ranking("reach_at_least", ["_instance_id"], {"reach": amc_fleet.distinct()}))
        3
        """
    def roll_up(
        self, /, by: Iterable[str], columns: Mapping[str, Role] | None = None, *, suppressed: str | None = None
    ) -> Awaitable[AsyncResults]:
        """
        Rolls the rows up by what each column means; see ``Results.roll_up``.

        Examples
        --------
        >>> rolled = await results.roll_up(["_instance_id"], {"reach": amc_fleet.distinct()})
        >>> len(rolled)
        3
        """
    def sort(
        self, /, by: Iterable[str], *, descending: bool = False, limit: SupportsIndex | None = None
    ) -> Awaitable[AsyncResults]:
        """
        Puts the rows in order; see ``Results.sort``.

        Examples
        --------
        >>> len(await results.sort(["reach"], descending=True, limit=5))
        5
        """
    def stream(
        self,
        /,
        format: Literal["csv", "json_lines", "parquet", "arrow", "arrow_stream", "xlsx"] = "csv",
        *,
        byte_order_mark: bool = False,
        spreadsheet_safe: bool = False,
    ) -> AsyncChunks:
        """
        Gives the bytes of a file of every row as they become ready, for ``async for``; see ``Results.stream``.

        Examples
        --------
        >>> chunks = [chunk async for chunk in results.stream("csv")]
        >>> b"".join(chunks)[:13]
        b'_instance_id,'
        """
    def summary(self, /) -> ResultSummary:
        """
        Says what it is made of and what it lacks; see ``Results.summary``.

        Examples
        --------
        >>> results.summary().complete
        '3 of 3'
        """
    def to_arrow(self, /) -> Awaitable[pyarrow.Table]:
        """
        Makes a pyarrow Table of all rows; see ``Results.to_arrow``.

        Examples
        --------
        >>> (await results.to_arrow()).num_rows == len(results)
        True
        """
    def to_pandas(self, /) -> Awaitable[pandas.DataFrame]:
        """
        Makes a pandas DataFrame of all rows; see ``Results.to_pandas``.

        Examples
        --------
        >>> len(await results.to_pandas()) == len(results)
        True
        """
    def to_polars(self, /) -> Awaitable[polars.DataFrame]:
        """
        Makes a polars DataFrame of all rows; see ``Results.to_polars``.

        Examples
        --------
        >>> len(await results.to_polars()) == len(results)
        True
        """
    def write(
        self,
        /,
        path: str | PathLike[str],
        *,
        format: Literal["csv", "json_lines", "parquet", "arrow", "arrow_stream", "xlsx"] | None = None,
        byte_order_mark: bool = False,
        spreadsheet_safe: bool = False,
    ) -> Awaitable[Export]:
        """
        Writes every row in a format, and a manifest beside it; see ``Results.write``.

        Examples
        --------
        >>> (await results.write(folder / "reach.parquet")).rows == len(results)
        True
        """
    def write_csv(self, /, path: str | PathLike[str]) -> Awaitable[Export]:
        """
        Writes every row as CSV, and a manifest beside it; see ``Results.write_csv``.

        Examples
        --------
        >>> (await results.write_csv(folder / "reach.csv")).rows == len(results)
        True
        """
    def write_to(
        self,
        /,
        file: SupportsWrite[bytes],
        format: Literal["csv", "json_lines", "parquet", "arrow", "arrow_stream", "xlsx"] = "csv",
        *,
        byte_order_mark: bool = False,
        spreadsheet_safe: bool = False,
    ) -> Awaitable[int]:
        """
        Writes the bytes of a file of every row to anything with ``write(bytes)``, on a thread; see ``Results.write_to``.

        Examples
        --------
        >>> import io
        >>> file = io.BytesIO()
        >>> await results.write_to(file, "csv") == len(file.getvalue())
        True
        """

@final
class Attempt:
    """
    The debug record of one attempt: what was asked of AMC under one workflow id, and what it answered.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __repr__(self, /) -> str: ...
    @property
    def amc_execution_id(self, /) -> str | None:
        """
        AMC's id of its run.
        """
    @property
    def amc_workflow_id(self, /) -> str | None:
        """
        The workflow id it was submitted under.
        """
    @property
    def answered_at(self, /) -> datetime | None:
        """
        When it was last known what became of a POST, or that nobody knows.
        """
    @property
    def ended_at(self, /) -> datetime | None:
        """
        When it was over.
        """
    @property
    def error_code(self, /) -> str | None:
        """
        A stable code of what went wrong last.
        """
    @property
    def error_message(self, /) -> str | None:
        """
        What went wrong last, in words.
        """
    @property
    def http_status(self, /) -> int | None:
        """
        The HTTP status of the last answer to a submit that had one.
        """
    @property
    def number(self, /) -> int:
        """
        Its number, from 1. The next begins only after AMC ended the run of the last.
        """
    @property
    def outcome(self, /) -> str:
        """
        What happened to it last.
        """
    @property
    def parameters(self, /) -> dict[str, Any]:
        """
        The parameter values it was made with.
        """
    @property
    def posted_at(self, /) -> datetime | None:
        """
        When its last POST was about to go out.
        """
    @property
    def posts(self, /) -> int:
        """
        How many POSTs went out under its workflow id.
        """
    @property
    def request_id(self, /) -> str | None:
        """
        AMC's id of the last request that told one, for a support case.
        """
    @property
    def sql(self, /) -> str:
        """
        The SQL exactly as it was sent.
        """
    @property
    def started_at(self, /) -> datetime:
        """
        When its first POST was about to go out.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        Returns the same as plain dicts, lists, strings, numbers and datetimes.

        Returns
        -------
        dict
            One entry for each attribute.

        Examples
        --------
        >>> execution = batch.status().executions[0]
        >>> fleet.attempts(execution.execution_id)[0].to_dict()["number"]
        1
        """
    @property
    def window_end(self, /) -> datetime:
        """
        The exact first instant after its window.
        """
    @property
    def window_start(self, /) -> datetime:
        """
        The exact first instant of its window.
        """

@final
class Backfill:
    """
    A range of days of a report, segment by segment, at one moment.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __repr__(self, /) -> str: ...
    @property
    def cancelled(self, /) -> int:
        """
        Those that were cancelled.
        """
    @property
    def completed(self, /) -> int:
        """
        Those whose rows are here.
        """
    @property
    def created_at(self, /) -> datetime:
        """
        When it was asked for.
        """
    @property
    def end_date(self, /) -> str:
        """
        The day after the last.
        """
    @property
    def eta_seconds(self, /) -> float | None:
        """
        How long the rest takes at the pace so far.
        """
    @property
    def failed(self, /) -> int:
        """
        Those that failed as often as they may.
        """
    @property
    def id(self, /) -> str:
        """
        Our id (``col_…``).
        """
    @property
    def pending(self, /) -> int:
        """
        Those that wait.
        """
    @property
    def provisional(self, /) -> int:
        """
        Those that ran before their data were complete, and run once more.
        """
    @property
    def record_count(self, /) -> int:
        """
        Rows of all completed segments.
        """
    @property
    def report_id(self, /) -> str:
        """
        What it runs (``rpt_…``).
        """
    @property
    def running(self, /) -> int:
        """
        Those whose run has not ended.
        """
    @property
    def segment_type(self, /) -> str:
        """
        ``daily``, ``weekly``, ``monthly`` or ``quarterly``.
        """
    @property
    def start_date(self, /) -> str:
        """
        The first day.
        """
    @property
    def status(self, /) -> str:
        """
        ``active``, ``paused`` or ``cancelled``; ``completed``, ``partial`` or ``failed`` once nothing is left to do.
        """
    @property
    def timezone(self, /) -> str:
        """
        The zone whose days they are.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        Returns the same as plain dicts, lists, strings, numbers and datetimes.

        Returns
        -------
        dict
            One entry for each attribute.

        Examples
        --------
        >>> report = fleet.save_report("Monday", workflow="Reach by campaign", window="last 7 days")
        >>> history = fleet.backfill("Monday", start="2025-09-01", end="2025-09-15",
        ...     segment_type="weekly", max_days=10_000)
        >>> history.to_dict()["segment_type"]
        'weekly'
        """
    @property
    def total(self, /) -> int:
        """
        Segments of instances in all.
        """

@final
class BackfillPlan:
    """
    What a backfill would do.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __repr__(self, /) -> str: ...
    @property
    def estimated_seconds(self, /) -> float | None:
        """
        How long it takes by the last runs of the report; nothing where it never ran.
        """
    @property
    def instance_ids(self, /) -> list[str]:
        """
        The AMC ids of the instances it runs on.
        """
    @property
    def runs(self, /) -> int:
        """
        Runs at AMC in all, without those that are tried again.
        """
    @property
    def segments(self, /) -> list[Segment]:
        """
        Its segments, oldest first.
        """
    @property
    def skipped(self, /) -> list[Skipped]:
        """
        What was asked for and is left out.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        Returns the same as plain dicts, lists, strings, numbers and datetimes.

        Returns
        -------
        dict
            One entry for each attribute.

        Examples
        --------
        >>> report = fleet.save_report("Monday", workflow="Reach by campaign", window="last 7 days")
        >>> plan = fleet.plan_backfill("Monday", start="2025-09-01", end="2025-09-15",
        ...     segment_type="weekly", max_days=10_000)
        >>> len(plan.to_dict()["segments"])
        2
        """

@final
class BackfillSegment:
    """
    A segment of one instance, and where its data come from.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __repr__(self, /) -> str: ...
    @property
    def amc_execution_id(self, /) -> str | None:
        """
        AMC's id of that run.
        """
    @property
    def attempt(self, /) -> int:
        """
        How often it was run.
        """
    @property
    def batch_id(self, /) -> str | None:
        """
        The batch of its last run.
        """
    @property
    def completed_at(self, /) -> datetime | None:
        """
        When its last run ended.
        """
    @property
    def end_day(self, /) -> str:
        """
        The day after its last.
        """
    @property
    def execution_id(self, /) -> str | None:
        """
        Its last execution.
        """
    @property
    def first_day(self, /) -> str:
        """
        Its first day.
        """
    @property
    def instance_id(self, /) -> str:
        """
        AMC's id of the instance.
        """
    @property
    def is_provisional(self, /) -> bool:
        """
        Whether it ran before its data were complete.
        """
    @property
    def mature_at(self, /) -> datetime:
        """
        When its data are complete at AMC.
        """
    @property
    def reason(self, /) -> str | None:
        """
        Why it has no execution, no id of AMC or no result.
        """
    @property
    def record_count(self, /) -> int | None:
        """
        The rows of its result.
        """
    @property
    def segment_end(self, /) -> datetime:
        """
        The first instant after it.
        """
    @property
    def segment_start(self, /) -> datetime:
        """
        The first instant.
        """
    @property
    def started_at(self, /) -> datetime | None:
        """
        When its last run began.
        """
    @property
    def status(self, /) -> str:
        """
        ``pending``, ``running``, ``completed``, ``failed`` or ``cancelled``.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        Returns the same as plain dicts, lists, strings, numbers and datetimes.

        Returns
        -------
        dict
            One entry for each attribute.

        Examples
        --------
        >>> report = fleet.save_report("Monday", workflow="Reach by campaign", window="last 7 days")
        >>> history = fleet.backfill("Monday", start="2025-09-01", end="2025-09-15",
        ...     segment_type="weekly", max_days=10_000)
        >>> fleet.backfill_segments(history)[0].to_dict()["first_day"]
        '2025-09-01'
        """

@final
class Batch:
    """
    One query on many instances, as written by ``Fleet.run_batch``.

    Dropping it stops nothing; only ``cancel`` cancels.

    Examples
    --------
    >>> batch
    <Batch batch_... 'Reach by campaign' completed: 3 completed of 3 · ... rows · ...>
    """
    def __repr__(self, /) -> str: ...
    def _repr_html_(self, /) -> str: ...
    def cancel(self, /) -> CancelReport:
        """
        Cancels what has not ended: nothing more is submitted, and AMC is told about what it runs.

        Returns
        -------
        CancelReport
            What could and what could not be stopped.

        Examples
        --------
        >>> batch.cancel()
        <CancelReport 0 cancelled, 3 finished before, 0 not cancelled>
        """
    def errors(self, /) -> list[Cause]:
        """
        Says why executions did not complete, instances of the same cause together, the most frequent cause first.

        Returns
        -------
        list of Cause
            The causes; empty when nothing went wrong.

        Examples
        --------
        >>> batch.errors()
        []
        """
    def events(self, /, after: SupportsIndex = 0) -> Events:
        """
        Iterates over its events in order, as they happen; ends when the batch has ended.

        Parameters
        ----------
        after : int, default 0
            The sequence to begin after; 0 begins at the first event.

        Returns
        -------
        iterator of Event
            The events.

        Examples
        --------
        >>> [event.kind for event in batch.events()][-1]
        'batch_finished'
        """
    @property
    def id(self, /) -> str:
        """
        Its id (``batch_…``).
        """
    @property
    def name(self, /) -> str:
        """
        Its name.
        """
    def results(
        self,
        /,
        missing: Literal["raise", "include"] = "raise",
        *,
        drift: Literal["union", "by_name", "strict"] = "union",
        region: bool = False,
        segment: bool = False,
        execution_id: bool = False,
    ) -> Results:
        """
        Opens the merged result of every completed execution.

        Parameters
        ----------
        missing : {"raise", "include"}, default "raise"
            What to do about executions without a result: refuse, or give what there is and say what is missing.
        drift : {"union", "by_name", "strict"}, default "union"
            What to do when results differ in their columns: take every column and widen types, demand the same columns,
            or demand the same columns of the same types.
        region, segment, execution_id : bool, default False
            Whether to add ``_region``, ``_segment`` (the window) and ``_execution_id``.

        Returns
        -------
        Results
            One table over all instances, ``_instance_id`` and ``_instance_name`` first.

        Raises
        ------
        IncompleteError
            ``results_incomplete``; ``instances`` names the missing ones.
        InvalidInputError
            ``schema_drift``; ``instances`` names those that differ.

        Examples
        --------
        >>> batch.results()
        <Results batch_... 'Reach by campaign': ... rows, 3 of 3 instances · ...>
        """
    def retry(self, /, only: Literal["failed", "cancelled", "incomplete"] = "failed") -> int:
        """
        Runs again what did not complete, each under the same parameters and over the same window, in this batch.

        Parameters
        ----------
        only : {"failed", "cancelled", "incomplete"}, default "failed"
            Those that failed, those that were cancelled, or both.

        Returns
        -------
        int
            How many run again. What they take the place of stays in ``status().superseded``.

        Examples
        --------
        >>> batch.retry(only="failed")
        0
        """
    @property
    def skipped(self, /) -> list[Skipped]:
        """
        What was asked for and left out.
        """
    def status(self, /) -> BatchReport:
        """
        Reads where it stands at this moment.

        Returns
        -------
        BatchReport
            Its status, its counts, and every execution.

        Examples
        --------
        >>> report = batch.status()
        >>> report.status, report.completed_instances, report.total_instances
        ('completed', 3, 3)
        """
    def wait(
        self,
        /,
        timeout: float | timedelta | None = None,
        progress: bool | Literal["auto"] = ...,
        raise_on_failure: bool = True,
    ) -> Self:
        """
        Waits until every execution has ended; Ctrl-C ends the waiting, not the batch.

        Parameters
        ----------
        timeout : float or datetime.timedelta, optional
            How long to wait, in seconds; without end if not given.
        progress : bool or "auto", default "auto"
            Whether to show progress on standard error, or in the notebook; auto: where a person is looking.
        raise_on_failure : bool, default True
            Whether an execution that did not complete is an error.

        Returns
        -------
        Batch
            This batch.

        Raises
        ------
        RemoteTimeoutError
            ``wait_timed_out``: the time was over first. The batch goes on.
        RemoteFailedError
            ``batch_failed``: some executions did not complete; ``instances`` names them.

        Examples
        --------
        >>> batch.wait(timeout=60).status().status
        'completed'
        """

@final
class BatchReport:
    """
    A batch and all its executions at one moment.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __repr__(self, /) -> str: ...
    @property
    def batch_id(self, /) -> str:
        """
        Our id (``batch_…``).
        """
    @property
    def calls(self, /) -> CallCounts:
        """
        The requests to AMC that were made for all its executions.
        """
    @property
    def cancelled_instances(self, /) -> int:
        """
        Cancelled.
        """
    @property
    def causes(self, /) -> list[Cause]:
        """
        Why executions did not complete, instances of the same cause together, the most frequent cause first.
        """
    @property
    def completed_at(self, /) -> datetime | None:
        """
        When the last one ended.
        """
    @property
    def completed_instances(self, /) -> int:
        """
        With all rows here.
        """
    @property
    def created_at(self, /) -> datetime:
        """
        When it was written.
        """
    @property
    def executions(self, /) -> list[ExecutionReport]:
        """
        Its executions, by instance name.
        """
    @property
    def failed_instances(self, /) -> int:
        """
        Failed for good.
        """
    @property
    def findings(self, /) -> list[Finding]:
        """
        What was said about its windows and values as it was planned.
        """
    @property
    def name(self, /) -> str:
        """
        Its name.
        """
    @property
    def nobody_works(self, /) -> bool:
        """
        Whether something is left to do and no live worker holds the credential for it.
        """
    @property
    def pending_instances(self, /) -> int:
        """
        Not at AMC yet.
        """
    @property
    def row_count(self, /) -> int:
        """
        Rows of all completed executions.
        """
    @property
    def running_instances(self, /) -> int:
        """
        At AMC, or being fetched.
        """
    @property
    def selector(self, /) -> dict[str, Any] | None:
        """
        What selected its instances, where they were not named one by one.
        """
    @property
    def skipped(self, /) -> list[Skipped]:
        """
        What was asked for and left out.
        """
    @property
    def started_at(self, /) -> datetime | None:
        """
        When the first execution left ``pending``.
        """
    @property
    def status(self, /) -> str:
        """
        ``pending``, ``running``, ``completed``, ``partial``, ``failed`` or ``cancelled``.
        """
    @property
    def summary(self, /) -> str:
        """
        The whole in one line.
        """
    @property
    def superseded(self, /) -> list[ExecutionReport]:
        """
        Executions that ended and were retried, by instance name, the oldest first.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        Returns the same as plain dicts, lists, strings, numbers and datetimes.

        Returns
        -------
        dict
            One entry for each attribute.

        Examples
        --------
        >>> batch.status().to_dict()["total_instances"]
        3
        """
    @property
    def total_instances(self, /) -> int:
        """
        Executions in all.
        """
    @property
    def window_label(self, /) -> str:
        """
        The window in words.
        """

@final
class Broken:
    """
    Something that is kept and cannot be true.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __repr__(self, /) -> str: ...
    @property
    def code(self, /) -> str:
        """
        A stable code of what is broken.
        """
    @property
    def id(self, /) -> str:
        """
        The public id of the thing.
        """
    @property
    def message(self, /) -> str:
        """
        What is wrong with it, in words.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        Returns the same as plain dicts, lists, strings, numbers and datetimes.

        Returns
        -------
        dict
            One entry for each attribute.

        Examples
        --------
        >>> [broken.to_dict()["code"] for broken in fleet.verify()]
        []
        """

@final
class CallCounts:
    """
    How many requests went to AMC, repetitions included, by what they asked.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __repr__(self, /) -> str: ...
    @property
    def admin(self, /) -> int:
        """
        Pages of accounts and instances.
        """
    @property
    def cancel(self, /) -> int:
        """
        Cancels.
        """
    @property
    def download_urls(self, /) -> int:
        """
        Requests for download URLs.
        """
    @property
    def file(self, /) -> int:
        """
        Parts opened.
        """
    @property
    def get(self, /) -> int:
        """
        Reads of one run.
        """
    @property
    def list(self, /) -> int:
        """
        Pages of runs.
        """
    @property
    def submit(self, /) -> int:
        """
        Submits.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        Returns the same as plain dicts, lists, strings, numbers and datetimes.

        Returns
        -------
        dict
            One entry for each attribute.

        Examples
        --------
        >>> batch.status().executions[0].calls.to_dict()["submit"]
        1
        """
    @property
    def token(self, /) -> int:
        """
        Token requests.
        """
    @property
    def workflow(self, /) -> int:
        """
        Calls about AMC's own saved workflows.
        """

@final
class CancelReport:
    """
    What a cancel came to.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __repr__(self, /) -> str: ...
    @property
    def already_finished(self, /) -> int:
        """
        Executions that had ended before.
        """
    @property
    def cancelled(self, /) -> int:
        """
        Executions that are cancelled now.
        """
    @property
    def not_cancelled(self, /) -> int:
        """
        Executions that may still live at AMC; they are watched until they end.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        Returns the same as plain dicts, lists, strings, numbers and datetimes.

        Returns
        -------
        dict
            One entry for each attribute.

        Examples
        --------
        >>> batch.cancel().to_dict()["already_finished"]
        3
        """

@final
class Cause:
    """
    Why some instances did not complete: instances of the same cause together.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __repr__(self, /) -> str: ...
    @property
    def code(self, /) -> str:
        """
        A stable code.
        """
    @property
    def column(self, /) -> int | None:
        """
        The column in that line, from 1.
        """
    @property
    def excerpt(self, /) -> str | None:
        """
        That line and, below it, a caret under the column.
        """
    @property
    def instances(self, /) -> list[str]:
        """
        The AMC ids of the instances concerned.
        """
    @property
    def line(self, /) -> int | None:
        """
        The line of the user's own query that AMC's words mean; from 1.
        """
    @property
    def message(self, /) -> str:
        """
        Why, in words; AMC's own where AMC said it.
        """
    @property
    def summary(self, /) -> str:
        """
        Who and why in one line.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        Returns the same as plain dicts, lists, strings, numbers and datetimes.

        Returns
        -------
        dict
            One entry for each attribute.

        Examples
        --------
        >>> cause.to_dict()["code"]
        'amc_rejected'
        """

@final
class Chunks:
    """
    The bytes of a file as they become ready.
    """
    def __iter__(self, /) -> Chunks: ...
    def __next__(self, /) -> bytes: ...

@final
class Credentials:
    """
    One way to be somebody at AMC: a Login with Amazon client and the refresh token of a user with AMC access.

    Its secrets show nowhere: not in ``repr``, not in logs, not in errors.

    Parameters
    ----------
    client_id : str
        The id of the Login with Amazon client.
    client_secret : str
        Its secret.
    refresh_token : str
        The refresh token (``Atzr|…``).
    token_url : str, optional
        The token endpoint; Login with Amazon's own if not given.

    Examples
    --------
    >>> amc_fleet.Credentials("amzn1.client", "secret", "Atzr|token")
    <Credentials 'amzn1.client'>
    """
    def __new__(
        cls, /, client_id: str, client_secret: str, refresh_token: str, *, token_url: str | None = None
    ) -> Credentials: ...
    def __repr__(self, /) -> str: ...
    @property
    def client_id(self, /) -> str:
        """
        The id of the client.
        """
    @staticmethod
    def from_callback(client_id: str, token: Callable[[], str | tuple[str, datetime]]) -> Credentials:
        """
        Takes access tokens from a function, so that refresh tokens stay elsewhere.

        Parameters
        ----------
        client_id : str
            The id of the client the tokens belong to.
        token : callable
            Called without arguments, from a thread of the package, whenever a token is needed. It returns the token,
            or the token and the datetime it expires at; without one it is asked again when AMC refuses the token.

        Returns
        -------
        Credentials
            A credential that asks the function.

        Examples
        --------
        >>> amc_fleet.Credentials.from_callback("amzn1.client", lambda: "Atza|token")
        <Credentials 'amzn1.client'>
        """
    @staticmethod
    def from_env() -> Credentials:
        """
        Reads ``AMC_CLIENT_ID``, ``AMC_CLIENT_SECRET``, ``AMC_REFRESH_TOKEN`` and, where set, ``AMC_TOKEN_URL``.

        Returns
        -------
        Credentials
            The credential of the environment.

        Raises
        ------
        InvalidInputError
            ``credentials_missing``, naming every variable that is not set.

        Examples
        --------
        >>> amc_fleet.Credentials.from_env()
        <Credentials 'amzn1...'>
        """

@final
class DriveReport:
    """
    What is left after a while of work.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __repr__(self, /) -> str: ...
    @property
    def more_work(self, /) -> bool:
        """
        Whether anything is unfinished: drive again.
        """
    @property
    def next_due(self, /) -> datetime | None:
        """
        When something becomes due, as far as it is known.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        Returns the same as plain dicts, lists, strings, numbers and datetimes.

        Returns
        -------
        dict
            One entry for each attribute.

        Examples
        --------
        >>> with amc.fleet(worker=False) as frozen:
        ...     frozen.drive(max_seconds=1).to_dict()["more_work"]
        False
        """

@final
class Event:
    """
    One change of a batch or of one of its executions.
    """
    def __repr__(self, /) -> str: ...
    @property
    def at(self, /) -> datetime:
        """
        When it happened.
        """
    @property
    def batch_id(self, /) -> str:
        """
        The batch (``batch_…``).
        """
    @property
    def detail(self, /) -> dict[str, Any]:
        """
        The fields that changed.
        """
    @property
    def execution_id(self, /) -> str | None:
        """
        The execution (``exec_…``), where it is about one.
        """
    @property
    def instance_id(self, /) -> str | None:
        """
        AMC's id of the instance, where it is about one.
        """
    @property
    def kind(self, /) -> str:
        """
        What happened: ``submitted``, ``completed``, ``batch_finished``, …
        """
    @property
    def sequence(self, /) -> int:
        """
        Its place among the events of its batch, from 1.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        Returns the same as plain dicts, lists, strings, numbers and datetimes.

        Returns
        -------
        dict
            One entry for each attribute.

        Examples
        --------
        >>> next(batch.events()).to_dict()["kind"]
        'batch_created'
        """

@final
class Events:
    """
    The events of a batch, in order and as they happen.
    """
    def __iter__(self, /) -> Events: ...
    def __next__(self, /) -> Event: ...

@final
class ExecutionReport:
    """
    One execution of a batch: its query on one instance.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __repr__(self, /) -> str: ...
    @property
    def age_seconds(self, /) -> float | None:
        """
        How old the data of that result were when it was asked for, in seconds.
        """
    @property
    def amc_execution_id(self, /) -> str | None:
        """
        AMC's id of the run.
        """
    @property
    def amc_status(self, /) -> str | None:
        """
        AMC's last word on the run.
        """
    @property
    def attempt(self, /) -> int:
        """
        The number of its current attempt, from 1.
        """
    @property
    def batch_id(self, /) -> str:
        """
        Its batch (``batch_…``).
        """
    @property
    def blocked_reason(self, /) -> str | None:
        """
        What it waits for, if not for AMC: the code of what put it off last.
        """
    @property
    def calls(self, /) -> CallCounts:
        """
        The requests to AMC that were made for it. A list of an instance is one for all that runs there.
        """
    @property
    def completed_at(self, /) -> datetime | None:
        """
        When it ended.
        """
    @property
    def duration_seconds(self, /) -> float | None:
        """
        Seconds from its first submit to its end.
        """
    @property
    def error_code(self, /) -> str | None:
        """
        A stable code of why it failed.
        """
    @property
    def error_message(self, /) -> str | None:
        """
        Why it failed.
        """
    @property
    def execution_id(self, /) -> str:
        """
        Our id (``exec_…``).
        """
    @property
    def instance_id(self, /) -> str:
        """
        AMC's id of the instance.
        """
    @property
    def instance_name(self, /) -> str:
        """
        The instance's name.
        """
    @property
    def region(self, /) -> str:
        """
        The region of the instance's account.
        """
    @property
    def reuse_of(self, /) -> str | None:
        """
        Whose result it takes or took instead of running (``exec_…``).
        """
    @property
    def row_count(self, /) -> int | None:
        """
        Rows of its result.
        """
    @property
    def started_at(self, /) -> datetime | None:
        """
        When it first left ``pending``.
        """
    @property
    def status(self, /) -> str:
        """
        ``pending``, ``submitting``, ``running``, ``collecting``, ``completed``, ``failed`` or ``cancelled``.
        """
    @property
    def submitted_at(self, /) -> datetime | None:
        """
        When AMC took it, or the run whose result it took.
        """
    @property
    def superseded_by(self, /) -> str | None:
        """
        Our id of the execution that took its place, where it was retried.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        Returns the same as plain dicts, lists, strings, numbers and datetimes.

        Returns
        -------
        dict
            One entry for each attribute.

        Examples
        --------
        >>> batch.status().executions[0].to_dict()["status"]
        'completed'
        """
    @property
    def window_end(self, /) -> datetime:
        """
        The exact first instant after its window.
        """
    @property
    def window_start(self, /) -> datetime:
        """
        The exact first instant of its window.
        """

@final
class Export:
    """
    A file that was written.
    """
    def __repr__(self, /) -> str: ...
    @property
    def bytes(self, /) -> int:
        """
        Its size in bytes.
        """
    @property
    def manifest_path(self, /) -> Path:
        """
        The file beside it that says what it is made of.
        """
    @property
    def path(self, /) -> Path:
        """
        The file.
        """
    @property
    def rows(self, /) -> int:
        """
        Its rows.
        """
    @property
    def sha256(self, /) -> str:
        """
        The SHA-256 of its bytes, by which ``Fleet.trace_file`` knows it again.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        Returns the same as plain dicts, lists, strings, numbers and datetimes.

        Returns
        -------
        dict
            One entry for each attribute.

        Examples
        --------
        >>> results.write_csv(folder / "reach.csv").to_dict()["rows"]
        60
        """

@final
class Finding:
    """
    A remark on a query, a value or a window: it stops nothing by itself.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __repr__(self, /) -> str: ...
    @property
    def code(self, /) -> str:
        """
        A stable code, equal in every language.
        """
    @property
    def column(self, /) -> int | None:
        """
        The column in that line, from 1.
        """
    @property
    def fix(self, /) -> str | None:
        """
        What to do about it, or to write instead.
        """
    @property
    def line(self, /) -> int | None:
        """
        The line in the text that was given, from 1.
        """
    @property
    def message(self, /) -> str:
        """
        What was found, in one sentence.
        """
    @property
    def severity(self, /) -> str:
        """
        How much it matters: ``error``, ``warning`` or ``info``.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        Returns the same as plain dicts, lists, strings, numbers and datetimes.

        Returns
        -------
        dict
            One entry for each attribute.

        Examples
        --------
        >>> amc_fleet.lint("SELECT user_id FROM t GROUP BY 1")[0].to_dict()["code"]
        'raw_user_id'
        """

@final
class Fleet:
    """
    A fleet of AMC instances and everything that runs on it.

    It is a client of its database: it writes what shall run and reads what came of it. A process that opens it with
    credentials also works: it submits, watches and collects. Closing it, or losing the process, cancels nothing; the
    next fleet opened on the database goes on.

    Parameters
    ----------
    database : str or os.PathLike, optional
        A path, ``"sqlite://fleet.db"``, ``"postgres://user@host/database"`` or ``"memory:"``. Not given:
        ``$AMC_FLEET_DATABASE``, else one file of this user, which is said on standard error.
    credentials : Credentials, dict of str to Credentials, or callable, optional
        Who we are at AMC; a callable returns one of the others. Without any, history can be read and nothing run.
    owner : str, default "default"
        Whose things the fleet sees.
    actor : str, optional
        The person, kept with what is written.
    worker : bool or "auto", default "auto"
        Whether this process works; auto: where credentials are given, on a database of this machine.
    schedules : bool, default False
        Whether this process fires the ticks of schedules, of every owner.
    migrate : {"auto", "never"}, default "auto"
        Whether the database may be brought up to date; auto: a file, and a PostgreSQL database without any table.
    endpoint : str, optional
        The base URL of the API. Not given: ``$AMC_API_URL``, else Amazon's own host.
    results : str or os.PathLike, optional
        Where results are kept, if not in the database: a folder (a path, or ``file:///data/results``), or a bucket
        (``s3://bucket/prefix``, in builds that speak S3). What is said when a database is first opened holds for it.

    Raises
    ------
    UnavailableError
        ``database_unavailable`` when the database cannot be opened for writing.
    UnsupportedError
        ``migration_needed`` where there is no fleet yet and ``schema_too_old`` where an older version made it, when the
        database may not be brought up to date unasked (see ``migrate``); ``schema_too_new`` where a newer one did.
    ConflictError
        ``endpoint_mixed`` when the database is used with another kind of endpoint, ``results_elsewhere`` when it keeps its
        results at another place.

    Examples
    --------
    >>> with amc_fleet.Fleet("memory:", credentials=amc_fleet.Credentials.from_env()) as fleet:
    ...     fleet.sync_instances()
    <SyncReport 2 accounts: 3 added, 0 changed, 0 gone, 0 unreachable>
    """
    def __enter__(self, /) -> Self: ...
    def __exit__(self, /, *exception: object) -> None: ...
    def __new__(
        cls,
        /,
        database: str | os.PathLike[str] | None = None,
        *,
        credentials: Credentials
        | dict[str, Credentials]
        | Callable[[], Credentials | dict[str, Credentials]]
        | None = None,
        owner: str = "default",
        actor: str | None = None,
        worker: bool | Literal["auto"] = ...,
        schedules: bool = False,
        migrate: Literal["auto", "never"] = "auto",
        endpoint: str | None = None,
        results: str | os.PathLike[str] | None = None,
    ) -> Fleet: ...
    def __repr__(self, /) -> str: ...
    def activate_report(self, /, report: Report | str) -> None:
        """
        Lets a report run again.

        Parameters
        ----------
        report : Report or str
            The report, by itself, by its id or by its name.

        Raises
        ------
        NotFoundError
            ``unknown_report``.

        Examples
        --------
        >>> report = fleet.save_report("Monday", workflow="Reach by campaign", window="last 7 days")
        >>> fleet.activate_report("Monday")
        """
    @property
    def actor(self, /) -> str | None:
        """
        The person who acts, kept with what is written.
        """
    def add_account(
        self,
        /,
        account_id: str,
        *,
        marketplace_id: str,
        account_name: str | None = None,
        credential_key: str = "default",
        extra_headers: Mapping[str, str] | None = None,
    ) -> SyncReport:
        """
        Adds an account that AMC does not list for a credential, with all its instances; later syncs include it.

        Parameters
        ----------
        account_id : str
            The entity id of the AMC account (``ENTITY…``).
        marketplace_id : str
            The marketplace of the AMC account.
        account_name : str, optional
            What to call it; its id if not given.
        credential_key : str, default "default"
            The key of the credential that reaches it.
        extra_headers : dict of str to str, optional
            Headers AMC wants for it beyond the usual ones. They are stored as they are: no place for a secret.

        Returns
        -------
        SyncReport
            How many instances were found in it.

        Raises
        ------
        InvalidInputError
            ``unknown_credential`` for a key this fleet does not hold; ``header_unusable``.
        ForbiddenError
            ``account_denied``: the credential may not see the account.

        Examples
        --------
        >>> account = amc.accounts[0]
        >>> name, marketplace = account["accountName"], account["marketplaceId"]
        >>> fleet.add_account(account["accountId"], marketplace_id=marketplace, account_name=name).accounts
        1
        """
    def all_instances(self, /) -> list[Instance]:
        """
        Lists every instance of this owner, by name.

        Returns
        -------
        list of Instance
            The instances; ``unavailable`` says why a query cannot run on one.

        Examples
        --------
        >>> [instance.unavailable for instance in fleet.all_instances()]
        [None, None, None]
        """
    def amc_workflow(self, /, instance: Instance | str, workflow_id: str) -> AmcWorkflow:
        """
        Reads a workflow saved at an instance of AMC.

        Parameters
        ----------
        instance : Instance or str
            The instance, or its id.
        workflow_id : str
            Its name at AMC.

        Returns
        -------
        AmcWorkflow
            The workflow.

        Raises
        ------
        NotFoundError
            ``unknown_instance``, ``workflow_unknown``.

        Examples
        --------
        >>> instance = fleet.instances()[0]
        >>> fleet.create_amc_workflow(instance, "reach", sql_query=sql)
        >>> fleet.amc_workflow(instance, "reach")
        <AmcWorkflow 'reach'>
        """
    def amc_workflows(self, /, instance: Instance | str) -> list[AmcWorkflow]:
        """
        Lists every workflow saved at an instance of AMC. Our own batches never use them.

        Parameters
        ----------
        instance : Instance or str
            The instance, or its id.

        Returns
        -------
        list of AmcWorkflow
            What AMC holds.

        Raises
        ------
        NotFoundError
            ``unknown_instance``.

        Examples
        --------
        >>> fleet.amc_workflows(fleet.instances()[1])
        []
        """
    def apply_retention(self, /, keep_days: SupportsIndex) -> int:
        """
        Deletes batches that ended more than so many days ago, with their executions, events and results.

        Definitions stay, and so do ticks and segments, which say that their run was deleted.

        Parameters
        ----------
        keep_days : int
            How many days are kept.

        Returns
        -------
        int
            How many batches were deleted.

        Examples
        --------
        >>> fleet.apply_retention(400)
        0
        """
    def archive_report(self, /, report: Report | str) -> None:
        """
        Puts a report away: it is found and listed no more, its schedules fire no more, and its runs stay.

        Parameters
        ----------
        report : Report or str
            The report, by itself, by its id or by its name.

        Raises
        ------
        NotFoundError
            ``unknown_report``.

        Examples
        --------
        >>> report = fleet.save_report("Monday", workflow="Reach by campaign", window="last 7 days")
        >>> fleet.archive_report(report)
        """
    def archive_schedule(self, /, schedule: Schedule | str) -> None:
        """
        Puts a schedule away: it is listed no more and fires no more; its runs stay.

        Parameters
        ----------
        schedule : Schedule or str
            The schedule, by itself or by its id.

        Raises
        ------
        NotFoundError
            ``unknown_schedule``.

        Examples
        --------
        >>> report = fleet.save_report("Monday", workflow="Reach by campaign", window="last 7 days")
        >>> schedule = fleet.schedule("Monday", "weekly on Monday at 06:00", timezone="Europe/Berlin")
        >>> fleet.archive_schedule(schedule)
        """
    def archive_workflow(self, /, id_or_name: str) -> None:
        """
        Puts a workflow away: it is found and listed no more, and its batches stay.

        Saving a query under its name brings it back.

        Parameters
        ----------
        id_or_name : str
            ``wf_…``, a UUID, or the name.

        Raises
        ------
        NotFoundError
            ``unknown_workflow``.

        Examples
        --------
        >>> old = fleet.save_workflow("Old", sql=sql)
        >>> fleet.archive_workflow(old.id)
        """
    def as_owner(self, /, owner: str, *, actor: str | None = None) -> Fleet:
        """
        The same fleet as another owner sees it: nothing that one of them writes is read or changed by the other.

        Parameters
        ----------
        owner : str
            Whose things it sees.
        actor : str, optional
            The person, kept with what is written.

        Returns
        -------
        Fleet
            It shares this fleet's database, client and worker, and closing it closes nothing.

        Examples
        --------
        >>> fleet.as_owner("acme", actor="ada").batches()
        []
        """
    def attempts(self, /, execution_id: str) -> list[Attempt]:
        """
        Lists the attempts of an execution, the first first: what was asked of AMC and what it answered.

        Parameters
        ----------
        execution_id : str
            ``exec_…`` or a UUID, as the report of its batch shows it.

        Returns
        -------
        list of Attempt
            The attempts; none where it was not submitted yet.

        Raises
        ------
        NotFoundError
            ``unknown_execution``.

        Examples
        --------
        >>> [attempt.http_status for attempt in fleet.attempts(batch.status().executions[0].execution_id)]
        [200]
        """
    def backfill(
        self,
        /,
        report: Report | str,
        *,
        start: date | str,
        segment_type: Literal["daily", "weekly", "monthly", "quarterly"],
        end: date | str | None = None,
        instances: Iterable[Instance | str] | Mapping[str, str | Iterable[str]] | Literal["all"] | None = None,
        timezone: str | None = None,
        partial: Literal["keep", "drop"] = "keep",
        order: Literal["oldest_first", "newest_first"] = "oldest_first",
        parallelism: SupportsIndex | None = None,
        retries: SupportsIndex | None = None,
        max_days: SupportsIndex | None = None,
    ) -> Backfill:
        """
        Runs the history of a report: each segment once for each instance, behind all other work.

        Asked for again with the same content it is the same backfill, and goes on where it was.

        Parameters
        ----------
        report : Report or str
            The report, by itself, by its id or by its name.
        start : date or str
            The first day.
        segment_type : {"daily", "weekly", "monthly", "quarterly"}
            How long a segment is; weeks begin on Monday.
        end : date or str, optional
            The day after the last; today if not given.
        instances : iterable of Instance or str, mapping, or "all", optional
            What it runs on; what the report says if not given.
        timezone : str, optional
            The zone whose days they are: a name, or ``instance``; the report's if not given.
        partial : {"keep", "drop"}, default "keep"
            What becomes of a first or last segment that the range cuts.
        order : {"oldest_first", "newest_first"}, default "oldest_first"
            Which segments go first; AMC forgets the oldest first.
        parallelism : int, optional
            How many segments run at once; 5 if not given.
        retries : int, optional
            How often a segment that failed is tried again by itself; twice if not given.
        max_days : int, optional
            The most days it may have; 365 if not given.

        Returns
        -------
        Backfill
            Where it stands.

        Raises
        ------
        NotFoundError
            ``unknown_report``.
        ConflictError
            ``report_inactive``.
        InvalidInputError
            ``date_invalid``, ``range_empty``, ``range_in_future``, ``segment_type_unknown``, ``zone_unknown``,
            ``no_instances``.
        TooLargeError
            ``range_too_long``.

        Examples
        --------
        >>> report = fleet.save_report("Monday", workflow="Reach by campaign", window="last 7 days")
        >>> history = fleet.backfill("Monday", start="2025-09-01", end="2025-09-15",
        ...     segment_type="weekly", max_days=10_000)
        >>> history.total
        6
        """
    def backfill_segments(self, /, backfill: Backfill | str) -> list[BackfillSegment]:
        """
        Lists the segments of a backfill and where their data come from, oldest first.

        Parameters
        ----------
        backfill : Backfill or str
            The backfill, by itself or by its id.

        Returns
        -------
        list of BackfillSegment
            One for each segment and instance.

        Raises
        ------
        NotFoundError
            ``unknown_backfill``.

        Examples
        --------
        >>> report = fleet.save_report("Monday", workflow="Reach by campaign", window="last 7 days")
        >>> history = fleet.backfill("Monday", start="2025-09-01", end="2025-09-15",
        ...     segment_type="weekly", max_days=10_000)
        >>> [it.first_day for it in fleet.backfill_segments(history)][::3]
        ['2025-09-01', '2025-09-08']
        """
    def backfill_status(self, /, backfill: Backfill | str) -> Backfill:
        """
        Says where a backfill stands.

        Parameters
        ----------
        backfill : Backfill or str
            The backfill, by itself or by its id.

        Returns
        -------
        Backfill
            Where it stands now.

        Raises
        ------
        NotFoundError
            ``unknown_backfill``.

        Examples
        --------
        >>> report = fleet.save_report("Monday", workflow="Reach by campaign", window="last 7 days")
        >>> history = fleet.backfill("Monday", start="2025-09-01", end="2025-09-15",
        ...     segment_type="weekly", max_days=10_000)
        >>> fleet.backfill_status(history).total
        6
        """
    def backfills(
        self, /, report: Report | str | None = None, *, limit: SupportsIndex | None = None, offset: SupportsIndex = 0
    ) -> list[Backfill]:
        """
        Lists backfills, newest first, of one report or of all.

        Parameters
        ----------
        report : Report or str, optional
            The report; all if not given.
        limit : int, optional
            How many at most; 20 if not given.
        offset : int, default 0
            How many to leave out first.

        Returns
        -------
        list of Backfill
            The backfills.

        Raises
        ------
        NotFoundError
            ``unknown_report``.

        Examples
        --------
        >>> report = fleet.save_report("Monday", workflow="Reach by campaign", window="last 7 days")
        >>> history = fleet.backfill("Monday", start="2025-09-01", end="2025-09-15",
        ...     segment_type="weekly", max_days=10_000)
        >>> len(fleet.backfills("Monday")) > 0
        True
        """
    def batch(self, /, id_or_key: str) -> Batch:
        """
        Finds a batch by either id, or by its key.

        Parameters
        ----------
        id_or_key : str
            ``batch_…``, a UUID, or the key it was run with.

        Returns
        -------
        Batch
            The batch.

        Raises
        ------
        NotFoundError
            ``unknown_batch``.

        Examples
        --------
        >>> fleet.batch(batch.id).name
        'Reach by campaign'
        """
    def batches(
        self,
        /,
        *,
        text: str | None = None,
        instance: str | None = None,
        status: str | None = None,
        created_from: datetime | str | None = None,
        created_before: datetime | str | None = None,
        sort: Literal["newest", "oldest", "name"] = "newest",
        limit: SupportsIndex | None = None,
        offset: SupportsIndex = 0,
    ) -> list[Batch]:
        """
        Lists batches.

        Parameters
        ----------
        text : str, optional
            Only those with this text in their name, description or key, in any case.
        instance : str, optional
            Only those on the instance of this AMC id, among others.
        status : str, optional
            Only those with this status.
        created_from, created_before : datetime or str, optional
            Only those written at or after, and before.
        sort : {"newest", "oldest", "name"}, default "newest"
            In which order.
        limit : int, optional
            How many at most; 20 if not given.
        offset : int, default 0
            How many to leave out first.

        Returns
        -------
        list of Batch
            The batches.

        Raises
        ------
        InvalidInputError
            ``unknown_status``, ``unknown_sort``, ``instant_naive``, ``instant_invalid``.

        Examples
        --------
        >>> [batch.name for batch in fleet.batches(text="reach", limit=1)]
        ['Reach by campaign']
        """
    def cancel_all(self, /) -> CancelReport:
        """
        Cancels everything of this owner that has not ended.

        Returns
        -------
        CancelReport
            What came of it.

        Examples
        --------
        >>> fleet.cancel_all()
        <CancelReport 0 cancelled, 0 finished before, 0 not cancelled>
        """
    def cancel_backfill(self, /, backfill: Backfill | str) -> Backfill:
        """
        Cancels a backfill: nothing more is started, and what runs is cancelled too.

        Parameters
        ----------
        backfill : Backfill or str
            The backfill, by itself or by its id.

        Returns
        -------
        Backfill
            Where it stands.

        Raises
        ------
        NotFoundError
            ``unknown_backfill``.
        ConflictError
            ``backfill_cancelled``.

        Examples
        --------
        >>> report = fleet.save_report("Monday", workflow="Reach by campaign", window="last 7 days")
        >>> history = fleet.backfill("Monday", start="2025-09-01", end="2025-09-15",
        ...     segment_type="weekly", max_days=10_000)
        >>> fleet.cancel_backfill(history).status
        'cancelled'
        """
    def cancel_execution(self, /, execution_id: str) -> CancelReport:
        """
        Cancels one execution; its batch goes on.

        Parameters
        ----------
        execution_id : str
            ``exec_…`` or a UUID, as the report of its batch shows it.

        Returns
        -------
        CancelReport
            What came of it.

        Raises
        ------
        NotFoundError
            ``unknown_execution``.

        Examples
        --------
        >>> fleet.cancel_execution(batch.status().executions[0].execution_id)
        <CancelReport 0 cancelled, 1 finished before, 0 not cancelled>
        """
    def close(self, /) -> None:
        """
        Stops working: what is in hand is finished, the rest is left for the next worker. Nothing is cancelled.

        Examples
        --------
        >>> other = amc_fleet.Fleet("memory:")
        >>> other.close()
        """
    def create_amc_workflow(
        self,
        /,
        instance: Instance | str,
        workflow_id: str,
        *,
        sql_query: str,
        input_parameters: Iterable[Mapping[str, Any]] | None = None,
        options: Mapping[str, Any] | None = None,
    ) -> None:
        """
        Saves a new workflow at an instance of AMC, which compiles it and runs nothing.

        Parameters
        ----------
        instance : Instance or str
            The instance, or its id.
        workflow_id : str
            Its name: letters, digits, ``.``, ``-`` and ``_``.
        sql_query : str
            The query.
        input_parameters : list of dict, optional
            The declarations of its parameters, as AMC writes them.
        options : dict, optional
            Every further field (``outputFormat``, …), sent as it is.

        Raises
        ------
        ConflictError
            ``workflow_exists``.
        InvalidInputError
            ``query_invalid`` and others, with AMC's words.

        Examples
        --------
        >>> instance = fleet.instances()[0]
        >>> fleet.create_amc_workflow(instance, "daily_reach", sql_query=sql)
        """
    @property
    def database(self, /) -> str:
        """
        Where this fleet keeps what it must not forget.
        """
    def dataset(
        self,
        /,
        report: Report | str,
        start: date | str,
        end: date | str,
        *,
        missing: Literal["raise", "include"] = "raise",
        drift: Literal["union", "by_name", "strict"] = "union",
        region: bool = False,
        segment: bool = False,
        execution_id: bool = False,
    ) -> Results:
        """
        One series over the ticks and backfills of a report: of each instance and window the newest run, a mature one
        where there is one, and no day of an instance twice.

        Rows carry ``_segment_start``, ``_segment_end`` and ``_provisional``: whether AMC was asked before the data of
        the window were complete. Of windows that overlap the longer is taken, of equally long ones the newer; windows
        that reach over an end of the range are left out. What was left out, and which days nothing covers, is said in
        ``summary().notes``.

        Parameters
        ----------
        report : Report or str
            The report, by itself, by its id or by its name.
        start : date or str
            The first day.
        end : date or str
            The day after the last.
        missing : {"raise", "include"}, default "raise"
            What to do about windows without a result: refuse, or give what there is.
        drift : {"union", "by_name", "strict"}, default "union"
            What to do when results differ in their columns, as for ``Batch.results``.
        region : bool, default False
            Whether to add ``_region``.
        segment : bool, default False
            Whether to add ``_segment``, the window in days of its zone.
        execution_id : bool, default False
            Whether to add ``_execution_id``.

        Returns
        -------
        Results
            The series, by instance and by time.

        Raises
        ------
        NotFoundError
            ``unknown_report``.
        InvalidInputError
            ``date_invalid``, ``range_empty``, ``schema_drift``.
        IncompleteError
            ``results_incomplete``, naming instances, unless ``missing`` is ``include``.

        Examples
        --------
        >>> report = fleet.save_report("Monday", workflow="Reach by campaign", window="last 7 days")
        >>> history = fleet.backfill("Monday", start="2025-09-01", end="2025-09-15",
        ...     segment_type="weekly", max_days=10_000)
        >>> history = fleet.wait_backfill(history)
        >>> fleet.dataset("Monday", "2025-09-01", "2025-09-15").summary().complete
        '6 of 6'
        """
    def deactivate_report(self, /, report: Report | str) -> None:
        """
        Lets a report run no more; its schedules pass over their ticks meanwhile.

        Parameters
        ----------
        report : Report or str
            The report, by itself, by its id or by its name.

        Raises
        ------
        NotFoundError
            ``unknown_report``.

        Examples
        --------
        >>> report = fleet.save_report("Monday", workflow="Reach by campaign", window="last 7 days")
        >>> fleet.deactivate_report("Monday")
        """
    def delete_amc_workflow(self, /, instance: Instance | str, workflow_id: str) -> None:
        """
        Deletes a workflow saved at an instance of AMC.

        Parameters
        ----------
        instance : Instance or str
            The instance, or its id.
        workflow_id : str
            Its name at AMC.

        Raises
        ------
        NotFoundError
            ``workflow_unknown``.
        InvalidInputError
            While a schedule of AMC's own needs it.

        Examples
        --------
        >>> instance = fleet.instances()[0]
        >>> fleet.create_amc_workflow(instance, "old_reach", sql_query=sql)
        >>> fleet.delete_amc_workflow(instance, "old_reach")
        """
    def delete_batches(self, /, batches: Sequence[Batch | str]) -> int:
        """
        Deletes batches with their executions, events and results.

        Ticks and segments they were for stay and say so.

        Parameters
        ----------
        batches : list of Batch or str
            The batches, by themselves, by id or by key.

        Returns
        -------
        int
            How many were deleted.

        Raises
        ------
        NotFoundError
            ``unknown_batch``; nothing is deleted then.
        ConflictError
            ``batch_running``; nothing is deleted then.

        Examples
        --------
        >>> old = fleet.run_batch(sql=sql, instances="all", window="yesterday").wait()
        >>> fleet.delete_batches([old])
        1
        """
    def deprecate_template(self, /, id_or_name: str, why: str | None = None) -> TemplateVersion:
        """
        Says that a template should be used no more. It stays, and so does what is made of it; its name makes nothing new.

        Parameters
        ----------
        id_or_name : str
            The name, ``tpl_…``, a UUID, or the hash of a version.
        why : str, optional
            Why, and what to use.

        Returns
        -------
        TemplateVersion
            The template as it is now.

        Raises
        ------
        NotFoundError
            ``unknown_template``.

        Examples
        --------
        >>> kept = fleet.save_template(amc_fleet.starter_templates()[0])
        >>> fleet.deprecate_template(kept.id, "use Overlap").deprecation
        'use Overlap'
        >>> fleet.restore_template(kept.id).deprecated_at is None
        True
        """
    def drive(self, /, max_seconds: float | timedelta) -> DriveReport:
        """
        Works for a while, then puts down what it has in hand and says what is left: for hosts that freeze between calls.

        Parameters
        ----------
        max_seconds : float or datetime.timedelta
            How long to work at most; it returns sooner where nothing is left, or nothing before that is over.

        Returns
        -------
        DriveReport
            Whether there is more work, and when something becomes due.

        Raises
        ------
        InvalidInputError
            ``already_working`` for a fleet that works by itself.

        Examples
        --------
        >>> with amc_fleet.Fleet("memory:", credentials=amc_fleet.Credentials.from_env(), worker=False) as idle:
        ...     idle.drive(10).more_work
        False
        """
    def duplicate_report(self, /, report: Report | str, name: str) -> Report:
        """
        Saves a report once more under another name; its schedules and runs stay its own.

        Parameters
        ----------
        report : Report or str
            The report, by itself, by its id or by its name.
        name : str
            The other name.

        Returns
        -------
        Report
            The new one.

        Raises
        ------
        NotFoundError
            ``unknown_report``.
        ConflictError
            ``name_taken``.

        Examples
        --------
        >>> report = fleet.save_report("Monday", workflow="Reach by campaign", window="last 7 days")
        >>> copy = fleet.duplicate_report(report, "Tuesday")
        >>> copy.window
        'last 7 days'
        >>> fleet.archive_report(copy)
        """
    def duplicate_workflow(self, /, workflow: Workflow | str, name: str) -> Workflow:
        """
        Saves a workflow once more under another name.

        Parameters
        ----------
        workflow : Workflow or str
            The workflow, by itself, by its id or by its name.
        name : str
            The other name.

        Returns
        -------
        Workflow
            The new one.

        Raises
        ------
        NotFoundError
            ``unknown_workflow``.
        ConflictError
            ``name_taken``.

        Examples
        --------
        >>> fleet.duplicate_workflow("Reach by campaign", "Reach again").name
        'Reach again'
        >>> fleet.archive_workflow("Reach again")
        """
    def executions(
        self,
        /,
        *,
        text: str | None = None,
        instance: str | None = None,
        status: str | None = None,
        created_from: datetime | str | None = None,
        created_before: datetime | str | None = None,
        sort: Literal["newest", "oldest", "instance"] = "newest",
        limit: SupportsIndex | None = None,
        offset: SupportsIndex = 0,
    ) -> list[ExecutionReport]:
        """
        Lists executions of all batches.

        Parameters
        ----------
        text : str, optional
            Only those with this text in the name of their batch or instance, in AMC's id of it, or in what failed.
        instance : str, optional
            Only those on the instance of this AMC id.
        status : str, optional
            Only those with this status.
        created_from, created_before : datetime or str, optional
            Only those written at or after, and before.
        sort : {"newest", "oldest", "instance"}, default "newest"
            In which order.
        limit : int, optional
            How many at most; 20 if not given.
        offset : int, default 0
            How many to leave out first.

        Returns
        -------
        list of ExecutionReport
            The executions.

        Raises
        ------
        InvalidInputError
            ``unknown_status``, ``unknown_sort``, ``instant_naive``, ``instant_invalid``.

        Examples
        --------
        >>> [execution.status for execution in fleet.executions(text="reach", limit=1)]
        ['completed']
        """
    def export_definitions(self, /) -> dict[str, Any]:
        """
        Gives every workflow and every report with its schedules, as one document.

        Returns
        -------
        dict
            ``format``, ``workflows`` and ``reports``: names instead of ids, without runs and results.

        Examples
        --------
        >>> "Reach by campaign" in [workflow["name"] for workflow in fleet.export_definitions()["workflows"]]
        True
        """
    def export_templates(self, /, folder: str | os.PathLike[str]) -> list[Path]:
        """
        Writes every template that is in use to a file of its own, for git.

        Parameters
        ----------
        folder : str or os.PathLike
            The folder; it is made where it is not there.

        Returns
        -------
        list of pathlib.Path
            The files.

        Raises
        ------
        InvalidInputError
            ``folder_unusable``, ``template_names_alike``.

        Examples
        --------
        >>> kept = fleet.save_template(amc_fleet.starter_templates()[0])
        >>> all(path.suffix == ".sql" for path in fleet.export_templates(folder / "templates"))
        True
        """
    def fire(self, /, schedule: Schedule | str, nominal_at: datetime | str) -> Tick:
        """
        Fires a tick of a schedule now, for a nominal time, whoever keeps the time: Airflow, a Lambda, a queue.

        Its windows are those of the nominal time, however late it is. Fired again for the same time, nothing is written,
        and the tick that was is returned. What the schedule says of overlaps, failures in a row and complete data holds
        here too: a run whose data are not complete is written now and submitted when they are.

        Parameters
        ----------
        schedule : Schedule or str
            The schedule, by itself or by its id.
        nominal_at : datetime or str
            The time it stands for, aware; not in the future.

        Returns
        -------
        Tick
            What became of it.

        Raises
        ------
        NotFoundError
            ``unknown_schedule``, ``unknown_report``.
        InvalidInputError
            ``tick_in_future``, ``instant_invalid``, ``instant_naive``.
        ConflictError
            ``schedule_paused``; ``tick_waits`` while the run before it has not ended and overlaps queue.

        Examples
        --------
        >>> report = fleet.save_report("Monday", workflow="Reach by campaign", window="last 7 days")
        >>> schedule = fleet.schedule("Monday", "weekly on Monday at 06:00", timezone="Europe/Berlin", overlap="allow")
        >>> fleet.fire(schedule, "2025-09-08T06:00:00+02:00").outcome
        'fired'
        """
    def grant_instances(self, /, owner: str, instances: Sequence[Instance | str]) -> int:
        """
        Lets another owner run on instances of this one.

        Parameters
        ----------
        owner : str
            Who may run on them.
        instances : sequence of Instance or str
            The instances, or their ids.

        Returns
        -------
        int
            How many.

        Raises
        ------
        NotFoundError
            ``unknown_instance``.
        ForbiddenError
            ``host_only`` from a fleet that ``as_owner`` gave.

        Examples
        --------
        >>> fleet.grant_instances("acme", fleet.instances()[:1])
        1
        """
    def import_definitions(self, /, document: Mapping[str, Any]) -> dict[str, int]:
        """
        Saves what a document of ``export_definitions`` defines: what has the same name is updated.

        Parameters
        ----------
        document : dict
            The document. All of it is checked before anything is written.

        Returns
        -------
        dict
            How many ``workflows``, ``reports`` and ``schedules`` were written.

        Raises
        ------
        InvalidInputError
            ``definitions_unreadable``, and what is wrong with a query, a window, a zone or an expression.
        NotFoundError
            ``unknown_workflow``.

        Examples
        --------
        >>> fleet.import_definitions(fleet.export_definitions())["schedules"]
        0
        """
    def import_profiles(self, /, table: object) -> int:
        """
        Reads profiles from a table: ``instance_id`` and any of ``label``, ``tags``, ``brands`` (in CSV several are parted
        by ``;``), ``timezone``, ``currency``, ``parameters`` and ``parameters.<name>``.

        A column that is not there leaves what it is about as it is; an empty cell of CSV clears it, a NULL of a data
        frame leaves it.

        Parameters
        ----------
        table : str, os.PathLike, or a data frame
            CSV as a text, a CSV file, or anything that gives Arrow: pandas, polars, pyarrow.

        Returns
        -------
        int
            How many instances it names.

        Raises
        ------
        InvalidInputError
            ``profiles_unreadable`` with the row; nothing is written then.
        NotFoundError
            ``unknown_instance``.

        Examples
        --------
        >>> fleet.import_profiles(f"instance_id,currency\\n{fleet.instances()[0].instance_id},EUR\\n")
        1
        """
    def import_templates(self, /, folder: str | os.PathLike[str]) -> list[TemplateVersion]:
        """
        Keeps every template of a folder: its files that end in ``.sql``. All are read before one is kept.

        Parameters
        ----------
        folder : str or os.PathLike
            The folder.

        Returns
        -------
        list of TemplateVersion
            One for each file.

        Raises
        ------
        InvalidInputError
            ``folder_unusable``, ``template_invalid``, ``declaration_invalid``, each with the file.

        Examples
        --------
        >>> kept = fleet.save_template(amc_fleet.starter_templates()[0])
        >>> written = fleet.export_templates(folder / "templates")
        >>> kept in fleet.import_templates(folder / "templates")
        True
        """
    def instances(self, /) -> list[Instance]:
        """
        Lists the instances a query can run on, by name.

        Sandboxes, unfinished and unreachable instances are left out.

        Returns
        -------
        list of Instance
            The instances.

        Examples
        --------
        >>> len(fleet.instances())
        3
        """
    @property
    def is_working(self, /) -> bool:
        """
        Whether this process works on the fleet's executions.
        """
    def lint(
        self,
        /,
        sql: str,
        data_sources: Iterable[Mapping[str, Any]] | Mapping[str, Any] | None = None,
        declarations: Iterable[Mapping[str, Any]] | Mapping[str, Any] | None = None,
        *,
        instance: Instance | str | None = None,
    ) -> list[Finding]:
        """
        Says what AMC will refuse about a query, or may read in another way, without asking it.

        Parameters
        ----------
        sql : str
            The query.
        data_sources : list of dict, optional
            The tables there are, as AMC's ``dataSources`` gives them.
        declarations : list of dict or dict, optional
            What the parameters are.
        instance : Instance or str, optional
            The instance whose tables are meant, as it listed them at the last sync. With neither this nor
            ``data_sources`` no table and no column is unknown.

        Returns
        -------
        list of Finding
            In the order of the text.

        Examples
        --------
        >>> [finding.code for finding in fleet.lint("SELECT user_id FROM t GROUP BY 1")]
        ['raw_user_id']
        """
    @staticmethod
    def migrate(database: str | os.PathLike[str] | None = None) -> None:
        """
        Brings a database to the form this version works with, while nobody works on it.

        Opening does so by itself but for a PostgreSQL database that holds tables already: other programs may be at work
        there.

        Parameters
        ----------
        database : str or os.PathLike, optional
            As for ``Fleet``.

        Raises
        ------
        UnavailableError
            ``database_unavailable`` when it cannot be reached, or opened for writing.
        UnsupportedError
            ``schema_too_new`` when it is past this version.

        Examples
        --------
        >>> amc_fleet.Fleet.migrate(folder / "shared.db")
        """
    def next_runs(self, /, schedule: Schedule | str, count: SupportsIndex = 5) -> list[datetime]:
        """
        Lists the next nominal times of a schedule.

        Parameters
        ----------
        schedule : Schedule or str
            The schedule, by itself or by its id.
        count : int, default 5
            How many.

        Returns
        -------
        list of datetime
            In order, each aware and in UTC.

        Raises
        ------
        NotFoundError
            ``unknown_schedule``.
        TooLargeError
            ``too_many_runs``.

        Examples
        --------
        >>> report = fleet.save_report("Monday", workflow="Reach by campaign", window="last 7 days")
        >>> schedule = fleet.schedule("Monday", "weekly on Monday at 06:00", timezone="Europe/Berlin")
        >>> fleet.next_runs(schedule, 1) == [schedule.next_run_at]
        True
        """
    def overdue(self, /) -> list[Overdue]:
        """
        Lists what should have run by now and did not, the longest due first.

        Returns
        -------
        list of Overdue
            Nobody runs schedules, or a run before it has not ended.

        Examples
        --------
        >>> fleet.overdue()
        []
        """
    @property
    def owner(self, /) -> str:
        """
        Whose things this fleet sees.
        """
    def pause(self, /, schedule: Schedule | str, note: str | None = None) -> None:
        """
        Pauses a schedule: it fires no more until it is resumed.

        Parameters
        ----------
        schedule : Schedule or str
            The schedule, by itself or by its id.
        note : str, optional
            Why.

        Raises
        ------
        NotFoundError
            ``unknown_schedule``.

        Examples
        --------
        >>> report = fleet.save_report("Monday", workflow="Reach by campaign", window="last 7 days")
        >>> schedule = fleet.schedule("Monday", "weekly on Monday at 06:00", timezone="Europe/Berlin")
        >>> fleet.pause(schedule, "holidays")
        """
    def pause_backfill(self, /, backfill: Backfill | str) -> Backfill:
        """
        Pauses a backfill: what runs is finished, nothing more is started.

        Parameters
        ----------
        backfill : Backfill or str
            The backfill, by itself or by its id.

        Returns
        -------
        Backfill
            Where it stands.

        Raises
        ------
        NotFoundError
            ``unknown_backfill``.
        ConflictError
            ``backfill_cancelled``.

        Examples
        --------
        >>> report = fleet.save_report("Monday", workflow="Reach by campaign", window="last 7 days")
        >>> history = fleet.backfill("Monday", start="2025-09-01", end="2025-09-15",
        ...     segment_type="weekly", max_days=10_000)
        >>> fleet.pause_backfill(history).status
        'paused'
        """
    def plan(
        self,
        /,
        workflow: Workflow | str | None = None,
        *,
        sql: str | None = None,
        instances: Iterable[Instance | str] | Mapping[str, str | Iterable[str]] | Literal["all"],
        window: str | None = None,
        timezone: str | None = None,
        parameters: Mapping[str, Any] | None = None,
        instance_parameters: Mapping[str, Mapping[str, Any]] | None = None,
        key: str | None = None,
        on_unavailable: Literal["refuse", "skip"] = "refuse",
        priority: Literal["interactive", "scheduled", "backfill"] = "interactive",
        deadline: float | timedelta | None = None,
        check: Literal["first", "none"] = "first",
        name: str | None = None,
        declarations: Iterable[Mapping[str, Any]] | Mapping[str, Any] | None = None,
        prefer_native: bool = False,
        literal_dialect: Literal["standard", "backslash_escapes", "refuse"] = "standard",
        freshness: Literal["flag", "move", "refuse", "wait"] = "flag",
        maturity: Literal["flag", "move", "refuse", "wait"] = "flag",
    ) -> PlanReport:
        """
        Says what a batch would come to: its runs, the slots they take, how long it takes by what earlier runs took, and
        which earlier runs read the same. Nothing is written and AMC hears nothing.

        Parameters
        ----------
        workflow, sql, instances, window, timezone, parameters, instance_parameters, on_unavailable, name
            As for ``run_batch``. So are the rest, which change nothing of a plan.

        Returns
        -------
        PlanReport
            What it would come to.

        Raises
        ------
        InvalidInputError, NotFoundError, ForbiddenError
            What ``run_batch`` refuses before it asks AMC.

        Examples
        --------
        >>> plan = fleet.plan("Reach by campaign", instances="all", window="last 30 days")
        >>> plan.runs, plan.slots, plan.data_sources
        (3, 3, ['dsp_impressions'])
        """
    def plan_backfill(
        self,
        /,
        report: Report | str,
        *,
        start: date | str,
        segment_type: Literal["daily", "weekly", "monthly", "quarterly"],
        end: date | str | None = None,
        instances: Iterable[Instance | str] | Mapping[str, str | Iterable[str]] | Literal["all"] | None = None,
        timezone: str | None = None,
        partial: Literal["keep", "drop"] = "keep",
        order: Literal["oldest_first", "newest_first"] = "oldest_first",
        parallelism: SupportsIndex | None = None,
        retries: SupportsIndex | None = None,
        max_days: SupportsIndex | None = None,
    ) -> BackfillPlan:
        """
        Says what a backfill would do, and writes nothing.

        Parameters
        ----------
        report : Report or str
            The report, by itself, by its id or by its name.
        start : date or str
            The first day.
        segment_type : {"daily", "weekly", "monthly", "quarterly"}
            How long a segment is; weeks begin on Monday.
        end : date or str, optional
            The day after the last; today if not given.
        instances : iterable of Instance or str, mapping, or "all", optional
            What it runs on; what the report says if not given.
        timezone : str, optional
            The zone whose days they are: a name, or ``instance``; the report's if not given.
        partial : {"keep", "drop"}, default "keep"
            What becomes of a first or last segment that the range cuts.
        order : {"oldest_first", "newest_first"}, default "oldest_first"
            Which segments go first; AMC forgets the oldest first.
        parallelism : int, optional
            How many segments run at once; 5 if not given.
        retries : int, optional
            How often a segment that failed is tried again by itself; twice if not given.
        max_days : int, optional
            The most days it may have; 365 if not given.

        Returns
        -------
        BackfillPlan
            Its segments, its runs, and how long it takes.

        Raises
        ------
        NotFoundError
            ``unknown_report``.
        ConflictError
            ``report_inactive``.
        InvalidInputError
            ``date_invalid``, ``range_empty``, ``range_in_future``, ``segment_type_unknown``, ``zone_unknown``,
            ``no_instances``.
        TooLargeError
            ``range_too_long``.

        Examples
        --------
        >>> report = fleet.save_report("Monday", workflow="Reach by campaign", window="last 7 days")
        >>> fleet.plan_backfill("Monday", start="2025-09-01", end="2025-09-15",
        ...     segment_type="weekly", max_days=10_000)
        <BackfillPlan 2 segments, 6 runs>
        """
    def preview(
        self,
        /,
        workflow: Workflow | str | None = None,
        parameters: Mapping[str, Any] | None = None,
        window: str | None = None,
        *,
        sql: str | None = None,
        instances: Iterable[Instance | str] | Mapping[str, str | Iterable[str]] | Literal["all"] | None = None,
        timezone: str | None = None,
        instance_parameters: Mapping[str, Mapping[str, Any]] | None = None,
        declarations: Iterable[Mapping[str, Any]] | Mapping[str, Any] | None = None,
        prefer_native: bool = False,
        literal_dialect: Literal["standard", "backslash_escapes", "refuse"] = "standard",
        freshness: Literal["flag", "move", "refuse", "wait"] = "flag",
        maturity: Literal["flag", "move", "refuse", "wait"] = "flag",
    ) -> Preview:
        """
        Shows what a batch would run, exactly, and what is said about it. Nothing is written and AMC hears nothing.

        Parameters
        ----------
        workflow : Workflow or str, optional
            The workflow, or its id or name; or give ``sql``.
        parameters : dict, optional
            Values for all instances.
        window : str, optional
            Which days to read; the workflow's own if not given.
        sql : str, optional
            The query, without a workflow.
        instances : iterable of Instance or str, mapping, or "all", optional
            What it would run on; every available instance if not given.
        timezone : str, optional
            The zone of the window: a name, or ``"instance"`` for each instance's own; UTC if not given.
        instance_parameters : dict of str to dict, optional
            Values by instance id, over the shared ones.
        declarations : list of dict or dict, optional
            What the parameters are; what is not declared is what its value says it is.
        prefer_native : bool, default False
            Whether ``{{name}}`` becomes ``CUSTOM_PARAMETER('name')`` where AMC can take the value.
        literal_dialect : {"standard", "backslash_escapes", "refuse"}, default "standard"
            What AMC is believed to take a backslash in a string for.
        freshness : {"flag", "move", "refuse", "wait"}, default "flag"
            What to do when the window ends within the last 48 hours, whose events AMC may lack.
        maturity : {"flag", "move", "refuse", "wait"}, default "flag"
            The same for conversions, which are attributed for 14 days.

        Returns
        -------
        Preview
            The exact query, window and values of each instance, and what is said about them.

        Raises
        ------
        InvalidInputError
            As ``run_batch``.

        Examples
        --------
        >>> preview = fleet.preview(sql="SELECT COUNT({{x}}) AS n FROM t", parameters={"x": "a"}, window="last 30 days")
        >>> preview.runs[0].sql
        "SELECT COUNT('a') AS n FROM t"
        """
    def report(self, /, report: Report | str) -> Report:
        """
        Finds a report by either id, or by name.

        Parameters
        ----------
        report : Report or str
            The report, by itself, by its id or by its name.

        Returns
        -------
        Report
            The report.

        Raises
        ------
        NotFoundError
            ``unknown_report``.

        Examples
        --------
        >>> report = fleet.save_report("Monday", workflow="Reach by campaign", window="last 7 days")
        >>> fleet.report("Monday") == report
        True
        """
    def report_history(self, /, report: Report | str, *, since: datetime | str | None = None) -> dict[str, Any]:
        """
        Says what became of the runs of a report over time.

        Parameters
        ----------
        report : Report or str
            The report, by itself, by its id or by its name.
        since : datetime or str, optional
            Only runs written since; all if not given.

        Returns
        -------
        dict
            As ``workflow_history``.

        Raises
        ------
        NotFoundError
            ``unknown_report``.

        Examples
        --------
        >>> report = fleet.save_report("Monday", workflow="Reach by campaign", window="last 7 days")
        >>> fleet.report_history(report)["run_count"] >= 0
        True
        """
    def report_runs(
        self, /, report: Report | str, *, limit: SupportsIndex | None = None, offset: SupportsIndex = 0
    ) -> list[Batch]:
        """
        Lists the runs of a report, newest first.

        Parameters
        ----------
        report : Report or str
            The report, by itself, by its id or by its name.
        limit : int, optional
            How many at most; 20 if not given.
        offset : int, default 0
            How many to leave out first.

        Returns
        -------
        list of Batch
            The runs.

        Raises
        ------
        NotFoundError
            ``unknown_report``.

        Examples
        --------
        >>> report = fleet.save_report("Monday", workflow="Reach by campaign", window="last 7 days")
        >>> isinstance(fleet.report_runs("Monday"), list)
        True
        """
    def reports(
        self,
        /,
        *,
        text: str | None = None,
        is_active: bool | None = None,
        limit: SupportsIndex | None = None,
        offset: SupportsIndex = 0,
    ) -> list[ReportOverview]:
        """
        Lists reports by name, each with what became of its runs.

        Parameters
        ----------
        text : str, optional
            Only those with this text in their name or description.
        is_active : bool, optional
            Only those that may run, or may not.
        limit : int, optional
            How many at most; 20 if not given.
        offset : int, default 0
            How many to leave out first.

        Returns
        -------
        list of ReportOverview
            The reports.

        Examples
        --------
        >>> report = fleet.save_report("Monday", workflow="Reach by campaign", window="last 7 days")
        >>> fleet.reports(text="mon")[0].report.name
        'Monday'
        """
    def restore_template(self, /, id_or_name: str) -> TemplateVersion:
        """
        Says that a template may be used again.

        Parameters
        ----------
        id_or_name : str
            The name, ``tpl_…``, a UUID, or the hash of a version.

        Returns
        -------
        TemplateVersion
            The template as it is now.

        Raises
        ------
        NotFoundError
            ``unknown_template``.

        Examples
        --------
        >>> kept = fleet.save_template(amc_fleet.starter_templates()[0])
        >>> fleet.restore_template(kept.id).deprecated_at is None
        True
        """
    def resume(self, /, schedule: Schedule | str) -> None:
        """
        Resumes a paused schedule.

        What it missed is made up as its catch-up policy says.

        Parameters
        ----------
        schedule : Schedule or str
            The schedule, by itself or by its id.

        Raises
        ------
        NotFoundError
            ``unknown_schedule``.

        Examples
        --------
        >>> report = fleet.save_report("Monday", workflow="Reach by campaign", window="last 7 days")
        >>> schedule = fleet.schedule("Monday", "weekly on Monday at 06:00", timezone="Europe/Berlin")
        >>> fleet.resume(schedule)
        """
    def resume_backfill(self, /, backfill: Backfill | str) -> Backfill:
        """
        Goes on with a paused backfill.

        Parameters
        ----------
        backfill : Backfill or str
            The backfill, by itself or by its id.

        Returns
        -------
        Backfill
            Where it stands.

        Raises
        ------
        NotFoundError
            ``unknown_backfill``.
        ConflictError
            ``backfill_cancelled``.

        Examples
        --------
        >>> report = fleet.save_report("Monday", workflow="Reach by campaign", window="last 7 days")
        >>> history = fleet.backfill("Monday", start="2025-09-01", end="2025-09-15",
        ...     segment_type="weekly", max_days=10_000)
        >>> fleet.resume_backfill(history).total
        6
        """
    def retry_backfill(self, /, backfill: Backfill | str) -> Backfill:
        """
        Tries the segments of a backfill again that failed, and only those.

        Parameters
        ----------
        backfill : Backfill or str
            The backfill, by itself or by its id.

        Returns
        -------
        Backfill
            Where it stands.

        Raises
        ------
        NotFoundError
            ``unknown_backfill``.

        Examples
        --------
        >>> report = fleet.save_report("Monday", workflow="Reach by campaign", window="last 7 days")
        >>> history = fleet.backfill("Monday", start="2025-09-01", end="2025-09-15",
        ...     segment_type="weekly", max_days=10_000)
        >>> fleet.retry_backfill(history).total
        6
        """
    def revoke_instances(self, /, owner: str, instances: Sequence[Instance | str]) -> int:
        """
        Takes back what ``grant_instances`` gave, with what that owner said about the instances.

        What runs there already goes on.

        Parameters
        ----------
        owner : str
            Who may run on them no more.
        instances : sequence of Instance or str
            The instances, or their ids.

        Returns
        -------
        int
            How many.

        Examples
        --------
        >>> fleet.revoke_instances("acme", fleet.instances()[:1])
        1
        """
    def run_batch(
        self,
        /,
        workflow: Workflow | str | None = None,
        *,
        sql: str | None = None,
        instances: Iterable[Instance | str] | Mapping[str, str | Iterable[str]] | Literal["all"],
        window: str | None = None,
        timezone: str | None = None,
        parameters: Mapping[str, Any] | None = None,
        instance_parameters: Mapping[str, Mapping[str, Any]] | None = None,
        key: str | None = None,
        on_unavailable: Literal["refuse", "skip"] = "refuse",
        priority: Literal["interactive", "scheduled", "backfill"] = "interactive",
        deadline: float | timedelta | None = None,
        check: Literal["first", "none"] = "first",
        name: str | None = None,
        declarations: Iterable[Mapping[str, Any]] | Mapping[str, Any] | None = None,
        prefer_native: bool = False,
        literal_dialect: Literal["standard", "backslash_escapes", "refuse"] = "standard",
        freshness: Literal["flag", "move", "refuse", "wait"] = "flag",
        maturity: Literal["flag", "move", "refuse", "wait"] = "flag",
        reuse: bool = False,
    ) -> Batch:
        """
        Runs one query on many instances: checks everything, writes what shall run, and returns at once.

        Nothing is written and nothing runs when anything is wrong.

        Parameters
        ----------
        workflow : Workflow or str, optional
            The workflow, or its id or name; or give ``sql``.
        sql : str, optional
            The query, for a batch without a workflow.
        instances : iterable of Instance or str, mapping, or "all"
            What it runs on: instances, their ids, every available one, or those that a selector asks for: a mapping of
            ``ids``, ``tags``, ``brand``, ``region``, ``account`` or ``type`` to a text or several.
        window : str, optional
            Which days to read, for example ``"last 30 days"``; the workflow's own if not given.
        timezone : str, optional
            The zone of the window: a name, or ``"instance"`` for each instance's own; UTC if not given.
        parameters : dict, optional
            Values for all instances.
        instance_parameters : dict of str to dict, optional
            Values by instance id, over the shared ones.
        key : str, optional
            The same key with the same content gives the same batch, however often it is asked for.
        on_unavailable : {"refuse", "skip"}, default "refuse"
            What to do about a named instance that cannot run a query.
        priority : {"interactive", "scheduled", "backfill"}, default "interactive"
            Which work goes first when places are scarce.
        deadline : float or datetime.timedelta, optional
            How long the whole may take, in seconds; what is not finished by then fails alone.
        check : {"first", "none"}, default "first"
            What is checked before anything is written: AMC compiles the query once for each set of tables that the
            instances have, or nothing more than what is known here.
        name : str, optional
            Its name; the workflow's if not given.
        declarations : list of dict or dict, optional
            What the parameters are; what is not declared is what its value says it is.
        prefer_native : bool, default False
            Whether ``{{name}}`` becomes ``CUSTOM_PARAMETER('name')`` where AMC can take the value.
        literal_dialect : {"standard", "backslash_escapes", "refuse"}, default "standard"
            What AMC is believed to take a backslash in a string for.
        freshness : {"flag", "move", "refuse", "wait"}, default "flag"
            What to do when the window ends within the last 48 hours, whose events AMC may lack.
        maturity : {"flag", "move", "refuse", "wait"}, default "flag"
            The same for conversions, which are attributed for 14 days.
        reuse : bool, default False
            Whether an instance may be served with the result of an earlier or a running execution that asks AMC the same:
            query, parameters, window, zone, options, and data as mature. Its ``reuse_of`` and ``age_seconds`` say so.

        Returns
        -------
        Batch
            The batch. Dropping it stops nothing.

        Raises
        ------
        InvalidInputError
            ``window_missing``, ``no_instances``, ``duplicate_instance``, ``sql_unreadable``, parameter errors,
            ``data_source_missing``, ``amc_rejected`` with its place, …
        NotFoundError
            ``unknown_workflow`` or ``unknown_instance``.
        ForbiddenError
            ``instance_unavailable``.
        ConflictError
            ``key_conflict``: the key names a batch with other content.

        Examples
        --------
        >>> batch = fleet.run_batch("Reach by campaign", instances=fleet.instances(), window="last 30 days")
        >>> batch.wait().status().status
        'completed'
        """
    def run_report(
        self,
        /,
        report: Report | str,
        *,
        instances: Iterable[Instance | str] | Mapping[str, str | Iterable[str]] | Literal["all"] | None = None,
        window: str | None = None,
        parameters: Mapping[str, Any] | None = None,
        key: str | None = None,
        triggered_by: Literal["manual", "api"] = "manual",
        reuse: bool = False,
    ) -> Batch:
        """
        Runs a report now; clients that are gone or cannot run a query are left out and named in ``skipped``.

        Parameters
        ----------
        report : Report or str
            The report, by itself, by its id or by its name.
        instances : iterable of Instance or str, mapping, or "all", optional
            What it runs on; what the report says if not given.
        window : str, optional
            The window; the report's if not given.
        parameters : dict, optional
            Values over those of the report.
        key : str, optional
            The same key with the same content gives the same run.
        triggered_by : {"manual", "api"}, default "manual"
            What asks for it: a person, or another program.
        reuse : bool, default False
            Whether it may take results of runs that ask AMC the same, as in ``run_batch``.

        Returns
        -------
        Batch
            The run.

        Raises
        ------
        NotFoundError
            ``unknown_report``.
        ConflictError
            ``report_inactive``.
        InvalidInputError
            As for ``run_batch``.

        Examples
        --------
        >>> report = fleet.save_report("Monday", workflow="Reach by campaign", window="last 7 days")
        >>> fleet.run_report("Monday").wait().status().status
        'completed'
        """
    def run_schedules(self, /) -> int:
        """
        Fires every tick that is due at this moment, once: for hosts that keep time themselves.

        ``schedules=True`` of ``Fleet`` does so all the time.

        Returns
        -------
        int
            How many ticks were written.

        Examples
        --------
        >>> fleet.run_schedules()
        0
        """
    def save_as_template(
        self,
        /,
        workflow: Workflow | str,
        name: str | None = None,
        *,
        category: str = ...,
        tags: SupportsGetItem[int, str] = ...,
        description: str | None = None,
        columns: Mapping[str, str] | None = None,
        note: str | None = None,
    ) -> TemplateVersion:
        """
        Keeps a workflow as a template: its query, its window, and its parameters with the workflow's values as defaults.

        Parameters
        ----------
        workflow : Workflow or str
            The workflow, its id or its name.
        name : str, optional
            The name of the template; the workflow's if not given.
        category : str, default ""
            What it is about.
        tags : list of str, optional
            Words to find it by.
        description : str, optional
            What it answers; the workflow's own if not given.
        columns : dict, optional
            The role of columns by name: dimension, additive, ratio, distinct_count; those the query tells if not given.
        note : str, optional
            What changed, for people.

        Returns
        -------
        TemplateVersion
            The version that has this content.

        Raises
        ------
        InvalidInputError
            ``template_invalid`` with line and column, ``declaration_invalid``.
        NotFoundError
            ``unknown_workflow``.

        Examples
        --------
        >>> fleet.save_as_template("Reach by campaign", category="reach").template["sql"] == sql
        True
        """
    def save_report(
        self,
        /,
        name: str,
        *,
        workflow: Workflow | str | None = None,
        sql: str | None = None,
        instances: Iterable[Instance | str] | Mapping[str, str | Iterable[str]] | Literal["all"] | None = None,
        window: str | None = None,
        timezone: str = "UTC",
        parameters: Mapping[str, Any] | None = None,
        instance_parameters: Mapping[str, Mapping[str, Any]] | None = None,
        description: str | None = None,
        is_active: bool = True,
    ) -> Report:
        """
        Saves a report by name; one of the same name is updated and keeps its id.

        Parameters
        ----------
        name : str
            Its name.
        workflow : Workflow or str, optional
            Its workflow, by itself, by its id or by its name; or give ``sql``.
        sql : str, optional
            Its own query.
        instances : iterable of Instance or str, mapping, or "all", optional
            What it runs on, worked out anew at each run; all if not given.
        window : str, optional
            The window; the workflow's own if not given.
        timezone : str, default "UTC"
            The zone of the window: a name, or ``instance`` for each instance's own.
        parameters : dict, optional
            Values for all instances.
        instance_parameters : dict, optional
            Values by instance id.
        description : str, optional
            What it is for.
        is_active : bool, default True
            Whether it may run.

        Returns
        -------
        Report
            The report as saved.

        Raises
        ------
        InvalidInputError
            ``report_unnamed``, ``no_query``, ``sql_unreadable`` with line and column, ``window_missing``,
            ``window_invalid``, ``zone_unknown``.

        Examples
        --------
        >>> fleet.save_report("Monday", workflow="Reach by campaign", window="last 7 days").name
        'Monday'
        """
    def save_template(self, /, template: Mapping[str, Any], note: str | None = None) -> TemplateVersion:
        """
        Keeps a template under its name: as its next version, or as the version that has this content already.

        Parameters
        ----------
        template : dict
            The template, as ``starter_templates`` and ``read_template`` give it.
        note : str, optional
            What changed, for people.

        Returns
        -------
        TemplateVersion
            The version that has this content.

        Raises
        ------
        InvalidInputError
            ``template_invalid`` with line and column, ``declaration_invalid``, ``window_invalid``.

        Examples
        --------
        >>> fleet.save_template({"name": "Rows", "sql": "SELECT COUNT(*) AS n FROM dsp_impressions"}).number
        1
        """
    def save_workflow(
        self,
        /,
        name: str,
        *,
        sql: str,
        description: str | None = None,
        window: str | None = None,
        parameters: Mapping[str, Any] | None = None,
        amc_options: Mapping[str, Any] | None = None,
        declarations: Iterable[Mapping[str, Any]] | Mapping[str, Any] | None = None,
    ) -> Workflow:
        """
        Saves a query by name; one of the same name is updated and keeps its id.

        Parameters
        ----------
        name : str
            Its name.
        sql : str
            The query.
        description : str, optional
            What it is for.
        window : str, optional
            The window of batches that name none.
        parameters : dict, optional
            Values for parameters that a batch does not give.
        amc_options : dict, optional
            Fields AMC takes beside the query, sent as they are.
        declarations : list of dict or dict, optional
            What the parameters are; what is not declared is what its value says it is.

        Returns
        -------
        Workflow
            The workflow as saved.

        Raises
        ------
        InvalidInputError
            ``sql_unreadable`` with line and column, ``window_invalid``, ``workflow_unnamed``.

        Examples
        --------
        >>> fleet.save_workflow("Reach by campaign", sql=sql).name
        'Reach by campaign'
        """
    def schedule(
        self,
        /,
        report: Report | str,
        expression: str,
        *,
        timezone: str | None = None,
        window_timezone: str | None = None,
        parameters: Mapping[str, Any] | None = None,
        catch_up: Literal["none", "last", "all"] | None = None,
        catch_up_window: float | timedelta | None = None,
        overlap: Literal["skip", "queue", "allow"] | None = None,
        freshness: Literal["wait", "immediate"] | None = None,
        jitter: float | timedelta | None = None,
        pause_after_failures: SupportsIndex | None = None,
        reuse: bool = True,
    ) -> Schedule:
        """
        Lets a report run by itself.

        Its first tick is the next one after now.

        Parameters
        ----------
        report : Report or str
            The report, by itself, by its id or by its name.
        expression : str
            When it fires: five fields of cron (``"0 6 * * MON"``), or words such as ``"daily at 06:30"`` and
            ``"monthly on last"``.
        timezone : str, optional
            The zone in whose local time it fires; the report's if not given.
        window_timezone : str, optional
            The zone of the windows: a name, or ``instance``; the report's if not given.
        parameters : dict, optional
            Values over those of the report.
        catch_up : {"none", "last", "all"}, optional
            What becomes of ticks that nobody was there to fire; the last fires if not given.
        catch_up_window : float or timedelta, optional
            How far back ticks are made up; 31 days if not given.
        overlap : {"skip", "queue", "allow"}, optional
            What a tick does while the run before it has not ended; it waits if not given.
        freshness : {"wait", "immediate"}, optional
            Whether a tick waits until the data of its window are complete, 48 hours after its end; it does if not
            given.
        jitter : float or timedelta, optional
            Ticks fire up to so much later, each by its own amount.
        pause_after_failures : int, optional
            After so many failures in a row it pauses itself.
        reuse : bool, default True
            Whether its runs may take results of runs that ask AMC the same, as in ``run_batch``.

        Returns
        -------
        Schedule
            The schedule.

        Raises
        ------
        NotFoundError
            ``unknown_report``.
        InvalidInputError
            ``cron_invalid`` with its column, ``cron_never``, ``zone_unknown``, ``unknown_catch_up``,
            ``unknown_overlap``, ``unknown_freshness``.

        Examples
        --------
        >>> report = fleet.save_report("Monday", workflow="Reach by campaign", window="last 7 days")
        >>> schedule = fleet.schedule("Monday", "weekly on Monday at 06:00", timezone="Europe/Berlin")
        >>> schedule.says
        'At 06:00, on Monday.'
        """
    def schedules(
        self, /, report: Report | str | None = None, *, limit: SupportsIndex | None = None, offset: SupportsIndex = 0
    ) -> list[Schedule]:
        """
        Lists schedules, oldest first, of one report or of all.

        Parameters
        ----------
        report : Report or str, optional
            The report; all if not given.
        limit : int, optional
            How many at most; 20 if not given.
        offset : int, default 0
            How many to leave out first.

        Returns
        -------
        list of Schedule
            The schedules.

        Raises
        ------
        NotFoundError
            ``unknown_report``.

        Examples
        --------
        >>> report = fleet.save_report("Monday", workflow="Reach by campaign", window="last 7 days")
        >>> schedule = fleet.schedule("Monday", "weekly on Monday at 06:00", timezone="Europe/Berlin")
        >>> schedule in fleet.schedules("Monday")
        True
        """
    def sync_instances(self, /) -> SyncReport:
        """
        Reads every account and instance the credentials see.

        Returns
        -------
        SyncReport
            How many were found.

        Raises
        ------
        UnavailableError
            ``amc_unreachable`` when AMC does not answer.
        UnauthorizedError
            When AMC does not accept a credential.

        Examples
        --------
        >>> fleet.sync_instances()
        <SyncReport 2 accounts: 0 added, 0 changed, 0 gone, 0 unreachable>
        """
    def template(self, /, id_or_name: str) -> TemplateVersion:
        """
        Finds a template by its name or id, in its newest version; or the version whose content has this hash.

        Parameters
        ----------
        id_or_name : str
            The name, ``tpl_…``, a UUID, or the hash of a version.

        Returns
        -------
        TemplateVersion
            The version.

        Raises
        ------
        NotFoundError
            ``unknown_template``.

        Examples
        --------
        >>> kept = fleet.save_template(amc_fleet.starter_templates()[0])
        >>> fleet.template(kept.content_hash) == kept
        True
        """
    def template_usage(self, /, id_or_name: str) -> TemplateUsage:
        """
        Counts what was made of a template: of all its versions, or of one that is named by its hash.

        Parameters
        ----------
        id_or_name : str
            The name, ``tpl_…``, a UUID, or the hash of a version.

        Returns
        -------
        TemplateUsage
            Workflows, their batches, and what became of the executions.

        Raises
        ------
        NotFoundError
            ``unknown_template``.

        Examples
        --------
        >>> kept = fleet.save_template(amc_fleet.starter_templates()[0])
        >>> fleet.template_usage(kept.id).executions
        0
        """
    def template_versions(self, /, id_or_name: str) -> list[TemplateVersion]:
        """
        Lists all versions of a template, the newest first.

        Parameters
        ----------
        id_or_name : str
            The name, ``tpl_…``, a UUID, or the hash of a version.

        Returns
        -------
        list of TemplateVersion
            The versions; compare two by ``diff_templates(one.template, other.template)``.

        Raises
        ------
        NotFoundError
            ``unknown_template``.

        Examples
        --------
        >>> kept = fleet.save_template(amc_fleet.starter_templates()[0])
        >>> [version.number for version in fleet.template_versions(kept.id)]
        [1]
        """
    def templates(
        self,
        /,
        text: str | None = None,
        *,
        category: str | None = None,
        tag: str | None = None,
        deprecated: bool = False,
    ) -> list[TemplateVersion]:
        """
        Lists kept templates by name, each in its newest version.

        Parameters
        ----------
        text : str, optional
            Words that all stand in the name, category, tags or description.
        category : str, optional
            Only those of this category.
        tag : str, optional
            Only those with this tag.
        deprecated : bool, default False
            Also those that should be used no more.

        Returns
        -------
        list of TemplateVersion
            The templates.

        Examples
        --------
        >>> kept = fleet.save_template(amc_fleet.starter_templates()[0])
        >>> kept in fleet.templates(category=kept.template["category"])
        True
        """
    def ticks(self, /, schedule: Schedule | str, *, limit: SupportsIndex = 20) -> list[Tick]:
        """
        Lists the ticks of a schedule that were, newest first.

        Parameters
        ----------
        schedule : Schedule or str
            The schedule, by itself or by its id.
        limit : int, default 20
            How many at most.

        Returns
        -------
        list of Tick
            The ticks.

        Raises
        ------
        NotFoundError
            ``unknown_schedule``.

        Examples
        --------
        >>> report = fleet.save_report("Monday", workflow="Reach by campaign", window="last 7 days")
        >>> schedule = fleet.schedule("Monday", "weekly on Monday at 06:00", timezone="Europe/Berlin")
        >>> fleet.ticks(schedule)
        []
        """
    def trace(self, /, execution_id: str) -> dict[str, Any]:
        """
        Walks from an execution back to what asked for it.

        What is missing on the way is a warning, no error.

        Parameters
        ----------
        execution_id : str
            ``exec_…`` or a UUID.

        Returns
        -------
        dict
            Its attempts, AMC's run, the query as it was sent, parameters, window, batch, schedule and nominal time or
            backfill, report, and ``warnings``.

        Raises
        ------
        NotFoundError
            ``unknown_execution``.

        Examples
        --------
        >>> execution = batch.status().executions[0]
        >>> fleet.trace(execution.execution_id)["triggered_by"]
        'manual'
        """
    def trace_file(self, /, path: str | PathLike[str]) -> dict[str, Any]:
        """
        Says what a file is made of that was once written from results of this fleet: it is known by its content.

        Parameters
        ----------
        path : str or os.PathLike
            The file, wherever it is now and whatever its name.

        Returns
        -------
        dict
            ``sha256``, ``path`` and ``written_at`` of the file as it was written, and its ``manifest``.

        Raises
        ------
        NotFoundError
            ``unknown_file``: it was not written from here, or was changed since.

        Examples
        --------
        >>> written = results.write(folder / "reach.csv")
        >>> fleet.trace_file(written.path)["manifest"]["complete"]
        '3 of 3'
        """
    def unfinished(self, /) -> int:
        """
        Counts the executions that are not finished.

        Returns
        -------
        int
            How many the next fleet opened here goes on with.

        Examples
        --------
        >>> fleet.unfinished()
        0
        """
    def update_amc_workflow(
        self,
        /,
        instance: Instance | str,
        workflow_id: str,
        *,
        sql_query: str,
        input_parameters: Iterable[Mapping[str, Any]] | None = None,
        options: Mapping[str, Any] | None = None,
    ) -> None:
        """
        Replaces a workflow saved at an instance of AMC, all its fields.

        Parameters
        ----------
        instance, workflow_id, sql_query, input_parameters, options
            As for ``create_amc_workflow``.

        Raises
        ------
        NotFoundError
            ``workflow_unknown``.
        InvalidInputError
            ``query_invalid`` and others, with AMC's words.

        Examples
        --------
        >>> instance = fleet.instances()[0]
        >>> fleet.create_amc_workflow(instance, "weekly_reach", sql_query=sql)
        >>> fleet.update_amc_workflow(instance, "weekly_reach", sql_query=sql)
        """
    def update_instance(
        self,
        /,
        instance: Instance | str,
        *,
        label: str | None = None,
        tags: Sequence[str] | None = None,
        brands: Sequence[str] | None = None,
        timezone: str | None = None,
        currency: str | None = None,
        parameters: Mapping[str, Any] | None = None,
    ) -> Instance:
        """
        Says something about an instance. Syncs keep it, and other owners never see it.

        What is not given stays; what is empty is cleared.

        Parameters
        ----------
        instance : Instance or str
            The instance, or its id.
        label : str, optional
            What to call it.
        tags, brands : sequence of str, optional
            Words to select it by, and the brands its data are about.
        timezone : str, optional
            The zone in which its days begin.
        currency : str, optional
            The currency of its amounts, by its ISO 4217 code.
        parameters : dict, optional
            Values of parameters that differ by instance, for queries that have them.

        Returns
        -------
        Instance
            The instance as it is now.

        Raises
        ------
        NotFoundError
            ``unknown_instance``.
        InvalidInputError
            ``zone_unknown``, ``currency_unknown``.

        Examples
        --------
        >>> fleet.update_instance(fleet.instances()[0], label="Nova", tags=["dach"]).label
        'Nova'
        """
    def use_template(self, /, template: Mapping[str, Any] | str | TemplateVersion, name: str | None = None) -> Workflow:
        """
        Saves a workflow that is made of a template, and stays with its version whatever becomes of the template.

        Parameters
        ----------
        template : dict or str or TemplateVersion
            The template, which is then kept; or a kept one, by itself, by its name, its id or the hash of a version.
        name : str, optional
            The name of the workflow; the template's if not given.

        Returns
        -------
        Workflow
            The workflow as saved, its parameters declared.

        Raises
        ------
        InvalidInputError
            ``template_invalid`` with line and column, ``template_deprecated``.
        NotFoundError
            ``unknown_template``.

        Examples
        --------
        >>> template = amc_fleet.starter_templates()[0]
        >>> fleet.use_template(template).name == template["name"]
        True
        >>> fleet.archive_workflow(template["name"])
        """
    def verify(self, /) -> list[Broken]:
        """
        Lists what is kept and cannot be true: counts, references, results. It reads everything of this owner.

        Returns
        -------
        list of Broken
            By code; none where all is well.

        Examples
        --------
        >>> fleet.verify()
        []
        """
    def wait_backfill(self, /, backfill: Backfill | str, *, timeout: float | timedelta | None = None) -> Backfill:
        """
        Waits until nothing of a backfill is left to do, but for provisional segments; it goes on either way.

        Parameters
        ----------
        backfill : Backfill or str
            The backfill, by itself or by its id.
        timeout : float or timedelta, optional
            How long to wait at most; without end if not given.

        Returns
        -------
        Backfill
            Where it stands.

        Raises
        ------
        NotFoundError
            ``unknown_backfill``.
        RemoteTimeoutError
            ``wait_timed_out``.

        Examples
        --------
        >>> report = fleet.save_report("Monday", workflow="Reach by campaign", window="last 7 days")
        >>> history = fleet.backfill("Monday", start="2025-09-01", end="2025-09-15",
        ...     segment_type="weekly", max_days=10_000)
        >>> fleet.wait_backfill(history).status
        'completed'
        """
    def workflow(self, /, id_or_name: str) -> Workflow:
        """
        Finds a workflow by either id, or by name.

        Parameters
        ----------
        id_or_name : str
            ``wf_…``, a UUID, or the name.

        Returns
        -------
        Workflow
            The workflow.

        Raises
        ------
        NotFoundError
            ``unknown_workflow``.

        Examples
        --------
        >>> fleet.workflow("Reach by campaign").sql == sql
        True
        """
    def workflow_history(self, /, workflow: Workflow | str, *, since: datetime | str | None = None) -> dict[str, Any]:
        """
        Says what became of the batches of a workflow over time.

        Parameters
        ----------
        workflow : Workflow or str
            The workflow, by itself, by its id or by its name.
        since : datetime or str, optional
            Only batches written since; all if not given.

        Returns
        -------
        dict
            ``run_count``, ``completed_count``, ``failed_count``, ``success_rate``, ``average_seconds``, ``p95_seconds``,
            and a ``timeline`` of days.

        Raises
        ------
        NotFoundError
            ``unknown_workflow``.

        Examples
        --------
        >>> fleet.workflow_history("Reach by campaign")["success_rate"]
        1.0
        """
    def workflows(
        self,
        /,
        *,
        text: str | None = None,
        instance: str | None = None,
        updated_from: datetime | str | None = None,
        updated_before: datetime | str | None = None,
        sort: Literal["name", "newest", "oldest"] = "name",
        limit: SupportsIndex | None = None,
        offset: SupportsIndex = 0,
    ) -> list[Workflow]:
        """
        Lists workflows.

        Parameters
        ----------
        text : str, optional
            Only those with this text in their name, description or query, in any case.
        instance : str, optional
            Only those that ran, or are to run, on the instance of this AMC id.
        updated_from, updated_before : datetime or str, optional
            Only those last changed at or after, and before.
        sort : {"name", "newest", "oldest"}, default "name"
            In which order; the newest is the last changed.
        limit : int, optional
            How many at most; 20 if not given.
        offset : int, default 0
            How many to leave out first.

        Returns
        -------
        list of Workflow
            The workflows.

        Raises
        ------
        InvalidInputError
            ``unknown_sort``, ``instant_naive``, ``instant_invalid``.

        Examples
        --------
        >>> [workflow.name for workflow in fleet.workflows(text="reach")]
        ['Reach by campaign']
        """

@final
class Hours:
    """
    An estimate in hours: with a probability of about 80 % the truth lies between.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __repr__(self, /) -> str: ...
    @property
    def from_runs(self, /) -> int:
        """
        Of how many earlier runs it is drawn.
        """
    @property
    def high(self, /) -> float:
        """
        The upper end.
        """
    @property
    def low(self, /) -> float:
        """
        The lower end.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        Returns the same as plain dicts, lists, strings, numbers and datetimes.

        Returns
        -------
        dict
            One entry for each attribute.

        Examples
        --------
        >>> hours.to_dict()["from_runs"]
        6
        """

@final
class Inferred:
    """
    A parameter found in a query.
    """
    def __repr__(self, /) -> str: ...
    @property
    def column(self, /) -> int:
        """
        The column of its first mention, from 1.
        """
    @property
    def line(self, /) -> int:
        """
        The line of its first mention, from 1.
        """
    @property
    def list(self, /) -> bool:
        """
        Whether its value is a list.
        """
    @property
    def name(self, /) -> str:
        """
        Its name.
        """
    @property
    def native(self, /) -> bool:
        """
        Whether AMC takes the value itself: it is mentioned in ``CUSTOM_PARAMETER('name')``.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        Returns the same as plain dicts, lists, strings, numbers and datetimes.

        Returns
        -------
        dict
            One entry for each attribute.

        Examples
        --------
        >>> amc_fleet.infer_parameters("SELECT {{days}}")[0].to_dict()["type"]
        'integer'
        """
    @property
    def type(self, /) -> str:
        """
        What its value is, or each element of its list.
        """

@final
class Instance:
    """
    An AMC instance.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __repr__(self, /) -> str: ...
    @property
    def access(self, /) -> str:
        """
        ``ok``, ``denied`` or ``unreachable``.
        """
    @property
    def account_id(self, /) -> str:
        """
        The AMC account it is in.
        """
    @property
    def account_name(self, /) -> str:
        """
        The account's name.
        """
    @property
    def brands(self, /) -> list[str]:
        """
        The brands its data are about.
        """
    @property
    def creation_status(self, /) -> str:
        """
        AMC's word on whether it is ready.
        """
    @property
    def currency(self, /) -> str | None:
        """
        The currency of its amounts.
        """
    @property
    def customer_name(self, /) -> str:
        """
        The advertiser it is for.
        """
    @property
    def data_sources(self, /) -> list[str] | None:
        """
        The tables a query may read there; None where AMC was never asked.
        """
    @property
    def id(self, /) -> str:
        """
        Our own id, unique even where two accounts list the same instance.
        """
    @property
    def instance_id(self, /) -> str:
        """
        AMC's id (``amc…``).
        """
    @property
    def instance_type(self, /) -> str:
        """
        ``STANDARD``, ``SANDBOX``, …
        """
    @property
    def label(self, /) -> str | None:
        """
        What its owner calls it.
        """
    @property
    def marketplace_id(self, /) -> str:
        """
        The account's marketplace.
        """
    @property
    def name(self, /) -> str:
        """
        Its name.
        """
    @property
    def parameters(self, /) -> dict[str, Any]:
        """
        Values of parameters that differ by instance.
        """
    @property
    def region(self, /) -> str:
        """
        The account's region.
        """
    @property
    def tags(self, /) -> list[str]:
        """
        Words to select it by.
        """
    @property
    def timezone(self, /) -> str:
        """
        Its time zone, its account's where it has none of its own.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        Returns the same as plain dicts, lists, strings, numbers and datetimes.

        Returns
        -------
        dict
            One entry for each attribute.

        Examples
        --------
        >>> fleet.instances()[0].to_dict()["access"]
        'ok'
        """
    @property
    def unavailable(self, /) -> str | None:
        """
        Why no query can run on it; None when one can.
        """

@final
class InstanceResult:
    """
    The part of one instance in a merged result.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __repr__(self, /) -> str: ...
    @property
    def age_seconds(self, /) -> float | None:
        """
        How old its data were when the batch was asked for, in seconds, where it was not run for it.
        """
    @property
    def amc_execution_id(self, /) -> str | None:
        """
        AMC's id of the run.
        """
    @property
    def completed_at(self, /) -> datetime:
        """
        When its rows were complete.
        """
    @property
    def duration_seconds(self, /) -> float | None:
        """
        Seconds from its first submit to its end.
        """
    @property
    def execution_id(self, /) -> str:
        """
        Our id of the execution (``exec_…``).
        """
    @property
    def instance_id(self, /) -> str:
        """
        AMC's id of the instance.
        """
    @property
    def instance_name(self, /) -> str:
        """
        Its name.
        """
    @property
    def marked_rows(self, /) -> int | None:
        """
        How many of its rows AMC marked as suppressed; ``None`` where it was not asked to mark them.
        """
    @property
    def region(self, /) -> str:
        """
        The region of its account.
        """
    @property
    def reuse_of(self, /) -> str | None:
        """
        Whose result this is (``exec_…``), where it was not run for this batch.
        """
    @property
    def row_count(self, /) -> int:
        """
        Its rows.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        Returns the same as plain dicts, lists, strings, numbers and datetimes.

        Returns
        -------
        dict
            One entry for each attribute.

        Examples
        --------
        >>> results.summary().instances[0].to_dict()["row_count"]
        20
        """
    @property
    def verdict(self, /) -> str:
        """
        ``rows``; ``suppressed`` when some are under AMC's thresholds; without rows ``empty``, ``no_data_yet`` when AMC may
        lack events of the window, or ``unknown``: AMC was not asked to keep what is under its thresholds.
        """

@final
class MissingDataSource:
    """
    A table that an instance does not have.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __repr__(self, /) -> str: ...
    @property
    def data_source(self, /) -> str:
        """
        The table.
        """
    @property
    def instance_id(self, /) -> str:
        """
        AMC's id of the instance.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        Returns the same as plain dicts, lists, strings, numbers and datetimes.

        Returns
        -------
        dict
            One entry for each attribute.

        Examples
        --------
        >>> missing.to_dict()["data_source"]
        'uploaded_orders'
        """

@final
class Overdue:
    """
    A tick that should have fired and did not.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __repr__(self, /) -> str: ...
    @property
    def due_at(self, /) -> datetime:
        """
        When it should have fired.
        """
    @property
    def late_seconds(self, /) -> int:
        """
        How many seconds ago that is.
        """
    @property
    def nominal_at(self, /) -> datetime:
        """
        The time it stands for.
        """
    @property
    def report_name(self, /) -> str:
        """
        The name of its report.
        """
    @property
    def schedule(self, /) -> Schedule:
        """
        Its schedule.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        Returns the same as plain dicts, lists, strings, numbers and datetimes.

        Returns
        -------
        dict
            One entry for each attribute.

        Examples
        --------
        >>> [overdue.to_dict()["report_name"] for overdue in fleet.overdue()]
        []
        """

@final
class Overlap:
    """
    Earlier runs that read the same days of a table of an instance.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __repr__(self, /) -> str: ...
    @property
    def data_source(self, /) -> str:
        """
        The table.
        """
    @property
    def instance_id(self, /) -> str:
        """
        AMC's id of the instance.
        """
    @property
    def runs(self, /) -> int:
        """
        How many runs.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        Returns the same as plain dicts, lists, strings, numbers and datetimes.

        Returns
        -------
        dict
            One entry for each attribute.

        Examples
        --------
        >>> overlap.to_dict()["data_source"]
        'wide'
        """
    @property
    def window_end(self, /) -> datetime:
        """
        The first instant after all that they read.
        """
    @property
    def window_start(self, /) -> datetime:
        """
        The first instant that one of them read.
        """

@final
class ParameterSchema:
    """
    Declarations for forms and for other programs.
    """
    def __repr__(self, /) -> str: ...
    @property
    def json_schema(self, /) -> dict[str, Any]:
        """
        A JSON Schema of the values.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        Returns the same as plain dicts, lists, strings, numbers and datetimes.

        Returns
        -------
        dict
            One entry for each attribute.

        Examples
        --------
        >>> amc_fleet.parameter_schema({"days": "lookback_days"}).to_dict()["json_schema"]["type"]
        'object'
        """
    @property
    def ui_schema(self, /) -> dict[str, Any]:
        """
        What a form shows: ``fields``, each with its control, label, options, default and help.
        """

@final
class PlanReport:
    """
    What a batch would come to. Printed, it says so in a few lines.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __repr__(self, /) -> str: ...
    @property
    def data_sources(self, /) -> list[str]:
        """
        The tables that the query reads.
        """
    @property
    def expected_hours(self, /) -> Hours | None:
        """
        How long the whole takes, estimated from earlier runs; None where there were too few.
        """
    @property
    def instances(self, /) -> list[PlannedRun]:
        """
        Each run.
        """
    @property
    def missing_data_sources(self, /) -> list[MissingDataSource]:
        """
        Tables that an instance does not have and another has.
        """
    @property
    def name(self, /) -> str:
        """
        The batch's name.
        """
    @property
    def overlaps(self, /) -> list[Overlap]:
        """
        Earlier runs that read the same days of the same tables of an instance.
        """
    @property
    def runs(self, /) -> int:
        """
        How many runs it takes, one an instance.
        """
    @property
    def skipped(self, /) -> list[Skipped]:
        """
        What would be left out.
        """
    @property
    def slot_hours(self, /) -> Hours | None:
        """
        How long all runs take together, one after another.
        """
    @property
    def slots(self, /) -> int:
        """
        How many of them may be at AMC at once.
        """
    @property
    def summary(self, /) -> str:
        """
        The whole in a few lines.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        Returns the same as plain dicts, lists, strings, numbers and datetimes.

        Returns
        -------
        dict
            One entry for each attribute.

        Examples
        --------
        >>> fleet.plan(workflow, instances="all", window="last 30 days").to_dict()["runs"]
        3
        """
    @property
    def window_label(self, /) -> str:
        """
        The window in words.
        """

@final
class PlannedRun:
    """
    A run of a plan.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __repr__(self, /) -> str: ...
    @property
    def instance_id(self, /) -> str:
        """
        AMC's id of the instance.
        """
    @property
    def instance_name(self, /) -> str:
        """
        The instance's name.
        """
    @property
    def parameters(self, /) -> dict[str, Any]:
        """
        The values of its parameters.
        """
    @property
    def region(self, /) -> str:
        """
        The region of its account.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        Returns the same as plain dicts, lists, strings, numbers and datetimes.

        Returns
        -------
        dict
            One entry for each attribute.

        Examples
        --------
        >>> plan = fleet.plan(workflow, instances="all", window="last 30 days")
        >>> plan.instances[0].to_dict()["region"]
        'EU'
        """
    @property
    def window_end(self, /) -> datetime:
        """
        The first instant after its window.
        """
    @property
    def window_start(self, /) -> datetime:
        """
        The first instant of its window.
        """

@final
class Preview:
    """
    What a batch would run.
    """
    def __repr__(self, /) -> str: ...
    @property
    def findings(self, /) -> list[Finding]:
        """
        What is said about the query, its values and its windows.
        """
    @property
    def runs(self, /) -> list[PreviewedRun]:
        """
        What each instance would run.
        """
    @property
    def skipped(self, /) -> list[Skipped]:
        """
        What was asked for and would be left out.
        """
    @property
    def title(self, /) -> str:
        """
        Its name with its window: ``Reach · 1–30 Sep 2025``.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        Returns the same as plain dicts, lists, strings, numbers and datetimes.

        Returns
        -------
        dict
            One entry for each attribute.

        Examples
        --------
        >>> len(fleet.preview(sql="SELECT 1 AS n", window="last 30 days").to_dict()["runs"]) > 0
        True
        """

@final
class PreviewedRun:
    """
    What one instance would run.
    """
    def __repr__(self, /) -> str: ...
    @property
    def input_parameters(self, /) -> list[Any]:
        """
        AMC's ``inputParameters``.
        """
    @property
    def instance_id(self, /) -> str | None:
        """
        AMC's id of the instance; None where the fleet knows no instances yet.
        """
    @property
    def instance_name(self, /) -> str | None:
        """
        Its name.
        """
    @property
    def parameter_values(self, /) -> dict[str, Any]:
        """
        AMC's ``parameterValues``: the values that are not written into the query.
        """
    @property
    def parameters(self, /) -> dict[str, Any]:
        """
        The values of all parameters.
        """
    @property
    def sql(self, /) -> str:
        """
        The query exactly as AMC would get it.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        Returns the same as plain dicts, lists, strings, numbers and datetimes.

        Returns
        -------
        dict
            One entry for each attribute.

        Examples
        --------
        >>> fleet.preview(sql="SELECT 1 AS n", window="last 30 days").runs[0].to_dict()["sql"]
        'SELECT 1 AS n'
        """
    @property
    def window(self, /) -> ResolvedWindow:
        """
        The exact window.
        """

@final
class Rendered:
    """
    A query with its parameters filled in.
    """
    def __repr__(self, /) -> str: ...
    @property
    def findings(self, /) -> list[Finding]:
        """
        What may surprise: values whose effect depends on how AMC reads them.
        """
    @property
    def input_parameters(self, /) -> list[Any]:
        """
        AMC's ``inputParameters``: one dict for every ``CUSTOM_PARAMETER``.
        """
    @property
    def parameter_values(self, /) -> dict[str, Any]:
        """
        AMC's ``parameterValues``.
        """
    @property
    def sql(self, /) -> str:
        """
        The query, with no ``{{name}}`` outside its comments.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        Returns the same as plain dicts, lists, strings, numbers and datetimes.

        Returns
        -------
        dict
            One entry for each attribute.

        Examples
        --------
        >>> amc_fleet.render("SELECT {{x}}", {"x": 1}).to_dict()["sql"]
        'SELECT 1'
        """

@final
class Report:
    """
    A query on instances over a window that moves with the day, by name.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __repr__(self, /) -> str: ...
    @property
    def created_at(self, /) -> datetime:
        """
        When it was first saved.
        """
    @property
    def description(self, /) -> str | None:
        """
        What it is for.
        """
    @property
    def id(self, /) -> str:
        """
        Our id (``rpt_…``).
        """
    @property
    def instance_parameters(self, /) -> Any:
        """
        Parameter values by instance id.
        """
    @property
    def instances(self, /) -> Any:
        """
        What it runs on, worked out anew at each run: ``"all"``, or ``{"ids": […]}``.
        """
    @property
    def is_active(self, /) -> bool:
        """
        Whether it may run.
        """
    @property
    def name(self, /) -> str:
        """
        Its name, unique for the owner.
        """
    @property
    def parameters(self, /) -> Any:
        """
        Parameter values for all instances.
        """
    @property
    def sql(self, /) -> str | None:
        """
        Its own query.
        """
    @property
    def timezone(self, /) -> str:
        """
        The zone of the window; ``instance`` for each instance's own.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        Returns the same as plain dicts, lists, strings, numbers and datetimes.

        Returns
        -------
        dict
            One entry for each attribute.

        Examples
        --------
        >>> report = fleet.save_report("Monday", workflow="Reach by campaign", window="last 7 days")
        >>> report.to_dict()["name"]
        'Monday'
        """
    @property
    def updated_at(self, /) -> datetime:
        """
        When it was last changed.
        """
    @property
    def window(self, /) -> str:
        """
        The window, as an expression.
        """
    @property
    def workflow_id(self, /) -> str | None:
        """
        Its workflow (``wf_…``), unless it has a query of its own.
        """

@final
class ReportOverview:
    """
    A report and what became of its runs.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __repr__(self, /) -> str: ...
    @property
    def completed_count(self, /) -> int:
        """
        Runs of which every instance completed.
        """
    @property
    def failed_count(self, /) -> int:
        """
        Runs of which some instance, or all, did not complete.
        """
    @property
    def last_run_at(self, /) -> datetime | None:
        """
        When its last run was written.
        """
    @property
    def last_status(self, /) -> str | None:
        """
        Where its last run stands.
        """
    @property
    def next_run_at(self, /) -> datetime | None:
        """
        The next nominal time of its schedules.
        """
    @property
    def report(self, /) -> Report:
        """
        The report.
        """
    @property
    def run_count(self, /) -> int:
        """
        How often it ran.
        """
    @property
    def success_rate(self, /) -> float | None:
        """
        The share of ended runs that completed.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        Returns the same as plain dicts, lists, strings, numbers and datetimes.

        Returns
        -------
        dict
            One entry for each attribute.

        Examples
        --------
        >>> report = fleet.save_report("Monday", workflow="Reach by campaign", window="last 7 days")
        >>> fleet.reports(text="mon")[0].to_dict()["report"]["name"]
        'Monday'
        """

@final
class ResolvedWindow:
    """
    A window expression at one moment in one zone.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __repr__(self, /) -> str: ...
    @property
    def end(self, /) -> str:
        """
        The moment after the last, likewise.
        """
    @property
    def end_utc(self, /) -> datetime:
        """
        The moment after the last.
        """
    @property
    def findings(self, /) -> list[Finding]:
        """
        What may surprise about it.
        """
    @property
    def name(self, /) -> str:
        """
        The span for people: ``1–30 Sep 2025``.
        """
    @property
    def start(self, /) -> str:
        """
        The first moment, in local time of the zone and in AMC's form.
        """
    @property
    def start_utc(self, /) -> datetime:
        """
        The first moment.
        """
    @property
    def timezone(self, /) -> str:
        """
        The zone.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        Returns the same as plain dicts, lists, strings, numbers and datetimes.

        Returns
        -------
        dict
            One entry for each attribute.

        Examples
        --------
        >>> amc_fleet.resolve_window("yesterday", "2025-10-01").to_dict()["name"]
        '30 Sep 2025'
        """

@final
class ResultSummary:
    """
    What a merged result is made of and what it lacks.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __repr__(self, /) -> str: ...
    @property
    def batch_id(self, /) -> str:
        """
        The batch (``batch_…``).
        """
    @property
    def complete(self, /) -> str:
        """
        ``118 of 120``: instances with rows here, of all that were asked for.
        """
    @property
    def instances(self, /) -> list[InstanceResult]:
        """
        The instances with a result.
        """
    @property
    def missing(self, /) -> list[str]:
        """
        Instances without a result, by AMC id.
        """
    @property
    def name(self, /) -> str:
        """
        Its name.
        """
    @property
    def notes(self, /) -> list[str]:
        """
        What to know before numbers of several instances are put together.
        """
    @property
    def summary(self, /) -> str:
        """
        The whole in one line.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        Returns the same as plain dicts, lists, strings, numbers and datetimes.

        Returns
        -------
        dict
            One entry for each attribute.

        Examples
        --------
        >>> results.summary().to_dict()["complete"]
        '3 of 3'
        """
    @property
    def total_rows(self, /) -> int:
        """
        Rows in all.
        """
    @property
    def widenings(self, /) -> list[Widening]:
        """
        Columns whose type differed between instances.
        """
    @property
    def window(self, /) -> str:
        """
        The window in words.
        """

@final
class Results:
    """
    The merged result of a batch: one table over all instances, ``_instance_id`` and ``_instance_name`` first.

    Rows are read when they are asked for, a bounded batch at a time. Any library that takes the Arrow PyCapsule
    interface takes it as it is: ``polars.DataFrame(results)``, ``pyarrow.table(results)``, DuckDB.

    Examples
    --------
    >>> import polars
    >>> polars.DataFrame(results).columns[:2]
    ['_instance_id', '_instance_name']
    """
    def __arrow_c_stream__(self, /, requested_schema: object | None = None) -> object:
        """
        Exports all rows as an Arrow C stream, fresh each time.
        """
    def __len__(self, /) -> int: ...
    def __repr__(self, /) -> str: ...
    def _repr_html_(self, /) -> str: ...
    def across_instances(self, /, by: Iterable[str], columns: Mapping[str, Role]) -> Results:
        """
        Rolls one column up into a table with a column for each instance.

        Parameters
        ----------
        by : Iterable[str]
            The columns that are grouped by: the rows of the table.
        columns : Mapping[str, Role]
            The one column, and what it means. A count of distinct users is its lower bound.

        Returns
        -------
        Results
            The columns grouped by, then one column an instance, named by AMC's id of it.

        Raises
        ------
        InvalidInputError
            As for ``roll_up``; ``one_column``.

        Examples
        --------
        >>> table = results.across_instances(by=["campaign"], columns={"reach": amc_fleet.distinct()})
        >>> len(table.columns)
        4
        """
    @property
    def columns(self, /) -> list[str]:
        """
        The names of the columns.
        """
    def compare(self, /, after: Results, by: Iterable[str], columns: Mapping[str, Role] | None = None) -> Results:
        """
        Compares with later results: what keys are new, lost, changed or the same, and by how much.

        Two executions are compared by ``of_instances``, two batches as they are.

        Parameters
        ----------
        after : Results
            The later results.
        by : Iterable[str]
            The keys: both are rolled up by them first.
        columns : Mapping[str, Role], optional
            What is compared; what the query itself says where absent.

        Returns
        -------
        Results
            The keys, ``_change``, and of every column ``<name>_before``, ``<name>_after``, ``<name>_difference`` and
            ``<name>_relative``; bounds of distinct users without the last two.

        Raises
        ------
        InvalidInputError
            As for ``roll_up``; ``not_comparable`` when the keys have other types.

        Examples
        --------
        >>> first, second, *_ = (results.of_instances([instance.instance_id]) for instance in fleet.instances())
        >>> first.compare(second, by=["campaign"], columns={"reach": amc_fleet.distinct()}).columns
        ['campaign', '_change', 'reach_at_least_before', 'reach_at_least_after', 'reach_at_most_before', 'reach_at_most_after']
        """
    def filter(self, /, *conditions: tuple[str, str] | tuple[str, str, object]) -> Results:
        """
        Gives the rows that meet conditions, as results like any other.

        Parameters
        ----------
        *conditions : tuple
            A column, a comparison and a value each; a row must meet all of them. Comparisons are ``=``, ``!=``, ``<``,
            ``<=``, ``>``, ``>=``, ``in``, ``not in`` (with a list), ``contains``, ``starts with`` (of texts), ``is null`` and
            ``is not null`` (without a value). NULL meets none but ``is null``.

        Returns
        -------
        Results
            They can be paged, written, rolled up and filtered again; the note in their summary says what was left out.

        Raises
        ------
        InvalidInputError
            ``unknown_column``, ``not_comparable`` when a value does not fit its column, ``filter_unreadable``.

        Examples
        --------
        >>> few = results.filter(("reach", ">=", 0), ("_instance_id", "in", [fleet.instances()[0].instance_id]))
        >>> len(few)
        20
        """
    def head(self, /, rows: SupportsIndex = 10) -> Rows:
        """
        Reads the first rows.

        Parameters
        ----------
        rows : int, default 10
            How many at most.

        Returns
        -------
        Rows
            The rows: prints as a table, and any Arrow library takes it.

        Examples
        --------
        >>> len(results.head(5))
        5
        """
    def of_instances(self, /, instance_ids: Iterable[str]) -> Results:
        """
        Takes the rows of some instances alone.

        Parameters
        ----------
        instance_ids : Iterable[str]
            AMC's ids of the instances.

        Returns
        -------
        Results
            Their rows.

        Raises
        ------
        NotFoundError
            ``unknown_instance`` when one has no result here.

        Examples
        --------
        >>> len(results.of_instances([fleet.instances()[0].instance_id]))
        20
        """
    def page(self, /, offset: SupportsIndex, rows: SupportsIndex = 100) -> Rows:
        """
        Reads a page of the rows.

        Parameters
        ----------
        offset : int
            How many rows to leave out first.
        rows : int, default 100
            How many at most.

        Returns
        -------
        Rows
            The rows, in the order of the whole; none behind its end.

        Examples
        --------
        >>> len(results.page(50, rows=20))
        10
        """
    def ranking(self, /, column: str, by: Iterable[str], columns: Mapping[str, Role] | None = None) -> Results:
        """
        Rolls the rows up and ranks them by one column, the largest first.

        Parameters
        ----------
        column : str
            The column of the roll-up.
        by : Iterable[str]
            The columns that are grouped by: ``["_instance_id"]`` ranks instances.
        columns : Mapping[str, Role], optional
            What becomes of other columns; what the query itself says where absent.

        Returns
        -------
        Results
            ``_rank``, then the columns of the roll-up. Equal values share a rank, NULL has none.

        Raises
        ------
        InvalidInputError
            As for ``roll_up``.

        Examples
        --------
        >>> ranking = results.ranking("reach_at_least", by=["_instance_id"], columns={"reach": amc_fleet.distinct()})
        >>> ranking.columns[:2], len(ranking)
        (['_rank', '_instance_id'], 3)
        """
    def roll_up(
        self, /, by: Iterable[str], columns: Mapping[str, Role] | None = None, *, suppressed: str | None = None
    ) -> Results:
        """
        Rolls the rows up by what each column means: few rows instead of many.

        Counts of distinct users are never added up: they come as ``<name>_at_least`` and ``<name>_at_most``; the second
        is NULL, with the reason in its metadata, when rows or instances are missing.

        Parameters
        ----------
        by : Iterable[str]
            The columns that are grouped by.
        columns : Mapping[str, Role], optional
            What becomes of other columns; what the query itself says where absent.
        suppressed : str, optional
            The column that marks rows with suppressed values, where the query's options do not name it.

        Returns
        -------
        Results
            A table like any other: it says what it lacks, and can be written, read and rolled up on.

        Raises
        ------
        InvalidInputError
            ``not_additive``, ``mixed_currencies``, ``role_unknown``, ``unknown_column``, ``not_a_number``.

        Examples
        --------
        >>> rolled = results.roll_up(by=["_instance_id"], columns={"reach": amc_fleet.distinct()})
        >>> rolled.columns
        ['_instance_id', 'reach_at_least', 'reach_at_most', '_instances', '_rows']
        """
    def sort(self, /, by: Iterable[str], *, descending: bool = False, limit: SupportsIndex | None = None) -> Results:
        """
        Puts the rows in order.

        Parameters
        ----------
        by : Iterable[str]
            The columns, the first counting most. NULL comes last; equal rows stay as they were.
        descending : bool, default False
            From large to small.
        limit : int, optional
            Only the first so many rows, for which memory holds little more than those.

        Returns
        -------
        Results
            A table like any other.

        Raises
        ------
        InvalidInputError
            ``unknown_column``, ``not_a_number`` when a column has no order, ``too_many_rows`` without a limit.

        Examples
        --------
        >>> len(results.sort(["reach"], descending=True, limit=5))
        5
        """
    def stream(
        self,
        /,
        format: Literal["csv", "json_lines", "parquet", "arrow", "arrow_stream", "xlsx"] = "csv",
        *,
        byte_order_mark: bool = False,
        spreadsheet_safe: bool = False,
    ) -> Chunks:
        """
        Gives the bytes of a file of every row as they become ready: for a web server's answer, or a writer.

        Parameters
        ----------
        format : {"csv", "json_lines", "parquet", "arrow", "arrow_stream", "xlsx"}, default "csv"
            The format.
        byte_order_mark : bool, default False
            Begin CSV with a byte order mark, by which some spreadsheets know UTF-8.
        spreadsheet_safe : bool, default False
            Put an apostrophe before texts of CSV that a spreadsheet would take for a formula.

        Returns
        -------
        Chunks
            An iterator of ``bytes``, fresh each time.

        Raises
        ------
        InvalidInputError
            ``unknown_format``, ``csv_only``, ``too_many_rows`` for a workbook.

        Examples
        --------
        >>> b"".join(results.stream("csv"))[:13]
        b'_instance_id,'
        """
    def summary(self, /) -> ResultSummary:
        """
        Says what it is made of and what it lacks.

        Returns
        -------
        ResultSummary
            Rows, instances, missing instances, widened columns.

        Examples
        --------
        >>> results.summary().complete
        '3 of 3'
        """
    def to_arrow(self, /) -> pyarrow.Table:
        """
        Makes a pyarrow Table of all rows.

        Returns
        -------
        pyarrow.Table
            Every row. Pyarrow must be installed.

        Examples
        --------
        >>> results.to_arrow().num_rows == len(results)
        True
        """
    def to_pandas(self, /) -> pandas.DataFrame:
        """
        Makes a pandas DataFrame of all rows.

        Returns
        -------
        pandas.DataFrame
            Every row. Pandas and pyarrow must be installed.

        Examples
        --------
        >>> len(results.to_pandas()) == len(results)
        True
        """
    def to_polars(self, /) -> polars.DataFrame:
        """
        Makes a polars DataFrame of all rows.

        Returns
        -------
        polars.DataFrame
            Every row. Polars must be installed.

        Examples
        --------
        >>> len(results.to_polars()) == len(results)
        True
        """
    def write(
        self,
        /,
        path: str | PathLike[str],
        *,
        format: Literal["csv", "json_lines", "parquet", "arrow", "arrow_stream", "xlsx"] | None = None,
        byte_order_mark: bool = False,
        spreadsheet_safe: bool = False,
    ) -> Export:
        """
        Writes every row in a format, and beside it a manifest that says what the file is made of and lacks.

        The file appears when it is complete, or not at all.

        Parameters
        ----------
        path : str or os.PathLike
            The file.
        format : {"csv", "json_lines", "parquet", "arrow", "arrow_stream", "xlsx"}, optional
            Its format; what the ending of its name says where absent.
        byte_order_mark : bool, default False
            Begin CSV with a byte order mark, by which some spreadsheets know UTF-8.
        spreadsheet_safe : bool, default False
            Put an apostrophe before texts of CSV that a spreadsheet would take for a formula.

        Returns
        -------
        Export
            The files, their rows, size and checksum.

        Raises
        ------
        InvalidInputError
            ``unknown_format``, ``csv_only``, ``too_many_rows`` for a workbook.
        UnavailableError
            ``file_not_writable``.

        Examples
        --------
        >>> results.write(folder / "reach.parquet").rows == len(results)
        True
        """
    def write_csv(self, /, path: str | PathLike[str]) -> Export:
        """
        Writes every row as CSV, and beside it a manifest that says what the file is made of and lacks.

        The file appears when it is complete, or not at all.

        Parameters
        ----------
        path : str or os.PathLike
            The file.

        Returns
        -------
        Export
            The files, their rows and size.

        Raises
        ------
        UnavailableError
            ``file_not_writable``.

        Examples
        --------
        >>> results.write_csv(folder / "reach.csv").rows == len(results)
        True
        """
    def write_to(
        self,
        /,
        file: SupportsWrite[bytes],
        format: Literal["csv", "json_lines", "parquet", "arrow", "arrow_stream", "xlsx"] = "csv",
        *,
        byte_order_mark: bool = False,
        spreadsheet_safe: bool = False,
    ) -> int:
        """
        Writes the bytes of a file of every row to an open file or anything else with ``write(bytes)``.

        There is no manifest beside it: take ``summary()`` along.

        Parameters
        ----------
        file : file object
            Where the bytes go, opened for binary writing. It stays open.
        format : {"csv", "json_lines", "parquet", "arrow", "arrow_stream", "xlsx"}, default "csv"
            The format.
        byte_order_mark : bool, default False
            Begin CSV with a byte order mark, by which some spreadsheets know UTF-8.
        spreadsheet_safe : bool, default False
            Put an apostrophe before texts of CSV that a spreadsheet would take for a formula.

        Returns
        -------
        int
            How many bytes were written.

        Raises
        ------
        InvalidInputError
            As for ``stream``.

        Examples
        --------
        >>> import io
        >>> file = io.BytesIO()
        >>> results.write_to(file, "csv") == len(file.getvalue())
        True
        """

@final
class Role:
    """
    How the values of a column become one value for many rows; made by ``additive``, ``distinct``, ``ratio`` and others.

    Examples
    --------
    >>> amc_fleet.ratio("clicks", "impressions")
    <Role clicks / impressions>
    """
    def __repr__(self, /) -> str: ...

@final
class Rows:
    """
    Some rows of a result: prints as a table, and any Arrow library takes it.

    Examples
    --------
    >>> len(results.head(2))
    2
    """
    def __arrow_c_stream__(self, /, requested_schema: object | None = None) -> object:
        """
        Exports the rows as an Arrow C stream, fresh each time.
        """
    def __len__(self, /) -> int: ...
    def __repr__(self, /) -> str: ...
    def _repr_html_(self, /) -> str: ...

@final
class Schedule:
    """
    When a report runs by itself.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __repr__(self, /) -> str: ...
    @property
    def catch_up(self, /) -> str:
        """
        What becomes of ticks that nobody was there to fire: ``none``, ``last`` or ``all``.
        """
    @property
    def created_at(self, /) -> datetime:
        """
        When it was made.
        """
    @property
    def due_at(self, /) -> datetime | None:
        """
        When that tick fires: its nominal time, or later for jitter and complete data.
        """
    @property
    def expression(self, /) -> str:
        """
        When it fires, in five fields of cron.
        """
    @property
    def failed_count(self, /) -> int:
        """
        Ticks of which no batch could be made, or whose batch failed.
        """
    @property
    def freshness(self, /) -> str:
        """
        Whether a tick waits for complete data: ``wait`` or ``immediate``.
        """
    @property
    def id(self, /) -> str:
        """
        Our id (``sch_…``).
        """
    @property
    def jitter_seconds(self, /) -> int:
        """
        Ticks fire up to so many seconds late.
        """
    @property
    def last_run_at(self, /) -> datetime | None:
        """
        When it fired last.
        """
    @property
    def last_status(self, /) -> str | None:
        """
        What its last tick came to: the status of its batch, or ``skipped`` or ``failed``.
        """
    @property
    def next_run_at(self, /) -> datetime | None:
        """
        The nominal time of its next tick.
        """
    @property
    def overlap(self, /) -> str:
        """
        What a tick does while the run before it has not ended: ``skip``, ``queue`` or ``allow``.
        """
    @property
    def parameters(self, /) -> Any:
        """
        Parameter values over those of the report.
        """
    @property
    def pause_after_failures(self, /) -> int | None:
        """
        After so many failures in a row it pauses itself.
        """
    @property
    def pause_note(self, /) -> str | None:
        """
        Why it is paused.
        """
    @property
    def paused_at(self, /) -> datetime | None:
        """
        Since when it is paused.
        """
    @property
    def report_id(self, /) -> str:
        """
        What it runs (``rpt_…``).
        """
    @property
    def reuse(self, /) -> bool:
        """
        Whether its runs may take results of runs that ask AMC the same.
        """
    @property
    def run_count(self, /) -> int:
        """
        How often it fired.
        """
    @property
    def says(self, /) -> str:
        """
        The same in words.
        """
    @property
    def timezone(self, /) -> str:
        """
        The zone in whose local time it fires.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        Returns the same as plain dicts, lists, strings, numbers and datetimes.

        Returns
        -------
        dict
            One entry for each attribute.

        Examples
        --------
        >>> report = fleet.save_report("Monday", workflow="Reach by campaign", window="last 7 days")
        >>> schedule = fleet.schedule("Monday", "weekly on Monday at 06:00", timezone="Europe/Berlin")
        >>> schedule.to_dict()["timezone"]
        'Europe/Berlin'
        """
    @property
    def updated_at(self, /) -> datetime:
        """
        When it was last changed.
        """
    @property
    def window_timezone(self, /) -> str | None:
        """
        The zone of the windows; the report's own where absent.
        """

@final
class Segment:
    """
    A day, week, month or quarter of a range: from ``start`` up to but not including ``end``.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __repr__(self, /) -> str: ...
    @property
    def end(self, /) -> datetime:
        """
        The first instant after it.
        """
    @property
    def is_partial(self, /) -> bool:
        """
        Whether the range cut it short.
        """
    @property
    def name(self, /) -> str:
        """
        The days in words, for example ``12–18 Jan 2026``.
        """
    @property
    def start(self, /) -> datetime:
        """
        The first instant.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        Returns the same as plain dicts, lists, strings, numbers and datetimes.

        Returns
        -------
        dict
            One entry for each attribute.

        Examples
        --------
        >>> amc_fleet.segments("2026-01-05", "2026-01-12", "weekly", "UTC")[0].to_dict()["name"]
        '5–11 Jan 2026'
        """

@final
class Skipped:
    """
    An instance that was asked for and left out.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __repr__(self, /) -> str: ...
    @property
    def instance_id(self, /) -> str:
        """
        AMC's id of the instance.
        """
    @property
    def reason(self, /) -> str:
        """
        Why, in words.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        Returns the same as plain dicts, lists, strings, numbers and datetimes.

        Returns
        -------
        dict
            One entry for each attribute.

        Examples
        --------
        >>> skipped.to_dict()["reason"]
        'is a sandbox, ...'
        """

@final
class SyncReport:
    """
    What a sync of instances found, by AMC's instance ids.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __repr__(self, /) -> str: ...
    @property
    def accounts(self, /) -> int:
        """
        Accounts seen.
        """
    @property
    def added(self, /) -> list[str]:
        """
        Instances this owner did not have before.
        """
    @property
    def changed(self, /) -> list[str]:
        """
        Instances of which AMC says something else than before, or which are in reach again.
        """
    @property
    def gone(self, /) -> list[str]:
        """
        Instances that AMC listed before and does not list any more. They stay known.
        """
    @property
    def summary(self, /) -> str:
        """
        The whole in one line.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        Returns the same as plain dicts, lists, strings, numbers and datetimes.

        Returns
        -------
        dict
            One entry for each attribute.

        Examples
        --------
        >>> fleet.sync_instances().to_dict()["accounts"]
        2
        """
    @property
    def unchanged(self, /) -> int:
        """
        How many instances are as they were.
        """
    @property
    def unreachable(self, /) -> list[UnreachableAccount]:
        """
        Accounts whose instances AMC refused to list.
        """

@final
class TemplateUsage:
    """
    What was made of a template.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __repr__(self, /) -> str: ...
    @property
    def batches(self, /) -> int:
        """
        Batches of those.
        """
    @property
    def completed(self, /) -> int:
        """
        Executions that completed.
        """
    @property
    def executions(self, /) -> int:
        """
        Executions of those batches.
        """
    @property
    def failed(self, /) -> int:
        """
        Executions that failed.
        """
    @property
    def last_used_at(self, /) -> datetime | None:
        """
        When the last of those batches was written.
        """
    @property
    def success_rate(self, /) -> float | None:
        """
        The share of ended executions that completed; None where none has ended.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        Returns the same as plain dicts, lists, strings, numbers and datetimes.

        Returns
        -------
        dict
            One entry for each attribute.

        Examples
        --------
        >>> kept = fleet.save_template(amc_fleet.starter_templates()[0])
        >>> fleet.template_usage(kept.id).to_dict()["batches"]
        0
        """
    @property
    def workflows(self, /) -> int:
        """
        Workflows that are made of it.
        """

@final
class TemplateVersion:
    """
    A version of a template that a fleet keeps. What it asks never changes.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __repr__(self, /) -> str: ...
    @property
    def content_hash(self, /) -> str:
        """
        What it is, whatever it is called: names this version wherever a template is asked for.
        """
    @property
    def created_at(self, /) -> datetime:
        """
        When it was saved first.
        """
    @property
    def created_by(self, /) -> str | None:
        """
        Who saved it.
        """
    @property
    def deprecated_at(self, /) -> datetime | None:
        """
        Since when the template should be used no more.
        """
    @property
    def deprecation(self, /) -> str | None:
        """
        Why, and what to use.
        """
    @property
    def id(self, /) -> str:
        """
        Our id of the template (``tpl_…``), equal for its versions.
        """
    @property
    def note(self, /) -> str | None:
        """
        What changed, for people.
        """
    @property
    def number(self, /) -> int:
        """
        Its number, from 1.
        """
    @property
    def owner_id(self, /) -> str:
        """
        Whose it is.
        """
    @property
    def template(self, /) -> Any:
        """
        The template, as ``starter_templates`` gives it.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        Returns the same as plain dicts, lists, strings, numbers and datetimes.

        Returns
        -------
        dict
            One entry for each attribute.

        Examples
        --------
        >>> fleet.save_template(amc_fleet.starter_templates()[0]).to_dict()["number"]
        1
        """

@final
class Tick:
    """
    A nominal time of a schedule, and what became of it.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __repr__(self, /) -> str: ...
    @property
    def batch_id(self, /) -> str | None:
        """
        Its batch (``batch_…``).
        """
    @property
    def batch_status(self, /) -> str | None:
        """
        Where its batch stands.
        """
    @property
    def fired_at(self, /) -> datetime:
        """
        When it was written.
        """
    @property
    def nominal_at(self, /) -> datetime:
        """
        The time it stands for: its windows are worked out at this moment.
        """
    @property
    def outcome(self, /) -> str:
        """
        ``fired``, ``skipped`` or ``failed``.
        """
    @property
    def reason(self, /) -> str | None:
        """
        Why, where it did not fire.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        Returns the same as plain dicts, lists, strings, numbers and datetimes.

        Returns
        -------
        dict
            One entry for each attribute.

        Examples
        --------
        >>> report = fleet.save_report("Monday", workflow="Reach by campaign", window="last 7 days")
        >>> schedule = fleet.schedule("Monday", "weekly on Monday at 06:00", timezone="Europe/Berlin")
        >>> [tick.to_dict()["outcome"] for tick in fleet.ticks(schedule)]
        []
        """

@final
class UnreachableAccount:
    """
    An account whose instances AMC refused to list.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __repr__(self, /) -> str: ...
    @property
    def account_id(self, /) -> str:
        """
        The entity id.
        """
    @property
    def instances(self, /) -> list[str]:
        """
        The instances of it that were in reach before.
        """
    @property
    def marketplace_id(self, /) -> str:
        """
        The marketplace.
        """
    @property
    def reason(self, /) -> str:
        """
        Why, in AMC's words.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        Returns the same as plain dicts, lists, strings, numbers and datetimes.

        Returns
        -------
        dict
            One entry for each attribute.

        Examples
        --------
        >>> len(unreachable.to_dict()["instances"])
        3
        """

@final
class Widening:
    """
    A column whose type differed between instances.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __repr__(self, /) -> str: ...
    @property
    def column(self, /) -> str:
        """
        The column.
        """
    @property
    def from_type(self, /) -> str:
        """
        Its type, in AMC's words, in the results of ``instances``.
        """
    @property
    def instances(self, /) -> list[str]:
        """
        The AMC ids of the instances concerned.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        Returns the same as plain dicts, lists, strings, numbers and datetimes.

        Returns
        -------
        dict
            One entry for each attribute.

        Examples
        --------
        >>> widening.to_dict()["to_type"]
        'DECIMAL(38,4)'
        """
    @property
    def to_type(self, /) -> str:
        """
        Its type in the merged result.
        """

@final
class Workflow:
    """
    A query by name.
    """
    def __repr__(self, /) -> str: ...
    @property
    def created_at(self, /) -> datetime:
        """
        When it was saved first.
        """
    @property
    def declarations(self, /) -> list[Any]:
        """
        What its parameters are, each as a declaration.
        """
    @property
    def description(self, /) -> str | None:
        """
        What it is for.
        """
    @property
    def id(self, /) -> str:
        """
        Our id (``wf_…``).
        """
    @property
    def name(self, /) -> str:
        """
        Its name, unique for the owner.
        """
    @property
    def parameters(self, /) -> dict[str, Any]:
        """
        Values for parameters that a batch does not give.
        """
    @property
    def sql(self, /) -> str:
        """
        The query.
        """
    @property
    def template(self, /) -> str | None:
        """
        The content hash of the template it was made of.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        Returns the same as plain dicts, lists, strings, numbers and datetimes.

        Returns
        -------
        dict
            One entry for each attribute.

        Examples
        --------
        >>> workflow.to_dict()["name"]
        'Reach by campaign'
        """
    @property
    def updated_at(self, /) -> datetime:
        """
        When it was saved last.
        """
    @property
    def window(self, /) -> str | None:
        """
        The window of batches that name none.
        """

def additive(currency: str | None = None) -> Role:
    """
    Makes the role of what is added up: impressions, clicks, cost.

    Parameters
    ----------
    currency : str, optional
        The column that names the currency of amounts; groups with several currencies are refused.

    Examples
    --------
    >>> amc_fleet.additive(currency="currency_code")
    <Role additive, currency_code>
    """

def describe(expression: str) -> str:
    """
    Says a schedule in plain words.

    Parameters
    ----------
    expression : str
        As for ``next_runs``.

    Returns
    -------
    str
        One sentence.

    Raises
    ------
    InvalidInputError
        ``cron_invalid`` with its column, ``cron_never``.

    Examples
    --------
    >>> amc_fleet.describe("0 6 * * MON")
    'At 06:00, on Monday.'
    """

def diff_templates(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    """
    Compares two versions of a template.

    Parameters
    ----------
    before : dict
        The one.
    after : dict
        The other.

    Returns
    -------
    dict
        ``sql`` as lines with ``-``, ``+`` or a space before them, and the names of parameters and columns that changed.

    Raises
    ------
    InvalidInputError
        ``template_invalid``, ``declaration_invalid``.

    Examples
    --------
    >>> template = amc_fleet.starter_templates()[0]
    >>> amc_fleet.diff_templates(template, template)["changed_parameters"]
    []
    """

def distinct() -> Role:
    """
    Makes the role of a count of distinct users: never added up, given as bounds.

    Examples
    --------
    >>> amc_fleet.distinct()
    <Role distinct>
    """

def error_kinds() -> list[str]:
    """
    Gives the name of every kind of error.
    """

def infer_parameters(sql: str) -> list[Inferred]:
    """
    Finds the parameters of a query, and what they are from where they stand and what they are called.

    Parameters
    ----------
    sql : str
        The query.

    Returns
    -------
    list of Inferred
        In the order of their first mention, each usable as a declaration; an identifier lacks its allowed names.

    Examples
    --------
    >>> [(it.name, it.type, it.list) for it in amc_fleet.infer_parameters("SELECT a FROM t WHERE b IN ({{asins}})")]
    [('asins', 'asin', True)]
    """

def json_table(table: object) -> str:
    """
    Writes a table of any Arrow library as JSON: ``{"columns": [names], "rows": [[cells]]}``.
    """

def lint(
    sql: str,
    data_sources: Iterable[Mapping[str, Any]] | Mapping[str, Any] | None = None,
    declarations: Iterable[Mapping[str, Any]] | Mapping[str, Any] | None = None,
) -> list[Finding]:
    """
    Says what AMC will refuse about a query, or may read in another way, without asking it.

    Parameters
    ----------
    sql : str
        The query.
    data_sources : list of dict, optional
        The tables of an instance, as AMC's ``dataSources`` gives them. Without them no table and no column is unknown.
    declarations : list of dict or dict, optional
        What the parameters are. Without them no parameter is an error.

    Returns
    -------
    list of Finding
        In the order of the text.

    Examples
    --------
    >>> [finding.code for finding in amc_fleet.lint("SELECT user_id FROM t GROUP BY 1")]
    ['raw_user_id']
    """

def maximum() -> Role:
    """
    Makes the role of what is as large as its largest value.

    Examples
    --------
    >>> amc_fleet.maximum()
    <Role maximum>
    """

def mean() -> Role:
    """
    Makes the role of a mean in which each row counts the same.

    Examples
    --------
    >>> amc_fleet.mean()
    <Role mean>
    """

def minimum() -> Role:
    """
    Makes the role of what is as small as its smallest value.

    Examples
    --------
    >>> amc_fleet.minimum()
    <Role minimum>
    """

def next_runs(expression: str, timezone: str, after: datetime | str, count: int) -> list[datetime]:
    """
    Lists the next runs of a schedule.

    Changes of clocks are handled as Debian's cron does: a fixed time that is skipped runs when the clocks have gone
    forward, one that comes twice runs the first time.

    Parameters
    ----------
    expression : str
        Five cron fields (``"0 6 * * MON"``), or words: ``"daily at 06:30"``, ``"weekly on Monday at 06:00"``,
        ``"monthly on 15"``, ``"monthly on last"``, ``"quarterly"``, ``"@hourly"``.
    timezone : str
        The zone in whose local time it fires, an IANA name such as ``"Europe/Berlin"``.
    after : datetime or str
        The instant after which to begin, not included; a datetime has a tzinfo, a text an offset.
    count : int
        How many, at most 10,000.

    Returns
    -------
    list of datetime
        In order, each aware and in UTC.

    Raises
    ------
    InvalidInputError
        ``cron_invalid`` with its column, ``cron_never``, ``zone_unknown``, ``instant_naive``, ``instant_invalid``.
    TooLargeError
        ``too_many_runs``.

    Examples
    --------
    >>> for run in amc_fleet.next_runs("30 2 * * *", "America/New_York", "2026-03-07T12:00:00Z", 2):
    ...     print(run.isoformat())  # 02:30 of the 8th does not exist
    2026-03-08T07:00:00+00:00
    2026-03-09T06:30:00+00:00
    """

def parameter_presets() -> list[dict[str, Any]]:
    """
    Lists the presets that a declaration may name as its type, each as a declaration.

    Returns
    -------
    list of dict
        The presets.

    Examples
    --------
    >>> [preset["name"] for preset in amc_fleet.parameter_presets()][:3]
    ['attribution_window', 'conversion_window', 'lookback_days']
    """

def parameter_schema(declarations: Iterable[Mapping[str, Any]] | Mapping[str, Any]) -> ParameterSchema:
    """
    Describes parameters for forms and for other programs.

    Parameters
    ----------
    declarations : list of dict or dict
        What the parameters are.

    Returns
    -------
    ParameterSchema
        A JSON Schema of the values, and what a form shows.

    Raises
    ------
    InvalidInputError
        ``declaration_invalid``.

    Examples
    --------
    >>> amc_fleet.parameter_schema({"days": "lookback_days"}).json_schema["properties"]["days"]["default"]
    30
    """

def ratio(numerator: str, denominator: str) -> Role:
    """
    Makes the role of a ratio of two columns, computed anew from their sums.

    Examples
    --------
    >>> amc_fleet.ratio("clicks", "impressions")
    <Role clicks / impressions>
    """

def read_template(file: str) -> dict[str, Any]:
    """
    Reads a template of a file: its query under a comment of JSON that describes it.

    Parameters
    ----------
    file : str
        What is in the file.

    Returns
    -------
    dict
        The template.

    Raises
    ------
    InvalidInputError
        ``template_invalid``, ``declaration_invalid``.

    Examples
    --------
    >>> template = amc_fleet.starter_templates()[0]
    >>> amc_fleet.read_template(amc_fleet.write_template(template)) == template
    True
    """

def register_preset(preset: Mapping[str, Any]) -> None:
    """
    Makes a preset of one's own known in this process: as the type of a declaration, and for parameters of its name.

    Parameters
    ----------
    preset : dict
        A declaration; its name is the preset's.

    Raises
    ------
    InvalidInputError
        ``declaration_invalid``, also for a name that is a type's.

    Examples
    --------
    >>> amc_fleet.register_preset({"name": "margin", "type": "decimal", "min": 0, "max": 1, "default": 0.2})
    >>> amc_fleet.render("SELECT a FROM t WHERE b > {{floor}}", {}, {"floor": "margin"}).sql
    'SELECT a FROM t WHERE b > 0.2'
    """

def render(
    sql: str,
    parameters: Mapping[str, Any] | None = None,
    declarations: Iterable[Mapping[str, Any]] | Mapping[str, Any] | None = None,
    *,
    prefer_native: bool = False,
    literal_dialect: Literal["standard", "backslash_escapes", "refuse"] = "standard",
) -> Rendered:
    """
    Brings a query and the values of its parameters together, as a batch does before AMC hears anything.

    ``{{name}}`` is written into the query in the form its place asks for and cannot change anything else of it;
    ``CUSTOM_PARAMETER('name')`` goes to AMC as a parameter of its own.

    Parameters
    ----------
    sql : str
        The query.
    parameters : dict, optional
        A value by name.
    declarations : list of dict or dict, optional
        What the parameters are: ``[{"name": "asins", "type": "asin_list"}]``, or ``{"asins": "asin_list"}``. A
        parameter that is not declared is what its value says it is.
    prefer_native : bool, default False
        Whether ``{{name}}`` becomes ``CUSTOM_PARAMETER('name')`` where AMC can take the value.
    literal_dialect : {"standard", "backslash_escapes", "refuse"}, default "standard"
        What AMC is believed to take a backslash in a string for.

    Returns
    -------
    Rendered
        The query, what goes to AMC beside it, and what may surprise.

    Raises
    ------
    InvalidInputError
        ``parameter_missing``, ``parameter_unused``, ``parameter_type``, ``parameter_place`` with line and column;
        ``declaration_invalid``.

    Examples
    --------
    >>> amc_fleet.render("SELECT a FROM t WHERE b IN ({{names}})", {"names": ["it's", "b"]}).sql
    "SELECT a FROM t WHERE b IN ('it''s', 'b')"
    """

def resolve_window(expression: str, now: datetime | str | None = None, timezone: str = "UTC") -> ResolvedWindow:
    """
    Works out a window expression at a moment in a time zone.

    Parameters
    ----------
    expression : str
        ``"last 30 days"``, ``"month to date"``, ``"last full week"``, ``"2025-09-01..2025-10-01"``,
        ``"today-14d..today-1d"``; the end is not included.
    now : datetime or str, optional
        The moment; one without an offset is in UTC; the present if not given.
    timezone : str, default "UTC"
        An IANA name such as ``"Europe/Berlin"``.

    Returns
    -------
    ResolvedWindow
        The exact bounds and a name.

    Raises
    ------
    InvalidInputError
        ``window_invalid``, ``window_empty``, ``zone_unknown``, ``moment_invalid``.

    Examples
    --------
    >>> window = amc_fleet.resolve_window("last 30 days", "2025-10-01T06:00:00Z", "Europe/Berlin")
    >>> window.start, window.end, window.name
    ('2025-09-01T00:00:00', '2025-10-01T00:00:00', '1–30 Sep 2025')
    """

def segments(
    start: date | str,
    end: date | str,
    segment_type: Literal["daily", "weekly", "monthly", "quarterly"] | str,
    timezone: str,
    partial: Literal["keep", "drop"] | str = "keep",
) -> list[Segment]:
    """
    Cuts a range of days into segments of the calendar, oldest first.

    Bounds are local midnights; one that a change of clocks skips is the moment of the change. Segments neither overlap
    nor leave a gap.

    Parameters
    ----------
    start : date or str
        The first day.
    end : date or str
        The day after the last.
    segment_type : {"daily", "weekly", "monthly", "quarterly"}
        How long a segment is; weeks begin on Monday.
    timezone : str
        The zone whose days they are, an IANA name.
    partial : {"keep", "drop"}, default "keep"
        What becomes of a first or last segment that the range cuts.

    Returns
    -------
    list of Segment
        The segments.

    Raises
    ------
    InvalidInputError
        ``date_invalid``, ``range_empty``, ``segment_type_unknown``, ``partial_unknown``, ``zone_unknown``.
    TooLargeError
        ``range_too_long``: over a hundred years.

    Examples
    --------
    >>> weeks = amc_fleet.segments("2026-01-07", "2026-01-20", "weekly", "Europe/Berlin")
    >>> [week.name for week in weeks]
    ['7–11 Jan 2026', '12–18 Jan 2026', '19 Jan 2026']
    """

def starter_templates() -> list[dict[str, Any]]:
    """
    Lists the templates that come with this package.

    Returns
    -------
    list of dict
        Each with ``name``, ``category``, ``tags``, ``description``, ``window``, ``parameters``,
        ``columns`` (the role of each: dimension, additive, ratio, distinct_count) and ``sql``.

    Examples
    --------
    >>> len(amc_fleet.starter_templates()) >= 12
    True
    """

def weighted(weight: str) -> Role:
    """
    Makes the role of a mean in which each value counts as much as another column says.

    Examples
    --------
    >>> amc_fleet.weighted("impressions")
    <Role mean by impressions>
    """

def write_template(template: Mapping[str, Any]) -> str:
    """
    Writes a template as a file, for git.

    Parameters
    ----------
    template : dict
        The template.

    Returns
    -------
    str
        What belongs into the file.

    Raises
    ------
    InvalidInputError
        ``template_invalid``, ``declaration_invalid``.

    Examples
    --------
    >>> amc_fleet.write_template(amc_fleet.starter_templates()[0]).splitlines()[0]
    '/* amc-fleet template'
    """
