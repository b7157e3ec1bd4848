"""What this API says of itself: files that were written from the code, and are served as they are."""

from __future__ import annotations

from pathlib import Path

from casework import gateway
from casework.gateway import Reply

FOLDER = Path(__file__).parent / "published"
DOCUMENTS = {
    "GET /openapi.json": ("openapi.json", "application/openapi+json"),
    "GET /cases/schema.json": ("form.schema.json", "application/schema+json"),
}
"""By route: the file and its media type. ``make schemas`` writes the files; a test holds them against the code."""
HEADERS = {"Cache-Control": "public, max-age=3600", "X-Content-Type-Options": "nosniff"}


def serve(route: str) -> Reply:
    """Answer with a document. Raises ``KeyError`` for a route that has none."""
    name, media_type = DOCUMENTS[route]
    text = (FOLDER / name).read_text(encoding="utf-8")
    return gateway.reply(200, text, {"Content-Type": media_type, **HEADERS})
