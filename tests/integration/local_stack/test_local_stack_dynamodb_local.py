"""AWS's DynamoDB Local as the table's home: the same system, and the witness for races."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import boto3
import pytest
from botocore.exceptions import ClientError

from local.aws import dynamodb_local
from local.aws.dynamodb_local import DynamoDBLocal, DynamoDBLocalMissing
from local.aws.server import Server
from local.aws.stack import Stack
from local.aws.template import PROJECT

Start = Callable[..., Stack]

PARENT = """
import time
from local.aws.dynamodb_local import DynamoDBLocal

with DynamoDBLocal.start() as database:
    print(database.endpoint, flush=True)
    time.sleep(60)
"""


@pytest.fixture(scope="module", autouse=True)
def _installed() -> None:
    try:
        dynamodb_local.install()
    except DynamoDBLocalMissing as missing:
        pytest.skip(str(missing))


@pytest.fixture(scope="module")
def database() -> Iterator[DynamoDBLocal]:
    with DynamoDBLocal.start() as started:
        yield started


def client(database: DynamoDBLocal, service: str = "dynamodb") -> Any:
    session = boto3.Session("local", "local", region_name="ap-northeast-1")
    return session.client(service, endpoint_url=database.endpoint)  # type: ignore[call-overload]


def test_the_whole_way_runs_with_the_table_and_its_stream_elsewhere(start: Start) -> None:
    stack = start("dynamodb-local")

    stack.put_object("Bucket", "1", b"case 1")
    stack.pump()

    assert {item["kind"] for item in stack.items()} == {"case", "escalation"}
    assert [event["detail"]["case"] for event in stack.events()] == ["case 1"]
    assert [told.message for told in stack.notifications("Topic")] == ["case 1"]
    in_moto = boto3.client("dynamodb").scan(TableName=stack.deployment.identity("Table"))["Items"]
    assert in_moto == []


def test_the_deployed_table_has_its_indexes_and_its_stream(start: Start) -> None:
    stack = start("dynamodb-local")
    stack.put_object("Bucket", "1", b"case 1")
    stack.pump()

    by_kind = {"KeyConditionExpression": "kind = :k", "ExpressionAttributeValues": {":k": "escalation"}}
    found = stack.table().query(IndexName="kinds", **by_kind)["Items"]

    assert [item["pk"] for item in found] == ["case 1"]
    assert stack.table().stream_specification["StreamViewType"] == "NEW_AND_OLD_IMAGES"


def test_roles_are_held_there_too(small: Any, start: Start) -> None:
    small.properties("Door")["Policies"][0]["Statement"][-1]["Action"] = "dynamodb:UpdateItem"
    stack = start("dynamodb-local")

    stack.put_object("Bucket", "1", b"case 1")
    stack.pump(retry=False)

    assert [call.action for call in stack.refused] == ["dynamodb:PutItem"]


def test_a_killed_workers_account_may_keep_its_table_there(small: Any) -> None:
    with Server.start(backend="dynamodb-local", template=small.template) as server:
        for number in range(2):
            with Stack.attach(server.endpoint, server.endpoints, template=small.template) as stack:
                stack.put_object("Bucket", str(number), f"case {number}".encode())
                stack.pump()
                assert len(stack.events()) == number + 1


def test_of_eight_who_race_for_one_claim_exactly_one_wins(database: DynamoDBLocal) -> None:
    dynamodb = client(database)
    key = {"AttributeName": "pk", "KeyType": "HASH"}
    attribute = {"AttributeName": "pk", "AttributeType": "S"}
    dynamodb.create_table(TableName="race", BillingMode="PAY_PER_REQUEST", KeySchema=[key], AttributeDefinitions=[attribute])

    def claim(number: int) -> bool:
        put = {"Item": {"pk": {"S": str(number // 8)}}, "ConditionExpression": "attribute_not_exists(pk)"}
        try:
            dynamodb.transact_write_items(TransactItems=[{"Put": {"TableName": "race", **put}}])
        except ClientError:
            return False
        return True

    with ThreadPoolExecutor(8) as racers:
        won = list(racers.map(claim, range(8 * 25)))

    assert [sum(won[start : start + 8]) for start in range(0, 200, 8)] == [1] * 25


def test_it_is_gone_when_its_parent_is_killed() -> None:
    command = [sys.executable, "-c", PARENT]
    environment = os.environ | {"PYTHONPATH": str(PROJECT)}
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        endpoint = parent.stdout.readline().strip()
        boto3.Session("local", "local").client("dynamodb", region_name="x", endpoint_url=endpoint).list_tables()
        parent.kill()

    deadline = time.monotonic() + 10
    while time.monotonic() < deadline and answers(endpoint):
        time.sleep(0.05)
    assert not answers(endpoint)


def answers(endpoint: str) -> bool:
    try:
        urlopen(endpoint, timeout=1).close()
    except OSError as error:
        return "refused" not in str(error)
    return True


def test_without_java_it_says_what_is_missing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))

    assert "Java" in str(dynamodb_local.available())
    with pytest.raises(DynamoDBLocalMissing, match="Java"), ExitStack() as stack:
        stack.enter_context(DynamoDBLocal.start())


def test_without_npm_it_says_so_unless_it_is_there_already(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "java").touch(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))

    assert dynamodb_local.available() is None
    monkeypatch.setattr(dynamodb_local, "FOLDER", tmp_path)
    assert "npm" in str(dynamodb_local.available())
