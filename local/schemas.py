"""Writes what is published of the code: each event's JSON Schema to ``docs/events``, the web form's API beside its function.

Tests hold the files against the code.
"""

from __future__ import annotations

import json
from pathlib import Path

from casework.events import Event
from local import openapi

DIRECTORY = Path(__file__).parents[1] / "docs" / "events"


def schema_of(event: type[Event]) -> str:
    """The schema as its file holds it."""
    schema = event.model_json_schema(mode="serialization") | {"$schema": "https://json-schema.org/draft/2020-12/schema"}
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


def main() -> None:
    """Write them all."""
    DIRECTORY.mkdir(parents=True, exist_ok=True)
    for name, event in sorted(Event.detail_types.items()):
        (DIRECTORY / f"{name}.v{event.model_fields['version'].default}.json").write_text(schema_of(event), encoding="utf-8")
    openapi.write()


if __name__ == "__main__":
    main()
