"""English or Japanese? From the script alone, with the channel's hint where the text is undecided."""

from __future__ import annotations

import re
from dataclasses import dataclass

CODES = ("en", "ja")

_KANA = re.compile("[\u3041-\u3096\u30a1-\u30fa\uff66-\uff9d]")
_HAN = re.compile("[\u4e00-\u9fff\u3400-\u4dbf]")
_LATIN = re.compile("[A-Za-z\u00c0-\u024f\uff21-\uff3a\uff41-\uff5a]")
_OTHER = re.compile("[\u0370-\u1fff\uac00-\ud7af]")
"""Greek and Cyrillic to the scripts of South and South-East Asia, and Hangul."""
_WORD = re.compile("[a-z\u00e0-\u024f]+")

_LETTERS_A_CHARACTER = 3
"""A Japanese character says about as much as three letters."""
_LONGEST_BARE_HAN = 12
"""Japanese without kana is a heading; longer than this it is Chinese."""

_ENGLISH_WORDS = (
    "the my we you your it is was are were not to of at for from and or but have has had did can they there their it's "
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
    kana, han = len(_KANA.findall(text)), len(_HAN.findall(text))
    latin, other = len(_LATIN.findall(text)), len(_OTHER.findall(text))
    if other > max(latin, (kana + han) * _LETTERS_A_CHARACTER):
        return Language(hint or "en", foreign=True)
    japanese = (kana + han) * _LETTERS_A_CHARACTER
    if not kana and japanese > latin and han > _LONGEST_BARE_HAN:
        return Language("ja", foreign=hint != "ja")
    if hint and latin <= 2 * japanese and japanese <= 2 * latin:
        return Language(hint)
    if japanese > latin:
        return Language("ja")
    return Language("en", foreign=_is_foreign(text))


def _is_foreign(text: str) -> bool:
    words = _WORD.findall(text[:4000].lower())
    english = sum(word in _ENGLISH for word in words)
    foreign = sum(word in _NOT_ENGLISH for word in words)
    return foreign >= 3 and foreign > 2 * english
