"""What goes to standard error and to the logger, and what does not."""

import io
import logging
import sys
import threading

import amc_fleet
import pytest
from amc_fleet import _progress


class Terminal(io.StringIO):
    """A standard error somebody looks at."""

    def isatty(self):
        return True


def test_work_left_over_is_said_on_leaving_and_on_opening(endless, capsys):
    with endless.fleet() as fleet:
        fleet.sync_instances()
        fleet.run_batch(sql="SELECT a FROM t", instances="all", window="yesterday", key="k")
    left = capsys.readouterr().err
    assert left.startswith("amc_fleet: 3 executions are unfinished in sqlite://") and left.count("\n") == 1
    with endless.fleet() as fleet:
        assert "this process goes on with it" in capsys.readouterr().err
        fleet.batch("k").cancel()
        fleet.batch("k").wait(raise_on_failure=False)
    assert capsys.readouterr().err == ""


def test_work_in_memory_ends_with_its_fleet(endless, capsys):
    with endless.fleet("memory:") as fleet:
        fleet.sync_instances()
        fleet.run_batch(sql="SELECT a FROM t", instances="all", window="yesterday")
        assert fleet.unfinished() == 3
    assert capsys.readouterr().err == "amc_fleet: 3 executions are unfinished in memory: they end with it\n"


def test_the_database_of_a_user_is_said(tmp_path, monkeypatch, capsys):
    monkeypatch.delenv("AMC_FLEET_DATABASE", raising=False)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    with amc_fleet.Fleet() as fleet:
        assert fleet.database == f"sqlite://{tmp_path}/amc-fleet/fleet.db"
    assert capsys.readouterr().err == f"amc_fleet: the database is {fleet_path(tmp_path)}\n"


def fleet_path(folder):
    return f"sqlite://{folder}/amc-fleet/fleet.db"


@pytest.mark.parametrize(("progress", "lines"), [("auto", 0), (False, 0), (True, 1)])
def test_progress_is_for_a_person_who_looks(batch, capsys, progress, lines):
    batch.wait(progress=progress)
    assert capsys.readouterr().err.count("\n") == lines


def test_a_word_that_means_nothing_is_refused(batch):
    with pytest.raises(ValueError, match="perhaps"):
        batch.wait(progress="perhaps")


@pytest.mark.parametrize("display", [_progress.TqdmBar, _progress.RichBar, _progress.Lines])
def test_every_display_shows_the_end(batch, monkeypatch, display):
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    shown = _progress.Shown(batch, display())
    shown.update()
    shown.close()
    assert "Reach by campaign" in terminal.getvalue()


def test_a_terminal_has_a_bar_of_what_is_installed(monkeypatch):
    monkeypatch.setattr(sys, "stderr", Terminal())
    assert isinstance(_progress._display("auto"), _progress.TqdmBar)
    monkeypatch.setattr(_progress.importlib.util, "find_spec", lambda library: library == "rich" or None)
    assert isinstance(_progress._display("auto"), _progress.RichBar)
    monkeypatch.setattr(_progress.importlib.util, "find_spec", lambda library: None)
    assert isinstance(_progress._display("auto"), _progress.Lines)


def test_what_the_core_traces_reaches_the_logger(small):
    heard = threading.Event()

    class Hearing(logging.Handler):
        def emit(self, record):
            if record.name.startswith("amc_fleet.client") and "AMC answered" in record.getMessage():
                heard.set()

    handler, logger = Hearing(), logging.getLogger("amc_fleet")
    logger.addHandler(handler)
    logger.setLevel(logging.DEBUG)
    try:
        with small.fleet() as fleet:
            fleet.sync_instances()
        assert heard.wait(timeout=30)
    finally:
        logger.removeHandler(handler)
        logger.setLevel(logging.NOTSET)
