"""Next runs, plain words and segments: the table every language answers alike, and the types Python gives."""

import datetime as dt
import json
from zoneinfo import ZoneInfo

import amc_fleet
import pytest
from conftest import ROOT, refusal
from hypothesis import given, settings
from hypothesis import strategies as st

TABLE = json.loads((ROOT / "tests" / "tables" / "schedules.json").read_text())
ZONES = ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "America/Havana", "Asia/Beirut", "UTC"]
SETTLED = 2025
days = st.dates(dt.date(2000, 1, 1), dt.date(2036, 12, 31))
instants = st.datetimes(dt.datetime(2000, 1, 1), dt.datetime(2036, 1, 1), timezones=st.just(dt.UTC))


def cases(verb):
    return [pytest.param(case, id=" ".join(str(value) for value in list(case.values())[:4])) for case in TABLE[verb]]


def plain(value):
    if isinstance(value, dt.datetime):
        return value.isoformat().replace("+00:00", "Z")
    if isinstance(value, list):
        return [plain(item) for item in value]
    return {name: plain(it) for name, it in value.to_dict().items()} if hasattr(value, "to_dict") else value


def check(case, answer, call):
    arguments = {name: value for name, value in case.items() if name not in ("error", "column", answer)}
    if "error" in case:
        error = refusal(call, **arguments)
        assert (error.code, error.column) == (case["error"], case.get("column"))
    else:
        assert plain(call(**arguments)) == case[answer]


@pytest.mark.parametrize("case", cases("next_runs"))
def test_next_runs(case):
    check(case, "runs", amc_fleet.next_runs)


@pytest.mark.parametrize("case", cases("describe"))
def test_describe(case):
    check(case, "says", amc_fleet.describe)


@pytest.mark.parametrize("case", cases("segments"))
def test_segments(case):
    check(case, "segments", amc_fleet.segments)


@pytest.mark.parametrize("zone", [dt.UTC, ZoneInfo("Asia/Tokyo"), dt.timezone(dt.timedelta(hours=-3, minutes=-30))])
def test_after_is_an_instant_in_any_zone(zone):
    after = dt.datetime(2026, 3, 7, 12, tzinfo=dt.UTC).astimezone(zone)
    [run] = amc_fleet.next_runs("30 2 * * *", "America/New_York", after, 1)
    assert run == dt.datetime(2026, 3, 8, 7, tzinfo=dt.UTC)
    assert run.tzinfo is not None


@pytest.mark.parametrize(
    "after", [dt.datetime(2026, 3, 7, 12), "2026-03-07T12:00:00", dt.date(2026, 3, 7), "2026-03-07"]
)
def test_a_naive_after_is_refused(after):
    error = refusal(amc_fleet.next_runs, "daily", "UTC", after, 1)
    assert error.code == "instant_naive"
    assert "tzinfo" in error.hint


def test_days_are_dates_or_text():
    by_date = amc_fleet.segments(dt.date(2026, 1, 5), dt.date(2026, 1, 12), "weekly", "UTC")
    assert by_date == amc_fleet.segments("2026-01-05", "2026-01-12", "weekly", "UTC", partial="drop")
    assert by_date == amc_fleet.segments(dt.datetime(2026, 1, 5), dt.datetime(2026, 1, 12), "weekly", "UTC")
    assert refusal(amc_fleet.segments, dt.datetime(2026, 1, 5, 6), "2026-01-12", "daily", "UTC").code == "date_invalid"


@given(start=days, length=st.integers(1, 800), zone=st.sampled_from(ZONES))
@settings(deadline=None, max_examples=30)
def test_segments_cover_exactly(start, length, zone):
    end = start + dt.timedelta(days=length)
    for kind in ["daily", "weekly", "monthly", "quarterly"]:
        parts = amc_fleet.segments(start, end, kind, zone)
        assert [part.end for part in parts[:-1]] == [part.start for part in parts[1:]]
        [whole] = {(parts[0].start, parts[-1].end)}
        assert sum((part.end - part.start for part in parts), dt.timedelta()) == whole[1] - whole[0]
        # Rules of years to come differ between editions of the time zone database; years gone by are settled.
        if start.year < SETTLED:
            assert whole[0].astimezone(ZoneInfo(zone)).date() == start


@given(
    after=st.datetimes(dt.datetime(2000, 1, 1), dt.datetime(2036, 1, 1), timezones=st.just(dt.UTC)),
    zone=st.sampled_from(ZONES),
)
@settings(deadline=None)
def test_runs_are_strictly_after_and_in_order(after, zone):
    runs = amc_fleet.next_runs("30 2 * * *", zone, after, 5)
    assert all(early < late for early, late in zip([after, *runs], runs, strict=False))
