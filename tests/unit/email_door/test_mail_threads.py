from __future__ import annotations

from typing import Any

from casework.message import MAX_REFERENCES
from tests.unit.email_door.mails import a_block, a_mail, read


def test_a_mail_is_named_by_its_message_id() -> None:
    assert read(a_mail(Message_ID="<One.2@Example.JP>")).thread_name == "One.2@Example.JP"
    assert read(a_mail(Message_ID="one@example.jp")).thread_name == "one@example.jp"
    assert read(a_mail(Message_ID="\r\n <one@\r\n example.jp>")).thread_name == "one@example.jp"
    assert read(a_mail(Message_ID="<[abc123]@[192.0.2.1]>")).thread_name == "[abc123]@[192.0.2.1]"
    assert read(a_mail(Message_ID=None)).thread_name == ""


def test_the_nearest_reference_comes_first_and_each_once() -> None:
    message = read(a_mail(In_Reply_To="Your message of Sunday <c@x>", References="<a@x> <b@x>,<c@x>\r\n\t<b@x>"))
    assert message.references == ("c@x", "b@x", "a@x")


def test_references_without_brackets_are_read() -> None:
    assert read(a_mail(References="a@x.example b@x.example")).references == ("b@x.example", "a@x.example")


def test_of_many_references_the_nearest_are_kept() -> None:
    message = read(a_mail(References=" ".join(f"<{number}@x>" for number in range(20_000))))
    assert len(message.references) == MAX_REFERENCES
    assert message.references[0] == "19999@x"


def test_a_mail_does_not_refer_to_itself() -> None:
    assert read(a_mail(References="<one@example.jp> <b@x>")).references == ("b@x",)


def test_an_id_is_bounded_alike_as_a_name_and_as_a_reference() -> None:
    long = "a" * 900 + "@x"
    name = read(a_mail(Message_ID=f"<{long}>")).thread_name
    assert len(name) == 250
    assert read(a_mail(In_Reply_To=f"<{long}>")).references == (name,)


def test_the_same_mail_delivered_twice_is_the_same_source() -> None:
    again = a_block(envelope="bounces@list.example", spam="GRAY") + b"Received: by relay.example\r\nDelivered-To: x\r\n"
    first, second = read(a_mail(block=a_block())), read(a_mail(block=again))
    assert first.source.name == second.source.name
    assert first.message_id == second.message_id
    assert first.source.name == f"one@example.jp\n{first.source.digest}"


def test_the_same_mail_folded_otherwise_is_the_same_source() -> None:
    assert (
        read(a_mail(Subject="My withdrawal is gone")).message_id == read(a_mail(Subject="My withdrawal\r\n\tis gone")).message_id
    )


def test_another_mail_under_a_known_message_id_is_another_source() -> None:
    known = read(a_mail())
    for other in (a_mail("Something else"), a_mail(From="thief@example.jp"), a_mail(Subject="Else"), a_mail(Date=None)):
        assert read(other).message_id != known.message_id
        assert read(other).thread_name == known.thread_name


def test_a_mail_without_a_message_id_is_named_by_its_content() -> None:
    message = read(a_mail(Message_ID=None))
    assert message.source.name == message.source.digest
    assert len(message.source.digest) == 64


def test_our_reference_in_an_address_names_a_case() -> None:
    for name in ("To", "Cc", "Delivered-To", "X-Original-To", "Envelope-To"):
        header: dict[str, Any] = {name: "Support <support+cw-1a2b-3c4d-5e6f@exchange.example>"}
        message = read(a_mail(**header))
        assert message.references == ("CW-1A2B-3C4D-5E6F",), name


def test_our_reference_on_the_envelope_names_a_case_and_what_others_trace_does_not() -> None:
    block = a_block().replace(b"for support@", b"for support+CW-1A2B-3C4D-5E6F@")
    assert read(a_mail(block=block)).references == ("CW-1A2B-3C4D-5E6F",)
    assert read(a_block() + block.split(b"X-SES")[0] + a_mail()).references == ()


def test_a_reference_that_was_misread_is_the_same() -> None:
    assert read(a_mail(To="support+CW-IA2B-3C4D-5E6O@exchange.example")).references == ("CW-1A2B-3C4D-5E60",)


def test_other_details_of_addresses_name_nothing() -> None:
    for local in ("s+news", "s+cw-1", "cw-1a2b-3c4d-5e6f", "s+cw-1a2b-3c4d-5e6f-7", "s+1cw-1a2b-3c4d-5e6f"):
        assert read(a_mail(To=f"{local}@x.example")).references == (), local
    assert read(a_mail(Reply_To="s+cw-1a2b-3c4d-5e6f@x.example")).references == ()


def test_addresses_name_few_cases_and_before_the_header_does() -> None:
    crowd = ", ".join(f"s+cw-0000-0000-{number:04}@x.example" for number in range(5_000))
    references = read(a_mail(To=crowd, In_Reply_To="<near@x>")).references
    assert references[0] == "CW-0000-0000-0000"
    assert references.index("near@x") == 10
