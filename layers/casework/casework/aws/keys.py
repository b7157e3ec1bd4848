"""Secret keys, from Secrets Manager, once for each cold start."""

from __future__ import annotations

from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from casework.errors import InvalidSettings, Unavailable

if TYPE_CHECKING:
    from mypy_boto3_secretsmanager import SecretsManagerClient

MIN_LENGTH = 32


def secret_key(client: SecretsManagerClient, secret: str) -> bytes:
    """The key kept under a secret's ARN. Raises ``Unavailable``, or ``InvalidSettings`` for a key too short to be one."""
    try:
        value = client.get_secret_value(SecretId=secret).get("SecretString", "")
    except (ClientError, BotoCoreError) as error:
        raise Unavailable("the secret key cannot be read") from error
    if len(value) < MIN_LENGTH:
        raise InvalidSettings(f"the secret behind {secret.rsplit(':', 1)[-1]} is shorter than {MIN_LENGTH} characters")
    return value.encode()
