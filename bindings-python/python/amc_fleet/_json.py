"""Parameters as JSON text."""

from __future__ import annotations

import datetime
import decimal
import json
import uuid
from typing import Any

_SAID_BY_STR = (datetime.date, datetime.datetime, decimal.Decimal, uuid.UUID)


def text(parameters: Any) -> str:
    """Write parameters as JSON; dates, decimals and the scalars of numpy are taken as what they say."""
    return json.dumps(parameters, default=_plain, allow_nan=False)


def _plain(value: Any) -> Any:
    if isinstance(value, _SAID_BY_STR):
        return str(value)
    if isinstance(value, set | frozenset):
        return sorted(value)
    if hasattr(value, "item"):
        return value.item()
    raise TypeError(f"a parameter cannot be a {type(value).__name__}")
