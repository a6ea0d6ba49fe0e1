"""The register of officers who act on money."""

from __future__ import annotations

from pymongo import ASCENDING, IndexModel

from services.subsidies.officers.rules import Duty
from shared.storage.records import Record


class MoneyOfficer(Record):
    """An officer of the labour department or of the union; the id is the subject of their token."""

    department: str
    district: str
    duties: list[Duty]
    active: bool = True

    class Settings:
        name = "money_officers"
        indexes = [
            IndexModel([("department", ASCENDING), ("_id", ASCENDING)]),
            IndexModel([("department", ASCENDING), ("district", ASCENDING), ("_id", ASCENDING)]),
        ]
