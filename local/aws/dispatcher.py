"""Runs the functions of a deployment: the part of AWS that moto does not play.

Everything it does is read from the deployment: event source mappings, rules, schedules, routes, and the policies that allow
them. It is a pump, not a server: ``pump`` works until nothing is left to do and then returns, in one thread, so that a test
that runs twice runs alike. Where AWS would wait (a visibility timeout, the pause before a retry), no time is spent: once there
is nothing else to do, the time is taken to have passed.

moto would invoke functions by itself when a message is sent or an item written. ``local.aws.corrections`` keeps it from that: a
mapping is deployed and listed, but its queue or table does not know it, and whoever wants to run it reads it here.

One dispatcher at a time per account: AWS has one poller per mapping, too.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import cached_property
from typing import Any

from local.aws.account import NUMBER, REGION, Account
from local.aws.actions import arn
from local.aws.corrections import INVOCATIONS, LOST
from local.aws.deployment import Deployment
from local.aws.function import Function, Invocation, OnLine
from local.aws.http_api import Headers, HttpApi, HttpRequest, HttpResponse, Query, Route, failed
from local.aws.permissions import Permissions
from local.aws.queues import QueueSource
from local.aws.schedules import Schedule, deployed, require_invocable
from local.aws.sign_in import Authorizer
from local.aws.streams import StreamSource

PATIENCE = 1000
"""How often ``pump`` takes time to have passed before it leaves the rest: a mapping may be told to retry forever."""

ASYNCHRONOUS_RETRIES = 2
"""How often Lambda retries an asynchronous invocation unless told otherwise."""

Json = dict[str, Any]


class EventsLost(Exception):
    """Events of the bus that no target took and no dead-letter queue would hold. On AWS they would be gone without a word."""


class Dispatcher:
    """Polls, invokes and answers for one deployment. ``permissions`` must be enforced while it is used."""

    def __init__(self, deployment: Deployment, permissions: Permissions, on_line: OnLine) -> None:
        self.invocations: list[Invocation] = []
        self.functions: dict[str, Function] = {}
        self.keys: dict[str, Json] = {}
        """JSON Web Key Sets by issuer: what the API's authorizers would fetch."""
        self._deployment = deployment
        self._account = deployment.account
        self._permissions = permissions
        for definition, role in deployment.functions():
            self.functions[definition.name] = Function(definition, self._account.endpoints, on_line)
            permissions.add(definition.name, role)
        self._once: set[tuple[str, str, str]] = set()

    # --- what drives it -----------------------------------------------------------------------------------------------

    def pump(self, *, retry: bool = True) -> int:
        """Work until nothing is left. Gives the number of invocations. Raises ``EventsLost`` if an event had nowhere to go.

        What failed is tried again until it succeeds or its mapping gives up; with ``retry=False`` it is left where it is:
        messages in flight, records before their checkpoint.
        """
        before = len(self.invocations)
        self._until_idle()
        for _ in range(PATIENCE if retry else 0):
            if not self.let_time_pass():
                break
            self._until_idle()
        self._refuse_losses()
        return len(self.invocations) - before

    def let_time_pass(self) -> bool:
        """End every wait: visibility timeouts and pauses before retries. Gives whether anything had been waiting."""
        passed = [source.let_time_pass() for source in self._sources]
        return any(passed)

    def tick(self, now: datetime) -> list[Invocation]:
        """Invoke, once each, what the deployed schedules invoke, at that moment (aware). What fails is retried by ``pump``."""
        before = len(self.invocations)
        for schedule in self._schedules:
            self._asynchronous.send(schedule.function, schedule.event(now))
        while self._asynchronous.poll():
            pass
        return self.invocations[before:]

    def request(self, method: str, path: str, headers: Headers, body: bytes | str, query: Query) -> HttpResponse:
        """Send a request to the deployed API. Raises ``NotPermitted`` if the API may not invoke the route's function."""
        request = HttpRequest.of(method, path, headers, body, query)
        refusal = self._api.refusal(request)
        return refusal or self._answer(request)

    def invoke(self, function: str, event: Any, trigger: str = "test") -> Invocation:
        """Invoke a function, by logical id, with any event."""
        self._open_log(function)
        with self._permissions.acting(function):
            invocation = self.functions[function].invoke(event, trigger)
        self.invocations.append(invocation)
        return invocation

    def _open_log(self, function: str) -> None:
        if not self.functions[function].is_cold:
            return
        group = arn("logs", f"log-group:{self.functions[function].definition.log_group}")
        self._permissions.if_granted(function, "logs:CreateLogGroup", group)
        for action in ("CreateLogStream", "PutLogEvents"):
            self._on_behalf(function, f"logs:{action}", f"{group}:log-stream:local")

    # --- polling ------------------------------------------------------------------------------------------------------

    def _until_idle(self) -> None:
        busy = True
        while busy:
            polled = [source.poll() for source in self._sources]
            busy = any(polled)

    @cached_property
    def _sources(self) -> Sequence[Any]:
        return [*self._queues(), *self._streams(), self._asynchronous]

    @cached_property
    def _asynchronous(self) -> _Asynchronous:
        return _Asynchronous(self._account, self._deployment, self.invoke, self._on_behalf)

    def _mappings(self, service: str) -> Iterator[Json]:
        for page in self._account.client("lambda").get_paginator("list_event_source_mappings").paginate():
            for mapping in page["EventSourceMappings"]:
                if mapping["State"] == "Enabled" and mapping["EventSourceArn"].split(":")[2] == service:
                    yield mapping

    def _queues(self) -> Iterator[QueueSource]:
        for mapping in self._mappings("sqs"):
            function = self._deployment.function_named(mapping["FunctionArn"])
            yield QueueSource(self._account, mapping, self._invoker(function, "queue"), self._behalf(function))

    def _streams(self) -> Iterator[StreamSource]:
        for mapping in self._mappings("dynamodb"):
            function = self._deployment.function_named(mapping["FunctionArn"])
            invoke = self._invoker(function, "stream")
            yield StreamSource(self._account, mapping, mapping["FunctionArn"], invoke, self._behalf(function))

    def _invoker(self, function: str, trigger: str) -> Callable[[Any], Invocation]:
        return lambda event: self.invoke(function, event, trigger)

    def _behalf(self, function: str) -> Callable[[str, str], None]:
        return lambda action, resource: self._on_behalf(function, action, resource)

    def _on_behalf(self, function: str, action: str, resource: str) -> None:
        """Enter what AWS does with a function's role; once is enough, for it does so all the time."""
        if (function, action, resource) not in self._once:
            self._permissions.on_behalf(function, action, resource)
            self._once.add((function, action, resource))

    def _refuse_losses(self) -> None:
        sqs = self._account.client("sqs")
        url = sqs.get_queue_url(QueueName=LOST)["QueueUrl"]
        lost = []
        while messages := sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages"):
            for message in messages:
                lost.append(json.loads(message["Body"])["why"])
                sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
        if lost:
            raise EventsLost("; ".join(sorted(set(lost))))

    # --- schedules and routes -------------------------------------------------------------------------------------------

    @cached_property
    def _schedules(self) -> tuple[Schedule, ...]:
        return deployed(self._account)

    @cached_property
    def _api(self) -> HttpApi:
        client = self._account.client("apigatewayv2")
        api = client.get_api(ApiId=next(iter(self._deployment.of_kind("AWS::ApiGatewayV2::Api").values())))
        targets = {each["IntegrationId"]: each for each in client.get_integrations(ApiId=api["ApiId"])["Items"]}
        routes = tuple(
            Route(route["RouteKey"], _function_behind(targets[route["Target"].split("/")[1]]), self._authorizer(api, route))
            for route in client.get_routes(ApiId=api["ApiId"])["Items"]
        )
        return HttpApi(api["ApiId"], REGION, NUMBER, routes, api.get("CorsConfiguration", {}), self.keys)

    def _authorizer(self, api: Any, route: Any) -> Authorizer | None:
        if not route.get("AuthorizerId"):
            return None
        client = self._account.client("apigatewayv2")
        wanted = client.get_authorizer(ApiId=api["ApiId"], AuthorizerId=route["AuthorizerId"])["JwtConfiguration"]
        return Authorizer(wanted["Issuer"], tuple(wanted["Audience"]))

    def _answer(self, request: HttpRequest) -> HttpResponse:
        found = self._api.find(request)
        assert found is not None, "the API refuses requests without a route"
        route, parameters = found
        require_invocable(self._account, route.function, "apigateway.amazonaws.com", self._api.source_arn(route))
        event = self._api.event(request, route, parameters, f"request-{len(self.invocations) + 1}")
        invocation = self.invoke(self._deployment.function_named(route.function), event, "http")
        return failed() if invocation.failure else self._api.response(request, invocation.response)


class _Asynchronous:
    """Lambda's queue of asynchronous invocations: schedules, and rules whose target is a function."""

    def __init__(self, account: Account, deployment: Deployment, invoke: Callable[..., Invocation], on_behalf: Any) -> None:
        self._account = account
        self._deployment = deployment
        self._invoke = invoke
        self._on_behalf = on_behalf
        self._sqs = account.client("sqs")
        self._url = self._sqs.get_queue_url(QueueName=INVOCATIONS)["QueueUrl"]

    def send(self, function: str, event: Any) -> None:
        """Have a function, by ARN, invoked with an event when next polled."""
        self._sqs.send_message(QueueUrl=self._url, MessageBody=json.dumps({"function": function, "event": event}))

    def poll(self) -> bool:
        """Run one invocation. Gives whether there was one."""
        found = self._sqs.receive_message(QueueUrl=self._url, MessageSystemAttributeNames=["ApproximateReceiveCount"])
        for message in found.get("Messages", []):
            self._run(message, json.loads(message["Body"]))
        return "Messages" in found

    def let_time_pass(self) -> bool:
        """Let failed invocations be retried. Gives whether there are any."""
        return self._account.let_time_pass(INVOCATIONS) > 0

    def _run(self, message: Json, wanted: Json) -> None:
        function = self._deployment.function_named(wanted["function"])
        invocation = self._invoke(function, wanted["event"], "asynchronous")
        config = self._config(wanted["function"])
        last = int(message["Attributes"]["ApproximateReceiveCount"]) > config.get("MaximumRetryAttempts", ASYNCHRONOUS_RETRIES)
        if invocation.failure and last:
            self._set_aside(function, wanted["event"], config)
        if not invocation.failure or last:
            self._sqs.delete_message(QueueUrl=self._url, ReceiptHandle=message["ReceiptHandle"])

    def _config(self, function: str) -> Json:
        client = self._account.client("lambda")
        try:
            return dict(client.get_function_event_invoke_config(FunctionName=function))
        except client.exceptions.ResourceNotFoundException:
            return {}

    def _set_aside(self, function: str, event: Any, config: Mapping[str, Any]) -> None:
        destination = config.get("DestinationConfig", {}).get("OnFailure", {}).get("Destination")
        if destination:
            self._on_behalf(function, "sqs:SendMessage", destination)
            url = self._sqs.get_queue_url(QueueName=destination.rsplit(":", 1)[-1])["QueueUrl"]
            body = {"requestPayload": event, "requestContext": {"condition": "RetriesExhausted"}}
            self._sqs.send_message(QueueUrl=url, MessageBody=json.dumps(body))


def _function_behind(integration: Json) -> str:
    """Give the ARN of the function in an integration's URI ``…/functions/<arn>/invocations``."""
    return str(integration["IntegrationUri"]).split("/functions/")[1].rsplit("/", 1)[0]
