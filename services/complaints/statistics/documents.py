"""Counters of matters, kept as they change, so that no figure reads the matters themselves."""

from __future__ import annotations

from pymongo import ASCENDING, IndexModel

from services.complaints.statistics.rules import Matter
from shared.storage.records import Keyed, Record


class Counted(Record):
    """How a matter was counted last: in which cell, under which names. Its id is `<matter>|<id>`."""

    cell: str
    names: list[str]

    class Settings:
        name = "counted_matters"


class Tally(Keyed):
    """By how many the matters of a month, district, department, kind and enterprise have changed within a period, by name
    (`rules.Entry`): how many there are is the sum of all periods. `period` is the month of the change, null in what earlier
    versions counted."""

    matter: Matter
    year: str
    month: str
    district: str
    department: str
    kind: str
    enterprise: str
    period: str | None = None
    n: dict[str, int]

    class Settings:
        name = "tallies"
        indexes = [IndexModel([("matter", ASCENDING), ("year", ASCENDING), ("district", ASCENDING)])]
