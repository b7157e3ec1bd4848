"""The bucket that customers' files are uploaded to, straight from their browsers."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError

from casework.errors import OriginalUnavailable

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


class UploadBucket:
    """Offers a place for a file, and takes what was put there. Its client must sign with version 4: the bucket has a KMS key."""

    def __init__(self, client: S3Client, name: str) -> None:
        self._client = client
        self._name = name

    def offer(self, key: str, media_type: str, size: int, lifetime: timedelta) -> dict[str, Any]:
        """A presigned POST: for this key and type alone, for 1 to ``size`` bytes. Signing it asks nothing of AWS."""
        offered = self._client.generate_presigned_post(
            Bucket=self._name,
            Key=key,
            Fields={"Content-Type": media_type},
            Conditions=[{"Content-Type": media_type}, ["content-length-range", 1, size]],
            ExpiresIn=int(lifetime.total_seconds()),
        )
        return {"url": offered["url"], "fields": offered["fields"]}

    def take(self, key: str, limit: int) -> tuple[bytes, str] | None:
        """The content and its locator, with the version that was read; ``None`` when nothing of at most ``limit`` bytes is there.

        Raises ``OriginalUnavailable``.
        """
        try:
            answer = self._client.get_object(Bucket=self._name, Key=key)
            content = answer["Body"].read() if answer["ContentLength"] <= limit else None
        except ClientError as error:
            if error.response["Error"]["Code"] in {"NoSuchKey", "404"}:
                return None
            raise OriginalUnavailable(f"s3://{self._name}/{key}: {error.response['Error']['Code']}") from error
        except BotoCoreError as error:
            raise OriginalUnavailable(f"s3://{self._name}/{key}: {error}") from error
        return None if content is None else (content, f"s3://{self._name}/{key}?versionId={answer.get('VersionId', '')}")
