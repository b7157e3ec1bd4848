from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.email.lookalikes import mixes_scripts, resembled
from tests.unit.email_door.mails import a_block, a_mail, octets, read

OWN = ("support.kujira.example",)
DECEITS = {"lookalike_domain", "mixed_script_domain", "display_name_address_differs", "reply_to_differs", "from_multiple"}


def deceits(**headers: Any) -> set[str]:
    return DECEITS & set(read(a_mail(block=a_block(), **headers), OWN).signals)


def test_an_ordinary_customer_deceives_nobody() -> None:
    assert deceits() == set()
    assert deceits(From='"hanako@example.jp" <Hanako@Example.JP>') == set()
    assert deceits(From="山田 花子 <hanako@日本語.jp>") == set()


@pytest.mark.parametrize(
    "host",
    [
        *("kujlra.example", "kuj1ra.example", "kújira.example", "куjira.example", "xn--kujra-q4a.example"),
        *("kujirra.example", "kujra.example", "kujiar.example", "kujira.test", "kujira-support.test", "login-kujira.test"),
        *(
            "kujira.example.evil.test",
            "mail.support.kujira.example.evil.test",
            "c0inbase.com",
            "rnetamask.io",
            "coinbase.com.evil.test",
        ),
        *("coincheck-security.test", "secure.binance-login.test"),
    ],
)
def test_a_host_that_looks_like_ours_or_a_brands_is_told(host: str) -> None:
    assert resembled(host, OWN)
    assert "lookalike_domain" in deceits(From=f"Support <info@{host}>")
    assert "lookalike_domain" in deceits(Reply_To=f"Support <info@{host}>")


@pytest.mark.parametrize(
    "host",
    [
        *("kujira.example", "mail.kujira.example", "coinbase.com", "info.coinbase.com", "binance.us", "example.jp"),
        *("gmail.com", "kraken-books.test", "kraken.test", "ledgers.test", "orca.test", "kujiranokai.test", "localhost", ""),
        *("smbg.test", "zaifu.test", "paypals-and-friends.test"),
    ],
)
def test_a_host_of_its_own_is_not_told(host: str) -> None:
    assert resembled(host, OWN) == ""


def test_a_mail_tells_whom_it_resembles() -> None:
    assert read(a_mail(From="a@kujlra.example"), OWN).facts["resembles"] == "kujira.example"
    assert "resembles" not in read(a_mail(), OWN).facts


def test_without_own_domains_brands_are_still_known() -> None:
    assert resembled("kujlra.example") == ""
    assert resembled("blnance.com") == "binance.com"


@pytest.mark.parametrize(
    "host",
    [
        "раypal.test",  # two Cyrillic letters before Latin ones
        "аррӏе.com",  # Cyrillic throughout, under a Latin ending
        "сһаѕе.jp",
        "xn--80ak6aa92e.com",
        "αβγ.com",
        "kujiraх.example",
    ],
)
def test_scripts_that_do_not_belong_together_are_told(host: str) -> None:
    assert mixes_scripts(host)
    assert "mixed_script_domain" in deceits(From=octets(f"Info <info@{host}>"))


@pytest.mark.parametrize(
    "host",
    [
        "日本語.jp",
        "ひらがなkana漢字.jp",
        "ラーメン.com",
        "佐々木.jp",
        "почта.рф",
        "почта.ru",
        "müller.de",
        "ελλάδα.gr",
        "한국.kr",
        "xn--a",
        "1.jp",
    ],
)
def test_scripts_that_are_written_together_are_not_told(host: str) -> None:
    assert not mixes_scripts(host)


@pytest.mark.parametrize(
    "sender",
    [
        '"support@kujira.example" <thief@evil.test>',
        '"Hanako (hanako@example.jp)" <thief@evil.test>',
        "Kujira Support <kujira.desk@gmail.example>",
        "Kuj1ra Support <desk@gmail.example>",
        "Coinbase <news@mailing.example>",
        "Trust Wallet <news@mailing.example>",
        "コインチェック サポート <news@mailing.example>",
        "MetaMask.io <news@mailing.example>",
    ],
)
def test_a_name_that_is_somebody_elses_is_told(sender: str) -> None:
    assert "display_name_address_differs" in deceits(From=octets(sender))


@pytest.mark.parametrize(
    "sender",
    [
        "Kujira Support <desk@kujira.example>",
        "Coinbase <no-reply@info.coinbase.com>",
        "Ledger Tanaka <tanaka@example.jp>",
        "Lucia Kraken <lucia@example.jp>",
        "a@example.jp",
    ],
)
def test_a_name_of_ones_own_is_not_told(sender: str) -> None:
    assert "display_name_address_differs" not in deceits(From=sender)


@given(st.text(max_size=80))
def test_any_host_is_judged_without_an_error(host: str) -> None:
    resembled(host, OWN)
    mixes_scripts(host)
