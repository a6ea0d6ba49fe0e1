"""Which phone reaches a person, and how long a record is kept.

How a record is kept (个人信息保护法 art. 47):

| state | event | next |
|---|---|---|
| kept | ask: the person asks for erasure | asked |
| kept | fall_due: no duty keeps the record any more | erased |
| kept | engage: the person begins new work | kept |
| asked | withdraw: the person takes the request back | kept |
| asked | fall_due | erased |
| asked | engage | kept |

Nothing leads out of `erased`: whoever comes back is a new record. While it is `asked` and a duty still keeps the record, it
is stored and nothing more (art. 47).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from shared.policy import calendar
from shared.policy.parameters import Law

Keeping = Literal["kept", "asked", "erased"]
KeepingEvent = Literal["ask", "withdraw", "engage", "fall_due"]

KEEPING: dict[tuple[Keeping, KeepingEvent], Keeping] = {
    ("kept", "ask"): "asked",
    ("kept", "fall_due"): "erased",
    ("kept", "engage"): "kept",
    ("asked", "withdraw"): "kept",
    ("asked", "fall_due"): "erased",
    ("asked", "engage"): "kept",
}


class NotPossible(ValueError):
    """What is asked for does not go with how the record stands."""


def keep(state: Keeping, event: KeepingEvent) -> Keeping:
    """The state after an event; raises `NotPossible` where the table has none."""
    try:
        return KEEPING[state, event]
    except KeyError:
        raise NotPossible(f"{event} of a record that is {state}") from None


def erasable_on(last_days: Sequence[dt.date | None], law: Law) -> dt.date | None:
    """The first legal day on which no duty keeps a person's record; None while an engagement runs.

    `last_days` are those of the person's engagements, null for one that runs. After the last one the record is kept for
    `retention.worker_record_years`; one without any engagement is kept for nothing.
    """
    if not last_days:
        return dt.date.min
    ended = [day for day in last_days if day is not None]
    if len(ended) < len(last_days):
        return None
    kept_until = calendar.months_after(max(ended), 12 * law.number("retention.worker_record_years"))
    return kept_until + dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class PhoneTold:
    """A phone by one source's latest word. `own`: the worker has named it."""

    source: str
    phone: str
    told_at: dt.datetime
    own: bool


def phone_in_force(phones: Iterable[PhoneTold]) -> PhoneTold:
    """The phone that reaches a person: the one that they named themselves, or else the one told of last.

    Of two that platforms told of at the same instant the text decides, whichever came first.
    """
    return max(phones, key=lambda told: (told.own, told.told_at, told.phone))
