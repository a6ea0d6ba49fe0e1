"""Trials as they are stored: what was asked, how far it is, and what came out. No fact is stored or changed."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel
from pymongo import ASCENDING, IndexModel

from shared.storage.records import Record
from shared.trials.results import TrialResult

KEPT_SECONDS = 365 * 24 * 3600


class DraftRow(BaseModel):
    """A row of a draft."""

    key: str
    scope: str
    value: str | None


class Trial(Record):
    """A draft tried on a month (YYYY-MM). `draft`: its text, which holds nothing but parameters, and `rows` what it says; `stage`,
    `after` and `tally`: how far it is. `refused`: it does not fit the parameters of a later version any
    more, or nothing can be reckoned by its figures.
    """

    month: str
    draft: str
    by: str
    rows: list[DraftRow]
    state: Literal["working", "finished", "refused"] = "working"
    stage: int = 0
    after: str = ""
    tally: dict[str, Any] = {}  # noqa: RUF012 - pydantic copies it
    result: TrialResult | None = None

    class Settings:
        name = "trials"
        indexes = [IndexModel([("created_at", ASCENDING)], expireAfterSeconds=KEPT_SECONDS)]  # noqa: RUF012
