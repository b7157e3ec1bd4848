"""The template, deployed to a pretend account; and what stands there afterwards, by the names the template gives it."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from local.aws import resources
from local.aws.account import REGION, Account
from local.aws.corrections import INVOCATIONS, LOST
from local.aws.function import Definition, physical_name
from local.aws.template import ARTEFACTS, PROJECT, Translation, translate

STACK = "casework"

Json = dict[str, Any]


class Undeployable(Exception):
    """The template has a resource that nothing here knows how to make, and that nothing excuses."""


class Deployment:
    """A deployed template. All it tells comes from the account, but for where code lies, which only the template knows."""

    def __init__(self, account: Account, translation: Translation) -> None:
        self.account = account
        self.translation = translation
        self._physical = {logical: (kind, identity) for logical, kind, identity in _resources(account)}

    def identity(self, logical: str) -> str:
        """Give what ``!Ref`` gives. Raises ``KeyError`` that lists what there is."""
        if logical not in self._physical:
            raise KeyError(f"{logical} is not deployed; there are: {', '.join(sorted(self._physical))}")
        return self._physical[logical][1]

    def queue_name(self, logical: str) -> str:
        """Give the name of a queue."""
        return self.identity(logical).rsplit("/", 1)[-1]

    def of_kind(self, kind: str) -> dict[str, str]:
        """Give the resources of one type: logical id -> what ``!Ref`` gives."""
        return {logical: identity for logical, (found, identity) in self._physical.items() if found == kind}

    def logical(self, kind: str, identity: str) -> str:
        """Find the logical id of a resource by what ``!Ref`` gives. Raises ``KeyError``."""
        for logical, found in self.of_kind(kind).items():
            if found == identity:
                return logical
        raise KeyError(f"no {kind} here is {identity}")

    def function_named(self, arn: str) -> str:
        """Find the logical id of a function by its ARN, with or without a version."""
        return self.logical("AWS::Lambda::Function", physical_name(arn))

    def outputs(self) -> dict[str, str]:
        """Give the stack's outputs."""
        stack = self.account.client("cloudformation").describe_stacks(StackName=STACK)["Stacks"][0]
        return {output["OutputKey"]: output["OutputValue"] for output in stack.get("Outputs", [])}

    def functions(self) -> Iterator[tuple[Definition, str]]:
        """Give each function as Lambda knows it, with the name of its role."""
        client = self.account.client("lambda")
        layers = {arn: logical for logical, arn in self.of_kind("AWS::Lambda::LayerVersion").items()}
        for logical, name in self.of_kind("AWS::Lambda::Function").items():
            found = client.get_function_configuration(FunctionName=name)
            names = [layers[layer["Arn"]] for layer in found.get("Layers", [])]
            yield self._definition(logical, found, names), found["Role"].rsplit("/", 1)[-1]

    def _definition(self, logical: str, found: Json, layers: list[str]) -> Definition:
        folders = self.translation.folders
        every_layer = [folders[name] for name in self.translation.resources("AWS::Lambda::LayerVersion")]
        return Definition(
            name=logical,
            arn=found["FunctionArn"].removesuffix(":$LATEST"),
            handler=found["Handler"],
            # moto keeps a parameter of type Number as a number; to Lambda every value is text
            variables={name: str(value) for name, value in found.get("Environment", {}).get("Variables", {}).items()},
            timeout=found["Timeout"],
            memory=found["MemorySize"],
            folder=folders[logical],
            package=_package(self.translation.body["Resources"][logical], found["Handler"]),
            layers=tuple(folders[name] for name in layers),
            log_group=self._log_group(logical, found["FunctionName"]),
            hidden=(PROJECT, self.translation.root, *every_layer),
        )

    def _log_group(self, logical: str, name: str) -> str:
        """Give the log group a function writes to; moto does not keep it."""
        wanted = self.translation.body["Resources"][logical]["Properties"].get("LoggingConfig", {}).get("LogGroup")
        return self.identity(wanted["Ref"]) if isinstance(wanted, dict) else wanted or f"/aws/lambda/{name}"


def _package(resource: Json, handler: str) -> str:
    mode = resource.get("Metadata", {}).get("BuildProperties", {}).get("ParentPackageMode")
    return handler.rsplit(".", 2)[0] if mode == "auto" else ""


def _resources(account: Account) -> Iterator[tuple[str, str, str]]:
    pages = account.client("cloudformation").get_paginator("list_stack_resources").paginate(StackName=STACK)
    for page in pages:
        for each in page["StackResourceSummaries"]:
            if not each["LogicalResourceId"]:
                continue  # moto lists what a condition left out, without a name
            yield each["LogicalResourceId"], each["ResourceType"], each["PhysicalResourceId"]


# --- deploying --------------------------------------------------------------------------------------------------------


def deploy(account: Account, template: Path, parameters: Mapping[str, str]) -> Deployment:
    """Translate and deploy a template. Raises ``Undeployable``, and what ``translate`` raises."""
    translation = translate(template, parameters, REGION)
    kinds = {resource["Type"] for resource in translation.body["Resources"].values()}
    if unknown := sorted(kind for kind in kinds if not resources.known(kind)):
        raise Undeployable(
            f"{', '.join(unknown)}: teach it to moto in local/aws/resources.py, or excuse it in local/aws/template.py LEFT_OUT"
        )
    _upload_placeholders(account, translation)
    for name in (INVOCATIONS, LOST):
        account.client("sqs").create_queue(QueueName=name)
    account.client("cloudformation").create_stack(
        StackName=STACK,
        TemplateBody=json.dumps(translation.body),
        Parameters=[{"ParameterKey": name, "ParameterValue": value} for name, value in parameters.items()],
        Capabilities=["CAPABILITY_IAM"],
    )
    return Deployment(account, translation)


def attach(account: Account, template: Path) -> Deployment:
    """See what was deployed to this account before, from the same template."""
    stack = account.client("cloudformation").describe_stacks(StackName=STACK)["Stacks"][0]
    parameters = {each["ParameterKey"]: each["ParameterValue"] for each in stack.get("Parameters", [])}
    return Deployment(account, translate(template, parameters, REGION))


def _upload_placeholders(account: Account, translation: Translation) -> None:
    """Put an artefact where CloudFormation looks for one. It is never run: functions run from their folders."""
    s3 = account.client("s3")
    s3.create_bucket(Bucket=ARTEFACTS, CreateBucketConfiguration={"LocationConstraint": REGION})
    placeholder = io.BytesIO()
    with zipfile.ZipFile(placeholder, "w") as archive:
        archive.writestr("README", "runs from the working tree")
    for key in translation.keys.values():
        s3.put_object(Bucket=ARTEFACTS, Key=key, Body=placeholder.getvalue())
