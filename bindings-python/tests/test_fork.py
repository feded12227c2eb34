"""A forked child: an inherited handle raises, a new one works, nothing hangs."""

import pytest

INHERITED = """
import gc, os, sys
import amc_fleet

fleet = amc_fleet.Fleet("parent.db", credentials=amc_fleet.Credentials.from_env())
fleet.sync_instances()
batch = fleet.run_batch(sql="SELECT a FROM t", instances="all", window="last 30 days")
if sys.argv[1] == "idle":
    batch.wait()

def child(database):
    for call in (fleet.instances, batch.status, fleet.close, lambda: next(batch.events()), lambda: repr(batch)):
        try:
            call()
            return "an inherited handle was used"
        except amc_fleet.ForkedError as error:
            assert error.code == "forked", error.code
    with amc_fleet.Fleet(database, credentials=amc_fleet.Credentials.from_env()) as own:
        own.sync_instances()
        done = own.run_batch(sql="SELECT a FROM t", instances="all", window="last 30 days").wait()
        assert len(done.results()) == 60
    globals().pop("fleet"), globals().pop("batch")
    gc.collect()

pid = os.fork()
if pid == 0:
    try:
        wrong = child("child.db")
    except BaseException as error:
        wrong = repr(error)
    sys.stderr.write(wrong or "")
    sys.stderr.flush()
    os._exit(1 if wrong else 0)
assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0
batch.wait()
fleet.close()
"""

POOL = """
import multiprocessing, sys
import amc_fleet

def work(number):
    with amc_fleet.Fleet(f"pool{number}.db", credentials=amc_fleet.Credentials.from_env()) as own:
        own.sync_instances()
        return len(own.run_batch(sql="SELECT a FROM t", instances="all", window="last 30 days").wait().results())

def failing(_):
    raise amc_fleet.ConflictError("taken", code="key_conflict", instances=["amc1"])

with amc_fleet.Fleet("parent.db", credentials=amc_fleet.Credentials.from_env()) as fleet:
    fleet.sync_instances()
    with multiprocessing.get_context("fork").Pool(2) as pool:
        assert pool.map(work, range(2)) == [60, 60]
        try:
            pool.map(failing, [0])
        except amc_fleet.ConflictError as error:
            assert (error.code, error.instances) == ("key_conflict", ["amc1"])
        else:
            sys.exit("no error came back")
"""


@pytest.mark.parametrize("parent", ["idle", "working"])
def test_a_child_is_refused_its_parent_s_handles_and_works_with_its_own(small, python, parent):
    python(INHERITED, parent)


def test_the_processes_of_a_pool_each_have_a_fleet(small, python):
    python(POOL)
