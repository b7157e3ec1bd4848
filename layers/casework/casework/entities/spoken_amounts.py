"""Amounts as people say them on the telephone: "one point five bitcoin", 「さんびゃくまんえん」, 「一点五ビットコイン」."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from casework.case import Entity
from casework.entities.amounts import ONE, SCALES, code, spelt, written
from casework.text.patterns import compiled

_ONES = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen")
_TEENS = ("fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen")
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_VALUES = {word: value for value, word in enumerate(_ONES + _TEENS)} | {word: 10 * place for place, word in enumerate(_TENS, 2)}
_LARGE = {"thousand": 10**3, "grand": 10**3, "million": 10**6, "billion": 10**9}
_HUNDRED = 100
_LAST_WORDS = frozenset({*_VALUES, *_LARGE, "hundred", "a", "an", "half", "oh"})
_WORD = "|".join([*_VALUES, *_LARGE, "hundred", "and", "point", "half", "an?", "oh"])
_NUMBER = rf"(?<![0-9A-Za-z.,])(?:(?:{_WORD})[ -]{{1,2}}){{0,16}}(?:{_WORD})\Z"
_UNITS = (
    " dollar", " bucks", " quid", " euro", " pound", " yen", " bitcoin", " btc", " ethereum", " ether", " eth", " xrp", " ripple",
    " usdt", " tether", " litecoin", " solana", " dogecoin",
)  # fmt: skip
_WINDOW = 96

_KANA = {
    "いち": 1, "いっ": 1, "に": 2, "さん": 3, "よん": 4, "よ": 4, "ご": 5, "ろく": 6, "ろっ": 6, "なな": 7, "しち": 7, "はち": 8,
    "はっ": 8, "きゅう": 9, "く": 9, "ゼロ": 0, "れい": 0, "まる": 0, "じゅう": 10, "じゅっ": 10, "ひゃく": 100, "びゃく": 100,
    "ぴゃく": 100, "せん": 1000, "ぜん": 1000, "まん": 10**4, "おく": 10**8,
}  # fmt: skip
_DIGIT = "(?:いち|いっ|に|さん|よん|よ|ご|ろく|ろっ|なな|しち|はち|はっ|きゅう|く)"
_ROUND = rf"(?:{_DIGIT}?[せぜ]ん)?(?:{_DIGIT}?[ひびぴ]ゃく)?(?:{_DIGIT}?じゅ[うっ])?"
_WHOLE = rf"(?:{_ROUND}{_DIGIT}?おく)?(?:{_ROUND}{_DIGIT}?まん)?{_ROUND}"
_DECIMAL = rf"(?:{_DIGIT}|ゼロ|れい|まる)てん(?:{_DIGIT}|ゼロ|れい|まる){{1,8}}"
_KANJI_NUMBER = (
    "[〇零一二三四五六七八九十百千]{1,6}[点・][〇零一二三四五六七八九]{1,8}"
    "|(?<!第)[一二三四五六七八九十百千][一二三四五六七八九十百千万億]{0,9}"
)
_SAID = rf"(?:(?P<kanji>{_KANJI_NUMBER})|(?P<kana>{_DECIMAL}|(?={_DIGIT}|[せひじまお]){_WHOLE}{_DIGIT}?)) ?\Z"
_YEN = rf"(?P<kana>(?={_DIGIT}|[せひじまお]){_WHOLE})\Z"
_JAPANESE_UNITS = (
    "ビットコイン", "ビット コイン", "イーサ", "リップル", "ライトコイン", "ソラナ", "テザー", "ドル",
)  # fmt: skip
_LAST = "ちにんよごくなうっまるロい〇零一二三四五六七八九十百千万億 "
"""What a number in words ends with."""
_JAPANESE_WINDOW = 32


def find(text: str) -> Iterator[Entity]:
    """Find the amounts of a folded text whose numbers are words."""
    lowered = text.lower()
    if len(lowered) == len(text):
        for unit in _UNITS:
            for at in _places(lowered, unit):
                yield from _english(lowered, at, unit)
    if not text.isascii():
        for unit in _JAPANESE_UNITS:
            for at in _places(text, unit):
                yield from _japanese(text, at, unit, _SAID)
        for unit in ("えん", "円"):
            for at in _places(text, unit):
                if text[at - 1 : at] in ("ん", "く", "う"):
                    yield from _japanese(text, at, unit, _YEN)


def _places(text: str, word: str) -> Iterator[int]:
    at = text.find(word)
    while at >= 0:
        yield at
        at = text.find(word, at + len(word))


def _english(lowered: str, at: int, unit: str) -> Iterator[Entity]:
    last = compiled("[a-z]+\\Z").search(lowered[max(0, at - 12) : at])
    end = compiled("s?(?![0-9a-z])").match(lowered, at + len(unit))
    if end is None or last is None or last[0] not in _LAST_WORDS:
        return
    number = compiled(_NUMBER).search(lowered[max(0, at - _WINDOW) : at])
    if number is None:
        return
    said = compiled("(?:(?:and|oh)[ -]+)*").sub("", number[0], count=1)
    value = _counted(said.replace("-", " ").split())
    if value is not None:
        yield Entity("amount", f"{written(value)} {code(unit.strip())}", at - len(said), end.end())


def _japanese(text: str, at: int, unit: str, numbers: str) -> Iterator[Entity]:
    if text[at - 1 : at] not in _LAST:
        return
    match = compiled(numbers).search(text[max(0, at - _JAPANESE_WINDOW) : at])
    if match and match[0].strip():
        kanji = match.groupdict().get("kanji")
        value = _of_kanji(kanji) if kanji else _of_kana(match["kana"])
        name = "円" if numbers == _YEN else unit.replace(" ", "")
        yield Entity("amount", f"{written(value)} {code(name)}", at - len(match[0]), at + len(unit))


def _counted(words: Sequence[str]) -> int | None:
    """The number in parts of ``ONE``, or ``None`` for words that count nothing ("a bitcoin wallet")."""
    if not set(words) - {"a", "an", "and", "oh", "point"}:
        return None
    if words[0] == "half":
        rest = _counted(words[1:]) if set(words[1:]) - {"a", "an"} else ONE
        return None if rest is None else rest // 2
    scale = _LARGE.get(words[-1], 0)
    if scale and ("point" in words or "half" in words):
        before = _counted(words[:-1])
        return None if before is None else before * scale
    if list(words[-3:]) == ["and", "a", "half"]:
        before = _counted(words[:-3])
        return None if before is None else before + ONE // 2
    return _with_decimals(words)


def _with_decimals(words: Sequence[str]) -> int | None:
    if "point" not in words:
        return _whole(words)
    place = list(words).index("point")
    whole = _whole(words[:place]) if place else 0
    digits = [0 if word == "oh" else _VALUES.get(word, 10) for word in words[place + 1 :]]
    if whole is None or not digits or max(digits) > 9 or len(digits) > 18:
        return None
    return whole + _fraction(digits)


def _fraction(digits: Sequence[int]) -> int:
    """What stands after the decimal point, in parts of ``ONE``."""
    return sum(digit * (ONE // 10**place) for place, digit in enumerate(digits[:18], 1))


def _whole(words: Sequence[str]) -> int | None:
    total = section = 0
    for word in words:
        if word in _LARGE:
            total, section = total + (section or 1) * _LARGE[word], 0
        elif word == "hundred":
            section = (section or 1) * _HUNDRED
        elif word in _VALUES:
            joined = _joined(section, _VALUES[word])
            if joined is None:
                return None
            section = joined
        elif word not in ("a", "an", "and"):
            return None
    return (total + section) * ONE


def _joined(section: int, value: int) -> int | None:
    """Join twenty and five, two hundred and ten; digits one by one are a number of another kind."""
    if (
        section == 0
        or (section % _HUNDRED == 0 and value < _HUNDRED)
        or (section % 10 == 0 and section % _HUNDRED >= 20 and value < 10)
    ):
        return section + value
    return None


def _of_kanji(number: str) -> int:
    whole, _, decimals = number.replace("・", "点").partition("点")
    digits = ["〇一二三四五六七八九".index("〇" if digit == "零" else digit) for digit in decimals]
    return (0 if whole in ("〇", "零") else spelt(whole)) + _fraction(digits)


def _of_kana(number: str) -> int:
    whole, _, decimals = number.partition("てん")
    return _of_values(_values(whole)) * ONE + _fraction(_values(decimals))


def _values(kana: str) -> list[int]:
    return [_KANA[match[0]] for match in compiled("|".join(sorted(_KANA, key=len, reverse=True))).finditer(kana)]


def _of_values(values: list[int]) -> int:
    total = section = digit = 0
    for value in values:
        if value < 10:
            digit = value
        elif value < SCALES["万"]:
            section, digit = section + (digit or 1) * value, 0
        else:
            total, section, digit = total + (section + digit or 1) * value, 0, 0
    return total + section + digit
