"""The project's own template, on a laptop: all of it is deployed, or excused by name; and every function can start."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from local.aws.account import REGION
from local.aws.http_api import HttpApi, HttpRequest, Route
from local.aws.stack import Stack
from local.aws.template import LEFT_OUT, translate

Start = Callable[..., Stack]


def test_everything_the_template_asks_for_stands_there() -> None:
    with Stack.start() as stack:
        translation = stack.deployment.translation
        wanted = {name for name, each in translation.body["Resources"].items() if "Condition" not in each}
        deployed = {name for kind in kinds(translation.body) for name in stack.deployment.of_kind(kind)}

        assert wanted <= deployed
        assert set(translation.left_out.values()) <= set(LEFT_OUT)


def test_every_function_starts_with_what_the_template_gives_it() -> None:
    with Stack.start() as stack:
        for name, function in stack.dispatcher.functions.items():
            with stack.permissions.acting(name):
                function.warm_up()

        assert stack.refused == []


def kinds(body: dict[str, Any]) -> set[str]:
    return {each["Type"] for each in body["Resources"].values()}


def test_what_depends_on_something_left_out_is_deployed_without_it(small: Any) -> None:
    small.resources["Alarm"] = {"Type": "AWS::CloudWatch::Alarm", "Properties": {}}
    small.resources["Topic"]["DependsOn"] = ["Alarm", "Bucket"]

    translation = translate(small.template, {}, REGION)

    assert translation.left_out["Alarm"] == "AWS::CloudWatch::Alarm"
    assert translation.body["Resources"]["Topic"]["DependsOn"] == ["Bucket"]


def test_parameters_reach_the_deployed_functions() -> None:
    with Stack.start({"PublicUrl": "https://cases.example"}) as stack:
        variables = stack.dispatcher.functions["NotifyFunction"].definition.variables

        assert variables["PUBLIC_URL"] == "https://cases.example"


def test_two_stacks_at_once_are_refused_rather_than_mixed(start: Start) -> None:
    start()

    with pytest.raises(RuntimeError, match="in use"):
        start()


def test_a_functions_own_threads_do_not_write_its_log(small: Any, start: Start, capsys: pytest.CaptureFixture[str]) -> None:
    small.code(
        "web",
        """
        import threading

        def handler(event, context):
            thread = threading.Thread(target=print, args=("elsewhere",))
            thread.start()
            thread.join()
            print("here")
        """,
    )
    stack = start()

    stack.request("POST", "/cases")

    assert stack.invocations[0].output == ["here"]
    assert capsys.readouterr().out == "elsewhere\n"


def test_the_context_tells_a_handler_who_it_is_and_how_long_it_has(small: Any, start: Start) -> None:
    small.properties("Web")["Timeout"] = 7
    small.code(
        "web",
        """
        def handler(event, context):
            return [context.function_name, context.invoked_function_arn, context.memory_limit_in_mb,
                    context.get_remaining_time_in_millis(), context.aws_request_id]
        """,
    )
    stack = start()

    name, arn, memory, left, request = stack.request("POST", "/cases").json()

    assert arn.endswith(f":function:{name}")
    assert (memory, 6000 < left <= 7000, len(request)) == (128, True, 36)


# --- routes -----------------------------------------------------------------------------------------------------------

ROUTES = ("$default", "ANY /cases/{id}", "GET /cases/{id}", "GET /cases/open", "GET /{rest+}")


@pytest.mark.parametrize(
    ("method", "path", "key", "parameters"),
    [
        ("GET", "/cases/open", "GET /cases/open", {}),
        ("GET", "/cases/1", "GET /cases/{id}", {"id": "1"}),
        ("POST", "/cases/1", "ANY /cases/{id}", {"id": "1"}),
        ("GET", "/a/b", "GET /{rest+}", {"rest": "a/b"}),
        ("PUT", "/a/b", "$default", {}),
    ],
)
def test_of_several_routes_the_closest_answers(method: str, path: str, key: str, parameters: dict[str, str]) -> None:
    api = HttpApi("id", REGION, "1", tuple(Route(each, "arn") for each in ROUTES))

    found = api.find(HttpRequest(method, path))

    assert found is not None
    assert (found[0].key, found[1]) == (key, parameters)
