"""Taking the encrypted texts out of a stored document, when the term of the file that it belongs to is over."""

from __future__ import annotations

from typing import Any, Final, get_args

from pydantic import BaseModel

from shared.storage.encryption import EncryptedAt, encrypt_field
from shared.storage.records import Record

GONE: Final = "（已按规定删除）"
"""What stands where a text was that must be something."""


def blank(record: Record) -> None:
    """Take every encrypted value out of a document and the models within it: null where it may be, else `GONE`, encrypted."""
    _blank(record, record.id)


def _blank(model: BaseModel, record_id: str) -> None:
    for name, field in type(model).model_fields.items():
        value = getattr(model, name)
        mark = next((one for one in field.metadata if isinstance(one, EncryptedAt)), None)
        if mark is None:
            _look_into(value, record_id)
        elif value:
            may_be_null = type(None) in get_args(field.annotation)
            setattr(model, name, None if may_be_null else encrypt_field(mark.place, record_id, GONE))


def _look_into(value: Any, record_id: str) -> None:
    if isinstance(value, BaseModel):
        _blank(value, record_id)
    elif isinstance(value, list):
        for one in value:
            _look_into(one, record_id)
