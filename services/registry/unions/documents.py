"""Unions, memberships and stations."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Annotated, Any, Final

from pydantic import BaseModel, Field
from pymongo import ASCENDING, GEOSPHERE, IndexModel

from services.registry.unions.rules import Facility, Hours, MembershipState, Point, Scope, StationState
from shared.contracts.platform import Industry
from shared.contracts.registry import StationKind
from shared.identity.regions import CITY
from shared.storage.encryption import EncryptedAt, decrypt_field, encrypt_field
from shared.storage.records import Record

REFUSAL: Final = "membership.refusal"
CLOSE_REASON: Final = "station.close_reason"
"""The places that what unions write is encrypted for."""


class UnionScope(BaseModel):
    """Where a union acts, as an officer recorded it: in districts (510600: the whole city; none: nowhere), and there in
    trades, for enterprises, or where neither is named in every trade."""

    districts: list[str] = []
    industries: list[Industry] = []
    enterprises: list[str] = []

    @property
    def rule(self) -> Scope:
        return Scope(
            frozenset(self.districts), frozenset(self.industries), frozenset(self.enterprises), CITY in self.districts
        )


class Union(Record):
    """A union organisation. Its id follows from its name, which is there once and stays.

    `officers` are the subjects of the tokens whose bearers act for it, within its scope.
    """

    name: str
    district: str
    officers: list[str]
    scope: UnionScope = UnionScope()

    class Settings:
        name = "unions"
        indexes = [  # noqa: RUF012 - Beanie reads it so
            IndexModel([("district", ASCENDING), ("_id", ASCENDING)]),
            IndexModel([("officers", ASCENDING)]),
        ]

    @staticmethod
    def id_of(name: str) -> str:
        return str(uuid.uuid5(uuid.NAMESPACE_OID, name))


class Period(BaseModel):
    """Legal days of membership, both included; `until` is None while it lasts."""

    since: dt.date
    until: dt.date | None = None


class Membership(Record):
    """A worker's membership of a union: one document for the two (`<union>:<worker>`), with every period that there was.

    `proposed_since` is the first day of a membership that the union proposes, until the worker has confirmed it. `refusal` is
    encrypted.
    """

    union_id: str
    worker_id: str
    state: MembershipState = "none"
    applied_at: dt.datetime | None = None
    refusal: Annotated[str | None, EncryptedAt(REFUSAL)] = None
    proposed_since: dt.date | None = None
    periods: list[Period] = Field(default_factory=list)

    class Settings:
        name = "memberships"
        indexes = [  # noqa: RUF012 - Beanie reads it so
            IndexModel([("worker_id", ASCENDING)]),
            IndexModel([("union_id", ASCENDING), ("_id", ASCENDING)]),
        ]

    @property
    def clear_refusal(self) -> str | None:
        return self.refusal and decrypt_field(REFUSAL, self.id, self.refusal)

    def refuse(self, reason: str | None) -> None:
        """Keep why an application was refused; None where none is."""
        self.refusal = reason and encrypt_field(REFUSAL, self.id, reason)


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
    state: StationState = "open"
    closed_on: dt.date | None = None
    close_reason: Annotated[str | None, EncryptedAt(CLOSE_REASON)] = None

    class Settings:
        name = "stations"
        indexes = [  # noqa: RUF012 - Beanie reads it so
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
