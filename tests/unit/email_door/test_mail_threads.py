from __future__ import annotations

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
