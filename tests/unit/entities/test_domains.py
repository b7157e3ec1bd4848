"""Hosts compared: by what somebody registered, and by how they look."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from casework.entities.domains import ascii_host, ipv4, is_top_level, registrable_domain, skeleton, unicode_host


@pytest.mark.parametrize(
    ("host", "owned"),
    [
        ("example.com", "example.com"),
        ("a.b.Example.COM.", "example.com"),
        ("a.b.example.co.jp", "example.co.jp"),
        ("example.tokyo.jp", "example.tokyo.jp"),
        ("a.b.c.kawasaki.jp", "b.c.kawasaki.jp"),
        ("www.city.kawasaki.jp", "city.kawasaki.jp"),
        ("victim.pages.dev", "victim.pages.dev"),
        ("a.me.github.io", "me.github.io"),
        ("bücher.example", "xn--bcher-kva.example"),
        ("a.食狮.公司.cn", "xn--85x722f.xn--55qx5d.cn"),
        ("login.example.unheardof", "example.unheardof"),
        ("例え。テスト", "xn--r8jz45g.xn--zckzah"),
    ],
)
def test_what_somebody_registered(host: str, owned: str) -> None:
    assert registrable_domain(host) == owned


@pytest.mark.parametrize(
    "host", ["", ".", "com", "co.jp", "github.io", "localhost", "192.0.2.7", "0x7f.1", "a..com", ".com", "é" * 80]
)
def test_nobody_registered_these(host: str) -> None:
    assert registrable_domain(host) == ""


@pytest.mark.parametrize(
    ("host", "other"),
    [
        ("bіnance.com", "binance.com"),
        ("xn--bnance-pvf.com", "binance.com"),
        ("blnance.com", "binance.com"),
        ("BINANCE.COM", "binance.com"),
        ("coinbаse.com", "coinbase.com"),
        ("c0inba5e.com", "coinbase.com"),
        ("rnetamask.io", "metamask.io"),
        ("vvallet.example", "wallet.example"),
        ("lеdgеr.com", "ledger.com"),
        ("ledġer.com", "ledger.com"),
        ("krаkeń.com", "kraken.com"),
        ("ｂｉｔｆｌｙｅｒ.jp", "bitflyer.jp"),
    ],
)
def test_look_alikes_meet(host: str, other: str) -> None:
    assert ascii_host(host) != ascii_host(other) or host.isupper() or "ｂ" in host
    assert skeleton(host) == skeleton(other)


@pytest.mark.parametrize(
    ("host", "other"), [("binance.com", "finance.com"), ("example.com", "example.org"), ("a-b.com", "ab.com")]
)
def test_others_do_not(host: str, other: str) -> None:
    assert skeleton(host) != skeleton(other)


@given(st.text(max_size=40))
@example("\x80\u0345")
def test_a_skeleton_is_its_own(text: str) -> None:
    once = skeleton(text)
    assert skeleton(text.upper().lower()) == skeleton(text.lower())
    assert "rn" not in once
    assert "vv" not in once


@given(st.text(max_size=300))
def test_anything_may_be_asked(text: str) -> None:
    owned = registrable_domain(text)
    assert owned == "" or ascii_host(text).endswith(owned)
    assert unicode_host(text) is not None


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("192.168.1.1", "192.168.1.1"),
        ("3232235777", "192.168.1.1"),
        ("0xC0A80101", "192.168.1.1"),
        ("0300.0250.1.1", "192.168.1.1"),
        ("192.168.257", "192.168.1.1"),
        ("127.1", "127.0.0.1"),
        ("256.1.1.1", ""),
        ("1.2.3.4.5", ""),
        ("09.1.1.1", ""),
        ("example.com", ""),
        ("", ""),
    ],
)
def test_the_forms_of_an_ip_address_that_browsers_take(host: str, address: str) -> None:
    assert ipv4(host) == address


def test_top_levels_are_the_lists() -> None:
    assert is_top_level("com")
    assert is_top_level("zone")
    assert is_top_level("ck")
    assert not is_top_level("docx")
