"""Numbers that organisations give to a matter: tickets, withdrawals, orders, receipts; and our own public references."""

from __future__ import annotations

from collections.abc import Iterator

from casework.case import Entity
from casework.text.patterns import compiled

_OWN = "[Cc][Ww]-(?<![0-9A-Za-z-]...)([0-9A-Za-z]{4}-[0-9A-Za-z]{4}-[0-9A-Za-z]{4})(?![0-9A-Za-z-])"
_MISREAD = str.maketrans("OIL", "011")
"""Our references have none of these letters (Crockford's Base32)."""

_DIGITS = "[0-9]{3,}+[0-9A-Za-z-]*+"
_LEFT = "[0-9A-Za-z-]{0,31}[0-9A-Za-z]"
"""What stands before them in the same token, read backwards."""
_LONGEST = 40
_CODED = "(?P<series>[A-Z]{1,8})(?:-[0-9A-Z]+)+"
_NO_SERIES = (
    " AES BIP BEP CVE EIP ERC FAX FIPS GMT HTTP IEEE ISO JIS JST KB MD NIST PDT PST RFC RSA SHA SLIP TEL TLS TRC UTC UTF WIN X "
)
_DOOR = (
    r"(?:St|Street|Ave|Avenue|Rd|Road|Blvd|Dr|Drive|Ste|Suite|Apt|Unit|Broadway|Lane|Ln|Way|Floor|Fl)\.?,?(?: [A-Z]+ [0-9]+)? #\Z"
)
_MODEL = "(?!CASE|INC|REQ|REF|TKT)[A-Z]{1,4}-[0-9]{1,3}"
"""A model, a gate, a class; references have more digits, or are called one."""
_DATE = "(?:19|20)[0-9]{2}(?:-[0-9]{1,2}){0,2}|(?:19|20)[0-9]{6}"

_LABEL = (
    r"(?:(?:ticket|case|order|ref(?:erence)?|inquiry|enquiry|incident|booking|invoice|claim|complaint)s?"
    r"|(?:request|withdrawal|deposit|transaction|confirmation|application|tracking|transfer|payment|receipt)"
    r"(?=[ -]?(?:id|n|code|#|:)))"
    r"(?:[ -]?(?:id|no\.?|num(?:ber)?|code))?(?: is| was)?[ :.=#(\"']{0,3}\Z"
    r"|(?:受付|問い?合わ?せ|注文|チケット|取引|出金|入金|申請|管理|案件|予約|整理|照会|伝票|契約|申込み?|送金)"
    r"の?(?:番号|id|コード|no\.?)[ :は がの#「『(]{0,3}\Z"
)
"""What must stand before, in lower case."""
_LABEL_WORDS = (
    "ticket case order ref reference inquiry enquiry incident booking invoice claim complaint request withdrawal deposit"
    " transaction confirmation application tracking transfer payment receipt num number code"
)
_LABEL_ENDS = (
    "id",
    "no",
    "n",
    "is",
    "was",
    "番号",
    "コード",
    *_LABEL_WORDS.split(),
    *(f"{word}s" for word in _LABEL_WORDS.split()),
)
"""Ends of labels: a quick look, before the pattern is tried at thirty-two places."""
_AROUND_LABELS = " :.=#(\"'「『はがの"


def find(text: str) -> Iterator[Entity]:
    """Find the references of a folded text: in capitals, without a leading ``#``."""
    if "CW-" in text or "cw-" in text or "Cw-" in text:
        for match in compiled(_OWN).finditer(text):
            yield Entity("own_reference", "CW-" + match[1].upper().translate(_MISREAD), *match.span())
    for match in compiled(_DIGITS).finditer(text):
        start = match.start()
        if compiled("[0-9A-Za-z-]").match(text[start - 1 : start]) and (
            left := compiled(_LEFT).match(text[max(0, start - 32) : start][::-1])
        ):
            start -= left.end()
        token = text[start : match.end()].rstrip("-")
        if len(token) <= _LONGEST and _refers(text, start, token):
            yield Entity("reference", token.upper(), start, start + len(token))


def _is_colour(text: str, start: int, token: str) -> bool:
    return len(token) in (3, 6) and (not token.isdigit() or text[max(0, start - 2) : start - 1] in ('"', "'", ":"))


def _refers(text: str, start: int, token: str) -> bool:
    """Whether it is numbered (``#12345``), coded (``W-88121``) or called a reference by the words before it."""
    if text[max(0, start - 1) : start] == "#" and text[max(0, start - 2) : start - 1] != "&":
        return (
            token[-1].isdigit()
            and not _is_colour(text, start, token)
            and not compiled(_DOOR).search(text[max(0, start - 24) : start])
        )
    coded = compiled(_CODED).fullmatch(token)
    if coded:
        return f" {coded['series']} " not in _NO_SERIES and compiled(_MODEL).fullmatch(token) is None and "SHA" not in token
    before = text[max(0, start - 32) : start].lower()
    if not before.rstrip(_AROUND_LABELS).endswith(_LABEL_ENDS) or compiled(_DATE).fullmatch(token):
        return False
    return compiled(_LABEL).search(before) is not None
