"""What a command is decided on: the cases it names with their escalations, whose they are, and what it was answered before."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from casework.case import CaseSummary, Customer
from casework.commands.answer import refused
from casework.commands.command import Command
from casework.records import (
    CLOSED,
    MERGED,
    case_key,
    command_key,
    customer_of,
    filed_summary,
    identity_key,
    source_claim,
    source_key,
)
from casework.table import ABSENT, PRESENT, CaseTable, Conflict, Expectation, Item, Key

if TYPE_CHECKING:
    from casework.commands.campaign_files import CampaignFile


@dataclass(frozen=True, slots=True)
class CaseFile:
    """A case as it is stored: its own item, what was demanded in it, and whose it is."""

    item: Item
    escalations: tuple[Item, ...] = ()
    customer: Customer | None = None

    @property
    def case_id(self) -> str:
        """Its id."""
        return str(self.item["case_id"])

    @property
    def summary(self) -> CaseSummary:
        """The case as its customer's item remembers it, or else as its own item tells."""
        return self.remembered or filed_summary(self.item)

    @property
    def remembered(self) -> CaseSummary | None:
        """The case on its customer's item, unless that has forgotten it."""
        known = self.customer.cases if self.customer else ()
        return next((case for case in known if case.case_id == self.case_id), None)

    @property
    def merged_into(self) -> str:
        """The case that goes on with its matter, or empty."""
        return str(self.item.get("merged_into", "")) if self.item["status"] == MERGED else ""

    @property
    def is_closed(self) -> bool:
        """Whether somebody closed it."""
        return bool(self.item["status"] == CLOSED)

    @property
    def holds(self) -> tuple[str, ...]:
        """The cases that were merged into it."""
        return tuple(self.item.get("holds", ()))

    @property
    def related(self) -> tuple[str, ...]:
        """The cases it is linked with."""
        return tuple(self.item.get("related", ()))

    @property
    def revision(self) -> int:
        """How many commands have changed it."""
        return int(self.item.get("revision", 0))

    @property
    def as_read(self) -> Expectation:
        """What holds as long as neither a message nor a command has come to it since it was read."""
        return {"pk": PRESENT, "revision": self.revision or ABSENT, "messages": self.item["messages"]}


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What was read for one command."""

    obeyed: Item | None = None
    """What was answered to a command of this id."""
    files: Mapping[str, CaseFile] = field(default_factory=dict)
    """The cases that exist, by id."""
    messages: Mapping[str, Item] = field(default_factory=dict)
    """The messages that it names and that its case has, by id."""
    customers: Mapping[str, Customer] = field(default_factory=dict)
    """Whom the identities it names belong to, by their keys."""
    campaign: CampaignFile | None = None
    """The campaign that it is given to, if it is given to one."""


def look_up(table: CaseTable, command: Command) -> Found:
    """Read everything a command could depend on, consistently; what changes before the write is noticed by the write.

    Raises ``Conflict`` when what was read of a case's customer is of two different times.
    """
    stored = _stored(table, [each for each in (command.case, command.other) if each])
    if command.name == "unmerge":
        stored |= _stored(table, [str(pages[0].get("merged_into", "")) for pages in stored.values()])
    keys = dict.fromkeys(key for pages in stored.values() for key in pages[0].get("keys", ()))
    named = [each for each in (command.identity, command.other_identity) if each]
    found = table.read(
        [
            command_key(command.command_id),
            *(identity_key(key) for key in dict.fromkeys((*keys, *named))),
            *(source_key(message) for message in command.messages),
        ]
    )
    customers = {key: customer_of(found[identity_key(key)]) for key in named if identity_key(key) in found}
    parted = customers.get(command.identity) if command.name == "unlink_identity" else None
    files = {case_id: _file(pages, found) for case_id, pages in stored.items()}
    return Found(
        obeyed=found.get(command_key(command.command_id)),
        files=files | _their_cases(table, parted),
        messages=_messages(table, command, found),
        customers=customers,
        campaign=_campaign(table, command) if command.campaign else None,
    )


def _campaign(table: CaseTable, command: Command) -> CampaignFile:
    from casework.commands.campaign_files import look_up_campaign  # loaded late: it is dear, and most commands are to cases

    return look_up_campaign(table, command)


def _stored(table: CaseTable, case_ids: Iterable[str]) -> dict[str, Sequence[Item]]:
    pages = {case_id: table.case(case_id) for case_id in dict.fromkeys(case_ids) if case_id}
    return {case_id: items for case_id, items in pages.items() if items}


def _file(pages: Sequence[Item], found: Mapping[Key, Item]) -> CaseFile:
    item, escalations = pages[0], tuple(pages[1:])
    owners = {customer.keys: customer for customer in _customers(item, found)}
    if sum(map(len, owners)) > len(set().union(*owners)):
        raise Conflict("a batch read is no snapshot: they were linked or parted while they were read")
    files = [CaseFile(item, escalations, customer) for customer in owners.values()]
    whose = [file for file in files if file.remembered] or files
    return whose[0] if len(whose) == 1 else CaseFile(item, escalations)


def _customers(item: Item, found: Mapping[Key, Item]) -> Iterator[Customer]:
    """Whom the identities of a case belong to: one customer, unless they were parted."""
    for key in item.get("keys", ()):
        if identity_key(key) in found:
            yield customer_of(found[identity_key(key)])


def _their_cases(table: CaseTable, customer: Customer | None) -> dict[str, CaseFile]:
    if customer is None or not customer.cases:
        return {}
    found = table.read([case_key(case.case_id) for case in customer.cases])
    return {item["case_id"]: CaseFile(item, (), customer) for item in found.values()}


def _messages(table: CaseTable, command: Command, found: Mapping[Key, Item]) -> dict[str, Item]:
    claims = [source_claim(found[source_key(name)]) for name in command.messages if source_key(name) in found]
    keys = [claim.message_key for claim in claims if claim.case_id == command.case]
    items = table.read(keys) if keys else {}
    return {item["message_id"]: item for item in items.values()}


def existing(case_id: str, found: Found) -> CaseFile:
    """The case. Raises ``Refused`` when there is none of this id."""
    if case_id not in found.files:
        raise refused("unknown_case", case=case_id)
    return found.files[case_id]


def standing_by_itself(case_id: str, found: Found) -> CaseFile:
    """The case, as long as it is not merged. Raises ``Refused``."""
    file = existing(case_id, found)
    if file.merged_into:
        raise refused("merged", case=case_id, into=file.merged_into)
    return file
