"""The ways in which people write down a recovery phrase: how its words are laid out, how they are lettered, what slips in."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Sequence

Layout = Callable[[Sequence[str]], str]
Lettering = Callable[[str], str]

KANJI = "一二三四五六七八九十"
KEYCAP = "\ufe0f\u20e3"
ORDINALS = ("th", "st", "nd", "rd")


def numbered(form: str, between: str = "\n") -> Layout:
    """Number the words from one, in a form that names ``number`` and ``word``."""
    return lambda words: between.join(form.format(number=number, word=word) for number, word in enumerate(words, 1))


def wrapped(form: str, around: str = "{}", between: str = "") -> Layout:
    """Put every word into a form, and all of them into another."""
    return lambda words: around.format(between.join(form.format(word) for word in words))


def in_kanji(number: int) -> str:
    """Write a number up to 99 as Japanese counts."""
    tens, ones = divmod(number, 10)
    return (KANJI[tens - 1] if tens > 1 else "") + ("十" if tens else "") + (KANJI[ones - 1] if ones else "")


def circled(number: int) -> str:
    """The one character for a number up to 35."""
    return chr(0x2460 + number - 1) if number <= 20 else chr(0x3251 + number - 21)


def ordinal(number: int) -> str:
    """``1st``, ``12th``."""
    return f"{number}{ORDINALS[number % 10] if number % 10 < 4 and number not in {11, 12, 13} else 'th'}"


def _each(name: Callable[[int], str], form: str, between: str) -> Layout:
    return lambda words: between.join(form.format(name(number), word) for number, word in enumerate(words, 1))


def _in_columns(words: Sequence[str]) -> str:
    return "\n".join("".join(f"{word:<12}" for word in words[at : at + 3]) for at in range(0, len(words), 3))


def _in_numbered_columns(words: Sequence[str]) -> str:
    cells = [f"{number}. {word}" for number, word in enumerate(words, 1)]
    return "\n".join("\t".join(cells[at : at + 4]) for at in range(0, len(cells), 4))


def _mixed_numbers(words: Sequence[str]) -> str:
    return " ".join(f"{number}{'.' if number % 2 else ')'} {word}" for number, word in enumerate(words, 1))


def _folded_lines(words: Sequence[str]) -> str:
    return "\r\n".join(" ".join(words[at : at + 5]) for at in range(0, len(words), 5))


LAYOUTS: dict[str, Layout] = {
    "in a row": " ".join,
    "commas": ", ".join,
    "ideographic commas": "、".join,
    "full stops": ". ".join,
    "semicolons": ";".join,
    "slashes": "/".join,
    "pipes": " | ".join,
    "arrows": " → ".join,
    "typed arrows": " -> ".join,
    "plus signs": " + ".join,
    "U+3000": "\u3000".join,
    "no-break spaces": "\u00a0".join,
    "dots between": "・".join,
    "dots of leaders": " … ".join,
    "one to a line": "\n".join,
    "blank lines": "\r\n\r\n".join,
    "two blank lines": "\n\n\n".join,
    "folded lines": _folded_lines,
    "columns": _in_columns,
    "numbered columns": _in_numbered_columns,
    "quoted": wrapped("> {}", between="\n"),
    "quoted twice": wrapped(">> {}", between="\n"),
    "bullets": wrapped("* {}", between="\n"),
    "quotation marks": wrapped("“{}”", between=", "),
    "Japanese brackets": wrapped("「{}」"),
    "JSON": wrapped('"{}"', "[{}]", ", "),
    "numbers and stops": numbered("{number}. {word}"),
    "numbers and either": _mixed_numbers,
    "numbers in brackets": numbered("({number}) {word}", " "),
    "numbers in square brackets": numbered("[{number}] {word}", " "),
    "numbers with hashes": numbered("#{number} {word}", ", "),
    "numbers and equals signs": numbered("{number}={word}", "&"),
    "numbers behind": numbered("{word}({number})", " "),
    "numbers glued": numbered("{number}{word}", " "),
    "numbers with zeros": numbered("{number:02d}: {word}"),
    "circled numbers": _each(circled, "{}{}", " "),
    "keycaps": numbered("{number}" + KEYCAP + " {word}"),
    "ordinals": _each(ordinal, "{}: {}", "\n"),
    "counted words": numbered("Word {number}: {word}"),
    "counted words in a table": numbered("| Word {number} | {word} |"),
    "kanji counters": _each(in_kanji, "{}つ目は「{}」", "、"),
    "kanji ordinals": _each(in_kanji, "{}番目：{}", "\n"),
    "kanji numbers": _each(in_kanji, "{}、{}", "\n"),
    "digits and counters": numbered("{number}つ目の単語は{word}", "、"),
    "HTML list": wrapped("<li>{}</li>", "<ol>{}</ol>"),
    "HTML table": wrapped('<td style="padding:4px 8px; border:1px solid #ccc">{}</td>', "<table><tr>{}</tr></table>"),
    "HTML breaks": wrapped("{}", between="<br>"),
    "HTML numbers": numbered("<b>{number}.</b>&nbsp;{word}<br/>", "\r\n"),
}
GLUED: dict[str, Layout] = {"hyphens": "-".join, "underscores": "_".join, "full-width hyphens": "－".join}


def full_width(text: str) -> str:
    """Every visible ASCII character in its full-width form."""
    return "".join(chr(ord(each) + 0xFEE0) if "!" <= each <= "~" else each for each in text)


def _bold(text: str) -> str:
    return "".join(chr(0x1D41A + ord(each) - ord("a")) if "a" <= each <= "z" else each for each in text)


def _katakana(text: str) -> str:
    return "".join(chr(ord(each) + 0x60) if "ぁ" <= each <= "ゖ" else each for each in text)


_HALF = {unicodedata.normalize("NFKC", chr(half)): chr(half) for half in range(0xFF66, 0xFF9E)}


def half_width(text: str) -> str:
    """Kana in half-width katakana, with the voicing marks as characters of their own."""
    marks = {"\u3099": "\uff9e", "\u309a": "\uff9f"}
    apart = unicodedata.normalize("NFD", _katakana(text))
    return "".join(_HALF.get(each, marks.get(each, each)) for each in apart)


def _spacing_marks(text: str) -> str:
    return unicodedata.normalize("NFD", text).replace("\u3099", "\u309b").replace("\u309a", "\u309c")


LETTERINGS: dict[str, dict[str, Lettering]] = {
    "english": {
        "as listed": str,
        "capitals": str.upper,
        "title case": str.title,
        "full width": full_width,
        "full-width capitals": lambda word: full_width(word.upper()),
        "mathematical bold": _bold,
        "first four letters": lambda word: word[:4],
        "unseen joiner": lambda word: f"{word[:2]}\u200b{word[2:]}",
    },
    "japanese": {
        "as listed": str,
        "NFKD": lambda word: unicodedata.normalize("NFKD", word),
        "spacing voicing marks": _spacing_marks,
        "katakana": _katakana,
        "half-width katakana": half_width,
        "unseen joiner": lambda word: f"{word[:2]}\u200b{word[2:]}",
    },
}


def slipped(word: str, how: int) -> str:
    """A word with one slip of the finger: a letter dropped, doubled, swapped with the next or another one typed."""
    at = 1 + how % (len(word) - 2) if len(word) > 2 else 0
    other = "x" if word.isascii() else "ん"
    slips = (
        word[:at] + word[at + 1 :],
        word[:at] + word[at] + word[at:],
        word[:at] + word[at + 1 : at + 2] + word[at] + word[at + 2 :],
        word[:at] + other + word[at + 1 :],
    )
    return slips[how % len(slips)]
