from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.contact_details import account_number, email_address, phone_number, public_reference


@pytest.mark.parametrize(
    ("written", "normal"),
    [
        ("alice@example.com", "alice@example.com"),
        (" Alice.Baker+exchange@Example.COM ", "alice.baker+exchange@example.com"),
        ("ｔａｒｏ＠ｅｘａｍｐｌｅ．ｊｐ", "taro@example.jp"),
        ("taro@日本語.jp", "taro@xn--wgv71a119e.jp"),
        ("taro@XN--WGV71A119E.jp", "taro@xn--wgv71a119e.jp"),
        ("taro..yamada.@mail.example.ne.jp", "taro..yamada.@mail.example.ne.jp"),
        ("o'brien_1@sub.example.co.uk", "o'brien_1@sub.example.co.uk"),
    ],
)
def test_an_address_has_one_normal_form(written: str, normal: str) -> None:
    assert email_address(written) == normal


@pytest.mark.parametrize(
    "written",
    [
        "",
        "@",
        "alice",
        "alice@",
        "@example.com",
        "alice@localhost",
        "alice@example.c",
        "alice@example..com",
        "alice@.example.com",
        "alice@example.com.",
        "alice@-example.com",
        "alice@exa_mple.com",
        "alice@127.0.0.1",
        "alice@[127.0.0.1]",
        "alice@bob@example.com",
        "alice baker@example.com",
        "<alice@example.com>",
        "alice@example.com, bob@example.com",
        "alice@example.com\nbcc: bob@example.com",
        "太郎@example.jp",
        "a" * 65 + "@example.com",
        "a@" + "b" * 64 + ".com",
        "a@" + "b." * 126 + "com",
        "a@" + "日" * 10_000 + ".jp",
        "\x00@example.com",
    ],
)
def test_what_is_no_address_is_refused(written: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        email_address(written)


@pytest.mark.parametrize(
    ("written", "normal"),
    [
        ("+44 20 7946 0123", "+442079460123"),
        ("+44 (0)20 7946 0123", "+442079460123"),
        ("0044-20-7946-0123", "+442079460123"),
        ("+1 (415) 555-0100", "+14155550100"),
        ("090-1234-5678", "+819012345678"),
        ("０９０ー１２３４ー５６７８", "+819012345678"),
        ("03(1234)5678", "+81312345678"),
        ("0120-123-456", "+81120123456"),
        ("+81 90 1234 5678", "+819012345678"),
        ("+81-090-1234-5678", "+819012345678"),
        ("0081 90 1234 5678", "+819012345678"),
        ("010 44 20 7946 0123", "+442079460123"),
        ("090−1234−5678", "+819012345678"),
    ],
)
def test_a_telephone_number_has_one_normal_form(written: str, normal: str) -> None:
    assert phone_number(written) == normal


@pytest.mark.parametrize(
    "written",
    ["", "12", "119", "415 555 0100", "+0 123 456 789", "+1234567", "+81 12345678", "+" + "1" * 16, "090-1234", "call me"],
)
def test_what_is_no_telephone_number_is_refused(written: str) -> None:
    with pytest.raises(ValueError, match="telephone"):
        phone_number(written)


def test_an_account_number_is_kept_as_issued() -> None:
    assert account_number(" Ａ１００２００３ ") == "A1002003"
    assert account_number("a1b2c3d4-e5f6-7890-abcd-ef1234567890") == "a1b2c3d4-e5f6-7890-abcd-ef1234567890"


@pytest.mark.parametrize("written", ["", "A 1002003", "-1002003", "A" * 65, "A1002003\n#", "口座1002003"])
def test_what_is_no_account_number_is_refused(written: str) -> None:
    with pytest.raises(ValueError, match="account"):
        account_number(written)


@pytest.mark.parametrize(
    "written", ["CW-7K3M-Q0XV-2B91", "cw-7k3m-qoxv-2b9l", "ＣＷ－７Ｋ３Ｍ－Ｑ０ＸＶ－２Ｂ９Ｉ", "CW–7K3M–Q0XV–2B91"]
)
def test_a_reference_is_read_however_it_was_copied(written: str) -> None:
    assert public_reference(written) == "CW-7K3M-Q0XV-2B91"


@pytest.mark.parametrize(
    "written", ["", "CW", "CW-7K3M-Q0XV", "CW-7K3M-Q0XV-2B9U", "CW-7K3M-Q0XV-2B91-", "XX-7K3M-Q0XV-2B91", "12345"]
)
def test_what_is_no_reference_is_refused(written: str) -> None:
    with pytest.raises(ValueError, match="reference"):
        public_reference(written)


@given(st.text(st.characters(), max_size=80) | st.from_regex(r"[^@]{1,9}@[^@]{1,9}\.[a-z]{2}"))
def test_a_normal_form_is_its_own_normal_form(text: str) -> None:
    for normal_form in (email_address, phone_number, account_number, public_reference):
        try:
            once = normal_form(text)
        except ValueError:
            continue
        assert once.isascii()
        assert normal_form(once) == once
