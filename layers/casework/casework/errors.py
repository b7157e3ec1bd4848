"""What can go wrong, arranged by what the runtime should do about it.

CaseworkError
  x Rejected                 never retry: the input will not get better
    + NotOurEvent            a function was invoked with an event of another kind
    + UnreadableMessage      the original cannot be read; carries the cause for its quarantine
    + KeyReused              an Idempotency-Key came again with another payload
    + InvalidCommand         an analyst's command lacks a field or has a wrong one; names it
    + InvalidLink            a link's token is malformed, forged or expired; carries which
  x Unavailable              retry: the world may get better
    + StoreUnavailable       the case table did not answer, or every retry of a race was lost
    + OriginalUnavailable    the bucket did not give the original
    + RequestInFlight        the first request with this Idempotency-Key is still being processed
    + NotificationInFlight   another worker holds the lease of this notification
    + Misconfigured          the deployment is broken: no input is to blame for it, and all of it waits until that is mended
      - InvalidPolicy        a policy file says something it may not; names file, key and what was expected
      - InvalidSettings      an environment variable or a key is missing or wrong
  + NoSecondOpinion          go on: the second reader gave none, and the first one's word stands
"""

from __future__ import annotations


class CaseworkError(Exception):
    """Every error this package raises on purpose."""


class Rejected(CaseworkError):
    """Never retry: the input will not get better."""


class NotOurEvent(Rejected):
    """A function was invoked with an event of another kind."""


class UnreadableMessage(Rejected):
    """The original cannot be read. ``cause`` is a short code such as ``empty`` or ``not_json``."""

    def __init__(self, cause: str, detail: str = "") -> None:
        super().__init__(f"{cause}: {detail}" if detail else cause)
        self.cause = cause
        self.detail = detail


class KeyReused(Rejected):
    """An Idempotency-Key came again with another payload."""


class InvalidCommand(Rejected):
    """A command that cannot be read. ``field`` is the first one that is missing, unknown or wrong."""

    def __init__(self, field: str, expected: str) -> None:
        super().__init__(f"{field}: expected {expected}")
        self.field = field


class InvalidLink(Rejected):
    """A link's token cannot be honoured. ``cause`` is ``malformed``, ``forged`` or ``expired``."""

    def __init__(self, cause: str) -> None:
        super().__init__(cause)
        self.cause = cause


class Unavailable(CaseworkError):
    """Retry: the world may get better."""


class StoreUnavailable(Unavailable):
    """The case table did not answer, or every retry of a race was lost."""


class OriginalUnavailable(Unavailable):
    """The bucket did not give the original."""


class RequestInFlight(Unavailable):
    """The first request with this key is still being processed."""


class NotificationInFlight(Unavailable):
    """Another worker holds the lease of this notification."""


class Misconfigured(Unavailable):
    """The deployment is broken, whatever it is given: a message goes back to its queue, a request is told to come again."""


class InvalidPolicy(Misconfigured):
    """A policy file says something it may not. The message names file, key and what was expected."""

    def __init__(self, file: str, key: str, expected: str) -> None:
        super().__init__(f"{file}: {key}: expected {expected}")


class InvalidSettings(Misconfigured):
    """An environment variable or a key is missing or wrong."""


class NoSecondOpinion(CaseworkError):
    """The second reader did not answer, in time or at all, or not in a way that can be believed. ``cause`` says which."""

    def __init__(self, cause: str) -> None:
        super().__init__(cause)
        self.cause = cause
