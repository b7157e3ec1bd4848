"""References: numbered, coded, or called so."""

from __future__ import annotations

import pytest

from casework.entities import find
from tests.unit.redaction.disguises import full_width


def references(text: str) -> list[str]:
    return [entity.value for entity in find(text) if entity.kind == "reference"]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("My withdrawal W-88121 is late", "W-88121"),
        ("see CASE-123", "CASE-123"),
        ("INC-2024-00123", "INC-2024-00123"),
        ("TKT-AB1234", "TKT-AB1234"),
        ("#12345", "12345"),
        ("ticket #AB-12345", "AB-12345"),
        ("ticket w-88121", "W-88121"),
        ("order 88121", "88121"),
        ("Order number: 88121", "88121"),
        ("withdrawal id 99812", "99812"),
        ("transaction ID: abc12345", "ABC12345"),
        ("Reference is 20481", "20481"),
        ("受付番号12345", "12345"),
        ("受付番号：ABC-99881", "ABC-99881"),
        ("受付番号は「１２３４５」です", "12345"),
        ("お問い合わせ番号は98765です", "98765"),
        ("出金ID 88121", "88121"),
        ("W-88121の件", "W-88121"),
    ],
)
def test_a_reference_is_named(text: str, value: str) -> None:
    assert references(text) == [value]
    assert references(full_width(text)) == [value]


def test_the_same_reference_is_equal_however_it_is_called() -> None:
    assert references("#12345, ticket 12345, 受付番号12345") == ["12345"] * 3


@pytest.mark.parametrize(
    "text",
    [
        "12345",
        "in 2024",
        "case 2024",
        "order 2024-01-02",
        "ISO-2022-JP and UTF-16",
        "ERC-1155 and BIP-0039",
        "COVID-19",
        "TEL-0312345678",
        "&#8217;",
        "case 1 of 12",
        "a withdrawal 12345",
        "#12",
        "color:#18136c",
        "[card number 1] #[seed phrase 12]",
    ],
)
def test_other_numbers_are_no_reference(text: str) -> None:
    assert references(text) == []


@pytest.mark.parametrize(
    "written", ["CW-7K3M-9ZXP-1QRT", "cw-7k3m-9zxp-1qrt", "CW-7K3M-9ZXP-IQRT", "ＣＷ－７Ｋ３Ｍ－９ＺＸＰ－１ＱＲＴ"]
)
def test_our_own_reference_is_read_however_it_was_copied(written: str) -> None:
    found = find(f"Re: [{written}] 受付番号{written}")
    assert [(entity.kind, entity.value) for entity in found] == [("own_reference", "CW-7K3M-9ZXP-1QRT")] * 2


@pytest.mark.parametrize("text", ["CW-7K3M-9ZXP-1QRTX", "XCW-7K3M-9ZXP-1QRT", "CW-7K3M-9ZXP", "CW-7K3M-9ZXP-1QRT-2222"])
def test_what_only_resembles_our_reference_is_none(text: str) -> None:
    assert all(entity.kind != "own_reference" for entity in find(text))


@pytest.mark.parametrize(
    "text",
    [
        '<p style="color:#2980b9">',
        '<body text="#000000">',
        "248 3rd St #434, Oakland",
        "cipher DHE-RSA-AES256-GCM-SHA384",
        "a DSP-500 headset",
    ],
)
def test_colours_doors_ciphers_and_models_are_no_references(text: str) -> None:
    assert [entity for entity in find(text) if entity.kind == "reference"] == []
