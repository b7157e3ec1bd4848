"""Where the reader takes a short way for what most mails have, it must come to what the long way gives."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework import charsets
from functions.email import addresses, attributions, bounce_wording, footers, headers, mime, reply, sender, signatures, thread
from functions.email.headers import Headers
from tests.unit.email_door.mails import a_mail, read

LATIN = st.characters(max_codepoint=126)
NAMES = st.from_regex(r"[A-Za-z0-9 -]{0,20}", fullmatch=True)
ADDRESSES = st.from_regex(r"[A-Za-z0-9._+-]{1,12}@[A-Za-z0-9.-]{1,20}", fullmatch=True)


@given(NAMES, ADDRESSES)
def test_a_plain_address_is_read_like_any_other(name: str, address: str) -> None:
    for value in (f"{name}<{address}>", address):
        assert addresses.parse(value) == addresses.parse(f"{value} ")


@given(ADDRESSES)
def test_the_normal_form_goes_with_the_mailbox(address: str) -> None:
    assert [mailbox.normal for mailbox in addresses.parse(address)] == [addresses.normal_form(address)]


@given(st.text("ab \t\r\n\f", max_size=20))
def test_a_folded_value_keeps_all_but_its_line_ends(value: str) -> None:
    assert headers.unfold(value) == re.sub(r"[\r\n]", "", value).strip()


def test_headers_are_asked_for_by_any_of_their_names() -> None:
    head = Headers([("List-ID", "<us.example>"), ("To", "us@example.jp")])
    assert head.has_any(frozenset({"list-id", "x-loop"}))
    assert not head.has_any(frozenset({"x-loop"}))
    assert head.whole("list-id") == "<us.example>"
    assert head.whole("x-loop") == ""


@given(st.binary(max_size=40).map(lambda data: bytes(byte & 0x7F for byte in data).replace(b"\x1b", b"")))
def test_bytes_of_ascii_lose_their_control_characters_as_any_text_does(data: bytes) -> None:
    assert charsets.decode(data)[0] == charsets.clean(data.decode("ascii"))


@given(st.from_regex(re.compile(bounce_wording.DAEMON), alphabet=LATIN))
def test_every_daemon_begins_as_daemons_do(mailbox: str) -> None:
    found = re.search(bounce_wording.DAEMON, mailbox)
    assert found is not None
    assert found[0].lower().startswith(bounce_wording.DAEMONS_BEGIN)


@pytest.mark.parametrize("ending", attributions.ENDINGS)
@pytest.mark.parametrize("after", ["", " ", "**", "\xa0", " —"])
def test_an_attribution_may_end_with_each_of_its_endings(ending: str, after: str) -> None:
    lines = ["Hello", "", f"2026 Hanako {ending}{after}", "Thank you."]
    assert reply._Reading(lines, "\n".join(lines), may_have_stamp=False).ends == {2}


@pytest.mark.parametrize("digits", ["2026", "1.5.26", "2026/05/03", "03 - 05 - 2026", "5月3日", "12월 3일"])
@pytest.mark.parametrize("around", ["{}", "on {} at", "x{}"])
def test_a_date_is_found_wherever_it_stands(digits: str, around: str) -> None:
    address = f"{around.format(digits)} <hanako@example.jp> wrote:"
    assert attributions.strength(address) == attributions.DATED
    assert attributions.strength(address.replace(digits, "then")) < attributions.DATED


NAMED = st.lists(
    st.sampled_from(["サポート", "Hanako ", "私", "I ", "your ", "said ", "書きました", "(株)", "届", "送金"]),
    min_size=1,
    max_size=3,
)


@given(st.sampled_from(["2026年5月3日(日) 9:00 ", "1999年12月31日 (金) 23:59 "]), NAMED.map("".join))
def test_what_most_japanese_clients_write_is_weighed_like_any_other(date: str, name: str) -> None:
    line = f"{date}{name}<support@exchange.example>:"
    assert attributions.strength(line) == attributions.strength(line.replace("<", "[").replace(">", "]"))


@given(
    st.sampled_from(["", "Sun, "]),
    st.integers(0, 32),
    st.sampled_from(["May", "dec", "Foo"]),
    st.integers(0, 25),
    st.integers(-2500, 2500),
)
def test_a_plain_date_is_read_like_any_other(weekday: str, day: int, month: str, hour: int, zone: int) -> None:
    date = f"{weekday}{day} {month} 2026 {hour:02}:59:58 {zone:+05}"
    assert mime.sent_at(date) == mime.sent_at(date.replace(" 2026", "  2026"))


@pytest.mark.parametrize("digits", ["12026", "20261", "1.5.261"])
def test_a_longer_number_is_no_date(digits: str) -> None:
    assert attributions.strength(f"{digits} Hanako wrote:") < attributions.DATED


def test_the_line_ends_at_the_end_make_no_other_mail() -> None:
    first = read(a_mail("It happened again.")).source
    assert read(a_mail("It happened again." + "\r\n" * 5_000)).source == first
    assert read(a_mail("It happened again!" + "\r\n" * 5_000)).source != first
    assert read(a_mail("")).source == read(a_mail("\r\n" * 5_000)).source


VERBS = st.sampled_from(["wrote", "Schrieb", "napsal(a)", "писал", "written", "さん", "I", "9:00", "<a@b.example>"])


@given(st.lists(VERBS, min_size=1, max_size=5).map(" ".join), st.sampled_from(["", ":", "：", " :"]))
def test_a_verb_at_the_end_is_found_like_any_other(words: str, colon: str) -> None:
    assert attributions._last_verb(words + colon) == attributions._last_verb(f"{words}{colon} 1")


@given(st.lists(st.sampled_from([*footers._STEMS, "です", "我", "自", "\n", " "]), max_size=8).map("".join))
def test_japanese_is_searched_for_what_devices_write_as_any_text_is(text: str) -> None:
    for line in text.split("\n"):
        told = footers.device_stems(f"。\n{text}")
        assert any(stem in line for stem in told) == any(stem in line for stem in footers._STEMS)


@given(st.lists(st.sampled_from(["From", "from", ":", " ", "\t", "\r", "\n", "X: y", "\r\n"]), max_size=12).map("".join))
def test_headers_without_a_second_from_are_told_quickly_from_those_with_one(head: str) -> None:
    raw = head.encode()
    padded = b"X: " + b"y" * sender._MAX_FOLDED + b"\r\n" + raw
    assert sender.is_disputed(b"X: y\r\n" + raw) == sender.is_disputed(padded)


@given(st.from_regex(r"<[A-Za-z0-9._+$@-]{1,300}>", fullmatch=True))
def test_a_plain_message_id_is_read_like_any_other(value: str) -> None:
    assert list(thread._ids(value)) == list(thread._ids(f"{value} "))


@pytest.mark.parametrize("mark", sorted(signatures._TRACKERS))
def test_what_watches_for_opening_shows_nothing(mark: str) -> None:
    assert signatures.is_bare(mark)
