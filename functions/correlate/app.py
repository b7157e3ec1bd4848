"""Correlator: messages that were announced are counted for the campaigns they belong to, a batch at a time."""

from __future__ import annotations

import random
import time
from collections.abc import Mapping
from typing import Any

from casework import policy, runtime
from casework.aws.queue import each_message
from casework.campaigns.correlator import Correlator
from functions.correlate.batch import Batch, asked


def pause(lost: int) -> None:
    """Wait a random while, longer with each lost race, so that batches of one wave take turns at its campaign."""
    time.sleep(random.uniform(0, min(1.0, 0.05 * 2**lost)))  # noqa: S311 - jitter, not a secret


log = runtime.logger("correlate")
correlator = Correlator(runtime.table(), policy.load(), pause)


def alone(record: Mapping[str, Any]) -> None:
    """Correlate what one event names."""
    Batch([asked(record["body"])]).correlate(correlator)


def handler(event: Any, _context: object) -> dict[str, object]:
    """Correlate the batch as one, which is what keeps a wave's campaign cool; failing that, each message by itself."""
    batch = Batch()
    answer = each_message(event, log, lambda record: batch.asked.append(asked(record["body"])))
    outcome = batch.try_to_correlate(correlator, log)
    if outcome is None:
        return each_message(event, log, alone)
    log.info("messages_correlated", extra=outcome)
    runtime.count("CampaignEscalations", len(outcome["raised"]))
    return answer
