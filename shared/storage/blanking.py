"""Taking the encrypted texts out of a stored document, when the term of the file that it belongs to is over."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, get_args

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from shared.storage.encryption import EncryptedAt, encrypt_field
from shared.storage.records import Record

GONE: Final = "（已按规定删除）"
"""What stands where a text was that must be something."""


def blank(record: Record, texts: Mapping[str, str] = {}) -> None:
    """Take every encrypted value out of a document and the models within it: null where it may be, else `GONE`, encrypted.

    `texts`: what stands there instead, by the place that it is encrypted for, where whoever reads it expects a form.
    """
    _blank(record, record.id, texts)


def blanked_row(document: type[BaseModel], record_id: str, text: str) -> dict[str, str]:
    """The encrypted fields of a flat row with a text that says nothing."""
    marks = ((name, _mark(field)) for name, field in document.model_fields.items())
    return {name: encrypt_field(mark.place, record_id, text) for name, mark in marks if mark is not None}


def _mark(field: FieldInfo) -> EncryptedAt | None:
    return next((one for one in field.metadata if isinstance(one, EncryptedAt)), None)


def _blank(model: BaseModel, record_id: str, texts: Mapping[str, str]) -> None:
    for name, field in type(model).model_fields.items():
        value = getattr(model, name)
        mark = _mark(field)
        if mark is None:
            _look_into(value, record_id, texts)
        elif value:
            may_be_null = type(None) in get_args(field.annotation)
            setattr(
                model, name, None if may_be_null else encrypt_field(mark.place, record_id, texts.get(mark.place, GONE))
            )


def _look_into(value: Any, record_id: str, texts: Mapping[str, str]) -> None:
    if isinstance(value, BaseModel):
        _blank(value, record_id, texts)
    elif isinstance(value, list):
        for one in value:
            _look_into(one, record_id, texts)
