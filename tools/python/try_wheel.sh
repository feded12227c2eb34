#!/bin/sh
# Installs the wheel of a folder (dist/ if not said) in an empty environment without Rust, and runs the first program there on 50 instances.
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
dist=${1:-$root/dist}
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
"${PYTHON:-python3}" -m venv "$place/venv"
"$place/venv/bin/python" -m pip install --quiet "$dist"/amc_fleet-*.whl polars
cp "$root/examples/reach.sql" "$root/examples/python/01_batch.py" "$place"
cd "$place"
env -i HOME="$place" PATH=/usr/bin:/bin "$place/venv/bin/python" - <<'PROGRAM'
import os, pathlib, runpy
import amc_fleet
from amc_fleet.testing import emulator

with emulator(instances=50, options=["--rows", "100"]) as amc:
    os.environ.update(amc.env)
    runpy.run_path("01_batch.py")
    assert len(amc.executions()) == 50
assert len(pathlib.Path("reach.csv").read_text().splitlines()) == 5001
package = pathlib.Path(amc_fleet.__file__).parent
size = sum(file.stat().st_size for file in package.rglob("*") if file.is_file())
print(f"installed and run: {size / 1e6:.1f} MB in {package.name}")
PROGRAM
