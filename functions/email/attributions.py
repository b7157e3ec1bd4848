"""The line a client puts above a quotation: "On … wrote:", in the languages of clients, on one line or wrapped.

There is no pattern per client. A line that ends in a colon or in a verb of saying is weighed by what is in it: the verb, a date,
a time, an address. Clients write at least two of them; people who write about a mail also write "I", "your" or a full sentence.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

LINES = 4
"""Lines an attribution is wrapped over, at most."""
_MAX_LINE = 300
_MAX_LENGTH = 400
_MAX_NAME = 80
_MAX_GAP = 6
"""Characters between an address and the verb."""

ENDINGS = (
    *(":", "：", "wrote", "writes", "schrieb", "geschrieben", "écrit", "escribió", "scritto", "schreef", "geschreven"),
    *("escreveu", "skrev", "kirjoitti", "napsal", "napsal(a)", "napisał", "napisał(a)", "yazdı", "писал", "написал", "写道"),
    *("寫道", "작성", "썼습니다", "書きました", "書きました。", "書かれました", "書かれました。", "のメール", "のメッセージ"),
    *("のメールより", ">"),
)
"""How the last line of an attribution ends, less dashes and emphasis."""
_MAX_ENDING = 24

_DECORATION = " \t\xa0\u202f*_-‐–—~"
LAST = frozenset((*_DECORATION, *(ending for ending in ENDINGS if len(ending) == 1)))
LAST_TWO = frozenset(ending[-2:] for ending in ENDINGS)
"""The last characters of a line with which an attribution may end are in one of these; those of hardly any other line are."""
_VERBS = frozenset(
    (
        *("wrote", "writes", "written", "said", "quoting", "excerpts", "schrieb", "schreibt", "geschrieben", "zitat", "écrit"),
        *("écrivait", "escribió", "escribio", "scritto", "scrisse", "schreef", "geschreven", "escreveu", "escrito", "citando"),
        *("citeren", "cytowanie", "skrev", "skreiv", "skrifaði", "kirjoitti", "napsal", "napsala", "napsal(a)", "napísal"),
        *("napísala", "napísal(a)", "napisał", "napisała", "napisał(a)", "napisao", "napisana", "pisze", "yazdı", "yazdi"),
        *("yazmış", "írta", "scris", "menulis", "viết", "kirjutas", "rašė", "rakstīja", "έγραψε", "пишет", "писал", "писала"),
        *("писал(а)", "написал", "написала", "написал(а)", "цитирую", "пише", "написав", "написала", "كتب", "כתב"),
    )
)
_WORD = re.compile(r"[^\W\d_]+(?:\([aа]\))?")


@cache
def _eastern_verbs() -> re.Pattern[str]:
    return re.compile(
        r"写道|寫道"
        r"|(?:さん|様|氏)?\s?(?:は|が)?\s?(?:次のように|以下のように)?\s?(?:書きました|書かれました|書いています|述べました|記載しました)"
        r"|(?:から)?の(?:メール|メッセージ)(?:より)?|님이\s?(?:작성|쓴\s?글|썼습니다)|작성|씀|쓴\s?글|เขียนว่า"
    )


_EASTERN_STEMS = re.compile("写道|寫道|書|述べました|記載しました|のメ|작성|씀|쓴|썼습니다|เขียนว่า")
"""One of them is in every such verb."""

_ADDRESS = r"[^\s<>@()\[\]\"]{1,64}@[^\s<>@()\[\]\"]{1,255}"


@cache
def _bracketed() -> re.Pattern[str]:
    return re.compile(rf"[<(\[]\s*(?:mailto:)?{_ADDRESS}\s*[>)\]]+\"?\s?[:：]?$", re.IGNORECASE)


@cache
def _after_date() -> re.Pattern[str]:
    return re.compile(rf"\d.*{_ADDRESS}\s?[:：]$")


_HAS_ADDRESS = re.compile(r"@(?<=[^\s<>@]@)[^\s<>@]")
_REST_OF_WORD = re.compile(r"[^\s<>()\[\]\"]*")


@cache
def _date() -> re.Pattern[str]:
    """Every alternative begins with one and the same figure, so that what is none is passed over quickly."""
    return re.compile(
        r"\d(?:(?<!\d\d)(?:(?<=1)9|(?<=2)0)\d\d(?!\d)|(?<!\d\d)\d?\s?[./-]\s?\d{1,2}\s?[./-]\s?(?:\d{4}|\d\d)(?!\d)"
        r"|\d?\s?[月월]\s?\d{1,2}\s?[日일])"
    )


@cache
def _time() -> re.Pattern[str]:
    return re.compile(r"\d(?:(?<!\d\d)\d?\s?(?:[:：.h時시点]|uhr)\s?\d{2}(?!\d)|\d?\s?時|\s?[ap]\.?m\b)", re.IGNORECASE)


@cache
def _opening() -> re.Pattern[str]:
    return re.compile(
        r"[\s>*_-]*(?:(?:on|am|at|le|el|il|op|em|den|på|dnia|w dniu|pada|vào|dne|in data|no dia|il giorno|a|lúc|в|wiadomość)\b"
        r"|\S{0,14}[,.]?\s?\(?\d|在|于|於|date)",
        re.IGNORECASE,
    )


@cache
def _opens_dated() -> re.Pattern[str]:
    return re.compile(
        r"(?:on|am|at|le|el|il|op|em|den|på|dnia|w dniu|dne|in data|no dia|il giorno)\s[^\d]{0,25}\d", re.IGNORECASE
    )


_DATED = re.compile(r"\d{4}年\d{1,2}月\d{1,2}日\s?\(\w\) \d{1,2}:\d\d [^<>@\d]{1,40}<[A-Za-z0-9._+-]{1,64}@[A-Za-z0-9.-]{1,64}>:")
"""What most Japanese clients write: date, time, name and address, in which nothing has to be looked for but prose."""

_PROSE_WORDS = frozenset(
    (
        *("i've", "my", "we", "our", "your", "their", "ich", "mir", "mein", "meine", "meinen", "meinem", "meiner", "ihr", "ihre"),
        *("ihrem", "ihren", "unser", "unsere", "votre", "notre", "nuestro", "nuestra", "vuestro", "vuestra"),
    )
)
_PROSE = re.compile("[?!？！。私届頂]|御社|貴社|弊社|受け取|受信し|いただ|送金|出金|について")
"""Words of somebody who writes about a mail, which clients never write."""


@cache
def _stamp() -> re.Pattern[str]:
    """Gmail's, with neither verb nor colon. Who lists transactions has more in the line, and more such lines."""
    return re.compile(r"\d{4}-\d\d-\d\d \d{1,2}:\d\d (?:GMT|UTC)[+-]\d\d:?\d\d [^\d\s:][^\d:@]{1,60}")


_SENTENCE_END = (".", "!", "?", "。", "！", "？", ":", "：", "、")

NONE, LIKELY, CERTAIN, DATED = range(4)
"""What a line is: no attribution; one if a quotation is below it; one in any case; one in any case that is complete."""


def ends_at(line: str) -> bool:
    """Whether an attribution may end with this line."""
    return line[-_MAX_ENDING:].rstrip(_DECORATION).endswith(ENDINGS)


def find(lines: Sequence[str], low: int, end: int) -> tuple[int, int]:
    """Find the attribution that ends with line ``end`` and starts at ``low`` or later: its start and how sure it is.

    What is nearest to the end wins, unless only the line above brings the date: customers write right above it.
    """
    best = (end, NONE)
    joined = ""
    for start in range(end, max(low, end - LINES + 1) - 1, -1):
        line = lines[start].strip()
        if not line or len(line) > _MAX_LINE or (start < end and not _goes_on(line)):
            break
        joined = f"{line} {joined}" if joined else line
        weight = strength(joined)
        if weight > best[1] and (start == end or _may_start(line, best[1])):
            best = (start, weight)
        if best[1] == DATED:
            break
    return _with_name(lines, low, best)


def strength(joined: str) -> int:
    """Weigh lines, joined: ``NONE``, ``LIKELY``, ``CERTAIN`` or ``DATED``."""
    said = " ".join(joined.split()).strip(_DECORATION)
    if len(said) > _MAX_LENGTH:
        return NONE
    if len(said) <= _MAX_NAME and _DATED.fullmatch(said):
        return NONE if _is_prose(said) else DATED
    has_colon = said.endswith((":", "："))
    has_address, has_date = bool(_HAS_ADDRESS.search(said)), bool(_date().search(said))
    if verb := _last_verb(said):
        return _spoken(said, verb, has_address=has_address, has_date=has_date)
    if has_date and has_address and _ends_with_address(said) and _has_time(said) and not _is_prose(said):
        return DATED if has_colon or said[0].isdigit() else LIKELY
    return LIKELY if has_colon and (has_date or has_address) and not _is_prose(said) else NONE


def _ends_with_address(said: str) -> bool:
    """Whether an address is right before the colon, as no sentence has it."""
    return bool(_bracketed().search(said) or (said[0].isdigit() and _after_date().match(said)))


def _has_time(dated: str) -> bool:
    return bool(_time().search(_date().sub(" ", dated)))


def may_have_stamp(text: str) -> bool:
    """Tell quickly whether any line of a text may be a ``stamp``."""
    return "GMT" in text or "UTC" in text


def stamp(lines: Sequence[str]) -> int:
    """Find the only line that is a date and a name, between empty lines; -1 if there is none or there are more.

    Alone among the marks of history, it depends on what is far below.
    """
    found = [at for at, line in enumerate(lines) if line[:2] in ("19", "20") and _stamp().fullmatch(line.strip())]
    if len(found) != 1:
        return -1
    at = found[0]
    above, below = at == 0 or not lines[at - 1].strip(), at + 1 == len(lines) or not lines[at + 1].strip()
    return at if above and below else -1


def _spoken(said: str, verb: tuple[str, int, int], *, has_address: bool, has_date: bool) -> int:
    if len(said) - verb[2] > _MAX_NAME or _is_prose(said):
        return NONE
    if has_date and (has_address or _has_time(said)):
        return DATED
    if has_address and len(said) <= 2 * _MAX_NAME and _is_beside(said, verb):
        return CERTAIN
    if has_date:
        return DATED if _opens_dated().match(said) and len(said) <= _MAX_NAME else LIKELY
    return CERTAIN if "書" in verb[0] and said[-1] in ":：" and len(said) <= _MAX_NAME else LIKELY


def _is_beside(said: str, verb: tuple[str, int, int]) -> bool:
    """Whether the address is who says it: right before the verb, or anywhere after. Machines "say" things, too."""
    address = said.rfind("@", 0, verb[1])
    if verb[0] == "said" or address < 0:
        return verb[0] != "said"
    rest = _REST_OF_WORD.match(said, address)
    return rest is not None and verb[1] - rest.end() <= _MAX_GAP


def _last_verb(said: str) -> tuple[str, int, int] | None:
    """Find the last verb of saying: what it is, where it starts and where it ends."""
    end = said.rstrip(":：")
    last = end.rpartition(" ")[2].lower()
    if last in _VERBS:
        return last, len(end) - len(last), len(end)
    if _VERBS.isdisjoint(map(str.lower, _WORD.findall(said))):
        found = _last_eastern_verb(said)
    else:
        words = reversed(list(_WORD.finditer(said)))
        found = next((word for word in words if word[0].lower() in _VERBS), None)
    return (found[0].lower(), *found.span()) if found else None


def _last_eastern_verb(said: str) -> re.Match[str] | None:
    if said.isascii() or not _EASTERN_STEMS.search(said):
        return None
    found = None
    for verb in _eastern_verbs().finditer(said):
        found = verb
    return found


def _is_prose(said: str) -> bool:
    words = [word for word in said.split() if "@" not in word]
    if "I" in words or not _PROSE_WORDS.isdisjoint(map(str.lower, words)):
        return True
    return bool(_PROSE.search("".join(words).removesuffix("。")))


def _goes_on(line: str) -> bool:
    """Whether an attribution may go on after this line: it is no sentence and no quotation."""
    return not line.endswith(_SENTENCE_END) and line[0] not in ">＞"


def _may_start(line: str, so_far: int) -> bool:
    """Whether an attribution of several lines may start with this one; it must, once what is below is one by itself."""
    if _opening().match(line):
        return True
    return so_far in (NONE, LIKELY) and ("@" in line or bool(_last_verb(line)))


def _with_name(lines: Sequence[str], low: int, found: tuple[int, int]) -> tuple[int, int]:
    """Add the line above when it breaks off before the address: ``Name <``."""
    start, weight = found
    return (start - 1, weight) if weight and start > low and lines[start - 1].rstrip().endswith("<") else found
