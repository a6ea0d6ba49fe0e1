"""The newest documents that fit, looked for in the latest stretch of time before all that there is.

A database that reads and sorts all that fits before it takes the first ones, as those of one machine do, then reads no more
than a stretch of a long list. MongoDB walks the same index either way. Whatever is remembered or expected here, a stretch that
does not fill the page is no answer: then all that fits is read.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any, Final, TypeVar

from beanie import Document

from shared import clock
from shared.ids import first_id_at, made_at

D = TypeVar("D", bound=Document)
Condition = Mapping[str, Any]

STRETCHES: Final = tuple(dt.timedelta(hours=2**step) for step in range(9))
"""How far back from where a page begins, the shortest first."""
EARLIEST: Final = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)
LISTS: Final = 1_000
"""How many lists are remembered."""

_first: Final[dict[tuple[object, ...], int]] = {}
"""The stretch that held a page of a list when it was last read: it is looked into first. Of an unknown list it is the longest."""
_short: Final[set[tuple[object, ...]]] = set()
"""Lists, by the fields that they are chosen by, that filled no page: they are read at once, with one statement."""


async def newest(document: type[D], query: Condition, field: str, behind: Condition, limit: int) -> list[D]:
    """At most `limit` documents that fit, the latest first by `_id` or by an instant, of those `behind` a position (empty: all)."""
    begin, upper = _edge(field, behind)
    lowers: list[Any] = [first_id_at(begin - one) if field == "_id" else begin - one for one in STRETCHES]
    asked, chosen_by = (document, field, repr(query)), (document, field, *query)
    order = ["-_id"] if field == "_id" else [f"-{field}", "-_id"]
    for lower in lowers[_first.get(asked, len(lowers) if chosen_by in _short else -1) :]:
        stretch = _within(query, {field: {"$gte": lower, **upper}}, behind)
        found = await document.find(stretch).sort(*order).limit(limit).to_list()
        if len(found) == limit:
            break
    else:
        found = await document.find(both(query, behind)).sort(*order).limit(limit).to_list()
    if len(found) == limit:
        oldest = getattr(found[-1], "id" if field == "_id" else field)
        _remember(asked, sum(oldest < lower for lower in lowers))
    elif not behind:
        _first.pop(asked, None)
        _short.add(chosen_by)
    return found


def both(query: Condition, behind: Condition) -> dict[str, Any]:
    """The condition that a query holds and a document lies behind a position."""
    return {"$and": [query, behind]} if query.keys() & behind.keys() else {**query, **behind}


def _remember(asked: tuple[object, ...], first: int) -> None:
    if len(_first) >= LISTS:
        _first.clear()
    _first[asked] = first


def _within(query: Condition, bounds: Condition, behind: Condition) -> dict[str, Any]:
    """The bounds of a stretch beside the conditions on fields, for an index of both; what no index serves comes after them.

    Equality with `$eq` is the same, but for the embedded databases: beside a range of ids they would read the whole of an index
    that goes on with descending ids.
    """
    plain = {name: value for name, value in query.items() if name not in bounds and not name.startswith("$")}
    others = [{name: value} for name, value in query.items() if name not in plain]
    others += [{"$or": behind["$or"]}] if "$or" in behind else []
    if "_id" in bounds:
        plain = {name: {"$eq": one} if isinstance(one, str | int | None) else one for name, one in plain.items()}
    first = {**bounds, **plain}
    return {"$and": [first, *others]} if others else first


def _edge(field: str, behind: Condition) -> tuple[dt.datetime, Condition]:
    """About when what lies at a position was made, now where there is none; and the upper bound of the field there."""
    now = clock.now()
    if field in behind:
        try:
            return min(max(made_at(behind[field]["$lt"]), EARLIEST), now), behind[field]
        except (ValueError, OverflowError):  # an id that is none of ours
            return now, behind[field]
    if "$or" in behind:
        instant = behind["$or"][1][field]
        return min(max(instant, EARLIEST), now), {"$lte": instant}
    return now, {}
