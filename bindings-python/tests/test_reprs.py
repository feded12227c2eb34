"""What a person sees."""

import re

import amc_fleet


def matches(pattern, text):
    return re.fullmatch(pattern, text, re.DOTALL) is not None


def test_a_batch_says_where_it_stands(batch):
    line = r"batch_\w{8} 'Reach by campaign' completed: 3 completed of 3 · .+ · 60 rows · \d+ s"
    assert matches(f"<Batch {line}>", repr(batch))
    assert matches(f"<BatchReport {line}>", repr(batch.status()))
    html = batch._repr_html_()
    assert re.search(line, html.replace("&#x27;", "'")) and "width:100%" in html and "<script" not in html


def test_a_name_is_never_markup(fleet):
    batch = fleet.run_batch(sql="SELECT a FROM t", instances="all", window="yesterday", name="<b>&").wait()
    assert "<b>" not in batch._repr_html_() and "&lt;b&gt;&amp;" in batch._repr_html_()


def test_results_show_their_size_and_first_rows(batch):
    results = batch.results()
    line = r"<Results batch_\w{8} 'Reach by campaign': 60 rows, 3 of 3 instances · .+>"
    assert matches(line, repr(results))
    assert "campaign 1" in results._repr_html_()


def test_everything_else_says_what_it_is(done):
    small, fleet, batch = done
    assert matches(r"<Fleet sqlite://.*fleet\.db>", repr(fleet))
    assert matches(r"<Instance amc\w+ '.+' \w+>", repr(fleet.instances()[0]))
    assert matches(r"<Workflow wf_\w{8} 'Reach by campaign'>", repr(fleet.workflows()[0]))
    assert matches(r"<Event 1 batch_created batch>", repr(next(batch.events())))
    assert matches(r"<ExecutionReport exec_\w{12} amc\w+ completed: 20 rows>", repr(batch.status().executions[0]))
    assert matches(r"<Credentials '.+'>", repr(small.credentials))
    assert matches(r"<ResultSummary .+>", repr(batch.results().summary()))


def test_secrets_never_appear():
    credentials = amc_fleet.Credentials("id", "s3cret", "Atzr|token")
    assert repr(credentials) == "<Credentials 'id'>"
    assert not [name for name in dir(credentials) if "secret" in name or "token" in name]


def test_records_become_plain_dicts(batch):
    report = batch.status().to_dict()
    assert report["executions"][0]["status"] == "completed" and report["skipped"] == []
    assert batch.status() == batch.status()
