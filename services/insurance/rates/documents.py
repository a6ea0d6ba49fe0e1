"""Platforms' own rates."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Annotated, Any

from bson import Decimal128
from pydantic import BeforeValidator, PlainSerializer
from pymongo import ASCENDING, IndexModel

from services.insurance.rates.rules import Floating, FloatingRate
from shared.storage.records import Record


def _decimal(value: Any) -> Any:
    return value.to_decimal() if isinstance(value, Decimal128) else value


Premium = Annotated[
    Decimal, BeforeValidator(_decimal), PlainSerializer(lambda amount: f"{amount:f}", return_type=str, when_used="json")
]
"""Yuan as calculated, before it is rounded: a floating rate may come to parts of a fen."""


class Rate(Record):
    """A platform's own rate in an industry from a day on; its id is `<uscc>|<industry>|<day>`. `value` see `FloatingRate`;
    `document` is the number of the paper that sets it, `by` the officer.
    """

    platform: str
    industry: str
    since: dt.date
    kind: Floating
    value: Premium
    document: str
    by: str

    class Settings:
        name = "rates"
        indexes = [IndexModel([("platform", ASCENDING)])]

    @property
    def floating(self) -> FloatingRate:
        return FloatingRate(self.since, self.kind, self.value)
