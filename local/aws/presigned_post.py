"""S3's POST Object: a browser puts a file where somebody else's signature lets it, under that somebody's conditions.

moto stores what it is posted and looks at no policy; nor could a browser on this machine reach its bucket. Here the
policy decides, as the S3 API Reference has it ("POST Object", "POST Policy", "Authenticating Requests:
Browser-Based Uploads Using POST").
"""

from __future__ import annotations

import base64
import email
import email.policy
import hashlib
import hmac
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

UNCONDITIONED = {"x-amz-signature", "policy", "file"}
"""Fields that need no condition; so do those that begin with ``x-ignore-``."""

NEARBY = "/local/uploads/"
"""Where a browser on this machine finds the buckets, on the server that answers for the API."""
_ADDRESS = re.compile(rb"https://([a-z0-9.-]+)\.s3\.[a-z0-9-]+\.amazonaws\.com/")


class PostRefused(Exception):
    """What S3 answers instead of taking the file."""

    def __init__(self, status: int, code: str, why: str) -> None:
        super().__init__(f"{code}: {why}")
        self.status = status
        self.code = code


@dataclass(frozen=True, slots=True)
class Post:
    """A form as a browser sends it: fields by their names in lower case, and the file."""

    bucket: str
    fields: Mapping[str, str]
    content: bytes

    def require_acceptable(self, secret: str, now: datetime) -> None:
        """Raises ``PostRefused`` unless the signature is by whoever has the secret and every condition holds."""
        fields = {"bucket": self.bucket, **self.fields}
        if not hmac.compare_digest(fields.get("x-amz-signature", ""), _signature(fields, secret)):
            raise PostRefused(403, "SignatureDoesNotMatch", "the policy was not signed with the key that is named")
        policy = json.loads(base64.b64decode(fields["policy"]))
        if datetime.fromisoformat(policy["expiration"]) <= now:
            raise PostRefused(403, "AccessDenied", "Invalid according to Policy: Policy expired.")
        covered = {self._met(condition, fields) for condition in policy["conditions"]}
        stray = {name for name in self.fields if not name.startswith("x-ignore-")} - covered - UNCONDITIONED
        if stray:
            raise PostRefused(403, "AccessDenied", f"Invalid according to Policy: Extra input fields: {', '.join(sorted(stray))}")

    def _met(self, condition: Any, fields: Mapping[str, str]) -> str:
        """Give the name of the field that a condition is about, or empty, if the condition holds."""
        if isinstance(condition, dict):
            ((name, wanted),) = condition.items()
            return _matched(name.lower(), fields, lambda value: value == wanted)
        kind, name, wanted = condition
        if kind == "content-length-range":
            self._require_size(int(name), int(wanted))
            return ""
        test = {"eq": wanted.__eq__, "starts-with": lambda value: value.startswith(wanted)}[kind]
        return _matched(name.removeprefix("$").lower(), fields, test)

    def _require_size(self, least: int, most: int) -> None:
        if len(self.content) < least:
            raise PostRefused(400, "EntityTooSmall", "Your proposed upload is smaller than the minimum allowed size")
        if len(self.content) > most:
            raise PostRefused(400, "EntityTooLarge", "Your proposed upload exceeds the maximum allowed size")


def brought_nearby(answer: bytes, host: str) -> bytes:
    """Let an answer of the API name the buckets as a browser on this machine can reach them; ``host`` is who it asked."""
    return _ADDRESS.sub(f"http://{host}{NEARBY}".encode() + rb"\1", answer)


def posted(path: str, content_type: str, body: bytes) -> Post:
    """Read what a browser posted to a bucket that was brought nearby: ``multipart/form-data``, the file last."""
    form = email.message_from_bytes(f"Content-Type: {content_type}\r\n\r\n".encode() + body, policy=email.policy.HTTP)
    parts = {str(part.get_param("name", header="content-disposition")).lower(): part for part in form.iter_parts()}
    read = {name: bytes(part.get_payload(decode=True)) for name, part in parts.items()}
    content = read.pop("file", b"")
    return Post(path.removeprefix(NEARBY).strip("/"), {name: value.decode() for name, value in read.items()}, content)


def _matched(name: str, fields: Mapping[str, str], test: Any) -> str:
    if not test(fields.get(name, "")):
        raise PostRefused(403, "AccessDenied", f"Invalid according to Policy: Policy Condition failed: {name}")
    return name


def _signature(fields: Mapping[str, str], secret: str) -> str:
    """Signature Version 4 of the policy as it was sent."""
    key = f"AWS4{secret}".encode()
    for part in fields.get("x-amz-credential", "").split("/")[1:]:
        key = hmac.new(key, part.encode(), hashlib.sha256).digest()
    return hmac.new(key, fields.get("policy", "").encode(), hashlib.sha256).hexdigest()
