"""Who sent a mail, and how much of that may be believed."""

from __future__ import annotations

from dataclasses import dataclass

from casework.message import Identity, IdentityKind, Trust
from functions.email import addresses
from functions.email.addresses import Mailbox
from functions.email.headers import Headers
from functions.email.verdicts import Verdicts

MAX_DISPLAY = 512


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

    @property
    def identities(self) -> tuple[Identity, ...]:
        """The one identity that a mail shows, if any."""
        return (Identity(IdentityKind.EMAIL, self.address, self.trust),) if self.address else ()


def read(headers: Headers, verdicts: Verdicts) -> Sender:
    """Find the sender: the first address of From, or else of Reply-To or Sender.

    Authenticated only if SES says that DMARC passed for its domain, there is one From with one address, and no two readers
    could disagree about which: DMARC vouches for a domain, and what it vouched for must be what we read.
    """
    origins = list(headers.all("from"))
    named = [mailbox for origin in origins for mailbox in addresses.parse(origin)]
    reply_to = _first(addresses.parse(headers.raw("reply-to")))
    found = _first(named)
    chosen = found or reply_to or _first(addresses.parse(headers.raw("sender")))
    address = chosen.normal if chosen else ""
    is_single = len(origins) == 1 and len(named) == 1 and named[0].certain
    is_vouched = is_single and found is not None and verdicts.vouches_for(addresses.domain_of(address))
    display = chosen or (named[0] if named else None)
    return Sender(
        display=(str(display) if display else headers.text("from"))[:MAX_DISPLAY],
        address=address,
        mailbox=address or (display.address.lower() if display else ""),
        trust=Trust.AUTHENTICATED if is_vouched else Trust.CLAIMED,
        signals=_signals(address, found, len(named), reply_to),
    )


def _first(mailboxes: list[Mailbox]) -> Mailbox | None:
    return next((mailbox for mailbox in mailboxes if mailbox.normal), None)


def _signals(address: str, found: Mailbox | None, count: int, reply_to: Mailbox | None) -> tuple[str, ...]:
    holds = {
        "no_sender": not address,
        "no_from": bool(address) and found is None,
        "several_senders": count > 1,
        "reply_to_differs": found is not None and reply_to is not None and reply_to.normal != found.normal,
    }
    return tuple(name for name, is_so in holds.items() if is_so)


def recipients(headers: Headers, limit: int) -> tuple[str, ...]:
    """The addresses of To and Cc in normal form, each once."""
    values = (value for name in ("to", "cc") for value in headers.all(name))
    found = (mailbox.normal for value in values for mailbox in addresses.parse(value))
    return tuple(dict.fromkeys(address for address in found if address))[:limit]
