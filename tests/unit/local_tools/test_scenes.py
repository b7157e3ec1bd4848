from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from local.filing import header_of
from local.scenes import STORY, Scene, Turn, metadata_in, metadata_of, scenes, sidecar, story

ALL = scenes()
BY_NAME = {scene.name: scene for scene in ALL}
OUTCOMES = {"opened", "attached", "replayed", "quarantined"}


def test_the_story_has_at_least_two_dozen_scenes_of_every_channel_and_language() -> None:
    assert len(ALL) >= 24
    assert {scene.file.suffix for scene in ALL} == {".eml", ".json"}
    assert {"en", "ja"} <= {scene.expect.get("language") for scene in ALL}


def test_every_outcome_happens() -> None:
    assert {scene.expect["outcome"] for scene in ALL} == OUTCOMES


def test_scenes_are_in_the_order_of_their_clock_and_named_once() -> None:
    assert [scene.at for scene in ALL] == sorted(scene.at for scene in ALL)
    assert len(BY_NAME) == len(ALL)


@pytest.mark.parametrize("scene", ALL, ids=lambda scene: scene.name)
def test_a_scene_can_be_told(scene: object) -> None:
    assert scene.file.is_file()  # type: ignore[attr-defined]
    assert 10 < len(scene.says) < 100  # type: ignore[attr-defined]


def test_what_is_expected_refers_to_earlier_scenes() -> None:
    earlier: set[str] = set()
    for scene in ALL:
        named = {scene.expect.get("case"), *scene.expect.get("related", ())} - {None}
        assert named <= earlier, scene.name
        earlier.add(scene.name)


def test_nothing_in_the_folder_is_left_out_of_the_story() -> None:
    told = {scene.file.name for scene in ALL} | {sidecar(scene.file).name for scene in ALL} | {"story.toml"}
    assert {file.name for file in STORY.iterdir()} <= told


def test_a_replayed_mail_is_the_same_file_and_a_replayed_form_has_the_same_key() -> None:
    for scene in ALL:
        if scene.expect["outcome"] == "replayed":
            first = BY_NAME[scene.expect["case"]]
            assert (scene.file, scene.key) == (first.file, first.key)


def test_keys_are_not_reused_for_other_forms() -> None:
    files = Counter(key for key, _ in {(scene.key, scene.file) for scene in ALL if scene.key})
    assert set(files.values()) == {1}


def test_everybody_lives_in_a_domain_for_examples() -> None:
    for scene in ALL:
        sender = header_of(scene.file.read_bytes(), "from") if scene.file.suffix == ".eml" else None
        domain = (sender or "x@example.com").rstrip(">").rpartition("@")[2]
        assert domain.endswith((".example", "example.com", "example.net", "example.org", "example.jp")), scene.name


def test_the_old_japanese_mail_holds_characters_that_the_standard_does_not_have() -> None:
    raw = BY_NAME["a-company-asks"].file.read_bytes()
    with pytest.raises(UnicodeDecodeError):
        raw.decode("iso-2022-jp")
    assert b"\x1b$B-!" in raw  # circled one
    assert b"\x1b$B-j" in raw  # the parenthesised sign of a company


def test_metadata_lies_beside_a_transcript() -> None:
    call = BY_NAME["priya-calls"]
    assert metadata_of(call.file)["customer-account"] == "KJ-551902" == call.metadata["customer-account"]
    assert metadata_of(BY_NAME["hannah-writes"].file) == {}


def test_metadata_must_be_an_object(tmp_path: Path) -> None:
    file = tmp_path / "call.metadata.json"
    file.write_text(json.dumps(["contact-id"]))
    with pytest.raises(ValueError, match="holds no JSON object"):
        metadata_in(file)


def test_a_turn_is_about_an_escalation_of_an_earlier_scene() -> None:
    told: dict[str, Scene] = {}
    turns = 0
    for each in story():
        if isinstance(each, Turn):
            turns += 1
            assert told[each.climbs or each.acknowledges].expect["escalates"]
        else:
            told[each.name] = each
    assert turns >= 2
