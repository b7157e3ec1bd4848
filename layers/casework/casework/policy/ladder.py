"""By when somebody must have acknowledged an escalation, who hears of it on each rung, and what comes after the last."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from casework.case import ESCALATION_TEAMS, Severity
from casework.policy.document import Document, Section

_KEYS = {"minutes", "audience", "repeat_minutes", "max_rung"}
_WEEK = 7 * 24 * 60


@dataclass(frozen=True, slots=True)
class Audience:
    """Who hears of it, by name."""

    en: str
    ja: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Ladder:
    """The rungs of one severity. Past the written ones the last audience is told again, up to ``max_rung``."""

    minutes: tuple[int, ...]
    audiences: tuple[Audience, ...]
    repeat_minutes: int
    max_rung: int

    def wait(self, rung: int) -> int:
        """Minutes that rung ``rung`` has, from 0, until somebody must have acknowledged."""
        return self.minutes[rung] if rung < len(self.minutes) else self.repeat_minutes

    def audience(self, rung: int) -> Audience:
        """Who is told on this rung."""
        return self.audiences[min(rung, len(self.audiences) - 1)]


@dataclass(frozen=True, slots=True)
class Ladders:
    """Every ladder: by severity, and by team where a team has its own."""

    by_severity: Mapping[str, Ladder]
    by_team: Mapping[tuple[str, str], Ladder]

    def of(self, severity: Severity, team: str = "") -> Ladder:
        """The ladder of a severity. ``none`` has none of its own and climbs that of ``low``."""
        name = Severity.LOW.value if severity is Severity.NONE else severity.value
        return self.by_team.get((team, name)) or self.by_severity[name]


def ladders(document: Document) -> Ladders:
    """Read ``ladder.toml``: every severity but ``none`` must have a ladder."""
    top = Section("ladder.toml", "", document, {"version", "audience", "severity", "team"})
    named = top.section("audience")
    audiences = {name: _audience(named.section(name, {"en", "ja"})) for name in named}
    needed = [each.value for each in Severity if each is not Severity.NONE]
    rows = top.section("severity", needed)
    teams = top.section("team", [each.value for each in ESCALATION_TEAMS], optional=True)
    return Ladders(
        {name: _ladder(rows.section(name, _KEYS), audiences) for name in needed},
        {
            (team, name): _ladder(teams.section(team, needed).section(name, _KEYS), audiences)
            for team in teams
            for name in teams.section(team, needed)
        },
    )


def _audience(row: Section) -> Audience:
    return Audience(row.text("en"), row.text("ja"))


def _ladder(row: Section, audiences: Mapping[str, Audience]) -> Ladder:
    names = row.some_of("audience", audiences)
    minutes = row.values.get("minutes")
    if not isinstance(minutes, list) or len(minutes) != len(names):
        raise row.wrong("minutes", f"a list of {len(names)} waits, one for each audience")
    if not all(type(each) is int and 1 <= each <= _WEEK for each in minutes):
        raise row.wrong("minutes", f"whole minutes from 1 to {_WEEK}")
    return Ladder(
        minutes=tuple(minutes),
        audiences=tuple(audiences[name] for name in names),
        repeat_minutes=row.whole("repeat_minutes", 1, _WEEK),
        max_rung=row.whole("max_rung", len(names) - 1, 100),
    )
