"""The pretend account in a process of its own, so that a worker can be killed and the account remains.

    with Server.start() as server:
        with Stack.attach(server.endpoint, server.endpoints) as stack: …        # here, or in any other process

It is the embedded account behind HTTP on loopback, one request at a time: moto answers what it would answer in this process,
so there is one behaviour and not two. (moto's own server is another: a Flask application, in threads, without our
corrections.) It also offers the two liberties of ``local.aws.account``.
"""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote

from botocore.awsrequest import AWSPreparedRequest
from botocore.compat import HTTPHeaders
from moto.core.models import botocore_stubber

from local.aws import account as accounts
from local.aws import corrections
from local.aws.account import LIBERTIES, NUMBER, REGION
from local.aws.companion import announce, companion, wait_for_parent
from local.aws.deployment import deploy
from local.aws.dynamodb_local import DynamoDBLocal
from local.aws.stack import TEMPLATE, Backend, tap, with_tables_elsewhere

_SCOPE = re.compile(r"Credential=[^/]+/\d+/(?P<region>[^/]+)/(?P<service>[^/]+)/aws4_request")
_PER_CONNECTION = {"connection", "content-length", "date", "server", "transfer-encoding"}

Answer = tuple[int, Mapping[str, str], bytes]


@dataclass(frozen=True, slots=True)
class Server:
    """An account with the system deployed to it, in another process."""

    endpoint: str
    endpoints: dict[str, str] = field(default_factory=dict)
    """Where tables are, if not there."""

    @classmethod
    @contextmanager
    def start(
        cls, parameters: Mapping[str, str] | None = None, backend: Backend = "moto", template: Path = TEMPLATE
    ) -> Iterator[Server]:
        """Start a server and deploy a template to it. It ends when left, or with this process."""
        with ExitStack() as stack:
            endpoints: dict[str, str] = {}
            if backend == "dynamodb-local":
                endpoints = stack.enter_context(DynamoDBLocal.start()).endpoints
            server = cls(stack.enter_context(companion("local.aws.server"))["endpoint"], endpoints)
            server._deploy(template, parameters or {})
            yield server

    def _deploy(self, template: Path, parameters: Mapping[str, str]) -> None:
        with accounts.remote(self.endpoint) as account:
            deployment = deploy(account, template, parameters)
            tap(deployment)
            if self.endpoints:
                with_tables_elsewhere(deployment, accounts.Remote(self.endpoint, self.endpoints))


class _Handler(BaseHTTPRequestHandler):
    """One request: to a service of the pretend account, or for a liberty."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    turn = threading.Lock()

    def _respond(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        with self.turn:
            status, headers, content = self._liberty() if self.path.startswith(LIBERTIES) else self._service(body)
        self.send_response(status)
        for name, value in headers.items():
            if name.lower() not in _PER_CONNECTION:
                self.send_header(name, str(value))
        is_head = self.command == "HEAD"
        self.send_header("Content-Length", str(_length(headers) if is_head else len(content)))
        self.end_headers()
        self.wfile.write(b"" if is_head else content)

    do_GET = do_PUT = do_POST = do_DELETE = do_HEAD = do_PATCH = _respond  # noqa: N815 - the base class wants these names

    def _service(self, body: bytes) -> Answer:
        headers = HTTPHeaders()
        for name, value in self.headers.items():
            headers[name] = value
        request = AWSPreparedRequest(self.command, self._address() + self.path, headers, body, stream_output=False)
        answer = botocore_stubber.process_request(request)
        assert answer is not None, "every address of AWS has an answer"
        status, found, content = answer
        return status, found, content.encode() if isinstance(content, str) else content

    def _address(self) -> str:
        """Find whom a request was for: it is signed for a region and a service, whatever its host."""
        scope = _SCOPE.search(self.headers.get("Authorization", ""))
        service, region = (scope["service"], scope["region"]) if scope else ("s3", REGION)
        if self.headers.get("X-Amz-Target", "").startswith("DynamoDBStreams"):
            service = "streams.dynamodb"
        return f"https://{service}.amazonaws.com" if service == "iam" else f"https://{service}.{region}.amazonaws.com"

    def _liberty(self) -> Answer:
        queue = unquote(self.path.removeprefix(LIBERTIES))
        taken = corrections.waiting if self.command == "GET" else corrections.let_time_pass
        return 200, {"Content-Type": "application/json"}, json.dumps(taken(NUMBER, REGION, queue)).encode()

    def log_message(self, *_: object) -> None:
        """Say nothing: standard error is for what went wrong."""


def _length(headers: Mapping[str, str]) -> int:
    return next((int(value) for name, value in headers.items() if name.lower() == "content-length"), 0)


def main() -> None:
    """Serve until the parent is gone."""
    with accounts.embedded(), ThreadingHTTPServer(("127.0.0.1", 0), _Handler) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        announce(endpoint=f"http://127.0.0.1:{server.server_port}")
        wait_for_parent()
        server.shutdown()


if __name__ == "__main__":
    main()
