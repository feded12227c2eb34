"""Parameters as JSON text."""

from __future__ import annotations

import datetime
import decimal
import json
import uuid
from collections.abc import Iterable
from typing import Any

from amc_fleet.errors import InvalidInputError

_SAID_BY_STR = (datetime.date, datetime.datetime, decimal.Decimal, uuid.UUID)


def text(parameters: Any) -> str:
    """Write parameters as JSON; dates, decimals and the scalars of numpy are taken as what they say."""
    written = json.dumps(parameters, default=_plain, allow_nan=False)
    json.loads(written, parse_int=_long)
    return written


def _long(digits: str) -> None:
    if not -(2**63) <= int(digits) < 2**63:
        raise InvalidInputError(
            f"{digits} is more than a LONG holds", code="parameter_type", hint="give it as text, or as a Decimal"
        )


def _plain(value: Any) -> Any:
    if isinstance(value, _SAID_BY_STR):
        return str(value)
    if isinstance(value, set | frozenset):
        return sorted(value)
    if hasattr(value, "to_dict"):
        return value.to_dict()
    if isinstance(value, Iterable):
        return list(value)
    if hasattr(value, "item"):
        return value.item()
    raise TypeError(f"a parameter cannot be a {type(value).__name__}")
