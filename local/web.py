"""A web server on the loopback interface, where API Gateway would be: every request goes to the stack as it came."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import NamedTuple

LARGEST = 10 * 1024 * 1024
"""Bytes of a request that API Gateway takes."""
PATIENCE = 30.0
"""Seconds a client may take to send its request, so that a silent one holds no thread for ever."""


class Answer(NamedTuple):
    """What the client gets."""

    status: int
    headers: Mapping[str, str]
    body: bytes


Ask = Callable[[str, str, Mapping[str, str], bytes], Answer]
"""``(method, path with query, headers, body)``; may be called from several threads at once."""


class _Gateway(ThreadingHTTPServer):
    daemon_threads = True
    allow_reuse_address = True
    ask: Ask


class _Request(BaseHTTPRequestHandler):
    server: _Gateway
    server_version = "casework"
    sys_version = ""
    protocol_version = "HTTP/1.1"
    timeout = PATIENCE

    def _answer(self) -> None:
        size = self._size()
        if size is None:
            self._send(Answer(413, {"Connection": "close"}, b"The request is too large, or does not say how large it is.\n"))
            self.close_connection = True
            return
        self._send(self.server.ask(self.command, self.path, dict(self.headers.items()), self.rfile.read(size)))

    do_GET = do_POST = do_HEAD = do_OPTIONS = do_PUT = do_DELETE = do_PATCH = _answer  # noqa: N815 - http.server's names

    def _size(self) -> int | None:
        if "Transfer-Encoding" in self.headers:
            return None
        said = self.headers.get("Content-Length", "0")
        return int(said) if said.isascii() and said.isdigit() and int(said) <= LARGEST else None

    def _send(self, answer: Answer) -> None:
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            if name.lower() not in {"content-length", "date", "server"}:
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(answer.body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - http.server's name
        """Say nothing: what happens is shown by who runs the stack."""


class Web:
    """The running server."""

    def __init__(self, ask: Ask, host: str, port: int) -> None:
        """Start to listen; ``port`` 0 takes any free one. Raises ``OSError`` when the port is taken."""
        self._server = _Gateway((host, port), _Request)
        self._server.ask = ask
        self._thread = Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.1}, name="web", daemon=True)
        self._thread.start()

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self._server.server_address[1])

    def stop(self) -> None:
        """Stop listening."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(timeout=5)
