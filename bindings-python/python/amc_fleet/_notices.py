"""One-line notices to a person."""

from __future__ import annotations

import sys


def say(line: str) -> None:
    """Say a line on standard error, where progress goes too."""
    print(f"amc_fleet: {line}", file=sys.stderr, flush=True)
