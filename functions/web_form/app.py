"""The web form's door: ``POST /cases``."""

from __future__ import annotations

from functools import partial

from casework import runtime
from casework.gateway import Reply
from functions.web_form.intake import Intake

logger = runtime.logger("web_form")
intake = Intake(
    receive=runtime.desk().receive,
    record=partial(runtime.log_receipt, logger),
    note=logger.info,
)


def handler(event: dict[str, object], _context: object) -> Reply:
    """Answer one request."""
    return intake.answer(event)
