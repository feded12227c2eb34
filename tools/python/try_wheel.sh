#!/bin/sh
# Installs the wheel of a folder (dist/ if not said) in an empty environment without Rust, and runs the first program there on 50
# instances: try_wheel.sh [folder] [cargo profile].
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
dist=${1:-$root/dist}
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
"${PYTHON:-python3}" -m venv "$place/venv"
"$place/venv/bin/python" -m pip install --quiet "$dist"/amc_fleet-*.whl polars
cp "$root/examples/reach.sql" "$root/examples/python/01_batch.py" "$place"
cd "$place"
env -i HOME="$place" PATH=/usr/bin:/bin PROFILE="${2:-release}" "$place/venv/bin/python" - <<'PROGRAM'
import os, pathlib, runpy
import amc_fleet
from amc_fleet.testing import emulator

with emulator(instances=50, options=["--rows", "100"]) as amc:
    os.environ.update(amc.env)
    runpy.run_path("01_batch.py")
    assert len(amc.executions()) == 50
assert len(pathlib.Path("reach.csv").read_text().splitlines()) == 5001
package = pathlib.Path(amc_fleet.__file__).parent
sizes = {file.relative_to(package).parts: file.stat().st_size for file in package.rglob("*") if file.is_file()}
emulator = sum(size for parts, size in sizes.items() if "bin" in parts)
alone = sum(sizes.values()) - emulator
print(f"installed and run: {alone / 1e6:.1f} MB in {package.name}, the emulator {emulator / 1e6:.1f} MB")
# What is built for debugging is larger.
assert os.environ["PROFILE"] != "release" or (alone < 30e6 and emulator < 15e6), "too large"
PROGRAM
