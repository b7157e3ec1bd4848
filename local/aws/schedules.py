"""What a clock invokes: rules of EventBridge with a schedule, and schedules of EventBridge Scheduler, as deployed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from local.aws.account import NUMBER, REGION, Account
from local.aws.policies import Request, allows, of_function, parse

Json = dict[str, Any]


class NotPermitted(Exception):
    """The deployed policies do not let one service do to another what the template wants of it."""


@dataclass(frozen=True, slots=True)
class Schedule:
    """One function that a clock invokes."""

    arn: str
    function: str
    """ARN."""
    source: str
    input: str = ""
    """JSON that replaces the usual event."""

    def event(self, now: datetime) -> Any:
        """Give the event that EventBridge sends at that moment (aware)."""
        moment = now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        if self.input:
            return json.loads(self.input.replace("<aws.scheduler.scheduled-time>", moment))
        return {
            "version": "0",
            "id": str(uuid5(NAMESPACE_URL, f"{self.arn} {moment}")),
            "detail-type": "Scheduled Event",
            "source": self.source,
            "account": NUMBER,
            "time": moment,
            "region": REGION,
            "resources": [self.arn],
            "detail": {} if self.source == "aws.events" else "{}",
        }


def deployed(account: Account) -> tuple[Schedule, ...]:
    """Find all schedules that are enabled. Raises ``NotPermitted`` for one that may not invoke its function."""
    return (*_rules(account), *_schedules(account))


def _rules(account: Account) -> Iterator[Schedule]:
    events = account.client("events")
    for rule in events.list_rules()["Rules"]:
        if "ScheduleExpression" not in rule or rule["State"] != "ENABLED":
            continue
        for target in events.list_targets_by_rule(Rule=rule["Name"])["Targets"]:
            require_invocable(account, target["Arn"], "events.amazonaws.com", rule["Arn"])
            yield Schedule(rule["Arn"], target["Arn"], "aws.events", target.get("Input", ""))


def _schedules(account: Account) -> Iterator[Schedule]:
    scheduler = account.client("scheduler")
    for each in scheduler.list_schedules()["Schedules"]:
        found = scheduler.get_schedule(Name=each["Name"], GroupName=each["GroupName"])
        if found["State"] == "ENABLED":
            _require_role(account, found["Target"])
            yield Schedule(found["Arn"], found["Target"]["Arn"], "aws.scheduler", found["Target"].get("Input", ""))


def require_invocable(account: Account, function: str, principal: str, source: str) -> None:
    """Hold a function's own policy to letting a service in. Raises ``NotPermitted``."""
    client = account.client("lambda")
    try:
        document = json.loads(client.get_policy(FunctionName=function)["Policy"])
    except client.exceptions.ResourceNotFoundException:
        document = {"Statement": []}
    request = Request("lambda:InvokeFunction", function, {"aws:SourceArn": (source,), "aws:SourceAccount": (NUMBER,)}, principal)
    if not allows(of_function(document["Statement"], function), request):
        raise NotPermitted(f"{function} does not let {principal} invoke it from {source}")


def _require_role(account: Account, target: Json) -> None:
    iam, role = account.client("iam"), target["RoleArn"].rsplit("/", 1)[-1]
    names = iam.list_role_policies(RoleName=role)["PolicyNames"]
    documents = [iam.get_role_policy(RoleName=role, PolicyName=name)["PolicyDocument"] for name in names]
    statements = [statement for document in documents for statement in parse(document)]
    if not allows(statements, Request("lambda:InvokeFunction", target["Arn"])):
        raise NotPermitted(f"the role {role} may not invoke {target['Arn']}")
