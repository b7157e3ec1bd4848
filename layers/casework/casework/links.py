"""Signed links: whoever holds one may acknowledge one escalation, until it expires, without signing in.

A token is ``base64url(mac + payload)`` without padding. The payload is a JSON list with a version in front; the MAC is
HMAC-SHA256 over a purpose and the payload, so that no other signature made with the same key passes for a link.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
from dataclasses import dataclass
from datetime import UTC, datetime

from casework.case import Team
from casework.errors import InvalidLink, InvalidSettings

VERSION = 1
PURPOSE = b"casework acknowledge link\x00"
MAC_BYTES = 32
MIN_KEY_BYTES = 16
"""A shorter key is a configuration mistake (an empty secret, a placeholder), and its links could be forged."""
MAX_TOKEN_LENGTH = 512
"""In characters. Ours take about 200; anything longer is refused before a byte of it is decoded."""


@dataclass(frozen=True, slots=True)
class AcknowledgeLink:
    """What a token vouches for. ``expires_at`` is aware and counts in whole seconds: signing drops the rest."""

    case_id: str
    escalation_id: str
    team: Team
    expires_at: datetime


def sign(link: AcknowledgeLink, key: bytes) -> str:
    """Write a link's token: letters, digits, ``-`` and ``_`` only, the same for the same link and key.

    Raises ``InvalidSettings`` for a key under ``MIN_KEY_BYTES``, and ``InvalidLink("malformed")`` for a link whose token
    ``read`` would refuse as too long.
    """
    payload = _payload(link)
    token = _encode(_mac(payload, key) + payload)
    if len(token) > MAX_TOKEN_LENGTH:
        raise InvalidLink("malformed")
    return token


def read(token: str, key: bytes, now: datetime) -> AcknowledgeLink:
    """Read the link a token was signed for, until the second in which it expires.

    Raises ``InvalidLink``: ``malformed`` (not a token at all), ``forged`` (not signed with this key) or ``expired``.
    Nothing of the payload is interpreted before its signature holds. Raises ``InvalidSettings`` for a weak key.
    """
    signed = _decode(token)
    mac, payload = signed[:MAC_BYTES], signed[MAC_BYTES:]
    if not hmac.compare_digest(mac, _mac(payload, key)):
        raise InvalidLink("forged")
    link = _link(payload)
    if now >= link.expires_at:
        raise InvalidLink("expired")
    return link


def _payload(link: AcknowledgeLink) -> bytes:
    fields = [VERSION, link.case_id, link.escalation_id, link.team.value, int(link.expires_at.timestamp())]
    return json.dumps(fields, separators=(",", ":")).encode("ascii")


def _link(payload: bytes) -> AcknowledgeLink:
    """Only for a payload whose signature holds: what fails here was signed by another version of this room."""
    try:
        version, case_id, escalation_id, team, expires_at = json.loads(payload)
        link = AcknowledgeLink(case_id, escalation_id, Team(team), datetime.fromtimestamp(expires_at, UTC))
    except (ValueError, TypeError) as error:
        raise InvalidLink("malformed") from error
    if version != VERSION:
        raise InvalidLink("malformed")
    return link


def _mac(payload: bytes, key: bytes) -> bytes:
    if len(key) < MIN_KEY_BYTES:
        raise InvalidSettings(f"the key of the links has {len(key)} bytes; at least {MIN_KEY_BYTES} are needed")
    return hmac.digest(key, PURPOSE + payload, hashlib.sha256)


def _encode(signed: bytes) -> str:
    return base64.urlsafe_b64encode(signed).rstrip(b"=").decode("ascii")


def _decode(token: str) -> bytes:
    """Refuses every spelling but the one ``_encode`` gives: base64 has several for the same bytes."""
    if len(token) > MAX_TOKEN_LENGTH:
        raise InvalidLink("malformed")
    try:
        signed = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
    except (ValueError, binascii.Error) as error:
        raise InvalidLink("malformed") from error
    if len(signed) <= MAC_BYTES or _encode(signed) != token:
        raise InvalidLink("malformed")
    return signed
