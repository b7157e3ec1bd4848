from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.message import Identity, IdentityKind, Trust
from functions.email import addresses
from tests.unit.email_door.mails import a_block, a_mail, jis, read


def named(value: str) -> list[tuple[str, str]]:
    return [(mailbox.name, mailbox.address) for mailbox in addresses.parse(value)]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("hanako@example.jp", [("", "hanako@example.jp")]),
        ("Hanako <hanako@example.jp>", [("Hanako", "hanako@example.jp")]),
        ('"Yamada, Hanako" <hanako@example.jp>', [("Yamada, Hanako", "hanako@example.jp")]),
        ("Yamada, Hanako <hanako@example.jp>", [("Yamada, Hanako", "hanako@example.jp")]),
        ("hanako@example.jp (Hanako (the elder))", [("Hanako (the elder)", "hanako@example.jp")]),
        ("=?utf-8?B?5bGx55Sw?= <hanako@example.jp>", [("山田", "hanako@example.jp")]),
        ('"=?utf-8?B?5bGx55Sw?=" <hanako@example.jp>', [("山田", "hanako@example.jp")]),
        ("a@b.example, C <c@d.example>", [("", "a@b.example"), ("C", "c@d.example")]),
        ('"Ltd" <>, <c@d.example>', [("", "c@d.example")]),
        ("Friends: a@b.example, c@d.example;", [("", "a@b.example"), ("", "c@d.example")]),
        ("undisclosed-recipients:;", []),
        ("<@relay.example:a@b.example>", [("", "a@b.example")]),
        ("<mailto:a@b.example>", [("", "a@b.example")]),
        ("MAILER-DAEMON (Mail Delivery System)", [("Mail Delivery System", "MAILER-DAEMON")]),
        ('"unclosed <a@b.example>', [('"unclosed', "a@b.example")]),
        ("", []),
    ],
)
def test_address_headers_are_read_as_people_write_them(value: str, expected: list[tuple[str, str]]) -> None:
    found = [(name.lstrip('"') if '"unclosed' in value else name, address) for name, address in named(value)]
    assert found == [(name.lstrip('"'), address) for name, address in expected]


def test_an_address_has_one_normal_form() -> None:
    assert addresses.normal_form(" Hanako.Y@Example.JP. ") == "hanako.y@example.jp"
    assert addresses.normal_form("x@日本.example") == "x@xn--wgv71a.example"
    assert addresses.normal_form("x@[192.0.2.1]") == "x@[192.0.2.1]"


@pytest.mark.parametrize(
    "wrong", ["", "hanako", "@example.jp", "hanako@", "a b@example.jp", "a\u200bb@example.jp", "a@" + "b" * 300]
)
def test_what_is_no_address_has_no_normal_form(wrong: str) -> None:
    assert addresses.normal_form(wrong) == ""


def test_look_alike_addresses_stay_different_people() -> None:
    assert addresses.normal_form("ｈanako@example.jp") != addresses.normal_form("hanako@example.jp")


def test_an_authenticated_sender_is_known_by_their_address() -> None:
    message = read(a_mail(block=a_block(), From="=?utf-8?B?5bGx55Sw?= <Hanako@Example.JP>"))
    assert message.identities == (Identity(IdentityKind.EMAIL, "hanako@example.jp", Trust.AUTHENTICATED),)
    assert message.sender == "山田 <Hanako@Example.JP>"


def test_a_subdomain_is_vouched_for_by_its_organisation_and_not_the_other_way_round() -> None:
    assert trust(a_mail(block=a_block(domain="example.jp"), From="a@mail.example.jp")) is Trust.AUTHENTICATED
    assert trust(a_mail(block=a_block(domain="mail.example.jp"), From="a@example.jp")) is Trust.CLAIMED
    assert trust(a_mail(block=a_block(domain="example.jp"), From="a@evilexample.jp")) is Trust.CLAIMED
    assert trust(a_mail(block=a_block(domain="jp"), From="a@example.jp")) is Trust.CLAIMED


@pytest.mark.parametrize(
    "sender",
    [
        "victim@example.jp, thief@example.jp",
        "<victim@example.jp> <thief@example.jp>",
        "victim@example.jp <thief@example.jp>",
        "(<victim@example.jp>) thief@example.jp",
        "victim@example.jp\r\nFrom: thief@example.jp",
        "victim@example.jp\r\nFrom: somebody else",
        jis("田") + b" <victim@example.jp>",
        "Group: victim@example.jp;",
        '"victim@example.jp"',
        jis("山") + b" <victim@example.jp>",
        "山".encode("cp932") + b" <victim@example.jp>",
    ],
)
def test_a_from_that_two_readers_could_read_differently_is_only_a_claim(sender: str | bytes) -> None:
    assert trust(a_mail(block=a_block(), From=sender)) is Trust.CLAIMED


def test_an_encoded_name_cannot_smuggle_in_an_address() -> None:
    message = read(a_mail(block=a_block(), From="=?utf-8?Q?Victim_=3Cvictim=40example.jp=3E?= <thief@example.jp>"))
    assert [identity.value for identity in message.identities] == ["thief@example.jp"]


def test_without_a_from_address_the_reply_address_is_a_claim() -> None:
    message = read(a_mail(block=a_block(), From='"Hanako" <>', Reply_To="hanako@example.jp"))
    assert message.identities == (Identity(IdentityKind.EMAIL, "hanako@example.jp", Trust.CLAIMED),)
    assert "no_from" in message.signals
    assert "no_sender" not in message.signals


def test_dmarc_of_a_from_that_is_no_address_does_not_vouch_for_the_reply_address() -> None:
    message = read(a_mail(block=a_block(), From="<thief\u200b@example.jp>", Reply_To="victim@example.jp"))
    assert message.identities == (Identity(IdentityKind.EMAIL, "victim@example.jp", Trust.CLAIMED),)


def test_a_mail_from_nobody_has_no_identity() -> None:
    message = read(a_mail(From=None))
    assert message.identities == ()
    assert "no_sender" in message.signals


def test_several_senders_and_another_reply_address_are_told() -> None:
    assert "from_multiple" in read(a_mail(From="a@b.example, c@d.example")).signals
    assert "from_multiple" in read(b"From: a@b.example\r\n" + a_mail(From="c@d.example")).signals
    assert "reply_to_differs" in read(a_mail(Reply_To="thief@evil.example")).signals
    assert "reply_to_differs" not in read(a_mail(Reply_To="HANAKO@example.jp")).signals


def test_recipients_are_those_of_to_and_cc_each_once_and_bounded() -> None:
    many = ", ".join(f"a{number}@b.example" for number in range(300))
    message = read(a_mail(To="Support <Support@exchange.example>", Cc=f"support@exchange.example, {many}"))
    assert message.recipients[:2] == ("support@exchange.example", "a0@b.example")
    assert len(message.recipients) == 100


def trust(raw: bytes) -> Trust:
    (identity,) = read(raw).identities
    return identity.trust


@given(st.text(max_size=120))
def test_any_text_is_read_as_mailboxes(value: str) -> None:
    for mailbox in addresses.parse(value):
        assert mailbox.address
        assert mailbox.normal == "" or addresses.normal_form(mailbox.normal) == mailbox.normal
