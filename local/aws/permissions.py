"""What each function does in AWS, held against what its role lets it do.

Every call a function makes is seen before botocore builds the request, recorded as the permissions it needs, and refused as
AWS would refuse it when the role of the deployed template does not grant them. What AWS itself does with a function's role
(take from its queue, read its stream, write its log) is entered by the dispatcher through ``on_behalf``. Therefore two
questions have an answer after a test: what was refused (``refused``), and what is granted but nobody used (``unused``).

Seen through: encryption. Reading an object, a message or a secret under a customer's KMS key needs ``kms:Decrypt`` of that
key too, writing needs ``kms:GenerateDataKey``; S3 hides a missing object from whoever may not list its bucket (403, not 404).
Not seen through: permission boundaries, service control policies, the key's own policy.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from botocore.exceptions import ClientError
from botocore.handlers import BUILTIN_HANDLERS

from local.aws.account import NUMBER, REGION, Account
from local.aws.actions import arn, needed
from local.aws.policies import Request, Statement, allows, matches, parse

_STATUS = {"s3": ("AccessDenied", 403), "sqs": ("AccessDenied", 403), "sns": ("AuthorizationError", 403)}
_OTHERS = ("AccessDeniedException", 400)
_DECRYPTING = {"s3:GetObject", "s3:GetObjectVersion", "sqs:ReceiveMessage", "secretsmanager:GetSecretValue"}
_ENCRYPTING = {"s3:PutObject", "sqs:SendMessage", "sns:Publish"}
_HIDDEN = {"NoSuchKey": "s3:ListBucket", "404": "s3:ListBucket", "NoSuchVersion": "s3:ListBucket"}
_OPEN_TO_ALL = {"sts:GetCallerIdentity"}


@dataclass(frozen=True, slots=True)
class Call:
    """One permission that was needed, by whom, and whether the role gave it."""

    function: str
    action: str
    resource: str
    conditions: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    allowed: bool = True
    on_behalf: bool = False
    """AWS did it with the function's role, not the function's code."""


@dataclass(frozen=True, slots=True, order=True)
class Grant:
    """One action on one resource that a role's policy gives, both possibly patterns."""

    function: str
    action: str
    resource: str
    sid: str = field(default="", compare=False)


class Permissions:
    """Records and enforces. One per stack; while a function runs, ``acting`` names it."""

    def __init__(self, account: Account) -> None:
        self.calls: list[Call] = []
        self._account = account
        self._roles: dict[str, tuple[Statement, ...]] = {}
        self._actor: str | None = None
        self._bucket = ""
        self._signers: dict[str, str] = {}
        self._hash_key = cache(self._find_hash_key)
        self._key_of = cache(self._find_key)

    def add(self, function: str, role: str) -> None:
        """Read a function's role, by the role's name, from the deployed account."""
        self._roles[function] = tuple(self._statements(role))

    @property
    def refused(self) -> list[Call]:
        """Calls outside the role, in order."""
        return [call for call in self.calls if not call.allowed]

    def unused(self) -> list[Grant]:
        """List what roles grant and nobody has used so far: the dispatcher's calls on a function's behalf are use."""
        return [grant for function in sorted(self._roles) for grant in self._grants(function) if not self._is_used(grant)]

    def on_behalf(self, function: str, action: str, resource: str) -> None:
        """Enter what AWS does with a function's role. Raises ``ClientError`` as the function's own call would."""
        self._require(function, Request(action, resource), on_behalf=True)

    def if_granted(self, function: str, action: str, resource: str) -> None:
        """Enter what AWS does with a function's role only where the role lets it."""
        if allows(self._roles[function], Request(action, resource)):
            self.calls.append(Call(function, action, resource, on_behalf=True))

    @contextmanager
    def acting(self, function: str) -> Iterator[None]:
        """Attribute every call made meanwhile to this function."""
        before, self._actor = self._actor, function
        try:
            yield
        finally:
            self._actor = before

    @contextmanager
    def enforced(self) -> Iterator[None]:
        """See the calls of every client made while entered."""
        hooks = [("before-parameter-build", self._before), ("after-call.s3", self._after)]
        BUILTIN_HANDLERS.extend(hooks)
        try:
            yield
        finally:
            for hook in hooks:
                BUILTIN_HANDLERS.remove(hook)

    # --- seeing a call ------------------------------------------------------------------------------------------------

    def signer(self, bucket: str) -> str:
        """Give the function that last signed something for a bucket. Raises ``KeyError``."""
        return self._signers[bucket]

    def _before(self, params: Any, model: Any, context: Any = None, **_: Any) -> None:
        if self._actor is None:
            return
        if (context or {}).get("is_presign_request"):  # asks nothing of AWS: who uses the signature acts with this role
            self._signers[params["Bucket"]] = self._actor
            return
        function, service = self._actor, model.service_model.service_name
        self._bucket = params.get("Bucket", "")
        with self._own_calls():
            for request in needed(service, model.name, params, self._hash_key):
                self._require(function, request, on_behalf=False)

    @contextmanager
    def _own_calls(self) -> Iterator[None]:
        """Look things up without being seen."""
        before, self._actor = self._actor, None
        try:
            yield
        finally:
            self._actor = before

    def _require(self, function: str, request: Request, *, on_behalf: bool) -> None:
        for each in (request, *self._encryption(request)):
            allowed = each.action in _OPEN_TO_ALL or allows(self._roles[function], each)
            self.calls.append(Call(function, each.action, each.resource, each.conditions, allowed, on_behalf))
            if not allowed:
                raise _denied(function, each)

    def _after(self, http_response: Any, parsed: Any, model: Any, **_: Any) -> None:
        """Hide a missing object from a role that may not list its bucket."""
        code = parsed.get("Error", {}).get("Code", "")
        if self._actor is None or code not in _HIDDEN or model.name not in {"GetObject", "HeadObject"}:
            return
        request = Request(_HIDDEN[code], f"arn:aws:s3:::{self._bucket}")
        allowed = allows(self._roles[self._actor], request)
        self.calls.append(Call(self._actor, request.action, request.resource, allowed=allowed))
        if not allowed:
            parsed["Error"] = {"Code": "AccessDenied", "Message": "Access Denied"}
            parsed["ResponseMetadata"]["HTTPStatusCode"] = http_response.status_code = 403

    # --- encryption ---------------------------------------------------------------------------------------------------

    def _encryption(self, request: Request) -> Iterator[Request]:
        wanted = "Decrypt" if request.action in _DECRYPTING else "GenerateDataKey" if request.action in _ENCRYPTING else None
        key = self._key_of(request.resource) if wanted else None
        if key:
            service = request.action.split(":")[0]
            yield Request(f"kms:{wanted}", key, {"kms:ViaService": (f"{service}.{REGION}.amazonaws.com",)})

    def _find_key(self, resource: str) -> str | None:
        """Find the customer's key a resource is encrypted with. AWS's own keys need no permission of the caller."""
        service, name = resource.split(":")[2], resource.split(":", 5)[5]
        look_up = {"s3": self._key_of_bucket, "sqs": self._key_of_queue, "sns": self._key_of_topic}
        try:
            key = look_up.get(service, self._key_of_secret)(name, resource)
        except ClientError:
            return None  # not encrypted, or not there: then the call itself will say so
        if not key or key.startswith("alias/aws/"):
            return None
        return key if key.startswith("arn:") else arn("kms", f"key/{key}")

    def _key_of_bucket(self, name: str, _: str) -> str:
        found = self._account.client("s3").get_bucket_encryption(Bucket=name.split("/")[0])
        rule = found["ServerSideEncryptionConfiguration"]["Rules"][0]["ApplyServerSideEncryptionByDefault"]
        return str(rule.get("KMSMasterKeyID", ""))

    def _key_of_queue(self, name: str, _: str) -> str:
        sqs = self._account.client("sqs")
        url = sqs.get_queue_url(QueueName=name)["QueueUrl"]
        return str(sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"].get("KmsMasterKeyId", ""))

    def _key_of_topic(self, _: str, topic: str) -> str:
        return str(self._account.client("sns").get_topic_attributes(TopicArn=topic)["Attributes"].get("KmsMasterKeyId", ""))

    def _key_of_secret(self, _: str, secret: str) -> str:
        return str(self._account.client("secretsmanager").describe_secret(SecretId=secret).get("KmsKeyId", ""))

    # --- the deployed account -----------------------------------------------------------------------------------------

    def _find_hash_key(self, table: str) -> str:
        schema = self._account.client("dynamodb").describe_table(TableName=table)["Table"]["KeySchema"]
        return str(next(key["AttributeName"] for key in schema if key["KeyType"] == "HASH"))

    def _statements(self, role: str) -> Iterator[Statement]:
        iam = self._account.client("iam")
        for name in iam.list_role_policies(RoleName=role)["PolicyNames"]:
            yield from parse(iam.get_role_policy(RoleName=role, PolicyName=name)["PolicyDocument"])
        for attached in iam.list_attached_role_policies(RoleName=role)["AttachedPolicies"]:
            policy = iam.get_policy(PolicyArn=attached["PolicyArn"])["Policy"]
            version = iam.get_policy_version(PolicyArn=policy["Arn"], VersionId=policy["DefaultVersionId"])
            yield from parse(version["PolicyVersion"]["Document"])

    def _grants(self, function: str) -> list[Grant]:
        return [
            Grant(function, action, resource, statement.sid)
            for statement in self._roles[function]
            if statement.allow
            for action in statement.actions
            for resource in statement.resources
        ]

    def _is_used(self, grant: Grant) -> bool:
        return any(
            call.function == grant.function
            and call.allowed
            and matches(grant.action.lower(), call.action.lower())
            and matches(grant.resource, call.resource)
            for call in self.calls
        )


def _denied(function: str, request: Request) -> ClientError:
    service, _, _ = request.action.partition(":")
    code, status = _STATUS.get(service, _OTHERS)
    who = f"arn:aws:sts::{NUMBER}:assumed-role/{function}"
    message = (
        f"User: {who} is not authorized to perform: {request.action} on resource: {request.resource}"
        f"{_circumstances(request)} because no identity-based policy allows the {request.action} action"
    )
    error = {"Error": {"Code": code, "Message": message}, "ResponseMetadata": {"HTTPStatusCode": status}}
    return ClientError(error, request.action.partition(":")[2])  # type: ignore[arg-type]


def _circumstances(request: Request) -> str:
    return f" with {json.dumps(dict(request.conditions))}" if request.conditions else ""
