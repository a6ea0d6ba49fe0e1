"""Leads on working time (德人社发〔2022〕95 号 art. 6): without a break, driving without one, the whole day, and employees' hours.

For each worker of a platform, day and kind there is one lead, where the person, over all platforms, worked longer than the limit.
Time online does not count, and no collective contract is in force here.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time, timedelta

from deploy.local.calculation.accounts import circles
from deploy.local.calculation.premiums import ORDER
from deploy.local.calculation.registry import Engagement
from deploy.local.calculation.validation import SHANGHAI, Fact
from deploy.local.calculation.wages import footing_of, is_part_time

DRIVING = frozenset({"ride_hailing", "freight"})
DRIVING_FROM, AGREED_FROM = date(2004, 5, 1), date(2023, 11, 8)
UNBROKEN, BREAK, DAY_LONG = 4 * 3600, 20 * 60, 12 * 3600
NORMAL_DAY, NORMAL_WEEK, MOST_OF_DAY, MOST_OF_MONTH = 8 * 3600, 44 * 3600, 3600, 36 * 3600
PART_TIME_DAY, PART_TIME_WEEK = 4 * 3600, 24 * 3600
LONGEST_ORDER = 24 * 3600
_DAY = timedelta(days=1)

Account = tuple[str, str]
Span = tuple[int, int]
Work = dict[str, list[Span]]
"""Spans in whole seconds by trade."""


def midnight(day: date) -> int:
    return int(datetime.combine(day, time.min, SHANGHAI).timestamp())


def union(spans: Iterable[Span]) -> list[Span]:
    """Spans without what they have in common."""
    found: list[Span] = []
    for begin, end in sorted(spans):
        if found and begin <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((begin, end))
    return found


def inside(spans: Iterable[Span], begin: int, end: int) -> list[Span]:
    return [(max(one, begin), min(other, end)) for one, other in spans if other > begin and one < end]


def long(spans: Iterable[Span]) -> int:
    return sum(end - begin for begin, end in spans)


def stretches(spans: Sequence[Span]) -> list[list[Span]]:
    """Work between two breaks that count as such."""
    found: list[list[Span]] = []
    for span in spans:
        if found and span[0] - found[-1][-1][1] < BREAK:
            found[-1].append(span)
        else:
            found.append([span])
    return found


def passes_on(stretch: Sequence[Span], begin: int, end: int) -> bool:
    """Whether work without a break comes to its limit within a day, and goes on beyond it."""
    left = UNBROKEN
    for one, other in stretch:
        if other - one >= left:
            return begin < one + left <= end and long(stretch) > UNBROKEN
        left -= other - one
    return False


def unbroken(everybody: Sequence[Iterable[Span]], own: Iterable[Span], begin: int, end: int) -> bool:
    """Whether a person works for too long without a break, a part of it through this account."""
    mine = union(own)
    return any(
        passes_on(stretch, begin, end) and bool(inside(mine, stretch[0][0], stretch[-1][1]))
        for stretch in stretches(union(span for spans in everybody for span in spans))
    )


def leads_on_hours(facts: Iterable[Fact], engagements: Iterable[Engagement]) -> Counter[str]:
    """How many leads the orders give; each order counts however it was told."""
    work: defaultdict[Account, defaultdict[str, list[Span]]] = defaultdict(lambda: defaultdict(list))
    days: defaultdict[date, set[Account]] = defaultdict(set)
    for fact in facts:
        if fact.type != ORDER:
            continue
        taken, finished = fact.data["taken_at"], fact.data["finished_at"]
        begin, end = int(taken.timestamp()), int(finished.timestamp())
        if begin == end or finished - taken > timedelta(seconds=LONGEST_ORDER):
            continue
        work[fact.worker][fact.data["industry"]].append((begin, end))
        day = datetime.fromtimestamp(begin, SHANGHAI).date()
        while midnight(day) < end:
            days[day].add(fact.worker)
            day += _DAY
    standing: defaultdict[Account, list[Engagement]] = defaultdict(list)
    for engagement in engagements:
        standing[engagement.worker].append(engagement)
    found = sum((_on(day, accounts, work, standing) for day, accounts in days.items()), Counter[str]())
    return found + leads_on_employees(work, standing)


def leads_on_employees(
    work: dict[Account, defaultdict[str, list[Span]]], standing: dict[Account, list[Engagement]]
) -> Counter[str]:
    """Leads on employees of one employer (劳动法 art. 36, 38, 41; 劳动合同法 art. 68), one of a month and kind: over an hour of
    overtime on a day or 36 in a month, where weeks of over 44 hours on average count too; weeks, by the Sunday that ends them, without
    a day of rest; and part-time work that is too long. Accounts that are one count together."""
    found = Counter[str]()
    for accounts in circles(one for several in standing.values() for one in several):
        engagements = [one for account in accounts for one in standing[account]]
        whole_time = union(span for account in accounts for span in _all(work.get(account, {})))
        spans: defaultdict[date, list[Span]] = defaultdict(list)
        for account in accounts:
            for day, span in _by_day(union(_all(work.get(account, {})))):
                if footing_of(standing[account], day) == "employment":
                    spans[day].append(span)
        spent = {day: long(union(several)) for day, several in spans.items()}
        part_time = {day: seconds for day, seconds in spent.items() if is_part_time(engagements, day)}
        beyond: defaultdict[str, list[int]] = defaultdict(list)
        for day, seconds in spent.items():
            beyond[f"{day:%Y-%m}"].append(max(seconds - NORMAL_DAY, 0))
        found["overtime_exceeded"] += sum(
            max(over) > MOST_OF_DAY or sum(over) + beyond_weeks(spent, month) > MOST_OF_MONTH
            for month, over in beyond.items()
        )
        tiring = {day for day in spent if not is_free_after_night(whole_time, day)}
        whole = [day for day in tiring if day.weekday() == 6 and all(day - n * _DAY in tiring for n in range(7))]
        found["weekly_rest_missing"] += len({f"{sunday:%Y-%m}" for sunday in whole})
        found["part_time_exceeded"] += len(months_of_long_part_time(part_time))
    return found


def _all(trades: dict[str, list[Span]]) -> list[Span]:
    return [span for spans in trades.values() for span in spans]


def _by_day(spans: Iterable[Span]) -> Iterator[tuple[date, Span]]:
    """The parts of spans by day."""
    for begin, end in spans:
        day = datetime.fromtimestamp(begin, SHANGHAI).date()
        while midnight(day) < end:
            yield day, (max(begin, midnight(day)), min(end, midnight(day + _DAY)))
            day += _DAY


def is_free_after_night(spans: Sequence[Span], day: date) -> bool:
    """Whether nothing but a night's work ended on a day, 24 hours or more before the next."""
    today = inside(spans, midnight(day), midnight(day + _DAY))
    if len(today) != 1 or today[0][0] != midnight(day) or today[0][1] == midnight(day + _DAY):
        return False
    return not inside(spans, today[0][1], today[0][1] + 24 * 3600)


def months_of_long_part_time(spent: dict[date, int]) -> set[str]:
    """Months of part-time work over four hours a day on average, or with a week that ends in them of over 24 (劳动合同法 art. 68)."""
    months: defaultdict[str, list[int]] = defaultdict(list)
    weeks: dict[date, int] = defaultdict(int)
    for day, seconds in spent.items():
        months[f"{day:%Y-%m}"].append(seconds)
        weeks[day + (6 - day.weekday()) * _DAY] += seconds
    by_day = {month for month, days in months.items() if sum(days) > PART_TIME_DAY * len(days)}
    return by_day | {f"{sunday:%Y-%m}" for sunday, seconds in weeks.items() if seconds > PART_TIME_WEEK}


def beyond_weeks(spent: dict[date, int], month: str) -> int:
    """By how much normal days come to over 44 hours a week, on the average of the weeks that end in a month."""
    first = date.fromisoformat(f"{month}-01")
    days = [first + n * _DAY for n in range(31)]
    sundays = [day for day in days if day.weekday() == 6 and day.month == first.month]
    weeks = [min(spent.get(sunday - n * _DAY, 0), NORMAL_DAY) for sunday in sundays for n in range(7)]
    return max(sum(weeks) - NORMAL_WEEK * len(sundays), 0)


def _on(
    day: date,
    accounts: Iterable[Account],
    work: dict[Account, defaultdict[str, list[Span]]],
    standing: dict[Account, list[Engagement]],
) -> Counter[str]:
    people: defaultdict[object, list[Account]] = defaultdict(list)
    for account in work:
        people[_person(account, standing.get(account, ()), day)].append(account)
    begin, end, present = midnight(day), midnight(day + _DAY), set(accounts)
    found = Counter[str]()
    for theirs in people.values():
        near = {one: _near(work[one], day) for one in theirs}
        today = union(
            span
            for one in theirs
            if one in present
            for spans in near[one].values()
            for span in inside(spans, begin, end)
        )
        for one in theirs:
            own = [span for spans in near[one].values() for span in spans]
            everybody = [spans for work_of in near.values() for spans in work_of.values()]
            driven = [spans for work_of in near.values() for trade, spans in work_of.items() if trade in DRIVING]
            own_driven = [span for trade, spans in near[one].items() if trade in DRIVING for span in spans]
            # whose part in work over midnight lies before or after the day alone is met by it too
            around = (begin, end) if one in present else (midnight(day - _DAY), midnight(day + 2 * _DAY))
            drives = _trade(near[one], *around) in DRIVING
            found["rest_exceeded"] += not drives and day >= AGREED_FROM and unbroken(everybody, own, begin, end)
            found["driving_without_break"] += (
                drives and day >= DRIVING_FROM and unbroken(driven, own_driven, begin, end)
            )
            found["daily_hours_exceeded"] += one in present and day >= AGREED_FROM and long(today) > DAY_LONG
    return found


def _person(account: Account, engagements: Sequence[Engagement], day: date) -> object:
    """Whose an account is on a day: of the engagement that began last by then, else of the first; its own where nobody knows."""
    ordered = sorted(engagements, key=lambda one: one.started_on)
    if not ordered:
        return account
    return ([one for one in ordered if one.started_on <= day] or ordered[:1])[-1].id_number


def _near(work: dict[str, list[Span]], day: date) -> Work:
    """What was worked on the day before, the day and the day after."""
    begin, end = midnight(day - _DAY), midnight(day + 2 * _DAY)
    return {trade: near for trade, spans in work.items() if (near := inside(spans, begin, end))}


def _trade(work: Work, begin: int, end: int) -> str:
    """The trade with most of a day's time, the first by name of equals."""
    spent = {trade: long(union(inside(spans, begin, end))) for trade, spans in work.items()}
    return min((trade for trade in spent if spent[trade]), key=lambda trade: (-spent[trade], trade), default="other")
