"""What stands in a text and tells nothing of its matter: politeness, links, the labels of a form."""

from __future__ import annotations

from casework.text.patterns import compiled

_POLITE_JA = (
    r"(?:いつも|大変)?お世話に(?:なって(?:おり|い)ます|なります)|お忙しい(?:ところ|中)|お手数(?:を|です(?:が)?)?|恐れ入りますが?"
    r"|(?:ご?(?:確認|対応|回答|返信|連絡|検討))?(?:の(?:程|ほど))?を?(?:どうぞ)?(?:宜しく|よろしく)?お願い(?:いた|致)?し?ます"
    r"|(?:宜しく|よろしく)お願い|すみません|申し訳(?:ありません|ございません)が?|はじめまして|こんにちは|もしもし|早急に|至急"
)
_POLITE_EN = (
    r"\b(?:i hope (?:you are|you're|this finds you|all is) (?:doing )?well|(?:kind|best|warm|many) (?:regards|wishes)"
    r"|thank(?:s| you)(?: (?:very|so) much)?(?: in advance)?|as soon as possible|asap|yours (?:sincerely|faithfully|truly)"
    r"|(?:hello|hi|dear|good (?:morning|afternoon|evening))(?: (?:there|support|customer|team|sir|madam|all))*)\b"
)
_LINK = r"\b(?:[a-z][a-z0-9+.-]{1,9}://|www\.)[!-~]*"
"""Links are compared as links: their parts say nothing of what a text says."""
_LABEL = r"(?m)^[ \t>*#-]*[^\s:：。、]{1,16}(?: [^\s:：。、]{1,16}){0,3}[ \t]?[:：](?!//)"
"""What stands before the colon at the beginning of a line."""
_FORM = 3
"""Lines with a label that make a form."""


def unadorned(plain: str) -> str:
    """A text in small letters without all that."""
    if "://" in plain or "www." in plain:
        plain = compiled(_LINK).sub(" ", plain)
    plain = compiled(_POLITE_EN).sub(" ", _unlabelled(plain))
    return plain if plain.isascii() else compiled(_POLITE_JA).sub(" ", plain)


def _unlabelled(plain: str) -> str:
    if plain.count(":") + plain.count("：") < _FORM:
        return plain
    shorter, labels = compiled(_LABEL).subn(" ", plain)
    return shorter if labels >= _FORM else plain
