from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.message import Identity, IdentityKind, Trust
from functions.voice import telephony
from tests.unit.voice_door.voice_calls import contact_lens, read, turn

CALL = contact_lens(turn("CUSTOMER", "Help."))


def test_the_telephony_record_authenticates_the_caller() -> None:
    message = read(CALL, customer_account="AC-4471-x", caller_number="+81 90-1234-5678", customer_email="Aoi@Example.JP")

    assert message.identities == (
        Identity(IdentityKind.ACCOUNT, "AC-4471-x", Trust.AUTHENTICATED),
        Identity(IdentityKind.PHONE, "+819012345678", Trust.AUTHENTICATED),
        Identity(IdentityKind.EMAIL, "aoi@example.jp", Trust.AUTHENTICATED),
    )
    assert message.signals == ()


def test_nobody_is_identified_by_what_is_said_or_by_the_file() -> None:
    said = contact_lens(turn("CUSTOMER", "I am a@example.com, +819012345678."), CustomerEmail="a@example.com")

    assert read(said).identities == ()


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("+819012345678", "+819012345678"),
        ("090-1234-5678", "+819012345678"),
        ("０９０−１２３４−５６７８", "+819012345678"),
        ("(03) 1234 5678", "+81312345678"),
        ("+81 (0)90 1234 5678", "+819012345678"),
        ("+81 090 1234 5678", "+819012345678"),
        ("0081 90 1234 5678", "+819012345678"),
        ("tel:+1-415-555-0100", "+14155550100"),
        ("sip:+14155550100@carrier.example;user=phone", "+14155550100"),
        ('"Aoi" <sip:+819012345678@carrier.example>', "+819012345678"),
        ("010 1 415 555 0100", "+14155550100"),
        ("+442079460000", "+442079460000"),
        ("=?UTF-8?B?77yQ77yZ77yQMTIzNDU2Nzg=?=", "+819012345678"),
    ],
)
def test_numbers_have_one_normal_form(written: str, number: str) -> None:
    assert [identity.value for identity in read(CALL, caller_number=written).identities] == [number]


@pytest.mark.parametrize(
    "written",
    [
        "anonymous",
        "Anonymous",
        "sip:anonymous@anonymous.invalid",
        "RESTRICTED",
        "非通知",
        "非通知設定",
        "公衆電話",
        "=?UTF-8?B?6Z2e6YCa55+l?=",
        "+266696687",
        "0000000000",
    ],
)
def test_a_withheld_number_identifies_nobody_and_is_no_error(written: str) -> None:
    message = read(CALL, caller_number=written)

    assert (message.identities, message.signals) == ((), ("caller_withheld",))


@pytest.mark.parametrize("nothing", ["", " ", "-", "unknown", "NULL", "n/a", "不明", "None"])
def test_what_exporters_write_for_nothing_is_nobody(nothing: str) -> None:
    message = read(CALL, customer_account=nothing, customer_email=nothing, contact_id=nothing)

    assert (message.identities, message.signals) == ((), ())


@pytest.mark.parametrize(
    ("key", "written"),
    [
        ("caller_number", "14155550100"),
        ("caller_number", "819012345678"),
        ("caller_number", "12345"),
        ("caller_number", "+1234567890123456"),
        ("caller_number", "+8190123456"),
        ("caller_number", "call me"),
        ("caller_number", "+٨١٩٠١٢٣٤٥٦٧٨"),
        ("customer_email", "nobody"),
        ("customer_email", "a@b"),
        ("customer_email", "a@example.com, b@example.com"),
        ("customer_email", "a b@example.com"),
        ("customer_email", "@example.com"),
        ("customer_email", "a@-example-.com"),
        ("customer_email", "a@\ufffd.com"),
        ("customer_account", "two words"),
        ("customer_account", "x" * 65),
        ("customer_account", "=?utf-8?b?A?="),
        ("customer_account", "=?no-such-charset?q?abc?="),
        ("customer_account", "口座"),
        ("customer_account", "a\x00b"),
        ("contact_id", "two words"),
    ],
)
def test_what_cannot_be_read_is_left_out_and_pointed_out(key: str, written: str) -> None:
    message = read(CALL, **{key: written})

    assert (message.identities, message.signals) == ((), ("metadata_malformed",))


def test_one_malformed_value_does_not_cost_the_others() -> None:
    message = read(CALL, customer_account="AC-1", customer_email="nobody")

    assert [identity.value for identity in message.identities] == ["AC-1"]


def test_an_address_of_an_international_domain_is_written_in_idna() -> None:
    assert read(CALL, customer_email="Aoi@例え.jp").identities[0].value == "aoi@xn--r8jz45g.jp"


def test_the_record_says_the_language_when_the_file_does_not() -> None:
    assert read(CALL, language="ja-JP").language_hint == "ja"
    assert read(contact_lens(LanguageCode="en-US"), language="ja-JP").language_hint == "en"


@given(
    st.dictionaries(st.sampled_from(["contact-id", "customer-account", "caller-number", "customer-email", "language"]), st.text())
)
def test_no_record_stops_a_call(metadata: dict[str, str]) -> None:
    record = telephony.read(metadata)

    for identity in record.identities:
        assert identity.value
        assert identity.value.isascii() or identity.kind is IdentityKind.EMAIL
        assert len(identity.value) <= 320
    assert set(record.signals) <= {"metadata_malformed", "caller_withheld"}


@given(st.text("0123456789+-() ", max_size=20))
def test_a_number_is_in_normal_form_or_nothing(written: str) -> None:
    for identity in telephony.read({"caller-number": written}).identities:
        assert identity.value[0] == "+"
        assert 8 <= len(identity.value) <= 16
        assert telephony.phone(identity.value) == identity.value


@given(st.integers(0, 10**10 - 1))
def test_a_japanese_mobile_is_the_same_nationally_and_internationally(subscriber: int) -> None:
    number = f"90{subscriber:010d}"[:10]

    assert telephony.phone(f"0{number}") == telephony.phone(f"+81{number}") == telephony.phone(f"+81 (0){number}")
