from __future__ import annotations

import json

import pytest

from casework.message import Channel
from local.channels import channel_of
from local.scenes import scenes

BY_SUFFIX = {".eml": {Channel.EMAIL}, ".json": {Channel.VOICE, Channel.WEB_FORM}}


@pytest.mark.parametrize("scene", scenes(), ids=lambda scene: scene.name)
def test_every_input_of_the_story_finds_its_door(scene: object) -> None:
    file = scene.file  # type: ignore[attr-defined]
    expected = Channel.EMAIL if file.suffix == ".eml" else Channel.WEB_FORM if scene.key else Channel.VOICE  # type: ignore[attr-defined]
    assert channel_of(file.read_bytes()) is expected


@pytest.mark.parametrize(
    ("document", "channel"),
    [
        ({"results": {"transcripts": []}}, Channel.VOICE),
        ({"Transcript": []}, Channel.VOICE),
        ({"ConversationAnalytics": {}, "SpeechSegments": []}, Channel.VOICE),
        ({"jobName": "x", "status": "FAILED"}, Channel.VOICE),
        ({"description": "x"}, Channel.WEB_FORM),
        ({"hello": "world"}, Channel.EMAIL),
        ([{"description": "x"}], Channel.EMAIL),
    ],
)
def test_a_document_is_told_by_its_shape(document: object, channel: Channel) -> None:
    assert channel_of(json.dumps(document).encode()) is channel


def test_a_byte_order_mark_does_not_hide_a_form() -> None:
    assert channel_of(b"\xef\xbb\xbf" + json.dumps({"description": "x"}).encode()) is Channel.WEB_FORM


@pytest.mark.parametrize("raw", [b"", b"{", b'{"description": ', b"From: a@b\n\n{}", b"[" * 100_000, b'{"a":' * 100_000])
def test_whatever_is_no_json_object_is_a_mail(raw: bytes) -> None:
    assert channel_of(raw) is Channel.EMAIL
