from __future__ import annotations

from functions.email.loops import MANY_HOPS, own_domains
from tests.unit.email_door.mails import a_block, a_mail, read

OWN = ("support.kujira.example",)
VOUCHED = a_block(domain="kujira.example", envelope="desk@kujira.example")


def signals(raw: bytes) -> set[str]:
    return set(read(raw, OWN).signals)


def hops(count: int, host: str = "mx.kujira.example") -> bytes:
    return b"".join(b"Received: from a.example by %s with ESMTP id %d\r\n" % (host.encode(), number) for number in range(count))


def test_a_list_of_domains_is_read_as_it_is_written() -> None:
    listed = " Kujira.example, support.kujira.example,,desk@鯨.jp "
    assert own_domains(listed) == ("kujira.example", "support.kujira.example", "xn--yq6a.jp")
    assert own_domains("") == ()


def test_mail_that_we_sent_is_known_as_ours() -> None:
    found = signals(a_mail(block=VOUCHED, From="Desk <desk@kujira.example>"))
    assert "own_mail" in found
    assert "no_auto_answer" in found
    assert "own_mail" in signals(a_mail(block=a_block(), Message_ID="<1@mail.kujira.example>")), "sent on under another name"


def test_mail_that_only_says_to_be_ours_is_not_believed() -> None:
    found = signals(a_mail(block=a_block(dmarc="fail", domain="kujira.example"), From="desk@kujira.example"))
    assert "own_domain_unverified" in found
    assert "own_mail" not in found
    assert "own_domain_unverified" in signals(a_mail(block=a_block(domain="evil.example"), From="desk@mail.kujira.example"))


def test_without_own_domains_nothing_is_ours() -> None:
    assert not {"own_mail", "own_domain_unverified", "mail_loop"} & set(read(a_mail(From="desk@kujira.example")).signals)


def test_mail_that_has_been_here_before_goes_in_circles() -> None:
    twice = {"X_Loop": "desk@support.kujira.example"}
    assert {"mail_loop", "auto_reply"} <= signals(a_mail(block=a_block(), **twice))
    assert {"mail_loop", "auto_reply"} <= signals(a_block() + hops(MANY_HOPS) + a_mail())
    delivered = b"Delivered-To: support@kujira.example\r\n"
    assert "mail_loop" in signals(a_block() + delivered + hops(1) + delivered + a_mail())


def test_a_customers_own_loops_and_our_ordinary_hops_are_no_circle() -> None:
    delivered = b"Delivered-To: support@kujira.example\r\nDelivered-To: hanako@example.jp\r\nDelivered-To: hanako@example.jp\r\n"
    assert "mail_loop" not in signals(a_block() + delivered + hops(MANY_HOPS - 1) + a_mail())
    assert "mail_loop" not in signals(a_block() + hops(40, "mx.example.jp") + a_mail())
    assert "mail_loop" not in signals(a_mail(block=a_block(), X_Loop="list@example.jp"))
