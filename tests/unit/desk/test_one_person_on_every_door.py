"""An address means the same person whichever door it comes through."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.contact_details import email_address
from functions.email import addresses
from functions.voice import telephony

ADDRESSES = [
    "Hanako.Sato@Example.JP",
    "o'brien@x.ie",
    "taro..@docomo.example.jp",
    "someone+tag@example.co.uk",
    "info@例え.jp",
    "INFO@BÜCHER.example",
    "a_b-c.d@sub.sub.example.com",
]


def by_mail(address: str) -> str:
    return addresses.normal_form(address)


def by_call(address: str) -> str:
    (identity,) = telephony.read({"customer-email": address}).identities
    return identity.value


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_written_address_is_one_identity_on_all_doors(address: str) -> None:
    assert email_address(address) == by_mail(address) == by_call(address)


@given(
    st.from_regex(r"[a-zA-Z0-9][a-zA-Z0-9.!#$%&'*+/=?^_{|}~-]{0,20}@[a-zA-Z][a-zA-Z0-9]{0,10}(\.[a-z]{2,6}){1,2}", fullmatch=True)
)
def test_any_plain_address_is_one_identity_on_all_doors(address: str) -> None:
    assert email_address(address) == by_mail(address) == by_call(address)
