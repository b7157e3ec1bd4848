"""template.yaml as CloudFormation would get it, with folders of this machine where the artefacts would be.

AWS's own translator (``samtranslator``, part of the SAM CLI) does the work, so what SAM generates (roles, permissions, the
API's definition) is on the laptop what it is in an account. The one list of what is not deployed is ``LEFT_OUT``.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch

from samtranslator.model.exceptions import InvalidDocumentException
from samtranslator.translator.transform import transform
from samtranslator.yaml_helper import yaml_parse

PROJECT = Path(__file__).resolve().parents[2]

ARTEFACTS = "artefacts.local"
"""The bucket that artefacts seem to come from. An artefact's key is its folder, relative to the template."""

LEFT_OUT = {
    "AWS::ApiGatewayV2::Stage": "nothing throttles or writes access logs here; the API has the one stage $default",
    "AWS::CloudWatch::Alarm": "nothing here counts CloudWatch metrics, so nothing could set off an alarm",
    "AWS::CloudWatch::CompositeAlarm": "see AWS::CloudWatch::Alarm",
    "AWS::CloudWatch::Dashboard": "see AWS::CloudWatch::Alarm",
    "AWS::Logs::MetricFilter": "see AWS::CloudWatch::Alarm",
    "AWS::S3::BucketPolicy": "speaks of TLS and SES, and neither reaches this machine",
    "AWS::SES::ReceiptRule": "no mail is received here; local.filing writes what SES would write",
    "AWS::SES::ReceiptRuleSet": "see AWS::SES::ReceiptRule",
}
"""Every type of resource that is not deployed on a laptop, and why. A type neither here nor known is an error."""

_PATHS = {"AWS::Serverless::Function": "CodeUri", "AWS::Serverless::LayerVersion": "ContentUri"}
_CONTENTS = {"AWS::Lambda::Function": "Code", "AWS::Lambda::LayerVersion": "Content"}
_REFERENCES = ("Ref", "Fn::GetAtt", "Fn::Sub")

Json = dict[str, Any]


class UntranslatableTemplate(Exception):
    """SAM's translator refused the template. The message says what it said."""


@dataclass(frozen=True, slots=True)
class Translation:
    """A template as CloudFormation takes it."""

    root: Path
    """The template's own folder."""
    body: Json
    keys: Mapping[str, str]
    """The artefact of each function and layer, by logical id: its folder relative to ``root``."""
    left_out: Mapping[str, str]
    """What is not in ``body``: logical id -> type. ``LEFT_OUT`` says why."""

    @property
    def folders(self) -> dict[str, Path]:
        """Where the code of each function and layer lies, by logical id."""
        return {name: (self.root / key).resolve() for name, key in self.keys.items()}

    def resources(self, kind: str) -> dict[str, Json]:
        """Give the resources of one type by logical id."""
        return {name: resource for name, resource in self.body["Resources"].items() if resource["Type"] == kind}


def translate(path: Path, parameters: Mapping[str, str], region: str) -> Translation:
    """Translate a SAM template. Raises ``UntranslatableTemplate``; ``KeyError`` for a parameter the template does not have."""
    source = yaml_parse(path.read_text(encoding="utf-8"))
    values = _values(source.get("Parameters", {}), parameters)
    body, left_out = _without_what_is_left_out(_transformed(_with_artefacts(source), values, region))
    return Translation(path.parent.resolve(), body, _artefacts(body), left_out)


class _NoPolicies:
    """Stands where the translator would ask IAM for the names of all managed policies. It knows the usual ones itself."""

    def load(self) -> dict[str, str]:
        return {}


def _transformed(source: Json, values: Json, region: str) -> Json:
    # It would report its own metrics to CloudWatch, and complains at exit that nobody made it.
    logging.getLogger("samtranslator.metrics.metrics").setLevel(logging.ERROR)
    with patch.dict(os.environ, {"AWS_DEFAULT_REGION": region}):
        try:
            body: Json = transform(source, values, _NoPolicies())
        except InvalidDocumentException as error:
            raise UntranslatableTemplate("; ".join(str(cause.message) for cause in error.causes)) from error
    return body


def _values(declared: Json, given: Mapping[str, str]) -> Json:
    if unknown := set(given) - set(declared):
        raise KeyError(f"the template has no parameter {', '.join(sorted(unknown))}")
    return {name: _value(each, given.get(name, each.get("Default"))) for name, each in declared.items()}


def _value(declaration: Json, value: Any) -> Any:
    is_list = declaration["Type"] == "CommaDelimitedList" or declaration["Type"].startswith("List<")
    return [part.strip() for part in str(value).split(",")] if is_list and value is not None else value


def _with_artefacts(source: Json) -> Json:
    for resource in source["Resources"].values():
        name = _PATHS.get(resource["Type"])
        properties = resource.get("Properties", {})
        if name and isinstance(properties.get(name), str):
            properties[name] = {"Bucket": ARTEFACTS, "Key": properties[name].rstrip("/")}
    return source


def _artefacts(body: Json) -> dict[str, str]:
    contents = {
        name: resource.get("Properties", {}).get(_CONTENTS.get(resource["Type"], ""), {})
        for name, resource in body["Resources"].items()
    }
    return {name: content["S3Key"] for name, content in contents.items() if content.get("S3Bucket") == ARTEFACTS}


def _without_what_is_left_out(body: Json) -> tuple[Json, dict[str, str]]:
    left_out = {name: each["Type"] for name, each in body["Resources"].items() if each["Type"] in LEFT_OUT}
    resources = {name: _untied(each, left_out) for name, each in body["Resources"].items() if name not in left_out}
    outputs = {name: each for name, each in body.get("Outputs", {}).items() if not set(_references(each)) & set(left_out)}
    return body | {"Resources": resources, "Outputs": outputs}, left_out


def _untied(resource: Json, left_out: Mapping[str, str]) -> Json:
    """Take back only the order of creation: any other reference to what is left out is an error, and stays one."""
    after = resource.get("DependsOn", [])
    kept = [name for name in ([after] if isinstance(after, str) else after) if name not in left_out]
    rest = {key: value for key, value in resource.items() if key != "DependsOn"}
    return rest | {"DependsOn": kept} if kept else rest


def _references(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        for key, value in node.items():
            if key in _REFERENCES:
                yield from _names(value)
            yield from _references(value)
    elif isinstance(node, list):
        for value in node:
            yield from _references(value)


def _names(value: Any) -> Iterator[str]:
    text = value[0] if isinstance(value, list) else value
    if "${" not in text:
        yield text.split(".")[0]
    for part in text.split("${")[1:]:
        yield part.split("}")[0].split(".")[0]
