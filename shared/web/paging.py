"""Cursor paging: `?limit=&cursor=`, answered with `items` and the cursor of the next page."""

from __future__ import annotations

import base64
import datetime as dt
import json
from collections.abc import Callable, Mapping
from typing import Annotated, Any, Final, Generic, Literal, TypeVar

import msgspec
from beanie import Document
from fastapi import Depends, Query
from pydantic import BaseModel, ConfigDict

from shared.web.newest import both, newest
from shared.web.problems import Problem

T = TypeVar("T")
D = TypeVar("D", bound=Document)

Sort = Literal["_id", "-_id", "created_at", "-created_at"]

_POSITION: Final = msgspec.json.Decoder(str | list[str | Annotated[int, msgspec.Meta(ge=0, le=2**31)]])
"""What a position can be: text that a query can hold, or several and counts beside them."""

LARGEST_PAGE = 500


class Page(BaseModel, Generic[T]):
    """One page of a list. `next` is null on the last one."""

    model_config = ConfigDict(json_schema_extra={"description": "One page of a list. `next` is null on the last one."})

    items: list[T]
    next: str | None

    @classmethod
    async def of(
        cls, document: type[D], query: Mapping[str, Any], view: Callable[[D], T], page: Paging, *, sort: Sort = "_id"
    ) -> Page[T]:
        """The page asked for of the documents that fit, each as `view` shows it. `-`: the latest first.

        Raises a 400 problem where the position is none of this list.
        """
        field = sort.removeprefix("-")
        sign, further = ("+", "$gt") if field == sort else ("-", "$lt")
        behind = {} if page.after is None else _behind(field, further, page.after)
        if sign == "-":
            found = await newest(document, query, field, behind, page.limit + 1)
        else:
            order = ["+_id"] if field == "_id" else [f"+{field}", "+_id"]
            found = await document.find(both(query, behind)).sort(*order).limit(page.limit + 1).to_list()
        shown = found[: page.limit]
        more = len(found) > page.limit
        return cls(items=[view(one) for one in shown], next=_cursor_behind(field, shown[-1]) if more else None)


class Paging(BaseModel):
    """What page is asked for: at most `limit` items after the position in `after` (null: from the beginning)."""

    limit: int
    after: Any = None


def paging(limit: int, cursor: str | None) -> Paging:
    """Raises a 400 problem for a cursor that is none of ours."""
    if cursor is None:
        return Paging(limit=limit)
    try:
        return Paging(limit=limit, after=_POSITION.decode(base64.urlsafe_b64decode(cursor)))
    except (ValueError, RecursionError):
        raise _bad_cursor() from None


async def _asked(
    limit: Annotated[int, Query(ge=1, le=LARGEST_PAGE, description="items on the page")] = 50,
    cursor: Annotated[str | None, Query(max_length=500, description="`next` of the page before")] = None,
) -> Paging:
    return paging(limit, cursor)


PageAsked = Annotated[Paging, Depends(_asked)]


def cursor_of(position: Any) -> str:
    """The cursor of a position: whatever JSON value the list goes on behind."""
    return base64.urlsafe_b64encode(json.dumps(position).encode()).decode()


def _instant_and_id(after: Any) -> tuple[dt.datetime, str]:
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


def _behind(field: str, further: str, after: Any) -> dict[str, Any]:
    if field == "_id":
        if not isinstance(after, str):
            raise _bad_cursor()
        return {"_id": {further: after}}
    instant, last_id = _instant_and_id(after)
    return {"$or": [{field: {further: instant}}, {field: instant, "_id": {further: last_id}}]}


def _cursor_behind(field: str, last: Document) -> str:
    return cursor_of(last.id if field == "_id" else [getattr(last, field).isoformat(), last.id])
