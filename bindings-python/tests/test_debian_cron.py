"""``next_runs`` beside Debian's cron: its main loop, minute by minute, on a clock that changes.

``cron.c`` of Debian's cron compares the clock with the minute it last did. Behind by up to three hours (clocks went
forward): jobs of fixed times that were skipped run at once, jobs with a star run where the clock stands. Ahead by up to
three hours (clocks went back): only jobs with a star run until the clock has caught up. More than that is a correction:
the loop takes the clock as it is. A job has a star when its minute or its hour begins with one (``entry.c``).
"""

import datetime as dt
from zoneinfo import ZoneInfo

import amc_fleet
import pytest

HOUR = 60
DAY = 24 * HOUR
MONTHS = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"]
DAYS = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"]
NAMES = {name: number for number, name in [*enumerate(MONTHS, 1), *enumerate(DAYS)]}
LIMITS = [(0, 59), (0, 23), (1, 31), (1, 12), (0, 7)]

EXPRESSIONS = [
    "30 2 * * *",
    "0 3 * * *",
    "15 1 * * *",
    "0 0 * * *",
    "30 0 * * SUN",
    "59 23 * * *",
    "5,35 0-4 * * *",
    "0 1-23/2 * * *",
    "1-59/2 3 * * *",
    "0 2 1,8,15 * SUN",
    "45 1 * MAR,APR,OCT,NOV *",
    "15 0-23 * * 5-7",
    "*/15 * * * *",
    "0 * * * *",
    "*/30 2 * * *",
    "*/7 1-3 * * MON-SAT",
    "0 */2 * * *",
    "20 */5 */2 * SUN,MON",
    "0 2 */3 * */2",
    "* 2 * * *",
]

# The zone, and a day on which its clocks change.
CHANGES = [
    ("America/New_York", "2025-03-09"),
    ("America/New_York", "2024-11-03"),
    ("Europe/Berlin", "2024-03-31"),
    ("Europe/Berlin", "2024-10-27"),
    ("Europe/London", "2024-03-31"),
    ("Europe/Dublin", "2023-10-29"),
    ("Australia/Sydney", "2024-10-06"),
    ("Australia/Lord_Howe", "2024-04-07"),
    ("Australia/Lord_Howe", "2024-10-06"),
    ("Pacific/Chatham", "2023-09-24"),
    ("America/Santiago", "2023-09-03"),
    ("America/Santiago", "2024-04-07"),
    ("America/Havana", "2024-03-10"),
    ("America/Havana", "2024-11-03"),
    ("Asia/Beirut", "2024-03-31"),
    ("Asia/Beirut", "2023-10-29"),
    ("Africa/Cairo", "2024-04-26"),
    ("Africa/Cairo", "2023-10-27"),
    ("America/Sao_Paulo", "2018-11-04"),
    ("America/Sao_Paulo", "2018-02-18"),
    ("America/Caracas", "2016-05-01"),
    ("America/Caracas", "2007-12-09"),
    ("Asia/Pyongyang", "2015-08-15"),
    ("Asia/Pyongyang", "2018-05-05"),
    ("Antarctica/Troll", "2024-03-31"),
    ("Antarctica/Troll", "2023-10-29"),
    ("Europe/Istanbul", "2016-03-27"),
    ("Europe/Volgograd", "2020-12-27"),
    ("Africa/Juba", "2021-02-01"),
    ("Pacific/Bougainville", "2014-12-28"),
    ("Asia/Kathmandu", "1986-01-01"),
    ("Pacific/Apia", "2011-12-30"),
    ("Pacific/Kwajalein", "1993-08-21"),
    ("Antarctica/Casey", "2010-03-05"),
    ("UTC", "2024-03-31"),
]


def numbers(field, low, high):
    """The numbers a field of a crontab stands for."""
    found = set()
    for item in field.split(","):
        span, _, step = item.partition("/")
        first, _, last = span.partition("-")
        if span == "*":
            first, last = low, high
        first, last = [NAMES.get(it, it) for it in (first, last or first)]
        found |= set(range(int(first), int(last) + 1, int(step or 1)))
    return found


class Job:
    """A line of a crontab."""

    def __init__(self, text):
        fields = text.split()
        self.minute, self.hour, self.day, self.month, self.weekday = [
            numbers(field, *limits) for field, limits in zip(fields, LIMITS, strict=True)
        ]
        self.weekday = {day % 7 for day in self.weekday}
        self.has_star = any(field.startswith("*") for field in fields[:2])
        self.both_days = any(fields[place].startswith("*") for place in (2, 4))

    def is_due(self, minute):
        """Whether it runs when the clock shows this minute, counted from 1970 on that clock."""
        shown = dt.datetime(1970, 1, 1) + dt.timedelta(minutes=minute)
        if shown.minute not in self.minute or shown.hour not in self.hour or shown.month not in self.month:
            return False
        days = [shown.day in self.day, shown.isoweekday() % 7 in self.weekday]
        return all(days) if self.both_days else any(days)


def main_loop(job, clock):
    """The places in ``clock``, what it shows minute by minute, at which cron starts the job."""
    done, started = clock[0], []
    for place, shown in enumerate(clock[1:], 1):
        behind = shown - done
        if behind == 1:
            starts = job.is_due(shown)
        elif 1 < behind <= 3 * HOUR:
            skipped = range(done + 1, shown + 1)
            starts = job.is_due(shown) if job.has_star else any(job.is_due(minute) for minute in skipped)
        elif -3 * HOUR < behind <= 0:
            starts = job.has_star and job.is_due(shown)
        else:
            starts = job.is_due(shown)
        if behind > 0 or behind <= -3 * HOUR:
            done = shown
        if starts:
            started.append(place)
    return started


def clock_of(zone, first):
    """What the clocks of a zone show in each minute of five days."""
    epoch = dt.datetime(1970, 1, 1)
    minutes = (first + dt.timedelta(minutes=minute) for minute in range(5 * DAY))
    return [
        (minute.astimezone(ZoneInfo(zone)).replace(tzinfo=None) - epoch) // dt.timedelta(minutes=1)
        for minute in minutes
    ]


@pytest.mark.parametrize(("zone", "day"), CHANGES)
def test_changes_of_clocks_are_handled_as_debian_does(zone, day):
    first = dt.datetime.fromisoformat(day).replace(tzinfo=dt.UTC) - dt.timedelta(days=2)
    clock = clock_of(zone, first)
    changes = [place for place in range(1, len(clock)) if clock[place] - clock[place - 1] != 1]
    assert bool(changes) == (zone != "UTC"), "the clocks change in these days"
    for text in EXPRESSIONS:
        started = main_loop(Job(text), clock)
        # Asked beforehand, where the clocks change, and just before and after that.
        for after in {0} | {change + offset for change in changes for offset in (-61, -1, 0, 1, 25, 59)}:
            expected = [first + dt.timedelta(minutes=place) for place in started if place > after]
            runs = amc_fleet.next_runs(text, zone, first + dt.timedelta(minutes=after), len(expected) + 1)
            assert (runs[:-1], runs[-1] >= first + dt.timedelta(days=5)) == (expected, True), (text, zone, after)
