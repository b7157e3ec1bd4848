"""English or Japanese? From the script alone, with the channel's hint where the text is undecided."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

CODES = ("en", "ja")

_WORD = re.compile("[a-z]+")
_FIRST_OF_OTHER_SCRIPTS = 0x0370
"""Where Latin ends: Greek, Cyrillic and all the scripts to the east of them follow."""
_MAX_CHARACTERS = 4000
"""Of a text: nobody changes their language after that, and history below does not count."""

_LETTERS_A_CHARACTER = 3
"""A Japanese character says about as much as three letters."""
_LONGEST_BARE_HAN = 12
"""Japanese without kana is a heading; longer than this it is Chinese."""

_ENGLISH_WORDS = (
    "the my we you your it is was are were not to of at for from and or but have has had did can they there their "
    "cannot this that with be been will please how what why when need want get"
)
_OTHER_WORDS = (
    "el la los las de que un una en por para con mi su se del der die das und ist nicht ich ein eine mit von auf le les "
    "et je vous est pas pour des du une dans il di che non per sono uma não os da em meu het een van ik niet"
)
_ENGLISH = frozenset(_ENGLISH_WORDS.split())
_NOT_ENGLISH = frozenset(_OTHER_WORDS.split())


@dataclass(frozen=True, slots=True)
class Language:
    """``code`` is the one of our two languages to answer in; ``foreign`` says that the text is in neither."""

    code: str
    foreign: bool = False


def language(text: str, hint: str = "") -> Language:
    """The language of a text. ``hint`` (``en`` or ``ja``; anything else is none) decides only what the text leaves open."""
    hint = hint if hint in CODES else ""
    scripts = _scripts(text[:_MAX_CHARACTERS])
    kana, han, latin, other = (scripts[name] for name in ("kana", "han", "latin", "other"))
    japanese = (kana + han) * _LETTERS_A_CHARACTER
    if other > max(latin, japanese):
        return Language(hint or "en", foreign=True)
    if not kana and japanese > latin and han > _LONGEST_BARE_HAN:
        return Language("ja", foreign=hint != "ja")
    if hint and latin <= 2 * japanese and japanese <= 2 * latin:
        return Language(hint)
    if japanese > latin:
        return Language("ja")
    return Language("en", foreign=_is_foreign(text))


def _scripts(text: str) -> Counter[str]:
    """How many characters of each script; each is looked at once, however often it stands there."""
    scripts: Counter[str] = Counter()
    for character, times in Counter(text).items():
        scripts[_script(character)] += times
    return scripts


def _script(character: str) -> str:
    """``kana``, ``han``, ``latin`` (any width), ``other``, or empty for what belongs to no script."""
    if character.isascii():
        return "latin" if character.isalpha() else ""
    code = ord(character)
    if 0x3041 <= code <= 0x30FA or 0xFF66 <= code <= 0xFF9D:
        return "kana"
    if 0x3400 <= code <= 0x9FFF:
        return "han"
    if not character.isalpha():
        return ""
    return "latin" if code < _FIRST_OF_OTHER_SCRIPTS or 0xFF21 <= code <= 0xFF5A else "other"


def _is_foreign(text: str) -> bool:
    words = _WORD.findall(text[:_MAX_CHARACTERS].lower())
    english = sum(word in _ENGLISH for word in words)
    foreign = sum(word in _NOT_ENGLISH for word in words)
    return foreign >= 3 and foreign > 2 * english
