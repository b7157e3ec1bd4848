"""Tables of rows, read from the top: the first row whose conditions all hold decides."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

from casework.case import Severity, Team
from casework.policy.document import Document, Section
from casework.policy.facets import FACETS

T = TypeVar("T")

_FACTS = {**FACETS, "severity": tuple(each.value for each in Severity), "team": tuple(each.value for each in Team)}


@dataclass(frozen=True, slots=True)
class Row(Generic[T]):
    """If every named fact has one of the listed values, then ``then``."""

    when: Mapping[str, tuple[str, ...]]
    then: T

    def holds(self, facts: Mapping[str, str]) -> bool:
        """Whether every condition holds; a fact that is not known fulfils none."""
        return all(facts.get(name) in values for name, values in self.when.items())


def first(rows: Iterable[Row[T]], facts: Mapping[str, str], otherwise: T) -> T:
    """What the first row that holds says."""
    return next((row.then for row in rows if row.holds(facts)), otherwise)


@dataclass(frozen=True, slots=True, kw_only=True)
class SeverityTable:
    """How bad, whose, and whether a team is interrupted, over category and facets."""

    severities: tuple[Row[Severity], ...]
    teams: tuple[Row[Team], ...]
    escalations: tuple[Row[bool], ...]


def severity_table(document: Document, categories: Collection[str], families: Collection[str]) -> SeverityTable:
    """Read ``severity.toml``."""
    top = Section("severity.toml", "", document, {"version", "severity", "team", "escalate"})
    choices = {**_FACTS, "category": tuple(categories), "family": tuple(families)}
    return SeverityTable(
        severities=tuple(Row(_when(row, choices), row.member("then", Severity)) for row in _rows(top, "severity")),
        teams=tuple(Row(_when(row, choices), row.member("then", Team)) for row in _rows(top, "team")),
        escalations=tuple(Row(_when(row, choices), row.flag("then")) for row in _rows(top, "escalate")),
    )


def _rows(top: Section, name: str) -> tuple[Section, ...]:
    return top.sections(name, {"when", "then"})


def _when(row: Section, choices: Mapping[str, Collection[str]]) -> dict[str, tuple[str, ...]]:
    conditions = row.section("when", choices)
    return {name: conditions.some_of(name, choices[name]) for name in conditions}
