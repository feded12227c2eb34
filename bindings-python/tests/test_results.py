"""Results: one table, in every library, as often as it is asked for."""

import decimal
import json

import pandas
import polars
import pyarrow
import pytest

COLUMNS = ["_instance_id", "_instance_name", "campaign", "reach", "impressions", "cost"]


@pytest.fixture
def results(batch):
    return batch.results()


def test_every_library_reads_the_same_rows(results):
    assert len(results) == 60 and results.columns == COLUMNS
    frame, table, pandas_frame = results.to_polars(), results.to_arrow(), results.to_pandas()
    assert isinstance(frame, polars.DataFrame) and isinstance(pandas_frame, pandas.DataFrame)
    assert frame.rows() == polars.DataFrame(results).rows()
    assert [tuple(row.values()) for row in table.to_pylist()] == frame.rows()
    assert len(pandas_frame) == 60 and isinstance(frame["cost"][0], decimal.Decimal)


def test_a_stream_is_fresh_each_time(results):
    reader = pyarrow.RecordBatchReader.from_stream(results)
    assert reader.schema.names == COLUMNS
    assert reader.read_all() == pyarrow.table(results)


def test_a_result_outlives_what_it_came_from(batch):
    results = batch.results()
    reader = pyarrow.RecordBatchReader.from_stream(results)
    del results, batch
    assert reader.read_all().num_rows == 60


def test_head_gives_the_first_rows(results):
    head = results.head(7)
    assert len(head) == 7 and polars.DataFrame(head).rows() == results.to_polars().head(7).rows()
    assert repr(head).splitlines()[0].split() == COLUMNS
    assert len(results.head(1000)) == 60 and len(results.head(0)) == 0


def test_csv_comes_with_a_manifest(results, tmp_path):
    export = results.write_csv(tmp_path / "reach.csv")
    assert (export.rows, export.bytes) == (60, (tmp_path / "reach.csv").stat().st_size)
    manifest = json.loads(export.manifest_path.read_text())
    assert manifest["complete"] == results.summary().complete == "3 of 3"
    assert polars.read_csv(export.path).height == 60


def test_a_file_that_cannot_be_written_is_named(results, tmp_path):
    from conftest import refusal

    assert refusal(results.write_csv, tmp_path / "nowhere" / "reach.csv").code == "file_not_writable"


def test_what_is_missing_can_be_included(tmp_path):
    from amc_fleet.testing import emulator
    from conftest import SMALL, refusal

    with emulator(options=[*SMALL, "--denied", "1"], folder=tmp_path) as amc, amc.fleet() as fleet:
        fleet.sync_instances()
        batch = fleet.run_batch(sql="SELECT a FROM t", instances="all", window="last 30 days")
        assert batch.wait(raise_on_failure=False).status().status == "partial"
        error = refusal(batch.results)
        assert error.code == "results_incomplete" and len(error.instances) == 1
        some = batch.results(missing="include")
        assert some.summary().missing == error.instances and some.summary().complete == "3 of 4"
        assert "3 of 4 instances" in repr(some)
