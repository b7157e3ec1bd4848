"""Points in time that say their zone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.entities import find


def times(text: str) -> list[str]:
    return [entity.value for entity in find(text) if entity.kind == "time"]


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("2026-11-03T14:05:09+09:00", "2026-11-03T05:05:09Z"),
        ("2026-11-03T05:05:09.123Z", "2026-11-03T05:05:09Z"),
        ("2026-11-03 14:05 UTC", "2026-11-03T14:05Z"),
        ("2026/11/03 14:05 JST", "2026-11-03T05:05Z"),
        ("Tue, 3 Nov 2026 14:05:09 +0900", "2026-11-03T05:05:09Z"),
        ("November 3, 2026 at 2:05 pm JST", "2026-11-03T05:05Z"),
        ("3rd Nov 2026, 14:05 UTC", "2026-11-03T14:05Z"),
        ("Dec 31, 2026, 11:30 PM EST", "2027-01-01T04:30Z"),
        ("14:05 UTC", "T14:05+00:00"),
        ("14:05 (UTC+9)", "T14:05+09:00"),
        ("14:05 GMT-3:30", "T14:05-03:30"),
        ("3pm JST", "T15:00+09:00"),
        ("12am UTC", "T00:00+00:00"),
        ("12:30 p.m. PST", "T12:30-08:00"),
        ("Nov 3 14:05 UTC", "T14:05+00:00"),
        ("2026年11月3日(火) 14時05分", "2026-11-03T05:05Z"),
        ("令和8年11月3日 午後2時5分", "2026-11-03T05:05Z"),
        ("11月3日 14時05分", "T14:05+09:00"),
        ("午後3時半", "T15:30+09:00"),
        ("午前0時に", "T00:00+09:00"),
        ("午後０時３０分", "T12:30+09:00"),
        ("夜10時から", "T22:00+09:00"),
        ("昨日の14:05頃", "T14:05+09:00"),
        ("2026/11/03 25:30（日本時間）", "2026-11-03T16:30Z"),
        ("14時05分（協定世界時）", "T14:05+00:00"),
    ],
)
def test_a_time_is_read(written: str, value: str) -> None:
    assert times(written) == [value]
    assert times(f"({written})") == [value]


@pytest.mark.parametrize(
    "text",
    [
        "14:05",
        "at 8:00pm yesterday",
        "10:30-11:30",
        "ratio 3:10",
        "1:20:30 of video",
        "14時間待ちました",
        "3時点",
        "2026-13-03 14:05 UTC",
        "2026-02-30 14:05 UTC",
        "99:05 UTC",
        "12:30 +81 90-1234-5678",
        "14:05 CST",
        "比率は3:10です",
    ],
)
def test_a_time_of_no_zone_or_no_day_is_none(text: str) -> None:
    assert times(text) == []


@given(st.datetimes().filter(lambda moment: 2000 <= moment.year <= 2099), st.integers(-12, 14))
def test_every_offset_is_reckoned(moment: object, hours: int) -> None:
    from datetime import UTC, datetime, timedelta, timezone

    assert isinstance(moment, datetime)
    there = moment.replace(second=0, microsecond=0, tzinfo=timezone(timedelta(hours=hours)))
    assert times(f"It was {there.isoformat(timespec='minutes')}") == [f"{there.astimezone(UTC):%Y-%m-%dT%H:%M}Z"]
