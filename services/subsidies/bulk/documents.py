"""Sheets of applications, and their rows."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import BaseModel
from pymongo import ASCENDING, IndexModel

from shared.storage.encryption import EncryptedAt, decrypt_field, encrypt_field
from shared.storage.records import Record

VALUES = "application_sheet_row.values"
"""The place that what a row says is encrypted for."""

RowState = Literal["waiting", "submitted", "refused"]


class ApplicationSheet(Record):
    """A sheet; its id is made of the kind, who sent it and what is in it, so that the same sheet sent twice is one. `owner` is a
    credit code, or the subject that acted for a union, as `role` says. `submitted` and `refused` count rows that are answered."""

    kind: str
    role: Literal["platform", "union"]
    owner: str
    subject: str
    rows: int
    submitted: int = 0
    refused: int = 0
    state: Literal["working", "finished"] = "working"

    class Settings:
        name = "application_sheets"
        indexes = [IndexModel([("owner", ASCENDING), ("_id", ASCENDING)])]


class Wrong(BaseModel):
    """What is wrong with a cell, or why an application was not taken."""

    cell: str
    zh: str
    en: str


class ApplicationSheetRow(Record):
    """A row of a sheet, whose id is `<sheet>:<line>`. What it says is encrypted, and goes when it is answered."""

    sheet: str
    cell: str
    state: RowState
    said: Annotated[str | None, EncryptedAt(VALUES)] = None
    application_id: str | None = None
    wrong: list[Wrong] = []

    class Settings:
        name = "application_sheet_rows"
        indexes = [IndexModel([("sheet", ASCENDING), ("state", ASCENDING), ("_id", ASCENDING)])]

    @property
    def values(self) -> dict[str, str]:
        """What the row says, in clear, by the fields of its form."""
        return {} if self.said is None else dict(json.loads(decrypt_field(VALUES, self.id, self.said)))


def encrypted_values(row_id: str, values: Mapping[str, str]) -> str:
    return encrypt_field(VALUES, row_id, json.dumps(dict(values), ensure_ascii=False))
