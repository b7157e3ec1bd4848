"""A desk and the analysts behind it, on one table: say what comes in and what is commanded."""

from __future__ import annotations

import copy
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from casework.case import Receipt, Severity, Team
from casework.commands import Commands
from casework.commands.command import read
from casework.desk import Desk
from casework.escalation import Escalations
from casework.events import Event, announcements
from casework.message import Message
from casework.records import case_key, identity_key
from casework.table import Item, Key
from tests.builders import POLICY, a_desk, minutes
from tests.memory_table import MemoryTable

ANALYST = "mori@kujira.example"
HISTORY = {"note", "command", "mention", "obeyed"}


@dataclass
class Office:
    desk: Desk
    commands: Commands
    table: MemoryTable

    def hears(self, message: Message) -> Receipt:
        return self.desk.receive(message)

    def told(self, command: str, at: float = 60, **fields: Any) -> dict[str, Any]:
        """The answer to a command given so many minutes after noon."""
        given = {"command": command, "by": ANALYST, "reason": "seen by a person", **fields}
        return self.commands.obey(read(given, minutes(at))).as_json()

    def case(self, case_id: str) -> Item:
        return self.table.items[case_key(case_id)]

    def escalations(self, case_id: str) -> list[Item]:
        return [item for item in self.table.of_kind("escalation") if item["case_id"] == case_id]

    def messages(self, case_id: str) -> list[Item]:
        return [item for item in self.table.of_kind("message") if item["case_id"] == case_id]

    def notes(self, case_id: str) -> list[Item]:
        return [item for item in self.table.items.values() if item["pk"] == f"CASE#{case_id}" and item["sk"].startswith("NOTE#")]

    def ringing(self, now: datetime) -> set[str]:
        return {item["sk"].removeprefix("ESCALATION#") for item in self.table.overdue(now)}

    def announced(self) -> list[Event]:
        return [event for before, after in self.table.changes for event in announcements(before, after)]

    def acknowledges(self, receipt: Receipt, at: float = 30) -> None:
        for escalation_id in receipt.escalations:
            Escalations(self.table).acknowledge(receipt.case_id, escalation_id, by=ANALYST, at=minutes(at))

    def forgets(self, case_id: str) -> None:
        """What twenty newer cases would do: the customer's items no longer remember the case."""
        for item in self.table.of_kind("identity"):
            item["cases"] = [case for case in item.get("cases", ()) if case["case_id"] != case_id]

    def world(self) -> dict[Key, Item]:
        """Everything but the history and the counters of changes."""
        kept = {key: item for key, item in self.table.items.items() if item["kind"] not in HISTORY}
        return {key: _without(item, "revision", "version") for key, item in copy.deepcopy(kept).items()}


def _without(item: Item, *names: str) -> Item:
    return {name: value for name, value in item.items() if name not in names}


def an_office() -> Office:
    desk, table = a_desk()
    return Office(desk, Commands(table, POLICY), table)


def identity_of(office: Office, number: int = 0) -> str:
    """The key of the so-manieth identity that the table knows."""
    return str(sorted(item["pk"] for item in office.table.of_kind("identity"))[number].removeprefix("IDENTITY#"))


__all__ = ["ANALYST", "Office", "Severity", "Team", "an_office", "identity_key", "identity_of"]
