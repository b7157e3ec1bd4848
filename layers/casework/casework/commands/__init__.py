"""What an analyst does to a case (merge, un-merge, split, link, correct, close, reopen), to identities and to campaigns.

Like the desk: everything a command depends on is read consistently, the decision is a pure function of that, and its effects
are one conditional transaction; who loses a race reads again and decides again. A command that was obeyed is answered the same
when it comes again, and has no second effect. Each leaves a note that says who, when, why, from what to what.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from casework.commands.answer import Answer, Refused, not_done, refused
from casework.commands.closing import close, reopen
from casework.commands.command import Command
from casework.commands.found import Found, look_up
from casework.commands.history import Obeyed, is_repetition, receipt
from casework.commands.identities import link_identity, unlink_identity
from casework.commands.linking import link, unlink
from casework.commands.merging import merge, unmerge
from casework.commands.reclassifying import reclassify
from casework.commands.splitting import split
from casework.errors import StoreUnavailable
from casework.policy import Policy
from casework.redaction import Redactor
from casework.table import CaseTable, Conflict, Write

ATTEMPTS = 12
"""How often a lost race is decided again before the command is handed back."""
MAX_WRITES = 100
"""DynamoDB takes so many in one transaction."""


def _curated(command: Command, found: Found, policy: Policy) -> Obeyed:
    from casework.commands.curating import curated  # loaded late: it is dear, and most commands are to cases

    return curated(command, found, policy)


DECIDED: Mapping[str, Callable[[Command, Found, Policy], Obeyed]] = {
    "merge": lambda command, found, _: merge(command, found),
    "unmerge": lambda command, found, _: unmerge(command, found),
    "split": split,
    "link": lambda command, found, _: link(command, found),
    "unlink": lambda command, found, _: unlink(command, found),
    "reclassify": reclassify,
    "close": lambda command, found, _: close(command, found),
    "reopen": lambda command, found, _: reopen(command, found),
    "link_identity": link_identity,
    "unlink_identity": lambda command, found, _: unlink_identity(command, found),
    **dict.fromkeys(("remove_member", "exclude_indicator", "close_campaign", "join_campaign"), _curated),
}
"""Each command and what decides it."""


def _at_once(_lost: int) -> None:
    """Decide a lost race again without waiting."""


@dataclass(frozen=True, slots=True)
class Commands:
    """Everything that is done by command. ``pause`` is called before a lost race is decided again."""

    table: CaseTable
    policy: Policy
    pause: Callable[[int], None] = _at_once

    def obey(self, command: Command) -> Answer:
        """Do it, or say why not. A reason is kept without the secrets that may stand in it.

        Raises ``StoreUnavailable`` when the command should be given again; it may then have been obeyed already.
        """
        clean = replace(command, reason=Redactor().redact(command.reason))
        for lost in range(ATTEMPTS):
            try:
                found = look_up(self.table, clean)
                if is_repetition(clean, found):
                    return _again(clean, found)
                return self._done(clean, found)
            except Refused as refusal:
                return not_done(clean, refusal)
            except Conflict:
                self.pause(lost)
        raise StoreUnavailable(f"{ATTEMPTS} races in a row were lost")

    def _done(self, command: Command, found: Found) -> Answer:
        obeyed = DECIDED[command.name](command, found, self.policy)
        writes: list[Write] = [*obeyed.writes, receipt(command, found, obeyed.answer)]
        if len(writes) > MAX_WRITES:
            raise refused("too_much", count=len(writes))
        self.table.write(writes)
        return obeyed.answer


def _again(command: Command, found: Found) -> Answer:
    """What was answered the first time."""
    obeyed = found.obeyed or {}
    if obeyed["digest"] != command.digest:
        return not_done(command, refused("id_reused", id=command.command_id))
    told = dict(obeyed["answer"])
    return Answer(told.pop("outcome"), told.pop("code"), told.pop("sentence"), told)
