"""What is stored of unions."""

from __future__ import annotations

import uuid

from pydantic import BaseModel
from pymongo import ASCENDING, IndexModel

from services.registry.unions.rules import Scope
from shared.contracts.platform import Industry
from shared.identity.regions import CITY
from shared.storage.records import Record


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
        indexes = [
            IndexModel([("district", ASCENDING), ("_id", ASCENDING)]),
            IndexModel([("officers", ASCENDING)]),
            IndexModel([("scope.districts", ASCENDING)]),
        ]

    @staticmethod
    def id_of(name: str) -> str:
        return str(uuid.uuid5(uuid.NAMESPACE_OID, name))
