from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.email import reply
from tests.unit.email_door.mails import a_mail, read

NEW = "It happened again.\n\nPlease help."
OLD = "Dear customer,\n\nwe looked into it."
QUOTED = "> Dear customer,\n>\n> we looked into it."


@pytest.mark.parametrize(
    "introduction",
    [
        "On Sun, May 3, 2026 at 10:12 AM Support <support@exchange.example> wrote:",
        "On Sun, May 3, 2026 at 10:12 AM Support Team\n<support@exchange.example> wrote:",
        "On 3 May 2026, at 10:12, Support wrote:\n",
        "2026年5月3日(日) 10:12 サポート <support@exchange.example>:",
        "2026年5月3日(日) 10:12 サポート\n<support@exchange.example>:",
        "2026/05/03 10:12、サポート <support@exchange.example>のメール:",
        "2026/05/03 10:12、Support <support@exchange.example>のメール：",
        "サポートさんは書きました:",
        "2026年5月3日、サポートさんが書きました。",
        "Am 03.05.2026 um 10:12 schrieb Support:",
        "Le dim. 3 mai 2026 à 10:12, Support <support@exchange.example> a écrit\xa0:",
        "El dom, 3 may 2026 a las 10:12, Support (<support@exchange.example>) escribió:",
        "在 2026年5月3日，10:12，Support 写道：",
        "03.05.2026 10:12 Support kirjutas:",
    ],
)
def test_the_new_part_ends_where_a_client_introduces_the_old(introduction: str) -> None:
    new, history = reply.split(f"{NEW}\n\n{introduction}\n{QUOTED}\n")
    assert new == NEW
    assert introduction.split("\n")[0].strip() in history
    assert QUOTED in history


@pytest.mark.parametrize(
    "separator",
    [
        "-----Original Message-----\nFrom: Support",
        "-----元のメッセージ-----\n差出人: サポート",
        "---------- Forwarded message ---------\nFrom: Support",
        "---------- 転送されたメッセージ ----------",
        "Begin forwarded message:\n",
        "On Sun, May 3, 2026 at 10:12 AM Support <support@exchange.example> wrote:\n",
        "From: Support <support@exchange.example>\nSent: Sunday, May 3, 2026 10:12\nTo: Hanako\nSubject: RE: Withdrawal\n",
        "*From:* Support\n*Date:* Sunday\n*To:* Hanako\n*Subject:* RE: Withdrawal\n",
        "________________________________\nFrom: Support\nSent: Sunday\nTo: Hanako\nSubject: RE: Withdrawal\n",
        "差出人: サポート <support@exchange.example>\n送信日時: 2026年5月3日 10:12\n宛先: 花子\n件名: RE: 出金\n",
        "差出人：サポート\n日時：2026年5月3日\n宛先：花子\n件名：出金\n",
        "Von: Support\nGesendet: Sonntag, 3. Mai 2026 10:12\nAn: Hanako\nBetreff: AW: Auszahlung\n",
    ],
)
def test_all_below_a_separator_is_history_even_unquoted(separator: str) -> None:
    new, history = reply.split(f"{NEW}\n\n{separator}\n{OLD}\n")
    assert new == NEW
    assert OLD in history


def test_answers_between_quotations_are_all_new() -> None:
    new, history = reply.split("Hi,\n> When?\nYesterday.\n> How much?\n2 BTC.")
    assert new == "Hi,\nYesterday.\n2 BTC."
    assert history == "> When?\n> How much?"


def test_an_answer_below_its_quotation_is_new() -> None:
    new, _ = reply.split(f"On May 3, 2026, Support wrote:\n{QUOTED}\n\n{NEW}")
    assert new == NEW


@pytest.mark.parametrize(
    "line",
    ["Sent from my iPhone", "iPhoneから送信", "私のiPadから送信されました", "Get Outlook for iOS", "Von meinem iPhone gesendet"],
)
def test_what_a_telephone_adds_is_not_what_the_customer_says(line: str) -> None:
    assert reply.split(f"{NEW}\n\n{line}") == (NEW, line)


def test_a_signature_is_history_and_a_divider_is_not() -> None:
    assert reply.split(f"{NEW}\n-- \nHanako\nTokyo") == (NEW, "-- \nHanako\nTokyo")
    assert reply.split(f"{NEW}\n--\nHanako")[0] == NEW
    divided = "One\n--\n" + "\n".join(f"line {number}" for number in range(40))
    assert reply.split(divided) == (divided, "")


@pytest.mark.parametrize(
    "text",
    [
        "From: bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq\nTo: my wallet\nDate: 2026-05-03\nAmount: 2 BTC",
        "送信元: 0x52908400098527886E0F7030069857D2E4169EE7\n宛先: 自分\n日時: 5月3日",
        "I wrote to you on May 3. You wrote: we will check. Please do.",
        "On Monday I wrote to your colleague about it and nobody answered.",
        "昨日iPhoneから送信した申請が反映されません。ご確認ください。申請の番号は後でお送りします。よろしくお願いします。",
        "次の取引です:\n\n2026年5月3日 10:12 0.5 BTC 出金",
    ],
)
def test_what_only_resembles_old_mail_stays_new(text: str) -> None:
    assert reply.split(f"Hello,\n\n{text}") == (f"Hello,\n\n{text}", "")


@pytest.mark.parametrize("above", ["また起きました", "On Monday I called you.", "It happened again:"])
def test_a_line_right_above_an_introduction_is_new(above: str) -> None:
    for introduction in (
        "2026年5月3日(日) 10:12 サポート <s@x.example>:",
        "On May 3, 2026, Support wrote:",
        "サポートさんは書きました:",
    ):
        assert reply.split(f"{above}\n{introduction}\n{QUOTED}") == (above, f"{introduction}\n{QUOTED}")


@pytest.mark.parametrize(
    "text", [QUOTED, f"-----Original Message-----\n{OLD}", "Sent from my iPhone", f"On May 3, 2026, X wrote:\n{QUOTED}"]
)
def test_a_mail_is_never_trimmed_to_nothing(text: str) -> None:
    assert reply.split(text) == (text, "")


def test_a_mail_says_what_is_new_and_what_is_not() -> None:
    introduction = "2026年5月3日(日) 10:12 サポート &lt;s@x.example&gt;:"
    page = f"<div>また起きました</div><div class=gmail_quote>{introduction}<br><blockquote>確認します</blockquote></div>"
    message = read(a_mail(page, Content_Type="text/html; charset=utf-8"))
    assert message.text == "また起きました"
    assert "> 確認します" in message.history


@given(
    st.lists(
        st.sampled_from(
            ["", "> a", "On May 3 X wrote:", "-- ", "text", "From: a@b.c", "To: x", "Subject: y", "iPhoneから送信", "_" * 20]
        )
    )
)
def test_nothing_is_ever_lost(lines: list[str]) -> None:
    text = "\n".join(lines)
    new, history = reply.split(text)
    assert bool(new) == bool(text.strip())
    assert sorted("".join((new + history).split())) == sorted("".join(text.split()))
