"""What goes through the local stack, from an object in a bucket to a notification, by the wires of its template alone."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from local.aws.deployment import Undeployable
from local.aws.dispatcher import EventsLost
from local.aws.function import ColdStartFailed
from local.aws.schedules import NotPermitted
from local.aws.stack import Stack
from local.aws.template import UntranslatableTemplate

Start = Callable[..., Stack]


def logged(stack: Stack, event: str) -> list[dict[str, Any]]:
    return [line for _, line in stack.logs if line["message"] == event]


def test_an_object_becomes_a_case_an_event_and_a_notification(start: Start) -> None:
    stack = start()

    stack.put_object("Bucket", "mail/1", b"case 1", {"caller": "alice"})
    stack.pump()

    assert {item["kind"] for item in stack.items()} == {"case", "escalation"}
    assert [event["detail"] for event in stack.events()] == [{"case": "case 1", "team": "fraud"}]
    assert [(told.subject, told.message) for told in stack.notifications("Topic")] == [("Wanted", "case 1")]
    assert [waiting.json()["detail"]["case"] for waiting in stack.messages("TeamQueue")] == ["case 1"]
    assert [invocation.function for invocation in stack.invocations] == ["Door", "Publish", "Notify"]
    assert stack.failures == []


def test_structured_log_lines_are_kept_and_told_as_they_come(start: Start) -> None:
    told: list[tuple[str, dict[str, Any]]] = []
    stack = start(on_log=lambda function, line: told.append((function, line)))

    stack.put_object("Bucket", "mail/1", b"case 1", {"caller": "alice"})
    stack.pump()

    (line,) = logged(stack, "message_received")
    assert (line["key"], line["metadata"], line["service"]) == ("mail/1", {"caller": "alice"}, "door")
    assert told == stack.logs
    assert told[0][0] == "Door"


def test_an_event_of_s3_has_the_fields_of_s3(start: Start) -> None:
    stack = start()

    version = stack.put_object("Bucket", "mail/ü 1", b"four")

    event = stack.messages("MailQueue")[0].json()
    assert event["source"] == "aws.s3"
    assert event["detail-type"] == "Object Created"
    assert event["account"] == "123456789012"
    found = event["detail"]["object"]
    assert (found["key"], found["size"], found["version-id"]) == ("mail/ü 1", 4, version)
    assert event["detail"]["reason"] == "PutObject"
    datetime.strptime(event["time"], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)


def test_only_what_failed_of_a_batch_comes_again_until_it_is_a_dead_letter(start: Start) -> None:
    stack = start()
    for key, text in enumerate((b"case 1", b"broken", b"case 2")):
        stack.put_object("Bucket", str(key), text)

    stack.pump()

    assert {item["pk"] for item in stack.items("case")} == {"case 1", "case 2"}
    assert len(logged(stack, "message_received")) == 2
    assert [waiting.json()["detail"]["object"]["key"] for waiting in stack.messages("DeadLetters")] == ["1"]
    sizes = [len(invocation.event["Records"]) for invocation in stack.invocations if invocation.function == "Door"]
    assert sizes == [3, 1, 1]


def test_without_retries_what_failed_stays_in_flight_and_is_not_lost(start: Start) -> None:
    stack = start()
    stack.put_object("Bucket", "1", b"broken")

    assert stack.pump(retry=False) == 1
    assert stack.pump(retry=False) == 0
    assert len(stack.messages("MailQueue")) == 1

    stack.let_time_pass()
    assert stack.pump(retry=False) == 1


def test_a_handler_that_raises_fails_its_whole_batch_and_is_kept(small: Any, start: Start) -> None:
    small.code("notify", "def handler(event, context):\n    raise ValueError('no team listens')\n")
    stack = start()

    stack.put_object("Bucket", "1", b"case 1")
    stack.pump()

    assert [(each.function, each.failure.type, each.failure.message) for each in stack.failures if each.failure] == [
        ("Notify", "ValueError", "no team listens")
    ] * 3
    assert len(stack.messages("DeadLetters")) == 1


def test_an_answer_about_a_stranger_fails_the_whole_batch(small: Any, start: Start) -> None:
    small.code("door", "def handler(event, context):\n    return {'batchItemFailures': [{'itemIdentifier': 'nobody'}]}\n")
    stack = start()

    stack.put_object("Bucket", "1", b"case 1")
    stack.pump()

    assert len(stack.messages("DeadLetters")) == 1


def test_the_stream_starts_again_at_the_record_that_failed(small: Any, start: Start) -> None:
    small.code(
        "publish",
        """
        seen = []

        def handler(event, context):
            for record in event["Records"]:
                case = record["dynamodb"]["NewImage"]["pk"]["S"]
                seen.append(case)
                if case == "case 2" and seen.count(case) == 1:
                    return {"batchItemFailures": [{"itemIdentifier": record["dynamodb"]["SequenceNumber"]}]}
            return {"batchItemFailures": []}
        """,
    )
    stack = start()
    for number in range(1, 4):
        stack.put_object("Bucket", str(number), f"case {number}".encode())

    stack.pump()

    assert stack.module("Publish", "functions.publish.app").seen == ["case 1", "case 2", "case 2", "case 3"]
    assert stack.messages("Unpublished") == ()


def test_a_poison_record_is_isolated_and_set_aside_and_the_rest_goes_on(small: Any, start: Start) -> None:
    small.code(
        "publish",
        """
        done = []

        def handler(event, context):
            cases = [record["dynamodb"]["NewImage"]["pk"]["S"] for record in event["Records"]]
            if "case 2" in cases:
                raise ValueError("poison")
            done.extend(cases)
        """,
    )
    stack = start()
    for number in range(1, 6):
        stack.put_object("Bucket", str(number), f"case {number}".encode())

    stack.pump()

    assert stack.module("Publish", "functions.publish.app").done == ["case 1", "case 3", "case 4", "case 5"]
    (aside,) = [waiting.json() for waiting in stack.messages("Unpublished")]
    assert aside["requestContext"]["condition"] == "RetryAttemptsExhausted"
    assert aside["requestContext"]["approximateInvokeCount"] == 3
    assert aside["DDBStreamBatchInfo"]["batchSize"] == 1


def test_the_filter_of_a_mapping_keeps_other_records_from_the_function(start: Start) -> None:
    stack = start()

    stack.put_object("Bucket", "1", b"case 1")
    stack.pump()

    (event,) = [invocation.event for invocation in stack.invocations if invocation.function == "Publish"]
    assert [record["dynamodb"]["NewImage"]["kind"] for record in event["Records"]] == [{"S": "escalation"}]
    (record,) = event["Records"]
    assert (record["eventSource"], record["eventName"], record["awsRegion"]) == ("aws:dynamodb", "INSERT", "ap-northeast-1")
    json.dumps(record)


def test_the_clock_is_the_tests(start: Start) -> None:
    stack = start()

    (invocation,) = stack.tick(datetime(2031, 5, 6, 7, 8, tzinfo=UTC))

    assert invocation.event["detail-type"] == "Scheduled Event"
    assert invocation.event["source"] == "aws.events"
    assert [item["pk"] for item in stack.items("tick")] == ["2031-05-06T07:08:00Z"]


def test_a_scheduled_function_that_fails_is_retried_twice_and_given_up(small: Any, start: Start) -> None:
    small.code("clock", "def handler(event, context):\n    raise ValueError('no')\n")
    stack = start()

    stack.tick(datetime(2031, 5, 6, tzinfo=UTC))
    stack.pump()

    assert len(stack.failures) == 3


def test_a_scheduler_schedule_is_a_clock_too(small: Any, start: Start) -> None:
    events = small.properties("Clock")["Events"]
    events["EveryMinute"] = {"Type": "ScheduleV2", "Properties": {"ScheduleExpression": "rate(1 minute)"}}
    stack = start()

    (invocation,) = stack.tick(datetime(2031, 5, 6, tzinfo=UTC))

    assert invocation.event["source"] == "aws.scheduler"


def test_a_rule_may_invoke_a_function_by_itself(small: Any, start: Start) -> None:
    rule = {"EventBusName": {"Ref": "Bus"}, "Pattern": {"source": ["small"]}}
    small.properties("Web")["Events"]["Raised"] = {"Type": "EventBridgeRule", "Properties": rule}
    stack = start()

    stack.put_object("Bucket", "1", b"case 1")
    stack.pump()

    (invocation,) = [each for each in stack.invocations if each.function == "Web"]
    assert (invocation.trigger, invocation.event["detail"]["case"]) == ("asynchronous", "case 1")


def test_two_runs_are_alike(small: Any) -> None:
    def run() -> list[tuple[str, int]]:
        with Stack.start(template=small.template) as stack:
            for number in range(7):
                stack.put_object("Bucket", str(number), b"broken" if number == 3 else f"case {number}".encode())
            stack.pump()
            return [(invocation.function, len(invocation.event["Records"])) for invocation in stack.invocations]

    first = run()

    assert len(first) > 5
    assert run() == first


# --- what is cut in the template is cut on the laptop ----------------------------------------------------------------------


def test_a_missing_variable_fails_at_the_cold_start(small: Any, start: Start) -> None:
    del small.properties("Door")["Environment"]["Variables"]["TABLE"]
    stack = start()
    stack.put_object("Bucket", "1", b"case 1")

    with pytest.raises(ColdStartFailed, match="Door: KeyError: 'TABLE'"):
        stack.pump()


def test_a_variable_of_another_function_is_not_visible(small: Any, start: Start) -> None:
    small.code("web", "import os\n\ndef handler(event, context):\n    return sorted(os.environ)\n")
    stack = start()
    stack.put_object("Bucket", "1", b"case 1")
    stack.pump()

    seen = stack.request("POST", "/cases").json()

    assert {"AWS_REGION", "AWS_LAMBDA_FUNCTION_NAME", "_HANDLER"} <= set(seen)
    assert not {"TABLE", "BUS", "TOPIC", "POWERTOOLS_SERVICE_NAME", "PYTEST_CURRENT_TEST"} & set(seen)


def test_functions_share_no_module(small: Any, start: Start) -> None:
    small.write("layers/domain/domain.py", "seen = []\n")
    for name in ("web", "clock"):
        small.code(
            name, f"import domain\n\ndef handler(event, context):\n    domain.seen.append('{name}')\n    return domain.seen\n"
        )
    stack = start()

    assert stack.tick(datetime(2031, 5, 6, tzinfo=UTC))[0].response == ["clock"]
    assert stack.request("POST", "/cases").json() == ["web"]
    assert stack.request("POST", "/cases").json() == ["web", "web"]


def test_a_layer_that_is_not_named_cannot_be_imported(small: Any, start: Start) -> None:
    small.code("clock", "import domain\n\ndef handler(event, context):\n    return domain.NAME\n")
    small.properties("Clock")["Layers"] = []
    stack = start()

    with pytest.raises(ColdStartFailed, match="No module named 'domain'"):
        stack.tick(datetime(2031, 5, 6, tzinfo=UTC))


def test_the_code_of_another_function_cannot_be_imported(small: Any, start: Start) -> None:
    small.code("clock", "from functions.web import app\n")
    stack = start()

    with pytest.raises(ColdStartFailed, match=r"No module named 'functions\.web'"):
        stack.tick(datetime(2031, 5, 6, tzinfo=UTC))


def test_a_missing_mapping_leaves_the_message_where_it_is(small: Any, start: Start) -> None:
    del small.resources["DoorIntake"]
    stack = start()

    stack.put_object("Bucket", "1", b"case 1")

    assert stack.pump() == 0
    assert len(stack.messages("MailQueue")) == 1


def test_a_missing_rule_leaves_the_object_unseen(small: Any, start: Start) -> None:
    del small.resources["MailQueuePolicy"], small.resources["MailArrived"]
    stack = start()

    stack.put_object("Bucket", "1", b"case 1")

    assert stack.messages("MailQueue") == ()


def test_a_bucket_that_does_not_tell_eventbridge_is_silent(small: Any, start: Start) -> None:
    del small.properties("Bucket")["NotificationConfiguration"]
    stack = start()

    stack.put_object("Bucket", "1", b"case 1")

    assert stack.messages("MailQueue") == ()


def test_a_disabled_rule_is_silent(small: Any, start: Start) -> None:
    small.properties("Escalated")["State"] = "DISABLED"
    stack = start()

    stack.put_object("Bucket", "1", b"case 1")
    stack.pump()

    assert len(stack.events()) == 1
    assert stack.messages("TeamQueue") == ()


def test_a_queue_without_a_policy_for_the_rule_loses_events_loudly(small: Any, start: Start) -> None:
    del small.resources["MailQueuePolicy"]
    stack = start()

    stack.put_object("Bucket", "1", b"case 1")

    with pytest.raises(EventsLost, match="MailQueue"):
        stack.pump()


def test_a_target_that_refuses_sends_to_its_dead_letters(small: Any, start: Start) -> None:
    small.properties("BusQueuePolicy")["PolicyDocument"]["Statement"][0]["Resource"].pop(0)
    stack = start()

    stack.put_object("Bucket", "1", b"case 1")
    stack.pump()

    (dead,) = stack.messages("TeamDeadLetters")
    assert dead.attributes["ERROR_CODE"] == "NO_PERMISSIONS"
    assert dead.json()["detail"]["case"] == "case 1"


def test_a_function_that_does_not_let_the_clock_in_is_not_invoked(small: Any, start: Start) -> None:
    rule = {"ScheduleExpression": "rate(1 minute)", "Targets": [{"Id": "clock", "Arn": {"Fn::GetAtt": ["Clock", "Arn"]}}]}
    small.resources["Uninvited"] = {"Type": "AWS::Events::Rule", "Properties": rule}
    stack = start()

    with pytest.raises(NotPermitted, match="Clock"):
        stack.tick(datetime(2031, 5, 6, tzinfo=UTC))


def test_a_resource_nobody_knows_is_not_passed_over(small: Any, start: Start) -> None:
    small.resources["Novel"] = {"Type": "AWS::Novel::Thing", "Properties": {}}

    with pytest.raises(Undeployable, match="AWS::Novel::Thing"):
        start()


def test_a_template_sam_refuses_is_refused(small: Any, start: Start) -> None:
    del small.properties("Web")["Handler"]

    with pytest.raises(UntranslatableTemplate, match="Web"):
        start()


def test_a_parameter_the_template_does_not_have_is_refused(start: Start) -> None:
    with pytest.raises(KeyError, match="PublicURL"):
        start(parameters={"PublicURL": "http://localhost"})
