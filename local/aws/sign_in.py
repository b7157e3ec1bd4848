"""API Gateway's JWT authorizer: who a token says a caller is, and whether that may be believed.

As the API Gateway Developer Guide has it ("Control access to HTTP APIs with JWT authorizers"): RSA signatures only, by the key
that the header's ``kid`` names; ``iss``, ``aud`` (else ``client_id``), ``exp``, ``nbf`` and ``iat`` must hold.

The issuer's keys would be fetched from it. Nothing here leaves this machine, so they are given (``Stack.trust``); an issuer
whose keys nobody gave has signed nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

ALGORITHMS = ["RS256", "RS384", "RS512"]

Json = dict[str, Any]


class Unauthorized(Exception):
    """A token is missing or not to be believed; the message says why, as ``www-authenticate`` does."""


@dataclass(frozen=True, slots=True)
class Authorizer:
    """What a route demands of a token."""

    issuer: str
    audiences: tuple[str, ...]

    def claims(self, authorization: str, keys: Mapping[str, Json], now: float) -> Json:
        """Give the claims of the token in a header's value, as functions get them: all text. Raises ``Unauthorized``."""
        token = authorization.removeprefix("Bearer ").strip()
        if not token:
            raise Unauthorized("")
        found = self._signed(token, keys)
        self._require(found, now)
        return {name: _text(value) for name, value in found.items()}

    def _signed(self, token: str, keys: Mapping[str, Json]) -> Json:
        if self.issuer not in keys:
            raise Unauthorized("the issuer is not known here")
        try:
            decoded = jwt.decode(token, KeySet.import_key_set(keys[self.issuer]), algorithms=ALGORITHMS)  # type: ignore[arg-type]
        except (JoseError, ValueError) as error:
            raise Unauthorized("the token is not signed by the issuer") from error
        if "kid" not in decoded.header:
            raise Unauthorized("the token does not name its key")
        return dict(decoded.claims)

    def _require(self, claims: Json, now: float) -> None:
        if claims.get("iss") != self.issuer:
            raise Unauthorized("the token does not have a valid issuer")
        if not set(_listed(claims.get("aud", claims.get("client_id")))) & set(self.audiences):
            raise Unauthorized("the token does not have a valid audience")
        if not isinstance(claims.get("exp"), (int, float)) or claims["exp"] <= now:
            raise Unauthorized("the token has expired")
        if any(claims.get(name, now) > now for name in ("nbf", "iat")):
            raise Unauthorized("the token is not valid yet")


def _listed(value: Any) -> Iterable[str]:
    return value if isinstance(value, list) else [value]


def _text(value: Any) -> str:
    """API Gateway writes lists as ``[a b]``."""
    return f"[{' '.join(map(str, value))}]" if isinstance(value, list) else str(value)
