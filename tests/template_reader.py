"""template.yaml as the contract tests look at it: as written, before SAM translates it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from samtranslator.yaml_helper import yaml_parse

ROOT = Path(__file__).parents[1]
TEMPLATE: dict[str, Any] = yaml_parse((ROOT / "template.yaml").read_text(encoding="utf-8"))
RESOURCES: dict[str, dict[str, Any]] = TEMPLATE["Resources"]


def of_type(*kinds: str) -> dict[str, dict[str, Any]]:
    """The properties of every resource of these types, by logical id."""
    return {name: each.get("Properties", {}) for name, each in RESOURCES.items() if each["Type"] in kinds}


FUNCTIONS = of_type("AWS::Serverless::Function")
RULES = of_type("AWS::Events::Rule")
QUEUES = of_type("AWS::SQS::Queue")
MAPPINGS = of_type("AWS::Lambda::EventSourceMapping")
BUCKETS = of_type("AWS::S3::Bucket")
LOG_GROUPS = of_type("AWS::Logs::LogGroup")
DEAD_LETTERS = sorted(name for name in QUEUES if name.endswith("DeadLetters"))


def setting(function: str, name: str) -> Any:
    """A property of a function, its own or everybody's."""
    return FUNCTIONS[function].get(name, TEMPLATE["Globals"]["Function"].get(name))


def variables(function: str) -> dict[str, Any]:
    """The environment of a function."""
    everybodys = TEMPLATE["Globals"]["Function"]["Environment"]["Variables"]
    return {**everybodys, **FUNCTIONS[function]["Environment"]["Variables"]}


def statements(function: str) -> list[dict[str, Any]]:
    """What a function's own policies say."""
    return [statement for policy in FUNCTIONS[function]["Policies"] for statement in policy["Statement"]]


def listed(value: Any) -> list[Any]:
    """IAM's "one or many"."""
    return value if isinstance(value, list) else [value]


def target(reference: Any) -> str:
    """The logical id that a ``Ref``, ``Fn::GetAtt`` or one-variable ``Fn::Sub`` points to, with what it appends."""
    if "Ref" in reference:
        return str(reference["Ref"])
    if "Fn::GetAtt" in reference:
        got = reference["Fn::GetAtt"]
        return (got if isinstance(got, str) else str(got[0])).partition(".")[0]
    return str(reference["Fn::Sub"]).replace("${", "").replace(".Arn}", "").replace("}", "")


def mapped_to(function: str) -> dict[str, Any] | None:
    """The event source mapping of a function, if it has one."""
    return next((each for each in MAPPINGS.values() if target(each["FunctionName"]) == function), None)


def documents() -> Iterator[tuple[str, dict[str, Any]]]:
    """Every statement of every policy in the template, with the resource it belongs to."""
    for name, resource in RESOURCES.items():
        for document in _documents(resource.get("Properties", {})):
            yield from ((name, statement) for statement in document["Statement"])


def _documents(node: Any) -> Iterator[dict[str, Any]]:
    if isinstance(node, str) and node.lstrip().startswith('{"Version"'):
        node = json.loads(node)
    if isinstance(node, Mapping):
        if "Statement" in node:
            yield dict(node)
        else:
            for value in node.values():
                yield from _documents(value)
    elif isinstance(node, list):
        for value in node:
            yield from _documents(value)
