"""Words that mean one thing, in ``meanings/*.toml``: ``[name]`` with ``en`` and ``ja``, lists of words and short phrases.

They are no rules and decide nothing: the model learns what they are worth, and so knows words that no example has.
A Japanese word has no letters of the Latin script and no digits; words that have stand under ``en``, and work in both. A
single kana is none.
"""

from __future__ import annotations

import re
import tomllib
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from casework.classifier.grams import pieces
from casework.classifier.meanings import LONGEST_PHRASE, Meanings
from casework.errors import InvalidPolicy
from casework.text.reading import normalise

SHIPPED = Path(__file__).with_name("meanings")
_NAME = re.compile("[a-z][a-z0-9_]*")
_KANA = re.compile("[\u3041-\u30ff]")
_EXPECTED = {
    "en": f"1 to {LONGEST_PHRASE} words of the Latin script",
    "ja": "Japanese characters alone, and more than one kana",
}


def load(folder: Path = SHIPPED) -> Meanings:
    """Every meaning below a folder. Raises ``InvalidPolicy`` with file and key for the first that cannot be looked up."""
    names: defaultdict[str, list[str]] = defaultdict(list)
    for file in sorted(folder.glob("*.toml")):
        for name, words in _read(file):
            for word in words:
                if name not in names[word]:
                    names[word].append(name)
    return Meanings({word: " ".join(names[word]) for word in sorted(names)})


def _read(file: Path) -> Iterator[tuple[str, list[str]]]:
    try:
        tables = tomllib.loads(file.read_text(encoding="utf-8"))
    except ValueError as error:
        raise InvalidPolicy(file.name, "(file)", f"TOML ({error})") from error
    for name, table in tables.items():
        if not _NAME.fullmatch(name) or not isinstance(table, dict) or set(table) != {"en", "ja"}:
            raise InvalidPolicy(file.name, name, "a name in lower_case, with en and ja and nothing else")
        yield name, [_word(text, language, f"{name}.{language}", file) for language in ("en", "ja") for text in table[language]]


def _word(text: Any, language: str, key: str, file: Path) -> str:
    found = [piece for piece, _ in pieces(normalise(str(text)).text)]
    word = " ".join(found)
    able = word.isascii() and len(found) <= LONGEST_PHRASE if language == "en" else len(found) == 1 and _is_japanese(word)
    if not word or not able:
        raise InvalidPolicy(file.name, key, f"{_EXPECTED[language]}, not {text!r}")
    return word


def _is_japanese(word: str) -> bool:
    return not word.isascii() and not _KANA.fullmatch(word)
