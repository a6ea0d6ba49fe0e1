"""The newest documents that fit, looked for in the latest stretch of time before all that there is.

A database that reads and sorts all that fits before it takes the first ones, as those of one machine do, then reads no more
than a stretch of a long list. MongoDB walks the same index either way. A list that is not known is looked for in ever longer
stretches, whatever other lists by the same fields are like: reading a million to learn that it is long takes seconds. What is
remembered of a list is never relied on: a stretch that does not fill the page is no answer.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from beanie import Document

from shared import clock
from shared.ids import first_id_at, made_at

D = TypeVar("D", bound=Document)
Condition = Mapping[str, Any]

SHORTEST: Final = dt.timedelta(hours=1)
LONGER: Final = 32
"""How far back an unknown list is looked into first, and how many times as far at most where that filled no page."""
LONGEST: Final = SHORTEST * LONGER**3
"""Some four years: beyond it everything is read."""
SHORT_FOR: Final = dt.timedelta(minutes=10)
"""So long a list that filled no page is taken to be short still, and read whole with one statement."""
EARLIEST: Final = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)
LISTS: Final = 1_000
"""How many lists are remembered."""


@dataclass(frozen=True, slots=True)
class _Known:
    """What the last look at a list found: when the last document of the page was made, and how far back that was, with half as much
    again as the page took. None: the list filled no page at `looked_at`."""

    looked_at: dt.datetime
    oldest: dt.datetime | None = None
    back: dt.timedelta = dt.timedelta()


_known: Final[dict[tuple[object, ...], _Known]] = {}


async def newest(document: type[D], query: Condition, field: str, behind: Condition, limit: int) -> list[D]:
    """At most `limit` documents that fit, the latest first by `_id` or by an instant, of those `behind` a position (empty: all)."""
    asked, leading = (document, field, repr(query), bool(behind)), _leading(document, field, query)
    begin, upper = _edge(field, behind)
    order = ["-_id"] if field == "_id" else [f"-{field}", "-_id"]
    found = list[D]()
    for since in _tries(_known.get(asked), begin, limit, found, at_position=bool(behind)):
        lower: Any = first_id_at(since) if field == "_id" else since
        stretch = _within(query, leading, {field: {"$gte": lower, **upper}}, behind)
        found[:] = await document.find(stretch).sort(*order).limit(limit).to_list()
        if len(found) == limit:
            break
    else:
        whole = _within(query, leading, {} if "$or" in behind else behind, behind) if leading else both(query, behind)
        found = await document.find(whole).sort(*order).limit(limit).to_list()
    if len(found) == limit or not behind:
        _remember(asked, field, begin, found, full=len(found) == limit)
    return found


def both(query: Condition, behind: Condition) -> dict[str, Any]:
    """The condition that a query holds and a document lies behind a position."""
    return {"$and": [query, behind]} if query.keys() & behind.keys() else {**query, **behind}


def _tries(
    known: _Known | None, begin: dt.datetime, limit: int, found: Sequence[object], *, at_position: bool
) -> Iterator[dt.datetime]:
    """From when on to look, before everything is read. `found` is what the last try found.

    A list that grew evenly holds a page as far back as it did; of one that has not grown since the same page is there.
    """
    reach = dt.timedelta()
    if known is not None and known.oldest is None and clock.now() - known.looked_at < SHORT_FOR:
        return
    if known is not None and known.oldest is not None:
        even = max(begin - known.back, EARLIEST)
        yield even
        if not at_position and known.oldest < even:
            yield max(known.oldest, EARLIEST)
        reach = known.back
    reach = _longer(reach, limit, len(found)) if reach else SHORTEST
    while reach <= LONGEST and begin - reach > EARLIEST:
        yield begin - reach
        reach = _longer(reach, limit, len(found))


def _longer(reach: dt.timedelta, limit: int, found: int) -> dt.timedelta:
    """How far back to look where as far as `reach` there were so few: twice as far as would do if the list had grown evenly, but
    no further than if it had hardly grown."""
    return reach * min(LONGER, max(2, 2 * limit / found)) if found else reach * LONGER


def _remember(asked: tuple[object, ...], field: str, begin: dt.datetime, found: list[Any], *, full: bool) -> None:
    _known.pop(asked, None)
    if len(_known) >= LISTS:
        del _known[next(iter(_known))]  # the one that was not looked at for longest
    known = _Known(clock.now())
    if full:
        try:
            latest, oldest = (
                made_at(one.id) if field == "_id" else getattr(one, field) for one in (found[0], found[-1])
            )
        except (ValueError, OverflowError):  # an id that is none of ours
            return
        back = max(begin - oldest, dt.timedelta()) + (latest - oldest) / 2 + dt.timedelta(seconds=1)
        known = _Known(clock.now(), oldest, back)
    _known[asked] = known


def _within(query: Condition, leading: Collection[str], bounds: Condition, behind: Condition) -> dict[str, Any]:
    """The bounds of a stretch beside what leads an index that goes on with them; the conditions that this index does not serve come
    after it, in a conjunct of their own. It is all the same to MongoDB; a database that takes an index for a whole conjunct or
    for none would read everything between the bounds."""
    first_of = leading or [name for name in query if name not in bounds and not name.startswith("$")]
    first = {**bounds, **{name: query[name] for name in first_of}}
    others = [{name: value} for name, value in query.items() if name not in first_of]
    others += [{"$or": behind["$or"]}] if "$or" in behind else []
    if others and leading:
        others = [{"$and": others}]
    return {"$and": [first, *others]} if others else first


def _leading(document: type[D], field: str, query: Condition) -> tuple[str, ...]:
    """The fields that a query has equal and that lead an index on which the list's own field follows: those of the longest such index,
    of several of the one that a query names first."""
    equal = [name for name, value in query.items() if isinstance(value, str | int | None)]
    fitting = [lead for lead in _led(document, field) if set(lead) <= set(equal)]
    return max(fitting, key=lambda lead: (len(lead), -equal.index(lead[0])), default=())


def _led(document: type[D], field: str) -> list[tuple[str, ...]]:
    """What stands before a field in each index of a collection that holds all its documents."""
    indexes = [one.index.document for one in document.get_settings().indexes or []]
    keys = [list(one["key"]) for one in indexes if not {"partialFilterExpression", "sparse"} & one.keys()]
    return [tuple(names[: names.index(field)]) for names in keys if field in names[1:]]


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
