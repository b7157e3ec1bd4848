"""Kind ``duplicates/reports``: reports of faults, with those that people marked as reports of one fault.

Each report arrives as a message of one customer, at the time it was made, and all earlier reports are that customer's cases:
no window and no bound, so that this is about telling matters apart and nothing else. They are ranked by how alike subjects
and texts are; a report joins the one that most speaks for, at the shipped threshold, as at the desk.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from heapq import nlargest
from operator import itemgetter
from pathlib import Path

from casework.case import Assessment, CaseSummary, Severity, Team
from casework.contact import Contact
from casework.entities import find
from casework.identity import Sender
from casework.matter import opened
from casework.message import Channel, Message, Source
from casework.resemblance import Among, Sign, resemblance
from casework.telling import closeness, told
from casework.text.fingerprint import fingerprint
from casework.text.likeness import Rarity, sketch
from casework.text.passages import said
from local.evaluation.row import Row, share
from local.evaluation.trial import shipped

SHOWN = 5
"""How many earlier reports a ranking shows."""
_UNASSESSED = Assessment(
    language="en", category="other", severity=Severity.NONE, team=Team.OPERATIONS, confidence=0.0, escalates=False, abstained=True
)


@dataclass(frozen=True, slots=True)
class Report:
    """One report as the desk would read it: nobody's fault in a program is a category of ours, so that none is assumed."""

    group: str
    contact: Contact
    case: CaseSummary


@dataclass(slots=True)
class Past:
    """What the reports so far have in common, kept up as they arrive."""

    words: Counter[int]
    named: Counter[str]
    count: int = 0

    def add(self, case: CaseSummary) -> None:
        """Remember one more."""
        self.words.update(told(case))
        self.named.update(case.entities)
        self.count += 1

    def among(self) -> Among:
        """As the desk sees it."""
        return Among(Rarity(self.words, self.count), self.named, Counter(), Counter(), Counter(), self.count)


def rows(kind: str, folder: Path) -> Iterator[Row]:
    """Yield, for each collection, wrong joins and recall at the threshold, and the recall of the ranking."""
    for place in sorted(folder.iterdir()):
        if (place / "reports.csv").is_file():
            yield from _measured(f"{kind}/{place.name}", reports_in(place))


def reports_in(place: Path) -> list[Report]:
    """The reports of a collection in the order they were made."""
    csv.field_size_limit(10_000_000)
    groups = _groups(place / "duplicates.csv")
    with (place / "reports.csv").open(encoding="utf-8", newline="") as file:
        lines = sorted(csv.DictReader(file), key=lambda line: (line["Created"], line["Issue id"]))
    return [_report(line, groups.get(line["Issue id"], line["Issue id"])) for line in lines]


def _groups(file: Path) -> dict[str, str]:
    """By report, the name of its group: whatever is a duplicate of a duplicate is one."""
    parents: dict[str, str] = {}

    def root(name: str) -> str:
        while parents.setdefault(name, name) != name:
            name = parents[name]
        return name

    with file.open(encoding="utf-8", newline="") as lines:
        for line in csv.DictReader(lines):
            for other in filter(None, map(str.strip, line["Duplicate id"].split(","))):
                parents[root(other)] = root(line["Issue id"])
    return {name: root(name) for name in list(parents)}


def _report(line: dict[str, str], group: str) -> Report:
    at = datetime.fromisoformat(line["Created"]).astimezone(UTC)
    source = Source(Channel.WEB_FORM, line["Issue id"], line["Issue id"])
    message = Message(source=source, received_at=at, subject=line["Summary"], text=line["Description"])
    contact = Contact(
        message=message,
        secrets=(),
        entities=find(f"{message.subject}\n{message.text}"),
        assessment=_UNASSESSED,
        sender=Sender((), ()),
        thread="",
        own_reference="",
        references=(),
        fingerprint=fingerprint(message.text),
        sketch=sketch(message.text),
        said=said(message.text),
    )
    return Report(group, contact, replace(opened(contact, line["Issue id"], ()), said=""))


def _measured(kind: str, reports: Sequence[Report]) -> Iterator[Row]:
    policy, past = shipped(), Past(Counter(), Counter())
    seen: set[str] = set()
    repeated = joined = wrong = shown = 0
    for number, report in enumerate(reports):
        others = past.among()
        earlier = reports[:number]
        scores = ((_sum(resemblance(report.contact, each.case, others, policy)), each.group) for each in earlier)
        score, best = max(scores, key=itemgetter(0), default=(0.0, ""))
        joins = score >= policy.duplicates.threshold
        joined += joins and best == report.group
        wrong += joins and best != report.group
        if report.group in seen:
            repeated += 1
            shown += report.group in _shown(report, earlier, others)
        seen.add(report.group)
        past.add(report.case)
    yield share(kind, "reports joined to another matter", wrong, len(reports))
    yield share(kind, "repeated reports joined to theirs (recall)", joined, repeated)
    yield share(kind, f"repeated reports with theirs among the first {SHOWN}", shown, repeated)


def _sum(signs: Sequence[Sign]) -> float:
    return sum(weight for weight, _ in signs)


def _shown(report: Report, earlier: Sequence[Report], others: Among) -> set[str]:
    ranking = nlargest(
        SHOWN, ((closeness(report.contact, each.case, others.words), each.group) for each in earlier), key=itemgetter(0)
    )
    return {group for _, group in ranking}
