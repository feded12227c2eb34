"""The emulator, steered from Python: rows loaded, faults planned, the clock moved."""

import datetime
from typing import get_args

import pandas
import polars
import pyarrow
import pytest
from amc_fleet.testing import emulator
from amc_fleet.testing._emulator import FaultKind
from conftest import SMALL, refusal

WINDOW = "last 30 days"
HOURS = ["--rows", "20", "--latency-ms", "7200000", "--frozen"]
ROWS = {"campaign": ['say "hi", twice', "Winter"], "clicks": [3, None], "total_cost": [1.25, 0.5]}
CSV = 'campaign,clicks,total_cost\n"say ""hi"", twice",3,1.25\nWinter,,0.5\n'


def run(fleet, sql):
    return fleet.run_batch(sql=sql, instances="all", window=WINDOW)


@pytest.mark.parametrize(
    "table", [pyarrow.table, polars.DataFrame, lambda rows: pandas.DataFrame(rows).convert_dtypes()]
)
def test_a_query_reads_the_rows_of_any_arrow_table(small, fleet, table):
    assert small.load(None, "dsp_clicks", table(ROWS)) == 2
    read = run(fleet, "SELECT campaign, clicks, total_cost FROM dsp_clicks").wait().results().to_polars()
    wanted = polars.DataFrame(ROWS).with_columns(polars.col("total_cost").cast(read["total_cost"].dtype))
    assert read[:, 2:].rows() == wanted.rows() * 3


def test_a_query_reads_the_rows_of_a_csv(small, fleet, tmp_path):
    (tmp_path / "clicks.csv").write_text(CSV)
    first, second, _ = fleet.instances()
    assert small.load(first, "dsp_clicks", CSV) == small.load(second.instance_id, "dsp_clicks", tmp_path / "clicks.csv")
    results = run(fleet, "SELECT campaign, clicks FROM dsp_clicks").wait().results()
    assert [part.row_count for part in results.summary().instances] == [2, 2, 20]
    assert results.head(2).__arrow_c_stream__() and results.to_polars()["clicks"][:4].to_list() == [3, None, 3, None]


def test_what_the_emulator_does_not_take_is_said(small):
    for call in (
        lambda: small.load("amcnobody", "dsp_clicks", CSV),
        lambda: small.load(None, "dsp_clicks", "a,b\n1\n"),
        lambda: small.fail("POST", status=429, nht=2),
        lambda: small.fail("POST"),
        lambda: small.advance("a while"),
    ):
        error = refusal(call)
        assert error.code == "emulator_refused" and str(error)
    with pytest.raises(ValueError, match="table"):
        small.load(None, "dsp_clicks", 7)


def test_a_fault_strikes_and_is_counted(small, fleet):
    fault = small.fail("POST", status=429, nth=2, retry_after=0)
    never = small.fail("POST", "/nowhere", status=500)
    batch = run(fleet, "SELECT a FROM t").wait()
    assert batch.status().completed_instances == 3
    assert (small.fired(fault), small.fired(never), small.fired()) == (1, 0, 1)
    assert len(small.executions()) == 3
    assert [known["matched"] > 0 for known in small.faults()] == [True, False]
    small.clear_faults()
    assert small.faults() == []


def test_an_answer_that_is_lost_runs_nothing_twice(small, fleet):
    fault = small.fail("POST", "*/workflowExecutions", kind="reset", after=True)
    assert run(fleet, "SELECT a FROM t").wait(timeout=60).status().completed_instances == 3
    assert small.fired(fault) == 1 and len(small.executions()) == 3


def test_a_run_fails_as_planned(small, fleet):
    chosen = fleet.instances()[1]
    small.fail(kind="run_fails", status="FAILED", reason="a disk is full", instance=chosen)
    batch = run(fleet, "SELECT a FROM t").wait(raise_on_failure=False)
    (cause,) = batch.errors()
    assert cause.instances == [chosen.instance_id] and "a disk is full" in cause.message


FIELDS = {
    "status": {"status": 503, "body": "html"},
    "slow": {"delay_ms": 5},
    "late_effect": {"delay_ms": 5},
    "trickle": {"delay_ms": 5, "pieces": 2},
    "stuck": {"status": "PENDING"},
    "late_in_lists": {"seconds": 5},
    "run_fails": {"status": "REJECTED", "reason": "no"},
    "run_takes": {"seconds": 5},
}


def test_every_kind_of_fault_can_be_planned(small):
    kinds = get_args(FaultKind)
    assert [small.fail(kind=kind, **FIELDS.get(kind, {})) for kind in kinds] == list(range(1, len(kinds) + 1))
    assert len({fault["kind"] for fault in small.faults()}) == len(kinds) == 15


def test_a_query_is_answered_as_scripted(small, fleet):
    small.script("brand_reach", pyarrow.table({"brand": ["A"], "reach": [10]}), data_types={"reach": "INTEGER"})
    small.script("no_such", status="REJECTED", reason="From line 1, column 15 to line 1, column 21: Object not found")
    results = run(fleet, "SELECT brand, reach FROM brand_reach").wait().results()
    assert results.to_polars()[:, 2:].rows() == [("A", 10)] * 3
    error = refusal(run, fleet, "SELECT 1 FROM no_such")
    assert error.__notes__[0] == "1 | SELECT 1 FROM no_such\n  |               ^"


def test_hours_pass_at_once(tmp_path):
    with emulator(options=HOURS, folder=tmp_path) as amc, amc.fleet() as fleet:
        fleet.sync_instances()
        batch = run(fleet, "SELECT a FROM t")
        submitted = (event for event in batch.events() if event.kind == "submitted")
        for _ in range(3):
            next(submitted)
        before = amc.now
        assert amc.advance("1h") == before + datetime.timedelta(hours=1)
        assert {execution["status"] for execution in amc.executions()} == {"RUNNING"}
        amc.advance(datetime.timedelta(hours=2))
        assert batch.wait(timeout=60).status().status == "completed"
        assert amc.now == before + datetime.timedelta(hours=3)
        amc.freeze(False)
        assert amc.advance(30.5) > before + datetime.timedelta(hours=3, seconds=30)


def test_the_same_seed_draws_the_same_faults(tmp_path):
    def struck(seed):
        with emulator(options=SMALL, folder=tmp_path) as amc, amc.fleet("memory:") as fleet:
            amc.fail("GET", "/amc/instances", kind="slow", delay_ms=1, chance=0.5, seed=seed)
            for _ in range(6):
                fleet.sync_instances()
            return amc.fired()

    assert struck(3) == struck(3) and 0 < struck(3) < 12
