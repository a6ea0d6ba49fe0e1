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
    """How many matters of a month, district, department, kind and enterprise there are; `n` by name (`rules.Entry`)."""

    matter: Matter
    year: str
    month: str
    district: str
    department: str
    kind: str
    enterprise: str
    n: dict[str, int]

    class Settings:
        name = "tallies"
        indexes = [IndexModel([("matter", ASCENDING), ("year", ASCENDING), ("district", ASCENDING)])]
