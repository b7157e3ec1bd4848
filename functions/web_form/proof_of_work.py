"""A little work for a sender's machine instead of a riddle for a person: ALTCHA's challenges, made and redeemed here.

Nothing is asked of a third party. A challenge is signed, so nothing is stored until it is solved; a solution is good for one
delivery (and its retries), which one small item remembers until the challenge has expired.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from casework.errors import UnreadableMessage
from casework.table import ABSENT, Conflict, Key, Put, Table

if TYPE_CHECKING:
    from altcha import Payload

LIFETIME = timedelta(minutes=20)
"""Of a challenge: as long as somebody may take to fill in the form."""
ALGORITHM = "PBKDF2/SHA-256"
"""Browsers have it built in. Each guess takes ``cost`` rounds and one in 256 fits; checking takes one guess."""


@dataclass(frozen=True, slots=True)
class ProofOfWork:
    """Asks for work. ``secret`` signs challenges, ``cost`` is the rounds of one guess."""

    secret: Callable[[], bytes]
    cost: int
    table: Table

    def challenge(self, at: datetime) -> dict[str, Any]:
        """A new challenge, as ALTCHA's widget takes it."""
        from altcha import create_challenge  # imports urllib and more: paid for by those who ask for work

        made = create_challenge(ALGORITHM, self.cost, expires_at=at + LIFETIME, hmac_secret=self.secret())
        return dict(made.to_dict())

    def redeem(self, solved: str | None, delivery: str, at: datetime) -> None:
        """Take a solution for a delivery.

        Raises ``UnreadableMessage``: ``proof_missing``, ``proof_invalid``, ``proof_expired``, or ``proof_used`` when another
        delivery was made with it.
        """
        if not solved:
            raise UnreadableMessage("proof_missing")
        self._spend(self._verified(solved), delivery, at)

    def _verified(self, solved: str) -> Payload:
        from altcha import Payload, verify_solution

        try:
            payload = Payload.from_base64(solved)
            result = verify_solution(payload, self.secret())
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            raise UnreadableMessage("proof_invalid") from error
        if not result.verified:
            raise UnreadableMessage("proof_expired" if result.expired else "proof_invalid")
        return payload

    def _spend(self, payload: Payload, delivery: str, at: datetime) -> None:
        nonce = hashlib.sha256(payload.challenge.parameters.nonce.encode()).hexdigest()[:32]
        key = Key(f"PROOF#{nonce}", "PROOF")
        spent_on = hashlib.sha256(delivery.encode()).hexdigest()[:32]
        expires_at = int((at + LIFETIME).timestamp())
        spent = {**key._asdict(), "kind": "proof", "spent_on": spent_on, "expires_at": expires_at}
        try:
            self.table.write([Put(spent, {"pk": ABSENT})])
        except Conflict as lost:
            if self.table.read([key]).get(key, {}).get("spent_on") != spent_on:
                raise UnreadableMessage("proof_used") from lost
