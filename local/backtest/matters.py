"""What belongs together: stored messages are handed to an empty desk once more, by the policy in use and by the candidate.

Each customer's messages arrive as they did, at their times, from somebody who is vouched for. What had joined by a thread answers
the first message of its case again, since no policy decides threads. Nobody closes or merges a case meanwhile: what people did
is what both policies are measured by. Not replayed: messages of nobody who was vouched for, unverified contributions, and
customers of whom there is one message.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any, NamedTuple

from casework.message import Identity, IdentityKind, Message, Trust
from casework.policy import Policy
from local import labels
from local.backtest import items
from local.backtest.differences import Tally
from local.evaluation.trial import Trial
from local.progress import Progress

NEEDED = {
    "case": ("case_id", "opened_by"),
    "message": ("case_id", "message_id", "received_at"),
    "command": ("case_id", "command", "command_id", "at"),
}
"""What an item must have to be read here, by its kind."""
Item = Mapping[str, Any]
Openers = Mapping[str, str]
"""Of each message, the one that opened its case."""


class Told(NamedTuple):
    """A stored message, ready to be told again."""

    message_id: str
    case_id: str
    customer: str
    message: Message


@dataclass(frozen=True, slots=True)
class Moved:
    """A message that the candidate would file elsewhere. What opened its case is named; itself, if it opened one."""

    told: Told
    before: Told
    after: Told

    @property
    def kind(self) -> str:
        """``joined``, ``parted``, or ``elsewhere``: from one case to another."""
        opened = [self.told.message_id == opener.message_id for opener in (self.before, self.after)]
        return {(True, False): "joined", (False, True): "parted"}.get((opened[0], opened[1]), "elsewhere")


@dataclass(frozen=True, slots=True)
class Verdicts:
    """What people said of pairs of messages, and in how many each policy has the two in one case."""

    of: int
    before: int
    after: int


@dataclass(frozen=True, slots=True)
class Matters:
    """What came of both replays. ``as_stored``: messages that today's policy files with what they were filed with."""

    messages: int
    customers: int
    as_stored: int
    cases: Tally
    moved: Sequence[Moved]
    one_matter: Verdicts
    """People merged their cases."""
    two_matters: Verdicts
    """People un-merged their cases, or split the one from the other."""
    rates: Sequence[str]

    def document(self) -> dict[str, Any]:
        """Give all of it, as JSON has it."""
        return {
            "messages": self.messages,
            "customers": self.customers,
            "as_stored": self.as_stored,
            "cases": {"before": self.cases.before, "after": self.cases.after},
            "one_matter": _three(self.one_matter),
            "two_matters": _three(self.two_matters),
            "rates": list(self.rates),
            "moved": [
                {
                    "kind": each.kind,
                    "message": each.told.message_id,
                    "before": each.before.message_id,
                    "after": each.after.message_id,
                    "text": text(each.told),
                }
                for each in self.moved
            ],
        }


def _whole(item: Item) -> bool:
    return item.get("kind") in NEEDED and all(name in item for name in NEEDED[item["kind"]])


def _three(said: Verdicts) -> dict[str, int]:
    return {"pairs": said.of, "in_one_case_before": said.before, "in_one_case_after": said.after}


def text(told: Told) -> str:
    """What the message says, redacted as it was stored."""
    return "\n".join(filter(None, (told.message.subject, told.message.text)))


def matters(documents: Iterable[Item], current: Policy, candidate: Policy) -> Matters | None:
    """Replay what can be; ``None`` where no customer has told two things. Raises nothing for items that lack something."""
    records = labels.records(each for each in documents if _whole(each))
    told = list(_told(records))
    if not told:
        return None
    by_id = {each.message_id: each for each in told}
    before, after = (_openers(told, rules) for rules in (current, candidate))
    moved = [Moved(each, by_id[before[name]], by_id[after[name]]) for name, each in by_id.items() if before[name] != after[name]]
    said = [(pair["one"], pair["other"], pair["one_matter"]) for pair in labels.pairs(records)]
    asked = {holds: [(one, other) for one, other, is_so in said if is_so is holds] for holds in (True, False)}
    known = {holds: [pair for pair in pairs if by_id.keys() >= set(pair)] for holds, pairs in asked.items()}
    opened = {case_id: case.get("opened_by") for case_id, case in records.cases.items()}
    return Matters(
        messages=len(told),
        customers=len({each.customer for each in told}),
        as_stored=sum(before[name] == opened.get(each.case_id) for name, each in by_id.items()),
        cases=Tally(len(set(before.values())), len(set(after.values())), 0, 0),
        moved=moved,
        one_matter=_verdicts(known[True], before, after),
        two_matters=_verdicts(known[False], before, after),
        rates=list(labels.rates(records).sentences()),
    )


def _verdicts(pairs: Sequence[tuple[str, str]], before: Openers, after: Openers) -> Verdicts:
    joined = [sum(openers[one] == openers[other] for one, other in pairs) for openers in (before, after)]
    return Verdicts(len(pairs), *joined)


def _told(records: labels.Records) -> Iterator[Told]:
    """The messages that are compared with others, in the order of their times."""
    customers = _customers(records)
    mine: dict[str, list[Told]] = defaultdict(list)
    for item in sorted(records.messages, key=lambda each: (str(each.get("received_at")), str(each.get("message_id")))):
        told = _again(item, records, customers)
        if told:
            mine[told.customer].append(told)
    yield from sorted((told for each in mine.values() if len(each) > 1 for told in each), key=_when)


def _when(told: Told) -> tuple[Any, str]:
    return told.message.received_at, told.message_id


def _again(item: Item, records: labels.Records, customers: Mapping[str, str]) -> Told | None:
    keys = _keys(item, records)
    if not keys or item.get("unverified"):
        return None
    try:
        message = items.message(item)
    except (KeyError, ValueError, TypeError, AttributeError):
        return None  # counted already, among what could not be judged
    case_id, name = item["case_id"], item["message_id"]
    customer = customers[keys[0]]
    by_thread = (item.get("duplicate") or {}).get("rule") == "thread"
    opened_by = records.cases.get(case_id, {}).get("opened_by", "")
    again = replace(
        message,
        history=item.get("history", ""),
        identities=(Identity(IdentityKind.ACCOUNT, customer, Trust.AUTHENTICATED),),
        thread_name=name,
        references=(opened_by,) if by_thread and opened_by else (),
    )
    return Told(name, case_id, customer, again)


def _keys(item: Item, records: labels.Records) -> tuple[str, ...]:
    """Whose it is: who was vouched for, else whose its case is."""
    return tuple(item.get("vouched") or records.cases.get(item["case_id"], {}).get("keys", ()))


def _customers(records: labels.Records) -> dict[str, str]:
    """Of each identity the customer: one of the identities that were seen together with it, and the same for all of them."""
    seen: dict[str, set[str]] = defaultdict(set)
    for keys in (
        *(case.get("keys", ()) for case in records.cases.values()),
        *(_keys(each, records) for each in records.messages),
    ):
        for one, other in pairwise((*keys, keys[0]) if keys else ()):
            seen[one].add(other)
            seen[other].add(one)
    known: dict[str, str] = {}
    for key in seen:
        reached = [] if key in known else [key]
        while reached:
            known[(found := reached.pop())] = key
            reached += seen[found] - known.keys()
    return known


def _openers(told: Sequence[Told], policy: Policy) -> dict[str, str]:
    trial, opened, openers = Trial(policy), dict[str, str](), dict[str, str]()
    with Progress("replaying", len(told)) as progress:
        progress.begin("the messages of customers who told several things")
        for each in told:
            case_id = trial.receive(each.message).case_id
            openers[each.message_id] = opened.setdefault(case_id, each.message_id) if case_id else each.message_id
            progress.done()
    return openers
