"""Links, hosts and e-mail addresses in a text, whole or defanged (``hxxps://evil[.]example``).

The host of a link is named besides, by what its owner registered: two links to one phishing site are then equal.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from casework.case import Entity
from casework.text.patterns import compiled

_LETTER = "0-9A-Za-z\u00c0-\u024f\u0370-\u052f"
"""Latin, Greek and Cyrillic: look-alike hosts are written in these, and Japanese text ends a link."""
_DOT = r"(?:\.|\[\.\]|\(\.\)|\[dot\])"
_LINK = rf"[hH](?:tt|TT|xx|XX)[pP][sS]?(?:\[:\]|:)//(?P<rest>[!#-&(-;=?-_a-z{{-~{_LETTER}]{{1,2000}}+)"
_HOST = (
    rf"(?:[^/?#@\\]{{0,100}}@)?(?P<host>[{_LETTER}_-]{{1,63}}(?:{_DOT}[{_LETTER}_-]{{1,63}}){{1,20}})\.?(?P<port>:[0-9]{{1,5}})?"
)
_ENDING = ".,;:!?*|_"
_PAIRS = {")": "(", "]": "[", "}": "{"}

_TOP_LEVEL = (
    " com net org info biz io co app dev xyz top site online shop store club vip pro finance exchange capital trade"
    " trading fund ai icu cyou cfd sbs bond rest buzz bid loan website cloud tech jp uk de fr eu ru cn hk sg kr tw vn"
    " ph th cc tv ws su nl ch br au nz mx ar za tr pl ua kz ir il ae pw ml ga cf gq tk gg ly cz gr hu pt dk "
)
"""Endings by which a host stands out without ``http``: "lost.it" and "stolen.help me" are two sentences."""
_WORDS = (
    " help support live one work today world money cash life win link click market space fun lol me us in to is it so"
    " be my no at am id es se fi ca st sh "
)
"""Endings that do when a path follows."""
_BARE = r"(?P<dot>\.|\[\.\]|\(\.\)|\[dot\])(?P<top>[A-Za-z]{2,24})(?![0-9A-Za-z_@-]|[\[(]?\.[0-9A-Za-z])"
_PATH = "/[0-9A-Za-z]"
_LEFT = r"[0-9A-Za-z_-]{1,63}+(?:(?:\]\.\[|\)\.\(|\]tod\[|\.)[0-9A-Za-z_-]{1,63}+){0,20}+"
"""What stands before the last dot of a host, read backwards."""

_EMAIL = rf"(?<![0-9A-Za-z._%+-])[0-9A-Za-z._%+-]{{1,64}}+@(?P<host>[{_LETTER}-]{{1,63}}(?:{_DOT}[{_LETTER}-]{{1,63}}){{1,10}})"

_SECOND_LEVEL = frozenset(
    {"ac", "ad", "co", "com", "ed", "edu", "go", "gob", "gov", "gr", "lg", "ltd", "mil", "ne", "net", "nom", "or", "org", "plc"}
)
_HOSTING = frozenset(
    {
        "appspot.com",
        "azurewebsites.net",
        "blogspot.com",
        "duckdns.org",
        "firebaseapp.com",
        "github.io",
        "gitlab.io",
        "glitch.me",
        "herokuapp.com",
        "netlify.app",
        "ngrok.io",
        "ngrok.app",
        "onrender.com",
        "pages.dev",
        "r2.dev",
        "repl.co",
        "square.site",
        "surge.sh",
        "vercel.app",
        "web.app",
        "webflow.io",
        "weebly.com",
        "wixsite.com",
        "wordpress.com",
        "workers.dev",
    }
)
"""Names below which strangers register; a short excerpt of the Public Suffix List."""


def find(text: str) -> Iterator[Entity]:
    """Find the links, hosts and e-mail addresses of a folded text.

    Scheme and host are in lower case, hosts in IDNA and without defanging; a path stays as it is, but for a lone slash.
    """
    links = list(_links(text)) if "//" in text else []
    yield from links
    if "." in text or "[dot]" in text:
        yield from _bare(text, [link for link in links if link.kind == "url"])
    if "@" in text:
        yield from _emails(text)


def _links(text: str) -> Iterator[Entity]:
    for match in compiled(_LINK).finditer(text):
        host = compiled(_HOST).match(match["rest"])
        if not host:
            continue
        rest = _without_ending(match["rest"])
        start = match.start("rest")
        name = canonical(host["host"])
        scheme = "https" if match[0][4] in "sS" else "http"
        path = rest[host.end() :]
        yield Entity(
            "url", f"{scheme}://{name}{host['port'] or ''}{'' if path == '/' else path}", match.start(), start + len(rest)
        )
        yield Entity("domain", registrable(name), start + host.start("host"), start + host.end("host"))


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
        left = compiled(_LEFT).match(text[max(0, match.start() - 253) : match.start()][::-1])
        if left and not (link and link.start < match.start()) and _stands_out(text, match):
            start = match.start() - left.end()
            if text[max(0, start - 1) : start] not in ("@", "/"):
                yield Entity("domain", registrable(canonical(text[start : match.end()])), start, match.end())


def _stands_out(text: str, match: re.Match[str]) -> bool:
    """Whether this is the end of a host and not of a sentence: by its name, by a path after it, or because it is defanged."""
    top = match["top"].lower()
    return (
        match["dot"] != "."
        or f" {top} " in _TOP_LEVEL
        or (f" {top} " in _WORDS and compiled(_PATH).match(text, match.end()) is not None)
    )


def _emails(text: str) -> Iterator[Entity]:
    for match in compiled(_EMAIL).finditer(text):
        local, _, host = match[0].rpartition("@")
        yield Entity("email", f"{local.lower()}@{canonical(host)}", *match.span())


def canonical(host: str) -> str:
    """Return a host in lower case, in IDNA, and whole again if it was defanged."""
    name = compiled(_DOT).sub(".", host).lower()
    if name.isascii():
        return name
    try:
        return name.encode("idna").decode()
    except UnicodeError:
        return name


def registrable(host: str) -> str:
    """Return the part of a canonical host that somebody registered, going by the usual names of registries and hosters."""
    labels = host.split(".")
    if labels[-1].isdigit():
        return host
    last_two = ".".join(labels[-2:])
    longer = last_two in _HOSTING or (len(labels[-1]) == 2 and labels[-2] in _SECOND_LEVEL)
    return ".".join(labels[-3:]) if longer else last_two
