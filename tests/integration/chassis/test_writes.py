"""A document is stored as Beanie's own encoder has it."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from enum import StrEnum

from beanie import init_beanie
from beanie.odm.utils.encoder import Encoder
from motor.motor_asyncio import AsyncIOMotorClient
from pydantic import BaseModel, Field

from shared.storage.records import Record
from shared.storage.writes import encode


class Colour(StrEnum):
    RED = "red"


class Part(BaseModel):
    amount: Decimal
    on: dt.date


class Thing(Record):
    text: str = "盾"
    number: int = 3
    truth: bool = True
    share: float = 0.5
    nothing: str | None = None
    amount: Decimal = Decimal("1.50")
    on: dt.date = dt.date(2026, 9, 30)
    at: dt.datetime = dt.datetime(2026, 9, 30, tzinfo=dt.UTC)
    colour: Colour = Colour.RED
    data: bytes = b"x"
    parts: list[Part] = Field(default_factory=lambda: [Part(amount=Decimal(2), on=dt.date(2026, 1, 1))])
    by_name: dict[str, Decimal] = Field(default_factory=lambda: {"a": Decimal(1)})
    names: tuple[str, ...] = ("b", "a")

    class Settings:
        name = "things"


async def test_every_kind_of_value_is_stored_as_before(mongo_uri: str) -> None:
    client: AsyncIOMotorClient[dict[str, object]] = AsyncIOMotorClient(mongo_uri)
    await init_beanie(database=client["things"], document_models=[Thing], skip_indexes=True)
    client.close()
    thing = Thing()
    expected = Encoder(to_db=True).encode(thing)
    found = encode(thing)
    assert found == expected
    assert list(found) == list(expected)
    assert {name: type(value) for name, value in found.items()} == {
        name: type(value) for name, value in expected.items()
    }
    assert found["_id"] == thing.id
