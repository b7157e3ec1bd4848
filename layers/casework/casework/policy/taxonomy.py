"""What cases are about: categories, who owns them, how bad they are until something worse is known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from casework.case import Severity, Team
from casework.policy.document import Document, Section
from casework.policy.facets import FACETS

STANDARDS = ("fed_classifier", "fed_scam", "chainabuse", "mitre", "fincen", "fatf", "npa")
"""Vocabularies of others that a category may be mapped to, by reference only."""

_PRESUMED = {"loss", "party", "role", "funds"}
_KEYS = {
    "en",
    "ja",
    "family",
    "team",
    "severity",
    "escalates",
    "incident",
    "confidential",
    "campaign",
    "explains",
    "presumes",
    "standards",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Category:
    """One thing a case can be about."""

    name: str
    en: str
    ja: str
    family: str
    """Categories of one family may be one matter told twice."""
    team: Team
    severity: Severity
    escalates: bool
    incident: bool
    """Somebody does, or may have done, wrong: facets such as ``loss`` mean something only then."""
    confidential: bool = False
    """The customer must not learn of it (suspicion of money laundering)."""
    campaign: bool = False
    """Worth grouping across customers."""
    explains: tuple[str, ...] = ()
    """Categories that are mere symptoms of this one when both are found."""
    presumes: Mapping[str, str] = field(default_factory=dict)
    """What is taken for true of its facets as long as the text does not say."""
    standards: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def taxonomy(document: Document) -> dict[str, Category]:
    """Every category by its name. ``other`` must be one: it is where undecided messages go."""
    top = Section("taxonomy.toml", "", document, {"version", "category"})
    rows = top.section("category")
    if "other" not in rows:
        raise rows.wrong("other", "a category of this name, for what is undecided")
    return {name: _category(name, rows.section(name, _KEYS), tuple(rows)) for name in rows}


def _category(name: str, row: Section, names: tuple[str, ...]) -> Category:
    standards = row.section("standards", STANDARDS, optional=True)
    presumes = row.section("presumes", _PRESUMED, optional=True)
    return Category(
        name=name,
        en=row.text("en"),
        ja=row.text("ja"),
        family=row.text("family"),
        team=row.member("team", Team),
        severity=row.member("severity", Severity),
        escalates=row.flag("escalates"),
        incident=row.flag("incident", False),
        confidential=row.flag("confidential", False),
        campaign=row.flag("campaign", False),
        explains=row.some_of("explains", names) if "explains" in row else (),
        presumes={key: presumes.one_of(key, FACETS[key]) for key in presumes},
        standards={key: standards.texts(key) for key in standards},
    )
