"""Kind ``entities/bip39``: recovery phrases out of the standard's vectors and lists, in every disguise that people give them.

Layouts are tried with letterings, and both with one and two slips, each pair at every length; the phrases are made from the
lists by counting, so that a figure is the same whenever it is taken.
"""

from __future__ import annotations

import hashlib
import json
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any

from casework.message import Channel, Message, Source, Turn
from casework.redaction import redact_message
from local.evaluation.disguises import GLUED, LAYOUTS, LETTERINGS, slipped
from local.evaluation.row import Row, absent, most_common, share
from local.evaluation.trial import START

LENGTHS = (12, 15, 18, 21, 24)
EACH = 2
"""Phrases for every disguise and length."""

MEANT = {
    "english": "I cannot open my wallet any more.\n{}\nCan you look?",
    "japanese": "財布を開けなくなりました。\n{}\n確認をお願いします。",
}
CALLED = {
    "english": "I typed my recovery phrase into their page:\n{}\nCan you look?",
    "japanese": "相手のサイトに復元フレーズを入力しました。\n{}\n確認をお願いします。",
}
FILLERS = {
    "english": (" um ", ", next, ", ", and then ", ". Okay. The next word is "),
    "japanese": ("、えっと、", "、次、", "、次は、", "。それから、"),
}


@dataclass(frozen=True, slots=True)
class Trial:
    """One phrase in one disguise, and where it stands."""

    disguise: str
    words: tuple[str, ...]
    """As they should be read: what of them is left is looked for."""
    message: Message


def rows(kind: str, folder: Path) -> Iterator[Row]:
    """The vectors as they stand, then phrases of the lists in disguise."""
    yield from _vectors(kind, folder)
    for language in LETTERINGS:
        file = folder / f"{language}.txt"
        if file.is_file():
            yield from _disguised(kind, language, file.read_text(encoding="utf-8").split())


def _disguised(kind: str, language: str, listed: Sequence[str]) -> Iterator[Row]:
    for length in LENGTHS:
        phrases = [phrase(listed, f"{language} {length} {number}", length) for number in range(EACH)]
        yield _row(kind, f"{language}, {length} words, layouts by letterings", _drawn(language, phrases, LETTERINGS[language]))
    for slips in (1, 2):
        phrases = [phrase(listed, f"{language} slips {length}", length) for length in LENGTHS]
        yield _row(kind, f"{language}, {slips} slip(s), by layouts and letterings", _slips(language, phrases, slips, MEANT))
        yield _row(kind, f"{language}, {slips} slip(s), called a phrase", _slips(language, phrases, slips, CALLED))
    phrases = [phrase(listed, f"{language} split {length}", length) for length in LENGTHS]
    yield _row(kind, f"{language}, begun in the subject", _split(language, phrases))
    yield _row(kind, f"{language}, read out on the telephone", _spoken(language, phrases))


def _row(kind: str, measure: str, trials: Iterator[Trial]) -> Row:
    tried = list(trials)
    missed = Counter(trial.disguise for trial in tried if not _taken_out(trial))
    return share(kind, measure, len(tried) - missed.total(), len(tried), most_common(missed))


def phrase(listed: Sequence[str], name: str, length: int) -> list[str]:
    """A phrase whose checksum holds, out of a list of 2048 words."""
    entropy = hashlib.shake_256(name.encode()).digest(length * 4 // 3)
    bits = len(entropy) // 4
    number = int.from_bytes(entropy, "big") << bits | hashlib.sha256(entropy).digest()[0] >> (8 - bits)
    places = [number >> 11 * place & 2047 for place in reversed(range(length))]
    return [unicodedata.normalize("NFC", listed[place]) for place in places]


def _drawn(language: str, phrases: Sequence[Sequence[str]], letterings: Any) -> Iterator[Trial]:
    layouts = LAYOUTS | GLUED | ({"nothing": "".join} if language == "japanese" else {})
    for (layout, lay), (lettering, letter), words in product(layouts.items(), letterings.items(), phrases):
        text = MEANT[language].format(lay([letter(word) for word in words]))
        yield Trial(f"{layout} × {lettering}", tuple(words), _written(text))


def _slips(language: str, phrases: Sequence[Sequence[str]], slips: int, around: dict[str, str]) -> Iterator[Trial]:
    plain = LETTERINGS[language]["as listed"]
    pairs = [(layout, "as listed", lay, plain) for layout, lay in (LAYOUTS | GLUED).items()]
    pairs += [("in a row", lettering, LAYOUTS["in a row"], letter) for lettering, letter in LETTERINGS[language].items()]
    for number, ((layout, lettering, lay, letter), words) in enumerate(product(pairs, phrases)):
        typed = _with_slips(words, number, slips)
        text = around[language].format(lay([letter(word) for word in typed]))
        yield Trial(f"{layout} × {lettering}", tuple(typed), _written(text))


def _with_slips(words: Sequence[str], number: int, slips: int) -> list[str]:
    typed = list(words)
    for slip in range(slips):
        at = (number + slip * (len(words) // 2)) % len(words)
        typed[at] = slipped(typed[at], number + slip)
    return typed


def _split(language: str, phrases: Sequence[Sequence[str]]) -> Iterator[Trial]:
    for words, at, between in product(phrases, (1, 6, 11), (" ", ", ", "\u3000")):
        begun, rest = between.join(words[:at]), between.join(words[at:])
        yield Trial(f"after {at}", tuple(words), _written(rest + "\n" + MEANT[language].format(""), subject=begun))


def _spoken(language: str, phrases: Sequence[Sequence[str]]) -> Iterator[Trial]:
    for words, filler, turns in product(phrases, FILLERS[language], (1, 3)):
        cut = -(-len(words) // turns)
        said = [filler.join(words[at : at + cut]) for at in range(0, len(words), cut)]
        yield Trial(f"{filler.strip()} over {turns} turns", tuple(words), _said(said))


def _vectors(kind: str, folder: Path) -> Iterator[Row]:
    for file in sorted(folder.glob("*.json")):
        for language, vectors in json.loads(file.read_text(encoding="utf-8")).items():
            phrases = [found for vector in vectors if (found := _phrase(vector))]
            tried = [Trial("", tuple(each.split()), _written(MEANT["english"].format(each))) for each in phrases]
            yield _row(kind, f"recovery phrases taken out, {language}", iter(tried)) if tried else absent(kind, file.name)


def _phrase(vector: Any) -> str:
    """The longest run of words in a vector, wherever the file keeps it."""
    texts = vector.values() if isinstance(vector, dict) else vector
    return max((text for text in texts if isinstance(text, str)), key=lambda text: len(text.split()), default="")


def _written(text: str, subject: str = "") -> Message:
    return Message(source=Source(Channel.WEB_FORM, "vector", ""), received_at=START, subject=subject, text=text)


def _said(turns: Sequence[str]) -> Message:
    talk = [turn for said in turns for turn in (Turn("customer", said), Turn("agent", "Go on."))]
    return Message(source=Source(Channel.VOICE, "vector", ""), received_at=START, text="\n".join(turns), turns=tuple(talk))


def _taken_out(trial: Trial) -> bool:
    """Whether a phrase was named, and no word of it is left but those that people say around one."""
    clean, secrets = redact_message(trial.message)
    left = "\n".join((clean.subject, clean.text, *(turn.text for turn in clean.turns)))
    plain = _plain(left)
    mine = {word for word in trial.words if len(word) > 3 and _plain(word) in plain} - _AROUND
    return any(secret.kind == "seed_phrase" for secret in secrets) and not mine


def _plain(text: str) -> str:
    folded = unicodedata.normalize("NFKC", text.replace("\u200b", "").replace("\u309b", "\u3099")).lower()
    return "".join(chr(ord(each) - 0x60) if "ァ" <= each <= "ヶ" else each for each in folded)


_SAID = "open wallet look page phrase recovery seed typed into word next then more cannot that will again"
_AROUND = frozenset(_SAID.split())
