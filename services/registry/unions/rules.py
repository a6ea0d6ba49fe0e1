"""Joining and leaving a union, and where and when a service station is open.

A worker's membership of one union (德人社发〔2022〕95 号 art. 17):

    state     | event    | next state
    ----------|----------|-----------
    none      | apply    | applied
    none      | propose  | proposed
    applied   | accept   | member
    applied   | propose  | member
    applied   | refuse   | refused
    applied   | withdraw | withdrawn
    proposed  | confirm  | member
    proposed  | decline  | declined
    proposed  | withdraw | withdrawn
    member    | leave    | left
    refused   | apply    | applied
    refused   | propose  | proposed
    declined  | apply    | applied
    withdrawn | apply    | applied
    withdrawn | propose  | proposed
    left      | apply    | applied
    left      | propose  | proposed

Nobody is a member without their own word: the worker applies or confirms (工会法 art. 3). What the worker has declined is not
proposed again.

A service station (art. 15):

    state  | event  | next state
    -------|--------|-----------
    open   | change | open
    open   | close  | closed

Everything else is forbidden.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, Literal

from shared.policy.calendar import SHANGHAI

MembershipState = Literal["none", "applied", "proposed", "member", "refused", "declined", "withdrawn", "left"]
MembershipEvent = Literal["apply", "propose", "accept", "confirm", "refuse", "decline", "withdraw", "leave"]

MEMBERSHIP: dict[tuple[MembershipState, MembershipEvent], MembershipState] = {
    ("none", "apply"): "applied",
    ("none", "propose"): "proposed",
    ("applied", "accept"): "member",
    ("applied", "propose"): "member",
    ("applied", "refuse"): "refused",
    ("applied", "withdraw"): "withdrawn",
    ("proposed", "confirm"): "member",
    ("proposed", "decline"): "declined",
    ("proposed", "withdraw"): "withdrawn",
    ("member", "leave"): "left",
    ("refused", "apply"): "applied",
    ("refused", "propose"): "proposed",
    ("declined", "apply"): "applied",
    ("withdrawn", "apply"): "applied",
    ("withdrawn", "propose"): "proposed",
    ("left", "apply"): "applied",
    ("left", "propose"): "proposed",
}

StationState = Literal["open", "closed"]
StationEvent = Literal["change", "close"]

STATION: dict[tuple[StationState, StationEvent], StationState] = {
    ("open", "change"): "open",
    ("open", "close"): "closed",
}

Facility = Literal[
    "drinking_water",
    "microwave",
    "fridge",
    "phone_charging",
    "battery_swap",
    "rest_area",
    "air_conditioning",
    "toilet",
    "shower",
    "first_aid",
    "medicine",
    "wifi",
    "books",
    "parking",
    "lodging",
    "counselling",
    "legal_advice",
]
"""饮水、微波炉、冰箱、手机充电、换电、休息区、空调、卫生间、淋浴、急救、常用药、无线网络、图书、停车、住宿、心理咨询、法律咨询。"""

EARTH_RADIUS: Final = 6_371_008.8
"""Metres: the mean radius (IUGG), by which a sphere is off by half a percent at most."""


class Forbidden(ValueError):
    """The state does not allow this."""


def membership_after(state: MembershipState, event: MembershipEvent) -> MembershipState:
    """The next state of a membership; raises `Forbidden`."""
    try:
        return MEMBERSHIP[state, event]
    except KeyError:
        raise Forbidden(f"{event} in {state}") from None


def station_after(state: StationState, event: StationEvent) -> StationState:
    """The next state of a station; raises `Forbidden`."""
    try:
        return STATION[state, event]
    except KeyError:
        raise Forbidden(f"{event} in {state}") from None


@dataclass(frozen=True, slots=True)
class Scope:
    """Where a union acts: in districts or the whole city, and there in trades or for enterprises; in every trade where
    neither is named."""

    districts: frozenset[str]
    industries: frozenset[str]
    enterprises: frozenset[str]
    whole_city: bool = False

    @property
    def general(self) -> bool:
        return not self.industries and not self.enterprises

    def reaches(self, district: str) -> bool:
        """Whether it acts in a district, or in the whole city."""
        return self.whole_city or district in self.districts

    def covers(self, district: str, parties: Iterable[tuple[str | None, Collection[str]]]) -> bool:
        """Whether all of what is about some parties in a district lies within: each a platform (None: a trade as a whole)
        with the trades that it is in (none: every trade)."""
        return self.reaches(district) and all(
            self.general or platform in self.enterprises or not self.industries.isdisjoint(trades)
            for platform, trades in parties
        )


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Legal days, both included; `until` is None while they last."""

    since: dt.date
    until: dt.date | None = None


WEIGHT: Final[tuple[MembershipState, ...]] = (
    "none",
    "withdrawn",
    "refused",
    "declined",
    "left",
    "proposed",
    "applied",
    "member",
)
"""Of two memberships that turn out to be one person's, the state further to the right holds."""


def joined_states(one: MembershipState, other: MembershipState) -> MembershipState:
    """The state of a membership that was kept under two records of one person."""
    return max(one, other, key=WEIGHT.index)


def joined_spans(spans: Iterable[Span]) -> list[Span]:
    """The same days without overlaps, the earliest first: spans that overlap or follow on become one."""
    joined: list[Span] = []
    for span in sorted(spans, key=lambda span: (span.since, span.until or dt.date.max)):
        last = joined[-1] if joined else None
        if last is None or (last.until is not None and span.since > last.until + dt.timedelta(days=1)):
            joined.append(span)
        elif last.until is not None and (span.until is None or span.until > last.until):
            joined[-1] = Span(last.since, span.until)
    return joined


@dataclass(frozen=True, slots=True)
class Point:
    """A place in degrees (WGS-84)."""

    longitude: float
    latitude: float


def metres_between(one: Point, other: Point) -> float:
    """The distance of two places along the surface (haversine)."""
    phi, psi = math.radians(one.latitude), math.radians(other.latitude)
    half_north = math.sin((psi - phi) / 2)
    half_east = math.sin(math.radians(other.longitude - one.longitude) / 2)
    part = half_north**2 + math.cos(phi) * math.cos(psi) * half_east**2
    return 2 * EARTH_RADIUS * math.asin(math.sqrt(min(part, 1.0)))


@dataclass(frozen=True, slots=True, order=True)
class Hours:
    """Open on a weekday (1 Monday to 7 Sunday) from a minute of the day on (0-1439) until before another (1-1440)."""

    weekday: int
    opens: int
    closes: int


def is_open(hours: Sequence[Hours], at: dt.datetime) -> bool:
    """Whether a station is open at an instant, by the clock of Deyang."""
    local = at.astimezone(SHANGHAI)
    minute = local.hour * 60 + local.minute
    return any(one.weekday == local.isoweekday() and one.opens <= minute < one.closes for one in hours)


def overlapping(hours: Sequence[Hours]) -> bool:
    """Whether two of the hours of a weekday overlap."""
    ordered = sorted(hours)
    return any(
        later.weekday == earlier.weekday and later.opens < earlier.closes for earlier, later in pairwise(ordered)
    )
