"""What a command is answered: done, or refused with a code that stays and a sentence for whoever gave it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from casework.commands.command import Command
from casework.errors import InvalidCommand
from casework.times import stamp

REFUSALS: Mapping[str, str] = {
    "unknown_case": "There is no case {case}.",
    "self_merge": "A case cannot be merged into itself.",
    "self_link": "A case cannot be linked with itself.",
    "already_merged": "Case {case} is merged into case {into} already. Un-merge it first.",
    "merged": "Case {case} is merged into case {into}: give the command to that one, or un-merge first.",
    "cycle": "Case {into} is merged into case {case}: merging them the other way round would be a circle.",
    "target_merged": "Case {into} is itself merged into case {target}: merge into that one instead.",
    "holds_merged": "Cases were merged into case {case} ({holds}): merge the other one into it, or un-merge those first.",
    "foreign_customer": "Cases {case} and {into} are not known to be one customer's. Link them instead.",
    "target_closed": "Case {into} is closed: reopen it first, or nobody would see what is merged into it.",
    "target_milder": "Case {case} is {severity} and case {into} only {milder}: merge {into} into {case} instead.",
    "not_merged": "Case {case} is not merged.",
    "already_linked": "Cases {case} and {other} are linked already.",
    "not_linked": "Cases {case} and {other} are not linked.",
    "too_many_links": "Case {case} is linked with {count} cases, which is as many as it may be.",
    "unknown_message": "Message {message} is not one of case {case}.",
    "already_split": "Message {message} was split off to case {to} already.",
    "nothing_left": "These are all messages of case {case}: nothing would be left in it.",
    "unknown_category": "There is no category {category} in policy {policy_version}.",
    "nothing_changes": "Case {case} is {category} and {severity} already.",
    "already_closed": "Case {case} is closed already.",
    "already_open": "Case {case} is open.",
    "escalation_open": "Nobody has acknowledged the escalation to {teams} in case {case}: acknowledge it, then close the case.",
    "unknown_identity": "There is no such identity.",
    "one_identity": "An identity cannot be linked with itself.",
    "linked_already": "These identities are one customer's already.",
    "too_many_identities": "Together they would be {count} identities, and a customer has {most} at most.",
    "identity_alone": "This identity is linked with no other.",
    "not_their_case": "Case {case} is not remembered of this customer.",
    "merge_between": "Case {case} is merged into case {into}: name both or neither among the cases that go, or un-merge first.",
    "unknown_campaign": "There is no campaign {campaign}.",
    "campaign_joined": "Campaign {campaign} goes on in campaign {into}: give the command to that one.",
    "campaign_closed": "Campaign {campaign} is closed already.",
    "self_join": "A campaign cannot be joined with itself.",
    "into_closed": "Campaign {into} is closed: nobody would hear of what is joined into it.",
    "not_a_member": "Nothing of the customer of case {case} is counted in campaign {campaign}.",
    "already_removed": "The customer of case {case} was taken out of campaign {campaign} already.",
    "not_shown": "Campaign {campaign} does not list the indicator {indicator}.",
    "id_reused": "The id {id} was used for another command.",
    "too_much": "The command would have to change {count} items at once, and the table takes 100: acknowledge escalations first.",
}
"""Every code and its sentence."""


class Refused(Exception):
    """A command that cannot be obeyed as things are; nothing was changed."""

    def __init__(self, code: str, facts: Mapping[str, object]) -> None:
        super().__init__(code)
        self.code = code
        self.sentence = REFUSALS[code].format(**facts)
        """Why, for a person."""


def refused(code: str, **facts: object) -> Refused:
    """The refusal of this code, with what its sentence names."""
    return Refused(code, facts)


@dataclass(frozen=True, slots=True)
class Answer:
    """``outcome`` is ``done``, ``refused`` or ``invalid``; ``code`` says of what kind and is there for programs."""

    outcome: str
    code: str
    sentence: str
    told: Mapping[str, Any] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """What an invoker gets."""
        return {"outcome": self.outcome, "code": self.code, "sentence": self.sentence, **self.told}


def done(command: Command, sentence: str, **told: Any) -> Answer:
    """What was done, with whatever else is worth knowing of it."""
    return Answer("done", command.name, sentence, {**_named(command), **told})


def not_done(command: Command, refusal: Refused) -> Answer:
    """Why nothing was."""
    return Answer("refused", refusal.code, refusal.sentence, _named(command))


def not_understood(error: InvalidCommand) -> Answer:
    """Which field of the command is wrong."""
    return Answer("invalid", "invalid_command", str(error), {"field": error.field})


def _named(command: Command) -> dict[str, Any]:
    named = {"command": command.name, "id": command.command_id, "by": command.by, "at": stamp(command.at)}
    about = {"case": command.case, "campaign": command.campaign}
    return named | {name: value for name, value in about.items() if value}
