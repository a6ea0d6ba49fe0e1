"""Commercial policies that supplement the cover (德人社发〔2022〕95号 art. 9): periods, gaps, and who is left out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Literal

from shared.states import Machine

State = Literal["on_file", "cancelled"]
Event = Literal["corrected", "cancelled"]

STATES: Machine[State, Event, State] = Machine(
    "commercial policy",
    {
        ("on_file", "corrected"): "on_file",
        ("on_file", "cancelled"): "cancelled",
    },
    kind="not-in-this-state",
    zh="保险单已注销，不能变更",
)
"""Corrected where period, persons or sum were recorded wrongly; cancelled where it holds no more from a day on."""

Period = tuple[dt.date, dt.date]
"""Legal days, both ends included; one that ends before it begins holds on no day."""

Gap = tuple[dt.date, dt.date | None]
"""The days after a policy on which none holds; the last is None where none follows."""

DAY = dt.timedelta(days=1)


MOST_STEPS = 200
"""How many entries a policy's history may have before it is corrected no more: ours, not the law's."""


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
