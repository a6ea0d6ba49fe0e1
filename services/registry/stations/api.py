"""Service stations over HTTP: unions keep them, everybody finds them."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, Field, StringConstraints, model_validator

from services.registry.fields import Name, Text
from services.registry.stations import commands as stations
from services.registry.stations.documents import CLOSE_REASON, Station
from services.registry.stations.rules import Facility, Hours, Point, State
from shared import clock
from shared.callers import Caller
from shared.contracts.registry import StationKind
from shared.errors import NotFound
from shared.policy.calendar import shanghai_date
from shared.policy.parameters import parameters
from shared.storage.encryption import decrypt_field
from shared.storage.transaction import transact
from shared.web.etags import RevisionSeen, set_etag
from shared.web.fields import District, Instant
from shared.web.idempotency import IdempotentRoute
from shared.web.paging import Page, PageAsked
from shared.web.scope import Everybody, callers

creating = APIRouter(prefix="/v1", tags=["stations 服务站点"], route_class=IdempotentRoute)
router = APIRouter(prefix="/v1", tags=["stations 服务站点"])

UnionCaller = Annotated[Caller, callers("union")]

FARTHEST = 50_000
"""Metres: the longest distance that can be asked for, which is more than Deyang is wide."""


Clock = Annotated[str, StringConstraints(pattern=r"^([01]\d|2[0-3]):[0-5]\d$|^24:00$")]
Longitude = Annotated[float, Field(ge=-180, le=180, description="Degrees east, WGS-84.")]
Latitude = Annotated[float, Field(ge=-90, le=90, description="Degrees north, WGS-84.")]


class OpeningTime(BaseModel):
    """One stretch in which a station is open on a weekday, by the clock of Deyang. A night is two stretches."""

    weekday: Annotated[int, Field(ge=1, le=7, description="1 Monday to 7 Sunday.")]
    opens: Clock = Field(description="HH:MM")
    closes: Clock = Field(description="HH:MM, later than `opens`; 24:00 is the end of the day.")

    @model_validator(mode="after")
    def _closes_later(self) -> OpeningTime:
        if self.closes <= self.opens:
            raise ValueError("closes before it opens")
        return self

    @property
    def hours(self) -> Hours:
        return Hours(self.weekday, _minute(self.opens), _minute(self.closes))


class StationSaid(BaseModel):
    """A service station as a union describes it."""

    kind: StationKind = Field(
        description="货车司机之家, 快递小哥温馨驿站, 新就业形态劳动者之家 or 户外劳动者驿站, in this order."
    )
    name: Name
    district: District
    address: Name
    longitude: Longitude
    latitude: Latitude
    hours: Annotated[list[OpeningTime], Field(min_length=1, max_length=50)]
    facilities: list[Facility] = []

    def said(self) -> stations.Particulars:
        return stations.Particulars(
            kind=self.kind,
            name=self.name,
            district=self.district,
            address=self.address,
            point=Point(self.longitude, self.latitude),
            hours=[one.hours for one in self.hours],
            facilities=self.facilities,
        )


class NewStation(StationSaid):
    """A service station with its place (WGS-84, degrees) and opening hours."""

    union_id: str


class Closure(BaseModel):
    """Why a station is closed."""

    reason: Text


class StationView(BaseModel):
    """A service station. `kind_name` is the name of its kind in 德人社发〔2022〕95 号 art. 15."""

    station_id: str
    union_id: str
    kind: StationKind
    kind_name: str
    name: str
    district: str
    address: str
    longitude: float
    latitude: float
    hours: list[OpeningTime]
    facilities: list[Facility]
    state: State
    closed_on: dt.date | None
    close_reason: str | None


class StationNear(StationView):
    """A station and how far off it is, in metres."""

    metres: int = Field(description="Distance from the point asked about.")


@creating.post("/stations", status_code=201)
async def open_station(body: NewStation, caller: UnionCaller, response: Response) -> StationView:
    """A union opens a station in a district of its scope."""
    station = await transact(lambda tx: stations.open_station(body.union_id, body.said(), caller, tx))
    response.headers["Location"] = f"/v1/stations/{station.id}"
    return _answered(station, response)


@router.put("/stations/{station_id}")
async def change_station(
    station_id: str, body: StationSaid, caller: UnionCaller, seen: RevisionSeen, response: Response
) -> StationView:
    """A union says how a station of its own is now."""
    return _answered(await transact(lambda tx: stations.change(station_id, body.said(), caller, seen, tx)), response)


@router.post("/stations/{station_id}/closure")
async def close_station(
    station_id: str, body: Closure, caller: UnionCaller, seen: RevisionSeen, response: Response
) -> StationView:
    """A union closes a station of its own for good."""
    return _answered(await transact(lambda tx: stations.close(station_id, body.reason, caller, seen, tx)), response)


@router.get("/stations/near")
async def find_near(
    caller: Everybody,
    longitude: Longitude,
    latitude: Latitude,
    within_metres: Annotated[int, Query(ge=1, le=FARTHEST, description="how far off at most, in metres")] = 3000,
    kind: Annotated[StationKind | None, Query(description="only of this kind")] = None,
    open_at: Annotated[
        Instant | None, Query(description="Only those that are open at this instant (RFC 3339 with offset).")
    ] = None,
    limit: Annotated[int, Query(ge=1, le=100, description="stations at most")] = 20,
) -> list[StationNear]:
    """The stations near a point, the nearest first; for every caller."""
    found = await stations.near(Point(longitude, latitude), within_metres, kind, open_at)
    names = _kind_names()
    return [StationNear(**_fields(station, names), metres=round(metres)) for station, metres in found[:limit]]


@router.get("/stations")
async def list_stations(
    caller: Everybody,
    page: PageAsked,
    kind: Annotated[StationKind | None, Query(description="only of this kind")] = None,
    district: Annotated[str | None, Query(max_length=6, description="only of this district")] = None,
    state: Annotated[State, Query(description="only those that stand so")] = "open",
) -> Page[StationView]:
    """All stations, for every caller."""
    asked: dict[str, Any] = {"kind": kind, "district": district, "state": state}
    query = {name: value for name, value in asked.items() if value is not None}
    names = _kind_names()
    return await Page.of(Station, query, lambda station: StationView(**_fields(station, names)), page)


@router.get("/stations/{station_id}")
async def read_station(station_id: str, caller: Everybody, response: Response) -> StationView:
    """One station, also where it is closed."""
    station = await Station.of(station_id)
    if station is None:
        raise NotFound("该服务站点", "this station")
    return _answered(station, response)


def _answered(station: Station, response: Response) -> StationView:
    set_etag(response, station.revision)
    return StationView(**_fields(station, _kind_names()))


def _kind_names() -> dict[str, str]:
    return dict(parameters.on(shanghai_date(clock.now())).table("stations.kinds"))


def _fields(station: Station, names: dict[str, str]) -> dict[str, Any]:
    point = station.point
    return {
        **station.model_dump(include={*StationView.model_fields} - {"hours", "close_reason"}),
        "station_id": station.id,
        "close_reason": station.close_reason and decrypt_field(CLOSE_REASON, station.id, station.close_reason),
        "kind_name": names[station.kind],
        "longitude": point.longitude,
        "latitude": point.latitude,
        "hours": [
            OpeningTime(weekday=one.weekday, opens=_clock(one.opens), closes=_clock(one.closes))
            for one in station.hours
        ],
    }


def _minute(clock_time: str) -> int:
    hours, minutes = clock_time.split(":")
    return int(hours) * 60 + int(minutes)


def _clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"
