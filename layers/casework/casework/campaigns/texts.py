"""Near-identical texts: which of the messages so far a message repeats, by its bands, and exactly.

The first message of a kind is the exemplar, and its id is what the texts like it are known by. A text that repeats one
writes nothing: a wave of one text costs the bands of its first message alone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from casework.campaigns.campaign import window
from casework.campaigns.indicators import Indicator
from casework.campaigns.records import Band, Exemplar
from casework.policy.campaign_rules import CampaignRules
from casework.text.bands import bands, likeness, shingles

MAX_EXEMPLARS = 8
"""Texts that are remembered of one band: what more texts share is a phrase that everybody uses."""
MAX_CANDIDATES = 8
"""Texts that a text is compared with, those first that share the most bands."""
DRIFTED = 0.8
"""A repetition less alike than this is an exemplar too, so that texts that change as they are passed on stay together."""


@dataclass(frozen=True, slots=True)
class Text:
    """A message's text as it is compared."""

    case_id: str
    message_id: str
    at: datetime
    grams: frozenset[str]
    bands: tuple[str, ...]


def text_of(case_id: str, message_id: str, at: datetime, plain: str) -> Text:
    """``plain``: the text, levelled."""
    return Text(case_id, message_id, at, shingles(plain), bands(plain))


@dataclass(slots=True)
class Library:
    """The bands in view, and which of them have changed."""

    rules: CampaignRules
    known: dict[str, Band]
    changed: set[str] = field(default_factory=set)

    def candidates(self, text: Text) -> list[Exemplar]:
        """Earlier texts that share a band, the most promising first."""
        shared = Counter(
            exemplar
            for name in text.bands
            for exemplar in self.known.get(name, Band(name)).exemplars
            if abs(text.at - exemplar.at) <= window(self.rules)
        )
        ranked = sorted(shared, key=lambda each: (-shared[each], each.at, each.message_id))
        own = [each for each in ranked if each.message_id == text.message_id]  # delivered again: its own place stands
        return [*own, *(each for each in ranked if each.message_id != text.message_id)][:MAX_CANDIDATES]

    def place(self, text: Text, grams: Mapping[str, frozenset[str]]) -> Exemplar | None:
        """The exemplar that a text repeats, or ``None`` for the first of its kind, which is an exemplar from now on.

        ``grams``: the 5-grams of every candidate that could be read, by message.
        """
        for exemplar in self.candidates(text):
            alike = likeness(text.grams, grams.get(exemplar.message_id, frozenset()))
            if alike >= self.rules.likeness:
                if alike < DRIFTED:
                    self._add(text, exemplar.text)
                return exemplar
        self._add(text, text.message_id)
        return None

    def _add(self, text: Text, known_by: str) -> None:
        exemplar = Exemplar(known_by, text.case_id, text.message_id, text.at)
        for name in text.bands:
            band = self.known.get(name, Band(name))
            kept = sorted((*band.exemplars, exemplar), key=lambda each: (each.at, each.message_id))
            within = [each for each in kept if abs(text.at - each.at) <= window(self.rules)][-MAX_EXEMPLARS:]
            self.known[name] = band._replace(exemplars=tuple(within))
            self.changed.add(name)

    def writes(self) -> Sequence[Band]:
        """The bands to be written."""
        return [self.known[name] for name in sorted(self.changed)]


def text_indicator(exemplar: Exemplar) -> Indicator:
    """What near-identical texts have in common."""
    return Indicator("text", exemplar.text)


def telling(texts: Iterable[Text], rules: CampaignRules) -> list[Text]:
    """Those that are long enough to say anything, in the order of arrival."""
    long_enough = [text for text in texts if len(text.grams) >= rules.least_grams]
    return sorted(long_enough, key=lambda text: (text.at, text.message_id))
