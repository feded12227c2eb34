"""Results in the tables of other libraries, each imported when it is asked for, and in files that are open."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from amc_fleet.errors import UnsupportedError

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas
    import polars
    import pyarrow as _pyarrow
    from _typeshed import SupportsWrite

    from amc_fleet import Results


def to_polars(results: Results) -> polars.DataFrame:
    """Make a polars DataFrame."""
    frame: polars.DataFrame = _library("polars").DataFrame(results)
    return frame


def to_arrow(results: Results) -> _pyarrow.Table:
    """Make a pyarrow Table."""
    table: _pyarrow.Table = _library("pyarrow").table(results)
    return table


def to_pandas(results: Results) -> pandas.DataFrame:
    """Make a pandas DataFrame."""
    _library("pandas")
    frame: pandas.DataFrame = to_arrow(results).to_pandas()
    return frame


def write_to(chunks: Iterable[bytes], file: SupportsWrite[bytes]) -> int:
    """Write chunks to a file object and say how many bytes they are."""
    written = 0
    for chunk in chunks:
        file.write(chunk)
        written += len(chunk)
    return written


def _library(name: str) -> Any:
    try:
        return importlib.import_module(name)
    except ImportError as missing:
        error = UnsupportedError(f"{name} is not installed", code="library_missing", hint=f"pip install {name}")
        raise error from missing
