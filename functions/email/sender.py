"""Who sent a mail, and how much of that may be believed."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

from casework.message import Identity, IdentityKind, Trust
from casework.redaction.cuts import cut
from functions.email import addresses, lookalikes, parts
from functions.email.addresses import Mailbox
from functions.email.headers import Headers
from functions.email.verdicts import Verdicts

MAX_DISPLAY = 512
_OTHER_FROM = rb"[Ff][Rr][Oo][Mm](?!\r?\n\r?\n)[\x00-\x20\x7f]"
_DISPUTED = re.compile(rb"[\r\n]" + _OTHER_FROM)
_DISPUTED_FIRST = re.compile(_OTHER_FROM)
"""In both cases without flags and alternatives, which would take three times as long."""
_MAX_FOLDED = 65_536
"""Octets of headers that are copied to see that there is no such line, which is four times as fast as to look for one."""


@dataclass(frozen=True, slots=True)
class Sender:
    """The sender of a mail. ``address`` is in normal form, or empty; ``display`` is as they wrote themselves.

    ``mailbox`` is the address or, where that is none, the bare name of a mailbox such as ``mailer-daemon``; in lower case.
    """

    display: str
    address: str
    mailbox: str
    trust: Trust
    signals: tuple[str, ...]
    resembles: str = ""
    """The known domain that an address of theirs looks like, for ``lookalike_domain``."""

    @property
    def facts(self) -> dict[str, str]:
        """What is to be told with the signals."""
        return {"resembles": self.resembles} if self.resembles else {}

    @property
    def identities(self) -> tuple[Identity, ...]:
        """The one identity that a mail shows, if any."""
        return (Identity(IdentityKind.EMAIL, self.address, self.trust),) if self.address else ()


def read(headers: Headers, verdicts: Verdicts, own_domains: Collection[str] = (), *, is_disputed: bool = False) -> Sender:
    """Find the sender: the first address of From, or else of Reply-To or Sender.

    Authenticated only if SES says that DMARC passed for its domain, there is one From with one address, and no two readers
    could disagree about which (``is_disputed``): DMARC vouches for a domain, and what it vouched for must be what we read.
    """
    origins = list(headers.all("from"))
    named = [mailbox for origin in origins for mailbox in addresses.parse(origin)]
    reply_to = _first(addresses.parse(headers.raw("reply-to")))
    found = _first(named)
    chosen = found or reply_to or _first(addresses.parse(headers.raw("sender")))
    address = chosen.normal if chosen else ""
    is_single = len(origins) == 1 and len(named) == 1 and named[0].certain and not is_disputed
    is_vouched = is_single and found is not None and verdicts.vouches_for(addresses.domain_of(address))
    display = chosen or (named[0] if named else None)
    resembles = lookalikes.resemblance(chosen, reply_to, own_domains)
    return Sender(
        display=cut(str(display) if display else headers.text("from"), MAX_DISPLAY),
        address=address,
        mailbox=address or (display.address.lower() if display else ""),
        trust=Trust.AUTHENTICATED if is_vouched else Trust.CLAIMED,
        signals=(
            *_signals(address, found, max(len(origins), len(named)), reply_to),
            *(("lookalike_domain",) if resembles else ()),
            *lookalikes.signals(chosen, reply_to, own_domains),
        ),
        resembles=resembles,
    )


def is_disputed(raw: bytes) -> bool:
    """Whether a line of the headers is another From to some readers and none to others: ``From : …`` (RFC 5322, 4.5)."""
    end = parts.blank_line(raw, 0, len(raw))
    end = end if end >= 0 else len(raw)
    if end <= _MAX_FOLDED:
        folded = raw[:end].lower()
        if folded.count(b"\nfrom") == folded.count(b"\nfrom:") and b"\rfrom" not in folded and not folded.startswith(b"from"):
            return False
    return bool(_DISPUTED_FIRST.match(raw, 0, end) or _DISPUTED.search(raw, 0, end))


def _first(mailboxes: list[Mailbox]) -> Mailbox | None:
    for mailbox in mailboxes:
        if mailbox.normal:
            return mailbox
    return None


def _signals(address: str, found: Mailbox | None, count: int, reply_to: Mailbox | None) -> tuple[str, ...]:
    holds = {
        "no_sender": not address,
        "no_from": bool(address) and found is None,
        "from_multiple": count > 1,
        "reply_to_differs": found is not None and reply_to is not None and reply_to.normal != found.normal,
    }
    return tuple([name for name, is_so in holds.items() if is_so])


def recipients(headers: Headers, limit: int) -> tuple[str, ...]:
    """The addresses of To and Cc in normal form, each once."""
    values = [value for name in ("to", "cc") if name in headers for value in headers.all(name)]
    found = [mailbox.normal for value in values for mailbox in addresses.parse(value)]
    return tuple(dict.fromkeys(filter(None, found)))[:limit]
