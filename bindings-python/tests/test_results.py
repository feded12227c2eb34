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


def test_a_roll_up_is_a_table_like_any_other(results, tmp_path):
    import amc_fleet

    cost = amc_fleet.weighted("impressions")
    columns = {"reach": amc_fleet.distinct(), "impressions": amc_fleet.additive(), "cost": cost}
    rolled = results.roll_up(by=["_instance_id"], columns=columns)
    frame, rows = polars.DataFrame(rolled), results.to_polars().group_by("_instance_id", maintain_order=True)
    wanted = rows.agg(polars.col("impressions").sum(), polars.col("reach").max())
    assert frame["impressions"].to_list() == wanted["impressions"].to_list()
    assert frame["reach_at_least"].to_list() == wanted["reach"].to_list()
    assert frame["reach_at_most"].null_count() == len(rolled) == 3
    field = pyarrow.table(rolled).schema.field("reach_at_most")
    assert field.metadata[b"amc.reason"] == b"AMC was not asked to mark what it suppressed"
    assert rolled.write_csv(tmp_path / "rolled.csv").rows == 3


def test_what_cannot_be_rolled_up_is_refused(results):
    import amc_fleet
    from conftest import refusal

    columns = {"reach": amc_fleet.additive()}
    assert refusal(lambda: results.roll_up(["campaign"], columns)).code == "not_additive"
    assert refusal(lambda: results.roll_up(["nowhere"])).code == "unknown_column"
    with pytest.raises(TypeError):
        results.roll_up(["campaign"], {"reach": "sum"})


@pytest.mark.parametrize("name", ["a.csv", "a.jsonl", "a.parquet", "a.arrow", "a.arrows", "a.xlsx"])
def test_every_format_holds_every_row(results, tmp_path, name):
    export = results.write(tmp_path / name)
    assert export.rows == 60 and json.loads(export.manifest_path.read_text())["file"]["sha256"] == export.sha256
    read = {
        "a.csv": lambda path: polars.read_csv(path).height,
        "a.jsonl": lambda path: polars.read_ndjson(path).height,
        "a.parquet": lambda path: polars.read_parquet(path).height,
        "a.arrow": lambda path: polars.read_ipc(path).height,
        "a.arrows": lambda path: polars.read_ipc_stream(path).height,
        "a.xlsx": lambda path: 60 if path.read_bytes().startswith(b"PK") else 0,
    }
    assert read[name](export.path) == 60


def test_options_of_csv_are_for_csv(results, tmp_path):
    from conftest import refusal

    export = results.write(tmp_path / "people.csv", byte_order_mark=True, spreadsheet_safe=True)
    assert export.path.read_bytes().startswith(b"\xef\xbb\xbf_instance_id")
    assert refusal(lambda: results.write(tmp_path / "a.parquet", byte_order_mark=True)).code == "csv_only"
    assert refusal(lambda: results.write(tmp_path / "a.doc")).code == "unknown_format"
    assert refusal(lambda: results.write(tmp_path / "a.csv", format="excel")).code == "unknown_format"


def test_a_merge_adds_what_it_is_asked_for(batch):
    results = batch.results(drift="strict", region=True, segment=True, execution_id=True)
    ours = ["_instance_id", "_instance_name", "_region", "_segment", "_execution_id"]
    assert results.columns[:5] == ours
    ids = {execution.execution_id for execution in batch.status().executions}
    assert set(results.to_polars()["_execution_id"]) == ids


def test_a_file_is_traced_by_its_content(done, results, tmp_path):
    from conftest import refusal

    fleet = done[1]

    export = results.write(tmp_path / "reach.parquet")
    moved = export.path.rename(tmp_path / "elsewhere")
    assert fleet.trace_file(moved)["manifest"]["batch_id"] == results.summary().batch_id
    moved.write_text("changed")
    assert refusal(fleet.trace_file, moved).code == "unknown_file"


def test_duckdb_reads_results_as_they_are(results):
    import duckdb

    assert duckdb.sql("SELECT count(*), count(DISTINCT _instance_id) FROM results").fetchall() == [(60, 3)]


def test_bytes_come_as_they_are_ready(results, tmp_path):
    import io

    from conftest import refusal

    path = results.write(tmp_path / "reach.parquet").path
    assert b"".join(results.stream("parquet")) == path.read_bytes()
    file = io.BytesIO()
    assert results.write_to(file, "csv", spreadsheet_safe=True) == len(file.getvalue())
    assert polars.read_csv(file.getvalue()).height == 60
    assert refusal(results.stream, "excel").code == "unknown_format"
    assert refusal(results.stream, "parquet", byte_order_mark=True).code == "csv_only"
    with pytest.raises(AttributeError):
        results.write_to(tmp_path / "no file object", "csv")


def test_roles_stand_in_the_schema_and_in_the_table(results):
    fields = pyarrow.table(results).schema
    assert fields.field("reach").metadata[b"amc.role"] == b"distinct"
    assert fields.field("impressions").metadata[b"amc.role"] == b"additive"
    assert repr(results.head(1)).splitlines()[1].split()[:2] == ["distinct", "additive"]
    assert "distinct" in results._repr_html_()


def test_results_may_lie_in_a_folder(tmp_path):
    import duckdb
    from amc_fleet.testing import emulator
    from conftest import SMALL, SQL, refusal

    place = tmp_path / "results"
    with emulator(options=SMALL, folder=tmp_path) as amc:
        with amc.fleet(results=place) as fleet:
            fleet.sync_instances()
            batch = fleet.run_batch(sql=SQL, instances="all", window="last 30 days").wait()
            assert len(batch.results()) == 60
        files = f"read_parquet('{place}/*/*/*.parquet', hive_partitioning = true)"
        found = duckdb.sql(f"SELECT count(*), count(DISTINCT instance_id), any_value(batch_id) FROM {files}")
        assert found.fetchall() == [(60, 3, batch.id)]
        with amc.fleet() as again:
            assert len(again.batch(batch.id).results()) == 60 and again.verify() == []
        assert refusal(lambda: amc.fleet(results=tmp_path / "elsewhere")).code == "results_elsewhere"
        for place, code in [("s3://bucket/amc", "no_s3"), ("ftp://host", "unreadable_results_place")]:
            assert refusal(lambda place=place: amc.fleet(tmp_path / "other.db", results=place)).code == code


def sheet(path, name):
    """Read the cells of a sheet as whoever opens the workbook reads them."""
    import xml.etree.ElementTree as tree
    import zipfile

    main = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
    with zipfile.ZipFile(path) as book:
        has_texts = "xl/sharedStrings.xml" in book.namelist()
        shared = tree.fromstring(book.read("xl/sharedStrings.xml")) if has_texts else []
        texts = ["".join(part.text or "" for part in item.iter(f"{main}t")) for item in shared]
        names = [it.get("name") for it in tree.fromstring(book.read("xl/workbook.xml")).iter(f"{main}sheet")]
        cells = tree.fromstring(book.read(f"xl/worksheets/sheet{names.index(name) + 1}.xml"))

    def value(cell):
        if cell.get("t") == "inlineStr":
            return "".join(part.text or "" for part in cell.iter(f"{main}t"))
        text = cell.findtext(f"{main}v")
        return texts[int(text)] if cell.get("t") == "s" else text and float(text)

    rows = [{cell.get("r")[0]: value(cell) for cell in row.iter(f"{main}c")} for row in cells.iter(f"{main}row")]
    return [[row.get(column) for column in sorted(rows[0])] for row in rows]


def test_a_workbook_holds_every_cell_and_where_it_comes_from(results, tmp_path):
    path = results.write(tmp_path / "reach.xlsx").path
    names, *rows = sheet(path, "Results")
    assert names == COLUMNS
    number = lambda cell: cell if cell is None or isinstance(cell, str) else float(cell)  # noqa: E731
    assert rows == [[number(cell) for cell in row] for row in results.to_polars().rows()]
    told = dict(sheet(path, "Provenance"))
    assert told["amc_fleet.batch_id"] == results.summary().batch_id and told["amc_fleet.complete"] == "3 of 3"
    assert len(told["amc_fleet.sql_hash"]) == 64
