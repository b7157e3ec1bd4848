"""The teams' topics."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from casework.case import Team
from casework.errors import Unavailable

if TYPE_CHECKING:
    from mypy_boto3_sns import SNSClient

MAX_SUBJECT = 99
"""SNS takes no longer subject for e-mail, and no line breaks in it."""


class Topics:
    """One SNS topic for each team that may be interrupted."""

    def __init__(self, client: SNSClient, arns: Mapping[Team, str]) -> None:
        self._client = client
        self._arns = arns

    def send(self, team: Team, subject: str, text: str, attributes: Mapping[str, str]) -> None:
        """Hand a notification to the team's subscribers. Raises ``Unavailable`` when the topic did not take it."""
        line = " ".join(subject.split())[:MAX_SUBJECT]
        try:
            self._client.publish(
                TopicArn=self._arns[team],
                Subject=line,
                Message=text,
                MessageAttributes={key: {"DataType": "String", "StringValue": value} for key, value in attributes.items()},
            )
        except (ClientError, BotoCoreError) as error:
            raise Unavailable(f"the topic of team {team} did not take the notification") from error
