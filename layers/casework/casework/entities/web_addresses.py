"""Links, hosts and e-mail addresses in a text, whole or defanged (``hxxps://evil[.]example``, ``evil dot example``).

The host of a link is named besides, by what its owner registered: two links to one phishing site are then equal. So is the
host that a link only forwards to. A name in front of ``@`` is not where a link leads, and is left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from casework.case import Entity
from casework.entities.domains import ascii_host, ipv4, is_top_level, registrable_domain
from casework.text.patterns import compiled

_LETTER = "0-9A-Za-z\u00c0-\u024f\u0370-\u052f"
"""Latin, Greek and Cyrillic: look-alike hosts are written in these, and Japanese text ends a link."""
_JAPANESE = "\u3005\u3041-\u3096\u30a1-\u30fa\u30fc\u4e00-\u9fff"
_FANGLESS = r"\[ ?(?:\.|dot|DOT) ?\]|\( ?(?:\.|dot|DOT) ?\)|\{ ?(?:\.|dot|DOT) ?\}"
_FANGLESS_MARK = r"[\[({] ?(?:\.|dot|DOT) ?[\])}]"
_DOT = rf"(?:\.|{_FANGLESS})"
_SCHEME = r"//\]?:\[?[sS]?[pP](?:[tT]{2}|[xX]{2}|\*\*)(?:[hH]|(?![0-9A-Za-z]))"
"""Read backwards. Japanese boards leave out the h."""
_REST = rf"\]?(?P<rest>[!#-&(-;=?-_a-z{{-~{_LETTER}]{{1,2000}}+)"
_JAPANESE_HOST = (
    rf"[{_LETTER}-]{{0,63}}[{_JAPANESE}][{_LETTER}{_JAPANESE}-]{{0,63}}\.[a-z]{{2,24}}(?:\.[a-z]{{2,24}})?(?![{_LETTER}_-])"
)
"""Only right behind the slashes: further on, Japanese ends a link."""
_USER = r"(?:[^/?#@\\]{0,300}@){0,5}"
_HOST = (
    rf"{_USER}(?P<host>[{_LETTER}_-]{{1,63}}(?:{_DOT}[{_LETTER}_-]{{1,63}}){{1,20}}|\[[0-9A-Fa-f:.]{{2,45}}\]"
    rf"|[0-9]{{6,10}}(?![{_LETTER}.])|0[xX][0-9A-Fa-f]{{1,8}}(?![{_LETTER}.]))\.?(?P<port>:[0-9]{{1,5}})?"
)
_ENDING = ".,;:!?*|_"
_PAIRS = {")": "(", "]": "[", "}": "{"}
_FORWARDS = (
    rf"[=/?](?:https?|HTTPS?)(?::|%3[aA])(?://|%2[fF]%2[fF])(?P<host>[{_LETTER}_-]{{1,63}}(?:\.[{_LETTER}_-]{{1,63}}){{1,10}})"
)

_TOP_LEVEL = (
    " com net org info biz io co app dev xyz top site online shop store club vip pro finance exchange capital trade"
    " trading fund ai icu cyou cfd sbs bond rest buzz bid loan website cloud tech jp uk de fr eu ru cn hk sg kr tw vn"
    " ph th cc tv ws su nl ch br au nz mx ar za tr pl ua kz ir il ae pw ml ga cf gq tk gg ly cz gr hu pt dk example "
)
"""Endings by which a host stands out without ``http``: "lost.it" and "stolen.help me" are two sentences."""
_WORDS = (
    " help support live one work today world money cash life win link click market space fun lol me us in to is it so"
    " be my no at am id es se fi ca st sh as by do my now here how like open call new real phone email contact bank "
)
"""Endings that are words: not even a hyphen before makes them a host's."""
_SOLD = " help support live one world money cash life win link click market space fun lol "
"""Of these, the ones that a hyphen before makes a host's all the same: swindlers buy them."""
_NOT_LEFT = " asp vb ado e i "
""""ASP.NET" is a product; "i.ai" is nothing."""
_BARE = r"\.(?P<top>[A-Za-z]{2,24})(?![0-9A-Za-z_@-]|\.[0-9A-Za-z])"
_PATH = "/[0-9A-Za-z]"
_LEFT = rf"[{_LETTER}_-]{{1,63}}+(?:\.[{_LETTER}_-]{{1,63}}+){{0,20}}+"
"""What stands before the last dot of a host, read backwards."""
_FILES = (
    " ai app bat cab cat csv doc docx exe gif gz htm html ini jpeg jpg js json md mov mp3 mp4 msi pdf php pl png ps py rs rtf sh"
    " so sql svg sys tar ts txt xls xlsx xml yaml yml zip "
)
"""Endings of files, some of them registries' too."""

_LABEL = rf"[{_LETTER}_][{_LETTER}_-]{{0,62}}"
_DEFANGED = rf"(?<![{_LETTER}@_.-]){_LABEL}(?:{_DOT}{_LABEL}){{1,10}}(?![{_LETTER}@_-])"
_SAID = rf"(?<![{_LETTER}@_.-]){_LABEL}(?:(?:\.| [dD]ot | ?[(「]?ドット[)」]? ?){_LABEL}){{1,5}}(?![{_LETTER}@_-])"
_NOT_SAID = " a an and any the that this your my our or of in to dot one polka pink black red "
"""What stands before "dot" when it is no host that is spelt out: "the dot com bubble"."""

_EMAIL = rf"@(?P<host>[{_LETTER}-]{{1,63}}(?:{_DOT}[{_LETTER}-]{{1,63}}){{1,10}})"
_LOCAL_PART = "[0-9A-Za-z._%+-]{1,65}"


def find(text: str) -> Iterator[Entity]:
    """Find the links, hosts and e-mail addresses of a folded text.

    Scheme and host are in lower case, hosts in IDNA and without defanging, IP addresses dotted however they were written; a
    path stays as it is, but for a lone slash.
    """
    links = list(_links(text)) if "//" in text else []
    yield from links
    if "." in text:
        yield from _bare(text, [link for link in links if link.kind == "url"])
    if ("[" in text or "(" in text or "{" in text) and compiled(_FANGLESS_MARK).search(text):
        yield from _defanged(text)
    if " dot " in text or " Dot " in text or "ドット" in text:
        yield from _said(text)
    if "@" in text:
        yield from _emails(text)


def _links(text: str) -> Iterator[Entity]:
    at, done = text.find("//"), 0
    while at >= 0:
        scheme = compiled(_SCHEME).match(text[max(done, at - 10) : at + 2][::-1])
        found = list(_link(text, at + 2, scheme[0])) if scheme else []
        yield from found
        done = found[0].end if found else done
        at = text.find("//", max(at + 2, done))


def _link(text: str, at: int, scheme: str) -> Iterator[Entity]:
    """Read the link whose slashes end at a place; the scheme before them is given backwards."""
    match = compiled(_REST).match(text, at)
    host = compiled(_HOST).match(match["rest"]) if match else None
    name = canonical(host["host"]) if host else ""
    if not match or not host or not _is_host(name):
        yield from _japanese_link(text, at, scheme)
        return
    start = at - len(scheme)
    rest, begin = _without_ending(match["rest"]), match.start("rest")
    secure = _secure(scheme)
    port = "" if host["port"] in (None, ":443" if secure else ":80") else host["port"]
    path = rest[host.end() :]
    yield Entity("url", f"http{secure}://{name}{port}{'' if path == '/' else path}", start, begin + len(rest))
    yield Entity("domain", registrable(name), begin + host.start("host"), begin + host.end("host"))
    yield from _forwards(rest, host.end(), begin)


def _secure(scheme: str) -> str:
    return "s" if "s" in scheme.lower() else ""


def _japanese_link(text: str, at: int, scheme: str) -> Iterator[Entity]:
    if not "\u3000" < text[at : at + 1] < "\ua000" and not text[at : at + 1].isalnum():
        return
    if host := compiled(_JAPANESE_HOST).match(text, at):
        name = canonical(host[0])
        path = compiled(_REST).match(text, host.end()) if text[host.end() : host.end() + 1] in ("/", "?", ":", "#") else None
        rest = _without_ending(path["rest"]) if path else ""
        yield Entity(
            "url", f"http{_secure(scheme)}://{name}{'' if rest == '/' else rest}", at - len(scheme), host.end() + len(rest)
        )
        yield Entity("domain", registrable(name), *host.span())


def _is_host(name: str) -> bool:
    """Whether this can be looked up: a name with letters at its end, or an IP address of four numbers."""
    return name[:1] == "[" or name.count(".") == 3 or not name.rpartition(".")[2].isdigit()


def _forwards(rest: str, after: int, start: int) -> Iterator[Entity]:
    """Yield the hosts that a link names as where to go next."""
    if "http" in rest[after:].lower():
        from urllib.parse import unquote  # most links forward to nothing

        for match in compiled(_FORWARDS).finditer(rest, after):
            yield Entity(
                "domain", registrable(canonical(unquote(match["host"]))), start + match.start("host"), start + match.end("host")
            )


def _without_ending(rest: str) -> str:
    """Without the punctuation of the sentence around it; a bracket stays when it was opened inside."""
    while rest[-1:] in _ENDING or (rest[-1:] in _PAIRS and rest.count(rest[-1]) > rest.count(_PAIRS[rest[-1]])):
        rest = rest[:-1]
    return rest


def _bare(text: str, links: list[Entity]) -> Iterator[Entity]:
    """Yield the hosts that stand by themselves, neither in a link nor after the @ of an address."""
    ahead = iter(links)
    link = next(ahead, None)
    for match in compiled(_BARE).finditer(text):
        while link and link.end <= match.start():
            link = next(ahead, None)
        if link and link.start < match.start():
            continue
        left = compiled(_LEFT).match(text[max(0, match.start() - 253) : match.start()][::-1])
        if left and _stands_out(text, match, left[0][::-1]):
            start = match.start() - left.end()
            if text[max(0, start - 1) : start] not in ("@", "/", "\\"):
                yield Entity("domain", registrable(canonical(text[start : match.end()])), start, match.end())


def _stands_out(text: str, match: re.Match[str], left: str) -> bool:
    """Whether this is the end of a host and not of a sentence or a file: by its ending, by www, or by a path after it."""
    top = match["top"].lower()
    name = left.lower()
    if f" {name} " in _NOT_LEFT or not name[0].isalnum():
        return False
    path = compiled(_PATH).match(text, match.end()) is not None
    if f" {top} " in _FILES:
        return is_top_level(top) and (name.startswith("www.") or path or top in ("ai", "app"))
    if f" {top} " in _TOP_LEVEL:
        return True
    hyphenated = "-" in name and (f" {top} " not in _WORDS or f" {top} " in _SOLD)
    named = path or "." in name or hyphenated
    return named and match["top"] == top and is_top_level(top) and not _is_sentence(name, path=path)


def _is_sentence(name: str, *, path: bool) -> bool:
    """Whether dots in a row end words, not labels: "e.g.in", "No.is"; with a path, or www, they are a host's."""
    return not path and not name.startswith("www.") and not compiled("[a-z0-9-]{3,}(?:[.-][a-z0-9-]{2,})+").fullmatch(name)


def _defanged(text: str) -> Iterator[Entity]:
    for match in compiled(_DEFANGED).finditer(text):
        name = canonical(match[0])
        if compiled(_FANGLESS).search(match[0]) and compiled(r".*\.(?:[a-z]{2,24}|xn--[0-9a-z-]+)").fullmatch(name):
            yield Entity("domain", registrable(name), *match.span())


def _said(text: str) -> Iterator[Entity]:
    """Yield the hosts that are spelt out, as far as they end like one."""
    for match in compiled(_SAID).finditer(text):
        name = canonical(compiled(r" ?[(「]?(?:[dD]ot|ドット)[)」]? ?").sub(".", match[0]))
        first, _, top = name.partition(".")[0], "", name.rpartition(".")[2]
        if name.count(".") > match[0].count(".") and f" {top} " in _TOP_LEVEL and f" {first} " not in _NOT_SAID:
            yield Entity("domain", registrable(name), *match.span())


def _emails(text: str) -> Iterator[Entity]:
    for match in compiled(_EMAIL).finditer(text):
        local = compiled(_LOCAL_PART).match(text[max(0, match.start() - 65) : match.start()][::-1])
        host = canonical(match["host"])
        if local and local.end() <= 64 and _is_name(host):
            yield Entity("email", f"{local[0][::-1].lower()}@{host}", match.start() - local.end(), match.end())


def _is_name(host: str) -> bool:
    """Whether it ends like a host; what Outlook calls its pictures (``image001.png@01D9A2B3.4C5D6E7F``) does not."""
    top = host.rpartition(".")[2]
    return top.isalpha() or top.startswith("xn--")


def canonical(host: str) -> str:
    """Return a host in lower case, in IDNA, whole again if it was defanged; an IP address dotted."""
    name = ascii_host(compiled(_DOT).sub(".", host))
    return ipv4(name) or name


def registrable(host: str) -> str:
    """Return the part of a canonical host that somebody registered; the host itself when nobody did."""
    return registrable_domain(host) or host
