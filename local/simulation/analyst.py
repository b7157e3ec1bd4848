"""What analysts want done in a history: chosen by what they see in the table, mostly sensible, now and then a slip."""

from __future__ import annotations

import random
from collections.abc import Callable, Container, Mapping, Sequence
from typing import Any

from casework.table import Item
from local.simulation.scenario import OWNERS
from local.simulation.table import MemoryTable

BY = "mori@kujira.example"
CATEGORIES = ("account_takeover", "deposit", "phishing_report", "other", "no_such_category")
_Order = Mapping[str, Any] | None


def order(table: MemoryTable, dice: random.Random, number: int) -> _Order:
    """The next command, or ``None`` while there is nothing that it could be about."""
    cases = table.of_kind("case")
    if not cases:
        return None
    wants = _Wants(table, dice, cases)
    name = dice.choice(_NAMES)
    about = _ABOUT[name](wants)
    if about is None:
        return None
    luck = dice.random()
    named = {} if luck < 0.2 else {"id": "used-again" if luck < 0.27 else f"command-{number}"}
    return {"command": name, "by": BY, "reason": "seen by a person", **about, **named}


class _Wants:
    """An analyst in front of the table."""

    def __init__(self, table: MemoryTable, dice: random.Random, cases: Sequence[Item]) -> None:
        self.table, self.dice, self.cases = table, dice, cases

    def merge(self) -> _Order:
        """Two cases of one customer, as far as one sees; often of those that teams wait in."""
        demanded = self._demanded()
        waiting = [case for case in self.cases if demanded.get(case["case_id"])]
        case = self.dice.choice(waiting) if waiting and self.dice.random() < 0.7 else self._case("open")
        worst = case.get("queue_at", "9")[0]
        fit = {each["case_id"] for each in self.cases if each["status"] == "open" and each["queue_at"][0] <= worst}
        other = self._beside(case, fit.intersection(demanded) or fit if self.dice.random() < 0.8 else ())
        return {"case": case["case_id"], "into": other["case_id"]} if other else None

    def unmerge(self) -> _Order:
        return self._of_status("merged")

    def split(self) -> _Order:
        """Some messages of a case, hardly ever all of them."""
        case = self._case()
        filed = [item["message_id"] for item in self.table.of_kind("message") if item["case_id"] == case["case_id"]]
        count = self.dice.randint(1, max(1, len(filed) - 1))
        return {"case": case["case_id"], "messages": self.dice.sample(filed, min(count, len(filed)))} if filed else None

    def link(self) -> _Order:
        case = self._case()
        other = self._beside(case)
        return {"case": case["case_id"], "other": other["case_id"]} if other else None

    def unlink(self) -> _Order:
        linked = [each for each in self.cases if each.get("related")]
        case = self.dice.choice(linked or self.cases)
        return {"case": case["case_id"], "other": self.dice.choice(case["related"])} if linked else None

    def close(self) -> _Order:
        return self._of_status("open")

    def reopen(self) -> _Order:
        return self._of_status("closed")

    def reclassify(self) -> _Order:
        severity = {"severity": self.dice.choice(("critical", "high", "normal"))} if self.dice.random() < 0.6 else {}
        demanded = [case for case in self.cases if case["case_id"] in self._demanded()]
        case = (self._beside(self.dice.choice(demanded)) if demanded and self.dice.random() < 0.6 else None) or self._case()
        category = CATEGORIES[0] if demanded and self.dice.random() < 0.6 else self.dice.choice(CATEGORIES)
        return {"case": case["case_id"], "category": category, **severity}

    def _demanded(self) -> dict[str, bool]:
        """The cases that a team was told of, and whether somebody waits for an answer there."""
        told: dict[str, bool] = {}
        for item in self.table.of_kind("escalation"):
            told[item["case_id"]] = told.get(item["case_id"], False) or "due" in item
        return told

    def link_identity(self) -> _Order:
        """Two names that are known to be one person's: the analyst has spoken with them."""
        known = self._identities()
        if not known:
            return None
        one = self.dice.choice(known)
        own = [name for name in self._identities() if OWNERS[name] == OWNERS[one] and (name != one or self.dice.random() < 0.1)]
        return {"identity": one, "with": self.dice.choice(own)} if own else None

    def unlink_identity(self) -> _Order:
        """A name that is somebody else's, the analyst thinks, with the cases that seem to be theirs."""
        linked = [item for item in self.table.of_kind("identity") if len(item["keys"]) > 1]
        if not linked:
            return None
        item = self.dice.choice(linked)
        cases = [case["case_id"] for case in item.get("cases", ())]
        named = {"cases": self.dice.sample(cases, self.dice.randint(1, len(cases)))} if cases and self.dice.random() < 0.5 else {}
        return {"identity": item["pk"].removeprefix("IDENTITY#"), **named}

    def _identities(self) -> list[str]:
        return [str(item["pk"]).removeprefix("IDENTITY#") for item in self.table.of_kind("identity")]

    def _of_status(self, status: str) -> _Order:
        """A case of this status; where there is none, now and then another."""
        known = any(case["status"] == status for case in self.cases)
        return {"case": self._case(status)["case_id"]} if known or self.dice.random() < 0.1 else None

    def _case(self, status: str = "") -> Item:
        """One of this status, if there is one and the analyst looks."""
        fitting = [case for case in self.cases if case["status"] == status]
        return self.dice.choice(fitting if fitting and self.dice.random() < 0.9 else self.cases)

    def _beside(self, case: Item, rather: Container[str] = ()) -> Item | None:
        """Another case, as a rule of the same customer, and one of those named; hardly ever the same one."""
        keys = set(case.get("keys", ()))
        others = [each for each in self.cases if each is not case or self.dice.random() < 0.03]
        theirs = [each for each in others if keys.intersection(each.get("keys", ()))]
        fitting = theirs if self.dice.random() < 0.85 else others
        fitting = [each for each in fitting if each["case_id"] in rather] or fitting
        return self.dice.choice(fitting) if fitting else None


_ABOUT: Mapping[str, Callable[[_Wants], _Order]] = {
    "merge": _Wants.merge,
    "unmerge": _Wants.unmerge,
    "split": _Wants.split,
    "link": _Wants.link,
    "unlink": _Wants.unlink,
    "close": _Wants.close,
    "reopen": _Wants.reopen,
    "reclassify": _Wants.reclassify,
    "link_identity": _Wants.link_identity,
    "unlink_identity": _Wants.unlink_identity,
}
_OFTEN = {"merge": 7, "unmerge": 5, "split": 3, "close": 2, "reclassify": 4, "link_identity": 2}
_NAMES = tuple(name for name in _ABOUT for _ in range(_OFTEN.get(name, 1)))
