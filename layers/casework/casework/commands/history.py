"""What a command leaves: who, when, why, from what to what, for people to read and for the publisher to announce."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from casework.case import CaseSummary, Customer
from casework.commands.answer import Answer
from casework.commands.command import Command
from casework.commands.found import CaseFile, Found
from casework.customers import with_case
from casework.records import SOURCE_LIFETIME, case_change, case_key, command_key, identity_items, lean, note_key
from casework.table import ABSENT, Change, Expectation, Item, Key, Put, Write
from casework.times import stamp


@dataclass(frozen=True, slots=True)
class Obeyed:
    """What is answered, and what must be written for it to be true."""

    answer: Answer
    writes: tuple[Write, ...]


def changed(file: CaseFile, after: CaseSummary, changes: Mapping[str, Any], remove: tuple[str, ...] = ()) -> Change:
    """A case's item after a command, provided that nothing has come to the case since it was read."""
    change = case_change(file.summary, after, changes, file.as_read)
    return Change(change.key, set=change.set, add={"revision": 1}, remove=(*change.remove, *remove), expect=change.expect)


def annotated(file: CaseFile, changes: Mapping[str, Any], remove: tuple[str, ...] = ()) -> Change:
    """A case's item with something more or less on it, and the same standing."""
    return Change(case_key(file.case_id), set=changes, add={"revision": 1}, remove=remove, expect=file.as_read)


def remembered(customer: Customer | None, case: CaseSummary) -> Iterator[Write]:
    """The case as it is now, on all identities of its customer."""
    if customer and customer.version:
        yield from identities(customer, with_case(customer, case))


def identities(before: Customer, after: Customer) -> Iterator[Write]:
    """A customer's items, on the condition that nobody else wrote them meanwhile."""
    yield from (Put(item, {"version": before.version}) for item in identity_items(after.keys, after))


def note(command: Command, place: Key, told: Mapping[str, Any], kind: str = "command") -> Put:
    """What the history tells. ``mention`` is the kind of a note that is announced elsewhere."""
    item = {
        **note_key(place, command.at, command.command_id)._asdict(),
        "kind": kind,
        "command": command.name,
        "command_id": command.command_id,
        "case_id": command.case,
        "by": command.by,
        "at": stamp(command.at),
        "reason": command.reason,
        **told,
    }
    return Put(lean(item), {"pk": ABSENT})


def receipt(command: Command, found: Found, answer: Answer) -> Put:
    """What makes the same command, given again, a repetition.

    A command that came without an id is one as long as nothing else was done to its case: merge, un-merge and merge again
    are three commands. Likewise as long as its identities, or its campaign, are as it left them.
    """
    place: Item = command_key(command.command_id)._asdict()
    item = {
        **place,
        "kind": "obeyed",
        "digest": command.digest,
        "revision": revision(command, found) + 1,
        "answer": answer.as_json(),
        "expires_at": int((command.at + SOURCE_LIFETIME).timestamp()),
    }
    return Put(item, _unless_obeyed(found))


def is_repetition(command: Command, found: Found) -> bool:
    """Whether this very command was obeyed already; or, of a named one, any of its id."""
    if found.obeyed is None:
        return False
    if command.named:
        return True
    if found.campaign:
        return found.campaign.is_as_wanted(command)
    if not command.case:
        return _is_so(command, found)
    return found.obeyed["revision"] == revision(command, found) and not _is_undone(command, found)


def _is_undone(command: Command, found: Found) -> bool:
    """Whether a message has reopened what the command closed: messages are not counted as commands are."""
    return command.name == "close" and command.case in found.files and not found.files[command.case].is_closed


def _is_so(command: Command, found: Found) -> bool:
    """Whether the identities are as the command would have them: they count no commands, and messages rewrite them."""
    keys = found.customers[command.identity].keys if command.identity in found.customers else ()
    return command.other_identity in keys if command.other_identity else len(keys) == 1


def revision(command: Command, found: Found) -> int:
    """How many commands have changed the case that the command is given to."""
    return found.files[command.case].revision if command.case in found.files else 0


def _unless_obeyed(found: Found) -> Expectation:
    return {"revision": found.obeyed["revision"]} if found.obeyed else {"pk": ABSENT}
