"""Things that are spelled out on the telephone: numbers digit by digit, addresses letter by letter, e-mail with "dot" and "at".

What is dictated is written down, and then read by the finders of written things: checksums and forms decide as they do there.
Read on calls only: in writing nobody spells, and looking for it would take time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import cache

from casework.case import Entity
from casework.entities import addresses, phones, references
from casework.entities.domains import is_top_level
from casework.text.dictation import DIGITS, GAP, LETTERS, Run, digits_of, runs, written
from casework.text.patterns import compiled

_FEWEST = 8
"""Characters of the shortest thing that is worth writing down."""
_READERS: tuple[Callable[[str], Iterable[Entity]], ...] = (addresses.find, references.find, phones.find)
_KINDS = frozenset({"address", "tx_hash", "own_reference", "phone"})
_CALLED = r"(?i)(?:phone|call(?:back)?|mobile|cell|reach|text) ?(?:me|us|number|no)?[^0-9\n]{0,40}\Z"
_AMERICAN = "1?([2-9][0-9]{2}[2-9][0-9]{6})"
_REFERENCE = "(?i)cw-?([0-9a-z]{4})-?([0-9a-z]{4})-?([0-9a-z]{4})"

_DIGIT_WORD = "zero|oh|one|two|three|four|five|six|seven|eight|nine"
_SPELT = rf"(?:[a-z]|{_DIGIT_WORD})(?![a-z0-9'])"
_UNIT = (
    rf"(?:{_SPELT}(?:[ .,]{{1,2}}{_SPELT}){{2,40}}|[a-z][a-z0-9]{{1,30}}(?: (?:{_DIGIT_WORD}|[0-9]{{1,4}})(?![a-z0-9])){{0,6}})"
)
_JOINT = r"[ ,]{1,2}(?:dot|underscore|dash|hyphen|minus|plus)[ ,]{1,2}"
_LABEL = r"(?:g mail|[a-z](?:[ .]{1,2}[a-z]){2,30}(?![a-z])|[a-z0-9][a-z0-9-]{0,40})"
_EMAIL = (
    rf"(?:\A|[\n.?!,:;]|(?<![a-z])(?:is|it's|its|address|e-?mail))[\s,]{{0,3}}(?P<local>{_UNIT}(?:{_JOINT}(?:{_UNIT}|[a-z](?![a-z]))){{0,5}})"
    rf"[ ,]{{1,2}}at(?: sign)?[ ,]{{1,2}}(?P<host>{_LABEL}(?: ?(?:dot|\.) ?{_LABEL}){{1,4}})(?![a-z0-9])"
)
_SPOKEN_OF = r"e-?mail|mail address|メール|アドレス"
_NEAR = 120
_PROVIDERS = " gmail yahoo hotmail outlook icloud aol proton protonmail docomo ezweb softbank live msn gmx "
_NO_NAMES = (
    " a an the i it me us you him her them this that these those is was are be am and or so look looked looking go went"
    " stay stayed available here there not just email mail address call reach contact log sign "
)
_SIGNS = {"dot": ".", "underscore": "_", "dash": "-", "hyphen": "-", "minus": "-", "plus": "+"}

_JAPANESE_SIGN = "アンダー(?:バー|スコア)|ハイフン|マイナス|プラス|ドット|てん"
_JAPANESE_SIGNS = {
    "アンダーバー": "_",
    "アンダースコア": "_",
    "ハイフン": "-",
    "マイナス": "-",
    "プラス": "+",
    "ドット": ".",
    "てん": ".",
}
_HOSTS = {
    "ジーメール": "gmail", "Gメール": "gmail", "ヤフー": "yahoo", "ホットメール": "hotmail", "アウトルック": "outlook",
    "アイクラウド": "icloud", "ドコモ": "docomo", "ソフトバンク": "softbank", "イージーウェブ": "ezweb", "コム": "com",
    "ネット": "net", "オーグ": "org",
}  # fmt: skip


def find(text: str) -> Iterator[Entity]:
    """Find what is spelled out in a folded transcript, at its places there."""
    found = [run for run in runs(text) if run.size >= _FEWEST]
    for run in found:
        yield from _of(run, text)
    if " at " in text.lower() and len(text.lower()) == len(text):
        yield from _emails(text.lower())
    if "アット" in text:
        yield from _japanese_emails(text)


def _of(run: Run, text: str) -> Iterator[Entity]:
    """Yield what is written in a run, as it was typed or in small letters; the first reading that makes sense is it."""
    for each in run.variants():
        for spelling in each.spellings:
            if named := list(_named(spelling, each, text)):
                yield from (replace(entity, start=each.begins(entity.start), end=each.ends(entity.end)) for entity in named)
                return


def _named(spelling: str, run: Run, text: str) -> Iterator[Entity]:
    for read in _READERS:
        yield from (entity for entity in read(spelling) if entity.kind in _KINDS)
    if match := compiled(_REFERENCE).fullmatch(spelling):
        yield from (entity for entity in references.find(f"CW-{'-'.join(match.groups())}") if entity.kind == "own_reference")
    american = compiled(_AMERICAN).fullmatch(spelling)
    if american and compiled(_CALLED).search(text[max(0, run.start - 60) : run.start]):
        yield Entity("phone", f"+1{american[1]}", 0, len(spelling))


def _emails(lowered: str) -> Iterator[Entity]:
    for match in compiled(_EMAIL).finditer(lowered):
        host = compiled(r" ?(?:dot|\.) ?").sub(".", match["host"].replace("g mail", "gmail"))
        host = compiled("[ ]").sub("", compiled(r"(?<=\b[a-z])[ .]{1,2}(?=[a-z]\b)").sub("", host))
        top = host.rpartition(".")[2]
        local = _local(match["local"])
        cue = compiled(_SPOKEN_OF).search(lowered[max(0, match.start() - _NEAR) : match.start("local")])
        provided = f" {host.partition('.')[0]} " in _PROVIDERS
        if is_top_level(top) and (cue or provided) and local and f" {local} " not in _NO_NAMES:
            yield Entity("email", f"{local}@{host}", match.start("local"), match.end("host"))


def _local(said: str) -> str:
    words = said.replace(",", " ").replace(".", " ").split()
    return "".join(_SIGNS.get(word) or digits_of(word) or word for word in words)


@cache
def _japanese_email() -> str:
    symbol = rf"(?:{LETTERS}|{DIGITS}|[0-9A-Za-z])"
    hosts = "|".join(sorted(_HOSTS, key=len, reverse=True))
    label = rf"(?:(?:{hosts})|(?:{symbol}{GAP}){{1,40}})"
    local = rf"{symbol}(?:{GAP}(?:{symbol}|{_JAPANESE_SIGN})){{0,60}}"
    return (
        rf"(?i)(?:\A|[\n、。,:：はがもで]|アドレス|メール){GAP}(?P<local>{local}){GAP}アット(?:マーク)?{GAP}"
        rf"(?P<host>{label}(?:{GAP}ドット{GAP}{label}){{1,4}})"
    )


def _japanese_emails(text: str) -> Iterator[Entity]:
    for match in compiled(_japanese_email()).finditer(text):
        labels = compiled(rf"{GAP}ドット{GAP}").split(match["host"].rstrip(" ,.、。"))
        host = ".".join(_HOSTS.get(label) or written(label) for label in labels).lower()
        pieces = compiled(f"({_JAPANESE_SIGN})").split(match["local"])
        local = "".join(_JAPANESE_SIGNS.get(piece) or written(piece) for piece in pieces).lower()
        if is_top_level(host.rpartition(".")[2]) and local:
            end = match.start("host") + len(match["host"].rstrip(" ,.、。"))
            yield Entity("email", f"{local}@{host}", match.start("local"), end)
