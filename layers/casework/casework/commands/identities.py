"""Saying that two identities are one customer's, or that they are not.

A message that is vouched for links the identities it comes with, unless a person has parted them; only a person parts them.
"""

from __future__ import annotations

from typing import Any

from casework.case import Customer
from casework.commands.answer import done, refused
from casework.commands.command import Command
from casework.commands.found import CaseFile, Found
from casework.commands.history import Obeyed, annotated, identities, note
from casework.customers import MAX_LINKED, joined, parted
from casework.policy import Policy
from casework.records import identity_items, identity_key
from casework.table import Change, Conflict, Put


def link_identity(command: Command, found: Found, policy: Policy) -> Obeyed:
    """The two identities' customers are one, and their cases one customer's. Raises ``Refused``."""
    one, other = _two(command, found)
    after = joined(one, other, policy.duplicates.recent_cases)
    told = {"with": command.other_identity}
    history = {"from": {"keys": list(one.keys)}, "to": {"keys": list(after.keys)}}
    writes = (
        *(Put(item, {"version": each.version}) for each in (one, other) for item in identity_items(each.keys, after)),
        note(command, identity_key(command.identity), told | history),
        note(command, identity_key(command.other_identity), told | history, "mention"),
    )
    return Obeyed(done(command, "The two identities are one customer's.", identity=command.identity, **told), writes)


def _two(command: Command, found: Found) -> tuple[Customer, Customer]:
    if command.identity == command.other_identity:
        raise refused("one_identity")
    if len(found.customers) < 2:
        raise refused("unknown_identity")
    one, other = found.customers[command.identity], found.customers[command.other_identity]
    if command.other_identity in one.keys:
        raise refused("linked_already")
    if set(one.keys).intersection(other.keys):
        raise Conflict("a batch read is no snapshot: they were linked while they were read")
    count = len(one.keys) + len(other.keys)
    if count > MAX_LINKED:
        raise refused("too_many_identities", count=count, most=MAX_LINKED)
    return one, other


def unlink_identity(command: Command, found: Found) -> Obeyed:
    """The identity is a customer of its own, and stays one: no message ever links the two again. Raises ``Refused``.

    With it go the cases the command names; without any named, those that were opened by it alone. Threads that both may
    have spoken in are from now on followed only by whoever has their case.
    """
    customer = _linked(command, found)
    own = _own(command, customer, found)
    _require_whole_merges(own, found)
    rest, alone = parted(customer, command.identity, own)
    told: dict[str, Any] = {"cases": list(own)}
    history = {"from": {"keys": list(customer.keys)}, "to": {"keys": [command.identity]}}
    writes = (
        *identities(customer, rest),
        *identities(customer, alone),
        *(_assigned(file, alone if file.case_id in own else rest) for file in found.files.values()),
        note(command, identity_key(command.identity), told | history),
    )
    sentence = f"The identity is a customer of its own; {len(own)} of {len(customer.cases)} recent cases went with it."
    return Obeyed(done(command, sentence, identity=command.identity, **told), writes)


def _linked(command: Command, found: Found) -> Customer:
    if command.identity not in found.customers:
        raise refused("unknown_identity")
    customer = found.customers[command.identity]
    if len(customer.keys) == 1:
        raise refused("identity_alone")
    return customer


def _own(command: Command, customer: Customer, found: Found) -> tuple[str, ...]:
    """The cases that go with the identity."""
    remembered = [case.case_id for case in customer.cases]
    for case_id in command.cases or ():
        if case_id not in remembered:
            raise refused("not_their_case", case=case_id)
    if command.cases is not None:
        return command.cases
    return tuple(case_id for case_id in remembered if _opened_by(case_id, found) == [command.identity])


def _require_whole_merges(own: tuple[str, ...], found: Found) -> None:
    """A case goes where the one goes that it was merged into: a merge across two customers would lead one's mail to the other."""
    for file in found.files.values():
        if file.merged_into and (file.case_id in own) != (file.merged_into in own):
            raise refused("merge_between", case=file.case_id, into=file.merged_into)


def _assigned(file: CaseFile, owner: Customer) -> Change:
    """Whose the case is from now on."""
    keys = [key for key in file.item.get("keys", ()) if key in owner.keys]
    return annotated(file, {"keys": keys or list(owner.keys)})


def _opened_by(case_id: str, found: Found) -> list[str]:
    return list(found.files[case_id].item.get("keys", ())) if case_id in found.files else []
