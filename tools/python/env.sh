#!/bin/sh
# Makes .venv at the root of the repository with the tools of requirements-dev.txt; does nothing when they are there.
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
wanted="$root/bindings-python/requirements-dev.txt"
stamp="$root/.venv/requirements-dev.txt"
cmp -s "$wanted" "$stamp" && exit 0
"${PYTHON:-python3}" -m venv "$root/.venv"
"$root/.venv/bin/python" -m pip install --quiet --upgrade pip
"$root/.venv/bin/python" -m pip install --quiet --requirement "$wanted"
cp "$wanted" "$stamp"
