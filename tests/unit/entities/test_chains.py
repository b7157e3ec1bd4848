"""Every form of address: its published examples, its own inverse, and what one wrong character does to it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.case import Entity
from casework.entities import chains, find
from tests.unit.entities import encodings
from tests.unit.entities.encodings import payload
from tests.unit.redaction.disguises import RIPPLE, base58check

PUBLISHED = {
    "Bitcoin Cash (CashAddr)": "qr95sy3j9xwd2ap32xkykttr4cvcu7as4y0qverfuy",
    "Cardano (CIP-19)": "addr1qx2fxv2umyhttkxyxp8x0dlpdt3k6cwng5pxj3jhsydzer3n0d3vllmyqwsx5wktcd8cc3sq835lu7drv2xwl2wywfgse35a3x",
    "Cardano, stake (CIP-19)": "stake1uyehkck0lajq8gr28t9uxnuvgcqrc6070x3k9r8048z8y5gh6ffgw",
    "Cardano, Byron": "Ae2tdPwUPEZ4YjgvykNpoFeYUxoyhNj2kg8KfKWN2FizsSpLUPv68MpTVDo",
    "Stellar (SEP-23)": "GA7QYNF7SOWQ3GLR2BGMZEHXAVIRZA4KVWLTJJFC7MGXUA74P7UJVSGZ",
    "Polkadot, for any network": "5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY",
    "Kaspa": "qpauqsvk7yf9unexwmxsnmg547mhyga37csh0kj53q6xxgl24ydxjsgzthw5j",
}
MADE = {
    "Bitcoin Cash": encodings.cashaddr("bitcoincash", b"\0" + payload("cash")),
    "Bitcoin Cash, script": encodings.cashaddr("bitcoincash", b"\x08" + payload("script")),
    "Cardano, Byron": encodings.byron(b"\x83\x58\x1c" + payload("byron", 28) + b"\xa0\x00"),
    "Dash": base58check(b"\x4c" + payload("dash")),
    "Stellar": encodings.stellar(payload("stellar", 32)),
    "Algorand": encodings.algorand(payload("algorand", 32)),
    "Polkadot": encodings.polkadot(payload("polkadot", 32)),
    "Kusama": encodings.polkadot(payload("kusama", 32), b"\x02"),
    "Monero": encodings.monero(b"\x12" + payload("monero", 64)),
    "Monero, integrated": encodings.monero(b"\x13" + payload("monero", 72)),
    "Tezos": base58check(b"\x06\xa1\x9f" + payload("tezos")),
}
EVERY = PUBLISHED | {f"{name}, made here": address for name, address in MADE.items()}


def addresses(text: str) -> list[str]:
    return [entity.value for entity in find(text) if entity.kind == "address"]


@pytest.mark.parametrize("address", EVERY.values(), ids=EVERY)
def test_an_address_is_named_in_a_sentence_of_either_language(address: str) -> None:
    for text in (f"I sent it to {address}.", f"送金先は{address}です"):
        (value,) = addresses(text)
        assert value in (address, f"bitcoincash:{address}", f"kaspa:{address}")


@pytest.mark.parametrize("address", EVERY.values(), ids=EVERY)
@given(data=st.data())
def test_one_wrong_character_and_it_is_no_address(address: str, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(address) - 1))
    alphabet = sorted(set("".join(EVERY.values())))
    other = data.draw(st.sampled_from([character for character in alphabet if character != address[place]]))
    assert chains.checked(address[:place] + other + address[place + 1 :]) in ("", *_rare(address, place, other))


def _rare(address: str, place: int, other: str) -> list[str]:
    """Two bytes of checksum let one in 65,536 pass; those forms alone may."""
    return [address[:place] + other + address[place + 1 :]] if address[0] in "15CDEFGHJ" and len(address) in (46, 47, 48) else []


def test_ton_has_two_spellings_of_one_address() -> None:
    account = payload("ton", 32)
    bouncing, not_bouncing = encodings.ton(account), encodings.ton(account, flags=0x51)
    assert bouncing != not_bouncing
    assert addresses(f"to {bouncing}") == addresses(f"to {not_bouncing}") == [bouncing]
    assert addresses(f"to {bouncing[:-1]}{'A' if bouncing[-1] != 'A' else 'B'}") == []


@pytest.mark.parametrize("tag", [None, 0, 1, 4294967295])
def test_an_x_address_is_the_account_and_its_tag(tag: int | None) -> None:
    account = payload("ripple")
    text = f"to {encodings.x_address(account, tag)} please"
    found = find(text)
    assert [(entity.kind, entity.value) for entity in found] == [("address", base58check(b"\0" + account, RIPPLE))] + (
        [] if tag is None else [("tag", str(tag))]
    )


def test_the_published_x_address_is_read() -> None:
    assert chains.destination("XVLhHMPHU98es4dbozjVtdWzVrDjtV18pX8yuPT7y4xaEHi") == (
        "rGWrZyQqhTp9Xu7G5Pkayo7bXjH4k4QYpf",
        "4294967295",
    )


def test_a_look_alike_address_is_another_address() -> None:
    """Poisoning: an attacker's address with the ends of the victim's, sent so that the wrong one is copied."""
    real, poisoned = "0x52908400098527886e0f7030069857d2e4169ee7", "0x5290840009af11bd7cc3e02c55d9d0457d2e4169ee7"[:42]
    text = f"I copied {poisoned} instead of {real}"
    assert addresses(text) == [poisoned, real]
    mixed = "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed"
    assert addresses(mixed) == [mixed.lower()]
    assert addresses(mixed[:20] + mixed[20:].swapcase()) == []


SEGWIT = "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4"
GENESIS = "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa"
CHECKSUMMED = "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed"


@pytest.mark.parametrize(
    ("text", "address"),
    [
        (f"send to {SEGWIT[:26]}\n{SEGWIT[26:]} please", SEGWIT),
        (f"> {CHECKSUMMED[:24]}\n> {CHECKSUMMED[24:]} was it", CHECKSUMMED.lower()),
        (f"{GENESIS[:20]}=\r\n{GENESIS[20:]}", GENESIS),
        (f"{GENESIS[:20]} {GENESIS[20:]}", GENESIS),
        (f"address: {' '.join(GENESIS[at : at + 4] for at in range(0, 34, 4))} ok", GENESIS),
        (f"my one is {' '.join(SEGWIT[at : at + 4] for at in range(0, 42, 4))} with love", SEGWIT),
        (f"it is {'-'.join(SEGWIT[at : at + 6] for at in range(0, 42, 6))}", SEGWIT),
    ],
)
def test_an_address_that_was_broken_is_put_together(text: str, address: str) -> None:
    assert addresses(text) == [address]
    (entity,) = (entity for entity in find(text) if entity.kind == "address")
    assert "".join(character for character in text[entity.start : entity.end] if character.isalnum()).lower() == address.lower()


def test_what_does_not_hold_together_stays_apart() -> None:
    assert addresses(f"send to {SEGWIT[:26]}\n{SEGWIT[27:]} please") == []
    assert addresses(f"{CHECKSUMMED[:24].lower()}\n{CHECKSUMMED[24:].lower()}") == [], "capitals are all that could be checked"


LEDGER = "rGWrZyQqhTp9Xu7G5Pkayo7bXjH4k4QYpf"


@pytest.mark.parametrize(
    ("text", "tag"),
    [
        (f"{LEDGER} destination tag: 12345", "12345"),
        (f"{LEDGER} with tag 0012345", "12345"),
        (f"タグは123456、宛先は{LEDGER}です", "123456"),
        (f"宛先タグ：８８ {LEDGER}", "88"),
        (f"{PUBLISHED['Stellar (SEP-23)']} memo 8899", "8899"),
        (f"メモ「4711」 {LEDGER}", "4711"),
        (f"xrpl.to/{LEDGER}?dt=123", "123"),
        ("I forgot the Destination Tag 77", "77"),
    ],
)
def test_a_tag_or_memo_goes_with_the_address(text: str, tag: str) -> None:
    assert [entity.value for entity in find(text) if entity.kind == "tag"] == [tag]


@pytest.mark.parametrize("text", ["price tag 20 dollars", f"stage 12 of {LEDGER}", "memo 5 of the meeting", f"{GENESIS} tag 5"])
def test_other_tags_are_none(text: str) -> None:
    assert [entity for entity in find(text) if entity.kind == "tag"] == []


def test_the_place_of_an_address_is_the_whole_of_it() -> None:
    text = f"to {LEDGER} tag 9"
    assert find(text) == (Entity("address", LEDGER, 3, 3 + len(LEDGER)), Entity("tag", "9", len(text) - 1, len(text)))
