"""The case table on an engine, as template.yaml describes it: moto in this process, or DynamoDB Local."""

from __future__ import annotations

import atexit
import functools
import itertools
import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import boto3
import pytest
from moto import mock_aws
from samcli.yamlhelper import yaml_parse

from local.aws.dynamodb_local import DynamoDBLocal, available

ENGINES = ("moto", "dynamodb-local")
TEMPLATE = Path(__file__).parents[1] / "template.yaml"
REQUIRED = "CASEWORK_REQUIRE_DYNAMODB_LOCAL"
"""Set where a skipped test would prove nothing."""
CREDENTIALS: dict[str, Any] = {"region_name": "eu-west-1", "aws_access_key_id": "local", "aws_secret_access_key": "local"}

_numbers = itertools.count()


@contextmanager
def a_table(engine: str) -> Iterator[tuple[Any, str]]:
    """A client, and the name of an empty table that is the caller's alone."""
    if engine == "moto":
        with mock_aws():
            yield _created(boto3.client("dynamodb", **CREDENTIALS))
    else:
        yield _created(boto3.client("dynamodb", endpoint_url=dynamodb_local(), **CREDENTIALS))


@functools.cache
def dynamodb_local() -> str:
    """The endpoint of one DynamoDB Local for all tests; it ends with them. Skips where there can be none."""
    reason = available()
    if reason and not os.environ.get(REQUIRED):
        pytest.skip(reason)
    running = ExitStack()
    atexit.register(running.close)
    return running.enter_context(DynamoDBLocal.start()).endpoint


def _created(client: Any) -> tuple[Any, str]:
    name = f"cases-{next(_numbers)}"
    described = yaml_parse(TEMPLATE.read_text(encoding="utf-8"))["Resources"]["CaseTable"]["Properties"]
    wanted = ("AttributeDefinitions", "KeySchema", "GlobalSecondaryIndexes", "BillingMode")
    client.create_table(TableName=name, **{key: described[key] for key in wanted})
    return client, name
