"""What commands must have come to: the stream read from its beginning by rules that are written down here a second time.

The notes in the stream tell in which order commands were obeyed, between which messages. From that follows where every case
stands, where every answer had to go, and what had to be announced.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from casework.case import Severity
from casework.table import Item
from casework.times import parse, stamp
from local.simulation.scenario import OWNERS, Writing
from local.simulation.table import Record
from local.simulation.tellings import demanded

TOLD = {
    "merge": "CasesMerged",
    "unmerge": "CasesUnmerged",
    "split": "CaseSplit",
    "link": "CasesLinked",
    "unlink": "CasesUnlinked",
    "reclassify": "CaseReclassified",
    "link_identity": "IdentityLinked",
    "unlink_identity": "IdentityUnlinked",
}
"""What the note of a command announces."""


class Ledger:
    """Every case as commands and messages left it, and whatever was done that should have been refused."""

    def __init__(self, stream: Iterable[Record], writings: Mapping[str, Writing]) -> None:
        self.writings = writings
        self.wrong: list[str] = []
        self.notes: Counter[str] = Counter()
        """Commands that were obeyed, by id."""
        self.undone: dict[str, int] = {}
        """When what a command did was undone, for those that were not obeyed again since."""
        self._done_by: dict[tuple[str, str], str] = {}
        self.merged: dict[str, str] = {}
        self.closed: set[str] = set()
        self.closings: Counter[str] = Counter()
        self.related: defaultdict[str, set[str]] = defaultdict(set)
        self.split: dict[str, str] = {}
        """Messages that are listed in another case than they are stored in."""
        self.corrected: defaultdict[str, set[str]] = defaultdict(set)
        """When cases were reclassified."""
        self.parted: set[int] = set()
        """Customers of whom some name was ever said to be somebody else's."""
        self.announced: set[tuple[str, str]] = set()
        self._kin: dict[str, str] = {}
        self._keys: dict[str, frozenset[str]] = {}
        """Whose each identity is, by the names of the same customer."""
        self._linked: defaultdict[str, list[tuple[int, frozenset[str]]]] = defaultdict(list)
        """The same, since when in the stream."""
        self._whose: dict[str, tuple[str, ...]] = {}
        self._filed: dict[str, str] = {}
        self._demands: dict[str, dict[str, Item]] = defaultdict(dict)
        for self.at, record in enumerate(stream):
            read = _READ.get(record.after.get("kind", ""))
            if read:
                read(self, record)

    def kin(self, case_id: str) -> str:
        """A name for all cases that were ever merged with it, or split off it."""
        while case_id in self._kin:
            case_id = self._kin[case_id]
        return case_id

    def has_kin(self, case_id: str) -> bool:
        """Whether it was ever merged, or split."""
        return case_id in self._kin or case_id in self._kin.values()

    def status(self, case_id: str) -> str:
        """Where the case stands."""
        return "merged" if case_id in self.merged else "closed" if case_id in self.closed else "open"

    def linked_when(self, identity: str, began: int) -> frozenset[str]:
        """The names its customer was known by after so many records, and ever since."""
        told = self._linked[identity]
        since = [keys for at, keys in told if at >= began]
        before = [keys for at, keys in told if at < began][-1:]
        return frozenset.intersection(*before, *since) if before else frozenset()

    def holds(self, case_id: str) -> set[str]:
        """What is merged into it."""
        return {each for each, into in self.merged.items() if into == case_id}

    # --- records -----------------------------------------------------------------------------------------------------

    def _identity(self, record: Record) -> None:
        identity, keys = record.key.pk.removeprefix("IDENTITY#"), frozenset(record.after["keys"])
        if self._keys.get(identity) != keys:
            self._linked[identity].append((self.at, keys))
        self._keys[identity] = keys

    def _case(self, record: Record) -> None:
        case_id = record.after["case_id"]
        if record.before is None:
            self.related[case_id] |= set(record.after.get("related", ()))
        self._whose[case_id] = tuple(record.after.get("keys", ()))

    def _escalation(self, record: Record) -> None:
        self._demands[record.after["case_id"]][record.after["escalation_id"]] = record.after

    def _message(self, record: Record) -> None:
        """A message has been filed: where it had to go, as things stood."""
        item = record.after
        if record.before is not None:
            return
        case_id, message_id = item["case_id"], item["message_id"]
        self._filed[message_id] = case_id
        if case_id in self.merged:
            self.wrong.append(f"a message came to case {case_id}, which is merged")
        if case_id in self.closed:
            self._undo("close", case_id)
            self.closed.discard(case_id)
            self.announced.add(("CaseReopened", f"{case_id} {item['received_at']}"))
            self._heard_again(item)
        self._belongs(item)
        if message_id in self.writings:
            self._followed(self.writings[message_id], case_id)

    def _heard_again(self, item: Item) -> None:
        """What teams had heard was settled by closing the case."""
        writing = self.writings.get(item["message_id"])
        if writing and demanded(writing.matter, writing.message.text) and not item.get("escalations"):
            self.wrong.append(f"writing {writing.number} reopened case {item['case_id']}, and no team has heard of it")

    def _belongs(self, item: Item) -> None:
        """Whoever is vouched for is a customer of the case, as identities are linked and parted by then."""
        vouched = self._everybody(item.get("vouched", ()))
        if vouched and not vouched & self._everybody(self._whose.get(item["case_id"], ())):
            self.wrong.append(f"a message of somebody who was parted from its customer came to case {item['case_id']}")

    def _everybody(self, keys: Iterable[str]) -> set[str]:
        return {each for key in keys for each in self._keys.get(key, (key,))}

    def _followed(self, writing: Writing, case_id: str) -> None:
        """A customer who answers a message that was recorded before is where that message is listed today."""
        if writing.answers < 0 or writing.after < 0:
            return
        asked = next(each for each in self.writings.values() if each.number == writing.answers)
        known = asked.authenticated and not asked.unreadable and not asked.held and asked.names & writing.names
        if not known or asked.writer in self.parted or not _alone_under_its_name(asked, self.writings.values()):
            return
        listed = self.listed(asked.message.message_id)
        if case_id != self.merged.get(listed, listed):
            self.wrong.append(f"writing {writing.number} answers {asked.number} and is in case {case_id}, not in {listed}")

    def listed(self, message_id: str) -> str:
        """The case that shows a message."""
        return self.split.get(message_id) or self._filed.get(message_id, "")

    # --- commands ----------------------------------------------------------------------------------------------------

    def _command(self, record: Record) -> None:
        note = record.after
        if record.before is not None:
            self.wrong.append(f"the note of {note['command_id']} was written over")
            return
        self.notes[note["command_id"]] += 1
        if note["command"] in TOLD:
            self.announced.add((TOLD[note["command"]], note["command_id"]))
        self.undone.pop(note["command_id"], None)
        self._done_by[note["command"], note.get("case_id", "")] = note["command_id"]
        _OBEYED[note["command"]](self, note)

    def _undo(self, name: str, case_id: str) -> None:
        command_id = self._done_by.pop((name, case_id), "")
        if command_id:
            self.undone[command_id] = self.at

    def _require(self, holds: object, note: Item, wrong: str) -> None:
        if not holds:
            self.wrong.append(f"{note['command']} {note['command_id']}: {wrong}")

    def _united(self, one: str, other: str) -> None:
        one, other = self.kin(one), self.kin(other)
        if one != other:
            self._kin[max(one, other)] = min(one, other)

    def _merge(self, note: Item) -> None:
        case_id, into = note["case_id"], note["into"]
        self._require(case_id not in self.merged, note, "it is merged already")
        self._require(into not in self.merged, note, "what it was merged into is itself merged")
        self._require(not self.holds(case_id), note, "others are merged into it")
        self._require(into not in self.closed, note, "what it was merged into is closed")
        for name in note.get("suspended", ()):
            self._require(self._is_heard(self._demands[case_id][name], into), note, f"{name} is heard nowhere")
        self.merged[case_id] = into
        self._united(case_id, into)

    def _is_heard(self, waiting: Item, into: str) -> bool:
        """Whether its team hears of the other case at least as loud."""
        heard = [each for each in self._demands[into].values() if each["team"] == waiting["team"]]
        return any(not Severity(waiting["severity"]).worse_than(Severity(each["severity"])) for each in heard)

    def _unmerge(self, note: Item) -> None:
        case_id = note["case_id"]
        self._require(self.merged.get(case_id) == note["out_of"], note, "it is not merged into that")
        self.merged.pop(case_id, None)
        self._undo("merge", case_id)

    def _split(self, note: Item) -> None:
        case_id = note["case_id"]
        self._require(case_id not in self.merged, note, "it is merged")
        for message_id in note["messages"]:
            self._require(message_id not in self.split, note, f"{message_id} was split off before")
            self._require(self._filed.get(message_id) == case_id, note, f"{message_id} is in another case")
            self.split[message_id] = note["to"]
        left = [each for each, place in self._filed.items() if place == case_id and each not in self.split]
        self._require(left, note, "nothing is left in the case")
        self.related[case_id].add(note["to"])
        self._united(case_id, note["to"])

    def _link(self, note: Item) -> None:
        self.related[note["case_id"]].add(note["other"])
        self.related[note["other"]].add(note["case_id"])

    def _unlink(self, note: Item) -> None:
        self.related[note["case_id"]].discard(note["other"])
        self.related[note["other"]].discard(note["case_id"])

    def _close(self, note: Item) -> None:
        case_id = note["case_id"]
        self._require(self.status(case_id) == "open", note, "it is not open")
        own = [each for each in self._demands[case_id].values() if not each["cause"].startswith("campaign_")]
        self._require(all("acknowledged_at" in each for each in own), note, "nobody has answered what was demanded in it")
        self.closed.add(case_id)
        self.closings[case_id] += 1
        self.announced.add(("CaseClosed", f"{case_id} {note['at']}"))

    def _reopen(self, note: Item) -> None:
        case_id = note["case_id"]
        self._require(self.status(case_id) == "closed", note, "it is not closed")
        self._opens(note)

    def _opens(self, note: Item) -> None:
        self._undo("close", note["case_id"])
        self.closed.discard(note["case_id"])
        self.announced.add(("CaseReopened", f"{note['case_id']} {note['at']}"))

    def _reclassify(self, note: Item) -> None:
        case_id = note["case_id"]
        self._require(case_id not in self.merged, note, "it is merged")
        demands = self._demands[case_id]
        self._require(all(name in demands for name in note.get("escalations", ())), note, "what it demanded is not there")
        if note.get("escalations") and case_id in self.closed:
            self._opens(note)
        self.corrected[case_id].add(note["at"])

    def _link_identity(self, note: Item) -> None:
        """The identities' items tell."""

    def _unlink_identity(self, note: Item) -> None:
        (alone,) = note["to"]["keys"]
        self.parted.add(OWNERS[alone])
        for case_id, into in self.merged.items():
            one, other = (self._everybody(self._whose[each]) for each in (case_id, into))
            self._require(one & other, note, f"case {case_id} is merged into the case of somebody else")


def _alone_under_its_name(asked: Writing, writings: Iterable[Writing]) -> bool:
    """Whether nobody else has written under the same Message-ID."""
    name = asked.message.thread_name
    return not name or sum(each.message.thread_name == name for each in writings) == 1


def happened(event: Mapping[str, Any]) -> str:
    """Of a case that was closed or reopened: which, and when."""
    return f"{event['case_id']} {stamp(parse(event['occurred_at']))}"


_READ: Mapping[str, Callable[[Ledger, Record], None]] = {
    "identity": Ledger._identity,
    "case": Ledger._case,
    "escalation": Ledger._escalation,
    "message": Ledger._message,
    "command": Ledger._command,
}
_OBEYED: Mapping[str, Callable[[Ledger, Item], None]] = {
    "merge": Ledger._merge,
    "unmerge": Ledger._unmerge,
    "split": Ledger._split,
    "link": Ledger._link,
    "unlink": Ledger._unlink,
    "close": Ledger._close,
    "reopen": Ledger._reopen,
    "reclassify": Ledger._reclassify,
    "link_identity": Ledger._link_identity,
    "unlink_identity": Ledger._unlink_identity,
}


def stands_as_told(ledger: Ledger, cases: Mapping[str, Item]) -> Iterator[str]:
    """Every case is as the commands that were obeyed have left it."""
    for case_id, item in cases.items():
        if item["status"] != ledger.status(case_id):
            yield f"case {case_id} is {item['status']}, not {ledger.status(case_id)}"
        if item.get("merged_into") != ledger.merged.get(case_id):
            yield f"case {case_id} is merged into {item.get('merged_into')}, not {ledger.merged.get(case_id)}"
        if ("queue" in item) != (item["status"] == "open") or ("closed_at" in item) != (case_id in ledger.closed):
            yield f"case {case_id} is {item['status']} and stands in queue {item.get('queue')}, closed at {item.get('closed_at')}"
        if set(item.get("holds", ())) != ledger.holds(case_id) or len(item.get("holds", ())) != len(ledger.holds(case_id)):
            yield f"case {case_id} holds {item.get('holds', ())}, not {ledger.holds(case_id)}"
        if set(item.get("related", ())) != ledger.related[case_id]:
            yield f"case {case_id} is linked with {item.get('related', ())}, not {ledger.related[case_id]}"
