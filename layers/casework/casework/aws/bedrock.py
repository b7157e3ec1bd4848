"""A second reader on Amazon Bedrock, by its Converse API: one tool that must be called, and three seconds to do it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError, ConnectTimeoutError, ReadTimeoutError

from casework.errors import NoSecondOpinion
from casework.second_reader import TOOL, Question

if TYPE_CHECKING:
    from mypy_boto3_bedrock_runtime import BedrockRuntimeClient

BUDGET = Config(connect_timeout=1, read_timeout=2, retries={"total_max_attempts": 1})
"""The customer's case waits for this answer: one attempt, and three seconds in all."""
MAX_TOKENS = 400


@dataclass(frozen=True, slots=True)
class Bedrock:
    """A model, by its id or the ARN of an inference profile."""

    client: BedrockRuntimeClient
    model: str

    def ask(self, question: Question) -> object:
        """Return the input of the one tool call. Raises ``NoSecondOpinion``."""
        try:
            reply = self.client.converse(**_request(self.model, question))
        except (ConnectTimeoutError, ReadTimeoutError) as error:
            raise NoSecondOpinion("too_late") from error
        except ClientError as error:
            raise NoSecondOpinion(f"refused_{error.response['Error']['Code']}") from error
        except (BotoCoreError, ValueError, TypeError, AttributeError) as error:
            # the last three: botocore walks whatever JSON came without looking at what it is
            raise NoSecondOpinion("unreachable") from error
        return _tool_input(reply)


def _request(model: str, question: Question) -> Any:
    specification = {
        "name": TOOL,
        "description": "File the message.",
        "inputSchema": {"json": question.answer},
        "strict": True,
    }
    return {
        "modelId": model,
        "system": [{"text": question.task}],
        "messages": [{"role": "user", "content": [{"text": question.data}]}],
        "inferenceConfig": {"maxTokens": MAX_TOKENS, "temperature": 0},
        "toolConfig": {"tools": [{"toolSpec": specification}], "toolChoice": {"tool": {"name": TOOL}}},
    }


def _tool_input(reply: Any) -> object:
    """Exactly one call of the tool; text around it is allowed, a second call is not."""
    content = ((reply.get("output") or {}).get("message") or {}).get("content") or []
    calls = [block["toolUse"] for block in content if "toolUse" in block]
    if len(calls) != 1 or calls[0].get("name") != TOOL:
        raise NoSecondOpinion("out_of_form")
    return calls[0].get("input")
