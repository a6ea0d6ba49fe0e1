"""Working time as it is stored: one small document for each platform worker and legal day."""

from __future__ import annotations

import datetime as dt

from pymongo import ASCENDING, IndexModel

from services.complaints.work_time.rules import Span
from shared.contracts.complaints.leads import LeadKind
from shared.storage.records import Keyed

Day = tuple[str, dt.date]
"""A platform's worker and a legal day."""


class WorkDay(Keyed):
    """When a platform's worker worked on a legal day. Its id is `<worker>|<day>`, `worker` is `<platform>|<worker_ref>`.

    `spans` are merged spans by `<trade>|<district>`, each flat: begin, end, begin, end. Those of `online|` are sessions.
    The order that a span comes from is forgotten: so a document is bounded by the day, however many orders it had.
    `signs`: the kinds of leads that were raised of this worker and day.
    """

    worker: str
    day: str
    spans: dict[str, list[int]]
    signs: list[LeadKind] = []

    class Settings:
        name = "work_days"
        indexes = [IndexModel([("worker", ASCENDING), ("day", ASCENDING)])]


def day_id(worker: str, day: dt.date) -> str:
    return f"{worker}|{day.isoformat()}"


def flat(spans: list[Span]) -> list[int]:
    return [second for span in spans for second in span]


def paired(seconds: list[int]) -> list[Span]:
    return list(zip(seconds[::2], seconds[1::2], strict=True))
