"""Events are a contract: the schema files are what other systems read."""

from __future__ import annotations

import json

import pytest

from casework.events import Event
from local.schemas import DIRECTORY, schema_of

PERSONAL = {"text", "subject", "sender", "email", "address", "phone", "name", "extract", "acknowledged_by", "entities", "history"}


@pytest.mark.parametrize("name", sorted(Event.detail_types))
def test_the_schema_file_of_an_event_is_what_its_model_says(name: str) -> None:
    event = Event.detail_types[name]
    path = DIRECTORY / f"{name}.v{event.model_fields['version'].default}.json"
    assert path.read_text(encoding="utf-8") == schema_of(event), (
        "run `make schemas`, and raise the version if a reader could break"
    )


def test_every_schema_file_belongs_to_an_event() -> None:
    assert {path.name.partition(".")[0] for path in DIRECTORY.glob("*.json")} == set(Event.detail_types)


@pytest.mark.parametrize("name", sorted(Event.detail_types))
def test_no_event_has_room_for_text_or_personal_data(name: str) -> None:
    event = Event.detail_types[name]
    assert not PERSONAL & set(event.model_fields)
    assert json.loads(schema_of(event))["additionalProperties"] is False
