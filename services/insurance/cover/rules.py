"""Commercial policies that supplement the cover (德人社发〔2022〕95号 art. 9): periods, gaps, and who is left out.

| state     | event     | next state |                                                |
|-----------|-----------|------------|------------------------------------------------|
| on_file   | corrected | on_file    | period, persons or sum were recorded wrongly   |
| on_file   | cancelled | cancelled  | it holds no more from a day on                 |
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Literal

State = Literal["on_file", "cancelled"]
Event = Literal["corrected", "cancelled"]

POLICY: Mapping[tuple[State, Event], State] = {
    ("on_file", "corrected"): "on_file",
    ("on_file", "cancelled"): "cancelled",
}

Period = tuple[dt.date, dt.date]
"""Legal days, both ends included; one that ends before it begins holds on no day."""

Gap = tuple[dt.date, dt.date | None]
"""The days after a policy on which none holds; the last is None where none follows."""

DAY = dt.timedelta(days=1)


MOST_STEPS = 200
"""How many entries a policy's history may have before it is corrected no more: ours, not the law's."""


class TooManyCorrections(ValueError):
    """The policy was corrected so often that it is cancelled and recorded anew instead."""


class Forbidden(ValueError):
    """The event is not possible in this state."""


def after(state: State, event: Event) -> State:
    """The next state of a policy; raises Forbidden."""
    try:
        return POLICY[state, event]
    except KeyError:
        raise Forbidden(f"{event} is not possible while {state}") from None


def effective(valid_from: dt.date, valid_to: dt.date, cancelled_from: dt.date | None) -> Period:
    """The days on which a policy holds."""
    return valid_from, valid_to if cancelled_from is None else min(valid_to, cancelled_from - DAY)


def union(periods: Iterable[Period]) -> list[Period]:
    """The days of all periods as stretches, in order, none touching the next."""
    stretches: list[Period] = []
    for first, last in sorted(period for period in periods if period[0] <= period[1]):
        if stretches and first <= stretches[-1][1] + DAY:
            stretches[-1] = (stretches[-1][0], max(last, stretches[-1][1]))
        else:
            stretches.append((first, last))
    return stretches


def gaps(periods: Iterable[Period]) -> list[Gap]:
    """The gap after each stretch, in order; the last one has no end."""
    stretches = union(periods)
    following = [first - DAY for first, _ in stretches[1:]]
    return list(zip((last + DAY for _, last in stretches), [*following, None], strict=True)) if stretches else []


def gaps_ahead(periods: Iterable[Period], today: dt.date) -> list[Gap]:
    """The gaps that are not over yet: the present one, if there is one, and those to come."""
    return [(since, until) for since, until in gaps(periods) if until is None or until >= today]


def uninsured(engaged: set[str], named: set[str], counted: int) -> int:
    """How many engaged persons no policy covers: neither by name nor by the number of further persons."""
    return max(0, len(engaged - named) - counted)
