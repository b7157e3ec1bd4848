"""Telephone numbers in E.164."""

from __future__ import annotations

import pytest

from casework.entities import find
from tests.unit.redaction.disguises import full_width


def phones(text: str) -> list[str]:
    return [entity.value for entity in find(text) if entity.kind == "phone"]


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("+81 90-1234-5678", "+819012345678"),
        ("+81 (0)90-1234-5678", "+819012345678"),
        ("+81-090-1234-5678", "+819012345678"),
        ("+819012345678", "+819012345678"),
        ("090-1234-5678", "+819012345678"),
        ("090 1234 5678", "+819012345678"),
        ("09012345678", "+819012345678"),
        ("０９０ー１２３４ー５６７８", "+819012345678"),
        ("03-1234-5678", "+81312345678"),
        ("(03)1234-5678", "+81312345678"),
        ("(03) 1234-5678", "+81312345678"),
        ("0120-123-456", "+81120123456"),
        ("050-3123-4567", "+815031234567"),
        ("+44 20 7946 0958", "+442079460958"),
        ("+1 (212) 555-0123", "+12125550123"),
        ("1-800-555-0199", "+18005550199"),
        ("(212) 555-0123", "+12125550123"),
        ("212-555-0123", "+12125550123"),
        ("+49 30 901820", "+4930901820"),
        ("090 - 1234 - 5678", "+819012345678"),
        ("090の1234の5678", "+819012345678"),
        ("0570-012-345", "+81570012345"),
        ("03(1234)5678", "+81312345678"),
    ],
)
def test_a_number_is_read(written: str, number: str) -> None:
    assert phones(written) == [number]
    assert phones(f"Call {written}, please") == [number]
    assert phones(f"電話は{written}です") == [number]
    assert phones(full_width(written)) == [number]


def test_a_landlines_digits_alone_need_to_be_called_a_telephone_number() -> None:
    assert phones("0312345678") == []
    assert phones("TEL:0312345678") == ["+81312345678"]
    assert phones("電話番号は0312345678です") == ["+81312345678"]


def test_the_number_after_a_number_does_not_join_it() -> None:
    assert phones("+81 90-1234-5678 2024 and +44 20 7946 0958 17") == ["+819012345678", "+442079460958"]


@pytest.mark.parametrize(
    "text",
    [
        "2024-01-02",
        "10:30-11:30",
        "0.5-1.5",
        "W-0901234567",
        "0x0901234567",
        "+81 12",
        "+1 555",
        "123-45-6789",
        "090-1234-567",
        "090-1234-56789",
        "1,090,123,456",
        "3-0312-3456-78",
        "+8190123456789012",
        "192.168.0.1",
    ],
)
def test_other_digits_are_no_telephone_number(text: str) -> None:
    assert phones(text) == []


def test_an_extension_is_left_out() -> None:
    assert phones("03-1234-5678 内線12") == ["+81312345678"]
    assert phones("212-555-0123x45") == ["+12125550123"]


def test_spaces_make_a_japanese_landline_only_where_something_else_is_japanese() -> None:
    assert phones("our office is 082 490 1693") == []
    assert phones("our Tokyo office is 03 1234 5678") == ["+81312345678"]
    assert phones("事務所は 03 1234 5678 です") == ["+81312345678"]


def test_a_british_texts_mobile_number_is_british() -> None:
    assert phones("I live in London: 07700 900123") == ["+447700900123"]
    assert phones("07700 900123") == []


def test_services_are_no_area_codes() -> None:
    assert phones("400-788-1993") == []
