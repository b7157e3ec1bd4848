"""Originals in the buckets: what EventBridge says of a stored object, and the object itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError

from casework.aws.queue import described
from casework.errors import NotOurEvent, OriginalUnavailable, UnreadableMessage
from casework.times import parse

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

MAX_BYTES = 45 * 1024 * 1024
"""Of an original: SES takes mails up to 40 MB into a bucket; what is larger is not read into memory but looked at by people."""


@dataclass(frozen=True, slots=True)
class StoredObject:
    """An object that was created, as the notification names it."""

    bucket: str
    key: str
    version: str
    size: int
    created_at: datetime

    @property
    def locator(self) -> str:
        """Where the original lies."""
        suffix = f"?versionId={self.version}" if self.version else ""
        return f"s3://{self.bucket}/{self.key}{suffix}"


@dataclass(frozen=True, slots=True)
class Original:
    """What was stored: the bytes, and what the writer noted beside them."""

    content: bytes
    metadata: Mapping[str, str]


def created_object(event: Any) -> StoredObject:
    """The object of an EventBridge ``Object Created`` event. Raises ``NotOurEvent`` for anything else."""
    try:
        if event["source"] != "aws.s3" or event["detail-type"] != "Object Created":
            raise NotOurEvent(f"expected S3's Object Created, got {event['detail-type']!r} from {event['source']!r}")
        detail = event["detail"]
        return StoredObject(
            bucket=str(detail["bucket"]["name"]),
            key=str(detail["object"]["key"]),
            version=str(detail["object"].get("version-id", "")),
            size=int(detail["object"].get("size", 0)),
            created_at=parse(event["time"]),
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise NotOurEvent(f"expected an EventBridge event of S3's, Object Created; {described(event)}") from error


class Originals:
    """Reads what the channels have stored."""

    def __init__(self, client: S3Client) -> None:
        self._client = client

    def fetch(self, stored: StoredObject) -> Original:
        """The original's bytes. Raises ``UnreadableMessage`` when it is too large or gone, else ``OriginalUnavailable``."""
        if stored.size > MAX_BYTES:
            raise UnreadableMessage("too_large", f"{stored.size} bytes")
        version = {"VersionId": stored.version} if stored.version else {}
        try:
            answer = self._client.get_object(Bucket=stored.bucket, Key=stored.key, **version)  # type: ignore[arg-type]
            return Original(answer["Body"].read(), answer.get("Metadata", {}))
        except ClientError as error:
            if error.response["Error"]["Code"] in {"NoSuchKey", "NoSuchVersion", "404"}:
                raise UnreadableMessage("original_missing", stored.locator) from error
            raise OriginalUnavailable(f"{stored.locator}: {error.response['Error']['Code']}") from error
        except BotoCoreError as error:
            raise OriginalUnavailable(f"{stored.locator}: {error}") from error
