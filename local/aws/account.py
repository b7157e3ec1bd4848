"""A pretend AWS account: moto in this process, or in another one (``local.aws.server``). Nothing here can reach AWS.

An ``Account`` gives clients, and two liberties that AWS does not give: to look into a queue without taking from it, and to
let the time pass after which hidden messages are visible again.
"""

from __future__ import annotations

import json
import os
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Protocol
from unittest.mock import patch
from urllib.parse import quote, urlsplit

import boto3
import moto
from botocore.handlers import BUILTIN_HANDLERS
from botocore.loaders import Loader, create_loader
from moto.core.config import DefaultConfig
from moto.core.models import botocore_stubber

from local.aws import corrections

NUMBER = "123456789012"
"""The account's number, which is moto's."""

REGION = "ap-northeast-1"
"""Not moto's default, so that a region written down somewhere shows itself."""

CREDENTIALS = {"AWS_ACCESS_KEY_ID": "local", "AWS_SECRET_ACCESS_KEY": "local", "AWS_SESSION_TOKEN": "local"}

LIBERTIES = "/local/queues/"
"""Where ``local.aws.server`` offers the two liberties: GET looks, POST lets time pass."""

MOTO: DefaultConfig = {"lambda": {"use_docker": False}, "core": {"mock_credentials": False}}
"""moto's configuration. Without Docker, and with credentials that are set here."""


class RealAwsRefused(Exception):
    """Something was about to leave this machine."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A message that lies in a queue."""

    id: str
    body: str
    attributes: dict[str, str] = field(default_factory=dict)
    received: int = 0
    """How often somebody has taken it and not deleted it."""

    def json(self) -> Any:
        """Read the body as JSON."""
        return json.loads(self.body)


class Account(Protocol):
    """What the stack asks of a pretend account. Two exist: ``Embedded`` and ``Remote``."""

    endpoints: dict[str, str]
    """Environment variables through which boto3 finds services that are not in this process."""

    def client(self, service: str) -> Any:
        """Give a client with the platform's own rights: nothing it does is checked against a role."""

    def resource(self, service: str) -> Any:
        """Give a boto3 resource, likewise."""

    def waiting(self, queue: str) -> tuple[Waiting, ...]:
        """Look at the messages of a queue, by its name, oldest first; in flight or not."""

    def let_time_pass(self, queue: str) -> int:
        """Make hidden messages of a queue visible; gives their number."""


class _Clients:
    """Clients of the services, with credentials that open nothing."""

    def __init__(self, endpoints: dict[str, str]) -> None:
        self.endpoints = endpoints
        self._session = boto3.Session("local", "local", "local", region_name=REGION)
        self.client = cache(self._client)

    def resource(self, service: str) -> Any:
        """Give a boto3 resource with the platform's own rights."""
        return self._session.resource(service, endpoint_url=self._endpoint(service))  # type: ignore[call-overload]

    def _client(self, service: str) -> Any:
        return self._session.client(service, endpoint_url=self._endpoint(service))  # type: ignore[call-overload]

    def _endpoint(self, service: str) -> str | None:
        variable = {"dynamodbstreams": "DYNAMODB_STREAMS"}.get(service, service.upper())
        return self.endpoints.get(f"AWS_ENDPOINT_URL_{variable}") or self.endpoints.get("AWS_ENDPOINT_URL")


class Embedded(_Clients):
    """moto in this process."""

    def waiting(self, queue: str) -> tuple[Waiting, ...]:
        """Look at the messages of a queue."""
        return tuple(Waiting(**each) for each in corrections.waiting(NUMBER, REGION, queue))

    def let_time_pass(self, queue: str) -> int:
        """Make hidden messages of a queue visible."""
        return corrections.let_time_pass(NUMBER, REGION, queue)


class Remote(_Clients):
    """moto in the process that ``local.aws.server`` runs."""

    def __init__(self, endpoint: str, endpoints: dict[str, str] | None = None) -> None:
        super().__init__({"AWS_ENDPOINT_URL": endpoint, **(endpoints or {})})
        self._liberties = endpoint + LIBERTIES

    def waiting(self, queue: str) -> tuple[Waiting, ...]:
        """Look at the messages of a queue."""
        return tuple(Waiting(**each) for each in self._ask("GET", queue))

    def let_time_pass(self, queue: str) -> int:
        """Make hidden messages of a queue visible."""
        return int(self._ask("POST", queue))

    def _ask(self, method: str, queue: str) -> Any:
        request = urllib.request.Request(self._liberties + quote(queue), method=method)
        with urllib.request.urlopen(request) as answer:
            return json.load(answer)


@contextmanager
def embedded(endpoints: dict[str, str] | None = None) -> Iterator[Embedded]:
    """Give an empty account in this process, which is gone with all it held when left. One at a time: moto has one state."""
    if botocore_stubber.enabled:
        raise RuntimeError("moto is in use in this process already; leave the other stack, or mock_aws, first")
    with ExitStack() as stack:
        stack.enter_context(secluded(endpoints or {}))
        stack.enter_context(moto.mock_aws(config=MOTO))
        stack.enter_context(corrections.corrected())
        yield Embedded(endpoints or {})


@contextmanager
def remote(endpoint: str, endpoints: dict[str, str] | None = None) -> Iterator[Remote]:
    """Give the account another process holds at that endpoint."""
    account = Remote(endpoint, endpoints)
    with secluded(account.endpoints):
        yield account


@contextmanager
def secluded(endpoints: dict[str, str]) -> Iterator[None]:
    """Hide this machine's own AWS configuration, and refuse every request that is neither answered here nor for loopback."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    guard = ("before-send", _stay_here)
    with ExitStack() as stack:
        stack.enter_context(patch.dict(os.environ, kept | environment() | endpoints, clear=True))
        stack.enter_context(patch("boto3.DEFAULT_SESSION", None))
        stack.enter_context(patch("botocore.session.create_loader", _loader))
        BUILTIN_HANDLERS.append(guard)
        stack.callback(BUILTIN_HANDLERS.remove, guard)
        yield


@cache
def _loader(search_path: str | None = None) -> Loader:
    """Read the description of a service once for all sessions; it is most of what a client costs."""
    return create_loader(search_path)


def environment() -> dict[str, str]:
    """Give the environment in which boto3 finds this account and no other."""
    return {
        **CREDENTIALS,
        "AWS_REGION": REGION,
        "AWS_DEFAULT_REGION": REGION,
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
    }


def _stay_here(request: Any, **_: Any) -> None:
    """Let through what moto answers in this process (then all of AWS's addresses), and what goes to this machine."""
    host = urlsplit(request.url).hostname or ""
    answered = botocore_stubber.enabled and host.endswith(".amazonaws.com")
    if not answered and host not in {"127.0.0.1", "localhost", "::1"}:
        raise RealAwsRefused(f"a request to {host} was about to leave this machine")
