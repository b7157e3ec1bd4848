"""What a text names: in order, at its place, without overlaps, and nothing of a placeholder."""

from __future__ import annotations

import hashlib
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casework.case import Entity
from casework.entities import INSIDE_LINKS, MAX_FOUND, find
from casework.redaction import Redactor
from casework.text.folding import KINDS
from tests.unit.redaction.disguises import full_width

HASH = hashlib.sha256(b"a transaction").hexdigest()
REPORT = (
    f"On https://evil.example/x I sent 1.2 BTC to 1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa, hash {HASH}, ticket W-88121,"
    " a@example.jp, 090-1234-5678."
)
REPORT_JA = (
    f"https://evil.example/x で35万円を送金しました。ハッシュは{HASH}、受付番号は12345、電話は０９０－１２３４－５６７８です。"
)


def test_a_report_is_read_in_order() -> None:
    assert [entity.kind for entity in find(REPORT)] == [
        "url",
        "domain",
        "amount",
        "address",
        "tx_hash",
        "reference",
        "email",
        "phone",
    ]


def test_a_japanese_report_is_read_in_order() -> None:
    assert [(entity.kind, entity.value) for entity in find(REPORT_JA)] == [
        ("url", "https://evil.example/x"),
        ("domain", "evil.example"),
        ("amount", "350000 JPY"),
        ("tx_hash", HASH),
        ("reference", "12345"),
        ("phone", "+819012345678"),
    ]


@pytest.mark.parametrize("text", [REPORT, REPORT_JA])
def test_full_width_changes_places_but_no_values(text: str) -> None:
    wide = full_width(text)
    assert [(entity.kind, entity.value) for entity in find(wide)] == [(entity.kind, entity.value) for entity in find(text)]
    assert [(entity.start, entity.end) for entity in find(wide)] == [(entity.start, entity.end) for entity in find(text)]


def test_places_are_those_of_the_text_and_not_of_its_folding() -> None:
    text = "か\u3099 ⑩ \u200b W-88121"
    assert find(text) == (Entity("reference", "W-88121", text.index("W"), len(text)),)


def test_nothing_names_nothing() -> None:
    assert find("") == ()
    assert find("Hello, how are you today?") == ()


@pytest.mark.parametrize("kind", KINDS)
def test_a_placeholder_names_nothing(kind: str) -> None:
    name = kind.replace("_", " ")
    assert find(f"ticket [{name} 12345] #[{name} 123] $[{name} 100] [{name} 200] BTC 受付番号[{name} 12345]") == ()


def test_the_longer_of_two_stays() -> None:
    assert [entity.kind for entity in find(f"order {HASH}")] == ["tx_hash"]
    assert [entity.value for entity in find("order 88121 USDT")] == ["88121 USDT"]


def test_very_many_are_cut_off() -> None:
    assert len(find("1 BTC " * (MAX_FOUND + 5))) == MAX_FOUND


PIECES = (
    "https://evil.example/x",
    f"https://explorer.example/tx/0x{HASH}",
    HASH,
    "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa",
    "1.2 BTC",
    "$1,200",
    "35万円",
    "W-88121",
    "#12345",
    "受付番号12345",
    "a@example.jp",
    "090-1234-5678",
    "+81 90 1234 5678",
    "CW-7K3M-9ZXP-1QRT",
    "evil[.]example",
    "[card number 1]",
    "2026-11-03 14:05 JST",
    "午後3時半",
    "one point five bitcoin",
    "さんびゃくまんえん",
    "evil dot example dot com",
    "https://out.example/?u=https%3A%2F%2Fevil.example",
    "http://3232235777/",
    "rGWrZyQqhTp9Xu7G5Pkayo7bXjH4k4QYpf tag 12",
    "XVLhHMPHU98es4dbozjVtdWzVrDjtV18pX8yuPT7y4xaEHi",
    "bc1qw508d6qejxtdg4y5r3zarv\nary0c5xw7kv8f3t4",
    "1A1z P1eP 5QGe fi2D MPTf TL5S Lmv7 Divf Na",
)
TEXTS = st.lists(
    st.one_of(
        st.sampled_from(PIECES),
        st.sampled_from([full_width(piece) for piece in PIECES]),
        st.text(max_size=6),
        st.sampled_from("-.#@+/$"),
    ),
    max_size=8,
).flatmap(lambda pieces: st.sampled_from(["", " ", "\n"]).map(lambda between: between.join(pieces)))


@settings(deadline=None)
@given(TEXTS)
def test_entities_are_in_order_in_the_text_and_disjoint_but_in_links(text: str) -> None:
    found = find(text)
    assert [entity.start for entity in found] == sorted(entity.start for entity in found)
    links = [entity for entity in found if entity.kind == "url"]
    others = [entity for entity in found if entity.kind != "url"]
    for entities in (links, others):
        assert all(before.end <= after.start for before, after in pairwise(entities))
    for entity in found:
        assert 0 <= entity.start < entity.end <= len(text)
        assert entity.value
    for entity in others:
        over = [link for link in links if link.start < entity.end and entity.start < link.end]
        assert not over or (entity.kind in INSIDE_LINKS and over[0].start <= entity.start and entity.end <= over[0].end)


@settings(deadline=None)
@given(TEXTS)
def test_what_is_read_out_of_a_text_reads_the_same_by_itself(text: str) -> None:
    for entity in find(text):
        if entity.kind in ("url", "own_reference", "email"):
            again = find(text[entity.start : entity.end])
            assert (entity.kind, entity.value) in [(each.kind, each.value) for each in again]


@settings(deadline=None)
@given(TEXTS)
def test_redaction_leaves_what_can_be_compared(text: str) -> None:
    redactor = Redactor()
    clean = redactor.redact(text)
    if not redactor.secrets:
        assert find(clean) == find(text)
