"""Secrets leave a message before anything of it is stored, logged or sent.

Each becomes a placeholder that names its kind and a number: ``[seed phrase 1]``. The same secret has the same placeholder
wherever it stands in one message, so that the text stays readable and comparable. What is found and how is the finders' business.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import accumulate, islice

from casework.case import Secret
from casework.message import Attachment, Message, Turn
from casework.redaction import card_numbers, credentials, personal_numbers, private_keys, seed_phrases
from casework.text.finding import Finding
from casework.text.folding import PLACEHOLDER, Folded, fold
from casework.text.patterns import compiled

Finder = Callable[[str], Iterable[Finding]]
FINDERS: tuple[Finder, ...] = (
    seed_phrases.find,
    private_keys.find,
    card_numbers.find,
    credentials.find,
    personal_numbers.find,
)
"""Every finder reads a folded text and names spans of it. Each takes time in proportion to the text's length."""

_MAX_ECHOES = 32
"""Secrets known by their context alone that are looked for in the rest of the message; each costs one look at every text."""

_MAX_ROUNDS = 8
"""What one round takes out can leave neighbours that only then are secrets themselves; two rounds are the rule."""


def finders_of_speech() -> tuple[Finder, ...]:
    """The finders for the transcript of a call: what is spelled out is looked for besides."""
    from casework.redaction import spoken  # no other channel needs it

    return (*FINDERS, spoken.find)


class Redactor:
    """Takes the secrets out of the texts of one message; make one for each message.

    It remembers which secret has which placeholder, and therefore the secrets: it must not outlive the message.
    """

    def __init__(self, finders: Sequence[Finder] = FINDERS) -> None:
        self._finders = finders
        self._secrets: dict[tuple[str, str], Secret] = {}
        self._echoes: dict[str, Finding] = {}
        self._numbers: dict[str, int] = {}
        self._taken: set[str] = set()

    @property
    def secrets(self) -> tuple[Secret, ...]:
        """What was taken out so far, in order of first appearance."""
        return tuple(self._secrets.values())

    def redact(self, text: str) -> str:
        """Return the text with a placeholder for every secret. Redacting the result again changes nothing."""
        return self.redact_together((text,))[0]

    def redact_together(self, texts: Sequence[str], passages: Iterable[Sequence[int]] = ()) -> tuple[str, ...]:
        """Redact texts that belong together: what only the words around it give away in one is taken out of all.

        ``passages`` names texts, by their places, that are read as one, because a secret may begin in one and end in another;
        each of its pieces becomes the placeholder. A text that is in no passage is read by itself.
        """
        readings = [list(places) for places in passages]
        readings += [[place] for place in sorted(set(range(len(texts))).difference(*readings))]
        self._taken.update(placeholder for text in texts if "[" in text for placeholder in compiled(PLACEHOLDER).findall(text))
        for _ in range(_MAX_ROUNDS):
            found = self._found(texts, readings)
            if not any(found):
                break
            texts = [self._replaced(text, findings) for text, findings in zip(texts, found, strict=True)]
        return tuple(texts)

    def _found(self, texts: Sequence[str], readings: Iterable[Sequence[int]]) -> list[list[Finding]]:
        """For each text its findings, in order and without overlaps."""
        found: list[list[Finding]] = [[] for _ in texts]
        for places in readings:
            passage = _Passage([texts[place] for place in places])
            for finding in self._found_in(passage.text) if passage.text.strip() else ():
                for piece, within in passage.pieces(finding):
                    found[places[piece]].append(within)
        if self._echoes:
            for text, findings in zip(texts, found, strict=True):
                findings.extend(self._echoed(text))
        return [_merged(findings) for findings in found]

    def _found_in(self, text: str) -> Iterator[Finding]:
        folded = fold(text)
        for finder in self._finders:
            for finding in finder(folded.text):
                if finding.echo and len(self._echoes) < _MAX_ECHOES:
                    self._echoes.setdefault(finding.echo.lower(), finding)
                yield _unfolded(finding, folded)

    def _echoed(self, text: str) -> Iterator[Finding]:
        folded = fold(text)
        echoes = "|".join(map(re.escape, sorted(self._echoes, key=len, reverse=True)))
        for match in re.finditer(rf"(?<![0-9A-Za-z])(?:0x)?({echoes})(?![0-9A-Za-z])", folded.text, re.IGNORECASE):
            secret = self._echoes.get(match[1].lower())
            if secret:
                yield _unfolded(secret._replace(start=match.start(), end=match.end()), folded)

    def _replaced(self, text: str, findings: list[Finding]) -> str:
        pieces: list[str] = []
        at = 0
        for finding in findings:
            pieces += text[at : finding.start], self._placeholder(finding)
            at = finding.end
        return "".join((*pieces, text[at:]))

    def _placeholder(self, finding: Finding) -> str:
        key = (finding.kind, finding.value)
        if key not in self._secrets:
            self._secrets[key] = Secret(finding.kind, self._unused(finding.kind), finding.verified)
        return self._secrets[key].placeholder

    def _unused(self, kind: str) -> str:
        """The next placeholder of a kind that the customer did not write themselves."""
        while True:
            self._numbers[kind] = number = self._numbers.get(kind, 0) + 1
            if (placeholder := f"[{kind.replace('_', ' ')} {number}]") not in self._taken:
                return placeholder


class _Passage:
    """Texts read as one, a line each."""

    def __init__(self, texts: Sequence[str]) -> None:
        self.text = "\n".join(texts)
        self._starts = list(accumulate((len(text) + 1 for text in texts), initial=0))

    def pieces(self, finding: Finding) -> Iterator[tuple[int, Finding]]:
        """Yield the place of each text that a finding touches, with what of it lies there."""
        first = bisect_right(self._starts, finding.start) - 1
        for place in range(first, bisect_left(self._starts, finding.end)):
            start, end = self._starts[place], self._starts[place + 1] - 1
            within = finding._replace(start=max(finding.start, start) - start, end=min(finding.end, end) - start)
            if within.start < within.end:
                yield place, within


def _unfolded(finding: Finding, folded: Folded) -> Finding:
    start, end = folded.original(finding.start, finding.end)
    return finding._replace(start=start, end=end)


def _merged(findings: list[Finding]) -> list[Finding]:
    """In order, overlapping ones as one: the longest gives its name, and nothing of either stays."""
    kept: list[Finding] = []
    for finding in sorted(findings, key=lambda each: (each.start, -each.end, -len(each.value))):
        if not kept or finding.start >= kept[-1].end:
            kept.append(finding)
        elif finding.end > kept[-1].end:
            longest = max(kept[-1], finding, key=lambda each: each.end - each.start)
            kept[-1] = longest._replace(start=kept[-1].start, end=finding.end)
    return kept


def redact_message(message: Message) -> tuple[Message, tuple[Secret, ...]]:
    """Return the message without its secrets, and what they were, in order of first appearance.

    Every text of it is redacted, all together: whatever a sender can write, names and declared types included. A secret that
    begins in the subject may end in the text. What somebody spells out over several turns of a call is found, and the text of a
    call stays its turns joined by newlines. ``identities`` and ``recipients`` stay: the table sees no more of them than a hash.
    """
    redactor = Redactor(finders_of_speech() if message.turns else FINDERS)
    speakers = _speakers(message)
    written = (message.subject, "" if speakers else message.text, message.history, message.sender)
    files, decodings, facts = message.attachments, message.decodings, message.facts
    around = (*_written_on(files), *(decoding.declared for decoding in decodings), *facts.values())
    texts = (*written, *(turn.text for turn in message.turns), *around)
    clean = iter(redactor.redact_together(texts, [[0, 1], *_passages(message.turns, len(written))]))
    subject, text, history, sender = islice(clean, len(written))
    turns = tuple(replace(turn, text=next(clean)) for turn in message.turns)
    redacted = replace(
        message,
        subject=subject,
        text=_spoken(turns, speakers) if speakers else text,
        history=history,
        sender=sender,
        turns=turns,
        attachments=tuple(
            replace(file, name=next(clean), media_type=next(clean), detected=next(clean), text=next(clean)) for file in files
        ),
        decodings=tuple(replace(decoding, declared=next(clean)) for decoding in decodings),
        facts={name: next(clean) for name in facts},
    )
    return redacted, redactor.secrets


def _written_on(files: Iterable[Attachment]) -> Iterator[str]:
    for file in files:
        yield from (file.name, file.media_type, file.detected, file.text)


def _passages(turns: Sequence[Turn], offset: int) -> Iterator[list[int]]:
    """Yield the places of what each party says, and of the whole call in case a turn was given to the wrong one."""
    roles = tuple(dict.fromkeys(turn.role for turn in turns))
    for role in roles if len(roles) > 1 else ():
        yield [offset + place for place, turn in enumerate(turns) if turn.role == role]
    if turns:
        yield list(range(offset, offset + len(turns)))


def _speakers(message: Message) -> Collection[str]:
    """The roles whose turns make the text of a call; none when its text is its own."""
    roles = {turn.role for turn in message.turns}
    choices = ({"customer"}, roles - {"agent"}, roles)
    return next((choice for choice in choices if choice & roles and _spoken(message.turns, choice) == message.text), ())


def _spoken(turns: Iterable[Turn], roles: Collection[str]) -> str:
    return "\n".join(turn.text for turn in turns if turn.role in roles)
