"""Licences: what they cover, and when that changes.

A licence whose first day is still to come is `valid` too: what it covers is asked by the day.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from shared.contracts.platform import Industry
from shared.contracts.registry import LicenceKind

State = Literal["valid", "lapsed", "revoked"]

NAMES: Final[Mapping[LicenceKind, tuple[str, str]]] = {
    "business": ("营业执照", "business licence"),
    "courier": ("快递业务经营许可", "courier licence"),
    "road_transport": ("道路运输经营许可", "road transport licence"),
    "ride_hailing": ("网络预约出租汽车经营许可", "ride-hailing licence"),
    "labour_dispatch": ("劳务派遣经营许可", "labour dispatch licence"),
    "human_resources": ("人力资源服务许可", "human resources licence"),
}

_DAY: Final = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Held:
    """A licence that an enterprise holds on both days and between; no industries: it is limited to none. `suspended`: first and last
    days of stretches on which it is suspended (暂扣)."""

    kind: LicenceKind
    industries: tuple[Industry, ...]
    valid_from: dt.date
    valid_to: dt.date | None
    suspended: tuple[tuple[dt.date, dt.date], ...] = ()

    def covers(self, kind: LicenceKind, industry: Industry, day: dt.date) -> bool:
        return (
            self.kind == kind
            and (not self.industries or industry in self.industries)
            and self.valid_from <= day
            and (self.valid_to is None or day <= self.valid_to)
            and not any(first <= day <= last for first, last in self.suspended)
        )


def overlap(one: Held, other: Held) -> bool:
    """Whether there is a day on which both are valid."""
    first = max(one.valid_from, other.valid_from)
    return first <= min(one.valid_to or dt.date.max, other.valid_to or dt.date.max)


def missing(
    demanded: Iterable[LicenceKind], held: Sequence[Held], industry: Industry, day: dt.date
) -> tuple[LicenceKind, ...]:
    """What is demanded for an industry and not held on a legal day."""
    return tuple(kind for kind in demanded if not any(one.covers(kind, industry, day) for one in held))


def missing_since(
    demanded: Sequence[LicenceKind], held: Sequence[Held], industry: Industry, day: dt.date, begin: dt.date
) -> dt.date | None:
    """The first day of the stretch, up to `day` and not before `begin`, on which something demanded was always missing.

    None where nothing is missing on that day.
    """
    if not missing(demanded, held, industry, day):
        return None
    turns = {begin} | {turn for one in held for turn in _turns(one) if begin < turn <= day}
    since = day
    for turn in sorted(turns, reverse=True):  # between two turns nothing changes
        if not missing(demanded, held, industry, turn):
            break
        since = turn
    return since


def _turns(held: Held) -> tuple[dt.date, ...]:
    ends = () if held.valid_to is None else (held.valid_to + _DAY,)
    suspended = (turn for first, last in held.suspended for turn in (first, last + _DAY))
    return (held.valid_from, *ends, *suspended)


def next_turn(held: Iterable[Held], today: dt.date) -> dt.date | None:
    """The next legal day after today on which a licence begins, or is valid no more; None where none does."""
    return min((turn for one in held for turn in _turns(one) if turn > today), default=None)
