"""What handing 1,000,000 rows over to polars and pyarrow adds to the merge that reads them; one JSON line.

The merge is the time in which every row is read, merged and let go. What a table costs is what it takes longer.
"""

import json
import time
from collections.abc import Callable

import polars
import pyarrow
from amc_fleet.testing import emulator

ROWS = 1_000_000
INSTANCES = 50
ROUNDS = 7
SQL = "SELECT campaign, SUM(impressions) AS impressions, COUNT(user_id) AS reach FROM dsp_impressions GROUP BY campaign"


def seconds(call: Callable[[], object]) -> float:
    """Give the time a call takes; what it gives is let go outside of it."""
    begin = time.perf_counter()
    kept = call()
    taken = time.perf_counter() - begin
    del kept
    return taken


def drain() -> None:
    """Read and merge every row, and let it go."""
    for _ in pyarrow.RecordBatchReader.from_stream(results):
        pass


with emulator(INSTANCES, options=["--rows", str(ROWS // INSTANCES)]) as amc, amc.fleet() as fleet:
    fleet.sync_instances()
    results = fleet.run_batch(sql=SQL, instances="all", window="last 30 days").wait().results()
    calls = {
        "merge": drain,
        "pyarrow": lambda: pyarrow.table(results),
        "polars": lambda: polars.DataFrame(results),
    }
    best = dict.fromkeys(calls, float("inf"))
    # In turns, so that whatever else the machine does strikes all alike; the best of each counts.
    for _ in range(ROUNDS):
        for name, call in calls.items():
            best[name] = min(best[name], seconds(call))
    told = {f"{name}_ms": round(1000 * taken) for name, taken in best.items()}
    for name in ("pyarrow", "polars"):
        told[f"{name}_adds_percent"] = round(100 * (best[name] / best["merge"] - 1), 1)
    print(json.dumps({"rows": len(results), **told}))
