"""What a benefit waits for, as those see it who can enter it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Annotated

from pydantic import BaseModel, Field, StringConstraints

from services.insurance.benefits.missing_rules import note_of, title_of
from shared.policy.parameters import parameters
from shared.web.fields import Month


class AwaitedView(BaseModel):
    """A value that nobody has: the parameter's key (and entry of its table), name and unit, and why it is not on file."""

    key: str
    entry: str | None
    title: str
    unit: str
    note: str


class EnteredView(BaseModel):
    """A value that a person entered, and the document that it stands in."""

    key: str
    entry: str | None
    value: str
    document: str
    from_month: str | None
    by: str
    at: dt.datetime


class ValueToEnter(BaseModel):
    """A value that a benefit waits for (`awaits`), in the parameter's unit: decimal text, a whole number of months, a percentage; and
    the document that it stands in. `from_month`: since when a yearly factor holds (January where null)."""

    key: Annotated[str, Field(pattern=r"^[a-z_]+\.[a-z_]+$", max_length=80)]
    value: Annotated[str, StringConstraints(strip_whitespace=True, pattern=r"^[0-9]{1,12}(\.[0-9]{1,8})?$")]
    document: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500)]
    from_month: Month | None = None


def awaited_views(missing: Iterable[tuple[str, str | None]], day: dt.date, district: str) -> list[AwaitedView]:
    """`day`, `district`: of the benefit's injury, by whose row it is said why there is no value."""
    return [
        AwaitedView(
            key=key, entry=entry, title=title_of(key), unit=parameters.unit(key), note=note_of(key, day, district)
        )
        for key, entry in missing
    ]
