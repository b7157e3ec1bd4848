"""What a customer wrote now, apart from what came along: quoted mail, headers of forwarded mail, signatures.

Works line by line on plain text (HTML arrives with its quotations marked ``> ``). Three kinds of history:
single lines (quoted, a telephone's signature), an introduction with the quotation below it ("On … wrote:"), and everything
from a separator on ("-----Original Message-----", a block of headers). Nothing is ever lost, and never is all of it history.
"""

from __future__ import annotations

import re

_MAX_LINE = 600
"""Longer lines are prose: none of the patterns is tried on them."""
_MAX_INTRODUCTION = 400
_INTRODUCTION_LINES = 4
_SIGNATURE_LINES = 15
"""A lone ``--`` begins a signature only this near to the end of what is not quoted; before that it divides a text."""
_LOOK_AHEAD = 60
_MIN_HEADERS = 3
_BLOCK_LINES = 8
_MAX_LABEL = 40

_ADDRESS = r"<?[^\s<>@]{1,64}@[^\s<>@]{1,255}>?"
_WROTE = (
    r"wrote|writes|schrieb|a\ écrit|escribió|ha\ scritto|schreef|escreveu|skrev|napisał(?:\(a\))?|napsal(?:\(a\))?"
    r"|menulis|viết|пишет|писал\(а\)|написала?|写道|寫道"
)
_WROTE_JA = (
    r"(?:さん|様|氏)?\s?(?:は|が)?\s?(?:次のように|以下のように)?\s?(?:書きました|書かれました|述べました|記載しました)|のメール"
)

_QUOTED = re.compile(r"[ \t]*[>＞]")
_INTRODUCTION_ENDS = (
    *(":", "：", "wrote", "writes", "schrieb", "écrit", "escribió", "scritto", "schreef", "escreveu", "skrev", "写道", "寫道"),
    *("書きました", "書きました。", "書かれました", "書かれました。", "のメール", ">"),
)
_INTRODUCTION = re.compile(
    rf"""
      (?:On|Am|At|Le|El|Il|Op|Em|Den|På|Dnia|W\ dniu|Pada|Vào|Dne)\b .{{4,300}}? \b(?:{_WROTE}) (?:\s.{{1,80}}?)? \s?[:：]?
    | \d{{4}}\s?[年/.-]\s?\d{{1,2}}\s?[月/.-]\s?\d{{1,2}} .{{0,250}}? (?:{_ADDRESS}|{_WROTE_JA}|{_WROTE}) \s?[:：。]?
    | .{{1,120}}? (?:さん|様|氏)\s?(?:は|が)\s?(?:次のように|以下のように)?\s?(?:書きました|書かれました|述べました)\s?[:：。]?
    | .{{0,120}}? {_ADDRESS} \s (?:{_WROTE}) .{{0,80}}? \s?[:：]
    | 在\ ?.{{4,200}}[写寫]道\s?[:：]
    """,
    re.VERBOSE | re.IGNORECASE,
)
_OPENING = re.compile(r"\s*(?:(?:On|Am|At|Le|El|Il|Op|Em|Den|På|Dnia|W dniu|Pada|Vào|Dne)\b|\d)", re.IGNORECASE)
_DATED = re.compile(rf"\d{{1,2}}[:.]\d{{2}}|(?:19|20)\d\d|{_ADDRESS}|\b(?:{_WROTE})\b", re.VERBOSE | re.IGNORECASE)

_SEPARATOR = re.compile(
    r"""[\s>*_=]*
    (?: -{2,}\s* (?:
            original\ (?:message|e-?mail|appointment) | forwarded\ (?:message|by\b.{0,100})
          | (?:ursprüngliche\ |original-?)nachricht | message\ (?:d'origine|original|transféré) | mensaje\ original
          | messaggio\ (?:originale|inoltrato) | oorspronkelijk\ bericht | mensagem\ original
          | 元の(?:メッセージ|メール) | オリジナル\ ?メッセージ | 転送(?:された)?(?:メッセージ|メール) | ここから転送.{0,20}
          | 原始邮件 | 原始郵件 | 转发邮件 | 轉寄郵件 | 원본\ ?메[시세]지
        ) \s*-*
      | (?:-{2,}\s*|\#{2,}\s*)? reply\ above\ this\ line .{0,100}
      | begin\ forwarded\ message:? | 転送されたメッセージ\s?[:：]?
    )[\s*_=]*""",
    re.VERBOSE | re.IGNORECASE,
)
_RULE = re.compile(r"\s*(?:_{10,}|-{10,}|={10,})\s*")

_ORIGINATORS = frozenset({"from", "von", "de", "da", "van", "fra", "från", "差出人", "送信者", "送信元", "发件人", "寄件者"})
_SUBJECTS = frozenset(
    {"subject", "betreff", "objet", "asunto", "oggetto", "onderwerp", "ämne", "emne", "件名", "題名", "主题", "主旨"}
)
_OTHER_HEADERS = (
    *("sent", "date", "to", "cc", "reply-to", "gesendet", "datum", "an", "envoyé", "à", "enviado", "fecha", "para", "inviato"),
    *("data", "a", "verzonden", "aan", "till", "til", "skickat", "sendt", "发送时间", "收件人"),
    *("送信日時", "送信日", "日時", "日付", "宛先", "宛て先", "受信者", "ｃｃ"),
)
_HEADER = re.compile(
    rf"[\s>*]*(?P<name>{'|'.join(map(re.escape, (*_ORIGINATORS, *_SUBJECTS, *_OTHER_HEADERS)))})[*\s]*[:：]", re.IGNORECASE
)

_SIGNATURE = re.compile(r"--\s|[-–—]{2}")
_DEVICE = re.compile(
    r"\s*[\[(]?(?:(?:sent|get) (?:from|via|with|using|outlook for)|von meinem|gesendet von|envoyé (?:de|depuis)"
    r"|enviado (?:desde|do|de)|inviato da|verzonden vanaf|verstuurd vanaf|skickat från|sendt fra) .{2,60}",
    re.IGNORECASE,
)
_DEVICE_JA = re.compile(
    r"\s*.{0,30}?(?:iphone|ipad|android|スマートフォン|スマホ|携帯(?:電話)?|galaxy|xperia|outlook|gmail|yahoo!?\s?メール).{0,20}"
    r"(?:から|より)の?(?:送信|送付)(?:し(?:た|ました|ています)|され(?:た|ました))?(?:メール)?(?:です)?[。.]?\s*",
    re.IGNORECASE,
)
_MAX_DEVICE = 80
_MARK = re.compile(r"[\s>*_=]*(?:[-–—_=#]|begin|reply|転送)", re.IGNORECASE)
"""How a separator, a rule or the mark of a signature starts."""


def split(text: str) -> tuple[str, str]:
    """Separate the new part of a mail from its history. The new part is empty only if the mail is."""
    lines = text.split("\n")
    is_history = _marked(lines)
    if True not in is_history:
        return text.strip(), ""
    new = _joined(lines, is_history, wanted=False)
    return (new, _joined(lines, is_history, wanted=True)) if new else (text.strip(), "")


def _joined(lines: list[str], is_history: list[bool], *, wanted: bool) -> str:
    kept = (line for line, marked in zip(lines, is_history, strict=True) if marked is wanted)
    return re.sub(r"\n{3,}", "\n\n", "\n".join(kept)).strip()


def _marked(lines: list[str]) -> list[bool]:
    """Mark the lines that are history."""
    marks = [False] * len(lines)
    ends = [line.rstrip().lower().endswith(_INTRODUCTION_ENDS) for line in lines]
    at = 0
    while at < len(lines):
        end = _history_from(lines, at, may_introduce=True in ends[at : at + _INTRODUCTION_LINES])
        marks[at:end] = [True] * (end - at)
        at = max(end, at + 1)
    return marks


def _history_from(lines: list[str], at: int, *, may_introduce: bool) -> int:
    """Tell up to where the lines from ``at`` on are history; ``at`` itself if they are not."""
    line = lines[at]
    if not line or len(line) > _MAX_LINE:
        return at
    if _QUOTED.match(line):
        return at + 1
    if _is_header_block(lines, at) or (_MARK.match(line) and _is_mark(lines, at)):
        return len(lines)
    if may_introduce and (introduction := _introduction(lines, at)):
        return _quotation_end(lines, at + introduction)
    return at + 1 if len(line) <= _MAX_DEVICE and _is_device(line) else at


def _is_mark(lines: list[str], at: int) -> bool:
    """Whether a line says that everything from here on is history."""
    line = lines[at]
    if _SEPARATOR.fullmatch(line) or _is_signature(lines, at):
        return True
    following = _next_text(lines, at + 1)
    return bool(_RULE.fullmatch(line)) and following < len(lines) and _is_header_block(lines, following)


def _is_device(line: str) -> bool:
    return bool(_DEVICE.fullmatch(line) or (("から" in line or "より" in line) and _DEVICE_JA.fullmatch(line)))


def _is_header_block(lines: list[str], at: int) -> bool:
    """Whether the headers of a quoted mail start here: a sender and two more, with a subject or the sender's address.

    "From", "To" and "Date" alone are also how customers describe a transfer.
    """
    start = lines[at][:_MAX_LABEL]
    if (":" not in start and "：" not in start) or not _HEADER.match(start):
        return False
    found = [header for line in lines[at : at + _BLOCK_LINES] if (header := _HEADER.match(line[:_MAX_LINE]))]
    names = {header["name"].lower() for header in found}
    origins = [header.string for header in found if header["name"].lower() in _ORIGINATORS]
    return bool(len(names) >= _MIN_HEADERS and origins and (names & _SUBJECTS or "@" in origins[0]))


def _is_signature(lines: list[str], at: int) -> bool:
    line = lines[at]
    if not _SIGNATURE.fullmatch(line):
        return False
    own = sum(1 for each in lines[at : at + _LOOK_AHEAD] if each.strip() and not _QUOTED.match(each))
    return line.startswith("-- ") or own <= _SIGNATURE_LINES


def _introduction(lines: list[str], at: int) -> int:
    """Count the lines of an introduction such as "On … wrote:", which clients wrap; 0 if there is none."""
    for count in range(1, _INTRODUCTION_LINES + 1):
        last = lines[at + count - 1] if at + count <= len(lines) else ""
        joined = _unwrapped(lines[at : at + count]) if last.strip() and len(last) <= _MAX_INTRODUCTION else ""
        if not joined or len(joined) > _MAX_INTRODUCTION:
            return 0
        if joined.lower().endswith(_INTRODUCTION_ENDS) and _introduces(joined, lines, at, count):
            return count
    return 0


def _unwrapped(lines: list[str]) -> str:
    return " ".join(" ".join(lines).split())


def _introduces(joined: str, lines: list[str], at: int, count: int) -> bool:
    """Whether lines are an introduction: of a known form, or one dated line right above a quotation, in any language.

    Of several lines, the first must belong to it: what a customer wrote above the introduction is no part of it.
    """
    if not _INTRODUCTION.fullmatch(joined):
        return count == 1 and joined[-1] in ":：" and bool(_DATED.search(joined)) and _is_above_quotation(lines, at + 1)
    if count == 1 or (_OPENING.match(lines[at]) and _DATED.search(lines[at])):
        return True
    return not any(_INTRODUCTION.fullmatch(_unwrapped(lines[start : at + count])) for start in range(at + 1, at + count))


def _is_above_quotation(lines: list[str], at: int) -> bool:
    first = _next_text(lines, at)
    return first < len(lines) and bool(_QUOTED.match(lines[first]))


def _quotation_end(lines: list[str], at: int) -> int:
    """Find the end of what an introduction introduces: quoted lines, or all the rest when the client marks no quotes."""
    if not _is_above_quotation(lines, at):
        return len(lines)
    first = _next_text(lines, at)
    while first < len(lines) and _QUOTED.match(lines[first]):
        first += 1
    return first


def _next_text(lines: list[str], at: int) -> int:
    while at < len(lines) and not lines[at].strip():
        at += 1
    return at
