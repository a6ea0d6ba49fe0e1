"""Whether a person's work on a day came to a limit, over all platforms.

The day's findings rest on the work of that day, the one before and the one after it, and on nothing else: work without a break
counts for the day on which it came to the limit.

- Work without a break, 人社厅发〔2023〕50号 art. 5: what is agreed collectively holds, else the parameter. It is the time of
  orders without the allowance for waiting, which is agreed for the day as a whole.
- Driving, 道路交通安全法实施条例 art. 62(7): orders of ride-hailing and freight. Nothing that is agreed lengthens it.
- The day, 50号 art. 4 and 5: with the allowance that is agreed for waiting.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, Literal

from services.complaints.collective_contracts.rules import AgreedHours, CollectiveContract
from services.complaints.work_time.rules import (
    ONLINE,
    Span,
    bounds,
    clipped,
    merged,
    reached_at,
    runs,
    seconds_of,
    with_allowance,
)
from shared.contracts.complaints.rest import RestLimit
from shared.identity.regions import CITY
from shared.policy.parameters import Law, MissingParameter, Used, parameters

DRIVING: Final = ("ride_hailing", "freight")
EDGE_SECONDS: Final = 3600
"""Work that begins or ends as near to midnight may go on beyond it; longer than any break that ends work."""

LeadOf = Literal["rest_exceeded", "driving_without_break", "daily_hours_exceeded"]
LEAD_OF: Final[Mapping[RestLimit, LeadOf]] = {
    "continuous": "rest_exceeded",
    "driving": "driving_without_break",
    "daily": "daily_hours_exceeded",
}


@dataclass(frozen=True, slots=True)
class Work:
    """What a platform's worker did: merged spans by trade and district. `worker` is `<platform>|<worker_ref>`."""

    worker: str
    parts: Mapping[tuple[str, str], Sequence[Span]]

    @property
    def platform(self) -> str:
        return self.worker.partition("|")[0]

    @property
    def worker_ref(self) -> str:
        return self.worker.partition("|")[2]

    def spans(self, *, online: bool) -> list[Span]:
        """The time of orders; with that of being online, where it counts."""
        return merged(*(spans for (trade, _), spans in self.parts.items() if online or trade != ONLINE))

    def driving(self) -> list[Span]:
        return merged(*(spans for (trade, _), spans in self.parts.items() if trade in DRIVING))

    def place_and_trade(self, day: dt.date) -> tuple[str, str]:
        """The district and the trade with most of a day's time, the lowest code of equals; where no order was on it, by the day
        before and the one after it."""
        if len(self.parts) == 1:  # most often
            ((trade, district),) = self.parts
            if trade != ONLINE:
                return district, trade
        return self._most_of(*bounds(day)) or self._most_of(*_around(day)) or (CITY, "other")

    def _most_of(self, begin: int, end: int) -> tuple[str, str] | None:
        districts, trades = defaultdict[str, int](int), defaultdict[str, int](int)
        for (trade, district), spans in self.parts.items():
            spent = 0 if trade == ONLINE else seconds_of(clipped(spans, begin, end))
            if spent:
                districts[district] += spent
                trades[trade] += spent
        return (_most(districts), _most(trades)) if trades else None


def _around(day: dt.date) -> Span:
    return bounds(day - dt.timedelta(1))[0], bounds(day + dt.timedelta(1))[1]


def _most(spent: Mapping[str, int]) -> str:
    return min(spent, key=lambda one: (-spent[one], one))


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """A limit of a platform's worker on a day, in seconds; `contract_id` is the collective contract that it comes from."""

    limit: int
    break_seconds: int
    used: tuple[Used, ...]
    contract_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What holds for a platform's worker on a day; None: nothing does. `online`: time online counts as work."""

    district: str
    continuous: Terms | None
    driving: Terms | None
    warning: Terms | None
    daily: Terms | None
    waiting_percent: Decimal
    online: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A limit that was come to, or passed (`exceeded`), as it concerns one platform. Times are seconds since 1970.

    `until` is the end of the work; `present`: the person has not worked later that day; `own`: the platform's part.
    """

    limit: RestLimit
    worker: str
    district: str
    terms: Terms
    worked: int
    own: int
    reached: int
    until: int
    present: bool
    spans: tuple[Span, ...]
    others: tuple[str, ...]

    @property
    def exceeded(self) -> bool:
        return self.worked > self.terms.limit


def limits_of(
    platform: str, trade: str, district: str, day: dt.date, contracts: Iterable[CollectiveContract]
) -> Limits:
    """What holds for work of a trade in a district through a platform on a day: what is agreed, else the parameters.

    Of several contracts the shortest hours hold, and the highest allowance.
    """
    binding = sorted((one for one in contracts if one.binds(platform)), key=lambda one: one.contract_id)
    agreed = [(hours, one.contract_id) for one in binding if (hours := one.hours_on(day, trade, district))]
    percents = [pay.waiting_percent for one in binding if (pay := one.pay_on(day, trade, district))]

    def law() -> Law:
        return parameters.on(day, place=district, industry=trade, platform=platform)

    demand = law()
    online = demand.flag("working_time.online_counts")
    daily = _daily(law(), agreed, demand.used)
    warning = _hours(law(), "rest.daily_warn_hours", demand.used)
    if warning is not None and daily is not None and daily.limit <= warning.limit:
        warning = None
    return Limits(
        district=district,
        continuous=_continuous(law(), agreed, trade, demand.used),
        driving=_unbroken(law(), ()) if trade in DRIVING else None,
        warning=warning,
        daily=daily,
        waiting_percent=max((one for one in percents if one is not None), default=Decimal(0)),
        online=online,
    )


Agreed = Sequence[tuple[AgreedHours, str]]


def _continuous(law: Law, agreed: Agreed, trade: str, rests_on: tuple[Used, ...]) -> Terms | None:
    minutes = [(one.continuous_minutes, by) for one, by in agreed if one.continuous_minutes is not None]
    if not minutes:
        return None if trade in DRIVING else _unbroken(law, rests_on)
    least, contract_id = min(minutes)
    try:
        rest = law.number("rest.break_minutes") * 60
    except MissingParameter:
        return None
    return Terms(limit=least * 60, break_seconds=rest, used=(*law.used, *rests_on), contract_id=contract_id)


def _unbroken(law: Law, rests_on: tuple[Used, ...]) -> Terms | None:
    try:
        limit, rest = law.number("rest.continuous_hours") * 3600, law.number("rest.break_minutes") * 60
    except MissingParameter:
        return None
    return Terms(limit=limit, break_seconds=rest, used=(*law.used, *rests_on))


def _daily(law: Law, agreed: Agreed, rests_on: tuple[Used, ...]) -> Terms | None:
    minutes = [(one.daily_minutes, by) for one, by in agreed if one.daily_minutes is not None]
    if not minutes:
        return _hours(law, "rest.daily_max_hours", rests_on)
    least, contract_id = min(minutes)
    return Terms(limit=least * 60, break_seconds=0, used=rests_on, contract_id=contract_id)


def _hours(law: Law, key: str, rests_on: tuple[Used, ...]) -> Terms | None:
    try:
        limit = law.number(key) * 3600
    except MissingParameter:
        return None
    return Terms(limit=limit, break_seconds=0, used=(*law.used, *rests_on))


def reaches_over(works: Iterable[Work], day: dt.date) -> bool:
    """Whether a day's work may go on from the day before, or on the next one."""
    begin, end = bounds(day)
    spans = [span for work in works for some in work.parts.values() for span in some if begin <= span[0] < end]
    return any(one < begin + EDGE_SECONDS or other > end - EDGE_SECONDS for one, other in spans)


def findings(works: Sequence[Work], limits: Mapping[str, Limits], day: dt.date) -> list[Found]:
    """The limits that a person came to on a day. `works` hold the day, the one before and the one after it; `limits` those
    of each worker in them: of work over midnight, whoever had a part in it is concerned, on whichever side."""
    if not _may_come_to_limit(works, limits):
        return []
    begin, end = bounds(day)
    window = _around(day)
    counted = {
        one.worker: clipped(one.spans(online=one.worker in limits and limits[one.worker].online), *window)
        for one in works
    }
    driven = {one.worker: clipped(one.driving(), *window) for one in works}
    found: list[Found] = []
    for work in sorted(works, key=lambda one: one.worker):
        law = limits.get(work.worker)
        if law is not None:
            found += _in_runs("continuous", work.worker, law, law.continuous, counted, (begin, end))
            found += _in_runs("driving", work.worker, law, law.driving, driven, (begin, end))
            found += _in_day(work.worker, limits, counted, (begin, end))
    return found


def _may_come_to_limit(works: Iterable[Work], limits: Mapping[str, Limits]) -> bool:
    """Whether all work together, as if none of it overlapped, is as long as the shortest limit: most often it is not."""
    each = [(law.continuous, law.driving, law.warning, law.daily) for law in limits.values()]
    shortest = min((terms.limit for several in each for terms in several if terms is not None), default=None)
    if shortest is None:
        return False
    allowance = max(law.waiting_percent for law in limits.values())
    longest = sum(seconds_of(spans) for work in works for spans in work.parts.values())
    return longest * (100 + allowance) >= shortest * 100


def _in_runs(
    limit: RestLimit, worker: str, law: Limits, terms: Terms | None, spans: Mapping[str, Sequence[Span]], day: Span
) -> Iterator[Found]:
    if terms is None:
        return
    all_of_it = merged(*spans.values())
    for run in runs(all_of_it, terms.break_seconds):
        reached = reached_at(run.spans, terms.limit)
        own = seconds_of(clipped(spans[worker], run.begin, run.end))
        # what comes to the limit at midnight does so on the day that ends
        if reached is None or not day[0] < reached <= day[1] or not own:
            continue
        yield Found(
            limit=limit,
            worker=worker,
            district=law.district,
            terms=terms,
            worked=run.worked,
            own=own,
            reached=reached,
            until=run.end,
            present=run.end == all_of_it[-1][1],
            spans=run.spans,
            others=_others(worker, spans, run.begin, run.end),
        )


def _in_day(
    worker: str, limits: Mapping[str, Limits], spans: Mapping[str, Sequence[Span]], day: Span
) -> Iterator[Found]:
    parts: defaultdict[Decimal, list[Sequence[Span]]] = defaultdict(list)
    for one, law in limits.items():
        parts[law.waiting_percent].append(clipped(spans[one], *day))
    worked = with_allowance(parts)
    all_of_it = merged(*(some for several in parts.values() for some in several))
    own = seconds_of(clipped(spans[worker], *day))
    if not own:
        return
    law = limits[worker]
    steps: tuple[tuple[RestLimit, Terms | None], ...] = (("daily_warning", law.warning), ("daily", law.daily))
    for limit, terms in steps:
        if terms is not None and worked >= terms.limit:
            until = all_of_it[-1][1]
            yield Found(
                limit=limit,
                worker=worker,
                district=law.district,
                terms=terms,
                worked=worked,
                own=own,
                reached=reached_at(all_of_it, terms.limit) or until,
                until=until,
                present=True,
                spans=tuple(all_of_it),
                others=_others(worker, spans, *day),
            )


def _others(worker: str, spans: Mapping[str, Sequence[Span]], begin: int, end: int) -> tuple[str, ...]:
    """The other platforms through which there was work between two seconds."""
    platforms = {one.partition("|")[0] for one, some in spans.items() if clipped(some, begin, end)}
    return tuple(sorted(platforms - {worker.partition("|")[0]}))
