"""The same files merged by amc-fleet and by its peers: the same outputs, and how long each takes.

Every program runs in a process of its own, in turns, on the same files; the best of its turns counts. Outputs are held
against each other cell by cell: numbers as numbers, everything else as text, an empty field as NULL.
"""

import argparse
import csv
import hashlib
import json
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from decimal import Decimal, InvalidOperation
from pathlib import Path

BY = ["campaign", "device_type"]
COLUMNS = "campaign campaign_id event_date device_type impressions clicks users spend purchases rate".split()
ID = "_instance_id"


def write_files(folder: Path, files: int, rows: int, awkward: bool) -> None:
    """Make the files of a fleet; awkward ones have quoted line ends, 2^53 + 1 and a column that turns decimal at last."""
    folder.mkdir()
    rng = random.Random(files * rows)
    campaigns = [f"{kind} {number}" for number in range(40) for kind in ("Spring Sale", "Always On", "Retargeting")]
    if awkward:
        campaigns[:3] = ['Summer "25"', "two\nlines, one comma", "Größe ≥ 1 🚀"]
    for number in range(files):
        columns = COLUMNS + (["extra_metric"] if number % 10 == 9 else [])
        with open(folder / f"amc{number:05d}.csv", "w", newline="", encoding="utf-8") as file:
            out = csv.writer(file)
            out.writerow(columns)
            for _ in range(rows):
                row = [rng.choice(campaigns), 580000000000000000 + rng.randrange(120)]
                row += [f"2025-{rng.randrange(1, 13):02d}-{rng.randrange(1, 29):02d}", rng.choice(["TV", "Mobile", "Desktop"])]
                row += [rng.randrange(100000), rng.randrange(2000), rng.randrange(50000), f"{rng.random() * 1000:.2f}"]
                row += [rng.randrange(100), rng.random()]
                if awkward:
                    row[1] = 2**53 + 1 + rng.randrange(3)
                    row[8] = f"{row[8]}.5" if number == files - 1 else row[8]
                    row[5] = rng.choice([row[5], ""])
                out.writerow(row + [rng.randrange(1000)] * (len(columns) - len(COLUMNS)))


def polars(files: list[Path], out: str, rollup: str) -> Iterator[None]:
    import polars as pl

    def read(path: Path) -> pl.DataFrame:
        return pl.read_csv(path).insert_column(0, pl.lit(path.stem).alias(ID))

    yield
    merged = pl.concat(map(read, files), how="diagonal_relaxed")
    yield
    merged.write_csv(out)
    yield
    sums = [pl.col("impressions").sum(), pl.col("spend").sum(), pl.col("rate").mean()]
    rolled = merged.group_by(BY).agg(sums)
    yield
    rolled.write_csv(rollup)


def pyarrow(files: list[Path], out: str, rollup: str) -> Iterator[None]:
    import pyarrow as pa
    from pyarrow import csv as pa_csv

    options = pa_csv.ParseOptions(newlines_in_values=True)

    def read(path: Path) -> pa.Table:
        table = pa_csv.read_csv(path, parse_options=options)
        return table.add_column(0, ID, pa.array([path.stem]).take(pa.array([0] * len(table))))

    yield
    merged = pa.concat_tables(map(read, files), promote_options="permissive")
    yield
    pa_csv.write_csv(merged, out)
    yield
    rolled = merged.group_by(BY).aggregate([("impressions", "sum"), ("spend", "sum"), ("rate", "mean")])
    yield
    pa_csv.write_csv(rolled.rename_columns([*BY, "impressions", "spend", "rate"]), rollup)


def duckdb(files: list[Path], out: str, rollup: str) -> Iterator[None]:
    import duckdb as db

    connection = db.connect()
    yield
    paths = [str(path) for path in files]
    source = "read_csv($paths, union_by_name = true, filename = true, sample_size = -1, header = true)"
    select = f"SELECT parse_filename(filename, true) AS {ID}, * EXCLUDE filename FROM {source}"
    connection.execute(f"CREATE TABLE merged AS {select}", {"paths": paths})
    yield
    connection.execute(f"COPY merged TO '{out}' (HEADER)")
    yield
    sums = "sum(impressions) AS impressions, sum(spend) AS spend, avg(rate) AS rate"
    rolled = connection.execute(f"CREATE TABLE rolled AS SELECT {', '.join(BY)}, {sums} FROM merged GROUP BY ALL")
    yield
    rolled.execute(f"COPY rolled TO '{rollup}' (HEADER)")


def pandas(files: list[Path], out: str, rollup: str) -> Iterator[None]:
    import pandas as pd

    def read(path: Path) -> pd.DataFrame:
        frame = pd.read_csv(path, dtype_backend="numpy_nullable", keep_default_na=False, na_values=[""])
        frame.insert(0, ID, path.stem)
        return frame

    yield
    merged = pd.concat(map(read, files), ignore_index=True)
    yield
    merged.to_csv(out, index=False)
    yield
    rolled = merged.groupby(BY, dropna=False).agg({"impressions": "sum", "spend": "sum", "rate": "mean"})
    yield
    rolled.to_csv(rollup)


PEERS = {peer.__name__: peer for peer in (polars, pyarrow, duckdb, pandas)}


def run_peer(name: str, folder: str, out: str, rollup: str) -> None:
    """Merge as a peer does, and print what the bench prints."""
    steps = PEERS[name](sorted(Path(folder).glob("*.csv")), out, rollup)
    times = []
    for _ in range(4):
        next(steps)
        times.append(time.perf_counter())
    next(steps, None)
    merge, write, rolled = (after - before for before, after in zip(times, times[1:]))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    times = {"decode_merge_s": merge, "csv_s": write, "rollup_s": rolled, "total_s": merge + write + rolled}
    print(json.dumps(times | {"peak_rss_mb": peak}))


def number(text: str) -> str | None:
    """Spell a number in its one normal form."""
    try:
        value = Decimal(text)
    except InvalidOperation:
        return None
    if not value.is_finite():
        return text
    return "0" if value == 0 else format(value.normalize(), "f")


def cells(path: str) -> Iterator[list[str]]:
    """Read a file's cells, its columns in the order of their names."""
    with open(path, newline="", encoding="utf-8") as file:
        rows = csv.reader(file)
        header = next(rows)
        order = sorted(range(len(header)), key=header.__getitem__)
        yield [header[at] for at in order]
        for row in rows:
            yield [number(row[at]) or row[at] for at in order]


def fingerprint(path: str) -> str:
    """Hash what a file says."""
    digest = hashlib.sha256()
    for row in cells(path):
        digest.update("\x1f".join(row).encode() + b"\x1e")
    return digest.hexdigest()[:16]


def rollup(path: str) -> dict[tuple[str, str], list[float]]:
    """Read a roll-up: its means are rounded, since sums of doubles depend on their order."""
    with open(path, newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    measures = ("impressions", "spend", "rate")
    return {(row[BY[0]], row[BY[1]]): [float(f"{float(row[name]):.9g}") for name in measures] for row in rows}


def run(command: list[str]) -> dict[str, float]:
    """Run a program that prints one line of JSON."""
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return json.loads(done.stdout.splitlines()[-1])


def compare(bench: str, folder: Path, work: Path, turns: int) -> dict[str, dict]:
    """Run every program on a folder: the best of its turns, and whether its outputs are those of all."""
    outputs = {name: (str(work / f"{name}.csv"), str(work / f"{name}.rollup.csv")) for name in ["amc-fleet", *PEERS]}

    def command(name: str) -> list[str]:
        out, rolled = outputs[name]
        if name == "amc-fleet":
            return [bench, str(folder), out, "--rollup", rolled]
        return [sys.executable, __file__, "--peer", name, str(folder), out, rolled]

    times: dict[str, list[dict]] = {name: [] for name in outputs}
    for _ in range(turns):
        for name in outputs:
            for left in outputs[name]:
                Path(left).unlink(missing_ok=True)
            times[name].append(run(command(name)))
    best: Callable[[list[dict]], dict] = lambda runs: min(runs, key=lambda it: it["total_s"])
    prints = {name: fingerprint(out) for name, (out, _) in outputs.items()}
    rolled = {name: rollup(path) for name, (_, path) in outputs.items()}
    ours = (prints["amc-fleet"], rolled["amc-fleet"])
    said = {}
    for name, runs in times.items():
        equal = (prints[name], rolled[name]) == ours
        said[name] = {**{key: round(value, 3) for key, value in best(runs).items()}, "hash": prints[name], "equal": equal}
    return said


def main() -> None:
    """Compare on plain files and on awkward ones, print one line of JSON each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("bench", help="the program bench-merge, or the name of a peer")
    parser.add_argument("--files", type=int, default=100)
    parser.add_argument("--rows", type=int, default=10000)
    parser.add_argument("--turns", type=int, default=3)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as work:
        for kind, files, rows in (("awkward", 12, 500), ("plain", options.files, options.rows)):
            folder = Path(work) / kind
            write_files(folder, files, rows, awkward=kind == "awkward")
            said = compare(options.bench, folder, Path(work), options.turns)
            ours, theirs = said["amc-fleet"], said["polars"]
            ratios = {f"{key}_of_polars": round(ours[key] / theirs[key], 3) for key in ("total_s", "peak_rss_mb")}
            print(json.dumps({"files": kind, "count": files, "rows_each": rows, **ratios, "programs": said}))


if __name__ == "__main__":
    if sys.argv[1:2] == ["--peer"]:
        run_peer(*sys.argv[2:])
    else:
        main()
