"""Secrets as they are said: digits in words, and the words people put between the words of a phrase.

Read besides the other finders, on calls only: in writing nobody spells a card number, and looking for it would take time.
Codes and numbers that only their labels give away are looked for in a copy that has digits where digits were said.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate
from typing import NamedTuple

from casework.checksums import LuhnSums
from casework.redaction import card_numbers, credentials, personal_numbers, seed_phrases
from casework.redaction.card_numbers import LENGTHS, is_issued
from casework.text.dictation import in_katakana
from casework.text.finding import Finding
from casework.text.folding import Folded
from casework.text.patterns import compiled

_FILLER = (
    r"(?i)(?<![A-Za-z'])(?:u[mh]+|erm?|hmm+|and|then|is|the|okay|ok|so|comma|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth"
    r"|eleventh|twelfth|(?:thir|four|fif|six|seven|eigh|nine)teenth|twentieth|twenty)(?![A-Za-z'])"
    r"|え[っー]と|ええと|えー+と?|あのー?|んー?と|うーんと?|(?:その|お)?次の?(?:単語|言葉|ことば)?[はが]?|つぎ(?:の(?:単語|言葉|ことば))?[はが]"
    r"|それから|続いて|最後[はが]|最初[はが]|ですね"
)
"""What stands between the words of a phrase that is read out; none of it is on a word list."""

_ENGLISH_DIGITS = {
    "zero": "0", "oh": "0", "o": "0", "one": "1", "two": "2", "three": "3", "four": "4",
    "five": "5", "six": "6", "seven": "7", "eight": "8", "nine": "9",
}  # fmt: skip
_JAPANESE_DIGITS = {
    "ゼロ": "0", "れい": "0", "まる": "0", "いち": "1", "さん": "3", "よん": "4", "ろく": "6", "なな": "7", "しち": "7",
    "はち": "8", "きゅう": "9", "きゅー": "9", "に": "2", "し": "4", "ご": "5", "く": "9",
    "〇": "0", "零": "0", "一": "1", "二": "2", "三": "3", "四": "4", "五": "5", "六": "6", "七": "7", "八": "8", "九": "9",
}  # fmt: skip
_JAPANESE_DIGITS |= {in_katakana(word): digit for word, digit in _JAPANESE_DIGITS.items()} | {"ぜろ": "0", "キュー": "9"}
_TIMES = {"double": 2, "triple": 3}
_DIGIT = "|".join((*(f"{word}(?![A-Za-z])" for word in (*_TIMES, *_ENGLISH_DIGITS)), *_JAPANESE_DIGITS, "[0-9]{1,4}"))
_GAP = r"(?:[\s,.、。・の-]|(?:u[mh]+|erm?|and|then|okay|ok|dash|space)(?![A-Za-z])|えっと|えー|はい){0,12}+"
_RUN = rf"(?i)(?<![0-9A-Za-z])(?:(?>{_DIGIT}){_GAP}){{4,}}+"
_NUMBER_WORD = rf"(?i){_DIGIT}"

_FEWEST_WORDS = 4
"""With fewer digits in words the number is a written one, and the finder of those has judged it."""


class _Said(NamedTuple):
    digits: str
    start: int
    end: int
    in_words: bool


def find(text: str) -> Iterator[Finding]:
    """Find the phrases, card numbers, codes and personal numbers that a folded transcript spells out."""
    yield from seed_phrases.find(compiled(_FILLER).sub(lambda filler: " " * len(filler[0]), text))
    runs = [list(_said(text, *run.span())) for run in compiled(_RUN).finditer(text)]
    runs = [run for run in runs if sum(one.in_words for one in run) >= _FEWEST_WORDS]
    for run in runs:
        yield from _card_numbers(run)
    if runs:
        yield from _labelled(_in_digits(text, runs))


def _labelled(dictated: Folded) -> Iterator[Finding]:
    for finder in (credentials.find, personal_numbers.find, card_numbers.find):
        for finding in finder(dictated.text):
            start, end = dictated.original(finding.start, finding.end)
            yield finding._replace(start=start, end=end, echo="")


def _in_digits(text: str, runs: Iterable[Sequence[_Said]]) -> Folded:
    """The text with the digits of each run in one piece, as somebody would have written them."""
    pieces: list[str] = []
    origins: list[int] = []
    at = 0
    for run in runs:
        pieces.append(text[at : run[0].start])
        origins.extend(range(at, run[0].start))
        for said in run:
            pieces.append(said.digits)
            origins.extend([said.start] * len(said.digits))
        at = run[-1].end
    pieces.append(text[at:])
    origins.extend(range(at, len(text) + 1))
    return Folded("".join(pieces), origins)


def _said(text: str, start: int, end: int) -> Iterator[_Said]:
    """Yield the numbers of a run; "double four" is two digits."""
    times, begins = 1, -1
    for match in compiled(_NUMBER_WORD).finditer(text, start, end):
        word = match[0].lower()
        if word in _TIMES:
            times, begins = _TIMES[word], match.start()
            continue
        digits = _ENGLISH_DIGITS.get(word) or _JAPANESE_DIGITS.get(word) or word
        yield _Said(digits * times, match.start() if begins < 0 else begins, match.end(), in_words=digits != word)
        times, begins = 1, -1


def _card_numbers(run: list[_Said]) -> Iterator[Finding]:
    digits = "".join(said.digits for said in run)
    begins = {place: number for number, place in enumerate(accumulate((len(said.digits) for said in run), initial=0))}
    sums, done = LuhnSums(digits), 0
    for place, number in begins.items():
        ends = (place + length for length in LENGTHS if place + length in begins) if place >= done else ()
        end = next((end for end in ends if sums.hold(place, end) and is_issued(digits[place:end])), 0)
        if not end:
            continue
        said = run[number : begins[end]]
        if sum(one.in_words for one in said) >= _FEWEST_WORDS:
            yield Finding("card_number", digits[place:end], said[0].start, said[-1].end, verified=True)
            done = end
