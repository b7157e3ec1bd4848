"""Links, hosts and e-mail addresses, whole or defanged."""

from __future__ import annotations

import pytest

from casework.entities import find
from casework.entities.web_addresses import canonical, registrable


def named(text: str, kind: str) -> list[str]:
    return [entity.value for entity in find(text) if entity.kind == kind]


@pytest.mark.parametrize(
    ("text", "url", "domain"),
    [
        ("https://example.com/a?b=c", "https://example.com/a?b=c", "example.com"),
        ("HTTPS://Login.Example.COM/A", "https://login.example.com/A", "example.com"),
        ("http://example.com/", "http://example.com", "example.com"),
        ("(see https://example.com/a).", "https://example.com/a", "example.com"),
        ("https://example.com/a_(b)", "https://example.com/a_(b)", "example.com"),
        ("<https://example.com/a>", "https://example.com/a", "example.com"),
        ("https://example.com/aです", "https://example.com/a", "example.com"),
        ("「https://example.com」", "https://example.com", "example.com"),
        ("https://example.com:8443/x", "https://example.com:8443/x", "example.com"),
        ("https://binance.example@evil.example.net/login", "https://evil.example.net/login", "example.net"),
        ("https://a.b.example.co.jp/", "https://a.b.example.co.jp", "example.co.jp"),
        ("https://victim.pages.dev/x", "https://victim.pages.dev/x", "victim.pages.dev"),
        ("http://192.0.2.7/x", "http://192.0.2.7/x", "192.0.2.7"),
        ("hxxps://evil[.]example[.]com/path", "https://evil.example.com/path", "example.com"),
        ("hXXp[:]//evil[dot]example", "http://evil.example", "evil.example"),
        ("ｈｔｔｐｓ：／／ｅｘａｍｐｌｅ．ｃｏｍ／ａ", "https://example.com/a", "example.com"),
        ("https://bіnance.example/login", "https://xn--bnance-pvf.example/login", "xn--bnance-pvf.example"),
        ("ttps://evil.example/x", "https://evil.example/x", "evil.example"),
        ("hxxps[://]evil[.]com/a", "https://evil.com/a", "evil.com"),
        ("h**p://evil.com", "http://evil.com", "evil.com"),
        ("https://evil(.)co(.)jp/x", "https://evil.co.jp/x", "evil.co.jp"),
        ("https://evil.com:443/", "https://evil.com", "evil.com"),
        ("https://evil.com\\@bank.com", "https://evil.com\\@bank.com", "evil.com"),
        ("http://3232235777/x", "http://192.168.1.1/x", "192.168.1.1"),
        ("http://0xC0A80101/", "http://192.168.1.1", "192.168.1.1"),
        ("http://0300.0250.1.1/", "http://192.168.1.1", "192.168.1.1"),
        ("http://[2001:db8::1]/x", "http://[2001:db8::1]/x", "[2001:db8::1]"),
        ("https://日本語.jp/login。次", "https://xn--wgv71a119e.jp/login", "xn--wgv71a119e.jp"),
        ("https://a.b.example.co.uk/x", "https://a.b.example.co.uk/x", "example.co.uk"),
    ],
)
def test_a_link_and_its_host_are_named(text: str, url: str, domain: str) -> None:
    assert named(text, "url") == [url]
    assert named(text, "domain") == [domain]


@pytest.mark.parametrize(
    ("text", "domain"),
    [
        ("I went to www.example.com yesterday", "example.com"),
        ("example.co.jp にログイン", "example.co.jp"),
        ("evil[.]example[.]org", "example.org"),
        ("evil(.)example", "evil.example"),
        ("secure-login.example.io.", "example.io"),
        ("scam.live/claim", "scam.live"),
        ("Example.COM", "example.com"),
        ("evil{.}com", "evil.com"),
        ("evil [.] com は".replace(" ", ""), "evil.com"),
        ("it is evil dot com", "evil.com"),
        ("evil ドット com です", "evil.com"),
        ("bіnance.com", "xn--bnance-pvf.com"),
        ("login.secure-pay.zone", "secure-pay.zone"),
        ("www.coins.help", "coins.help"),
    ],
)
def test_a_host_by_itself_is_named(text: str, domain: str) -> None:
    assert named(text, "domain") == [domain]


@pytest.mark.parametrize(
    "text",
    [
        "Please help.I lost it.It is gone.so",
        "my money was stolen.help me",
        "e.g. this, i.e. that, 3.5 and Mr.Smith",
        "report.pdf and image.png and index.html",
        "1.2.3",
        "https://",
        "http://localhost/x",
        "…com",
        "readme.md, invoice.zip, node.js, main.py, setup.sh and archive.tar.gz",
        "we use ASP.NET and VB.net",
        "the dot com bubble",
        "it was non-refundable.no reply came.is that so.it is",
        "f(x).g(y)",
    ],
)
def test_sentences_and_files_are_no_hosts(text: str) -> None:
    assert find(text) == ()


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("Write to John.Smith+x@Example.COM.", "john.smith+x@example.com"),
        ("user＠example.com", "user@example.com"),
        ("mailto:a@b.example.jp", "a@b.example.jp"),
        ("アドレスはa@example.jpです", "a@example.jp"),
        ("a@example[.]com", "a@example.com"),
    ],
)
def test_an_email_address_is_named_and_not_its_host(text: str, address: str) -> None:
    assert [(entity.kind, entity.value) for entity in find(text)] == [("email", address)]


def test_a_file_that_a_scheme_or_www_makes_a_host_is_one() -> None:
    assert named("https://invoice.zip/x", "domain") == ["invoice.zip"]
    assert named("www.invoice.zip", "domain") == ["invoice.zip"]


@pytest.mark.parametrize("target", ["https://evil.co.jp/x", "https%3A%2F%2Fevil.co.jp%2Fx"])
def test_where_a_link_forwards_to_is_named_too(target: str) -> None:
    assert named(f"https://bank.example/out?u={target}", "domain") == ["bank.example", "evil.co.jp"]


def test_a_picture_of_a_mail_program_is_no_email_address() -> None:
    assert named("[cid:image001.png@01D9A2B3.4C5D6E7F]", "email") == []


@pytest.mark.parametrize("text", ["a@b", "@example", "a @ b.example.com is none"])
def test_what_is_no_email_address(text: str) -> None:
    assert named(text, "email") == []


def test_a_host_in_the_path_of_a_link_is_not_the_links_host() -> None:
    assert named("https://evil.example/?u=bank.com/login", "domain") == ["evil.example"]


@pytest.mark.parametrize(
    ("host", "owner"),
    [
        ("example.com", "example.com"),
        ("a.b.example.com", "example.com"),
        ("a.example.co.uk", "example.co.uk"),
        ("me.github.io", "me.github.io"),
        ("192.0.2.7", "192.0.2.7"),
        ("localhost", "localhost"),
    ],
)
def test_the_registrable_part(host: str, owner: str) -> None:
    assert registrable(host) == owner


@pytest.mark.parametrize(
    ("host", "name"),
    [
        ("EXAMPLE.com", "example.com"),
        ("a[.]b(.)c[dot]d", "a.b.c.d"),
        ("bücher.example", "xn--bcher-kva.example"),
        ("é" * 80, "é" * 80),
    ],
)
def test_the_canonical_host(host: str, name: str) -> None:
    assert canonical(host) == name
