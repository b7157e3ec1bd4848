"""How evidence becomes a decision: what counts, what is enough, and when the triage says that it does not know."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from casework.policy.document import Document, Section
from casework.policy.facets import FACETS

_KEYS = {"version", "matter", "facets", "secrets", "funds", "repeat", "max_cues", "mass", "foreign", "hint"}
_LIMITS = {"least_score", "least_urgent_score", "abstain_below", "unlikely_loss"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Thresholds:
    """The numbers of the decision; ``triage.toml`` says what each means."""

    repeat: float
    max_cues: int
    mass: float
    abstain_below: float
    least_score: float
    least_urgent_score: float
    foreign: float
    hint: float
    unlikely_loss: float
    matter_score: float
    matter_share: float
    facets: Mapping[str, float]
    """Facet -> the sum from which its value is believed."""
    secrets: Mapping[str, float]
    other_secret: float
    funds: Mapping[str, str]
    """State of the loss -> where the money then is."""


def thresholds(document: Document) -> Thresholds:
    """Read ``triage.toml``."""
    top = Section("triage.toml", "", document, _KEYS | _LIMITS)
    matter = top.section("matter", {"score", "share"})
    facets = top.section("facets", FACETS)
    secrets = top.section("secrets")
    return Thresholds(
        repeat=top.number("repeat", 0, 1),
        max_cues=top.whole("max_cues", 1, 10),
        mass=top.number("mass", 0.1, 20),
        abstain_below=top.number("abstain_below", 0, 1),
        least_score=top.number("least_score", 0, 10),
        least_urgent_score=top.number("least_urgent_score", 0, 10),
        foreign=top.number("foreign", 0, 1),
        hint=top.number("hint", 0, 3),
        unlikely_loss=top.number("unlikely_loss", 0, 10),
        matter_score=matter.number("score", 0, 10),
        matter_share=matter.number("share", 0, 1),
        facets={name: facets.number(name, 0, 10) for name in FACETS},
        secrets={name: secrets.number(name, 0, 5) for name in secrets if name != "other"},
        other_secret=secrets.number("other", 0, 5),
        funds=_funds(top.section("funds", FACETS["loss"])),
    )


def _funds(section: Section) -> dict[str, str]:
    return {loss: section.one_of(loss, FACETS["funds"]) for loss in FACETS["loss"]}
