"""What differs between two judgements of the same texts: counted by category, language, team and severity, and named."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from casework.case import Assessment, Severity, Team
from local.backtest.judging import Judged

ABSTAINED = "(abstained)"
"""In the place of a category: nobody decided."""

Key = tuple[str, str]


@dataclass(slots=True)
class Tally:
    """How many there were, how many there would be, and who makes the difference."""

    before: int = 0
    after: int = 0
    gained: int = 0
    lost: int = 0

    @property
    def moves(self) -> bool:
        """Whether anything comes or goes."""
        return bool(self.gained or self.lost)

    def count(self, *, before: bool, after: bool) -> None:
        """Count one text that was, or would be, among them."""
        self.before += before
        self.after += after
        self.gained += after and not before
        self.lost += before and not after


Change = Callable[[Assessment, Assessment], bool]
KINDS: dict[str, Change] = {
    "escalation_dropped": lambda before, after: before.escalates and not after.escalates,
    "escalation_moved": lambda before, after: _moved(before.told, after.told),
    "escalation_added": lambda before, after: after.escalates and not before.escalates,
    "severity_lowered": lambda before, after: before.severity.worse_than(after.severity),
    "severity_raised": lambda before, after: after.severity.worse_than(before.severity),
    "abstains_now": lambda before, after: after.abstained and not before.abstained,
    "decides_now": lambda before, after: before.abstained and not after.abstained,
    "category_changed": lambda before, after: not before.abstained and not after.abstained and before.category != after.category,
    "owner_changed": lambda before, after: not (before.escalates or after.escalates) and before.team is not after.team,
}
"""Every kind of change, the gravest first. One text can be of several."""


def kinds(before: Assessment, after: Assessment) -> tuple[str, ...]:
    """Name what changes, the gravest first; nothing when both lead to the same."""
    return tuple(name for name, holds in KINDS.items() if holds(before, after))


def changed(judged: Iterable[Judged]) -> Iterator[tuple[Judged, tuple[str, ...]]]:
    """Yield every text for which anything changes, with the kinds of change."""
    for each in judged:
        if found := kinds(each.before, each.after):
            yield each, found


def decided(assessment: Assessment) -> str:
    """The category, or that there is none: an abstention files nothing under "other"."""
    return ABSTAINED if assessment.abstained else assessment.category


def decisions(judged: Iterable[Judged]) -> dict[Key, Tally]:
    """Count decisions by category and language. Every text is in one row before and in one after."""
    tallies: defaultdict[Key, Tally] = defaultdict(Tally)
    for each in judged:
        before, after = decided(each.before), decided(each.after)
        for category in {before, after}:
            tallies[category, each.language].count(before=category == before, after=category == after)
    return dict(sorted(tallies.items()))


def escalations(judged: Iterable[Judged]) -> dict[Key, Tally]:
    """Count escalations by team and severity.

    A team gains a text it did not hear of before and loses one it would not hear of any more; one that it goes on hearing
    of with another severity is in another row before and after, and neither gained nor lost.
    """
    tallies: defaultdict[Key, Tally] = defaultdict(Tally)
    for each in judged:
        before, after = _demand(each.before), _demand(each.after)
        stays = bool(before and after and before[0] == after[0])
        if before:
            tallies[before].before += 1
            tallies[before].lost += not stays
        if after:
            tallies[after].after += 1
            tallies[after].gained += not stays
    return dict(sorted(tallies.items()))


def _demand(assessment: Assessment) -> Key | None:
    return (assessment.told[0].value, assessment.told[1].value) if assessment.told else None


def _moved(before: tuple[Team, Severity] | None, after: tuple[Team, Severity] | None) -> bool:
    return before is not None and after is not None and before[0] is not after[0]


def interrupted(judged: Iterable[Judged]) -> Tally:
    """Count the texts that interrupt anybody."""
    total = Tally()
    for each in judged:
        total.count(before=each.before.escalates, after=each.after.escalates)
    return total


def abstentions(judged: Iterable[Judged]) -> Tally:
    """Count the texts that nobody decided."""
    total = Tally()
    for each in judged:
        total.count(before=each.before.abstained, after=each.after.abstained)
    return total


def as_stored(judged: Sequence[Judged]) -> list[Judged]:
    """Give every stored message, with the stored decision in the first place and the policy in use in the second."""
    return [Judged(each.sample, each.sample.stored.assessment, each.before) for each in judged if each.sample.stored]


def as_shadowed(judged: Sequence[Judged]) -> list[Judged]:
    """Give every stored message that this very candidate judged in the shadow, with what it decided then, and now."""
    return [
        Judged(each.sample, shadow, each.after)
        for each in judged
        if each.sample.stored and (shadow := each.sample.stored.shadow) and _versions(shadow) == _versions(each.after)
    ]


def _versions(assessment: Assessment) -> Key:
    return assessment.policy_version, assessment.model_version


def same_versions(before: Assessment, after: Assessment) -> bool:
    """Whether both were made by one policy with one model."""
    return _versions(before) == _versions(after)
