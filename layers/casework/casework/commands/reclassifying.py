"""Correcting what a case is about. The correction is a label: it says from what, to what, and under which policy and model."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from casework.case import ESCALATION_TEAMS, CaseSummary, Escalation, Severity, Team
from casework.commands.answer import done, refused
from casework.commands.command import Command
from casework.commands.found import CaseFile, Found, standing_by_itself
from casework.commands.history import Obeyed, changed, note, remembered
from casework.escalation import escalation_id, worse_loss
from casework.matter import began_as, heard, revived
from casework.policy import Policy
from casework.policy.taxonomy import Category
from casework.records import case_key, escalation_item
from casework.table import ABSENT, Put
from casework.times import stamp


@dataclass(frozen=True, slots=True)
class _Verdict:
    """What the policy says of a category that a person has found."""

    category: str
    severity: Severity
    team: Team
    escalates: bool
    facets: dict[str, str]


def reclassify(command: Command, found: Found, policy: Policy) -> Obeyed:
    """The case is of the category that a person says, in the queue of whose it then is. Raises ``Refused``.

    A team that must hear of such a case and has not, hears of it now; a closed case is then open again. What was demanded
    before stays demanded: nobody's escalation is lowered or taken back by a correction.
    """
    file = standing_by_itself(command.case, found)
    verdict = _verdict(command, file, policy)
    raised = _raised(command, file, verdict, policy)
    after = _corrected(file.summary, verdict, raised, command)
    told = _told(file, verdict, raised, policy)
    reopened = {"reopened_at": stamp(command.at), "reopened_by": "command"} if file.is_closed and raised else {}
    decided = {"category": after.category, "severity": after.severity.value, "team": after.team.value, "loss": after.loss}
    writes = (
        changed(file, after, {**decided, **reopened, "abstained": False, "corrected_at": stamp(command.at)}),
        *(Put(escalation_item(each), {"pk": ABSENT}) for each in raised),
        *remembered(file.customer, after),
        note(command, case_key(file.case_id), told),
    )
    sentence = (
        f"Case {file.case_id} was {file.summary.category}; it is {verdict.category}, {verdict.severity}, for {verdict.team}."
    )
    return Obeyed(done(command, sentence, **told), writes)


def _verdict(command: Command, file: CaseFile, policy: Policy) -> _Verdict:
    if command.category not in policy.categories:
        raise refused("unknown_category", category=command.category, policy_version=policy.version)
    category = policy.category(command.category)
    facets = {**category.presumes, "loss": _loss(category, file.summary)}
    same = category.name == file.summary.category
    severity = command.severity or (file.summary.severity if same else policy.severity(category.name, facets))
    if same and severity is file.summary.severity:
        raise refused("nothing_changes", case=file.case_id, category=category.name, severity=severity)
    team = policy.team(category.name, facets)
    return _Verdict(category.name, severity, team, policy.escalates(category.name, facets, severity, team), facets)


def _loss(category: Category, before: CaseSummary) -> str:
    """What was said of the loss, or what such a case presumes, whichever is more pressing. Who was no victim was not asked."""
    return worse_loss(before.loss, category.presumes.get("loss", "none")) if category.incident else "none"


def _raised(command: Command, file: CaseFile, verdict: _Verdict, policy: Policy) -> tuple[Escalation, ...]:
    """The demand of the team that must hear of it, unless it was demanded at least as loud before."""
    if not verdict.escalates or verdict.team not in ESCALATION_TEAMS or _is_heard(file, verdict):
        return ()
    escalation = Escalation(
        escalation_id=escalation_id(file.case_id, verdict.team, command.command_id),
        case_id=file.case_id,
        message_id=file.item["opened_by"],
        team=verdict.team,
        severity=verdict.severity,
        category=verdict.category,
        language=file.item["language"],
        raised_at=command.at,
        due_at=command.at + timedelta(minutes=policy.minutes(verdict.severity, 0, verdict.team)),
        cause="reclassified",
        facets=verdict.facets,
        policy_version=policy.version,
    )
    return (escalation,)


def _is_heard(file: CaseFile, verdict: _Verdict) -> bool:
    """Whether the team was told of this case at this severity or a worse one."""
    told = (Severity(each["severity"]) for each in file.escalations if each["team"] == verdict.team)
    return any(not verdict.severity.worse_than(severity) for severity in told)


def _corrected(before: CaseSummary, verdict: _Verdict, raised: tuple[Escalation, ...], command: Command) -> CaseSummary:
    after = replace(
        before,
        category=verdict.category,
        opened_as=began_as(before.opened_as or before.category, verdict.category),
        certainty=100,
        severity=verdict.severity,
        team=verdict.team,
        loss=worse_loss(before.loss, verdict.facets["loss"]),
        escalated=heard(before.escalated, raised),
    )
    return revived(after, command.at) if before.closed_at and raised else after


def _told(file: CaseFile, verdict: _Verdict, raised: tuple[Escalation, ...], policy: Policy) -> dict[str, Any]:
    before = file.summary
    return {
        "from": {"category": before.category, "severity": before.severity.value, "team": before.team.value},
        "to": {
            "category": verdict.category,
            "severity": verdict.severity.value,
            "team": verdict.team.value,
            "escalates": verdict.escalates,
        },
        "escalations": [each.escalation_id for each in raised],
        "policy_version": policy.version,
        "model_version": policy.model.version,
    }
