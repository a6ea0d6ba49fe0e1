"""The newest documents that fit, of a list that is long, read backward through time stretch by stretch until there are enough.

A database that reads and sorts all that fits before it takes the first ones, as those of one machine do, then reads no more
than a stretch. MongoDB walks the same index either way. Nothing rests on when a document was made: every stretch begins where
the one before ended, and the last one has no end.
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

STRETCHES: Final = tuple(dt.timedelta(hours=4**step) for step in range(5))
"""How far back from where reading begins; what lies behind the longest is read at once."""
EARLIEST: Final = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)

LISTS: Final = 1_000
"""How many lists are remembered."""

_enough: Final[dict[tuple[object, ...], int]] = {}
"""The first stretch that held a page of a list when it was last read. A list that is not known here is read at once."""


async def newest(document: type[D], query: Condition, field: str, behind: Condition, limit: int) -> list[D]:
    """At most `limit` documents that fit, the latest first by `_id` or by an instant, of those `behind` a position (empty: all)."""
    begin, upper = _edge(field, behind)
    lowers = [first_id_at(begin - one) if field == "_id" else begin - one for one in STRETCHES]
    order = ["-_id"] if field == "_id" else [f"-{field}", "-_id"]
    asked, begins = (document, field, repr(query)), not behind
    found: list[D] = []
    for step in range(_enough.get(asked, len(lowers)), len(lowers) + 1):
        last = step == len(lowers)
        bounds = {} if last else {field: {"$gte": lowers[step], **upper}}
        wanted = both(query, behind) if last else _within(query, bounds, behind)
        found += await document.find(wanted).sort(*order).limit(limit - len(found)).to_list()
        if last or len(found) == limit:
            break
        upper = {"$lt": lowers[step]}
        behind = {field: upper}
    oldest: Any = getattr(found[-1], "id" if field == "_id" else field) if len(found) == limit else None
    enough = [at for at, lower in enumerate(lowers) if oldest and oldest >= lower]
    if enough:
        _remember(asked, enough[0])
    elif begins:
        _enough.pop(asked, None)
    return found


def _remember(asked: tuple[object, ...], enough: int) -> None:
    if len(_enough) >= LISTS:
        _enough.clear()
    _enough[asked] = enough


def both(query: Condition, behind: Condition) -> dict[str, Any]:
    """The condition that a query holds and a document lies behind a position."""
    return {"$and": [query, behind]} if query.keys() & behind.keys() else {**query, **behind}


def _within(query: Condition, bounds: Condition, behind: Condition) -> dict[str, Any]:
    """The bounds of a stretch beside the conditions on fields, for an index of both; what no index serves comes after them."""
    plain = {name: value for name, value in query.items() if name not in bounds and not name.startswith("$")}
    others = [{name: value} for name, value in query.items() if name not in plain]
    others += [{"$or": behind["$or"]}] if "$or" in behind else []
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
