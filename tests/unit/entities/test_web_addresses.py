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
