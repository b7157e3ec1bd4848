"""What SES found out about a mail: its own header block at the very top, and nothing below it.

SES prepends, in this order (read from mails it stored): ``Return-Path``, ``Received … by inbound-smtp.<region>.amazonaws.com
with SMTP id …``, ``X-SES-Spam-Verdict``, ``X-SES-Virus-Verdict``, ``Received-SPF``, ``Authentication-Results: amazonses.com; …``,
``X-SES-RECEIPT``, ``X-SES-DKIM-SIGNATURE``. All that follows is the sender's, who may well have written the same names again.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from functions.email import headers

PASS = "pass"  # noqa: S105 - the word of a verdict
FAIL = "fail"
GRAY = "gray"
NONE = "none"
UNKNOWN = "unknown"

_BLOCK = (
    "return-path",
    "received",
    "x-ses-spam-verdict",
    "x-ses-virus-verdict",
    "received-spf",
    "authentication-results",
    "x-ses-receipt",
    "x-ses-dkim-signature",
)
_CLOSING = frozenset({"x-ses-receipt", "x-ses-dkim-signature"})

_INBOUND = re.compile(r"\sby inbound-smtp\.[a-z0-9-]{1,40}\.amazonaws\.com(?:\.cn)? with E?SMTPS? id \S", re.IGNORECASE)
_SES_IS_AUTHORITY = re.compile(r"amazonses\.com\s*;", re.IGNORECASE)
_SPF = re.compile(r"amazonses\.com\s*;\s*spf=([a-z]+)", re.IGNORECASE)
_DKIM = re.compile(r";\s*dkim=([a-z]+)", re.IGNORECASE)
_DMARC = re.compile(r"dmarc\s*=", re.IGNORECASE)
_FINAL_DMARC = re.compile(r";\s*dmarc=([a-z]+)\s+header\.from=([^\s;\"()=@]+?)\.?\s*;?\s*\Z", re.IGNORECASE)

_SCANS = {"PASS": PASS, "FAIL": FAIL, "GRAY": GRAY}
_RESULTS = {PASS: PASS, FAIL: FAIL, "softfail": FAIL, NONE: NONE, "neutral": NONE, GRAY: GRAY}


@dataclass(frozen=True, slots=True)
class Verdicts:
    """``pass``, ``fail``, ``gray``, ``none`` or ``unknown`` for each check; only ``pass`` may be relied on.

    ``dmarc_domain`` is the domain of the From address that SES evaluated, in lower case.
    """

    spam: str = UNKNOWN
    virus: str = UNKNOWN
    spf: str = UNKNOWN
    dkim: str = UNKNOWN
    dmarc: str = UNKNOWN
    dmarc_domain: str = ""

    def as_facts(self) -> dict[str, str]:
        """The five verdicts by name."""
        return {"spam": self.spam, "virus": self.virus, "spf": self.spf, "dkim": self.dkim, "dmarc": self.dmarc}

    def vouches_for(self, domain: str) -> bool:
        """Whether DMARC passed for this domain of a From address, or for the organisation above it."""
        if self.dmarc != PASS or not domain:
            return False
        return domain == self.dmarc_domain or ("." in self.dmarc_domain and domain.endswith(f".{self.dmarc_domain}"))


def read(items: Iterable[tuple[str, str]]) -> Verdicts:
    """Read SES's block from the headers of a mail, top first, names in lower case. What SES did not say is ``unknown``."""
    block = _block(items)
    if _CLOSING.isdisjoint(block) or not _INBOUND.search(block.get("received", "")):
        return Verdicts()
    results = block.get("authentication-results", "")
    dmarc, domain = _dmarc(results)
    return Verdicts(
        spam=_scan(block, "x-ses-spam-verdict"),
        virus=_scan(block, "x-ses-virus-verdict"),
        spf=_spf(results),
        dkim=_dkim(results),
        dmarc=dmarc,
        dmarc_domain=domain,
    )


def _block(items: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Take headers from the top while they come in SES's order: a name twice or out of its place is the sender's."""
    block: dict[str, str] = {}
    place = 0
    for name, value in items:
        if name not in _BLOCK[place:]:
            break
        place = _BLOCK.index(name) + 1
        block[name] = headers.unfold(value)
    return block


def _scan(block: dict[str, str], name: str) -> str:
    return _SCANS.get(block.get(name, ""), UNKNOWN)


def _spf(results: str) -> str:
    found = _SPF.match(results)
    return _RESULTS.get(found[1].lower(), UNKNOWN) if found else UNKNOWN


def _dkim(results: str) -> str:
    """With several signatures all must agree: text of the sender's inside a result can then only lose a pass."""
    found = {result.lower() for result in _DKIM.findall(results)} if _SES_IS_AUTHORITY.match(results) else set()
    return _RESULTS.get(found.pop(), UNKNOWN) if len(found) == 1 else UNKNOWN


def _dmarc(results: str) -> tuple[str, str]:
    """SES writes DMARC last and once. Envelope sender and HELO stand before it, so a second one is what they contain."""
    found = _FINAL_DMARC.search(results) if _SES_IS_AUTHORITY.match(results) else None
    if not found or len(_DMARC.findall(results)) != 1:
        return UNKNOWN, ""
    return _RESULTS.get(found[1].lower(), UNKNOWN), found[2].lower()
