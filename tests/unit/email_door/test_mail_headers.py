from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.email import headers
from tests.unit.email_door.mails import a_mail, jis, read


def word(content: bytes, charset: str = "iso-2022-jp") -> str:
    return f"=?{charset}?B?{base64.b64encode(content).decode()}?="


def raw(content: bytes) -> str:
    return content.decode("ascii", "surrogateescape")


def test_encoded_words_with_extension_characters_are_read() -> None:
    assert headers.text(word(jis("①㈱髙橋 出金"))) == "①㈱髙橋 出金"
    assert headers.text(word("髙橋".encode("cp932"), "shift_jis")) == "髙橋"


def test_words_cut_inside_a_character_are_joined_before_they_are_read() -> None:
    content = "出金できません".encode()
    assert headers.text(f"{word(content[:4], 'utf-8')} {word(content[4:], 'UTF-8')}") == "出金できません"
    assert headers.text(f"{word(content[:7], 'utf-8')}\r\n {word(content[7:], 'utf-8')}") == "出金できません"


def test_words_of_a_text_encoded_as_a_whole_and_cut_anywhere_are_joined() -> None:
    encoded = base64.b64encode("出金できません".encode()).decode()
    assert headers.text(f"=?utf-8?B?{encoded[:7]}?= =?utf-8?B?{encoded[7:]}?=") == "出金できません"


def test_blanks_between_words_vanish_and_blanks_beside_text_stay() -> None:
    assert headers.text("=?utf-8?q?a?= =?iso-8859-1?q?=E9?= b =?utf-8?q?c_d?=") == "aé b c d"
    assert headers.text("Re: =?utf-8?Q?=E5=87=BA=E9=87=91?=[1]") == "Re: 出金[1]"


@pytest.mark.parametrize(
    ("broken", "readable"),
    [
        ("=?utf-8?B?5Ye66YeR?", "=?utf-8?B?5Ye66YeR?"),
        ("=?utf-8?X?abc?=", "=?utf-8?X?abc?="),
        ("=?utf-8?B?5Ye66YeR!?=", "出金"),
        ("=?utf-8?B?5Ye66Ye?=", "出\ufffd"),
        ("=?utf-8?Q?a=ZZb?=", "a=ZZb"),
        ("=?nonsense?Q?caf=C3=A9?=", "café"),
        ("=?utf-8*ja?Q?=E5=87=BA?=", "出"),
        ("=?unicode-1-1-utf-7?Q?+ANw-ber\r\n (x)?=", "Über (x)"),
    ],
)
def test_broken_words_are_read_as_far_as_they_go(broken: str, readable: str) -> None:
    assert headers.text(headers.unfold(broken)) == readable


@pytest.mark.parametrize("content", [jis("①出金の件"), "出金の件".encode(), "髙橋の件".encode("cp932")])
def test_raw_characters_in_a_header_are_read(content: bytes) -> None:
    expected = {0: "①出金の件", 1: "出金の件", 2: "髙橋の件"}
    assert headers.text(raw(content)) in expected.values()
    assert read(a_mail(Subject=content)).subject == headers.text(raw(content))


def test_a_subject_is_one_line_without_control_characters() -> None:
    assert read(a_mail(Subject=word(b"\r\nPay\r\nBcc: x\x00", "utf-8"))).subject == "Pay Bcc: x"
    assert read(a_mail(Subject="Long\r\n and\r\n\tfolded")).subject == "Long and folded"


def test_a_parameter_is_read_in_every_way_it_is_sent() -> None:
    for sent in (
        'attachment; filename="出金.pdf"',
        "attachment; filename*=UTF-8''%E5%87%BA%E9%87%91.pdf",
        "attachment; filename*=utf-8'ja'%E5%87%BA%E9%87%91.pdf; filename=other.pdf",
        "attachment; filename*0*=UTF-8''%E5%87; filename*1*=%BA%E9%87%91; filename*2=.pdf",
        'attachment; filename="=?utf-8?B?5Ye66YeRLnBkZg==?="',
        "attachment; filename==?utf-8?B?5Ye66YeRLnBkZg==?=",
        'attachment; FILENAME = "=?utf-8?Q?=E5=87=BA?=\r\n =?utf-8?Q?=E9=87=91?=.pdf"',
        f"attachment; filename*=iso-2022-jp''{''.join(f'%{byte:02X}' for byte in jis('出金.pdf'))}",
    ):
        kind, found = headers.parameters(headers.unfold(raw(sent.encode())))
        assert (kind, headers.parameter(found, "filename")) == ("attachment", "出金.pdf"), sent


def test_parameters_survive_bad_punctuation() -> None:
    assert headers.parameters('text/plain ; charset="utf-8" ; name="a;b \\"c\\".txt"')[1] == {
        "charset": "utf-8",
        "name": 'a;b "c".txt',
    }
    assert headers.parameters("text/plain; name=my file.txt; charset=utf-8;")[1] == {"name": "my file.txt", "charset": "utf-8"}
    assert headers.parameters('text/plain; name="unclosed')[1] == {"name": "unclosed"}


def test_raw_jis_that_holds_quotes_and_semicolons_does_not_break_a_parameter() -> None:
    content = jis("神戸市の表.pdf")
    _, found = headers.parameters(raw(b'attachment; filename="' + content + b'"; size=3'))
    assert headers.parameter(found, "filename") == "神戸市の表.pdf"
    assert found["size"] == "3"


@given(st.binary(max_size=200))
def test_any_header_becomes_text_that_can_be_stored(value: bytes) -> None:
    _, found = headers.parameters(raw(value))
    for text in (headers.text(raw(value)), headers.parameter(found, "filename")):
        assert text.encode().decode() == text
        assert not set(text) & set("\r\n\0\x1b")


@given(st.text(max_size=60), st.sampled_from(["utf-8", "utf-16-be"]), st.integers(1, 20))
def test_what_was_encoded_is_decoded_wherever_it_was_cut(text: str, charset: str, size: int) -> None:
    content = text.encode(charset, "replace")
    words = " ".join(word(content[at : at + size], charset) for at in range(0, len(content), size))
    assert headers.text(words) == headers.text(word(content, charset))
