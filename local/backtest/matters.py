"""What belongs together: stored messages are handed to an empty desk once more, by the policy in use and by the candidate.

Each customer's messages arrive as they did, at their times, from somebody who is vouched for. What had joined by a thread answers
the first message of its case again, since no policy decides threads. Nobody closes or merges a case meanwhile: what people did
is what both policies are measured by. Not replayed: messages of nobody who was vouched for, unverified contributions, and
customers of whom there is one message.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any, NamedTuple

from casework.message import Identity, IdentityKind, Message, Trust
from casework.policy import Policy
from local import labels
from local.backtest import items
from local.backtest.sample import Sample, Unusable
from local.evaluation.trial import Trial
from local.progress import Progress

NEEDED = {
    "case": ("case_id", "opened_by"),
    "message": ("case_id", "message_id", "received_at"),
    "command": ("case_id", "command", "command_id", "at"),
}
"""What an item must have to be read here, by its kind."""
NEEDED_OF = {"merge": ("into",), "unmerge": ("out_of",), "split": ("messages",)}
"""And the note of a command, by its name."""
Item = Mapping[str, Any]
Openers = Mapping[str, str]
"""Of each message, the one that opened its case."""


class Told(NamedTuple):
    """A stored message, and how it is told again."""

    message_id: str
    case_id: str
    customer: str
    sample: Sample
    again: Message


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
    cases_before: int
    cases_after: int
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
            "cases": {"before": self.cases_before, "after": self.cases_after},
            "one_matter": _three(self.one_matter),
            "two_matters": _three(self.two_matters),
            "rates": list(self.rates),
            "moved": [
                {
                    "kind": each.kind,
                    "message": each.told.message_id,
                    "before": each.before.message_id,
                    "after": each.after.message_id,
                    "text": each.told.sample.text,
                }
                for each in self.moved
            ],
        }


def _whole(item: Item) -> bool:
    needed = (*NEEDED.get(item.get("kind", ""), ("kind",)), *NEEDED_OF.get(item.get("command", ""), ()))
    return item.get("kind") in NEEDED and all(name in item for name in needed)


def _three(said: Verdicts) -> dict[str, int]:
    return {"pairs": said.of, "in_one_case_before": said.before, "in_one_case_after": said.after}


def matters(documents: Iterable[Item], current: Policy, candidate: Policy) -> Matters | None:
    """Replay what can be; ``None`` where no customer has told two things. Raises nothing for items that lack something."""
    records = labels.records(each for each in documents if _whole(each))
    told = {each.message_id: each for each in _told(records)}
    if not told:
        return None
    before, after = (_openers(told.values(), rules) for rules in (current, candidate))
    pairs = [pair for pair in labels.pairs(records) if told.keys() >= {pair["one"], pair["other"]}]
    return Matters(
        messages=len(told),
        customers=len({each.customer for each in told.values()}),
        as_stored=sum(before[name] == records.cases.get(each.case_id, {}).get("opened_by") for name, each in told.items()),
        cases_before=len(set(before.values())),
        cases_after=len(set(after.values())),
        moved=[Moved(each, told[before[name]], told[after[name]]) for name, each in told.items() if before[name] != after[name]],
        one_matter=_verdicts([pair for pair in pairs if pair["one_matter"]], before, after),
        two_matters=_verdicts([pair for pair in pairs if not pair["one_matter"]], before, after),
        rates=list(labels.rates(records).sentences()),
    )


def _verdicts(pairs: Sequence[Mapping[str, Any]], before: Openers, after: Openers) -> Verdicts:
    joined = [sum(openers[pair["one"]] == openers[pair["other"]] for pair in pairs) for openers in (before, after)]
    return Verdicts(len(pairs), *joined)


def _told(records: labels.Records) -> list[Told]:
    """The messages that are compared with others, in the order of their times."""
    customers = _customers(records)
    told = [each for item in records.messages if (each := _again(item, records, customers))]
    many = Counter(each.customer for each in told)
    return sorted((each for each in told if many[each.customer] > 1), key=lambda each: (each.again.received_at, each.message_id))


def _again(item: Item, records: labels.Records, customers: Mapping[str, str]) -> Told | None:
    keys = _keys(item, records)
    if not keys or item.get("unverified"):
        return None
    try:
        sample = items.sample(item, "")
    except Unusable:
        sample = None  # named already, among what could not be judged
    if sample is None:
        return None
    case_id, name = item["case_id"], item["message_id"]
    customer = customers[keys[0]]
    by_thread = (item.get("duplicate") or {}).get("rule") == "thread"
    opened_by = records.cases.get(case_id, {}).get("opened_by", "")
    again = replace(
        sample.message,
        history=item.get("history", ""),
        identities=(Identity(IdentityKind.ACCOUNT, customer, Trust.AUTHENTICATED),),
        thread_name=name,
        references=(opened_by,) if by_thread and opened_by else (),
    )
    return Told(name, case_id, customer, sample, again)


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


def _openers(told: Collection[Told], policy: Policy) -> dict[str, str]:
    trial, opened, openers = Trial(policy), dict[str, str](), dict[str, str]()
    with Progress("replaying", len(told)) as progress:
        for each in told:
            progress.begin("the messages of customers who told several things")
            case_id = trial.receive(each.again).case_id or each.message_id
            openers[each.message_id] = opened.setdefault(case_id, each.message_id)
            progress.done()
    return openers
