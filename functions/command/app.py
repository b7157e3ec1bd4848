"""Commands: what an analyst's tool asks to be done to a case, one by one, answered at once."""

from __future__ import annotations

from typing import Any

from casework import runtime
from functions.command.spoken import answered

log = runtime.logger("command")
commands = runtime.commands()


def handler(event: Any, _context: object) -> dict[str, Any]:
    """Obey one command. A failure means that it should be given again, with the same id."""
    answer = answered(event, runtime.now(), commands).as_json()
    told = {name: answer.get(name, "") for name in ("outcome", "code", "command", "id", "case")}
    log.info("command_answered", extra=told)
    runtime.count("CommandsAnswered", outcome=answer["outcome"], code=answer["code"])
    return answer
