"""HTML mail as readable text: what a person would have seen, and where its links really lead.

The standard library's parser is not used: it took 97 seconds for 100 KB of ``<a <a <a …`` and raises on ``<![``. This
reader goes through the page once, from the left to the right, whatever is in it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from functions.email import charsets

MAX_TARGET = 2_000
"""Longer links are cut, in characters."""
MAX_QUOTES = 10

_SOFT, _BREAK, _OPEN, _CLOSE, _SPACE = "\x1e", "\n", "\x01", "\x02", "\x03"
"""Marks in the text under way: end the line unless it is empty, end the line, begin and end a quotation, keep this blank."""

_NAME = re.compile(r"/?([A-Za-z][A-Za-z0-9:]*)")
_BLANKS = re.compile(r"[ \t\r\n\f\xa0]+")
_RAW = {name: re.compile(rf"</{name}", re.IGNORECASE) for name in ("script", "style", "title", "template")}
_VOID = frozenset({"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"})
_PARAGRAPHS = frozenset({"p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "dl", "table", "fieldset"})
_BLOCKS = frozenset(
    (
        *("address", "article", "aside", "body", "caption", "center", "dd", "div", "dt", "figure", "footer", "form", "head"),
        *("header", "html", "main", "nav", "section", "tbody", "tr"),
    )
)
_UNSEEN = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all|font-size\s*:\s*0(?:px|pt|em|rem|%)?\s*(?:[;\"'!]|$)",
    re.IGNORECASE,
)
_TAG_REST = re.compile(r"""(?:[^>=]++|=\s*+(?:"[^"]*+"|'[^']*+')|=)*+>""")
_REST = "the rest of a tag"
_QUOTED_VALUE = re.compile(r"\"[^\"]*\"|'[^']*'")
_HIDDEN = re.compile(r"(?:^|\s)hidden(?:\s*=|\s|/|$)", re.IGNORECASE)
_INDENT = re.compile(r"border\s*:\s*(?:none|0)", re.IGNORECASE)
_URL = re.compile(r"(?:https?|ftp)://|mailto:|//", re.IGNORECASE)
_HOST_LIKE = re.compile(r"(?:(?:https?|ftp)://)?((?:[\w-]{1,63}\.)+[a-z]{2,24})(?::\d+)?(?:[/?#]\S*)?", re.IGNORECASE)
_SCHEME = re.compile(r"^(?:https?:|ftp:|mailto:)?(?://)?(?:www\.)?")
_AUTHORITY_END = re.compile(r"[/?#\\]")
_UNSAFE = re.compile(r"[\s<>]+")
_UNSAID = re.compile(r"[\s\x01-\x03\x1e]+")
_AROUND_SOFT = re.compile(rf" *{_SOFT}[ {_SOFT}]*")
_AROUND_BREAK = re.compile(rf" *{_BREAK} *")
_EMPTY_LINES = re.compile(r"\n{3,}")
_SPACES = re.compile(" {2,}")
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
    reader.run()
    return Page(_laid_out("".join(reader.out)), reader.link_differs)


class _Reader:
    """One pass over a page. ``at`` only ever grows."""

    def __init__(self, page: str, limit: int) -> None:
        self.page = page
        self.limit = limit
        self.out: list[str] = []
        self.size = 0
        self.unseen: list[str] = []
        self.preformatted = 0
        self.quotations: list[str] = []
        self.link: tuple[str, int] | None = None
        self.link_differs = False
        self.no_more: set[str] = set()

    def run(self) -> None:
        at = 0
        while at < len(self.page) and self.size <= self.limit:
            tag = self.page.find("<", at)
            self.say(self.page[at : tag if tag >= 0 else len(self.page)])
            at = self.markup(tag) if tag >= 0 else len(self.page)
        self.close_link()

    def say(self, text: str) -> None:
        """Take text between tags, unless it is not to be seen."""
        if not text or self.unseen:
            return
        if "&" in text:
            text = charsets.clean(_unescape(text))
        if self.preformatted:
            self.put(text.replace("\r\n", "\n").replace(" ", _SPACE))
        else:
            self.put(_BLANKS.sub(" ", text))

    def put(self, text: str) -> None:
        if text != " " or (self.out and self.out[-1][-1:] != " "):
            self.out.append(text)
            self.size += len(text)

    def markup(self, at: int) -> int:
        """Take what starts with ``<`` at ``at``; tell where to go on."""
        if self.page.startswith("<!--", at):
            return self.after("-->", at + 2, at + 4)
        if self.page.startswith(("<!", "<?"), at):
            return self.after(">", at, at + 2)
        name = _NAME.match(self.page, at + 1)
        if not name or (end := self.tag_end(name.end())) < 0:
            self.say("<")
            return at + 1
        self.tag(name[1].lower().removeprefix("o:"), name[0].startswith("/"), self.page[name.end() : end])
        return self.after_raw(name[1].lower(), end + 1) if name[0] == name[1] else end + 1

    def after(self, mark: str, at: int, otherwise: int) -> int:
        """Go on after a mark; a comment that never ends is no comment, lest it swallow what the customer wrote."""
        found = self.find(mark, at)
        return found + len(mark) if found >= 0 else otherwise

    def after_raw(self, name: str, at: int) -> int:
        """Skip the content of elements that hold no text for people."""
        if name not in _RAW or name in self.no_more:
            return at
        if end := _RAW[name].search(self.page, at):
            return end.start()
        self.no_more.add(name)
        return at

    def tag_end(self, at: int) -> int:
        """Find the ``>`` of a tag that is not inside a quoted value. Once that fails, any ``>`` will do: one pass only."""
        if _REST not in self.no_more:
            if rest := _TAG_REST.match(self.page, at):
                return rest.end() - 1
            self.no_more.add(_REST)
        return self.find(">", at)

    def find(self, mark: str, at: int) -> int:
        """Find a mark that is looked for in vain only once."""
        found = -1 if mark in self.no_more else self.page.find(mark, at)
        if found < 0:
            self.no_more.add(mark)
        return found

    def tag(self, name: str, is_end: bool, attributes: str) -> None:
        if self.unseen:
            self.nest(name, is_end, attributes)
        elif not is_end and _is_unseen(attributes):
            self.unseen.extend(() if name in _VOID else (name,))
        else:
            self.lay_out(name, is_end, attributes)

    def nest(self, name: str, is_end: bool, attributes: str) -> None:
        """Count the elements of one name inside an unseen one, to find its end."""
        if name != self.unseen[0]:
            return
        if is_end:
            self.unseen.pop()
        elif not attributes.endswith("/"):
            self.unseen.append(name)

    def lay_out(self, name: str, is_end: bool, attributes: str) -> None:
        if action := _ACTIONS.get(name):
            action(self, is_end, attributes)
        elif name in _PARAGRAPHS:
            self.put(_SOFT + _BREAK + _SOFT)
        elif name in _BLOCKS:
            self.put(_SOFT)

    def line_break(self, _is_end: bool, _attributes: str) -> None:
        self.put(_BREAK)

    def rule(self, _is_end: bool, _attributes: str) -> None:
        self.put(f"{_SOFT}---{_SOFT}")

    def item(self, is_end: bool, _attributes: str) -> None:
        self.put(_SOFT if is_end else f"{_SOFT}- ")

    def cell(self, _is_end: bool, _attributes: str) -> None:
        self.put(" ")

    def image(self, _is_end: bool, attributes: str) -> None:
        if alternative := _attribute(attributes, "alt"):
            self.say(f" {alternative} ")

    def pre(self, is_end: bool, _attributes: str) -> None:
        self.preformatted = max(0, self.preformatted + (-1 if is_end else 1))
        self.put(_SOFT + _BREAK + _SOFT)

    def quotation(self, is_end: bool, attributes: str) -> None:
        """A block quotation is quoted mail, unless it is drawn without a line: that is how clients indent."""
        if is_end:
            mark = self.quotations.pop() if self.quotations else ""
        else:
            is_indent = _INDENT.search(attributes)
            self.quotations.append("" if is_indent else _CLOSE)
            mark = "" if is_indent else _OPEN
        self.put(_SOFT + mark + _SOFT)

    def anchor(self, is_end: bool, attributes: str) -> None:
        self.close_link()
        if not is_end and (target := _target(attributes)):
            self.link = (target, len(self.out))

    def close_link(self) -> None:
        """Write a link's target after its label, when the label does not say it."""
        if not self.link:
            return
        target, start = self.link
        self.link = None
        label = _UNSAID.sub(" ", "".join(self.out[start:])).strip()
        if _bare(label) != _bare(target):
            self.put(f" <{target}>" if label else f"<{target}>")
        self.link_differs = self.link_differs or _misleads(label, target)


_ACTIONS: dict[str, Callable[[_Reader, bool, str], None]] = {
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

    return unescape(text)


def _is_unseen(attributes: str) -> bool:
    if not attributes:
        return False
    return bool(_UNSEEN.search(attributes) or ("hidden" in attributes and _HIDDEN.search(_QUOTED_VALUE.sub('""', attributes))))


def _attribute(attributes: str, name: str) -> str:
    found = re.search(rf"""(?:^|[\s/"']){name}\s*=\s*("[^"]*"|'[^']*'|[^\s"'>]+)""", attributes, re.IGNORECASE)
    return found[1].strip("\"'") if found else ""


def _target(attributes: str) -> str:
    """Where a link leads, if to the web or to a mailbox; on one line, without what would end it."""
    target = charsets.clean(_unescape(_attribute(attributes, "href")))
    target = _UNSAFE.sub("", target)
    return target[:MAX_TARGET] if _URL.match(target) else ""


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


def _laid_out(marked: str) -> str:
    """Turn the marks into lines."""
    marked = _AROUND_BREAK.sub(_BREAK, _AROUND_SOFT.sub(_SOFT, marked)).replace(_BREAK + _SOFT, _SOFT).replace(_SOFT, _BREAK)
    text = "\n".join(_quoted_lines(marked.split(_BREAK)))
    return _EMPTY_LINES.sub("\n\n", text).strip("\n")


def _quoted_lines(lines: list[str]) -> Iterator[str]:
    depth = 0
    for line in lines:
        if line in (_OPEN, _CLOSE):
            depth = max(0, min(MAX_QUOTES, depth + (1 if line == _OPEN else -1)))
        else:
            text = _SPACES.sub(" ", line.replace(_OPEN, "").replace(_CLOSE, "")).strip().replace(_SPACE, " ").rstrip()
            yield f"{'> ' * depth}{text}".rstrip() if depth else text
