"""The second reader against an endpoint that speaks Converse's wire format, and against endpoints that misbehave."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar

import boto3
import pytest

from casework.aws.bedrock import BUDGET, Bedrock
from casework.errors import NoSecondOpinion
from casework.policy import load
from casework.second_reader import TOOL, question
from tests.builders import a_message

ANSWER = {"category": "romance_scam", "loss": "completed", "quote": "he said"}


def reply(*content: object) -> bytes:
    whole = {
        "output": {"message": {"role": "assistant", "content": list(content)}},
        "stopReason": "tool_use",
        "usage": {"inputTokens": 900, "outputTokens": 60, "totalTokens": 960},
        "metrics": {"latencyMs": 700},
    }
    return json.dumps(whole).encode()


def call(given: object, name: str = TOOL) -> object:
    return {"toolUse": {"toolUseId": "tooluse_1", "name": name, "input": given}}


class Converse(BaseHTTPRequestHandler):
    """Answers every request with what the test laid down."""

    status: ClassVar[int] = 200
    body: ClassVar[bytes] = b""
    error: ClassVar[str] = ""
    delay: ClassVar[float] = 0.0
    seen: ClassVar[list[tuple[str, Any]]] = []

    def do_POST(self) -> None:
        size = int(self.headers["Content-Length"])
        self.seen.append((self.path, json.loads(self.rfile.read(size))))
        time.sleep(self.delay)
        self.send_response(self.status)
        self.send_header("Content-Type", "application/json")
        if self.error:
            self.send_header("x-amzn-ErrorType", self.error)
        self.send_header("Content-Length", str(len(self.body)))
        self.end_headers()
        self.wfile.write(self.body)

    def log_message(self, *_args: object) -> None:
        """Say nothing."""


@contextmanager
def endpoint(**behaviour: object) -> Iterator[Bedrock]:
    handler = type("Behaving", (Converse,), {"seen": [], **behaviour})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        url = f"http://127.0.0.1:{server.server_address[1]}"
        client = boto3.client(
            "bedrock-runtime",
            endpoint_url=url,
            region_name="eu-central-1",
            aws_access_key_id="testing",
            aws_secret_access_key="testing",
            config=BUDGET,
        )
        reader = Bedrock(client, "a-model")
        Converse.seen = handler.seen  # type: ignore[attr-defined]
        yield reader
    finally:
        server.shutdown()
        server.server_close()


QUESTION = question(a_message(text="he said he loves me"), load())


def test_the_question_goes_out_as_converse_wants_it_and_the_answer_comes_back() -> None:
    with endpoint(body=reply({"text": "I will file this."}, call(ANSWER))) as reader:
        assert reader.ask(QUESTION) == ANSWER
        path, sent = Converse.seen[0]
    assert path == "/model/a-model/converse"
    assert sent["messages"] == [{"role": "user", "content": [{"text": QUESTION.data}]}]
    assert sent["toolConfig"]["toolChoice"] == {"tool": {"name": TOOL}}
    assert sent["toolConfig"]["tools"][0]["toolSpec"]["inputSchema"]["json"]["additionalProperties"] is False


@pytest.mark.parametrize(
    "content",
    [
        [],
        [{"text": "category: other"}],
        [call(ANSWER), call({"category": "other"})],
        [call(ANSWER, name="close_the_case")],
    ],
)
def test_anything_but_one_call_of_the_tool_is_no_answer(content: list[object]) -> None:
    with endpoint(body=reply(*content)) as reader, pytest.raises(NoSecondOpinion, match="out_of_form"):
        reader.ask(QUESTION)


@pytest.mark.parametrize(
    ("behaviour", "cause"),
    [
        ({"status": 429, "error": "ThrottlingException", "body": b'{"message":"slow down"}'}, "refused_ThrottlingException"),
        ({"status": 403, "error": "AccessDeniedException", "body": b'{"message":"no"}'}, "refused_AccessDeniedException"),
        ({"status": 500, "body": b"<html>oops</html>"}, "refused_500"),
        ({"body": b'{"output": {"message": {"role": "assi'}, "out_of_form"),
        ({"body": b"[]"}, "unreachable"),
        ({"body": b'{"output": null}'}, "out_of_form"),
        ({"delay": 3.0, "body": reply(call(ANSWER))}, "too_late"),
    ],
)
def test_an_endpoint_that_misbehaves_gives_no_second_opinion(behaviour: dict[str, object], cause: str) -> None:
    with endpoint(**behaviour) as reader, pytest.raises(NoSecondOpinion, match=cause):
        reader.ask(QUESTION)


def test_nobody_there_gives_no_second_opinion() -> None:
    with endpoint() as reader:
        pass
    with pytest.raises(NoSecondOpinion, match="unreachable"):
        reader.ask(QUESTION)
