"""The programs of the examples, as they are."""

import re
import shutil

import pytest
from amc_fleet.testing import emulator
from conftest import ROOT, SMALL

EXAMPLES = ROOT / "examples"


@pytest.fixture
def fifty(tmp_path, monkeypatch):
    """Fifty instances, and the query beside the program."""
    shutil.copy(EXAMPLES / "reach.sql", tmp_path)
    with emulator(instances=50, options=SMALL) as amc:
        for name, value in amc.env.items():
            monkeypatch.setenv(name, value)
        yield amc


@pytest.mark.parametrize("program", ["01_batch", "02_async", "03_duckdb"])
def test_a_program_runs_the_query_once_on_each_instance(fifty, python, tmp_path, program):
    ended = python(EXAMPLES / "python" / f"{program}.py")
    assert len(fifty.executions()) == 50
    rows = (tmp_path / "reach.csv").read_text().splitlines()
    assert rows[0] == "_instance_id,_instance_name,campaign,reach,impressions,cost"
    assert len(rows) == 1 + 50 * 20
    assert (tmp_path / "reach.csv.manifest.json").exists()
    assert "campaign" in ended.stdout


def test_a_report_is_scheduled(fifty, python):
    ended = python(EXAMPLES / "python" / "02_schedule.py")
    lines = ended.stdout.splitlines()
    assert lines[0] == "At 06:00, on Monday."
    assert lines[-1] == "<ReportOverview 'Monday report': 1 runs, 1 completed> []"
    assert len(fifty.executions()) == 50


def test_history_is_filled(fifty, python):
    ended = python(EXAMPLES / "python" / "03_backfill.py")
    plan, history, *segments = ended.stdout.splitlines()
    assert re.fullmatch(r"<BackfillPlan (8|9) segments, (8|9) runs>", plan)
    assert f"completed: {len(segments)} of {len(segments)}" in history
    assert {segment.split()[2] for segment in segments} == {run["workflowExecutionId"] for run in fifty.executions()}


def test_running_the_notebook_again_starts_nothing_twice(fifty, python, tmp_path):
    notebook = shutil.copy(EXAMPLES / "notebook" / "01_batch.ipynb", tmp_path)
    for _ in range(2):
        python(
            "import sys, pytest; sys.exit(pytest.main(sys.argv[1:]))",
            "--nbmake", "--overwrite", "--rootdir", str(tmp_path), "-p", "no:cacheprovider", str(notebook),
        )  # fmt: skip
        assert len(fifty.executions()) == 50
    assert "50 completed of 50" in (tmp_path / "01_batch.ipynb").read_text()


def test_the_fixture_of_the_package_gives_an_amc_to_a_stranger_s_test(python, tmp_path):
    (tmp_path / "test_mine.py").write_text(
        "def test_mine(amc):\n    with amc.fleet() as fleet:\n        assert len(fleet.sync_instances().added) == 3\n"
    )
    ended = python("import sys, pytest; sys.exit(pytest.main(['-q', '-p', 'no:cacheprovider', 'test_mine.py']))")
    assert "1 passed" in ended.stdout
