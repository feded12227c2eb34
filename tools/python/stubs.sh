#!/bin/sh
# Writes the types of the compiled module, _amc_fleet.pyi, from what PyO3's macros know of it.
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
bin="$root/.venv/bin"
stub="$root/bindings-python/python/amc_fleet/_amc_fleet.pyi"
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$root/bindings-python"
"$bin/maturin" generate-stubs --quiet --features stubs --out "$place"
# Types that are written out in a signature are texts, whose names the generator does not import; a magic method takes
# no signature at all.
sed -e '0,/^from /s//import os\
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence\
from datetime import date, datetime, timedelta\
from typing import Any, Literal, Self\
import pandas, polars, pyarrow\
from _typeshed import SupportsWrite\
from /' -e '/^class AsyncChunks/,/^class AsyncEvents/s/def __anext__(self, \/) -> Any:/def __anext__(self, \/) -> Awaitable[bytes]:/' \
    -e 's/def __anext__(self, \/) -> Any:/def __anext__(self, \/) -> Awaitable[Event]:/' \
    "$(find "$place" -name '*.pyi')" >"$stub"
"$bin/ruff" format --quiet "$stub"
"$bin/ruff" check --quiet --fix --unsafe-fixes --exit-zero "$stub" >/dev/null
"$bin/ruff" format --quiet "$stub"
