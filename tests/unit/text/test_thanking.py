"""Thanks and nothing else; and everything that must not be taken for it, because then nobody would look."""

from __future__ import annotations

import json

import pytest

from casework.text.thanking import only_thanks
from local.training.examples import FOLLOW_UPS


@pytest.mark.parametrize(
    "text",
    [
        "Thank you!",
        "thanks so much for your quick help",
        "ok that worked!! cheers",
        "Great, it's all sorted now. Thank you for your patience.\n\nBest regards,\nHannah Weiss",
        "Received, thank you. You can close the case.",
        "👍",
        "Thanks and have a lovely weekend! You are the best",
        "ありがとうございました。",
        "早速のご対応ありがとうございます！無事に解決しました。",
        "反映されていました。大変助かりました。今後ともよろしくお願いいたします。",
        "Thanks\n> Your withdrawal was released on Monday.\n> Is there anything else?",
    ],
)
def test_thanks_are_recognised(text: str) -> None:
    assert only_thanks(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "Hello?",
        "ok",
        "Thanks for nothing.",
        "Thanks, but it still hasn't arrived.",
        "Thank you. When will it arrive?",
        "Thanks, is it done",
        "hi have you received it",
        "Thank you. Has the refund arrived",
        "Thanks in advance, please help me",
        "thank you, 0.5 is missing",
        "Thanks! My new address is bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq",
        "Thank you, close my account.",
        "Thanks.\nSomebody is in my account",
        "Thank you. [seed phrase 1]",
        "Best regards,\nHannah Weiss",
        "Kind regards,\nit is gone again, all of it",
        "Thanks!\nKind regards\nmy coins are gone",
        "ありがとうございます。まだ届いていません。",
        "ありがとうございます。いつ届きますか",
        "ありがとうございました。ところで手数料はいくらですか？",
        "解決していません。",
        "助かりません",
        "引き続きよろしくお願いします。",
    ],
)
def test_whatever_else_is_said_is_not_only_thanks(text: str) -> None:
    assert not only_thanks(text)


def test_of_thousands_of_messages_none_that_wants_something_is_taken_for_thanks() -> None:
    lines = [json.loads(line) for file in FOLLOW_UPS.glob("*.jsonl") for line in file.read_text(encoding="utf-8").splitlines()]
    thanks = [line for line in lines if only_thanks(line["text"])]
    assert {line["kind"] for line in thanks} == {"close"}
    assert len(thanks) >= 40
