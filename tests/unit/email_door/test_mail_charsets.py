from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework import charsets
from casework.message import Decoding
from tests.unit.email_door.mails import a_mail, jis, read


@pytest.mark.parametrize(
    "label", ["iso-2022-jp", "ISO-2022-JP", '"iso-2022-jp"', "iso-2022-jp-ms", "", "us-ascii", "utf-8", "shift_jis"]
)
def test_extension_characters_in_jis_are_read_whatever_the_label(label: str) -> None:
    text, decoding = charsets.decode(jis("①㈱№髙橋﨑 Tel"), label)
    assert text == "①㈱№髙橋﨑 Tel"
    assert (decoding.used, decoding.replaced) == ("cp50221", 0)


def test_half_width_katakana_in_seven_and_eight_bits_is_read() -> None:
    assert charsets.decode(b"\x1b(I6@6E\x1b(B!", "iso-2022-jp")[0] == "ｶﾀｶﾅ!"
    assert charsets.decode(b"\x0e6@6E\x0f!" + jis("山"), "iso-2022-jp")[0] == "ｶﾀｶﾅ!山"
    assert charsets.decode("ｶﾀｶﾅ".encode("cp932") + jis("山"), "iso-2022-jp")[0] == "ｶﾀｶﾅ山"


def test_plain_jis_reads_like_jis_with_extensions() -> None:
    for row in range(0x21, 0x7F):
        for cell in range(0x21, 0x7F):
            pair = b"\x1b$B" + bytes((row, cell)) + b"\x1b(B"
            try:
                pair.decode("iso2022_jp")
            except UnicodeError:
                continue
            assert charsets.cp50221(pair) == charsets.cp50221(pair + b"\x1b$B-!\x1b(B")[:-1]


def test_supplementary_kanji_and_other_countries_sets_inside_jis_are_read() -> None:
    assert charsets.cp50221(b"\x1b$B-!\x1b$(D\x30\x21\x1b(B") == "①丂"
    assert charsets.cp50221(b"\x1b$B-!\x1b$A\x44\x63\x1b(B") == "①你"


def test_each_line_of_jis_starts_in_ascii() -> None:
    assert charsets.cp50221(b"\x1b$B-!;3\nabc") == "①山\nabc"


def test_half_a_pair_is_lost_and_counted() -> None:
    text, decoding = charsets.decode(b"\x1b$B;3-\x1b(B.", "iso-2022-jp")
    assert text == "山\ufffd."
    assert decoding == Decoding("iso-2022-jp", "cp50221", 1)


@pytest.mark.parametrize(
    ("label", "codec", "text", "used"),
    [
        ("shift_jis", "cp932", "①髙橋様", "cp932"),
        ("Shift-JIS", "cp932", "～−ｱ".replace("−", "－"), "cp932"),
        ("gb2312", "gb18030", "镕鎔", "gb18030"),
        ("ks_c_5601-1987", "cp949", "뷁 안녕", "cp949"),
        ("iso-8859-1", "cp1252", "“smart” €5", "cp1252"),
        ("iso-8859-15", "iso8859_15", "5 € — no", "iso8859_15"),
        ("windows-1251", "cp1251", "Привет", "cp1251"),
        ("euc-jp", "euc_jp", "日本語です", "euc_jp"),
        ("unicode-1-1-utf-7", "utf-7", "Übermittlung", "utf-7"),
    ],
)
def test_labels_mean_what_senders_mean_by_them(label: str, codec: str, text: str, used: str) -> None:
    text = text.replace("—", "-") if codec == "iso8859_15" else text
    assert charsets.decode(text.encode(codec), label) == (text, Decoding(charsets.normal_label(label), used, 0))


def test_extension_characters_in_euc_are_read() -> None:
    assert charsets.decode("山①".encode("euc_jis_2004"), "euc-jp")[0] == "山①"


def test_utf_8_under_a_wrong_label_is_read() -> None:
    assert charsets.decode("出金できません①".encode(), "iso-2022-jp")[0] == "出金できません①"
    assert charsets.decode("出金できません".encode(), "us-ascii")[0] == "出金できません"


@pytest.mark.parametrize("label", ["", "utf-8", "x-unknown", "us-ascii"])
def test_shift_jis_without_an_honest_label_is_read(label: str) -> None:
    text, decoding = charsets.decode("お世話になっております。髙橋です。".encode("cp932"), label)
    assert text == "お世話になっております。髙橋です。"
    assert decoding.used == "cp932"


def test_other_undeclared_text_is_not_taken_for_japanese() -> None:
    assert charsets.decode("Hofjägeralle für Grüße".encode("latin-1"))[0] == "Hofjägeralle für Grüße"
    assert charsets.decode("绩效管理,究竟谁错了".encode("gb2312"))[0] == "绩效管理,究竟谁错了"
    assert charsets.decode("これは日本語です".encode("euc_jp"))[0] == "これは日本語です"
    assert charsets.decode("ﾔﾏﾀﾞ ﾀﾛｳ".encode("cp932"))[0] == "ﾔﾏﾀﾞ ﾀﾛｳ"


def test_a_few_broken_bytes_cost_a_few_characters_only() -> None:
    text, decoding = charsets.decode("出金が保留のままです。確認してください".encode() + b"\xe3\x81", "utf-8")
    assert text == "出金が保留のままです。確認してください\ufffd"
    assert decoding == Decoding("utf-8", "utf-8", 1)


@pytest.mark.parametrize(
    "label", ["punycode", "idna", "undefined", "unicode_escape", "hex", "rot13", "zlib", "mbcs", "\0", "a" * 9999]
)
def test_labels_that_are_no_mail_charsets_never_reach_python(label: str) -> None:
    assert charsets.decode("é\\x".encode(), label)[0] == "é\\x"


def test_control_characters_are_left_out_and_the_rest_stays_as_written() -> None:
    assert charsets.decode("Ａ\x00ｱ\x1b①\tx\r\n\x7f".encode(), "utf-8")[0] == "Ａｱ①\tx\r\n"


def test_a_mail_tells_how_its_text_was_read() -> None:
    message = read(a_mail(jis("①出金"), Content_Type="text/plain; charset=iso-2022-jp"))
    assert message.text == "①出金"
    assert message.decodings == (Decoding("iso-2022-jp", "cp50221", 0),)


def test_a_mail_that_lost_many_characters_says_so() -> None:
    assert "many_replaced_characters" in read(a_mail(b"\x1b$B;3-\x1b(B", Content_Type="text/plain; charset=iso-2022-jp")).signals
    assert "many_replaced_characters" not in read(a_mail()).signals


@given(
    st.binary(max_size=300), st.one_of(st.text(max_size=30), st.sampled_from(["iso-2022-jp", "utf-16", "utf-7", "hz", "euc-jp"]))
)
def test_any_bytes_under_any_label_become_text_that_can_be_stored(data: bytes, label: str) -> None:
    text, decoding = charsets.decode(data, label)
    assert text.encode().decode() == text
    assert decoding.declared.isascii()
    assert decoding.replaced == text.count("\ufffd")
    assert not set(text) & set("\x00\x1b\x7f")


@given(
    st.text(alphabet=st.characters(codec="cp932", exclude_categories=["Cc"], exclude_characters="\xa2\xa3\xac\u2016\u2212\u301c"))
)
def test_windows_japanese_survives_shift_jis(text: str) -> None:
    assert charsets.decode(text.encode("cp932"), "shift_jis")[0] == text


def test_japanese_labelled_as_jis_without_its_escapes_is_what_its_bytes_are() -> None:
    text = "メールサーバーから送信できませんでした。"
    assert charsets.decode(text.encode("euc_jp"), "iso-2022-jp") == (text, Decoding("iso-2022-jp", "euc_jp"))


def test_western_letters_pasted_into_utf8_are_read() -> None:
    mixed = "出金 für ".encode() + "Müller".encode("latin-1") + " – bitte".encode()
    assert charsets.decode(mixed, "utf-8")[0] == "出金 für Müller – bitte"


def test_a_character_that_was_cut_is_lost_and_counted() -> None:
    text, decoding = charsets.decode("出金できません".encode()[:-1], "utf-8")
    assert (text, decoding.replaced) == ("出金できませ\ufffd", 1)


def test_utf7_is_read_as_text_and_in_headers() -> None:
    assert charsets.decode(b"+ANw-bermittlung", "unicode-1-1-utf-7")[0] == "Übermittlung"
    assert read(a_mail(Subject="=?unicode-1-1-utf-7?Q?+ANw-bermittlung?=")).subject == "Übermittlung"
