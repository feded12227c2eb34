"""Progress while a batch is waited for: in the notebook, as a bar in a terminal, as plain lines elsewhere."""

from __future__ import annotations

import asyncio
import importlib
import importlib.util
import sys
from collections.abc import Awaitable
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from amc_fleet import _html
from amc_fleet._notices import say

if TYPE_CHECKING:
    from amc_fleet import AsyncBatch, Batch, BatchReport

_EACH = 0.1

T = TypeVar("T")


class Display(Protocol):
    """Shows reports of one batch."""

    def show(self, report: BatchReport) -> None:
        """Show a report."""

    def close(self) -> None:
        """Leave the last report standing."""


class Shown:
    """A batch on a display: shown once for each change."""

    def __init__(self, batch: Batch | None, display: Display | None) -> None:
        """Show nothing where there is no display."""
        self._batch = batch
        self._display = display
        self._last = ""

    def update(self) -> None:
        """Show where the batch stands, if that has changed."""
        if self._display is not None and self._batch is not None:
            self.show(self._batch.status())

    def show(self, report: BatchReport) -> None:
        """Show a report, if it differs from the last."""
        if self._display is not None and report.summary != self._last:
            self._last = report.summary
            self._display.show(report)

    def close(self) -> None:
        """Show the end, and let the display go."""
        self.update()
        if self._display is not None:
            self._display.close()


def display(progress: bool | str | None, batch: Batch) -> Shown:
    """Give what shows the progress of a batch: nothing where nobody wants it or looks."""
    return Shown(batch, _display(progress))


def follow(progress: bool | str | None, batch: AsyncBatch, waiting: Awaitable[T]) -> Awaitable[T]:
    """Give an awaitable that shows the progress of a batch until another is done."""
    display = _display(progress)
    return waiting if display is None else _following(display, batch, waiting)


async def _following(display: Display, batch: AsyncBatch, waiting: Awaitable[T]) -> T:
    shown = Shown(None, display)
    task = asyncio.ensure_future(waiting)
    try:
        while not task.done():
            shown.show(await batch.status())
            await asyncio.wait([task], timeout=_EACH)
        shown.show(await batch.status())
    finally:
        task.cancel()
        shown.close()
    return task.result()


def _display(progress: bool | str | None) -> Display | None:
    wanted = "auto" if progress is None else progress
    if wanted not in (True, False, "auto"):
        raise ValueError(f"progress = {progress!r} means nothing: one of True, False, 'auto'")
    if wanted is False:
        return None
    if _in_notebook():
        return Notebook()
    if sys.stderr.isatty():
        return _bar()
    return Lines() if wanted is True else None


def _bar() -> Display:
    for library, bar in (("tqdm", TqdmBar), ("rich", RichBar)):
        if importlib.util.find_spec(library):
            return bar()
    return Lines()


def _in_notebook() -> bool:
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython else None
    return shell is not None and hasattr(shell, "kernel")


def _ended(report: BatchReport) -> int:
    return report.completed_instances + report.failed_instances + report.cancelled_instances


class Lines:
    """A line for each tenth of the batch."""

    def __init__(self) -> None:
        """Begin before the first tenth."""
        self._tenth = -1

    def show(self, report: BatchReport) -> None:
        """Say a report, if it is a tenth further than the last."""
        tenth = 10 * _ended(report) // max(report.total_instances, 1)
        if tenth > self._tenth:
            self._tenth = tenth
            say(report.summary)

    def close(self) -> None:
        """Leave the lines."""


class Notebook:
    """One display of a notebook, updated in place; the saved notebook keeps the last."""

    def __init__(self) -> None:
        """Begin without anything."""
        self._handle: Any = None

    def show(self, report: BatchReport) -> None:
        """Show a report in place of the last."""
        notebook: Any = importlib.import_module("IPython.display")
        html = notebook.HTML(_html.batch(report))
        if self._handle is None:
            self._handle = notebook.display(html, display_id=True)
        else:
            self._handle.update(html)

    def close(self) -> None:
        """Leave the last report."""


class TqdmBar:
    """A bar of tqdm."""

    def __init__(self) -> None:
        """Begin without anything."""
        self._bar: Any = None

    def show(self, report: BatchReport) -> None:
        """Move the bar."""
        from tqdm import tqdm

        if self._bar is None:
            self._bar = tqdm(total=report.total_instances, desc=report.name, unit="instance", file=sys.stderr)
        self._bar.n = _ended(report)
        self._bar.set_postfix_str(f"{report.running_instances} running, {report.failed_instances} failed")

    def close(self) -> None:
        """Leave the bar."""
        if self._bar is not None:
            self._bar.close()


class RichBar:
    """A bar of rich."""

    def __init__(self) -> None:
        """Begin without anything."""
        self._progress: Any = None
        self._task: Any = None

    def show(self, report: BatchReport) -> None:
        """Move the bar."""
        if self._progress is None:
            from rich.console import Console
            from rich.progress import Progress

            self._progress = Progress(console=Console(stderr=True))
            self._task = self._progress.add_task(report.name, total=report.total_instances)
            self._progress.start()
        self._progress.update(self._task, completed=_ended(report))

    def close(self) -> None:
        """Leave the bar."""
        if self._progress is not None:
            self._progress.stop()
