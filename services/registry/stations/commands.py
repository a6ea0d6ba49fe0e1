"""Open, change and close service stations, and find those near a point."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict, dataclass
from typing import Any, TypeVar

from services.registry.stations import rules
from services.registry.stations.documents import CLOSE_REASON, OpeningHours, Station
from services.registry.stations.rules import Facility, Hours, Point
from services.registry.unions.commands import require_officer
from services.registry.unions.documents import Union
from shared import clock
from shared.callers import Caller
from shared.contracts.registry import StationClosed, StationFact, StationKind, StationOpened
from shared.errors import Forbidden, NotFound, RuleBroken
from shared.policy.calendar import shanghai_date
from shared.storage.client import Row
from shared.storage.encryption import encrypt_field
from shared.storage.records import require_revision
from shared.storage.transaction import Transaction

E = TypeVar("E", bound=StationFact)


@dataclass(frozen=True, slots=True, kw_only=True)
class Particulars:
    """What a union says of a station."""

    kind: StationKind
    name: str
    district: str
    address: str
    point: Point
    hours: list[Hours]
    facilities: list[Facility]


async def open_station(union_id: str, said: Particulars, caller: Caller, tx: Transaction) -> Station:
    """Put a station on file that is open to workers."""
    _require_place(await require_officer(union_id, caller, tx), said)
    station = Station(union_id=union_id, **_fields(said))
    tx.publish(_event(StationOpened, station))
    return await station.put(tx)


async def change(station_id: str, said: Particulars, caller: Caller, seen: int, tx: Transaction) -> Station:
    """Put what a union says now in place of what it said before."""
    station, union = await _seen(station_id, caller, seen, tx)
    _require_place(union, said)
    station.state = rules.STATES.next(station.state, "change")
    for name, value in _fields(said).items():
        setattr(station, name, value)
    tx.publish(_event(StationOpened, station))
    return await station.put(tx)


async def close(station_id: str, reason: str, caller: Caller, seen: int, tx: Transaction) -> Station:
    """Close a station for good."""
    station, _ = await _seen(station_id, caller, seen, tx)
    station.state = rules.STATES.next(station.state, "close")
    station.closed_on = shanghai_date(clock.now())
    station.close_reason = encrypt_field(CLOSE_REASON, station.id, reason)
    tx.publish(_event(StationClosed, station))
    return await station.put(tx)


async def near(
    point: Point, within: int, kind: StationKind | None, open_at: dt.datetime | None
) -> list[tuple[Station, float]]:
    """The stations within some metres of a point with their distance in metres, the nearest first."""
    # the database measures on a sphere of another radius: it picks a little more, and the rule decides
    sphere = [[point.longitude, point.latitude], within * 1.01 / rules.EARTH_RADIUS]
    query: Row = {"state": "open", "place": {"$geoWithin": {"$centerSphere": sphere}}}
    found = await Station.find(query | ({"kind": kind} if kind else {})).to_list()
    measured = [(station, rules.metres_between(point, station.point)) for station in found]
    inside = [
        (station, metres)
        for station, metres in measured
        if metres <= within and (open_at is None or rules.is_open(station.opening, open_at))
    ]
    return sorted(inside, key=lambda one: (one[1], one[0].id))


async def _seen(station_id: str, caller: Caller, seen: int, tx: Transaction) -> tuple[Station, Union]:
    station = await Station.of(station_id, tx)
    if station is None:
        raise NotFound("该服务站点", "this station")
    union = await require_officer(station.union_id, caller, tx)
    require_revision(seen, station.revision)
    return station, union


def _require_place(union: Union, said: Particulars) -> None:
    if not union.scope.rule.reaches(said.district):
        raise Forbidden("不在该工会的工作范围内", "this lies outside the scope of the union")


def _fields(said: Particulars) -> dict[str, Any]:
    if rules.overlapping(said.hours):
        raise RuleBroken("hours-overlap", "同一天的开放时段不能重叠", "opening hours of a day overlap")
    return {
        "kind": said.kind,
        "name": said.name,
        "district": said.district,
        "address": said.address,
        "place": {"type": "Point", "coordinates": [said.point.longitude, said.point.latitude]},
        "hours": [OpeningHours(**asdict(one)) for one in sorted(said.hours)],
        "facilities": sorted(set(said.facilities)),
    }


def _event(kind: type[E], station: Station) -> E:
    return kind(
        station_id=station.id,
        union_id=station.union_id,
        kind=station.kind,
        name=station.name,
        district=station.district,
    )
