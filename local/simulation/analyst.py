"""What analysts want done in a history: chosen by what they see in the table, mostly sensible, now and then a slip."""

from __future__ import annotations

import random
from collections.abc import Callable, Container, Mapping, Sequence
from datetime import timedelta
from typing import Any, TypeVar

from casework.records import case_key
from casework.table import Item
from casework.times import parse
from local.simulation.scenario import OWNERS
from local.simulation.table import MemoryTable

BY = "mori@kujira.example"
CATEGORIES = ("account_takeover", "deposit", "phishing_report", "other", "no_such_category")
LOUD = ("account_takeover", "account_takeover", "secret_exposed")
"""Categories that a team must hear of: Fraud of the one, Trust of the other."""
_Order = Mapping[str, Any] | None
_Choice = TypeVar("_Choice")
LONG = timedelta(days=14)
"""What a case must have been silent for to be an old one."""


def order(table: MemoryTable, dice: random.Random, number: int) -> _Order:
    """The next command, or ``None`` while there is nothing that it could be about."""
    cases = table.of_kind("case")
    if not cases:
        return None
    wants = _Wants(table, dice, cases)
    name = (wants.comes_to_mind() if dice.random() < 0.4 else "") or dice.choice(_NAMES)
    about = _ABOUT[name](wants)
    if about is None:
        return None
    return {"command": name, "by": BY, "reason": "seen by a person", **about, **_named(dice, number)}


def may_be_split_off(table: MemoryTable, message: Item) -> bool:
    """Whether a message may leave its case: it has not left it yet, and is not all that is left of it."""
    case = table.items[case_key(message["case_id"])]
    return "split_to" not in message and bool(case["messages"] - case.get("split_off", 0) > 1)


def split_off(message: Item, number: int) -> Mapping[str, Any]:
    """The command that opens a case for one message."""
    about = {"case": message["case_id"], "messages": [message["message_id"]]}
    return {"command": "split", "by": BY, "reason": "another matter", **about, "id": f"command-{number}"}


def _named(dice: random.Random, number: int) -> Mapping[str, str]:
    """The id of a command, if it has one; now and then that of another, which may still be on its way."""
    luck = dice.random()
    if luck < 0.2:
        return {}
    return {"id": "used-again" if luck < 0.24 else f"command-{number - 1}" if luck < 0.34 else f"command-{number}"}


class _Wants:
    """An analyst in front of the table."""

    def __init__(self, table: MemoryTable, dice: random.Random, cases: Sequence[Item]) -> None:
        self.table, self.dice, self.cases = table, dice, cases

    def comes_to_mind(self) -> str:
        """What is seldom possible: an un-merge where a team is silent, a merge of a case that a team waits in."""
        if any("suspended" in item for item in self.table.of_kind("escalation")):
            return "unmerge"
        demanded, teams = self._demanded(), self._teams()
        waiting = (pair for pair in self._pairs() if demanded.get(pair[0]["case_id"]))
        return "merge" if any(teams[one["case_id"]] and teams[other["case_id"]] for one, other in waiting) else ""

    def merge(self) -> _Order:
        """Two cases of one customer, as far as one sees; often of those that teams wait in, and the newer into the older."""
        pairs = self._pairs() if self.dice.random() < 0.85 else []
        if not pairs:
            case = self._case("open")
            other = self._beside(case)
            return {"case": case["case_id"], "into": other["case_id"]} if other else None
        demanded = self._demanded()
        pairs = self._rather(pairs, lambda pair: demanded.get(pair[0]["case_id"], False))
        pairs = self._rather(pairs, lambda pair: pair[1]["case_id"] in demanded or _is_over(pair[1], pair[0]))
        teams = self._teams()
        pairs = self._rather(pairs, lambda pair: bool(teams[pair[0]["case_id"]] & teams[pair[1]["case_id"]]))
        case, into = self.dice.choice(pairs)
        return {"case": case["case_id"], "into": into["case_id"]}

    def _pairs(self) -> list[tuple[Item, Item]]:
        """Open cases of one customer, the second at least as urgent."""
        waiting = [case for case in self.cases if case["status"] == "open" and case.get("keys")]
        return [(one, other) for one in waiting for other in waiting if one is not other and _may_go_with(one, other)]

    def _rather(self, found: list[_Choice], liked: Callable[[_Choice], bool]) -> list[_Choice]:
        """Those that are liked, as a rule."""
        return ([each for each in found if liked(each)] if self.dice.random() < 0.75 else []) or found

    def unmerge(self) -> _Order:
        return self._of_status("merged")

    def split(self) -> _Order:
        """Some messages of a case, hardly ever all of them."""
        case = self.dice.choice(self._rather(list(self.cases), lambda each: each["messages"] - each.get("split_off", 0) > 1))
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
        """An open case, as a rule one that nobody waits in."""
        waiting = {item["case_id"] for item in self.table.of_kind("escalation") if "acknowledged_at" not in item}
        done = [each for each in self.cases if each["status"] == "open" and each["case_id"] not in waiting]
        case = self.dice.choice(done) if done and self.dice.random() < 0.75 else self._case("open")
        return {"case": case["case_id"]}

    def reopen(self) -> _Order:
        return self._of_status("closed")

    def reclassify(self) -> _Order:
        demanded = [case for case in self.cases if case["case_id"] in self._demanded()]
        if demanded and self.dice.random() < 0.3:
            return self._belittled(self.dice.choice(demanded))
        severity = {"severity": self.dice.choice(("critical", "high", "normal"))} if self.dice.random() < 0.6 else {}
        if demanded and self.dice.random() < 0.6:
            case = self._beside(self.dice.choice(demanded)) or self._case()
            worst = {"severity": "critical"} if self.dice.random() < 0.5 else severity
            return {"case": case["case_id"], "category": self.dice.choice(LOUD), **worst}
        return {"case": self._case()["case_id"], "category": self.dice.choice(CATEGORIES), **severity}

    def _belittled(self, case: Item) -> _Order:
        """A case that is less bad than it seemed, although a team was told that it is as bad as that."""
        severity = self.dice.choice(("high", "normal"))
        return {"case": case["case_id"], "category": case["category"], "severity": severity}

    def _teams(self) -> Mapping[str, set[str]]:
        """Who was told of each case."""
        told: dict[str, set[str]] = {case["case_id"]: set() for case in self.cases}
        for item in self.table.of_kind("escalation"):
            told[item["case_id"]].add(item["team"])
        return told

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
        own = [name for name in known if OWNERS[name] == OWNERS[one] and (name != one or self.dice.random() < 0.1)]
        linked = next(item["keys"] for item in self.table.of_kind("identity") if item["pk"] == f"IDENTITY#{one}")
        own = self._rather(own, lambda name: name not in linked)
        return {"identity": one, "with": self.dice.choice(own)} if own else None

    def unlink_identity(self) -> _Order:
        """A name that is somebody else's, the analyst thinks, with the cases that seem to be theirs."""
        linked = [item for item in self.table.of_kind("identity") if len(item["keys"]) > 1]
        if not linked:
            return None
        merged = [item for item in linked if any("merged_into" in case for case in item.get("cases", ()))]
        item = self.dice.choice(merged if merged and self.dice.random() < 0.6 else linked)
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


def _may_go_with(one: Item, other: Item) -> bool:
    """Whether the two are of one customer, and the other one stands no lower in its queue."""
    return bool(set(one["keys"]).intersection(other["keys"])) and other["queue_at"][0] <= one["queue_at"][0]


def _is_over(old: Item, new: Item) -> bool:
    """Whether nobody had written to the one case for long when the other began."""
    return parse(new["opened_at"]) - parse(old["last_at"]) > LONG


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
_OFTEN = {
    "merge": 7,
    "unmerge": 5,
    "split": 3,
    "close": 2,
    "reclassify": 5,
    "link_identity": 2,
    "reopen": 2,
    "unlink_identity": 2,
}
_NAMES = tuple(name for name in _ABOUT for _ in range(_OFTEN.get(name, 1)))
