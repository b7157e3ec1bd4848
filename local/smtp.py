"""A mail server on the loopback interface: what a mail client sends to it is filed as SES would file it."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Session
from aiosmtpd.smtp import Envelope as Received

from local.filing import SUPPORT, Envelope

LARGEST = 40 * 1024 * 1024
"""Bytes of a mail that SES stores in a bucket."""
FILED = "250 2.0.0 Filed"
TRY_AGAIN = "451 4.3.0 Not filed; send it again"
File = Callable[[bytes, Envelope], "Future[Any]"]


class Counter:
    """Takes mails from clients, several at a time, and answers each when its mail is filed."""

    def __init__(self, file: File) -> None:
        self._file = file

    async def handle_DATA(self, _server: SMTP, session: Session, received: Received) -> str:  # noqa: N802 - aiosmtpd's name
        """File one mail. A client whose mail could not be filed is asked to send it again, as a mail server would."""
        envelope = Envelope(
            sender=(received.mail_from or "").strip("<>"),
            recipient=(received.rcpt_tos or [SUPPORT])[0],
            helo=str(session.host_name or "unknown"),
        )
        try:
            await asyncio.wrap_future(self._file(received.original_content or b"", envelope))
        except Exception:  # noqa: BLE001 - whatever went wrong, the client keeps the mail and tries again
            return TRY_AGAIN
        return FILED


def serve(file: File, host: str, port: int) -> Controller:
    """Start to listen; the caller stops it. ``port`` 0 takes any free one. Raises ``OSError`` when the port is taken."""
    chosen = free_port(host, port)  # aiosmtpd would wait five seconds before it told of a taken one
    controller = Controller(
        Counter(file), hostname=host, port=chosen, data_size_limit=LARGEST, enable_SMTPUTF8=True, ident="casework"
    )
    try:
        controller.start()
    except OSError:
        controller.loop.close()
        raise
    return controller


def free_port(host: str, port: int = 0) -> int:
    """Find a port nobody listens on: this one, or with 0 any. Raises ``OSError`` when it is taken."""
    with socket.create_server((host, port)) as probe:
        return int(probe.getsockname()[1])
