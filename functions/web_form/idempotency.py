"""The Idempotency-Key: which delivery a request is, and what becomes of a second one while the first is still at work.

As draft-ietf-httpapi-idempotency-key-header has it: missing where it is required, 400; the same key while its first request
is being processed, 409; the same key with another payload, 422; the same key and payload later, the first answer again.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from casework.errors import KeyReused, RequestInFlight, StoreUnavailable, UnreadableMessage
from casework.gateway import Request
from casework.message import Message
from casework.records import source_key
from casework.table import ABSENT, Change, Conflict, Key, Put, Table

MAX_KEY = 255
"""Characters of an Idempotency-Key."""
BARE = re.compile(rf"[\x21-\x7e]{{1,{MAX_KEY}}}")
QUOTED = re.compile(r'"(?:[\x20\x21\x23-\x5b\x5d-\x7e]|\\["\\])+"')
"""A string of RFC 8941, section 3.3.3: the form that the draft asks for. Most clients send the bare key; both are taken."""
LONGEST = timedelta(seconds=35)
"""How long a request can be at work: the function is stopped after 30 seconds."""


def source_name(request: Request, *, required: bool) -> str:
    """Name the delivery, so that a retry is recognised; the prefixes keep a customer's keys apart from the gateway's ids.

    Raises ``UnreadableMessage``: ``missing_key`` where a key is required, ``invalid_key``.
    """
    if "idempotency-key" not in request.headers:
        if required:
            raise UnreadableMessage("missing_key")
        return f"request:{request.request_id}"
    return f"key:{_key(request.header('idempotency-key'))}"


def _key(written: str) -> str:
    key = re.sub(r"\\(.)", r"\1", written[1:-1]) if QUOTED.fullmatch(written) else written
    if not BARE.fullmatch(key):
        raise UnreadableMessage("invalid_key")
    return key


@dataclass(frozen=True, slots=True)
class Flights:
    """Requests at work, each with an item that lapses: without it, nobody could tell a request at work from none.

    It is a courtesy to the client and protects nothing: that one key never makes two messages is the desk's condition.
    """

    table: Table

    @contextmanager
    def during(self, message: Message, request: Request) -> Iterator[None]:
        """Mark the message as at work. A request that fails is over at once, so that it can be sent again.

        Raises ``RequestInFlight``, or ``KeyReused`` when what is in flight under this key is something else. A message
        that was recorded already is left to the desk, which knows the first answer.
        """
        key = Key(f"FLIGHT#{message.message_id}", "FLIGHT")
        self._begin(key, message, request)
        try:
            yield
        except BaseException:
            self._end(key, request)
            raise

    def _begin(self, key: Key, message: Message, request: Request) -> None:
        flight = self._flight(key, message, request)
        if self._claimed(flight, ABSENT):
            return
        source = source_key(message.message_id)
        found = self.table.read([key, source])
        if source in found:
            return
        before = found.get(key, {})
        if before.get("until", 0) > message.received_at.timestamp():
            raise _why_not(before, message)
        if not self._claimed(flight, before.get("until", ABSENT)):
            raise RequestInFlight("another request has just taken this key")

    def _flight(self, key: Key, message: Message, request: Request) -> dict[str, Any]:
        until = int((message.received_at + LONGEST).timestamp())
        held = {"digest": message.source.digest, "request": request.request_id, "until": until, "expires_at": until}
        return {**key._asdict(), "kind": "flight", **held}

    def _claimed(self, flight: dict[str, Any], until: object) -> bool:
        try:
            self.table.write([Put(flight, {"until": until})])
        except Conflict:
            return False
        return True

    def _end(self, key: Key, request: Request) -> None:
        """Should this fail as well, the item lapses by itself."""
        with suppress(Conflict, StoreUnavailable):
            self.table.write([Change(key, set={"until": 0}, expect={"request": request.request_id})])


def _why_not(flight: dict[str, Any], message: Message) -> Exception:
    if flight["digest"] != message.source.digest:
        return KeyReused("this Idempotency-Key is in use for another payload")
    return RequestInFlight("the first request with this key is still being processed")
