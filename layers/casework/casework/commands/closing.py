"""Closing a case that is done with, and opening it again. A message does the latter by itself, for as long as the policy says."""

from __future__ import annotations

from casework.commands.answer import done, refused
from casework.commands.command import Command
from casework.commands.found import CaseFile, Found, standing_by_itself
from casework.commands.history import Obeyed, changed, note, remembered
from casework.matter import closed, revived
from casework.records import CLOSED, OPEN, case_key
from casework.times import stamp


def close(command: Command, found: Found) -> Obeyed:
    """The case leaves its queue. Raises ``Refused``, too while a team has not acknowledged what was demanded of it."""
    file = standing_by_itself(command.case, found)
    if file.is_closed:
        raise refused("already_closed", case=file.case_id)
    _require_acknowledged(file)
    after = closed(file.summary, command.at)
    writes = (
        changed(file, after, {"closed_by": command.by}),
        *remembered(file.customer, after),
        note(command, case_key(file.case_id), {"from": {"status": OPEN}, "to": {"status": CLOSED}}),
    )
    return Obeyed(done(command, f"Case {file.case_id} is closed."), writes)


def reopen(command: Command, found: Found) -> Obeyed:
    """The case is back in its queue, in its old place. Raises ``Refused``."""
    file = standing_by_itself(command.case, found)
    if not file.is_closed:
        raise refused("already_open", case=file.case_id)
    after = revived(file.summary, file.summary.last_at)
    writes = (
        changed(file, after, {"reopened_at": stamp(command.at), "reopened_by": "command"}, ("closed_by",)),
        *remembered(file.customer, after),
        note(command, case_key(file.case_id), {"from": {"status": CLOSED}, "to": {"status": OPEN}}),
    )
    return Obeyed(done(command, f"Case {file.case_id} is open again."), writes)


def _require_acknowledged(file: CaseFile) -> None:
    waiting = [each["team"] for each in file.escalations if "acknowledged_at" not in each]
    if waiting:
        raise refused("escalation_open", case=file.case_id, teams=", ".join(dict.fromkeys(waiting)))
