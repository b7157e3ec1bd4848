"""A system of a few lines with every kind of wire in it, to try the local stack on; each test cuts or bends one."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest

from local.aws.stack import Backend, Stack

Json = dict[str, Any]

DOOR = """
    import json, os
    import boto3
    from aws_lambda_powertools import Logger

    log = Logger()
    s3 = boto3.client("s3")
    dynamodb = boto3.client("dynamodb")
    TABLE = os.environ["TABLE"]

    def handler(event, context):
        failures = []
        for record in event["Records"]:
            detail = json.loads(record["body"])["detail"]
            version = {"VersionId": detail["object"]["version-id"]}
            found = s3.get_object(Bucket=detail["bucket"]["name"], Key=detail["object"]["key"], **version)
            text = found["Body"].read().decode()
            if text == "broken":
                failures.append({"itemIdentifier": record["messageId"]})
                continue
            dynamodb.transact_write_items(TransactItems=[
                {"Put": {"TableName": TABLE, "Item": {"pk": {"S": text}, "sk": {"S": kind}, "kind": {"S": kind}}}}
                for kind in ("case", "escalation")
            ])
            log.info("message_received", key=detail["object"]["key"], metadata=found["Metadata"])
        return {"batchItemFailures": failures}
"""

PUBLISH = """
    import json, os
    import boto3

    events = boto3.client("events")

    def handler(event, context):
        for record in event["Records"]:
            image = record["dynamodb"]["NewImage"]
            detail = json.dumps({"case": image["pk"]["S"], "team": "fraud"})
            entry = {"Source": "small", "DetailType": "EscalationRaised", "Detail": detail, "EventBusName": os.environ["BUS"]}
            events.put_events(Entries=[entry])
        return {"batchItemFailures": []}
"""

NOTIFY = """
    import json, os
    import boto3

    sns = boto3.client("sns")

    def handler(event, context):
        for record in event["Records"]:
            detail = json.loads(record["body"])["detail"]
            sns.publish(TopicArn=os.environ["TOPIC"], Subject="Wanted", Message=detail["case"])
"""

CLOCK = """
    import os
    import boto3

    dynamodb = boto3.client("dynamodb")

    def handler(event, context):
        item = {"pk": {"S": event["time"]}, "sk": {"S": "tick"}, "kind": {"S": "tick"}}
        dynamodb.put_item(TableName=os.environ["TABLE"], Item=item)
"""

WEB = """
    import json

    def handler(event, context):
        return {"statusCode": 202, "headers": {"Content-Type": "application/json"}, "body": json.dumps(event)}
"""


def ref(name: str) -> Json:
    return {"Ref": name}


def arn(name: str, attribute: str = "Arn") -> Json:
    return {"Fn::GetAtt": [name, attribute]}


def function(name: str, *statements: Json, **properties: Any) -> Json:
    policy = {"Version": "2012-10-17", "Statement": list(statements)}
    return {
        "Type": "AWS::Serverless::Function",
        "Metadata": {"BuildProperties": {"ParentPackageMode": "auto"}},
        "Properties": {
            "Runtime": "python3.13",
            "CodeUri": f"functions/{name}",
            "Handler": f"functions.{name}.app.handler",
            "Layers": [ref("Layer")],
            "Policies": [policy] if statements else [],
            **properties,
        },
    }


def allow(action: str | list[str], resource: Any, **conditions: Any) -> Json:
    actions = [action] if isinstance(action, str) else list(action)
    return {"Effect": "Allow", "Action": actions, "Resource": resource} | ({"Condition": conditions} if conditions else {})


def queue_policy(queues: list[str], rule: str) -> Json:
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": "events.amazonaws.com"},
        "Action": "sqs:SendMessage",
        "Resource": [arn(queue) for queue in queues],
        "Condition": {"ArnEquals": {"aws:SourceArn": arn(rule)}},
    }
    document = {"Version": "2012-10-17", "Statement": [statement]}
    return {
        "Type": "AWS::SQS::QueuePolicy",
        "Properties": {"Queues": [ref(queue) for queue in queues], "PolicyDocument": document},
    }


def queue(dead_letters: str | None = None) -> Json:
    redrive = {"RedrivePolicy": {"deadLetterTargetArn": arn(dead_letters), "maxReceiveCount": 3}} if dead_letters else {}
    return {"Type": "AWS::SQS::Queue", "Properties": {"VisibilityTimeout": 180, **redrive}}


def mapping(function_name: str, source: Json, **properties: Any) -> Json:
    wanted = {"FunctionName": ref(function_name), "EventSourceArn": source, **properties}
    return {"Type": "AWS::Lambda::EventSourceMapping", "Properties": wanted}


PARTIAL = {"FunctionResponseTypes": ["ReportBatchItemFailures"]}
TAKE = ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"]
FOLLOW = ["dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator"]


def resources() -> Json:
    """What template.yaml is made of, once of each kind."""
    key_policy = {"Version": "2012-10-17", "Statement": []}
    encryption = {"ServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": arn("Key")}}
    return {
        "Layer": {"Type": "AWS::Serverless::LayerVersion", "Properties": {"ContentUri": "layers/domain"}},
        "Key": {"Type": "AWS::KMS::Key", "Properties": {"KeyPolicy": key_policy}},
        "Bucket": {
            "Type": "AWS::S3::Bucket",
            "Properties": {
                "BucketEncryption": {"ServerSideEncryptionConfiguration": [encryption]},
                "VersioningConfiguration": {"Status": "Enabled"},
                "NotificationConfiguration": {"EventBridgeConfiguration": {"EventBridgeEnabled": True}},
            },
        },
        "MailQueue": queue("DeadLetters"),
        "DeadLetters": queue(),
        "MailArrived": {
            "Type": "AWS::Events::Rule",
            "Properties": {
                "EventPattern": {
                    "source": ["aws.s3"],
                    "detail-type": ["Object Created"],
                    "detail": {"bucket": {"name": [ref("Bucket")]}},
                },
                "Targets": [{"Id": "queue", "Arn": arn("MailQueue")}],
            },
        },
        "MailQueuePolicy": queue_policy(["MailQueue"], "MailArrived"),
        "Door": function(
            "door",
            allow(TAKE, arn("MailQueue")),
            allow("s3:GetObjectVersion", {"Fn::Sub": "${Bucket.Arn}/*"}),
            allow("kms:Decrypt", arn("Key")),
            allow("dynamodb:PutItem", arn("Table")),
            Environment={"Variables": {"TABLE": ref("Table"), "POWERTOOLS_SERVICE_NAME": "door"}},
        ),
        "DoorIntake": mapping("Door", arn("MailQueue"), BatchSize=5, **PARTIAL),
        "Table": {
            "Type": "AWS::DynamoDB::Table",
            "Properties": {
                "BillingMode": "PAY_PER_REQUEST",
                "AttributeDefinitions": [{"AttributeName": name, "AttributeType": "S"} for name in ("pk", "sk", "kind")],
                "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
                "GlobalSecondaryIndexes": [
                    {
                        "IndexName": "kinds",
                        "KeySchema": [{"AttributeName": "kind", "KeyType": "HASH"}],
                        "Projection": {"ProjectionType": "ALL"},
                    }
                ],
                "StreamSpecification": {"StreamViewType": "NEW_AND_OLD_IMAGES"},
            },
        },
        "Bus": {"Type": "AWS::Events::EventBus", "Properties": {"Name": ref("AWS::StackName")}},
        "Publish": function(
            "publish",
            allow(FOLLOW, arn("Table", "StreamArn")),
            allow("events:PutEvents", arn("Bus"), StringEquals={"events:source": "small"}),
            allow("sqs:SendMessage", arn("Unpublished")),
            Environment={"Variables": {"BUS": arn("Bus", "Name")}},
        ),
        "PublishIntake": mapping(
            "Publish",
            arn("Table", "StreamArn"),
            StartingPosition="TRIM_HORIZON",
            BatchSize=10,
            FilterCriteria={"Filters": [{"Pattern": '{"dynamodb": {"NewImage": {"kind": {"S": ["escalation"]}}}}'}]},
            BisectBatchOnFunctionError=True,
            MaximumRetryAttempts=2,
            DestinationConfig={"OnFailure": {"Destination": arn("Unpublished")}},
            **PARTIAL,
        ),
        "Unpublished": queue(),
        "Escalated": {
            "Type": "AWS::Events::Rule",
            "Properties": {
                "EventBusName": arn("Bus", "Name"),
                "EventPattern": {"source": ["small"], "detail": {"team": ["fraud"]}},
                "Targets": [
                    {"Id": "team", "Arn": arn("TeamQueue"), "DeadLetterConfig": {"Arn": arn("TeamDeadLetters")}},
                    {"Id": "notify", "Arn": arn("NotifyQueue")},
                ],
            },
        },
        "TeamQueue": queue(),
        "TeamDeadLetters": queue(),
        "NotifyQueue": queue("DeadLetters"),
        "BusQueuePolicy": queue_policy(["TeamQueue", "TeamDeadLetters", "NotifyQueue"], "Escalated"),
        "Topic": {"Type": "AWS::SNS::Topic"},
        "Notify": function(
            "notify",
            allow(TAKE, arn("NotifyQueue")),
            allow("sns:Publish", ref("Topic")),
            Environment={"Variables": {"TOPIC": ref("Topic")}},
        ),
        "NotifyIntake": mapping("Notify", arn("NotifyQueue"), BatchSize=1),
        "Clock": function(
            "clock",
            allow("dynamodb:PutItem", arn("Table")),
            Environment={"Variables": {"TABLE": ref("Table")}},
            Events={"EveryMinute": {"Type": "Schedule", "Properties": {"Schedule": "rate(1 minute)"}}},
        ),
        "Api": {
            "Type": "AWS::Serverless::HttpApi",
            "Properties": {"CorsConfiguration": {"AllowOrigins": ["https://pages.example"], "AllowMethods": ["POST"]}},
        },
        "Web": function(
            "web",
            Events={
                "Post": {"Type": "HttpApi", "Properties": {"ApiId": ref("Api"), "Method": "POST", "Path": "/cases"}},
                "Get": {"Type": "HttpApi", "Properties": {"ApiId": ref("Api"), "Method": "GET", "Path": "/cases/{id}"}},
            },
        ),
    }


class Small:
    """The small system before it is deployed: change ``resources`` or a function's code, then ``start``."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.resources = resources()
        self.write("layers/domain/domain.py", "NAME = 'small'\n")
        for name, code in {"door": DOOR, "publish": PUBLISH, "notify": NOTIFY, "clock": CLOCK, "web": WEB}.items():
            self.code(name, code)

    def properties(self, name: str) -> Json:
        found: Json = self.resources[name]["Properties"]
        return found

    def code(self, function_name: str, text: str) -> None:
        self.write(f"functions/{function_name}/app.py", dedent(text))

    def write(self, path: str, text: str) -> None:
        (self.folder / path).parent.mkdir(parents=True, exist_ok=True)
        (self.folder / path).write_text(text, encoding="utf-8")

    @property
    def template(self) -> Path:
        source = {"Transform": "AWS::Serverless-2016-10-31", "Resources": self.resources}
        self.write("template.yaml", json.dumps(source))
        return self.folder / "template.yaml"


@pytest.fixture
def small(tmp_path: Path) -> Small:
    return Small(tmp_path)


@pytest.fixture
def start(small: Small) -> Iterator[Callable[..., Stack]]:
    """Deploy ``small`` as it is now."""
    with ExitStack() as stack:
        yield lambda backend="moto", **options: stack.enter_context(started(small, backend, **options))


def started(small: Small, backend: Backend, **options: Any) -> Any:
    return Stack.start(template=small.template, backend=backend, **options)
