"""A fleet in PostgreSQL, shared by a program that asks and one that works."""

import os
import subprocess
import uuid
from pathlib import Path

import amc_fleet
import pytest
from conftest import SQL


@pytest.fixture
def database():
    """The URL of an empty database on the server of the tests."""
    server, tools = os.environ["AMC_FLEET_TEST_POSTGRES"], Path(os.environ["AMC_FLEET_TEST_POSTGRES_BIN"])
    name = f"python_{uuid.uuid4().hex}"
    subprocess.run([tools / "createdb", "--maintenance-db", server, name], check=True)
    yield f"{server.rpartition('/')[0]}/{name}"
    subprocess.run([tools / "dropdb", "--maintenance-db", server, "--force", name], check=True)


def test_one_fleet_asks_and_another_works(small, database):
    with small.fleet(database) as client, small.fleet(database, worker=True) as worker:
        assert (client.is_working, worker.is_working) == (False, True)
        client.sync_instances()
        batch = client.run_batch(sql=SQL, instances="all", window="last 30 days").wait()
        assert batch.status().completed_instances == len(client.instances()) == len(small.executions())
        assert batch.results().summary().total_rows == 20 * len(client.instances())


def test_a_password_is_shown_nowhere(database):
    password = database.rpartition("@")[0].rpartition(":")[2]
    with amc_fleet.Fleet(database) as fleet:
        assert password not in f"{fleet!r} {fleet.database}"
        assert fleet.database.endswith(database.rpartition("@")[2])


def test_migrate_makes_what_opening_must_not(database):
    with pytest.raises(amc_fleet.UnsupportedError) as refused:
        amc_fleet.Fleet(database, migrate="never")
    assert refused.value.code == "migration_needed"
    amc_fleet.Fleet.migrate(database)
    with amc_fleet.Fleet(database, migrate="never") as fleet:
        assert fleet.instances() == []
