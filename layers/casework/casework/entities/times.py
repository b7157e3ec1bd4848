"""Points in time in a text that say their zone: in UTC with a full date (``2026-11-03T05:05Z``), else ``T14:05+09:00``.

A Japanese text that names no zone means Japan's. Nothing is reckoned from today: "yesterday at 3pm JST" is three in the
afternoon of a day that only the reader of the message knows.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone

from casework.case import Entity
from casework.text.patterns import compiled

_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()  # noqa: SIM905 - easier to read
_MONTH = "(?P<name>(?i:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]{0,6})"
_ZONES = {
    "UTC": 0, "GMT": 0, "Z": 0, "JST": 540, "KST": 540, "HKT": 480, "SGT": 480, "PST": -480, "PDT": -420, "EST": -300,
    "EDT": -240, "MDT": -360, "CDT": -300, "BST": 60, "CET": 60, "CEST": 120, "MSK": 180, "AEST": 600, "AEDT": 660,
    "日本時間": 540, "日本標準時": 540, "世界標準時": 0, "協定世界時": 0,
}  # fmt: skip
"""Minutes east of Greenwich. Names that several zones share (CST, IST, MST) say nothing."""
_JAPAN = 540
_LATEST = 29
"""Japanese hours go on past midnight: 25時 is one o'clock of the next day."""

_COLON = ":(?P<minute>[0-5][0-9])(?![0-9])(?::(?P<second>[0-5][0-9])(?![0-9])(?:[.,][0-9]{1,9})?)?"
_HALF = r" ?(?P<half>[aApP]\.?[mM])(?![A-Za-z0-9])\.?"
_NAMED = "|".join(sorted((name for name in _ZONES if name != "Z"), key=len, reverse=True))
_ZONE = (
    rf" ?[(\[]?(?P<zone>(?:{_NAMED})(?![A-Za-z0-9+-])|Z(?![A-Za-z0-9])|(?:UTC|GMT)? ?(?P<offset>[+-](?:0?[0-9]|1[0-4])"
    r"(?::?[03450]{2})?)(?![0-9A-Za-z:-]))"
)
_AFTER = rf"(?:{_HALF})?(?:{_ZONE})?"
_CLOCK = r"(?:(?P<noon>午前|午後) ?)?(?<![0-9.:/,-])(?P<hour>[0-9]{1,2})\Z"
_JAPANESE_CLOCK = (
    r"(?P<hour>[0-9]{1,2}) ?時(?!間|期|点で|価|代)"
    r"(?: ?(?P<minute>[0-5]?[0-9]) ?分(?: ?(?P<second>[0-5]?[0-9]) ?秒)?|(?P<half>半))?"
)
_JAPANESE_ZONE = rf"(?:頃|ごろ)? ?[(（]?(?P<zone>{_NAMED})"

_BETWEEN = r"(?:T| |,|(?: ?\([^()\n]{1,8}\) ?)|、|の| at | um |, at )*\Z"
_DATES = (
    r"(?<![0-9])(?P<year>20[0-9]{2})[-/.](?P<month>[01]?[0-9])[-/.](?P<day>[0-3]?[0-9])",
    r"(?:(?<![0-9])(?P<year>20[0-9]{2})|令和 ?(?P<regnal>[0-9]{1,2})) ?年 ?(?P<month>[01]?[0-9]) ?月 ?(?P<day>[0-3]?[0-9]) ?日",
    rf"(?<![0-9])(?P<day>[0-3]?[0-9])(?:st|nd|rd|th)?[ -]{_MONTH}\.?,?[ -](?P<year>20[0-9]{{2}})",
    rf"(?<![A-Za-z]){_MONTH}\.? (?P<day>[0-3]?[0-9])(?:st|nd|rd|th)?,? (?P<year>20[0-9]{{2}})",
)
_DATE_AFTER = rf"(?: on|,)? (?:{_DATES[0]})"
_WINDOW = 48
_KANA = "[ぁ-ヺ]"


def find(text: str) -> Iterator[Entity]:
    """Find the points in time of a folded text whose zone is written, or is Japan's because the text is Japanese."""
    japanese = bool(compiled(_KANA).search(text)) if not text.isascii() else False
    if ":" in text:
        for match in compiled(_COLON).finditer(text):
            yield from _read(text, match, japanese=japanese)
    if "m" in text or "M" in text:
        for match in compiled("[0-9] ?[aApP][mM.]").finditer(text):
            yield from _without_minutes(text, match.start() + 1)
    if "時" in text:
        for match in compiled(_JAPANESE_CLOCK).finditer(text):
            yield from _japanese(text, match)


def _read(text: str, match: re.Match[str], *, japanese: bool) -> Iterator[Entity]:
    left = text[max(0, match.start() - 8) : match.start()]
    clock = compiled(_CLOCK).search(left)
    after = compiled(_AFTER).match(text, match.end())
    if clock is None or after is None:
        return
    start = match.start() - len(clock[0])
    date, begin = _date(text, start)
    zone = _minutes_east(after, dated=date is not None)
    if (
        zone is None
        and japanese
        and (date or clock["noon"] or compiled(" ?(?:頃|ごろ|に|時点|から|まで)").match(text, after.end()))
    ):
        zone = _JAPAN
    half = after["half"] or {"午前": "am", "午後": "pm"}.get(clock["noon"] or "", "")
    yield from _entity(date, (clock["hour"], match["minute"], match["second"]), half, zone, begin, after.end())


def _without_minutes(text: str, at: int) -> Iterator[Entity]:
    """Yield an hour without minutes, ``3pm JST``; it needs its zone."""
    after = compiled(_HALF + _ZONE).match(text, at)
    clock = compiled(_CLOCK).search(text[max(0, at - 3) : at])
    if after and clock:
        date, begin = _date(text, at - len(clock[0]))
        yield from _entity(date, (clock["hour"], "0", None), after["half"], _minutes_east(after, dated=False), begin, after.end())


def _japanese(text: str, match: re.Match[str]) -> Iterator[Entity]:
    noon = compiled(r"(午前|午後|朝|夜|深夜)の? ?\Z").search(text[max(0, match.start() - 4) : match.start()])
    plain = match["minute"] is None and match["half"] is None
    begin = match.start() - (len(noon[0]) if noon else 0)
    date, start = _date(text, begin)
    if plain and not (noon or date or compiled("ちょうど|頃|ごろ|に|から|まで|過ぎ|すぎ|前").match(text, match.end())):
        return
    if compiled("[0-9.:/-]").match(text[max(0, match.start() - 1) : match.start()]):
        return
    zone = compiled(_JAPANESE_ZONE).match(text, match.end())
    minute = "30" if match["half"] else match["minute"] or "0"
    half = {"午前": "am", "午後": "pm", "夜": "pm"}.get(noon[1], "") if noon else ""
    east = _ZONES[zone["zone"]] if zone else _JAPAN
    yield from _entity(date, (match["hour"], minute, match["second"]), half, east, start, zone.end() if zone else match.end())


def _minutes_east(after: re.Match[str], *, dated: bool) -> int | None:
    """A bare offset needs a date before: "10:30-11:30" is from then to then."""
    if after["zone"] is None or (after["zone"] == after["offset"] and not dated):
        return None
    if after["offset"] is None:
        return _ZONES[after["zone"]]
    hours, _, minutes = after["offset"][1:].partition(":")
    if len(hours) > 2:
        hours, minutes = hours[:-2], hours[-2:]
    east = int(hours) * 60 + int(minutes or "0")
    return -east if after["offset"][0] == "-" else east


def _date(text: str, end: int) -> tuple[tuple[int, int, int] | None, int]:
    """The full date before a time of day, and where both begin."""
    window = text[max(0, end - _WINDOW) : end]
    if not compiled("20[0-9][0-9]|令和").search(window):
        return None, end
    for pattern in _DATES:
        if match := compiled(pattern + _BETWEEN).search(window):
            return _numbers(match), end - len(window) + match.start()
    return None, end


def _numbers(match: re.Match[str]) -> tuple[int, int, int]:
    groups = match.groupdict()
    year = int(groups["year"]) if groups.get("year") else 2018 + int(groups["regnal"])
    named = groups.get("name")
    month = _MONTHS.index(named[:3].lower()) + 1 if named else int(groups["month"])
    return year, month, int(groups["day"])


def _entity(
    date: tuple[int, int, int] | None,
    clock: tuple[str, str, str | None],
    half: str | None,
    zone: int | None,
    start: int,
    end: int,
) -> Iterator[Entity]:
    hour = int(clock[0])
    if half and half[0] in "pP" and hour < 12:
        hour += 12
    elif half and half[0] in "aA" and hour == 12:
        hour = 0
    if zone is None or hour > (_LATEST if zone == _JAPAN else 23):
        return
    if value := _written(date, hour, int(clock[1]), clock[2], zone):
        yield Entity("time", value, start, end)


def _written(date: tuple[int, int, int] | None, hour: int, minute: int, second: str | None, zone: int) -> str:
    seconds = "" if second is None else f":{int(second):02}"
    if date is None:
        sign = "-" if zone < 0 else "+"
        return f"T{hour % 24:02}:{minute:02}{seconds}{sign}{abs(zone) // 60:02}:{abs(zone) % 60:02}"
    try:
        midnight = datetime(*date, tzinfo=timezone(timedelta(minutes=zone)))
    except ValueError:
        return ""
    moment = (midnight + timedelta(hours=hour, minutes=minute)).astimezone(UTC)
    return f"{moment:%Y-%m-%dT%H:%M}{seconds}Z"
