"""Ctrl-C: the waiting ends at once, the batch does not."""

import signal
import subprocess
import sys

from conftest import DEADLINE

PROGRAM = """
import sys
import amc_fleet

with amc_fleet.Fleet("fleet.db", credentials=amc_fleet.Credentials.from_env()) as fleet:
    fleet.sync_instances()
    batch = fleet.run_batch(sql="SELECT a FROM t", instances="all", window="last 30 days", key="long")
    for event in batch.events():
        if event.kind == "submitted":
            break
    try:
        print("waiting", flush=True)
        batch.wait()
    except KeyboardInterrupt:
        print(batch.status().status, flush=True)
"""


def test_interrupting_a_wait_leaves_the_batch_running(endless, tmp_path):
    with subprocess.Popen(
        [sys.executable, "-c", PROGRAM], cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout.readline() == "waiting\n"
        process.send_signal(signal.SIGINT)
        told, notices = process.communicate(timeout=DEADLINE)
    assert (process.returncode, told) == (0, "running\n"), notices
    assert "unfinished in sqlite://fleet.db" in notices
    with endless.fleet(tmp_path / "fleet.db") as fleet:
        assert fleet.batch("long").status().status == "running"
        fleet.batch("long").cancel()
    assert {run["status"] for run in endless.executions()} <= {"CANCELLED", "RUNNING", "PENDING"}
