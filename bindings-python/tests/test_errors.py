"""Errors: every kind has its class, every field arrives, nothing is lost on the way."""

import pickle
import socket

import amc_fleet
import pytest
from amc_fleet import _amc_fleet, errors
from conftest import refusal

WINDOW = "last 30 days"


def test_every_kind_of_the_core_has_a_class():
    assert set(errors._OF_KIND) == set(_amc_fleet.error_kinds())
    for kind, found in errors._OF_KIND.items():
        assert issubclass(found, amc_fleet.Error) and found.kind == kind
    assert len(set(errors._OF_KIND.values())) == len(_amc_fleet.error_kinds())


def test_input_errors_are_value_errors_and_timeouts_are_timeout_errors():
    assert issubclass(amc_fleet.InvalidInputError, ValueError)
    assert issubclass(amc_fleet.RemoteTimeoutError, TimeoutError)


@pytest.mark.parametrize("kind", _amc_fleet.error_kinds())
def test_an_error_survives_pickling(kind):
    fields = {"kind": kind, "code": "some_code", "hint": "do this", "line": 2, "column": 3, "instances": ["amc1"],
              "request_id": "r", "raw": "words", "retryable": True, "retry_after": 1.5}  # fmt: skip
    error = errors.exception("message", excerpt="1 | x", causes=["below"], **fields)
    again = pickle.loads(pickle.dumps(error))
    assert type(again) is type(error) and str(again) == "message"
    assert {name: getattr(again, name) for name in fields} == fields
    assert again.__notes__ == ["1 | x", "do this", "because: below"]


BAD_BATCHES = {
    "unknown_instance": dict(instances=["amcnobody"]),
    "no_instances": dict(instances=[]),
    "duplicate_instance": dict(instances=["{first}", "{first}"]),
    "window_missing": dict(window=None),
    "window_invalid": dict(window="some day"),
    "zone_unknown": dict(timezone="Mars/Olympus"),
    "parameter_unused": dict(parameters={"name": 1}),
    "unknown_priority": dict(priority="soon"),
    "unknown_on_unavailable": dict(on_unavailable="guess"),
    "unknown_instances": dict(instances="some"),
    "no_query": dict(sql=None),
    "two_queries": dict(workflow="wf_00000000"),
}


@pytest.mark.parametrize("code", BAD_BATCHES)
def test_a_bad_batch_is_refused_and_nothing_is_written(small, fleet, code):
    first = fleet.instances()[0].instance_id
    keywords = {"sql": "SELECT a FROM t", "instances": "all", "window": WINDOW, **BAD_BATCHES[code]}
    if isinstance(keywords["instances"], list):
        keywords["instances"] = [name.format(first=first) for name in keywords["instances"]]
    error = refusal(fleet.run_batch, **keywords)
    assert error.code == code and error.kind in _amc_fleet.error_kinds()
    assert error.hint and error.hint in error.__notes__
    assert fleet.batches() == [] and small.executions() == []


def test_an_unreadable_query_shows_its_place(fleet):
    sql = "SELECT campaign,\n  'open\nFROM dsp_impressions"
    for call in (
        lambda: fleet.run_batch(sql=sql, instances="all", window=WINDOW),
        lambda: fleet.save_workflow("Broken", sql=sql),
    ):
        error = refusal(call)
        assert (error.code, error.line, error.column) == ("sql_unreadable", 2, 3)
        assert error.__notes__[0] == "2 |   'open\n  |   ^"


def test_wrong_credentials_are_refused(small, tmp_path):
    wrong = amc_fleet.Credentials("nobody", "s3cret", "Atzr|wrong", token_url=small.env["AMC_TOKEN_URL"])
    with small.fleet(credentials=wrong) as fleet:
        error = refusal(fleet.sync_instances)
    assert isinstance(error, amc_fleet.UnauthorizedError)
    assert "s3cret" not in repr(vars(error)) and "Atzr" not in repr(vars(error))


def test_an_amc_that_does_not_answer_is_unavailable(small):
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        nobody = f"http://127.0.0.1:{closed.getsockname()[1]}"
    credentials = amc_fleet.Credentials("id", "secret", "Atzr|token", token_url=f"{nobody}/token")
    with amc_fleet.Fleet("memory:", credentials=credentials, endpoint=nobody) as fleet:
        error = refusal(fleet.sync_instances)
    assert isinstance(error, amc_fleet.UnavailableError) and error.retryable


def test_a_database_that_cannot_be_written_is_named(tmp_path):
    error = refusal(amc_fleet.Fleet, tmp_path / "nowhere" / "fleet.db")
    assert error.code == "database_unavailable" and "nowhere" in str(error)
    error = refusal(amc_fleet.Fleet, "postgres://ada:s3cret@127.0.0.1:1/db")
    assert isinstance(error, amc_fleet.UnavailableError) and "ada@127.0.0.1:1/db" in str(error)
    assert "s3cret" not in f"{error} {error!r} {error.__cause__!r}"
    assert refusal(amc_fleet.Fleet, "memory:", migrate="perhaps").code == "unknown_migrate"
    assert refusal(amc_fleet.Fleet, tmp_path / "new.db", migrate="never").code == "migration_needed"
    assert refusal(amc_fleet.Fleet, "memory:", worker="sometimes").code == "unknown_worker_choice"


def test_a_query_amc_rejects_is_one_error_for_all_instances(small, fleet):
    batch = fleet.run_batch(sql="SELECT a,\n  FROM t", instances="all", window=WINDOW, check="none")
    error = refusal(batch.wait)
    assert isinstance(error, amc_fleet.RemoteFailedError) and error.code == "batch_failed"
    assert "3 instances, same cause" in str(error) and len(error.instances) == 3
    assert "Encountered" in error.raw
    assert (error.line, error.column) == (2, 3) and error.__notes__[0] == "2 |   FROM t\n  |   ^"
    (cause,) = batch.errors()
    assert (cause.line, cause.column, cause.excerpt) == (2, 3, error.__notes__[0])
    assert cause.code == "amc_rejected" and sorted(cause.instances) == sorted(error.instances)
    assert batch.wait(raise_on_failure=False).status().status == "failed"
    assert refusal(batch.results).code == "results_incomplete"


def test_without_credentials_history_is_read_and_nothing_run(done):
    amc, _, batch = done
    with amc_fleet.Fleet(amc.database) as history:
        assert history.batch(batch.id).status().status == "completed"
        assert not history.is_working
        error = refusal(history.run_batch, sql="SELECT a FROM t", instances="all", window=WINDOW)
    assert error.code == "no_credentials"


def test_a_closed_fleet_says_so(small):
    with small.fleet() as fleet:
        fleet.close()
        assert refusal(fleet.instances).code == "fleet_closed"
    fleet.close()


def test_missing_credentials_are_named(monkeypatch):
    for name in ("AMC_CLIENT_ID", "AMC_CLIENT_SECRET", "AMC_REFRESH_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    error = refusal(amc_fleet.Credentials.from_env)
    assert error.code == "credentials_missing" and "AMC_REFRESH_TOKEN" in str(error)


def test_arguments_of_a_wrong_type_are_type_errors(fleet):
    query = dict(sql="SELECT a FROM t", instances="all", window=WINDOW)
    for wrong in (dict(parameters={"a": object()}), dict(instances=[3]), dict(deadline="soon")):
        with pytest.raises(TypeError):
            fleet.run_batch(**{**query, **wrong})
    assert refusal(fleet.run_batch, **query, deadline=-1).code == "unreadable_span"
    with pytest.raises(TypeError):
        amc_fleet.Fleet("memory:", credentials="secret")


def test_a_wait_that_is_over_raises_and_the_batch_goes_on(endless):
    with endless.fleet() as fleet:
        fleet.sync_instances()
        batch = fleet.run_batch(sql="SELECT a FROM t", instances="all", window=WINDOW)
        error = refusal(batch.wait, timeout=0.01)
        assert isinstance(error, amc_fleet.RemoteTimeoutError) and error.code == "wait_timed_out"
        assert batch.status().status in ("pending", "running")
        batch.cancel()
