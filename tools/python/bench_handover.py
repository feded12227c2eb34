"""What handing 1,000,000 rows over to polars and pyarrow costs, beside the merge that reads them."""

import time
from collections.abc import Callable

import amc_fleet
import polars
import pyarrow
from amc_fleet.testing import emulator

ROWS = 1_000_000
INSTANCES = 50
COLUMNS = ", ".join(["campaign", "SUM(impressions) AS impressions", "COUNT(user_id) AS reach"])


def seconds(call: Callable[[], object]) -> float:
    """Give the time a call takes."""
    begin = time.perf_counter()
    call()
    return time.perf_counter() - begin


def merge(results: amc_fleet.Results) -> None:
    """Read and merge every row, and let it go."""
    for _ in pyarrow.RecordBatchReader.from_stream(results):
        pass


with emulator(INSTANCES, options=["--rows", str(ROWS // INSTANCES)]) as amc, amc.fleet() as fleet:
    fleet.sync_instances()
    sql = f"SELECT {COLUMNS} FROM dsp_impressions GROUP BY campaign"
    results = fleet.run_batch(sql=sql, instances="all", window="last 30 days").wait().results()
    merged = min(seconds(lambda: merge(results)) for _ in range(3))
    print(f"{len(results)} rows: merge {1000 * merged:.0f} ms")
    for name, take in (("pyarrow", pyarrow.table), ("polars", polars.DataFrame)):
        taken = min(seconds(lambda take=take: take(results)) for _ in range(3))
        print(f"{name}: {1000 * taken:.0f} ms, {100 * (taken - merged) / merged:+.1f} % of the merge")
