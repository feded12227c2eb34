"""What a notebook shows: static HTML, the same in a saved notebook."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from amc_fleet import BatchReport, Results

_PARTS = (("completed", "#2e7d32"), ("failed", "#c62828"), ("cancelled", "#9e9e9e"), ("running", "#1565c0"))
_BAR = "display:flex;height:6px;width:24em;background:#8884;border-radius:3px;overflow:hidden"


def batch(report: BatchReport) -> str:
    """Show a batch as one line and a bar."""
    total = max(report.total_instances, 1)
    counts = ((color, getattr(report, f"{part}_instances")) for part, color in _PARTS)
    bar = "".join(f'<div style="width:{100 * count / total:.4g}%;background:{color}"></div>' for color, count in counts)
    return f'<div><div>{escape(report.summary)}</div><div style="{_BAR}">{bar}</div></div>'


def results(table: Results) -> str:
    """Show a result as one line and its first rows."""
    return f"<div><div>{escape(repr(table))}</div>{text(repr(table.head(10)))}</div>"


def text(table: str) -> str:
    """Show a table of text."""
    return f"<pre>{escape(table)}</pre>"
