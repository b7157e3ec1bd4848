"""Hosts compared: by the part that somebody registered, and by how they look.

The Public Suffix List says below which names strangers register (``co.jp``, ``github.io``). It comes with the package
``publicsuffixlist``, whose parser takes 70 ms to start; its file alone is read here, when the first host asks for it.
"""

from __future__ import annotations

import unicodedata
from functools import cache, lru_cache

from casework.text.patterns import compiled

_DOTS = "[\u3002\uff0e\uff61]"
"""What IDNA reads as a dot (RFC 3490, 3.1)."""
_MAX_HOST = 253
_KEPT = 1024
"""Hosts whose answer is kept: a wave of reports names a few, over and over."""


@lru_cache(_KEPT)
def registrable_domain(host: str) -> str:
    """Return the part of a host that its owner registered, in lower case and IDNA.

    ``""`` for what nobody registered: an IP address, a single label, a public suffix by itself, what is no host at all.
    """
    labels = ascii_host(host).split(".")
    if len(labels) < 2 or not all(labels) or ipv4(".".join(labels)):
        return ""
    owned = len(labels) - _suffix_length(labels)
    return ".".join(labels[owned - 1 :]) if owned else ""


def _suffix_length(labels: list[str]) -> int:
    """How many labels are the registry's: of the rules that match, an exception or else the longest; without any, one."""
    rules = _rules()
    for start in range(len(labels)):
        name = ".".join(labels[start:])
        if f"!{name}" in rules:
            return len(labels) - start - 1
        if name in rules or (start + 1 < len(labels) and f"*.{name.partition('.')[2]}" in rules):
            return len(labels) - start
    return 1


def is_top_level(label: str) -> bool:
    """Whether a registry answers for this last label of a host (lower case, IDNA), as far as the list knows."""
    return label in _rules() or f"*.{label}" in _rules()


@cache
def _rules() -> frozenset[str]:
    """The rules of the list in IDNA. The build leaves out its prose, and then reading it takes one or two milliseconds."""
    from importlib.util import find_spec  # most texts name no host
    from pathlib import Path

    package = find_spec("publicsuffixlist")
    if package is None or package.origin is None:
        raise ModuleNotFoundError("publicsuffixlist", name="publicsuffixlist")
    text = Path(package.origin).with_name("public_suffix_list.dat").read_text(encoding="utf-8")
    return frozenset(text.split("\n") if text.isascii() else _parsed(text))


def _parsed(text: str) -> list[str]:
    lines = (line.strip() for line in text.splitlines())
    return [_label_by_label(line) for line in lines if line and not line.startswith("//")]


def _label_by_label(rule: str) -> str:
    """Rules are in lower case and composed already, so that Punycode is all that is left of IDNA."""
    if rule.isascii():
        return rule
    return ".".join(label if label.isascii() else "xn--" + label.encode("punycode").decode() for label in rule.lower().split("."))


def ascii_host(host: str) -> str:
    """Return a host in lower case and IDNA, without a dot at its end; what IDNA does not take is folded alone."""
    name = host.strip().lower()[: _MAX_HOST + 1].removesuffix(".")
    if name.isascii():
        return name
    name = compiled(_DOTS).sub(".", name)
    try:
        return name.encode("idna").decode()
    except UnicodeError:
        return name.casefold()  # as IDNA would have folded it


def ipv4(host: str) -> str:
    """Return the dotted address that a browser goes to for this host, in any of the forms it takes, or ``""`` for a name.

    One to four numbers, decimal, octal or hexadecimal, the last filling what is left (WHATWG URL, "IPv4 parser").
    """
    parts = host.removesuffix(".").split(".")
    if len(parts) > 4 or not compiled("0[xX][0-9A-Fa-f]{0,8}|[0-9]{1,12}").fullmatch(parts[-1]):
        return ""
    numbers = [_number(part) for part in parts]
    if min(numbers) < 0 or any(number > 255 for number in numbers[:-1]) or numbers[-1] >= 256 ** (5 - len(parts)):
        return ""
    whole = sum(number << 8 * (3 - place) for place, number in enumerate(numbers[:-1])) + numbers[-1]
    return ".".join(str(octet) for octet in whole.to_bytes(4, "big"))


def _number(part: str) -> int:
    if compiled("0[xX][0-9A-Fa-f]{0,8}").fullmatch(part):
        return int(part[2:] or "0", 16)
    if compiled("0[0-7]{1,11}").fullmatch(part):
        return int(part, 8)
    return int(part) if compiled("0|[1-9][0-9]{0,11}").fullmatch(part) else -1


_LOOKS = {
    "a": "аαɑ4", "b": "ьвβƅ8", "c": "сϲᴄҫ", "d": "ԁժđɗ", "e": "еєε3ɛҽ", "f": "ƒ", "g": "ɡցɢ9ǥ", "h": "һհнħ", "j": "јϳ",
    "k": "кκĸқ", "l": "i1ıɩіӏιłɪʟ|ǀɭ", "m": "мᴍ", "n": "пոռηɴŋ", "o": "оοօøσ0ᴏө", "p": "рρþ", "q": "ԛզգ", "r": "гᴦɼʀ",
    "s": "ѕꜱ5ʂ", "t": "тτŧ7ᴛ", "u": "υսᴜʋμ", "v": "ѵνᴠ", "w": "ԝωաѡᴡш", "x": "хχҳ", "y": "уүγʏ", "z": "ᴢʐƶ",
    "ae": "æ", "oe": "œ", "ss": "ß", "ー": "一", "ロ": "口", "カ": "力", "ニ": "二", "エ": "工", "ト": "卜", "タ": "夕",
    "へ": "ヘ", "-": "‐‑‒–—−",
}  # fmt: skip
"""What is taken for a letter at a glance, in lower case: Cyrillic, Greek, Armenian, small capitals, figures, strokes."""


@lru_cache(_KEPT)
def skeleton(host: str) -> str:
    """Return how a host looks: two hosts that a hurried reader takes for one have one skeleton.

    ``bіnance.com`` (Cyrillic і), ``blnance.com`` and ``xn--bnance-pvf.com`` all give ``blnance.com``. It is for comparing
    alone, and folds more than is alike in every typeface: equal skeletons of different hosts are a suspicion, no proof.
    """
    letters = unicodedata.normalize("NFKD", unicode_host(host)).translate(_confusable())
    bare = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return bare.replace("rn", "m").replace("vv", "w").replace("cl", "d")


@cache
def _confusable() -> dict[int, str]:
    return {ord(look): letter for letter, looks in _LOOKS.items() for look in looks}


def unicode_host(host: str) -> str:
    """Return a host as a browser's user would read it: Punycode undone where it is well-formed."""
    return ".".join(_unicode_label(label) for label in ascii_host(host).split("."))


def _unicode_label(label: str) -> str:
    if not label.startswith("xn--"):
        return label
    try:
        return label[4:].encode().decode("punycode")
    except UnicodeError:
        return label
