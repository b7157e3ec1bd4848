"""What every function is made of at its cold start: settings, clients, the desk, a logger; and the clock.

Each call builds anew, and each function calls once at import: there is no state here to share or to reset.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import boto3
from aws_lambda_powertools import Logger, single_metric
from aws_lambda_powertools.metrics import MetricUnit
from botocore.config import Config

from casework import policy
from casework.aws.intake import Intake, Reader
from casework.aws.keys import secret_key
from casework.aws.originals import Originals
from casework.aws.table import DynamoTable
from casework.case import ESCALATION_TEAMS, Assessment, Receipt
from casework.desk import Desk, as_first_read
from casework.errors import InvalidPolicy, InvalidSettings
from casework.escalation import Escalations
from casework.identity import Pseudonyms
from casework.message import Channel, Message
from casework.policy import Policy
from casework.settings import setting

if TYPE_CHECKING:
    from casework.aws.bus import Bus
    from casework.aws.topics import Topics
    from casework.commands import Commands

QUICK = Config(connect_timeout=2, read_timeout=5, retries={"total_max_attempts": 3, "mode": "standard"})
"""A function has seconds, not botocore's minute; queues and streams do the long retrying."""


def now() -> datetime:
    """The clock, for the functions to pass in where their event carries no time."""
    return datetime.now(UTC)


def logger(service: str) -> Logger:
    """A logger of named events with fields; never of whole events, the environment, or anything a customer wrote."""
    return Logger(service=service, log_uncaught_exceptions=False)


def table() -> DynamoTable:
    """The case table."""
    return DynamoTable(boto3.client("dynamodb", config=QUICK), setting("CASE_TABLE"))


def desk() -> Desk:
    """The desk on the case table."""
    key = secret_key(boto3.client("secretsmanager", config=QUICK), setting("IDENTITY_SECRET"))
    current = policy.load()
    return Desk(table(), current, Pseudonyms(key), _jitter, reread=_second_reader(current), shadow=_shadow())


def commands() -> Commands:
    """What obeys analysts' commands, on the case table."""
    from casework.commands import Commands  # one function obeys

    return Commands(table(), policy.load(), _jitter)


def _second_reader(current: Policy) -> Callable[[Message, Assessment], Assessment]:
    """Who is asked where the triage does not know: ``builtin`` nobody, ``bedrock:MODEL`` that model."""
    reader, _, model = setting("TRIAGE_READER").partition(":")
    if reader == "builtin":
        return as_first_read
    if reader != "bedrock" or not model:
        raise InvalidSettings("TRIAGE_READER: expected builtin, or bedrock: and a model")
    from casework.aws.bedrock import BUDGET, Bedrock  # paid for only by who asks
    from casework.second_reader import SecondReader

    client = boto3.client("bedrock-runtime", config=BUDGET)
    return SecondReader(Bedrock(client, model).ask, current, _second_opinion_came).reread


def _second_opinion_came(outcome: str) -> None:
    """Make a reader that fails visible: ``settled``, or why the first reader's word stands."""
    count("SecondOpinions", outcome=outcome)


def _shadow() -> Policy | None:
    """The candidate policy, when one is tried. One that cannot be read is reported and not tried: cases go on coming in."""
    if setting("TRIAGE_SHADOW") == "off":
        return None
    try:
        return policy.candidate(policy.CANDIDATE)
    except InvalidPolicy as error:
        logger("triage").error("candidate_policy_refused", extra={"expected": str(error)})
        return None


def escalations() -> Escalations:
    """What acknowledges."""
    return Escalations(table())


def link_key() -> bytes:
    """The key that signs links."""
    return secret_key(boto3.client("secretsmanager", config=QUICK), setting("LINK_SECRET"))


def originals() -> Originals:
    """Where the channels put what they took in."""
    return Originals(boto3.client("s3", config=QUICK))


def intake(channel: Channel, read: Reader, log: Logger) -> Intake:
    """A door whose originals lie in a bucket."""
    return Intake(channel, read, desk(), originals(), log, log_receipt)


def bus() -> Bus:
    """Where the publisher announces."""
    from casework.aws.bus import Bus  # pydantic is paid for by the publisher alone

    return Bus(boto3.client("events", config=QUICK), setting("EVENT_BUS"))


def topics() -> Topics:
    """Where analysts listen."""
    from casework.aws.topics import Topics  # only one function speaks to them

    return Topics(boto3.client("sns", config=QUICK), {team: setting(f"{team.name}_TOPIC") for team in ESCALATION_TEAMS})


def _jitter(lost: int) -> None:
    """Wait a random while, longer with each lost race, so that many writers at one customer take turns."""
    time.sleep(random.uniform(0, min(0.5, 0.01 * 2**lost)))  # noqa: S311 - jitter, not a secret


def log_receipt(log: Logger, message: Message, receipt: Receipt) -> None:
    """The line, and the count, that account for a message: ids, outcome and decision; nothing of its text or its sender."""
    log.info("message_received", extra=_accounted(message, receipt))
    count("MessagesReceived", channel=message.source.channel, outcome=receipt.outcome)


def _accounted(message: Message, receipt: Receipt) -> dict[str, object]:
    decided = ("category", "severity", "team", "language", "confidence", "abstained")
    return {
        "channel": message.source.channel,
        "locator": message.source.locator,
        "outcome": receipt.outcome,
        "message_id": receipt.message_id,
        "case": receipt.case_id,
        "cause": receipt.cause,
        "related": list(receipt.related),
        "reference": receipt.reference,
        "escalations": list(receipt.escalations),
        "unverified": receipt.unverified,
        "duplicate": asdict(receipt.duplicate) if receipt.duplicate else None,
        **{name: getattr(receipt.assessment, name, "") for name in decided},
        **({"shadow": _compared(receipt.assessment, receipt.shadow)} if receipt.assessment and receipt.shadow else {}),
    }


def _compared(acted_on: Assessment, candidate: Assessment) -> dict[str, object]:
    """What a candidate policy would have decided, and whether anything would have been different."""
    decided = ("category", "severity", "team", "escalates", "abstained")
    differs = [name for name in decided if getattr(acted_on, name) != getattr(candidate, name)]
    versions = {"policy_version": candidate.policy_version, "model_version": candidate.model_version}
    return {**{name: getattr(candidate, name) for name in decided}, **versions, "differs": differs}


def count(metric: str, value: int = 1, **dimensions: str) -> None:
    """Count something in CloudWatch, by embedded metric format: one line of log, no call."""
    with single_metric(name=metric, unit=MetricUnit.Count, value=value) as each:
        for name, dimension in {"stage": setting("STAGE"), **dimensions}.items():
            each.add_dimension(name, dimension)
