"""Least privilege, as the local stack holds it: nothing outside the role, and nothing in the role that nobody uses."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from botocore.exceptions import ClientError

from local.aws.actions import needed
from local.aws.policies import Request, UnknownCondition, allows, parse
from local.aws.stack import Stack

Start = Callable[..., Stack]
NOON = datetime(2031, 5, 6, 12, tzinfo=UTC)


def statements(stack: Any, function: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = stack.properties(function)["Policies"][0]["Statement"]
    return found


def everything_once(stack: Stack) -> None:
    stack.put_object("Bucket", "1", b"case 1")
    stack.pump()
    stack.tick(NOON)
    stack.request("POST", "/cases")


def test_the_small_system_uses_what_it_is_granted_and_nothing_else(small: Any, start: Start) -> None:
    small.code("publish", "def handler(event, context):\n    raise ValueError('set this aside')\n")
    stack = start()
    stack.put_object("Bucket", "1", b"case 1")
    stack.pump()
    unused = {(grant.function, grant.action) for grant in stack.unused_permissions()}
    assert ("Publish", "events:PutEvents") in unused
    assert ("Publish", "sqs:SendMessage") not in unused


def test_after_a_day_only_the_way_out_of_trouble_is_unused(start: Start) -> None:
    stack = start()

    everything_once(stack)

    assert stack.refused == []
    assert [(grant.function, grant.action) for grant in stack.unused_permissions()] == [("Publish", "sqs:SendMessage")]


def test_a_grant_nobody_needs_is_named_with_its_resource(small: Any, start: Start) -> None:
    statements(small, "Door").append({"Sid": "Spare", "Effect": "Allow", "Action": "s3:DeleteObject", "Resource": "*"})
    stack = start()

    everything_once(stack)

    spare = [grant for grant in stack.unused_permissions() if grant.function == "Door"]
    assert [(grant.sid, grant.action, grant.resource) for grant in spare] == [("Spare", "s3:DeleteObject", "*")]


def test_a_call_outside_the_role_fails_as_on_aws(small: Any, start: Start) -> None:
    statements(small, "Door")[-1]["Action"] = "dynamodb:UpdateItem"
    stack = start()

    stack.put_object("Bucket", "1", b"case 1")
    stack.pump(retry=False)

    (failure,) = [invocation.failure for invocation in stack.failures]
    assert failure is not None
    assert failure.type == "AccessDeniedException" or "AccessDeniedException" in failure.message
    assert "dynamodb:PutItem" in failure.message
    assert [(call.function, call.action) for call in stack.refused] == [("Door", "dynamodb:PutItem")]
    assert stack.items() == []


def test_a_condition_on_the_source_of_events_is_kept(small: Any, start: Start) -> None:
    statements(small, "Publish")[1]["Condition"] = {"StringEquals": {"events:source": "another"}}
    stack = start()

    stack.put_object("Bucket", "1", b"case 1")
    stack.pump(retry=False)

    assert [call.conditions["events:source"] for call in stack.refused] == [("small",)]
    assert stack.events() == ()


def test_an_encrypted_original_needs_the_key_as_well(small: Any, start: Start) -> None:
    del statements(small, "Door")[2]
    stack = start()

    stack.put_object("Bucket", "1", b"case 1")
    stack.pump(retry=False)

    assert [call.action for call in stack.refused] == ["kms:Decrypt"]


def test_lambda_cannot_poll_a_queue_the_role_does_not_give(small: Any, start: Start) -> None:
    statements(small, "Door")[0]["Action"].remove("sqs:DeleteMessage")
    stack = start()
    stack.put_object("Bucket", "1", b"case 1")

    with pytest.raises(ClientError, match="sqs:DeleteMessage"):
        stack.pump()


def test_lambda_cannot_follow_a_stream_the_role_does_not_give(small: Any, start: Start) -> None:
    statements(small, "Publish")[0]["Action"].remove("dynamodb:GetRecords")

    with pytest.raises(ClientError, match="dynamodb:GetRecords"):
        start().pump()


def test_a_missing_object_is_hidden_from_who_may_not_list_the_bucket(small: Any, start: Start) -> None:
    stack = start()
    version = stack.put_object("Bucket", "1", b"case 1")
    name = stack.deployment.identity("Bucket")
    stack.account.client("s3").delete_object(Bucket=name, Key="1", VersionId=version)

    stack.pump(retry=False)

    (failure,) = [invocation.failure for invocation in stack.failures]
    assert failure is not None
    assert "AccessDenied" in failure.message
    assert [call.action for call in stack.refused] == ["s3:ListBucket"]


def test_who_may_list_the_bucket_is_told_that_an_object_is_gone(small: Any, start: Start) -> None:
    statements(small, "Door").append(
        {"Effect": "Allow", "Action": "s3:ListBucket", "Resource": {"Fn::GetAtt": ["Bucket", "Arn"]}}
    )
    stack = start()
    version = stack.put_object("Bucket", "1", b"case 1")
    stack.account.client("s3").delete_object(Bucket=stack.deployment.identity("Bucket"), Key="1", VersionId=version)

    stack.pump(retry=False)

    (failure,) = [invocation.failure for invocation in stack.failures]
    assert failure is not None
    assert "NoSuchVersion" in failure.message
    assert "s3:ListBucket" not in {grant.action for grant in stack.unused_permissions()}


def test_what_the_test_itself_does_is_nobodys_call(start: Start) -> None:
    stack = start()

    stack.put_object("Bucket", "1", b"case 1")
    stack.items()

    assert stack.calls == []


# --- which permission a call needs ----------------------------------------------------------------------------------------

ITEM = {"TableName": "cases", "Item": {"pk": {"S": "CASE#1"}}}
KEY = {"TableName": "cases", "Key": {"pk": {"S": "CASE#1"}}}
TABLE = "arn:aws:dynamodb:ap-northeast-1:123456789012:table/cases"


@pytest.mark.parametrize(
    ("service", "operation", "params", "wanted"),
    [
        ("dynamodb", "GetItem", KEY, [("dynamodb:GetItem", TABLE)]),
        ("dynamodb", "BatchGetItem", {"RequestItems": {"cases": {"Keys": [KEY["Key"]]}}}, [("dynamodb:BatchGetItem", TABLE)]),
        (
            "dynamodb",
            "TransactWriteItems",
            {"TransactItems": [{"Put": ITEM}, {"Update": KEY}, {"Delete": KEY}, {"ConditionCheck": KEY}]},
            [(f"dynamodb:{action}", TABLE) for action in ("PutItem", "UpdateItem", "DeleteItem", "ConditionCheckItem")],
        ),
        ("dynamodb", "Query", {"TableName": "cases", "IndexName": "due"}, [("dynamodb:Query", f"{TABLE}/index/due")]),
        ("s3", "GetObject", {"Bucket": "b", "Key": "k"}, [("s3:GetObject", "arn:aws:s3:::b/k")]),
        ("s3", "GetObject", {"Bucket": "b", "Key": "k", "VersionId": "1"}, [("s3:GetObjectVersion", "arn:aws:s3:::b/k")]),
        ("s3", "HeadObject", {"Bucket": "b", "Key": "k"}, [("s3:GetObject", "arn:aws:s3:::b/k")]),
        ("s3", "ListObjectsV2", {"Bucket": "b"}, [("s3:ListBucket", "arn:aws:s3:::b")]),
        (
            "sqs",
            "SendMessageBatch",
            {"QueueUrl": "https://sqs/1/q"},
            [("sqs:SendMessage", "arn:aws:sqs:ap-northeast-1:123456789012:q")],
        ),
        ("sns", "Publish", {"TopicArn": "arn:t"}, [("sns:Publish", "arn:t")]),
        ("secretsmanager", "GetSecretValue", {"SecretId": "arn:s"}, [("secretsmanager:GetSecretValue", "arn:s")]),
        ("comprehend", "DetectPiiEntities", {}, [("comprehend:DetectPiiEntities", "*")]),
    ],
)
def test_a_call_needs_the_permission_iam_asks_for(
    service: str, operation: str, params: dict[str, Any], wanted: list[tuple[str, str]]
) -> None:
    found = needed(service, operation, params, lambda table: "pk")

    assert [(request.action, request.resource) for request in found] == wanted


def test_the_partitions_a_call_touches_are_known_to_conditions() -> None:
    condition = {"KeyConditionExpression": "#p = :p", "ExpressionAttributeNames": {"#p": "pk"}}
    query = {"TableName": "cases", **condition, "ExpressionAttributeValues": {":p": {"S": "CASE#1"}}}

    for operation, params in (("Query", query), ("GetItem", KEY), ("PutItem", ITEM)):
        (request,) = needed("dynamodb", operation, params, lambda table: "pk")
        assert request.conditions["dynamodb:LeadingKeys"] == ("CASE#1",)


# --- policies ---------------------------------------------------------------------------------------------------------


def judged(condition: dict[str, Any], found: dict[str, tuple[str, ...]], effect: str = "Allow") -> bool:
    statement = {"Effect": effect, "Action": "dynamodb:*Item", "Resource": "arn:table/*", "Condition": condition}
    return allows(parse({"Statement": [statement]}), Request("dynamodb:PutItem", "arn:table/cases", found))


def test_actions_and_resources_may_be_patterns() -> None:
    assert judged({}, {})
    assert not allows(parse({"Statement": []}), Request("dynamodb:PutItem", "arn:table/cases"))


@pytest.mark.parametrize(
    ("operator", "wanted", "found", "holds"),
    [
        ("StringEquals", "casework", ("casework",), True),
        ("StringEquals", ["a", "casework"], ("casework",), True),
        ("StringEquals", "casework", ("other",), False),
        ("StringEquals", "casework", None, False),
        ("StringEqualsIfExists", "casework", None, True),
        ("StringNotEquals", ["a", "b"], ("b",), False),
        ("StringNotEquals", ["a", "b"], ("c",), True),
        ("StringNotEquals", "a", None, True),
        ("StringLike", "CASE#*", ("CASE#1",), True),
        ("ArnLike", "arn:aws:s3:::*", ("arn:aws:s3:::b",), True),
        ("Bool", False, ("false",), True),
        ("ForAllValues:StringLike", "CASE#*", ("CASE#1", "NOTICE#1"), False),
        ("ForAllValues:StringLike", ["CASE#*", "NOTICE#*"], ("CASE#1", "NOTICE#1"), True),
        ("ForAnyValue:StringLike", "CASE#*", ("CASE#1", "NOTICE#1"), True),
        ("Null", True, None, True),
        ("Null", False, None, False),
    ],
)
def test_conditions_hold_as_iam_says(operator: str, wanted: Any, found: tuple[str, ...] | None, holds: bool) -> None:
    present = {} if found is None else {"aws:Key": found}

    assert judged({operator: {"AWS:key": wanted}}, present) is holds


def test_a_denial_outweighs_every_grant() -> None:
    grant = {"Effect": "Allow", "Action": "*", "Resource": "*"}
    denial = {"Effect": "Deny", "Action": "s3:*", "Resource": "*"}

    assert not allows(parse({"Statement": [grant, denial]}), Request("s3:GetObject", "arn:aws:s3:::b/k"))


def test_what_cannot_be_judged_is_never_waved_through() -> None:
    with pytest.raises(UnknownCondition):
        judged({"NumericLessThan": {"aws:Key": "1"}}, {"aws:Key": ("0",)})
    with pytest.raises(ValueError, match="NotAction"):
        parse({"Statement": [{"Effect": "Allow", "NotAction": "s3:*", "Resource": "*"}]})
