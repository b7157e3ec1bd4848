"""What is pure and slow is done once: reading and judging a message give the same for the same words.

A history says a few sentences thousands of times. Nothing of the protocol is replaced here: what is remembered are functions
of a message's words and names; what is put into words that no invariant looks at stays unworded; and the simulated stream
carries images, not DynamoDB's notation of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import is_dataclass, replace
from functools import cache, lru_cache
from typing import Any
from unittest.mock import patch

from casework import commands, decision, desk, entities, records, redaction, times, triage
from casework.campaigns import correlator, indicators, texts
from casework.case import Assessment, Escalation, Secret
from casework.classifier import Model
from casework.classifier.gist import gist
from casework.contact import Contact
from casework.desk import Desk
from casework.identity import Pseudonyms
from casework.message import Message, Source
from casework.policy import Policy
from casework.table import Item
from casework.text import bands as near
from casework.text import fingerprint, likeness, passages
from functions.notify import delivery
from functions.notify.wording import Notice
from functions.publish import stream

_read, _assess, _rendition, _stored = Desk._read, triage.assess, records.rendition, records._plain
_redact = redaction.redact_message
_MOST = 20_000
"""Messages that are remembered at once."""
_FEW = 500
_CONTACTS: dict[Any, Contact] = {}
_LATELY: dict[int, tuple[Message, Contact]] = {}
"""The same of the very object, by its ``id``: a process that waited is run again from its beginning."""
_ASSESSED: dict[Any, Assessment] = {}
_SAID: dict[Any, Item] = {}
_CLEAN: dict[Any, tuple[Message, tuple[Secret, ...]]] = {}
_GISTS: dict[Any, str] = {}


def forget() -> None:
    """Forget what was read: the code that reads is about to change."""
    for known in (_CONTACTS, _LATELY, _ASSESSED, _SAID, _CLEAN, _GISTS):
        known.clear()
    for _, _, instead in _REMEMBERED:
        cached = instead.fget if isinstance(instead, property) else instead
        getattr(cached, "cache_clear", dict)()


def _words(message: Message) -> tuple[Any, ...]:
    return message.source, message.subject, message.text, message.signals, message.redacted, message.thread_name


def _contact(self: Desk, message: Message) -> Contact:
    """A message read: when it was received changes nothing else."""
    message_was, contact = _LATELY.get(id(message), (None, None))
    if contact is None or message_was is not message:
        if len(_LATELY) >= _FEW:
            _LATELY.clear()
        contact = _first_read(self, message)
        _LATELY[id(message)] = message, contact
    return contact


def _first_read(self: Desk, message: Message) -> Contact:
    key = (*_words(message), message.identities, message.references)
    if key not in _CONTACTS:
        if len(_CONTACTS) >= _MOST:
            forget()
        _CONTACTS[key] = _read(self, message)
    known = _CONTACTS[key]
    return replace(known, message=replace(known.message, received_at=message.received_at))


def _redacted(message: Message) -> tuple[Message, tuple[Secret, ...]]:
    """A message without its secrets: many say the same."""
    key = (message.subject, message.text, message.history, message.sender, tuple(message.facts.items()))
    if message.turns or message.attachments or message.decodings:
        return _redact(message)
    if key not in _CLEAN:
        _CLEAN[key] = _redact(message)
    clean, secrets = _CLEAN[key]
    text, around = clean.text, clean.history
    return replace(message, subject=clean.subject, text=text, history=around, sender=clean.sender, facts=clean.facts), secrets


def _assessment(message: Message, secrets: tuple[Secret, ...], policy: Policy) -> Assessment:
    key = (message.source.channel, message.subject, message.text, message.signals, policy.version)
    if key not in _ASSESSED:
        _ASSESSED[key] = _assess(message, secrets, policy)
    return _ASSESSED[key]


def _gist(text: str, model: Model) -> str:
    key = (text, model.version)
    if key not in _GISTS:
        _GISTS[key] = gist(text, model)
    return _GISTS[key]


def _said(contact: Contact) -> Item:
    """Callers copy what they are given."""
    key = _words(contact.message)
    if key not in _SAID:
        _SAID[key] = _rendition(contact)
    return _SAID[key]


def _as_dict(noun: Any) -> dict[str, Any]:
    """``dataclasses.asdict``, and what ``records`` makes of it, in one go."""
    return {name: _plain(getattr(noun, name)) for name in noun.__dataclass_fields__}


def _plain(value: Any) -> Any:
    kind = type(value)
    if kind in _ATOMS:
        return value
    if kind is tuple or kind is list:
        return [_plain(each) for each in value]
    if kind is dict:
        return {name: _plain(each) for name, each in value.items()}
    return _as_dict(value) if is_dataclass(value) else _stored(value)


def _as_made(value: Any) -> Any:
    """What ``_as_dict`` made is plain already."""
    return value if type(value) is dict else _plain(value)


_ATOMS = frozenset({str, int, float, bool, type(None)})


def _lean(item: Item) -> Item:
    """``records.lean``, which the case table's every item goes through, for values of plain types alone."""
    kept = {}
    for name, value in item.items():
        kind = type(value)
        if kind is dict or kind is list:
            value = _lean(value) if kind is dict else [_lean(each) if type(each) is dict else each for each in value]
        if value or (value == 0 and kind is not str):
            kept[name] = value
    return kept


def _unworded(escalation: Escalation, _rung: int, _message: Item, _link: str, _policy: Policy) -> Notice:
    return Notice(escalation.escalation_id, "")


def _as_it_is(image: Item) -> Item:
    return image


class _Redactor:
    """``Redactor`` for one text by itself: commands give few reasons."""

    redact = staticmethod(cache(lambda text: redaction.Redactor().redact(text)))


_Replacement = tuple[Any, str, Any]
_UNWORDED: tuple[_Replacement, ...] = ((delivery, "compose", _unworded), (stream, "from_wire", _as_it_is))
_REMEMBERED: tuple[_Replacement, ...] = (
    (Source, "message_id", property(lru_cache(4096)(Source.message_id.fget))),  # type: ignore[attr-defined]
    (Pseudonyms, "reference", lru_cache(4096)(Pseudonyms.reference)),
    (Pseudonyms, "_hash", lru_cache(4096)(Pseudonyms._hash)),
    (Desk, "_read", _contact),
    (desk, "redact_message", _redacted),
    (commands, "Redactor", _Redactor),
    (desk, "find", cache(entities.find)),
    (desk, "fingerprint", cache(fingerprint.fingerprint)),
    (desk, "sketch", cache(likeness.sketch)),
    (desk, "gist", _gist),
    (desk, "said", cache(passages.said)),
    (desk, "quoted", cache(passages.quoted)),
    (desk, "assess", _assessment),
    (records, "rendition", _said),
    (records, "asdict", _as_dict),
    (records, "_plain", _as_made),
    (records, "lean", _lean),
    (records, "stamp", lru_cache(4096)(times.stamp)),
    (decision, "lean", _lean),
    (decision, "rendition", _said),
    (correlator, "levelled", cache(indicators.levelled)),
    (texts, "shingles", cache(near.shingles)),
    (texts, "bands", cache(near.bands)),
)


@contextmanager
def unworded() -> Iterator[None]:
    """While this lasts, nothing is put into words or into a notation; a history needs it."""
    with _replaced(_UNWORDED):
        yield


@contextmanager
def remembered() -> Iterator[None]:
    """While this lasts, what is pure and slow is, besides, done once in this process. It changes no history."""
    with _replaced((*_UNWORDED, *_REMEMBERED)):
        yield


@contextmanager
def _replaced(replacements: tuple[_Replacement, ...]) -> Iterator[None]:
    with ExitStack() as replaced:
        for module, name, replacement in replacements:
            replaced.enter_context(patch.object(module, name, replacement))
        yield
