"""The event of an invocation as a command, and its answer."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from casework.commands import Commands
from casework.commands.answer import Answer, not_understood
from casework.commands.command import read
from casework.errors import InvalidCommand, NotOurEvent


def answered(event: Any, now: datetime, commands: Commands) -> Answer:
    """The answer to a command. Raises ``NotOurEvent`` for what is none, ``StoreUnavailable`` for what should be tried again.

    A command with a mistake in it is answered, not failed: an analyst's slip is no fault of the function.
    """
    if not isinstance(event, Mapping) or "command" not in event:
        raise NotOurEvent("expected a command: an object with command, by, reason and what it is about")
    try:
        command = read(event, now)
    except InvalidCommand as error:
        return not_understood(error)
    return commands.obey(command)
