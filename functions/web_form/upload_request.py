"""What a client says about the files it wants to upload. Its model is published with the form's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationInfo, field_validator

from functions.web_form.form import MAX_ATTACHMENTS, MAX_PROOF, Blank, one_line
from functions.web_form.json_body import LOST, UNWRITABLE

MAX_SIZE = 10 * 1024 * 1024
"""Bytes of one file."""
STRICT = ConfigDict(extra="forbid", frozen=True, strict=True, hide_input_in_errors=True)


def _legible(value: object) -> object:
    return UNWRITABLE.sub(LOST, str(one_line(value))).strip() if isinstance(value, str) else value


class File(BaseModel):
    """One file that a client wants to upload."""

    model_config = STRICT

    name: Annotated[str, Field(min_length=1, max_length=100, description="As the customer sees it."), BeforeValidator(_legible)]
    type: Annotated[
        str, Field(max_length=100, description="The media type; which ones are taken is configured."), AfterValidator(str.lower)
    ]
    size: Annotated[int, Field(ge=1, le=MAX_SIZE, description="In bytes. No more than this can be uploaded.")]

    @field_validator("type")
    @classmethod
    def _is_taken(cls, media_type: str, info: ValidationInfo) -> str:
        if media_type not in (info.context or {}).get("types", ()):
            raise ValueError("we do not take files of this type")
        return media_type


class UploadRequest(BaseModel):
    """Files to upload, to be attached to a form afterwards."""

    model_config = STRICT

    files: Annotated[list[File], Field(min_length=1, max_length=MAX_ATTACHMENTS)]
    altcha: Annotated[Annotated[str, Field(max_length=MAX_PROOF)] | None, Blank] = Field(
        default=None, description="The solved challenge of GET /challenge, where proof of work is required."
    )


def read(document: Mapping[str, Any], types: Sequence[str]) -> UploadRequest:
    """Read the request in an object; ``types`` are the media types we take. Raises pydantic's ``ValidationError``."""
    return UploadRequest.model_validate(document, context={"types": types})
