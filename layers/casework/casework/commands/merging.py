"""Merging two cases of one customer by a link, and taking the link back. Nothing is moved: messages stay where they are.

An escalation of the merged case that is still open leaves the deadlines only where the other case makes sure that its team
hears at least as soon and at least as loud. Whatever is not certain to be heard goes on ringing.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from casework.case import Severity
from casework.commands.answer import done, refused
from casework.commands.command import Command
from casework.commands.found import CaseFile, Found, existing
from casework.commands.history import Obeyed, annotated, changed, note, remembered
from casework.escalation import worse_loss
from casework.records import OPEN, case_key
from casework.table import ABSENT, Change, Item, Key
from casework.times import stamp


def merge(command: Command, found: Found) -> Obeyed:
    """The case becomes part of the other's matter. Raises ``Refused``."""
    merged, target = _mergeable(command, found)
    after = replace(merged.summary, merged_into=target.case_id)
    quiet = [each for each in merged.escalations if _is_waiting(each) and _is_covered(each, target)]
    ringing = [each for each in merged.escalations if _is_waiting(each) and each not in quiet]
    told = {"into": target.case_id, "suspended": _ids(quiet), "ringing": _ids(ringing)}
    writes = (
        changed(merged, after, {"merged_at": stamp(command.at), "merged_by": command.by}),
        annotated(target, {"holds": [*target.holds, merged.case_id]}),
        *(_suspended(each, target.case_id) for each in quiet),
        *remembered(merged.customer, after),
        note(command, case_key(merged.case_id), told),
        note(command, case_key(target.case_id), told, "mention"),
    )
    sentence = f"Case {merged.case_id} is merged into case {target.case_id}."
    return Obeyed(done(command, sentence, **told), writes)


def unmerge(command: Command, found: Found) -> Obeyed:
    """The case stands by itself again, as it stood. Raises ``Refused``.

    Messages that came to the other case meanwhile stay there.
    """
    merged = existing(command.case, found)
    if not merged.merged_into:
        raise refused("not_merged", case=command.case)
    target = existing(merged.merged_into, found)
    after = replace(merged.summary, merged_into="")
    suspended = [each for each in merged.escalations if "suspended" in each]
    told = {"out_of": target.case_id, "restored": _ids([each for each in suspended if "acknowledged_at" not in each])}
    holds = [case_id for case_id in target.holds if case_id != merged.case_id]
    writes = (
        changed(merged, after, {}, ("merged_at", "merged_by")),
        annotated(target, {"holds": holds} if holds else {}, () if holds else ("holds",)),
        *map(_restored, suspended),
        *remembered(merged.customer, after),
        note(command, case_key(merged.case_id), told),
        note(command, case_key(target.case_id), told, "mention"),
    )
    return Obeyed(done(command, f"Case {merged.case_id} is no longer merged into case {target.case_id}.", **told), writes)


def _mergeable(command: Command, found: Found) -> tuple[CaseFile, CaseFile]:
    """The two cases, if the one may become part of the other."""
    if command.case == command.other:
        raise refused("self_merge")
    merged, target = existing(command.case, found), existing(command.other, found)
    _require_no_chain(merged, target)
    if not _of_one_customer(merged, target):
        raise refused("foreign_customer", case=merged.case_id, into=target.case_id)
    _require_attention(merged, target)
    return merged, target


def _require_no_chain(merged: CaseFile, target: CaseFile) -> None:
    """A merge is one step long, so that everything that follows it takes one step and every un-merge is exact."""
    if merged.merged_into:
        raise refused("already_merged", case=merged.case_id, into=merged.merged_into)
    if target.merged_into == merged.case_id:
        raise refused("cycle", case=merged.case_id, into=target.case_id)
    if target.merged_into:
        raise refused("target_merged", into=target.case_id, target=target.merged_into)
    if merged.holds:
        raise refused("holds_merged", case=merged.case_id, holds=", ".join(merged.holds))


def _of_one_customer(one: CaseFile, other: CaseFile) -> bool:
    """Whether an identity of whose case it is, is one of whose the other is. A case of nobody known is everybody's stranger."""
    return bool(one.customer and other.customer and set(one.customer.keys).intersection(other.customer.keys))


def _require_attention(merged: CaseFile, target: CaseFile) -> None:
    """The case that goes on must be looked at, and what is urgent must not stand in a queue as if it were not."""
    if target.is_closed:
        raise refused("target_closed", into=target.case_id)
    severe, mild = merged.summary.severity, target.summary.severity
    if severe.worse_than(Severity.NORMAL) and severe.worse_than(mild):
        raise refused("target_milder", case=merged.case_id, into=target.case_id, severity=severe, milder=mild)


def _is_waiting(escalation: Item) -> bool:
    return escalation.get("due") == OPEN


def _is_covered(waiting: Item, target: CaseFile) -> bool:
    return any(_covers(each, waiting, target.summary.loss) for each in target.escalations)


def _covers(other: Item, waiting: Item, loss: str) -> bool:
    """Whether the team hears at least as soon and as loud through the other escalation, or has the matter in hand already.

    An escalation that nobody answered up to the last rung covers nothing: it rings no more.
    """
    if other["team"] != waiting["team"] or Severity(waiting["severity"]).worse_than(Severity(other["severity"])):
        return False
    if "acknowledged_at" in other:
        return worse_loss(loss, waiting.get("facets", {}).get("loss", "none")) == loss
    ahead = other["rung"] > waiting["rung"] or (other["rung"] == waiting["rung"] and other["due_at"] <= waiting["due_at"])
    return _is_waiting(other) and ahead


def _suspended(escalation: Item, target: str) -> Change:
    """Out of the deadlines; rung and deadline stay as they were. A ladder that climbs meanwhile makes the write fail."""
    expect = {"due": OPEN, "rung": escalation["rung"]}
    return Change(_key(escalation), set={"suspended": target}, remove=("due",), expect=expect)


def _restored(escalation: Item) -> Change:
    """Back among the deadlines, unless somebody has acknowledged it meanwhile."""
    if "acknowledged_at" in escalation:
        return Change(_key(escalation), remove=("suspended",))
    return Change(_key(escalation), set={"due": OPEN}, remove=("suspended",), expect={"acknowledged_at": ABSENT})


def _key(item: Item) -> Key:
    return Key(item["pk"], item["sk"])


def _ids(escalations: Iterable[Item]) -> list[str]:
    return [each["escalation_id"] for each in escalations]
