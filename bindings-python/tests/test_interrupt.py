"""Ctrl-C: the waiting ends at once, the batch does not."""

import signal
import subprocess
import sys
from contextlib import contextmanager

import pytest
from amc_fleet.testing import emulator
from conftest import DEADLINE, SMALL, SQL

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


# A request to AMC that is out ends after 10 s; a process that would wait for it is late.
SOON = 5


@contextmanager
def started(program, folder, **options):
    """A program that has come to where it waits."""
    pipes = dict(stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    with subprocess.Popen([sys.executable, "-c", program], cwd=folder, **pipes, **options) as process:
        assert process.stdout.readline() == "waiting\n", process.stderr.read()
        yield process


def test_interrupting_a_wait_leaves_the_batch_running(endless, tmp_path):
    with started(PROGRAM, tmp_path) as process:
        process.send_signal(signal.SIGINT)
        told, notices = process.communicate(timeout=DEADLINE)
    assert (process.returncode, told) == (0, "running\n"), notices
    assert "unfinished in sqlite://fleet.db" in notices
    with endless.fleet(tmp_path / "fleet.db") as fleet:
        assert fleet.batch("long").status().status == "running"
        fleet.batch("long").cancel()
    assert {run["status"] for run in endless.executions()} <= {"CANCELLED", "RUNNING", "PENDING"}


HASTY = """
import asyncio, sys
import amc_fleet

def opened(kind):
    return kind("fleet.db", credentials=amc_fleet.Credentials.from_env())

def waiting():
    print("waiting", flush=True)
    sys.stdin.readline()

def main():
    with opened(amc_fleet.Fleet) as fleet:
        fleet.sync_instances()
        batch = fleet.run_batch(sql="SELECT a FROM t", instances="all", window="last 30 days")
        waiting()
        batch.wait()

async def amain():
    async with opened(amc_fleet.AsyncFleet) as fleet:
        await fleet.sync_instances()
        batch = await fleet.run_batch(sql="SELECT a FROM t", instances="all", window="last 30 days")
        await asyncio.to_thread(waiting)
        await batch.wait()

%s
"""


@pytest.mark.parametrize("call", ["main()", "asyncio.run(amain())"])
def test_interrupting_leaves_a_with_though_amc_does_not_answer(small, tmp_path, call):
    small.fail("POST", "*/workflowExecutions", kind="half_open", times=0)
    with started(HASTY % call, tmp_path, stdin=subprocess.PIPE) as process:
        while not small.fired():
            pass
        process.stdin.write("\n")
        process.stdin.flush()
        process.send_signal(signal.SIGINT)
        _, notices = process.communicate(timeout=SOON)
    assert process.returncode == -signal.SIGINT and "3 executions are unfinished" in notices, notices


READING = """
import os, signal, threading
import amc_fleet, polars

with amc_fleet.Fleet("fleet.db") as fleet:
    results = fleet.batches()[0].results()
    print("waiting", flush=True)
    threading.Timer(0.1, os.kill, [os.getpid(), signal.SIGINT]).start()
    polars.DataFrame(results)
    print("read to the end", flush=True)
"""


def test_interrupting_ends_the_reading_of_another_library(tmp_path):
    with emulator(options=[*SMALL[2:], "--rows", "200000"], folder=tmp_path) as amc, amc.fleet() as fleet:
        fleet.sync_instances()
        fleet.run_batch(sql=SQL, instances="all", window="last 30 days").wait()
    with started(READING, tmp_path) as process:
        told, notices = process.communicate(timeout=DEADLINE)
    assert process.returncode != 0 and "read to the end" not in told and "KeyboardInterrupt" in notices, notices
