from __future__ import annotations

import base64
import hashlib
import hmac
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from casework.case import Team
from casework.errors import InvalidLink, InvalidSettings
from casework.links import MAX_TOKEN_LENGTH, PURPOSE, AcknowledgeLink, read, sign

KEY = b"a key that is long enough for it"
NOW = datetime(2026, 5, 3, 1, 12, tzinfo=UTC)
LINK = AcknowledgeLink("5d41402abc4b2a76", "9b74c9897bac770ffc02", Team.FRAUD, NOW + timedelta(hours=1))
TOKEN = sign(LINK, KEY)

ids = st.text(st.characters(), max_size=12)
moments = st.datetimes(NOW.replace(tzinfo=None) + timedelta(seconds=1), timezones=st.just(UTC)).map(
    lambda at: at.replace(microsecond=0)
)
all_links = st.builds(AcknowledgeLink, ids, ids, st.sampled_from(Team), moments)
keys = st.binary(min_size=16, max_size=64)


def refusal(token: str, key: bytes = KEY, now: datetime = NOW) -> str:
    with pytest.raises(InvalidLink) as refused:
        read(token, key, now)
    return refused.value.cause


def signed(payload: bytes, purpose: bytes = PURPOSE) -> str:
    mac = hmac.digest(KEY, purpose + payload, hashlib.sha256)
    return base64.urlsafe_b64encode(mac + payload).rstrip(b"=").decode()


@given(all_links, keys)
def test_what_was_signed_is_what_is_read(link: AcknowledgeLink, key: bytes) -> None:
    assert read(sign(link, key), key, NOW) == link


@given(all_links, keys)
def test_a_token_needs_no_escaping_in_an_address(link: AcknowledgeLink, key: bytes) -> None:
    assert re.fullmatch(r"[A-Za-z0-9_-]+", sign(link, key))


def test_a_token_is_short_enough_for_one_line_of_a_mail() -> None:
    assert len(TOKEN) < 200


def test_the_same_link_has_the_same_token() -> None:
    assert sign(replace(LINK), KEY) == TOKEN


@given(st.integers(0, len(TOKEN) - 1), st.characters())
def test_changing_one_character_spoils_a_token(position: int, character: str) -> None:
    assume(TOKEN[position] != character)

    assert refusal(TOKEN[:position] + character + TOKEN[position + 1 :]) in {"malformed", "forged"}


@given(st.integers(0, len(TOKEN)), st.text(st.characters(), min_size=1))
def test_inserting_anything_spoils_a_token(position: int, inserted: str) -> None:
    assert refusal(TOKEN[:position] + inserted + TOKEN[position:]) in {"malformed", "forged"}


@given(st.integers(0, len(TOKEN) - 1))
def test_cutting_spoils_a_token(length: int) -> None:
    assert refusal(TOKEN[:length]) in {"malformed", "forged"}


@pytest.mark.parametrize("length", range(10, 14))
def test_every_last_character_but_one_spoils_a_token(length: int) -> None:
    """Base64 leaves bits of its last character unused: tokens that differ only there must not pass for each other."""
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    token = sign(replace(LINK, case_id="x" * length), KEY)

    valid = [last for last in alphabet if _reads(token[:-1] + last)]

    assert valid == [token[-1]]


def _reads(token: str) -> bool:
    try:
        read(token, KEY, NOW)
    except InvalidLink:
        return False
    return True


@given(st.text(st.characters(), max_size=300) | st.from_regex(r"[A-Za-z0-9_-]{0,300}"))
def test_nothing_anybody_makes_up_is_a_link(token: str) -> None:
    assert refusal(token) in {"malformed", "forged"}


@given(keys)
def test_another_key_signs_nothing_for_us(key: bytes) -> None:
    assume(key != KEY)

    assert refusal(sign(LINK, key)) == "forged"


def test_a_signature_for_another_purpose_is_forged() -> None:
    payload = base64.urlsafe_b64decode(TOKEN + "=" * (-len(TOKEN) % 4))[32:]

    assert signed(payload) == TOKEN
    for purpose in (b"", b"casework mail token\x00"):
        assert refusal(signed(payload, purpose)) == "forged"


@pytest.mark.parametrize(
    "payload",
    [
        b'[2,"case","escalation","fraud",1900000000]',
        b'[1,"case","escalation","marketing",1900000000]',
        b'[1,"case","escalation","fraud"]',
        b'[1,"case","escalation","fraud","soon"]',
        b'{"v":1}',
        b"7",
        b"x",
    ],
)
def test_a_payload_of_another_version_of_us_is_malformed(payload: bytes) -> None:
    assert refusal(signed(payload)) == "malformed"


def test_a_link_is_good_until_its_last_second_and_not_in_it() -> None:
    assert read(TOKEN, KEY, LINK.expires_at - timedelta(microseconds=1)) == LINK
    assert refusal(TOKEN, now=LINK.expires_at) == "expired"


def test_a_forged_token_is_forged_however_old_it_is() -> None:
    assert refusal(sign(LINK, KEY[::-1]), now=LINK.expires_at + timedelta(days=1)) == "forged"


@pytest.mark.parametrize("token", ["", "x", "あ" * 60, "=" * 60, TOKEN + "=", TOKEN + "\n", " " + TOKEN, f"{TOKEN},{TOKEN}"])
def test_what_is_no_token_is_malformed(token: str) -> None:
    assert refusal(token) == "malformed"


def test_an_endless_token_is_refused_undecoded() -> None:
    assert refusal("A" * (MAX_TOKEN_LENGTH + 1)) == "malformed"


def test_a_link_too_long_to_be_read_is_not_signed() -> None:
    with pytest.raises(InvalidLink, match="malformed"):
        sign(replace(LINK, case_id="x" * MAX_TOKEN_LENGTH), KEY)


@pytest.mark.parametrize("key", [b"", b"changeme"])
def test_a_weak_key_neither_signs_nor_reads(key: bytes) -> None:
    with pytest.raises(InvalidSettings, match="16"):
        sign(LINK, key)
    with pytest.raises(InvalidSettings, match="16"):
        read(TOKEN, key, NOW)
