"""Attacks for the tests: customers who write about the same thing, a desk that files it, and a correlator that counts."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from casework.campaigns.campaign import Campaign
from casework.campaigns.correlator import Correlator, Outcome
from casework.campaigns.lookup import Lookup, Named
from casework.campaigns.records import campaign_of
from casework.case import Severity, Team
from casework.commands import Commands
from casework.commands.command import read
from casework.records import OPEN, case_key, message_key
from casework.table import Item, Key, Write
from casework.times import stamp
from tests.builders import NOON, POLICY, minutes
from tests.memory_table import MemoryTable

FAKE_SITE = (
    "I got a text message that my wallet was going to be locked today unless I confirm my identity, and the page it led to "
    "looked exactly like yours. I typed my password before I saw that the address was wrong."
)


class CountingTable(MemoryTable):
    """A table that knows how often each item was written, and can have a power cut between two writes."""

    def __init__(self) -> None:
        super().__init__()
        self.written: dict[Key, int] = {}
        self.cut: Callable[[Sequence[Write]], bool] = lambda _writes: False

    def write(self, writes: Sequence[Write]) -> None:
        if self.cut(writes):
            raise PowerCut
        for each in writes:
            self.written[each.key] = self.written.get(each.key, 0) + 1
        super().write(writes)
        self.changes.clear()  # nobody follows this table, and a wave is long


class PowerCut(Exception):
    """The function died here."""


@dataclass
class World:
    """A table with messages in it, and a correlator."""

    table: CountingTable = field(default_factory=CountingTable)
    limit: int = 100
    count: int = 0

    def a_message(self, text: str = FAKE_SITE, **said: Any) -> Named:
        """File what a customer wrote. Say only what matters: ``customer``, ``entities``, ``category``, ``loss`` …"""
        self.count += 1
        number = said.get("name", f"{self.count}")
        at: datetime = said.get("at", minutes(self.count / 100))
        named = Named(said.get("case", f"case-{number}"), f"message-{number}", at)
        customer = said.get("customer", f"customer-{number}")
        case: Item = {**case_key(named.case_id)._asdict(), "kind": "case", "case_id": named.case_id}
        self._put(case | ({"keys": [customer]} if customer else {}))
        self._put(self._message(named, text, said))
        for name in said.get("escalations", ()):
            self._put(self._escalation(named, name, said))
        return named

    def _message(self, named: Named, text: str, said: dict[str, Any]) -> Item:
        return {
            **message_key(*named)._asdict(),
            "kind": "message",
            "case_id": named.case_id,
            "message_id": named.message_id,
            "received_at": stamp(named.at),
            "channel": said.get("channel", "web_form"),
            "text": text,
            "sender": said.get("sender", ""),
            "unverified": said.get("unverified", False),
            "entities": [{"kind": kind, "value": value} for kind, value in said.get("entities", ())],
            "attachments": said.get("attachments", []),
            "signals": said.get("signals", []),
            "escalations": list(said.get("escalations", ())),
            "assessment": {
                "category": said.get("category", "phishing_report"),
                "language": said.get("language", "en"),
                "confidence": said.get("confidence", 0.9),
                "facets": {"loss": said.get("loss", "none")},
            },
        }

    def _escalation(self, named: Named, name: str, said: dict[str, Any]) -> Item:
        severity = said.get("severity", Severity.NORMAL).value
        place = {"pk": f"CASE#{named.case_id}", "sk": f"ESCALATION#{name}", "kind": "escalation", "escalation_id": name}
        demand = {"team": said.get("team", Team.TRUST).value, "severity": severity, "rung": 0, "cause": "opened"}
        return {**place, **demand, "due": OPEN, "due_at": stamp(named.at), "case_id": named.case_id}

    def _put(self, item: Item) -> None:
        self.table.items[Key(item["pk"], item["sk"])] = item

    def correlate(self, *named: Named) -> Outcome:
        """Hand a batch to the correlator."""
        return self.correlator.correlate(named)

    @property
    def correlator(self) -> Correlator:
        return Correlator(self.table, POLICY, limit=self.limit)

    def told(self, command: str, **fields: Any) -> dict[str, Any]:
        """What an analyst's command is answered."""
        given = {"command": command, "by": "aiko@kujira.example", "reason": "seen by a person", **fields}
        return Commands(self.table, POLICY).obey(read(given, NOON)).as_json()

    @property
    def campaigns(self) -> list[Campaign]:
        """The campaigns that count, oldest first."""
        found = [campaign_of(item) for item in self.table.of_kind("campaign") if item["status"] != "joined"]
        return sorted(found, key=lambda each: (each.first_at, each.campaign_id))

    @property
    def campaign(self) -> Campaign:
        """The only campaign."""
        (campaign,) = self.campaigns
        return campaign

    @property
    def raised(self) -> list[Item]:
        """What Trust has heard of campaigns, in the order of severity and size."""
        found = [item for item in self.table.of_kind("escalation") if item["cause"].startswith("campaign")]
        return sorted(found, key=lambda item: int(item["facets"]["customers"]))

    def shown(self, kind: str) -> dict[str, int]:
        """How many of the only campaign's messages showed each indicator of a kind."""
        return {each.value: each.messages for name, each in self.campaign.indicators.items() if name.startswith(f"{kind}.")}

    @property
    def lookup(self) -> Lookup:
        return Lookup(self.table)


def words(seed: int, count: int = 40) -> str:
    """A text that is like no other."""
    dice = random.Random(seed)
    return " ".join("".join(dice.choices("abcdefghijklmnopqrstuvwxyz", k=6)) for _ in range(count))


def in_batches(named: Sequence[Named], size: int) -> Iterable[Sequence[Named]]:
    """As a queue hands them over."""
    return (named[at : at + size] for at in range(0, len(named), size))


__all__ = ["FAKE_SITE", "NOON", "CountingTable", "PowerCut", "World", "in_batches", "minutes", "words"]
