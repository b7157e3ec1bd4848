"""Linking two cases that have to do with each other, of one customer or of two. A link shows; it moves and decides nothing."""

from __future__ import annotations

from casework.commands.answer import done, refused
from casework.commands.command import Command
from casework.commands.found import CaseFile, Found, existing
from casework.commands.history import Obeyed, annotated, note
from casework.records import case_key
from casework.table import Write

MAX_LINKS = 100


def link(command: Command, found: Found) -> Obeyed:
    """Each of the two names the other from now on. Raises ``Refused``."""
    one, other = _two(command, found)
    if other.case_id in one.related and one.case_id in other.related:
        raise refused("already_linked", case=one.case_id, other=other.case_id)
    for full in (file for file in (one, other) if len(file.related) >= MAX_LINKS):
        raise refused("too_many_links", case=full.case_id, count=len(full.related))
    writes = (_related(one, _with(one, other.case_id)), _related(other, _with(other, one.case_id)))
    return _noted(command, f"Cases {one.case_id} and {other.case_id} are linked.", writes)


def unlink(command: Command, found: Found) -> Obeyed:
    """Neither names the other any more, whoever linked them. Raises ``Refused``."""
    one, other = _two(command, found)
    if other.case_id not in one.related and one.case_id not in other.related:
        raise refused("not_linked", case=one.case_id, other=other.case_id)
    writes = (_related(one, _without(one, other.case_id)), _related(other, _without(other, one.case_id)))
    return _noted(command, f"Cases {one.case_id} and {other.case_id} are no longer linked.", writes)


def _two(command: Command, found: Found) -> tuple[CaseFile, CaseFile]:
    if command.case == command.other:
        raise refused("self_link")
    return existing(command.case, found), existing(command.other, found)


def _with(file: CaseFile, case_id: str) -> list[str]:
    return list(dict.fromkeys((*file.related, case_id)))


def _without(file: CaseFile, case_id: str) -> list[str]:
    return [each for each in file.related if each != case_id]


def _related(file: CaseFile, related: list[str]) -> Write:
    return annotated(file, {"related": related} if related else {}, () if related else ("related",))


def _noted(command: Command, sentence: str, writes: tuple[Write, ...]) -> Obeyed:
    told = {"other": command.other}
    here, there = note(command, case_key(command.case), told), note(command, case_key(command.other), told, "mention")
    return Obeyed(done(command, sentence, **told), (*writes, here, there))
