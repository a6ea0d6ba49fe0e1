"""What is stored of stations."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Final

from pydantic import BaseModel
from pymongo import ASCENDING, GEOSPHERE, IndexModel

from services.registry.stations.rules import Facility, Hours, Point, State
from shared.contracts.registry import StationKind
from shared.storage.encryption import EncryptedAt
from shared.storage.records import Record

CLOSE_REASON: Final = "station.close_reason"
"""The places that what unions write is encrypted for."""


class OpeningHours(BaseModel):
    """One stretch of a weekday, in minutes of the day."""

    weekday: int
    opens: int
    closes: int


class Station(Record):
    """A service station. `place` is a GeoJSON point (longitude, latitude); `close_reason` is encrypted."""

    union_id: str
    kind: StationKind
    name: str
    district: str
    address: str
    place: dict[str, Any]
    hours: list[OpeningHours]
    facilities: list[Facility]
    state: State = "open"
    closed_on: dt.date | None = None
    close_reason: Annotated[str | None, EncryptedAt(CLOSE_REASON)] = None

    class Settings:
        name = "stations"
        indexes = [
            # the embedded database takes the same index again only where its version is named
            IndexModel([("place", GEOSPHERE)], **{"2dsphereIndexVersion": 3}),
            IndexModel([("district", ASCENDING), ("_id", ASCENDING)]),
            IndexModel([("state", ASCENDING), ("_id", ASCENDING)]),
        ]

    @property
    def point(self) -> Point:
        longitude, latitude = self.place["coordinates"]
        return Point(longitude, latitude)

    @property
    def opening(self) -> list[Hours]:
        return [Hours(one.weekday, one.opens, one.closes) for one in self.hours]
