"""What people of a history say: a few matters, each told in several ways, and what must come of each.

Which matter a text is about is known here because it was written so. The texts of one customer's one matter name one thing
in the world, and its matters have nothing in common, so that the shipped policy surely joins what is one and keeps apart
what is not: a test holds every pair against it.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache

from casework.case import Severity, Team

CUSTOMERS = 4


@dataclass(frozen=True, slots=True)
class Matter:
    """Something that may happen to a customer. ``severities``: what each telling demands of ``team``, if it demands anything."""

    name: str
    tellings: tuple[str, ...]
    team: Team = Team.NONE
    severities: tuple[Severity, ...] = ()
    everybodys: bool = False
    """The same attack on every customer, in the same words: a campaign."""


_THEFT = Matter(
    "theft",
    (
        "Someone is withdrawing all my ether right now to {address}, I did not authorise this withdrawal. Freeze my account!",
        "A withdrawal I never made is going out of my account this minute, to the address {address}. Stop it!",
        "身に覚えのない出金が今まさに {address} へ行われています。すぐに口座を凍結してください。",
        "Somebody tried to withdraw my ether to {address}, it was not me. The attempt failed.",
    ),
    Team.FRAUD,
    (Severity.CRITICAL, Severity.CRITICAL, Severity.CRITICAL, Severity.HIGH),
)
_DEPOSIT = Matter(
    "deposit",
    (
        "My deposit to {address} has not arrived yet, although it was confirmed hours ago. When will it be credited?",
        "I sent ether to my deposit address {address} and the deposit is still not credited to my account.",
        "{address} への入金がまだ反映されていません。いつ反映されますか。",
    ),
)
_WITHDRAWAL = Matter(
    "withdrawal",
    (
        "My withdrawal to {address} has been pending since this morning. How long does a withdrawal take?",
        "Why is my withdrawal to my wallet {address} still processing? I requested it yesterday.",
        "{address} への出金申請がまだ処理中です。出金にはどのくらい時間がかかりますか。",
    ),
)
_SITE = (
    "I got a text message that my wallet was going to be locked today unless I confirm my identity at "
    "https://kw-wallet-secure.com/login and the page looked exactly like yours. It is a phishing site, I did not enter anything."
)
_PHISHING = Matter("phishing", (_SITE,), everybodys=True)
MATTERS = {matter.name: matter for matter in (_THEFT, _DEPOSIT, _WITHDRAWAL, _PHISHING)}
NEWS = "Is there any news? Thanks."
"""What is about nothing by itself: only the thread says what it belongs to."""


@cache
def telling(matter: str, customer: int, way: int) -> str:
    """The words of one customer about one matter, in one of its ways."""
    return MATTERS[matter].tellings[way].format(address=address(matter, customer))


def demanded(matter: str, text: str) -> Severity | None:
    """How urgently a team must hear of a matter that was told in these words, if one must."""
    told = MATTERS.get(matter)
    if told is None:
        return None
    stems = [telling.partition("{address}")[0] for telling in told.tellings]
    return next((severity for severity, stem in zip(told.severities, stems, strict=False) if text.startswith(stem)), None)


def address(matter: str, customer: int) -> str:
    """What the customer's matter is about."""
    return f"0x{hashlib.sha256(f'{matter} {customer}'.encode()).hexdigest()[:40]}"


def redacted(text: str) -> str:
    """The rendition of a call that its service has taken personal data out of."""
    return f"{text} [PII]"
