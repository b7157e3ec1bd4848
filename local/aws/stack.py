"""The whole system on a laptop: template.yaml deployed to a pretend account, and functions that run.

    with Stack.start({"PublicUrl": "http://localhost:8000"}) as stack:
        stack.put_object("MailBucket", "mail/1", raw)
        stack.pump()
        stack.notifications("FraudTopic")

Resources go by the names template.yaml gives them. Nothing is wired here: what is missing from the template is missing on the
laptop. The only additions are taps, to see what leaves the system: a queue behind each topic and a rule on each bus. No Docker,
no account, no network; no clock either, but for the one that ``tick`` is told.

``Stack.start`` keeps the account in this process. ``Stack.attach`` works on the account of another (``local.aws.server``), so
that a worker can be killed and another can go on. With ``backend="dynamodb-local"`` the tables live in AWS's own DynamoDB Local.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType
from typing import Any, Literal

from local.aws import account as accounts
from local.aws.account import CREDENTIALS, Account, Waiting
from local.aws.deployment import Deployment, attach, deploy
from local.aws.dispatcher import Dispatcher
from local.aws.dynamodb_local import DynamoDBLocal
from local.aws.function import Invocation
from local.aws.http_api import Headers, HttpResponse, Query
from local.aws.permissions import Call, Grant, Permissions
from local.aws.presigned_post import NEARBY, Post, PostRefused, brought_nearby, posted
from local.aws.template import PROJECT

Backend = Literal["moto", "dynamodb-local"]
Json = dict[str, Any]

TEMPLATE = PROJECT / "template.yaml"
TAP = "local-tap-"
"""What the names of the extra queues begin with."""


@dataclass(frozen=True, slots=True)
class Notification:
    """What a topic told its subscribers."""

    subject: str
    message: str
    attributes: Mapping[str, str]


class Stack:
    """A running system. Made by ``start`` or ``attach``."""

    def __init__(self, deployment: Deployment, permissions: Permissions, on_log: Callable[[str, Json], None] | None) -> None:
        self.deployment = deployment
        self.account: Account = deployment.account
        self.permissions = permissions
        self.logs: list[tuple[str, Json]] = []
        """Every structured line logged, with the logical id of the function, in order."""
        self._on_log = on_log
        self.dispatcher = Dispatcher(deployment, permissions, self._logged)

    # --- starting -----------------------------------------------------------------------------------------------------

    @classmethod
    @contextmanager
    def start(
        cls,
        parameters: Mapping[str, str] | None = None,
        backend: Backend = "moto",
        template: Path = TEMPLATE,
        on_log: Callable[[str, Json], None] | None = None,
    ) -> Iterator[Stack]:
        """Deploy a template to an empty account in this process. All is gone when left.

        ``on_log`` is told of each structured log line as it is written: a function's logical id and the line.
        Code is imported from the folders the template names, relative to it.
        """
        with ExitStack() as stack:
            endpoints: dict[str, str] = {}
            if backend == "dynamodb-local":
                endpoints = stack.enter_context(DynamoDBLocal.start()).endpoints
            account = stack.enter_context(accounts.embedded())
            deployment = deploy(account, template, parameters or {})
            tap(deployment)
            if endpoints:
                deployment = with_tables_elsewhere(deployment, accounts.Embedded(endpoints))
            yield stack.enter_context(cls._running(deployment, on_log))

    @classmethod
    @contextmanager
    def attach(
        cls,
        endpoint: str,
        endpoints: dict[str, str] | None = None,
        template: Path = TEMPLATE,
        on_log: Callable[[str, Json], None] | None = None,
    ) -> Iterator[Stack]:
        """Work on what ``local.aws.server.Server`` holds at an endpoint. Leaving, or being killed, leaves everything as it is."""
        with accounts.remote(endpoint, endpoints) as account, cls._running(attach(account, template), on_log) as stack:
            yield stack

    @classmethod
    @contextmanager
    def _running(cls, deployment: Deployment, on_log: Callable[[str, Json], None] | None) -> Iterator[Stack]:
        permissions = Permissions(deployment.account)
        with permissions.enforced():
            yield cls(deployment, permissions, on_log)

    # --- driving ------------------------------------------------------------------------------------------------------

    def put_object(self, bucket: str, key: str, body: bytes, metadata: Mapping[str, str] | None = None) -> str:
        """Store an object, as the bucket's writer would. Gives its version id, if the bucket keeps versions."""
        name = self.deployment.identity(bucket)
        stored = self.account.client("s3").put_object(Bucket=name, Key=key, Body=body, Metadata=dict(metadata or {}))
        return str(stored.get("VersionId", ""))

    def send(self, queue: str, body: str) -> None:
        """Put a message in a queue, as whoever may would."""
        self.account.client("sqs").send_message(QueueUrl=self.deployment.identity(queue), MessageBody=body)

    def pump(self, *, retry: bool = True) -> int:
        """Work until nothing is left; see ``Dispatcher.pump``."""
        return self.dispatcher.pump(retry=retry)

    def let_time_pass(self) -> bool:
        """End every wait; see ``Dispatcher.let_time_pass``."""
        return self.dispatcher.let_time_pass()

    def tick(self, now: datetime) -> list[Invocation]:
        """Let the clock invoke what the deployed schedules invoke; see ``Dispatcher.tick``."""
        return self.dispatcher.tick(now)

    def request(
        self, method: str, path: str, headers: Headers | None = None, body: bytes | str = b"", query: Query = ""
    ) -> HttpResponse:
        """Send a request to the deployed API; see ``Dispatcher.request``. Pump to let its consequences happen.

        For who comes with a ``Host``, as browsers do, buckets are brought nearby: see ``local.aws.presigned_post``.
        """
        named = {name.lower(): value for name, value in (headers or {}).items()}
        if path.startswith(NEARBY):
            return self._post(posted(path, named.get("content-type", ""), body if isinstance(body, bytes) else body.encode()))
        answer = self.dispatcher.request(method, path, headers or {}, body, query)
        return replace(answer, body=brought_nearby(answer.body, named["host"])) if "host" in named else answer

    def trust(self, issuer: str, keys: Json) -> None:
        """Take tokens of an issuer that one of these public keys (a JSON Web Key Set) has signed."""
        self.dispatcher.keys[issuer] = keys

    def upload(self, url: str, fields: Mapping[str, str], content: bytes) -> HttpResponse:
        """Post a file to a bucket as a browser does, with a form that a function has signed; with that function's rights."""
        lower = {name.lower(): value for name, value in fields.items()}
        return self._post(Post(url.split("//")[1].split(".")[0], lower, content))

    def _post(self, post: Post) -> HttpResponse:
        key = post.fields.get("key", "")
        try:
            post.require_acceptable(CREDENTIALS["AWS_SECRET_ACCESS_KEY"], datetime.now(UTC))
            self.permissions.on_behalf(self.permissions.signer(post.bucket), "s3:PutObject", f"arn:aws:s3:::{post.bucket}/{key}")
        except PostRefused as refusal:
            return HttpResponse(refusal.status, {"content-type": "application/xml"}, f"<Code>{refusal.code}</Code>".encode())
        media_type = post.fields.get("content-type", "binary/octet-stream")
        self.account.client("s3").put_object(Bucket=post.bucket, Key=key, Body=post.content, ContentType=media_type)
        return HttpResponse(204, {}, b"")

    def module(self, function: str, name: str) -> ModuleType:
        """Give a function's own copy of a module, for a test to patch: functions share no module with the test."""
        with self.permissions.acting(function):
            return self.dispatcher.functions[function].module(name)

    # --- seeing -------------------------------------------------------------------------------------------------------

    def messages(self, queue: str) -> tuple[Waiting, ...]:
        """Look at what lies in a queue, oldest first, in flight or not, without taking it."""
        return self.account.waiting(self.deployment.queue_name(queue))

    def notifications(self, topic: str) -> tuple[Notification, ...]:
        """Give everything a topic was told so far, oldest first."""
        name = self.deployment.identity(topic).rsplit(":", 1)[-1]
        return tuple(_notification(waiting.json()) for waiting in self.account.waiting(TAP + name))

    def events(self, bus: str | None = None) -> tuple[Json, ...]:
        """Give everything that was put on the deployed bus so far, oldest first, as rules see it."""
        name = self.deployment.identity(bus) if bus else next(iter(self.deployment.of_kind("AWS::Events::EventBus").values()))
        return tuple(waiting.json() for waiting in self.account.waiting(TAP + name))

    def items(self, kind: str | None = None) -> list[Json]:
        """Read the whole table, all its items or those of one ``kind``, as plain Python values."""
        table = self.table()
        page = table.scan(ConsistentRead=True)
        found = list(page["Items"])
        while "LastEvaluatedKey" in page:
            page = table.scan(ConsistentRead=True, ExclusiveStartKey=page["LastEvaluatedKey"])
            found += page["Items"]
        return [item for item in found if kind is None or item.get("kind") == kind]

    def table(self, name: str | None = None) -> Any:
        """Give a table (the only one, or by logical id) as boto3's resource, with the platform's rights."""
        physical = self.deployment.identity(name or next(iter(self.deployment.of_kind("AWS::DynamoDB::Table"))))
        return self.account.resource("dynamodb").Table(physical)

    @property
    def calls(self) -> list[Call]:
        """Every permission functions needed, in order."""
        return self.permissions.calls

    @property
    def refused(self) -> list[Call]:
        """Calls that a role did not allow."""
        return self.permissions.refused

    def unused_permissions(self) -> list[Grant]:
        """List what roles grant and nobody has used so far."""
        return self.permissions.unused()

    @property
    def invocations(self) -> list[Invocation]:
        """Every invocation, in order."""
        return self.dispatcher.invocations

    @property
    def failures(self) -> list[Invocation]:
        """Invocations in which the handler raised."""
        return [invocation for invocation in self.invocations if invocation.failure]

    def _logged(self, function: str, line: Json) -> None:
        self.logs.append((function, line))
        if self._on_log:
            self._on_log(function, line)


def _notification(told: Json) -> Notification:
    attributes = {name: each["Value"] for name, each in told.get("MessageAttributes", {}).items()}
    return Notification(told.get("Subject", ""), told["Message"], attributes)


# --- taps -------------------------------------------------------------------------------------------------------------


def tap(deployment: Deployment) -> None:
    """Add a queue behind each topic and each bus, which nothing ever takes from."""
    for topic in deployment.of_kind("AWS::SNS::Topic").values():
        queue = _tap_queue(deployment.account, topic.rsplit(":", 1)[-1], "sns.amazonaws.com")
        deployment.account.client("sns").subscribe(TopicArn=topic, Protocol="sqs", Endpoint=queue)
    events = deployment.account.client("events")
    for bus in deployment.of_kind("AWS::Events::EventBus").values():
        queue = _tap_queue(deployment.account, bus, "events.amazonaws.com")
        events.put_rule(Name=TAP + bus, EventBusName=bus, EventPattern=json.dumps({"source": [{"prefix": ""}]}))
        events.put_targets(Rule=TAP + bus, EventBusName=bus, Targets=[{"Id": "tap", "Arn": queue}])


def _tap_queue(account: Account, name: str, service: str) -> str:
    sqs = account.client("sqs")
    url = sqs.create_queue(QueueName=TAP + name)["QueueUrl"]
    arn = str(sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"])
    statement = {"Effect": "Allow", "Principal": {"Service": service}, "Action": "sqs:SendMessage", "Resource": arn}
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": json.dumps({"Statement": [statement]})})
    return arn


# --- tables elsewhere ---------------------------------------------------------------------------------------------------


def with_tables_elsewhere(deployment: Deployment, elsewhere: Account) -> Deployment:
    """Make the deployed tables anew in another view of the account; those in moto stay empty and lend their ARNs."""
    for name in deployment.of_kind("AWS::DynamoDB::Table").values():
        table = deployment.account.client("dynamodb").describe_table(TableName=name)["Table"]
        elsewhere.client("dynamodb").create_table(**_definition(table))
    return Deployment(elsewhere, deployment.translation)


def _definition(table: Json) -> Json:
    wanted = ("TableName", "KeySchema", "AttributeDefinitions", "StreamSpecification")
    of_index = ("IndexName", "KeySchema", "Projection")
    indexes = [{name: index[name] for name in of_index} for index in table.get("GlobalSecondaryIndexes", [])]
    definition = {name: table[name] for name in wanted if name in table} | {"BillingMode": "PAY_PER_REQUEST"}
    return definition | ({"GlobalSecondaryIndexes": indexes} if indexes else {})
