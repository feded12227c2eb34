"""What the core traces, on the logger `amc_fleet`."""

from __future__ import annotations

import logging

logging.getLogger("amc_fleet").addHandler(logging.NullHandler())


def log(logger: str, level: int, message: str) -> None:
    """Log a record as if the logger of that name had been called."""
    logging.getLogger(logger).log(level, "%s", message)
