"""What a benefit waits for, and what a person entered."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from pydantic import BaseModel

from services.insurance.benefits.missing_rules import Value


class Awaited(BaseModel):
    """A parameter, or an entry of its table, that nobody has, and that a benefit waits for."""

    key: str
    entry: str | None = None


class Entered(BaseModel):
    """What a person entered for it, by its document. `from_month`: since when a yearly factor holds."""

    key: str
    entry: str | None = None
    value: str
    document: str
    from_month: str | None = None
    by: str
    at: dt.datetime


def awaited(missing: Iterable[tuple[str, str | None]]) -> list[Awaited]:
    return [Awaited(key=key, entry=entry) for key, entry in missing]


def values(entered: Iterable[Entered]) -> list[Value]:
    return [Value(one.key, one.entry, one.value, one.document) for one in entered]
