"""The web form's door: ``POST /cases``, and the routes around it (see ``functions.web_form.door``)."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from functools import cache, partial

import boto3
from botocore.config import Config

from casework import runtime
from casework.aws.keys import secret_key
from casework.aws.uploads import UploadBucket
from casework.gateway import Reply
from casework.settings import setting
from functions.web_form.door import Door
from functions.web_form.idempotency import Flights
from functions.web_form.intake import Intake
from functions.web_form.proof_of_work import ProofOfWork
from functions.web_form.uploads import Uploads

logger = runtime.logger("web_form")
desk = runtime.desk()
PRESIGNING = runtime.QUICK.merge(Config(signature_version="s3v4", s3={"addressing_style": "virtual"}))


@cache
def form_secret(purpose: str) -> bytes:
    """A key of its own for each purpose, of one secret, which is fetched when it is first needed."""
    secret = secret_key(boto3.client("secretsmanager", config=runtime.QUICK), setting("FORM_SECRET"))
    return hmac.new(secret, purpose.encode(), hashlib.sha256).hexdigest().encode()


@cache
def bucket() -> UploadBucket:
    """Where files are uploaded to; most forms come without any."""
    return UploadBucket(boto3.client("s3", config=PRESIGNING), setting("UPLOAD_BUCKET"))


uploads = Uploads(
    bucket=bucket,
    secret=partial(form_secret, "uploads"),
    types=setting("UPLOAD_TYPES").split(","),
    new_key=lambda: f"uploads/{secrets.token_hex(16)}",
)
proof = ProofOfWork(partial(form_secret, "proof-of-work"), int(setting("PROOF_OF_WORK_COST")), desk.table)
intake = Intake(
    receive=desk.receive,
    record=partial(runtime.log_receipt, logger),
    flights=Flights(desk.table),
    uploads=uploads,
    proof=proof if setting("PROOF_OF_WORK") == "required" else None,
    key_required=setting("REQUIRE_IDEMPOTENCY_KEY") == "true",
)
door = Door(intake, note=logger.info, warn=logger.error)


def handler(event: dict[str, object], _context: object) -> Reply:
    """Answer one request."""
    return door.answer(event)
