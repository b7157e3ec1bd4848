"""Senders who want to be taken for somebody else: by a domain that looks like a known one, or by the name beside the address.

What is found is a fact about names, no proof of a deceit: a signal for the people who read the mail.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Iterator
from functools import cache, lru_cache
from itertools import pairwise

from casework.entities.domains import ascii_host, registrable_domain, skeleton, unicode_host
from casework.text.patterns import compiled
from functions.email import addresses
from functions.email.addresses import Mailbox

BRANDS = {
    "binance": "binance.com binance.us binance.jp",
    "bitbank": "bitbank.cc",
    "bitfinex": "bitfinex.com",
    "bitflyer": "bitflyer.com bitflyer.jp",
    "bitget": "bitget.com",
    "bitpoint": "bitpoint.co.jp",
    "bitstamp": "bitstamp.net",
    "bitvavo": "bitvavo.com",
    "bybit": "bybit.com",
    "coinbase": "coinbase.com",
    "coincheck": "coincheck.com coincheck.jp",
    "etherscan": "etherscan.io",
    "kraken": "kraken.com",
    "kucoin": "kucoin.com",
    "ledger": "ledger.com ledger.fr",
    "metamask": "metamask.io",
    "mizuhobank": "mizuhobank.co.jp mizuhobank.com",
    "opensea": "opensea.io",
    "paypal": "paypal.com paypal.co.jp",
    "rakuten-bank": "rakuten-bank.co.jp rakuten-bank.jp",
    "sbivc": "sbivc.co.jp",
    "smbc": "smbc.co.jp",
    "trezor": "trezor.io",
    "trustwallet": "trustwallet.com",
    "uniswap": "uniswap.org",
    "walletconnect": "walletconnect.com walletconnect.org walletconnect.network",
    "wellsfargo": "wellsfargo.com",
    "zaif": "zaif.jp",
}
"""Whom attackers pose as before customers of an exchange, by name, with the domains they send from. Few, and none that is
also a word of another trade: a name here must be worth a look wherever it turns up."""
_NAMED = {
    "ビットフライヤー": "bitflyer",
    "コインチェック": "coincheck",
    "ビットバンク": "bitbank",
    "バイナンス": "binance",
    "メタマスク": "metamask",
    "楽天銀行": "rakuten-bank",
    "みずほ銀行": "mizuhobank",
    "三井住友銀行": "smbc",
}
_WORDS = frozenset({"kraken", "ledger"})
"""Names that are words as well: people are called so, and domains in which they stand beside another word."""
MIN_NEAR = 6
"""Letters of a name in which one wrong letter may still be a slip of the reader's: ``bybit`` is near too many."""

_ADDRESS = r"[^\s<>(),;:\"'\[\]@]{1,64}@[^\s<>(),;:\"'\[\]@]{1,190}\.[^\s<>(),;:\"'\[\]@.]{2,63}"
_SPLIT = r"[^\w]+|_"


def signals(sender: Mailbox | None, reply_to: Mailbox | None, own_domains: Collection[str]) -> Iterator[str]:
    """Name what is deceptive about a sender's or a reply's address and the sender's name, beside a ``resemblance``."""
    if any(map(mixes_scripts, _hosts(sender, reply_to))):
        yield "mixed_script_domain"
    if sender and _name_differs(sender, own_domains):
        yield "display_name_address_differs"


def resemblance(sender: Mailbox | None, reply_to: Mailbox | None, own_domains: Collection[str]) -> str:
    """The known domain that a sender's or a reply's address looks like and is not; or empty."""
    found = (resembled(host, tuple(own_domains)) for host in _hosts(sender, reply_to))
    return next(filter(None, found), "")


def _hosts(*mailboxes: Mailbox | None) -> list[str]:
    return [addresses.domain_of(mailbox.normal) for mailbox in mailboxes if mailbox and mailbox.normal]


@lru_cache(256)
def resembled(host: str, own_domains: tuple[str, ...] = ()) -> str:
    """The known domain that a host looks like and is not: one of ours or a brand's; or empty.

    Looks like: the same to the eye; one letter apart; the same name under another ending; the name with a word hung on to
    it (``name-support.example``); the whole domain in front of somebody else's (``name.com.example``).
    """
    domain = registrable_domain(host)
    if not domain or not (domains := _known(own_domains)) or domain in domains:
        return ""
    return next((known for known in domains if _resembles(ascii_host(host), domain, known)), "")


@lru_cache(4)
def _known(own_domains: tuple[str, ...]) -> tuple[str, ...]:
    """Registrable domains: ours first."""
    own = (registrable_domain(domain) for domain in own_domains)
    return tuple(dict.fromkeys(domain for domain in (*own, *" ".join(BRANDS.values()).split()) if domain))


def _resembles(host: str, domain: str, known: str) -> bool:
    if skeleton(domain) == skeleton(known) or f".{host}".find(f".{known}.") >= 0:
        return True
    name, wanted = skeleton(_label(domain)), skeleton(_label(known))
    if _label(known) in _WORDS:
        return False
    if name == wanted or wanted in name.split("-"):
        return len(wanted) >= MIN_NEAR - 1
    return len(wanted) >= MIN_NEAR and _is_one_apart(name, wanted)


def _label(domain: str) -> str:
    return domain.partition(".")[0]


def _is_one_apart(left: str, right: str) -> bool:
    """Whether one letter put in, left out, changed, or two neighbours exchanged make one out of the other."""
    if abs(len(left) - len(right)) > 1 or left == right:
        return False
    start = next((at for at, (a, b) in enumerate(zip(left, right, strict=False)) if a != b), min(len(left), len(right)))
    rest, other = left[start:], right[start:]
    if len(rest) != len(other):
        return rest[1:] == other or rest == other[1:]
    return rest[1:] == other[1:] or (rest[:2] == other[1::-1] and rest[2:] == other[2:])


_CJK = frozenset({"CJK", "HIRAGANA", "KATAKANA"})
_TOGETHER = (_CJK | {"LATIN"}, frozenset({"CJK", "BOPOMOFO", "LATIN"}), frozenset({"CJK", "HANGUL", "LATIN"}))
"""Scripts that are written in one word somewhere (UTS 39, "highly restrictive")."""
_POSING = frozenset({"CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE", "COPTIC", "LISU", "GEORGIAN"})
"""Scripts in which whole words look Latin."""
_EXPECTED = {
    "CYRILLIC": frozenset({"ru", "su", "by", "ua", "bg", "rs", "mk", "me", "kz", "kg", "mn", "tj", "uz", "md", "ba", "eu"}),
    "GREEK": frozenset({"gr", "cy", "eu"}),
    "ARMENIAN": frozenset({"am"}),
    "GEORGIAN": frozenset({"ge"}),
}
"""Endings under which a script is at home; so it is under any ending of its own script."""


@lru_cache(256)
def mixes_scripts(host: str) -> bool:
    """Whether a label of a host mixes scripts, or is in one that poses as Latin under an ending that it does not belong to."""
    labels = unicode_host(host).split(".")
    ending = labels[-1]
    return any(_is_odd(_scripts(label), ending) for label in labels if not label.isascii())


def _is_odd(scripts: frozenset[str], ending: str) -> bool:
    if len(scripts) > 1:
        return not any(scripts <= together for together in _TOGETHER)
    posing = next(iter(scripts & _POSING), "")
    return bool(posing) and posing not in _scripts(ending) and ending not in _EXPECTED.get(posing, frozenset())


def _scripts(label: str) -> frozenset[str]:
    """The scripts of the letters of a label, by the first word of each letter's Unicode name; ``々`` and ``ー`` go with all."""
    names = (unicodedata.name(letter, "").partition(" ")[0] for letter in label if letter.isalpha())
    return frozenset(name for name in names if name not in ("IDEOGRAPHIC", "KATAKANA-HIRAGANA"))


def _name_differs(sender: Mailbox, own_domains: Collection[str]) -> bool:
    """Whether the name beside an address is another address, or that of a brand or of ours which does not write from there."""
    if not sender.name:
        return False
    if "@" in sender.name:
        named = [addresses.normal_form(found) for found in compiled(_ADDRESS).findall(sender.name)]
        if any(other and other != sender.normal for other in named):
            return True
    if not (claimed := _claimed(sender.name, own_domains)):
        return False
    domain = registrable_domain(addresses.domain_of(sender.normal))
    return any(domain not in domains for domains in claimed)


@cache
def _looks() -> dict[str, str]:
    """Each brand by how its name looks."""
    return {skeleton(brand): brand for brand in BRANDS}


def _claimed(name: str, own_domains: Collection[str]) -> list[Collection[str]]:
    """The domains of everybody a name claims to be."""
    folded = unicodedata.normalize("NFKC", name).casefold()
    parts = [word for word in compiled(_SPLIT).split(folded) if word]
    words = {skeleton(word) for word in (*parts, *map("".join, pairwise(parts)))}
    brands = {_looks()[word] for word in words & _looks().keys()}
    if not folded.isascii():
        brands |= {_NAMED[each] for each in _NAMED if each in folded}
    claimed: list[Collection[str]] = [BRANDS[brand].split() for brand in brands - _WORDS] if brands else []
    own = {domain for each in own_domains if (domain := registrable_domain(each))}
    if any(skeleton(_label(domain)) in words for domain in own):
        claimed.append(own)
    return claimed
