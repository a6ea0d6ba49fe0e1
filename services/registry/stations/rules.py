"""Where and when a service station is open (德人社发〔2022〕95 号 art. 15)."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, Literal

from shared.policy.calendar import SHANGHAI
from shared.states import Machine

State = Literal["open", "closed"]

Event = Literal["change", "close"]

MOVES: Mapping[tuple[State, Event], State] = {
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

STATES: Machine[State, Event, State] = Machine("station", MOVES, kind="station-closed", zh="该服务站点已关闭")


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
