from __future__ import annotations

import datetime as dt
import enum
from decimal import Decimal
from typing import Any

import pytest
from beanie.odm.utils.encoder import Encoder
from pydantic import BaseModel, ConfigDict, Field, RootModel

from shared.storage.writes import encoded


class Colour(enum.Enum):
    RED = "red"


class Day(BaseModel):
    on: dt.date
    at: dt.datetime | None = None
    amount: Decimal = Field(default=Decimal("0.10"), alias="sum")


class Open(BaseModel):
    model_config = ConfigDict(extra="allow")
    name: str


class Names(RootModel[list[str]]):
    pass


class Whole(BaseModel):
    days: list[Day]
    more: dict[str, Any]
    pair: tuple[int, Day]
    colour: Colour = Colour.RED


DAY = Day(on=dt.date(2026, 1, 2), at=dt.datetime(2026, 1, 2, tzinfo=dt.UTC))


@pytest.mark.parametrize(
    "value",
    [
        DAY,
        Whole(days=[DAY, DAY], more={"a": [DAY, {"b": Decimal(1)}]}, pair=(1, DAY)),
        Open.model_validate({"name": "n", "besides": dt.date(2026, 1, 2)}),
        Names(["a", "b"]),
        [[DAY], None, "text", 1, 2.5, True, b"bytes"],
    ],
)
def test_a_value_is_stored_as_beanie_stores_it(value: Any) -> None:
    assert encoded(value) == Encoder(to_db=True).encode(value)
