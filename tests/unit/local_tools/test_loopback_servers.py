from __future__ import annotations

import http.client
import smtplib
from collections.abc import Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import pytest

from local.filing import Envelope
from local.smtp import free_port, serve
from local.web import LARGEST, Answer, Web

HOST = "127.0.0.1"
MAIL = "From: ann@example.com\r\nSubject: 入金\r\n\r\nこんにちは\r\n.\r\n".encode()


class Filed:
    """Takes what is to be filed; fails when told to."""

    def __init__(self) -> None:
        self.mails: list[tuple[bytes, Envelope]] = []
        self.broken = False
        self._worker = ThreadPoolExecutor(1)

    def __call__(self, raw: bytes, envelope: Envelope) -> Future[Any]:
        return self._worker.submit(self._file, raw, envelope)

    def _file(self, raw: bytes, envelope: Envelope) -> None:
        if self.broken:
            raise RuntimeError("the bucket is away")
        self.mails.append((raw, envelope))


@pytest.fixture
def filed() -> Filed:
    return Filed()


@pytest.fixture
def smtp_port(filed: Filed) -> Iterator[int]:
    controller = serve(filed, HOST, 0)
    yield controller.port
    controller.stop()


def send(port: int, sender: str = "ann@example.com") -> None:
    with smtplib.SMTP(HOST, port, local_hostname="laptop.example") as client:
        client.sendmail(sender, ["help@kujira.example"], MAIL)


def test_a_mail_sent_by_a_client_is_filed_with_its_envelope(filed: Filed, smtp_port: int) -> None:
    send(smtp_port)
    [(raw, envelope)] = filed.mails
    assert raw == MAIL
    assert envelope == Envelope(sender="ann@example.com", recipient="help@kujira.example", helo="laptop.example")


def test_a_bounce_has_no_sender(filed: Filed, smtp_port: int) -> None:
    send(smtp_port, sender="")
    assert filed.mails[0][1].sender == ""


def test_a_client_keeps_a_mail_that_was_not_filed(filed: Filed, smtp_port: int) -> None:
    filed.broken = True
    with pytest.raises(smtplib.SMTPDataError) as refused:
        send(smtp_port)
    assert refused.value.smtp_code == 451


def test_many_clients_are_served_one_after_another(filed: Filed, smtp_port: int) -> None:
    with ThreadPoolExecutor(8) as clients:
        list(clients.map(lambda _: send(smtp_port), range(16)))
    assert len(filed.mails) == 16


def test_a_taken_mail_port_is_an_error_at_once(filed: Filed, smtp_port: int) -> None:
    with pytest.raises(OSError, match="in use"):
        serve(filed, HOST, smtp_port)


def echo(method: str, path: str, headers: Mapping[str, str], body: bytes) -> Answer:
    return Answer(
        201, {"Content-Type": "text/plain", "X-Key": headers.get("Idempotency-Key", "")}, f"{method} {path} ".encode() + body
    )


@pytest.fixture
def web() -> Iterator[Web]:
    server = Web(echo, HOST, 0)
    yield server
    server.stop()


def ask(web: Web, method: str, path: str, body: bytes = b"", **headers: str) -> http.client.HTTPResponse:
    client = http.client.HTTPConnection(HOST, web.port, timeout=5)
    client.request(method, path, body, headers)
    response = client.getresponse()
    response.body = response.read()  # type: ignore[attr-defined]
    client.close()
    return response


def test_a_request_reaches_the_stack_as_it_came(web: Web) -> None:
    response = ask(web, "POST", "/cases?x=1", "説明".encode(), **{"Idempotency-Key": "k1"})
    assert response.status == 201
    assert response.getheader("X-Key") == "k1"
    assert response.body == "POST /cases?x=1 説明".encode()  # type: ignore[attr-defined]


@pytest.mark.parametrize("length", [str(LARGEST + 1), "-1", "many"])
def test_a_request_of_unreasonable_size_is_refused(web: Web, length: str) -> None:
    client = http.client.HTTPConnection(HOST, web.port, timeout=5)
    client.putrequest("POST", "/cases")
    client.putheader("Content-Length", length)
    client.endheaders()
    assert client.getresponse().status == 413
    client.close()


def test_a_head_request_gets_no_body(web: Web) -> None:
    assert ask(web, "HEAD", "/acknowledge").body == b""  # type: ignore[attr-defined]


def test_a_taken_web_port_is_an_error_at_once(web: Web) -> None:
    with pytest.raises(OSError, match="in use"):
        Web(echo, HOST, web.port)


def test_a_free_port_is_free() -> None:
    server = Web(echo, HOST, free_port(HOST))
    server.stop()
