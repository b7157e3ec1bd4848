"""Where moto does otherwise than AWS in a way this system would notice, put right. ``corrected()`` enters all of it.

* **Event source mappings.** moto invokes Lambda from within SendMessage and within every write to a table with a stream;
  without Docker its stand-in "succeeds" and the messages are deleted unprocessed. Here a mapping is only recorded: it is
  listed as enabled, as deployed, but its queue or table never hears of it. ``local.aws.dispatcher`` does the polling.
* **EventBridge.** moto skips disabled rules' state, queue policies, retry and dead letters, drops ``account`` from events, and
  raises in the middle of PutEvents for a target it does not know. Here each target gets the event AWS would send, if the
  target's own policy lets this rule in; else it goes to the target's dead letters; else it is counted as lost.
* **S3 events.** moto tells every rule of every bus, as ``Object Created`` with misspelt and constant fields, and hides what
  goes wrong. Here the default bus is told, with the fields of the User Guide ("EventBridge event message structure").
* **DynamoDB**: see ``local.aws.transactions``. **CloudFormation**: see ``local.aws.resources``.

A function that is a rule's target is invoked asynchronously: the event waits in ``INVOCATIONS``, an extra queue from which
the dispatcher takes it, as it would wait inside AWS.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from typing import Any
from unittest.mock import patch

from moto.awslambda.models import EventSourceMapping, LambdaBackend
from moto.awslambda.utils import get_backend as lambda_backend
from moto.dynamodb.models import dynamodb_backends
from moto.events.models import Rule, events_backends
from moto.events.utils import EventTemplateParser
from moto.logs.models import logs_backends
from moto.moto_api._internal import mock_random
from moto.s3 import notifications
from moto.sns.models import sns_backends
from moto.sqs.exceptions import QueueDoesNotExist
from moto.sqs.models import sqs_backends

from local.aws import policies, resources, transactions

INVOCATIONS = "local-invocations"
"""Queue of asynchronous invocations: ``{"function": arn, "event": …}``. ``local.aws.deployment`` makes it."""

LOST = "local-lost"
"""Queue of events that nobody got: no target would take them, and they had nowhere else to go. Likewise."""

_EVENTS = "events.amazonaws.com"
_REASONS = {"s3:ObjectCreated:Put": "PutObject", "s3:ObjectCreated:Copy": "CopyObject"}

Json = dict[str, Any]

_create_mapping = LambdaBackend.create_event_source_mapping
_send_to_targets = Rule.send_to_targets


@contextmanager
def corrected() -> Iterator[None]:
    """Correct moto in this process while entered."""
    with ExitStack() as stack:
        stack.enter_context(transactions.corrected())
        stack.enter_context(resources.taught())
        stack.enter_context(patch.object(LambdaBackend, "create_event_source_mapping", _record_mapping))
        stack.enter_context(patch.object(Rule, "send_to_targets", _send))
        stack.enter_context(patch.object(notifications, "_send_event_bridge_message", _announce_object))
        yield


def _record_mapping(backend: LambdaBackend, spec: Json) -> EventSourceMapping:
    mapping = _create_mapping(backend, spec)
    sources: list[Any] = list(sqs_backends[backend.account_id][backend.region_name].queues.values())
    sources += dynamodb_backends[backend.account_id][backend.region_name].tables.values()
    for source in sources:
        source.lambda_event_source_mappings.pop(mapping.function_arn, None)
    return mapping


# --- EventBridge ------------------------------------------------------------------------------------------------------


class _Refused(Exception):
    """A target did not take an event. The code is the one EventBridge writes to the dead letter."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


def _send(rule: Rule, original_event: Any, transform_input: bool = True) -> None:
    if rule.managed_by:  # an archive's own rule: moto's business
        _send_to_targets(rule, original_event, transform_input)
    elif rule.state == "ENABLED" and _matches(rule, event := _as_sent(original_event)):
        for target in rule.targets:
            _deliver(rule, target, event)


def _matches(rule: Rule, event: Any) -> bool:
    """Whether an event is a rule's; a rule that only has a schedule has no events, where moto gives it all."""
    return bool(rule.event_pattern.get_pattern()) and rule.event_pattern.matches_event(event)


def _as_sent(event: Mapping[str, Any]) -> Json:
    sent = {key: value for key, value in event.items() if key != "ingestion-time"}
    moment = datetime.fromtimestamp(float(event["time"]), UTC)
    return sent | {"time": moment.strftime("%Y-%m-%dT%H:%M:%SZ")}


def _deliver(rule: Rule, target: Json, event: Json) -> None:
    try:
        _hand_over(rule, target, _input(target, event))
    except _Refused as refusal:
        _set_aside(rule, target, event, refusal)


def _input(target: Json, event: Json) -> Any:
    if "Input" in target:
        return json.loads(target["Input"])
    if "InputPath" in target:
        return event["detail"] if target["InputPath"] == "$.detail" else event
    if "InputTransformer" in target:
        transformer = target["InputTransformer"]
        whole: Any = {**event, "ingestion-time": event["time"]}
        return EventTemplateParser.parse(transformer["InputTemplate"], transformer.get("InputPathsMap", {}), whole)
    return event


def _hand_over(rule: Rule, target: Json, event: Any) -> None:
    service, name = target["Arn"].split(":")[2], target["Arn"].split(":", 5)[5]
    if service == "sqs":
        _send_to_queue(rule, target["Arn"], json.dumps(event))
    elif service == "logs":
        _write_log(rule, name.split(":")[1], event)
    elif service == "lambda":
        _invoke_later(rule, target, event)
    elif service == "sns":
        _publish(rule, target["Arn"], json.dumps(event))
    else:
        raise _Refused("UNSUPPORTED_ON_A_LAPTOP", f"nothing here stands for {target['Arn']}")


def _send_to_queue(rule: Rule, arn: str, body: str, attributes: Json | None = None) -> None:
    backend = sqs_backends[rule.account_id][rule.region_name]
    try:
        queue = backend.get_queue(arn.rsplit(":", 1)[-1])
    except QueueDoesNotExist:
        raise _Refused("RESOURCE_NOT_FOUND", arn) from None
    _require(queue.policy, "sqs:SendMessage", arn, rule)
    backend.send_message(queue.name, body, message_attributes=attributes)


def _write_log(rule: Rule, group: str, event: Any) -> None:
    backend = logs_backends[rule.account_id][rule.region_name]
    if group not in backend.groups:
        raise _Refused("RESOURCE_NOT_FOUND", group)
    stream = str(mock_random.uuid4())
    arn = f"{backend.groups[group].arn}:log-stream:{stream}"
    documents = [policy.policy_document for policy in backend.resource_policies.values()]
    statements = [statement for document in documents for statement in policies.parse(document)]
    for action in ("logs:CreateLogStream", "logs:PutLogEvents"):
        _require_any(statements, action, arn, rule)
    backend.create_log_stream(group, stream)
    now = int(datetime.now(UTC).timestamp() * 1000)
    backend.put_log_events(group, stream, [{"timestamp": now, "message": json.dumps(event)}])


def _invoke_later(rule: Rule, target: Json, event: Any) -> None:
    function = lambda_backend(rule.account_id, rule.region_name).get_function(target["Arn"])
    statements = policies.of_function(function.policy.statements, target["Arn"])
    _require_any(statements, "lambda:InvokeFunction", target["Arn"], rule)
    invocation = {"function": target["Arn"], "event": event}
    sqs_backends[rule.account_id][rule.region_name].send_message(INVOCATIONS, json.dumps(invocation))


def _publish(rule: Rule, arn: str, message: str) -> None:
    backend = sns_backends[rule.account_id][rule.region_name]
    _require(backend.get_topic(arn).policy, "sns:Publish", arn, rule)
    backend.publish(message, arn=arn)


def _require(policy: Any, action: str, arn: str, rule: Rule) -> None:
    _require_any(policies.parse(policy or {}), action, arn, rule)


def _require_any(statements: Any, action: str, arn: str, rule: Rule) -> None:
    conditions = {"aws:SourceArn": (rule.arn,), "aws:SourceAccount": (rule.account_id,)}
    if not policies.allows(statements, policies.Request(action, arn, conditions, _EVENTS)):
        raise _Refused("NO_PERMISSIONS", f"{arn} does not let {rule.arn} do {action}")


def _set_aside(rule: Rule, target: Json, event: Json, refusal: _Refused) -> None:
    attributes = {
        name: {"DataType": "String", "StringValue": value}
        for name, value in {
            "RULE_ARN": rule.arn,
            "TARGET_ARN": target["Arn"],
            "ERROR_CODE": refusal.code,
            "ERROR_MESSAGE": str(refusal),
        }.items()
    }
    try:
        _send_to_queue(rule, target["DeadLetterConfig"]["Arn"], json.dumps(event), attributes)
    except (_Refused, KeyError):
        body = json.dumps({"rule": rule.arn, "target": target["Arn"], "why": str(refusal), "event": event})
        sqs_backends[rule.account_id][rule.region_name].send_message(LOST, body)


# --- S3 ---------------------------------------------------------------------------------------------------------------

_sequence = itertools.count(1)


def _announce_object(account_id: str, bucket: Any, event_name: str, key: Any) -> None:
    """Tell the default bus of a new object as S3 does. Other events of S3 have no listener here."""
    if not event_name.startswith("s3:ObjectCreated:"):
        return
    for rule in events_backends[account_id][bucket.region_name].event_buses["default"].rules.values():
        rule.send_to_targets(_object_created(account_id, bucket, event_name, key))


def _object_created(account_id: str, bucket: Any, event_name: str, key: Any) -> Any:
    version = {"version-id": key.version_id} if bucket.versioning_status == "Enabled" else {}
    return {
        "version": "0",
        "id": str(mock_random.uuid4()),
        "detail-type": "Object Created",
        "source": "aws.s3",
        "account": account_id,
        "time": datetime.now(UTC).timestamp(),
        "region": bucket.region_name,
        "resources": [bucket.arn],
        "detail": {
            "version": "0",
            "bucket": {"name": bucket.name},
            "object": {"key": key.name, "size": key.size, "etag": key.etag.strip('"'), **version, "sequencer": _sequencer()},
            "request-id": f"{next(_sequence):016X}",
            "requester": account_id,
            "source-ip-address": "127.0.0.1",
            "reason": _REASONS.get(event_name, "CompleteMultipartUpload"),
        },
    }


def _sequencer() -> str:
    return f"{next(_sequence):018X}"


# --- liberties: what no AWS API gives, for whoever stands outside ---------------------------------------------------------


def waiting(account: str, region: str, name: str) -> list[Json]:
    """List the messages in a queue, in flight or not, oldest first, without receiving them."""
    queue = sqs_backends[account][region].get_queue(name)
    return [_described(message) for message in queue._messages]


def _described(message: Any) -> Json:
    attributes = {name: each.get("StringValue", "") for name, each in message.message_attributes.items()}
    return {"id": message.id, "body": message.body, "attributes": attributes, "received": message.approximate_receive_count}


def let_time_pass(account: str, region: str, name: str) -> int:
    """End the visibility timeout and delay of everything in a queue. Gives the number of messages that had been hidden."""
    hidden = [
        message for message in sqs_backends[account][region].get_queue(name)._messages if not message.visible or message.delayed
    ]
    for message in hidden:
        message.visible_at = message.delayed_until = 0
    return len(hidden)
