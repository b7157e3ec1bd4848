"""HTML as readable text: what a person would have seen, and where its links really lead.

The standard library's parser is not used: it took 97 seconds for 100 KB of ``<a <a <a …`` and raises on ``<![``. This
reader goes through the page once, from the left to the right, whatever is in it, and builds the lines as it goes.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from casework import charsets

MAX_TARGET = 2_000
"""Longer links are cut, in characters."""
MAX_QUOTES = 10

_KEPT = "\x03"
"""A blank that stays where it is, in preformatted text under way."""
_MARKER = ["- "]

_TOKEN = re.compile(
    r"""<(?: (?P<end>/)? (?P<name>[A-Za-z][A-Za-z0-9:]*+) (?P<attributes>(?:[^<>=]++|=\s*+(?:"[^"]*+"|'[^']*+')?+){0,60}+) >
      | [!?])""",
    re.VERBOSE,
)
"""A tag, or the start of a comment or a declaration. So many attributes are read that broken ones cost no more than a pass."""
_BLANKS = re.compile(r"[ \t\r\n\f\xa0]+")
_RAW = {name: re.compile(rf"</{name}", re.IGNORECASE) for name in ("script", "style", "title", "template")}
_VOID = frozenset({"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"})
_PARAGRAPHS = ("p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "dl", "table", "fieldset")
_BLOCKS = (
    *("address", "article", "aside", "body", "caption", "center", "dd", "div", "dt", "figure", "footer", "form", "head"),
    *("header", "html", "main", "nav", "section", "tbody", "tr"),
)
_UNSEEN = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all"
    r"|(?:font-size|max-height)\s*:\s*0(?:px|pt|em|rem|%)?\s*(?:[;\"'!]|$)|opacity\s*:\s*0(?:\.0+)?\s*(?:[;\"'!]|$)",
    re.IGNORECASE,
)
_QUOTED_VALUE = re.compile(r"\"[^\"]*\"|'[^']*'")
_HIDDEN = re.compile(r"(?:^|\s)hidden(?:\s*=|\s|/|$)", re.IGNORECASE)
_ATTRIBUTE = {
    name: re.compile(rf"""(?:^|[\s/"']){name}\s*=\s*("[^"]*"|'[^']*'|[^\s"'>]+)""", re.IGNORECASE) for name in ("alt", "href")
}
_INDENT = re.compile(r"border\s*:\s*(?:none|0)", re.IGNORECASE)
_URL = re.compile(r"(?:https?|ftp)://|mailto:|//", re.IGNORECASE)
_HOST_LIKE = re.compile(r"(?:(?:https?|ftp)://)?((?:[\w-]{1,63}\.)+[a-z]{2,24})(?::\d+)?(?:[/?#]\S*)?", re.IGNORECASE)
_SCHEME = re.compile(r"^(?:https?:|ftp:|mailto:)?(?://)?(?:www\.)?")
_AUTHORITY_END = re.compile(r"[/?#\\]")
_UNSAFE = re.compile(r"[\s<>]+")
_EMPTY_LINES = re.compile(r"\n{3,}")
_FILE_LIKE = re.compile(r"\.(?:pdf|docx?|xlsx?|pptx?|zip|jpe?g|png|gif|txt|html?|csv|eml|mp[34])$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Page:
    """What a page says."""

    text: str
    link_differs: bool
    """Whether a link shows one address and leads to another."""


def read(page: str, limit: int) -> Page:
    """Make a page readable, at most about ``limit`` characters of it. Never fails; one pass, linear in the page's length.

    Blocks end lines, quotations get ``> ``, a link whose label is not its target becomes ``label <target>``.
    """
    reader = _Reader(page, limit)
    is_read = reader.run()
    text = _EMPTY_LINES.sub("\n\n", "\n".join(reader.lines)).strip("\n")
    return Page(text if is_read else _torn_off(text), reader.link_differs)


def _torn_off(text: str) -> str:
    """The text of a page that goes on, without what its end may have of a secret."""
    from casework.redaction.cuts import cut  # hardly any page is that long

    return cut(text, len(text), goes_on=True)


class _Reader:
    """One pass over a page: text is collected in ``line`` until something ends it."""

    def __init__(self, page: str, limit: int) -> None:
        self.page = page
        self.limit = limit
        self.lines: list[str] = []
        self.line: list[str] = []
        self.size = 0
        self.unseen: list[str] = []
        self.preformatted = 0
        self.depth = 0
        self.quotations: list[bool] = []
        self.target = ""
        self.label: list[str] = []
        self.link_differs = False
        self.no_more: set[str] = set()
        self.judged: dict[str, bool] = {}

    def run(self) -> bool:
        """Read on until there is enough; whether that was all of the page."""
        at, page = 0, self.page
        while self.size <= self.limit and (token := _TOKEN.search(page, at)):
            start = token.start()
            if start > at:
                self.say(page[at:start])
            at = self.tagged(token) if token[2] else self.after_comment(start)
        self.say(page[at : at + self.limit])
        self.close_link()
        self.break_line()
        return at + self.limit >= len(page)

    # --- text and lines ---------------------------------------------------------------------------------------------

    def say(self, text: str) -> None:
        """Take text between tags, unless it is not to be seen."""
        if self.unseen or not text:
            return
        if "&" in text:
            text = _unescape(text)
        if self.preformatted:
            self.keep(text)
        elif text.isspace():
            self.put(" ")
        elif text.isprintable() and "  " not in text:
            self.put(text)
        else:
            self.put(_BLANKS.sub(" ", charsets.clean(text)))

    def put(self, text: str) -> None:
        if text != " " or (self.line and not self.line[-1].endswith(" ")):
            self.line.append(text)
            self.size += len(text)
            if self.target:
                self.label.append(text)

    def keep(self, text: str) -> None:
        """Take preformatted text as it stands."""
        first, *others = charsets.clean(text).replace("\r\n", "\n").replace(" ", _KEPT).split("\n")
        if first:
            self.put(first)
        for line in others:
            self.break_line()
            if line:
                self.put(line)

    def break_line(self) -> None:
        """End the line, even an empty one."""
        text = "".join(self.line).strip()
        if self.preformatted or _KEPT in text:
            text = text.replace(_KEPT, " ").rstrip()
        self.lines.append(f"{'> ' * min(self.depth, MAX_QUOTES)}{text}".rstrip() if self.depth else text)
        self.size += 1
        self.line.clear()

    def end_line(self) -> None:
        """End the line, unless it is empty or only the mark of a list's item."""
        if self.line and self.line != _MARKER:
            self.break_line()

    # --- markup -----------------------------------------------------------------------------------------------------

    def after_comment(self, at: int) -> int:
        """Tell where a comment or a declaration ends; one that never ends is none, lest it swallow what the customer wrote."""
        mark, begun = ("-->", 4) if self.page.startswith("<!--", at) else (">", 2)
        found = -1 if mark in self.no_more else self.page.find(mark, at + 2)
        if found < 0:
            self.no_more.add(mark)
            return at + begun
        return found + len(mark)

    def tagged(self, token: re.Match[str]) -> int:
        """Take a tag; tell where to go on. The content of elements that hold no text for people is skipped."""
        name, is_end, attributes, at = token[2].lower(), bool(token[1]), token[3], token.end()
        if self.unseen:
            self.nest(name, is_end, attributes)
        elif attributes and not is_end and self.is_unseen(attributes):
            self.unseen.extend(() if name in _VOID else (name,))
        elif action := _ACTIONS.get(name):
            action(self, is_end, attributes)
        return self.after_raw(name, at) if name in _RAW and not is_end else at

    def is_unseen(self, attributes: str) -> bool:
        """Whether attributes hide their element. Pages repeat the same ones, so that each is judged once."""
        if attributes not in self.judged:
            self.judged[attributes] = _is_unseen(attributes)
        return self.judged[attributes]

    def after_raw(self, name: str, at: int) -> int:
        if name in self.no_more:
            return at
        if end := _RAW[name].search(self.page, at):
            return end.start()
        self.no_more.add(name)
        return at

    def nest(self, name: str, is_end: bool, attributes: str) -> None:
        """Count the elements of one name inside an unseen one, to find its end."""
        if name != self.unseen[0]:
            return
        if is_end:
            self.unseen.pop()
        elif not attributes.endswith("/"):
            self.unseen.append(name)

    def block(self, _is_end: bool, _attributes: str) -> None:
        if self.line:
            self.end_line()

    def paragraph(self, _is_end: bool, _attributes: str) -> None:
        self.end_line()
        if not self.line and self.lines and self.lines[-1]:
            self.break_line()

    def line_break(self, _is_end: bool, _attributes: str) -> None:
        self.break_line()

    def rule(self, _is_end: bool, _attributes: str) -> None:
        self.end_line()
        self.put("---")
        self.end_line()

    def item(self, is_end: bool, _attributes: str) -> None:
        if is_end and self.line == _MARKER:
            self.break_line()
        self.end_line()
        if not is_end and not self.line:
            self.put("- ")

    def cell(self, _is_end: bool, _attributes: str) -> None:
        self.put(" ")

    def image(self, _is_end: bool, attributes: str) -> None:
        if "alt" in attributes.lower() and (alternative := _attribute(attributes, "alt").strip()):
            self.say(f" {alternative} ")

    def pre(self, is_end: bool, _attributes: str) -> None:
        self.paragraph(is_end, "")
        self.preformatted = max(0, self.preformatted + (-1 if is_end else 1))

    def quotation(self, is_end: bool, attributes: str) -> None:
        """A block quotation is quoted mail, unless it is drawn without a line: that is how clients indent."""
        self.end_line()
        if not is_end:
            self.quotations.append(not _INDENT.search(attributes))
            self.depth += self.quotations[-1]
        elif self.quotations:
            self.depth -= self.quotations.pop()

    def anchor(self, is_end: bool, attributes: str) -> None:
        self.close_link()
        if not is_end:
            self.target = _target(attributes)
            self.label.clear()

    def close_link(self) -> None:
        """Write a link's target after its label, when the label does not say it."""
        if not self.target:
            return
        target, self.target = self.target, ""
        label = " ".join("".join(self.label).replace(_KEPT, " ").split())
        if _bare(label) != _bare(target):
            self.put(" " if label else "")
            self.put(f"<{target}>")
        self.link_differs = self.link_differs or _misleads(label, target)


_ACTIONS: dict[str, Callable[[_Reader, bool, str], None]] = {
    **dict.fromkeys(_BLOCKS, _Reader.block),
    **dict.fromkeys(_PARAGRAPHS, _Reader.paragraph),
    "br": _Reader.line_break,
    "hr": _Reader.rule,
    "li": _Reader.item,
    "td": _Reader.cell,
    "th": _Reader.cell,
    "img": _Reader.image,
    "pre": _Reader.pre,
    "blockquote": _Reader.quotation,
    "a": _Reader.anchor,
}


def _unescape(text: str) -> str:
    from html import unescape  # its table of entities is only needed for a page that has some

    return charsets.clean(unescape(text))


def _is_unseen(attributes: str) -> bool:
    if _UNSEEN.search(attributes):
        return True
    return "hidden" in attributes and bool(_HIDDEN.search(_QUOTED_VALUE.sub('""', attributes)))


def _attribute(attributes: str, name: str) -> str:
    found = _ATTRIBUTE[name].search(attributes)
    return found[1].strip("\"'") if found else ""


def _target(attributes: str) -> str:
    """Where a link leads, if to the web or to a mailbox; on one line, without what would end it."""
    target = _UNSAFE.sub("", _unescape(_attribute(attributes, "href")))
    return _bounded(target) if _URL.match(target) else ""


def _bounded(target: str) -> str:
    if len(target) <= MAX_TARGET:
        return target
    from casework.redaction.cuts import cut  # next to no link is that long

    return cut(target, MAX_TARGET)


def _bare(address: str) -> str:
    return _SCHEME.sub("", address.lower()).rstrip("/")


def _misleads(label: str, target: str) -> bool:
    """Whether a label that reads like a web address belongs to another site than its target."""
    shown, led = _HOST_LIKE.fullmatch(label), _host(target)
    if not shown or not led or (_FILE_LIKE.search(shown[1]) and "://" not in label):
        return False
    host = shown[1].lower().removeprefix("www.")
    return not (host == led or host.endswith(f".{led}") or led.endswith(f".{host}"))


def _host(target: str) -> str:
    if target.lower().startswith("mailto:"):
        return ""
    authority = _AUTHORITY_END.split(target.partition("//")[2], maxsplit=1)[0]
    return authority.rpartition("@")[2].partition(":")[0].lower().removeprefix("www.")
