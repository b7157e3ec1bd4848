"""What is stored of a message: what its channel says of language and subject matter, and its text, as far as there is room."""

from __future__ import annotations

from dataclasses import replace

from casework.message import Channel, Message
from casework.records import bounded
from local.backtest import items
from tests.builders import TAX, a_desk, a_message
from tests.memory_table import MemoryTable


def a_form() -> Message:
    return replace(a_message(TAX, channel=Channel.WEB_FORM), language_hint="en", category_hint="fees_and_tax")


def stored(message: Message) -> dict[str, object]:
    table = MemoryTable()
    a_desk(table)[0].receive(message)
    (item,) = table.of_kind("message")
    return dict(item)


def test_the_hints_of_a_form_are_stored_with_its_message() -> None:
    item = stored(a_form())
    assert (item["language_hint"], item["category_hint"]) == ("en", "fees_and_tax")


def test_a_message_without_hints_stores_none() -> None:
    assert not {"language_hint", "category_hint"} & stored(a_message(TAX)).keys()


def test_a_stored_message_is_judged_again_by_its_own_hints() -> None:
    again = items.message(stored(replace(a_form(), language_hint="ja")))
    assert (again.language_hint, again.category_hint) == ("ja", "fees_and_tax")


def test_an_item_from_before_hints_were_kept_is_read_all_the_same() -> None:
    item = {name: value for name, value in stored(a_form()).items() if not name.endswith("_hint")}
    again = items.message(item)
    assert (again.text, again.language_hint, again.category_hint) == (TAX, "en", "")


def test_a_long_text_is_stored_without_a_part_of_a_placeholder() -> None:
    text = "か" * 10 + "[health insurance number 12]" + "か" * 10
    kept = {bounded(text, limit) for limit in range(len(text.encode()) + 1)}
    assert kept == {text[:end] for end in range(len(text) + 1) if not 10 < end < 38}
