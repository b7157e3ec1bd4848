"""Who may do what. The table below is the whole of it: a grant more or less fails here and must be meant."""

from __future__ import annotations

from typing import Any

import pytest

from tests.template_reader import FUNCTIONS, RESOURCES, documents, listed, of_type, statements, target

DESK = {
    "CaseTable": {"dynamodb:BatchGetItem", "dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:ConditionCheckItem"},
    "IdentitySecret": {"secretsmanager:GetSecretValue"},
}
TAKE = {"sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"}
READ = {"s3:GetObjectVersion"}
LIST = {"s3:ListBucket"}

GRANTED = {
    "EmailFunction": {
        **DESK,
        "MailQueue": TAKE,
        "MailBucket/*": READ,
        "MailBucket": LIST,
        "OriginalsKey": {"kms:Decrypt"},
    },
    "VoiceFunction": {
        **DESK,
        "TranscriptQueue": TAKE,
        "TranscriptBucket/*": READ,
        "TranscriptBucket": LIST,
        "OriginalsKey": {"kms:Decrypt"},
    },
    "WebFormFunction": {
        **DESK,
        "FormSecret": {"secretsmanager:GetSecretValue"},
        "UploadBucket/uploads/*": {"s3:PutObject", "s3:GetObject"},
        "UploadBucket": LIST,
        "OriginalsKey": {"kms:GenerateDataKey", "kms:Decrypt"},
    },
    "PublishFunction": {
        "CaseTable": {"dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator"},
        "CaseBus": {"events:PutEvents"},
        "PublishDeadLetters": {"sqs:SendMessage"},
    },
    "NotifyFunction": {
        "NotifyQueue": TAKE,
        "NotifyLaterQueue": TAKE,
        "CaseTable": {"dynamodb:BatchGetItem", "dynamodb:PutItem", "dynamodb:UpdateItem"},
        "FraudTopic": {"sns:Publish"},
        "TrustTopic": {"sns:Publish"},
        "IdentityTopic": {"sns:Publish"},
        "LinkSecret": {"secretsmanager:GetSecretValue"},
    },
    "CorrelateFunction": {"CorrelateQueue": TAKE, "CaseTable": {"dynamodb:BatchGetItem", "dynamodb:PutItem"}},
    "ChaseFunction": {"CaseTable/index/due": {"dynamodb:Query"}, "CaseTable": {"dynamodb:UpdateItem"}},
    "AcknowledgeFunction": {
        "CaseTable": {"dynamodb:BatchGetItem", "dynamodb:UpdateItem"},
        "LinkSecret": {"secretsmanager:GetSecretValue"},
    },
    "CommandFunction": {
        "CaseTable": {"dynamodb:Query", "dynamodb:BatchGetItem", "dynamodb:PutItem", "dynamodb:UpdateItem"},
    },
}

EVERYTHING_MEANT = {
    "OriginalsKey": "a key's policy is part of the key: its * is this key",
    "MailBucketPolicy": "denies everything that does not come over TLS",
    "TranscriptBucketPolicy": "denies everything that does not come over TLS",
    "UploadBucketPolicy": "denies everything that does not come over TLS",
}
"""Where a wildcard for actions or resources is meant, and why."""


def granted(function: str) -> dict[str, set[str]]:
    grants: dict[str, set[str]] = {}
    for statement in statements(function):
        for resource in listed(statement["Resource"]):
            grants.setdefault(target(resource), set()).update(listed(statement["Action"]))
    return grants


@pytest.mark.parametrize("name", sorted(FUNCTIONS))
def test_a_function_may_do_exactly_what_it_does(name: str) -> None:
    assert granted(name) == GRANTED[name]
    assert all(statement["Effect"] == "Allow" for statement in statements(name))


def test_the_stream_is_read_and_not_the_table_by_the_publisher() -> None:
    (reading,) = [each for each in statements("PublishFunction") if "dynamodb:GetRecords" in listed(each["Action"])]
    assert str(reading["Resource"]["Fn::GetAtt"]) in ("CaseTable.StreamArn", "['CaseTable', 'StreamArn']")


def test_only_the_publisher_may_put_events_and_only_in_our_name() -> None:
    putting = [(name, each) for name, each in documents() if any("PutEvents" in action for action in actions(each))]
    ((name, statement),) = putting
    assert name == "PublishFunction"
    assert target(statement["Resource"]) == "CaseBus"
    assert statement["Condition"] == {"StringEquals": {"events:source": "casework"}}


@pytest.mark.parametrize(("name", "statement"), [pytest.param(*each, id=each[0]) for each in documents()])
def test_no_policy_speaks_of_everything(name: str, statement: dict[str, Any]) -> None:
    if name in EVERYTHING_MEANT:
        return
    assert "*" not in listed(statement.get("Resource", []))  # a trust policy has none: its resource is the role
    assert not [action for action in actions(statement) if action.endswith("*")]


@pytest.mark.parametrize("name", sorted(EVERYTHING_MEANT))
def test_every_exception_is_still_needed(name: str) -> None:
    wildcards = [each for owner, each in documents() if owner == name and any(action.endswith("*") for action in actions(each))]
    assert wildcards
    denies = {each["Effect"] for each in wildcards} == {"Deny"}
    assert denies or name == "OriginalsKey"


@pytest.mark.parametrize("name", sorted(FUNCTIONS))
def test_a_function_has_no_managed_policy_beside_the_log_that_sam_adds(name: str) -> None:
    assert all(isinstance(policy, dict) and set(policy) == {"Version", "Statement"} for policy in FUNCTIONS[name]["Policies"])
    assert "Role" not in FUNCTIONS[name]
    assert not [each for each in FUNCTIONS[name].get("Events", {}).values() if each["Type"] in {"SQS", "DynamoDB"}], (
        "SAM would add a managed policy with a wildcard; the mapping is a resource of its own"
    )


def test_nobody_may_write_to_a_customer() -> None:
    """An answer to an address that nobody verified is a weapon; there is no answering machine to be aimed at anybody."""
    ways = ("ses:", "sesv2:", "pinpoint", "mobiletargeting:", "sms-voice:", "connect:", "chime:", "social-messaging:")
    assert not [(name, action) for name, each in documents() for action in actions(each) if action.startswith(ways)]
    telling = [each for name, each in documents() if name in FUNCTIONS and "sns:Publish" in actions(each)]
    assert {target(topic) for each in telling for topic in listed(each["Resource"])} == {
        "FraudTopic",
        "TrustTopic",
        "IdentityTopic",
    }


def test_services_act_only_for_this_account() -> None:
    for name, statement in documents():
        if "Service" in (statement.get("Principal") or {}) and statement["Principal"] != "*" and name != "EventLogPolicy":
            assert "aws:SourceArn" in str(statement["Condition"]), name


def test_commands_are_given_by_whoever_holds_the_policy_for_it_and_by_no_route() -> None:
    (statement,) = RESOURCES["CommandPolicy"]["Properties"]["PolicyDocument"]["Statement"]
    assert (statement["Effect"], statement["Action"]) == ("Allow", "lambda:InvokeFunction")
    assert target(statement["Resource"]) == "CommandFunction"
    assert "Events" not in FUNCTIONS["CommandFunction"]
    invoking = [name for name, each in documents() if "lambda:InvokeFunction" in actions(each)]
    assert invoking == ["CommandPolicy"]


def test_mail_is_stored_under_one_prefix_by_a_role_that_can_do_nothing_else() -> None:
    (policy,) = of_type("AWS::IAM::Role")["MailWriter"]["Policies"]
    grants = {target(each["Resource"]): set(listed(each["Action"])) for each in policy["PolicyDocument"]["Statement"]}
    assert grants == {"MailBucket/mail/*": {"s3:PutObject"}, "OriginalsKey": {"kms:Encrypt", "kms:GenerateDataKey"}}


def actions(statement: dict[str, Any]) -> list[str]:
    return [str(action) for action in listed(statement["Action"])]
