"""Nothing is dropped on the way: every hop retries as long as was meant, and what is given up on is kept and reported."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, get_args

import pytest
from moto.events.models import EventPattern

from casework.campaigns.escalation import FOLDED, FOUND, GREW, LOSS
from casework.case import Severity
from casework.events import EscalationRaised
from tests.template_reader import (
    DEAD_LETTERS,
    FUNCTIONS,
    MAPPINGS,
    QUEUES,
    RESOURCES,
    ROOT,
    RULES,
    listed,
    mapped_to,
    of_type,
    setting,
    target,
    variables,
)

TEAMS = ("fraud", "trust", "identity")
PRESSING = (Severity.CRITICAL, Severity.HIGH)
WORKED = sorted(set(QUEUES) - set(DEAD_LETTERS))
ALARMS = of_type("AWS::CloudWatch::Alarm")


def targets() -> Iterator[tuple[str, dict[str, Any]]]:
    """Every target of every rule, those of a function's schedule among them, with the rule's logical id."""
    for name, rule in RULES.items():
        yield from ((name, each) for each in rule["Targets"])
    for function, properties in FUNCTIONS.items():
        for event, definition in properties.get("Events", {}).items():
            if definition["Type"] in {"Schedule", "ScheduleV2", "EventBridgeRule", "CloudWatchEvent"}:
                yield function + event, definition["Properties"]


@pytest.mark.parametrize(("rule", "each"), [pytest.param(*each, id=f"{each[0]}-{place}") for place, each in enumerate(targets())])
def test_a_rule_says_how_long_it_tries_and_where_it_puts_what_it_could_not_deliver(rule: str, each: dict[str, Any]) -> None:
    assert set(each["RetryPolicy"]) == {"MaximumEventAgeInSeconds", "MaximumRetryAttempts"}
    kept = target(each["DeadLetterConfig"]["Arn"])
    assert kept in DEAD_LETTERS
    assert may_send(rule, kept)


@pytest.mark.parametrize("rule", sorted(RULES))
def test_a_rule_may_send_to_the_queues_it_targets(rule: str) -> None:
    for each in RULES[rule]["Targets"]:
        if "Fn::GetAtt" in each["Arn"]:
            assert may_send(rule, target(each["Arn"]))


def may_send(rule: str, queue: str) -> bool:
    """Whether a policy of the queue lets EventBridge send in the name of the rule."""
    for policy in of_type("AWS::SQS::QueuePolicy").values():
        for statement in policy["PolicyDocument"]["Statement"]:
            rules = {target(each) for each in listed(statement["Condition"]["ArnEquals"]["aws:SourceArn"])}
            queues = {target(each) for each in listed(statement["Resource"])} & {target(each) for each in policy["Queues"]}
            if rule in rules and queue in queues:
                return True
    return False


@pytest.mark.parametrize("name", WORKED)
def test_a_queue_gives_up_on_a_message_after_some_tries_and_keeps_it(name: str) -> None:
    redrive = QUEUES[name]["RedrivePolicy"]
    assert target(redrive["deadLetterTargetArn"]) in DEAD_LETTERS
    assert redrive["maxReceiveCount"] >= 3


@pytest.mark.parametrize("name", sorted(QUEUES))
def test_every_queue_is_encrypted(name: str) -> None:
    assert QUEUES[name]["SqsManagedSseEnabled"] is True


@pytest.mark.parametrize("name", DEAD_LETTERS)
def test_what_was_given_up_on_is_kept_as_long_as_can_be(name: str) -> None:
    assert QUEUES[name]["MessageRetentionPeriod"] == 86400 if name == "ChaseDeadLetters" else 1209600


@pytest.mark.parametrize("name", DEAD_LETTERS)
def test_somebody_is_told_of_the_first_message_that_was_given_up_on(name: str) -> None:
    (alarm,) = [each for each in alarms("ApproximateNumberOfMessagesVisible") if watched(each) == name]
    assert (alarm["Threshold"], alarm["ComparisonOperator"]) == (0, "GreaterThanThreshold")
    assert alarm["TreatMissingData"] == "ignore", "an idle queue stops reporting, and the message is still there"


def test_somebody_is_told_when_messages_wait() -> None:
    waiting = {"MailQueue", "TranscriptQueue", "NotifyQueue", "NotifyLaterQueue"}
    assert {watched(each) for each in alarms("ApproximateAgeOfOldestMessage")} == waiting
    assert {watched(each) for each in alarms("IteratorAge")} == {"PublishFunction"}


def test_somebody_is_told_when_a_function_fails() -> None:
    watched_functions = {
        target(metric["MetricStat"]["Metric"]["Dimensions"][0]["Value"])
        for metric in ALARMS["FunctionErrorsAlarm"]["Metrics"]
        if "MetricStat" in metric
    }
    assert watched_functions == set(FUNCTIONS)


def test_somebody_is_told_when_the_ladder_stands_still() -> None:
    alarm = ALARMS["ChaseStoppedAlarm"]
    assert (watched(alarm), alarm["MetricName"], alarm["TreatMissingData"]) == ("ChaseFunction", "Invocations", "breaching")


@pytest.mark.parametrize("name", sorted(ALARMS))
def test_every_alarm_reaches_the_topic_of_alarms(name: str) -> None:
    assert ALARMS[name]["AlarmActions"] == [{"Ref": "AlarmTopic"}]


def alarms(metric: str) -> list[dict[str, Any]]:
    return [each for each in ALARMS.values() if each.get("MetricName") == metric]


def watched(alarm: dict[str, Any]) -> str:
    (dimension,) = alarm["Dimensions"]
    return target(dimension["Value"])


@pytest.mark.parametrize("name", sorted(MAPPINGS))
def test_a_batch_fails_message_by_message(name: str) -> None:
    assert MAPPINGS[name]["FunctionResponseTypes"] == ["ReportBatchItemFailures"]


@pytest.mark.parametrize("function", ["EmailFunction", "VoiceFunction", "NotifyFunction", "CorrelateFunction"])
def test_a_queue_hides_a_message_for_six_times_the_time_a_function_may_take(function: str) -> None:
    mapping = mapped_to(function)
    assert mapping is not None
    queue = QUEUES[target(mapping["EventSourceArn"])]
    assert queue["VisibilityTimeout"] >= 6 * setting(function, "Timeout") + mapping.get("MaximumBatchingWindowInSeconds", 0)
    assert mapping["ScalingConfig"]["MaximumConcurrency"] >= 2, "a bound, so that a wave of mail cannot starve the account"


def test_a_change_that_cannot_be_announced_does_not_hold_up_the_others_for_a_day() -> None:
    mapping = mapped_to("PublishFunction")
    assert mapping is not None
    assert mapping["BisectBatchOnFunctionError"] is True
    assert 0 < mapping["MaximumRetryAttempts"] < 10_000
    assert 0 < mapping["MaximumRecordAgeInSeconds"] <= 86_400
    assert target(mapping["DestinationConfig"]["OnFailure"]["Destination"]) == "PublishDeadLetters"
    assert mapping["StartingPosition"] == "TRIM_HORIZON", "LATEST would miss what is written while the mapping is made"


def test_only_changes_that_mean_something_to_others_wake_the_publisher() -> None:
    mapping = mapped_to("PublishFunction")
    assert mapping is not None
    (pattern,) = [json.loads(each["Pattern"]) for each in mapping["FilterCriteria"]["Filters"]]
    kinds = ["case", "message", "escalation", "quarantined", "command", "campaign"]
    assert pattern == {"dynamodb": {"NewImage": {"kind": {"S": kinds}}}}


def test_the_correlator_hears_of_every_message_of_a_case_and_of_campaigns_that_were_joined() -> None:
    rule = RULES["CaseCorrelates"]
    assert rule["EventPattern"] == {"source": ["casework"], "detail-type": ["CaseOpened", "MessageAttached", "CampaignJoined"]}
    assert [target(each["Arn"]) for each in rule["Targets"]] == ["CorrelateQueue"]


def test_a_batch_of_the_correlators_fits_into_one_transaction_at_its_campaign() -> None:
    mapping = mapped_to("CorrelateFunction")
    assert mapping is not None
    assert 50 <= mapping["BatchSize"] <= 90, "a transaction takes 100 items: members, and the campaign, its page and its traces"
    assert mapping["MaximumBatchingWindowInSeconds"] >= 1, "AWS asks for a window where a batch is larger than ten"


@pytest.mark.parametrize("team", TEAMS)
def test_an_escalation_reaches_the_teams_systems_and_its_people(team: str) -> None:
    rule = RULES[f"{team.capitalize()}Escalated"]
    assert rule["EventPattern"] == {
        "source": ["casework"],
        "detail-type": ["EscalationRaised", "EscalationClimbed"],
        "detail": {"team": [team]},
    }
    people = set() if team == "trust" else {"NotifyQueue"}
    assert {target(each["Arn"]) for each in rule["Targets"]} == {f"{team.capitalize()}Queue"} | people
    assert target(rule["EventBusName"]) == "CaseBus"


TRUST_IS_TOLD = {"TrustToldAtOnce": "NotifyQueue", "TrustToldLater": "NotifyLaterQueue"}


@pytest.mark.parametrize("rule", TRUST_IS_TOLD)
def test_trusts_people_are_told_at_once_or_later(rule: str) -> None:
    assert [target(each["Arn"]) for each in RULES[rule]["Targets"]] == [TRUST_IS_TOLD[rule]]
    assert target(RULES[rule]["EventBusName"]) == "CaseBus"


def told_by(detail_type: str, **detail: str) -> set[str]:
    """The rules that have an event which makes Trust's people hear."""
    event: Any = {"source": "casework", "detail-type": detail_type, "detail": {"team": "trust", **detail}}
    return {rule for rule in TRUST_IS_TOLD if EventPattern.load(json.dumps(RULES[rule]["EventPattern"])).matches_event(event)}


@pytest.mark.parametrize("severity", Severity)
@pytest.mark.parametrize("cause", [*get_args(EscalationRaised.model_fields["cause"].annotation), None])
def test_only_what_does_not_press_and_may_be_one_of_many_waits(severity: Severity, cause: str | None) -> None:
    may_be_one_of_many = cause not in (FOUND, GREW, LOSS, None) and severity not in PRESSING
    rule = "TrustToldLater" if may_be_one_of_many else "TrustToldAtOnce"
    event = (
        ("EscalationRaised", {"severity": severity, "cause": cause}) if cause else ("EscalationClimbed", {"severity": severity})
    )
    assert told_by(event[0], **event[1]) == {rule}
    assert FOLDED.isdisjoint(PRESSING), "what may be folded is never told at once"


def test_what_waits_does_so_until_the_correlator_has_seen_it() -> None:
    mapping = mapped_to("CorrelateFunction")
    assert mapping is not None
    needed = mapping["MaximumBatchingWindowInSeconds"] + setting("CorrelateFunction", "Timeout")
    assert needed <= QUEUES["NotifyLaterQueue"]["DelaySeconds"] <= 300
    assert {name for name, queue in QUEUES.items() if queue.get("DelaySeconds")} == {"NotifyLaterQueue"}


def test_everything_that_was_announced_can_be_read_and_replayed() -> None:
    rule = RULES["EverythingAnnounced"]
    assert (rule["EventPattern"], target(rule["EventBusName"])) == ({"source": ["casework"]}, "CaseBus")
    assert target(RESOURCES["CaseArchive"]["Properties"]["SourceArn"]) == "CaseBus"
    assert RESOURCES["EventLog"]["Properties"]["LogGroupName"]["Fn::Sub"].startswith("/aws/events/")


@pytest.mark.parametrize("name", ["UnansweredAlarm", "LadderExhaustedAlarm"])
def test_somebody_is_told_when_escalations_stay_unanswered(name: str) -> None:
    alarm = ALARMS[name]
    assert alarm["Namespace"] == variables("ChaseFunction")["POWERTOOLS_METRICS_NAMESPACE"]
    service = {"Name": "service", "Value": variables("ChaseFunction")["POWERTOOLS_SERVICE_NAME"]}
    assert alarm["Dimensions"] == [service, {"Name": "stage", "Value": {"Ref": "Stage"}}], "one account may hold several stages"
    source = (ROOT / "functions" / "chase" / "app.py").read_text(encoding="utf-8")
    assert f'"{alarm["MetricName"]}"' in source, "the alarm watches what the chaser counts"
