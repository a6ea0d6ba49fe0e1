"""Cursor paging: `?limit=&cursor=`, answered with `items` and the cursor of the next page."""

from __future__ import annotations

import base64
import datetime as dt
import json
from typing import Annotated, Any, Final, Generic, TypeVar

import msgspec
from fastapi import Depends, Query
from pydantic import BaseModel, ConfigDict

from shared.web.problems import Problem

T = TypeVar("T")

_POSITION: Final = msgspec.json.Decoder(str | list[str | Annotated[int, msgspec.Meta(ge=0, le=2**31)]])
"""What a position can be: text that a query can hold, or several and counts beside them."""

LARGEST_PAGE = 500


class Page(BaseModel, Generic[T]):
    """One page of a list. `next` is null on the last one."""

    model_config = ConfigDict(json_schema_extra={"description": "One page of a list. `next` is null on the last one."})

    items: list[T]
    next: str | None


class Paging(BaseModel):
    """What page is asked for: at most `limit` items after the position in `after` (null: from the beginning)."""

    limit: int
    after: Any = None


def paging(
    limit: Annotated[int, Query(ge=1, le=LARGEST_PAGE, description="items on the page")] = 50,
    cursor: Annotated[str | None, Query(max_length=500, description="`next` of the page before")] = None,
) -> Paging:
    if cursor is None:
        return Paging(limit=limit)
    try:
        return Paging(limit=limit, after=_POSITION.decode(base64.urlsafe_b64decode(cursor)))
    except (ValueError, RecursionError):
        raise _bad_cursor() from None


PageAsked = Annotated[Paging, Depends(paging)]


def cursor_of(position: Any) -> str:
    """The cursor of a position: whatever JSON value the list goes on behind."""
    return base64.urlsafe_b64encode(json.dumps(position).encode()).decode()


def instant_and_id(after: Any) -> tuple[dt.datetime, str]:
    """The position in a list that goes by an instant, as text, and an id; raises a 400 problem for anything else."""
    match after:
        case [str(instant), str(record_id)]:
            try:
                return dt.datetime.fromisoformat(instant).astimezone(dt.UTC), record_id
            except (ValueError, OverflowError):
                pass
    raise _bad_cursor()


def _bad_cursor() -> Problem:
    return Problem(400, "bad-cursor", "翻页参数无效", "the cursor is not one of ours")
