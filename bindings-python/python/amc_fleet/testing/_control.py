"""What steers a running emulator: its `/_emulator` requests."""

from __future__ import annotations

import datetime
import json
import os
import re
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

from amc_fleet import Instance, InvalidInputError


class Control:
    """Sends `/_emulator` requests; what the emulator does not take raises its own words."""

    def __init__(self, url: str) -> None:
        """Keep where the emulator listens."""
        self._url = f"{url}/_emulator"

    def get(self, path: str) -> dict[str, Any]:
        """Read something."""
        return self._send("GET", path)

    def post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        """Change something; a field that is None is not sent."""
        given = {name: value for name, value in body.items() if value is not None}
        return self._send("POST", path, json.dumps(given).encode())

    def delete(self, path: str) -> None:
        """Take something away."""
        self._send("DELETE", path)

    def _send(self, method: str, path: str, body: bytes | None = None) -> dict[str, Any]:
        request = urllib.request.Request(f"{self._url}/{path}", data=body, method=method)
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                told: dict[str, Any] = json.load(answer)
                return told
        except urllib.error.HTTPError as refused:
            words = json.loads(refused.read())["error"]
            raise InvalidInputError(words, code="emulator_refused", hint="see the emulator's README") from None


def rows(data: object) -> dict[str, Any]:
    """Write rows as the emulator takes them: CSV, or those of any Arrow table."""
    from amc_fleet._amc_fleet import json_table

    if isinstance(data, str) and "\n" in data:
        return {"csv": data}
    if isinstance(data, str | os.PathLike):
        return {"csv": Path(data).read_text()}
    table: dict[str, Any] = json.loads(json_table(data))
    return table


def instance_id(instance: Instance | str | None) -> str | None:
    """AMC's id of an instance."""
    return instance.instance_id if isinstance(instance, Instance) else instance


def length(span: str | float | datetime.timedelta) -> str | float:
    """Write a length of time: words as they are, for the emulator to read."""
    return span.total_seconds() if isinstance(span, datetime.timedelta) else span


def camel(name: str) -> str:
    """Spell a name as the emulator does."""
    return re.sub("_([a-z])", lambda letter: letter[1].upper(), name)
