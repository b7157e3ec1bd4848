"""How alike two tellings are: what a message says, its subject and its text together, and what a case has kept of its first."""

from __future__ import annotations

from functools import lru_cache

from casework.case import CaseSummary
from casework.contact import Contact
from casework.text.fingerprint import similarity
from casework.text.likeness import Rarity, Terms, alike, beyond_chance, contained, sketch, tells, terms
from casework.text.subjects import bare

MAX_SUBJECT = 80
"""As much of a subject as a case keeps."""

_SAYS_LITTLE = 3.0
"""Words of a text that may be found in any other."""
_MOST = 0.5
"""As much of a short telling as any long one has."""


@lru_cache(maxsize=256)
def titled(subject: str) -> tuple[str, Terms]:
    """A subject without what clients put in front, and its terms."""
    title = bare(subject)
    return title, terms(sketch(title))


@lru_cache(maxsize=64)
def _told(kept: str, subject: str) -> Terms:
    return terms(kept) | titled(subject)[1]


def told(case: CaseSummary) -> Terms:
    """What the first message of a case says: one person's subject is in another's first line."""
    return _told(case.sketch, case.subject)


def said_by(contact: Contact) -> Terms:
    """What a message says, its subject included."""
    return _told(contact.sketch, contact.message.subject[:MAX_SUBJECT])


def likeness(contact: Contact, case: CaseSummary, words: Rarity) -> float:
    """How alike the tellings are beyond chance, 0 to 1; by its fingerprint for a case that was opened without a sketch.

    Where both have subjects, half of it is how much of each subject the other one's telling has.
    """
    if not case.sketch:
        return similarity(contact.fingerprint, case.fingerprint)
    (title, ours), (their_title, theirs) = titled(contact.message.subject[:MAX_SUBJECT]), titled(case.subject)
    if (contact.sketch, contact.fingerprint, title) == (case.sketch, case.fingerprint, their_title):
        return 1.0
    texts = _texts(said_by(contact), told(case), words)
    if not title or not their_title or title == their_title:
        return texts
    titles = min(contained(ours, told(case), words), contained(theirs, said_by(contact), words))
    return (texts + titles) / 2


def _texts(ours: Terms, theirs: Terms, words: Rarity) -> float:
    """The likeness of two texts, or half of how far a short one is contained in a long one beyond chance."""
    less, more = sorted((ours, theirs), key=len)
    whole = contained(less, more, words)
    enough = whole > _MOST and tells(less) >= _SAYS_LITTLE
    return max(beyond_chance(ours, theirs, words), (whole - _MOST) / (1 - _MOST) / 2 if enough else 0.0)


def closeness(contact: Contact, case: CaseSummary, words: Rarity) -> float:
    """How alike subjects and texts are, 0 to 1: what cases are ranked by where none is joined."""
    (title, ours), (their_title, theirs) = titled(contact.message.subject[:MAX_SUBJECT]), titled(case.subject)
    texts = alike(said_by(contact), told(case), words)
    return (texts + alike(ours, theirs, words)) / 2 if title and their_title else texts
