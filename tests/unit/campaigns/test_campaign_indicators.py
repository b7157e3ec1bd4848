"""What of a message may be somebody else's too, and what says nothing."""

from __future__ import annotations

from typing import Any

import pytest

from casework.campaigns.indicators import MAX_INDICATORS, Indicator, indicators_of, levelled, path_shape
from tests.builders import POLICY

RULES = POLICY.campaigns


def found(**message: Any) -> set[tuple[str, str]]:
    entities = [{"kind": kind, "value": value} for kind, value in message.pop("entities", ())]
    stored = {"channel": "email", "entities": entities, **message}
    return {(each.kind, each.value) for each in indicators_of(stored, RULES)}


def test_an_indicators_id_says_its_kind_and_nothing_of_a_person() -> None:
    indicator = Indicator("phone", "+81312345678")
    assert indicator.id.startswith("phone.")
    assert "312345678" not in indicator.id


def test_wallets_phones_domains_and_files_count() -> None:
    file = {"name": "a.zip", "size": 9_000, "digest": "cd" * 32}
    entities = [("address", "0xabc"), ("phone", "+81312345678"), ("domain", "kujira-verify.example"), ("amount", "1 BTC")]
    assert found(entities=entities, attachments=[file]) == {
        ("wallet", "0xabc"),
        ("phone", "+81312345678"),
        ("domain", "kujira-verify.example"),
        ("attachment", "cd" * 32),
    }


def test_a_logo_is_no_indicator() -> None:
    assert found(attachments=[{"name": "logo.png", "size": 300, "digest": "ee" * 32}]) == set()


def test_what_an_attached_text_names_counts_too() -> None:
    file = {"name": "mail.txt", "size": 10, "digest": "", "text": "Go to https://kujira-verify.example/now"}
    assert ("domain", "kujira-verify.example") in found(attachments=[file])


@pytest.mark.parametrize(
    "link", ["https://bit.ly/abouts", "https://www.google.com/search/xY12", "https://sendgrid.net/unsubscribe"]
)
def test_a_link_that_names_nothing_of_its_own_says_nothing(link: str) -> None:
    assert found(entities=[("url", link)]) == set()


def test_an_address_in_the_text_tells_where_the_attackers_mail_came_from() -> None:
    entities = [("email", "support@kujira-mail.example"), ("email", "taro@gmail.com")]
    assert found(entities=entities) == {("sender_domain", "kujira-mail.example")}


def test_where_a_vouched_for_customer_works_says_nothing() -> None:
    assert found(sender="Hanako <hanako@firm.example>", unverified=False) == set()


@pytest.mark.parametrize(
    ("path", "shape"),
    [
        ("secure/verification/8831aa9c/index.php", "secure/verification/*/index.php"),
        ("Secure/Verification/0f0f0f0f0f/index.php?x=1", "secure/verification/*/index.php"),
        ("login", ""),
        ("2026/05/03", ""),
        ("", ""),
    ],
)
def test_a_paths_shape_leaves_out_what_differs_from_copy_to_copy(path: str, shape: str) -> None:
    assert path_shape(path) == shape


def test_a_message_that_names_a_hundred_domains_is_a_list() -> None:
    assert len(found(entities=[("domain", f"site-{place}.example") for place in range(100)])) == MAX_INDICATORS


def test_a_text_is_levelled_to_what_all_copies_have_in_common() -> None:
    one = levelled("Dear customer, 12 coins wait: https://a.example/1?u=9  Ｔｅｌ ０３")
    other = levelled("dear  customer, 7 coins wait: www.b.example/x Tel 999")
    assert one == other == "dearcustomer,0coinswait:tel0"
