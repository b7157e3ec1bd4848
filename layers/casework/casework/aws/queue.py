"""A batch from a queue: each message by itself, and the truth about each of them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from casework.errors import CaseworkError, Misconfigured, NotOurEvent, Rejected

if TYPE_CHECKING:
    from aws_lambda_powertools import Logger

Record = Mapping[str, Any]


def each_message(event: Any, log: Logger, handle: Callable[[Record], None]) -> dict[str, object]:
    """Handle every message of an SQS batch; those that failed are named, so that only they are delivered again.

    A message that can never succeed fails too: after its last delivery it lies in the dead-letter queue, where a person
    finds it. Raises ``NotOurEvent`` for an event that is no SQS batch.
    """
    failed = [record["messageId"] for record in _records(event) if not _handled(record, log, handle)]
    return {"batchItemFailures": [{"itemIdentifier": identifier} for identifier in failed]}


def _records(event: Any) -> Iterator[Record]:
    records = event.get("Records") if isinstance(event, Mapping) else None
    if not isinstance(records, list) or any(record.get("eventSource") != "aws:sqs" for record in records):
        raise NotOurEvent(f"expected a batch of SQS messages; {described(event)}")
    yield from records


def queued_event(body: str) -> Any:
    """The event that a rule of EventBridge put in a queue as the body of a message. Raises ``NotOurEvent``."""
    try:
        return json.loads(body)
    except (ValueError, RecursionError) as error:
        raise NotOurEvent("expected a queue message that holds an event in JSON; its body is not JSON") from error


def described(event: object) -> str:
    """What an event looks like, for an error: its keys and source, none of its values."""
    if not isinstance(event, Mapping):
        return f"got {type(event).__name__}"
    return f"got a mapping of {', '.join(sorted(map(str, event))[:6])}"


def _handled(record: Record, log: Logger, handle: Callable[[Record], None]) -> bool:
    try:
        handle(record)
    except CaseworkError as error:
        hopeless = isinstance(error, Rejected)
        tell = log.error if isinstance(error, Misconfigured) else log.warning
        tell("delivery_failed", delivery=record["messageId"], error=type(error).__name__, why=str(error), hopeless=hopeless)
        return False
    except Exception as error:  # noqa: BLE001
        # The boundary of a batch: one message that trips over our own mistake must not take nine others with it. The
        # error's text is not logged, because it may quote what a customer wrote.
        log.error("delivery_failed", delivery=record["messageId"], error=type(error).__name__, where=_where(error))  # noqa: TRY400
        return False
    return True


def _where(error: BaseException) -> str:
    """File and line of the innermost frame, for an error whose text may not be logged."""
    frame = error.__traceback__
    while frame and frame.tb_next:
        frame = frame.tb_next
    return f"{frame.tb_frame.f_code.co_filename.rsplit('/', 1)[-1]}:{frame.tb_lineno}" if frame else ""
