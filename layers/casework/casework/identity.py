"""Keyed hashes: how identities, threads and references are written, so that the table names no person."""

from __future__ import annotations

import base64
import hashlib
import hmac
from dataclasses import dataclass

from casework.message import Identity, Message, Trust

CROCKFORD = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", "0123456789ABCDEFGHJKMNPQRSTVWXYZ")
"""RFC 4648 base32 to Crockford's alphabet, which has no I, L, O or U to misread over a telephone."""


@dataclass(frozen=True, slots=True)
class Pseudonyms:
    """Turns names into keys with a secret. Changing the secret makes every known customer a stranger: a one-way door."""

    secret: bytes

    def of_identity(self, identity: Identity) -> str:
        """32 hex digits, equal for equal ``(kind, value)``, whatever the trust."""
        return self._hash("identity", identity.kind, identity.value)

    def of_thread(self, name: str) -> str:
        """32 hex digits for what a channel calls a thread (mail: Message-ID)."""
        return self._hash("thread", name)

    def reference(self, message_id: str) -> str:
        """The public reference of a message, ``CW-XXXX-XXXX-XXXX``: 60 bits that say nothing of any case."""
        digest = hmac.digest(self.secret, f"reference\n{message_id}".encode(), hashlib.sha256)
        letters = base64.b32encode(digest).decode()[:12].translate(CROCKFORD)
        return f"CW-{letters[:4]}-{letters[4:8]}-{letters[8:]}"

    def _hash(self, *parts: str) -> str:
        return hmac.digest(self.secret, "\n".join(parts).encode("utf-8", "surrogatepass"), hashlib.sha256).hex()[:32]


@dataclass(frozen=True, slots=True)
class Sender:
    """The keys a message may be recognised by: what is vouched for, apart from what is merely said."""

    authenticated: tuple[str, ...]
    claimed: tuple[str, ...]

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys that count: the authenticated ones, or for lack of any the claimed ones."""
        return self.authenticated or self.claimed


MAX_IDENTITIES = 6
"""Identities of one message that become look-ups; more than these are noise or an attack."""


def sender_of(message: Message, pseudonyms: Pseudonyms) -> Sender:
    """The keys of a message's identities, without repeats, in the door's order."""

    def keys(trust: Trust) -> tuple[str, ...]:
        named = (pseudonyms.of_identity(identity) for identity in message.identities if identity.trust is trust)
        return tuple(dict.fromkeys(named))[:MAX_IDENTITIES]

    return Sender(authenticated=keys(Trust.AUTHENTICATED), claimed=keys(Trust.CLAIMED))
