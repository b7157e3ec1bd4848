"""When the cases of several customers are one attack: windows, thresholds, what says nothing, and who hears of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

from casework.case import Severity
from casework.policy.document import Document, Section

KINDS = ("text", "wallet", "attachment", "url", "phone", "domain", "path", "sender_domain")
"""What two messages can have in common, the most telling first."""
_TOP = {
    "version",
    "window_days",
    "waiting",
    "common_days",
    "bridge_from",
    "quiet_from",
    "sure_from",
    "text",
    "kind",
    "escalation",
    "loss",
    "stop",
}


@dataclass(frozen=True, slots=True)
class KindRule:
    """From when on an indicator of a kind makes a campaign."""

    customers: int
    suspicious: float
    """The least share, 0 to 1, of messages that are about something wrong."""


@dataclass(frozen=True, slots=True)
class Rung:
    """From how many customers on Trust hears of a campaign (again), and how bad it is."""

    customers: int
    severity: Severity


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignRules:
    """What ``campaigns.toml`` says; the file says what each means."""

    window_days: int
    waiting: int
    common_days: int
    bridge_from: int
    quiet_from: int
    sure_from: float
    likeness: float
    least_grams: int
    kinds: Mapping[str, KindRule]
    rungs: tuple[Rung, ...]
    loss: Severity
    services: frozenset[str]
    hosts: frozenset[str]

    def publishes(self, host: str, domain: str) -> bool:
        """Whether strangers put things on a host, by itself or on all of what its owner registered."""
        return host in self.hosts or domain in self.hosts


def campaign_rules(document: Document) -> CampaignRules:
    """Read ``campaigns.toml``."""
    top = Section("campaigns.toml", "", document, _TOP)
    kinds, text = top.section("kind", KINDS), top.section("text", {"likeness", "least_grams"})
    stop = top.section("stop", {"services", "hosts"})
    return CampaignRules(
        window_days=top.whole("window_days", 1, 90),
        waiting=top.whole("waiting", 2, 40),
        common_days=top.whole("common_days", 1, 365),
        bridge_from=top.whole("bridge_from", 1, 100),
        quiet_from=top.whole("quiet_from", 1, 10_000),
        sure_from=top.number("sure_from", 0, 1),
        likeness=text.number("likeness", 0.5, 1),
        least_grams=text.whole("least_grams", 5, 1000),
        kinds={name: _kind(kinds.section(name, {"customers", "suspicious"})) for name in KINDS},
        rungs=_rungs(top),
        loss=top.section("loss", {"severity"}).member("severity", Severity),
        services=frozenset(stop.texts("services")),
        hosts=frozenset(stop.texts("hosts")),
    )


def _kind(section: Section) -> KindRule:
    return KindRule(section.whole("customers", 2, 1000), section.number("suspicious", 0, 1))


def _rungs(top: Section) -> tuple[Rung, ...]:
    rows = top.sections("escalation", {"customers", "severity"})
    rungs = tuple(Rung(row.whole("customers", 2, 10_000_000), row.member("severity", Severity)) for row in rows)
    if any(one.customers >= other.customers for one, other in pairwise(rungs)):
        raise top.wrong("escalation", "rows with more customers each than the row before")
    return rungs
