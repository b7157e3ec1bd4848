"""Wherever a text is cut before it is redacted: no part of a secret stays that goes through the cut."""

from __future__ import annotations

import json
import re
import unicodedata
from base64 import b64encode
from collections.abc import Callable
from dataclasses import asdict, replace
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from casework.files import contents, describe
from casework.message import Message
from casework.redaction import redact_message
from casework.redaction.cuts import REACH, cut, torn
from functions.email import addresses, attachments, bodies, headers, mime, parts
from functions.voice import bounds, call
from tests.builders import a_desk, a_message
from tests.unit.email_door.mails import a_mail
from tests.unit.email_door.mails import read as read_mail
from tests.unit.redaction.disguises import decomposed, english, entropy, extended_key, full_width, japanese, wif
from tests.unit.voice_door.voice_calls import contact_lens, turn
from tests.unit.voice_door.voice_calls import read as read_call

SECRETS = {
    "twelve words": " ".join(english("of a cut")),
    "twenty-four words": ", ".join(english("of a longer cut", 32)),
    "two words misspelled": " ".join(word + "e" if at in (3, 8) else word for at, word in enumerate(english("slips"))),
    "words with hyphens": "-".join(english("hyphens")),
    "words full width": full_width(" ".join(english("wide"))),
    "Japanese words": "　".join(japanese("a cut")),
    "Japanese words decomposed": decomposed("　".join(japanese("a cut of parts"))),
    "Japanese words in one piece": "".join(japanese("in one piece")),
    "WIF": wif("a cut"),
    "extended key": extended_key(),
    "raw key": f"My private key is {entropy('a cut', 32).hex()}",
    "key file": str(list(entropy("a cut", 64))),
    "card": "4111 1111 1111 1111",
    "card in one piece": "5555555555554444",
    "password": "my password is Tr0ub4dor&3xKcd77pLq",
}
FILLER = "We sold the old bicycles near Osaka, and nobody asked why. "


def filled(size: int) -> str:
    """So many characters that are no part of anything, with a blank at the end."""
    return (FILLER * (size // len(FILLER) + 1))[: max(0, size - 1)] + " " * (size > 0)


def bare(text: str) -> str:
    return re.sub(r"[\W_]", "", unicodedata.normalize("NFKC", text)).lower()


def gives_away(text: str, secret: str) -> bool:
    """Whether three words of a phrase, sixteen characters of a key, or eight digits of a card are in a text."""
    words = re.split(r"[\s,-]+", unicodedata.normalize("NFKC", secret))
    if len(words) >= 12:
        size = 8 if words[0][0] == "[" else 3
        return any(bare("".join(words[at : at + size])) in bare(text) for at in range(len(words) - size + 1))
    value = bare(secret.rpartition(" is ")[2])
    size = 8 if value.isdigit() else 36 if value[0] > "ぁ" else 16
    return any(value[at : at + size] in bare(text) for at in range(len(value) - size + 1))


Plant = Callable[[str, int], Message]
"""Makes a message with a secret of which so many characters stand before a cut."""


def planted(secret: str, before: int, limit: int) -> str:
    return f"{filled(limit - before)}{secret} {FILLER * 3}"


def in_the_subject(secret: str, before: int) -> Message:
    return read_mail(a_mail(Subject=planted(secret, before, mime.MAX_SUBJECT)))


def in_an_encoded_subject(secret: str, before: int) -> Message:
    text = planted(secret, before, headers.MAX_VALUE // 20)
    return read_mail(a_mail(Subject="\r\n ".join(f"=?utf-8?b?{b64encode(each.encode()).decode()}?=" for each in text)))


def in_the_senders_name(secret: str, before: int) -> Message:
    return read_mail(a_mail(From=f'"{planted(secret, before, addresses.MAX_NAME)}" <a@example.jp>'))


def in_a_from_without_address(secret: str, before: int) -> Message:
    return read_mail(a_mail(From=planted(secret, before, 512).replace(",", " ")))


def with_a_file(name: str = "a.txt", content: bytes = b"") -> bytes:
    head = f'Content-Type: text/plain\r\nContent-Disposition: attachment; filename="{name}"\r\n\r\n'
    return b"--b\r\n\r\nHello\r\n" + b"--b\r\n" + head.encode() + content + b"\r\n--b--\r\n"


MIXED = 'multipart/mixed; boundary="b"'


def in_a_files_name(secret: str, before: int) -> Message:
    name = planted(secret, before, attachments.MAX_NAME - 20) + "statement.pdf"
    return read_mail(a_mail(with_a_file(name), Content_Type=MIXED))


def at_the_end_of_a_files_name(secret: str, before: int) -> Message:
    name = f"{filled(300)}{secret} {FILLER}"[: 300 + len(secret) + (15 - before) % 15]
    return read_mail(a_mail(with_a_file(f"{name}.pdf"), Content_Type=MIXED))


def in_the_segments_of_a_files_name(secret: str, before: int) -> Message:
    segments = "".join(f';\r\n filename*{at}="{each}"' for at, each in enumerate(planted(secret, before, 100)))
    body = with_a_file().replace(b'; filename="a.txt"', segments.encode())
    return read_mail(a_mail(body, Content_Type=MIXED))


def in_a_file(secret: str, before: int) -> Message:
    return read_mail(a_mail(with_a_file(content=planted(secret, before, contents.MAX_TEXT).encode()), Content_Type=MIXED))


def in_the_last_of_many_files(secret: str, before: int) -> Message:
    full = with_a_file(content=("so on " * 1000).encode()).removesuffix(b"--b--\r\n")
    last = attachments.MAX_TEXTS - 5 * len(describe("a.txt", "text/plain", b"so on " * 1000).text)
    said = planted(secret, before, min(last, contents.MAX_TEXT))
    return read_mail(a_mail(full * 5 + with_a_file(content=said.encode()), Content_Type=MIXED))


def in_an_uploaded_page(secret: str, before: int) -> Message:
    page = f"<html><style>{'a' * 62_000}</style><p>{planted(secret, before, 65_536 - 62_033)}"
    return with_attachment(describe("a.html", "text/html", cut_octets(page, secret, before)))


def cut_octets(page: str, secret: str, before: int) -> bytes:
    """The page with as many octets before the secret as put the cut of a file's octets behind so many characters of it."""
    start = page.index(secret)
    missing = 65_536 - len(page[: start + before].encode())
    return (page[:start] + "." * max(0, missing - 1) + " " * (missing > 0) + page[start:] + "." * 9000).encode()


def with_attachment(file: Any) -> Message:
    return replace(a_message(), attachments=(file,))


def in_a_fact_of_a_call(secret: str, before: int) -> Message:
    names = [planted(secret, before, call.MAX_FACT)]
    return read_call(contact_lens(turn("CUSTOMER", "Help."), Categories={"MatchedCategories": names}))


def in_one_of_many_categories(secret: str, before: int) -> Message:
    names = [*filled(call.MAX_FACT - before).split(), secret, *FILLER.split()]
    return read_call(contact_lens(turn("CUSTOMER", "Help."), Categories={"MatchedCategories": names}))


def in_a_link(secret: str, before: int) -> Message:
    secret = secret if " is " not in secret else "4111-1111-1111-1111"  # a link has no blanks around a label
    link = (
        f"https://evil.example/{'a-' * (2000 - before)}"[: 2000 - before - 1]
        + "/"
        + secret.replace(", ", ",").replace(" ", "-")
        + "/"
        + "a-" * 300
    )
    return read_mail(a_mail(f"<p>See <a href='{link}'>this</a> page</p>", Content_Type="text/html; charset=utf-8"))


SMALL: dict[str, Plant] = {plant.__name__: plant for plant in (
    in_the_subject, in_an_encoded_subject, in_the_senders_name, in_a_from_without_address, in_a_files_name,
    at_the_end_of_a_files_name, in_the_segments_of_a_files_name, in_a_file, in_the_last_of_many_files, in_an_uploaded_page,
    in_a_fact_of_a_call, in_one_of_many_categories, in_a_link,
)}  # fmt: skip


def in_the_text(secret: str, before: int) -> Message:
    return read_mail(a_mail(planted(secret, before, bodies.MAX_TEXT)))


def in_the_history(secret: str, before: int) -> Message:
    return read_mail(
        a_mail(
            "New\n\nOn Sun, 3 May 2026 at 10:12, Support <s@kujira.example> wrote:\n> "
            + planted(secret, before, bodies.MAX_TEXT - 70)
        )
    )


def in_a_page(secret: str, before: int) -> Message:
    return read_mail(a_mail(f"<p>{planted(secret, before, bodies.MAX_TEXT)}</p>", Content_Type="text/html; charset=utf-8"))


def in_a_page_of_line_breaks(secret: str, before: int) -> Message:
    limit = bodies.MAX_TEXT + REACH
    return read_mail(a_mail("<br>" * (limit + 1) + planted(secret, before, limit), Content_Type="text/html; charset=utf-8"))


def over_two_parts(secret: str, before: int) -> Message:
    first, last = f"{filled(bodies.MAX_TEXT - before)}{secret}".rsplit(" ", 1)
    body = f"--b\r\n\r\n{first}\r\n--b\r\nContent-Type: text/plain\r\n\r\n{last}\r\n--b--\r\n"
    return read_mail(a_mail(body, Content_Type=MIXED))


def in_the_octets_of_a_page(secret: str, before: int) -> Message:
    octets = bodies.MAX_OCTETS - len(f"<p>{filled(500)}{secret[:before]}".encode())
    page = f"<p><!--{'x' * (octets - 7)}-->{filled(500)}{secret} {FILLER * 200}"
    return read_mail(a_mail(page, Content_Type="text/html; charset=utf-8"))


def in_the_headers(secret: str, before: int) -> Message:
    room = parts.MAX_HEAD // 2 - len(a_mail().partition(b"Message-ID")[0]) - len(b"Comments: \r\nX-Subject: ")
    block = b"Comments: " + b"a" * (room - before) + b"\r\nSubject: " + secret.encode() + b" and on\r\n"
    return read_mail(a_mail(block=block + b"X-Filler: " + b"a " * parts.MAX_HEAD + b"\r\n"))


def in_the_turns_of_a_call(secret: str, before: int) -> Message:
    said = planted(secret, before, bounds.MAX_TEXT)
    return read_call(contact_lens(*(turn("CUSTOMER", said[at : at + 1000], at, at + 1) for at in range(0, len(said), 1000))))


def in_turns(secret: str) -> list[str]:
    """Word by word, but a label in one piece."""
    label, _, value = secret.rpartition(" is ")
    return [f"{label} is", value] if label else value.split()


def word_for_word_in_a_call(secret: str, before: int) -> Message:
    pieces = in_turns(secret)
    said = [filled(bounds.MAX_TEXT - len("\n".join(pieces[: before % len(pieces)]))), *pieces, "Thank you."]
    return read_call(contact_lens(*(turn("CUSTOMER", word, at * 10, at * 10 + 5) for at, word in enumerate(said))))


def from_the_agent(secret: str, before: int) -> Message:
    said = planted(secret, before, bounds.MAX_TEXT)
    return read_call(contact_lens(turn("AGENT", said, 0, 10), turn("CUSTOMER", "Yes.", 20, 30)))


def in_the_last_turns(secret: str, before: int) -> Message:
    words = in_turns(secret)
    short = [turn("CUSTOMER", "no", at, at) for at in range(bounds.MAX_TURNS - before % (len(words) + 1))]
    return read_call(contact_lens(*short, *(turn("CUSTOMER", word, 10**6 + at, 10**6 + at) for at, word in enumerate(words))))


LARGE: dict[str, Plant] = {plant.__name__: plant for plant in (
    in_the_text, in_the_history, in_a_page, in_a_page_of_line_breaks, over_two_parts, in_the_octets_of_a_page,
    in_the_headers, in_the_turns_of_a_call, word_for_word_in_a_call, from_the_agent, in_the_last_turns,
)}  # fmt: skip


def kept_of(message: Message) -> str:
    """Whatever a redacted message has of texts."""
    return json.dumps(asdict(redact_message(message)[0]), default=str, ensure_ascii=False)


def stored_of(message: Message) -> str:
    """Everything the desk keeps of a message and tells of it."""
    desk, table = a_desk()
    receipt = desk.receive(message)
    return json.dumps([*table.items.values(), asdict(receipt)], default=str, ensure_ascii=False)


@settings(deadline=None, max_examples=120)
@given(st.sampled_from(sorted(SMALL)), st.sampled_from(sorted(SECRETS)), st.data())
def test_no_part_of_a_secret_survives_a_cut(place: str, kind: str, data: st.DataObject) -> None:
    secret = SECRETS[kind]
    message = SMALL[place](secret, data.draw(st.integers(0, len(secret)), label="characters before the cut"))
    assert not gives_away(kept_of(message), secret)


@settings(deadline=None, max_examples=12)
@given(st.sampled_from(sorted(LARGE)), st.sampled_from(sorted(SECRETS)), st.data())
def test_no_part_of_a_secret_survives_the_cut_of_a_long_text(place: str, kind: str, data: st.DataObject) -> None:
    secret = SECRETS[kind]
    message = LARGE[place](secret, data.draw(st.integers(0, len(secret)), label="characters before the cut"))
    assert not gives_away(kept_of(message), secret)


@settings(deadline=None, max_examples=25)
@given(st.sampled_from(sorted(SMALL)), st.sampled_from(sorted(SECRETS)), st.data())
def test_neither_table_nor_receipt_has_a_part_of_a_secret_that_was_cut(place: str, kind: str, data: st.DataObject) -> None:
    secret = SECRETS[kind]
    message = SMALL[place](secret, data.draw(st.integers(0, len(secret)), label="characters before the cut"))
    assert not gives_away(stored_of(message), secret)


@pytest.mark.parametrize("kind", SECRETS)
def test_a_secret_that_ends_before_the_cut_stays_to_be_redacted(kind: str) -> None:
    secret = SECRETS[kind]
    text = f"{FILLER}{secret} {FILLER * 3}"
    assert cut(text, len(FILLER) + len(secret) + 30).startswith(FILLER + secret)


@pytest.mark.parametrize("kind", SECRETS)
def test_the_end_of_what_goes_on_is_a_cut_too(kind: str) -> None:
    secret = SECRETS[kind]
    for before in range(len(secret)):
        kept = cut(FILLER + secret[:before], 10_000, goes_on=True)
        assert not gives_away(kept, secret)


def test_a_text_within_its_limit_is_as_it_was() -> None:
    assert cut(SECRETS["twelve words"], 1000) == SECRETS["twelve words"]


def test_a_text_is_cut_between_two_words_and_near_its_limit() -> None:
    text = FILLER * 100
    assert all(limit - 30 <= len(cut(text, limit)) <= limit for limit in range(200, 300))
    assert all(cut(text, limit)[-1:] in " .," or text[len(cut(text, limit))] in " .," for limit in range(200, 300))


def test_a_table_of_numbers_is_not_taken_for_one_number() -> None:
    text = "".join(f"{row},{row * 7},{row * 31}\n" for row in range(2000))
    assert len(cut(text, 4000)) > 3900


@pytest.mark.parametrize(
    "text",
    [
        "a" * 300_000,
        "1 2 3 4 " * 50_000,
        "あ" * 300_000,
        "abandon ability " * 20_000,
        "[" * 200_000,
        "-----BEGIN PRIVATE KEY-----" * 9_000,
    ],
    ids=["letters", "digits", "kana", "words", "brackets", "keys"],
)
def test_a_cut_looks_at_so_much_and_no_more(text: str) -> None:
    start, end = torn(text, 100_000)
    assert 100_000 - 2 * REACH <= start <= 100_000 <= end <= 100_000 + REACH


@given(st.text(max_size=300), st.integers(0, 300), st.booleans())
@example("ab\u3099cd", 2, True)
def test_whatever_is_cut_is_the_beginning_of_the_text(text: str, limit: int, goes_on: bool) -> None:
    kept = cut(text, limit, goes_on=goes_on)
    assert text.startswith(kept)
    assert len(kept) <= limit


def test_a_long_name_of_a_file_keeps_its_ending() -> None:
    names = [f"{'statement ' * 40}.pdf", f"{'x' * 400}.pdf.exe", f"{'取引明細' * 80}.xlsx"]
    found = [read_mail(a_mail(with_a_file(name), Content_Type=MIXED)).attachments[0] for name in names]
    assert [file.name.rpartition(".")[2] for file in found] == ["pdf", "exe", "xlsx"]
    assert all("…" in file.name and len(file.name) <= attachments.MAX_NAME for file in found)
    assert "executable" in found[1].flags


def test_what_is_all_of_a_piece_is_said_to_have_been_there() -> None:
    assert call.stated(reason="x" * 500) == {"reason": "…"}
    assert call.listed(["x" * 500, "y"]) == "…"
