"""What every published event is made of: facts, topics and the CloudEvents envelope.

A fact is a frozen value that a producer publishes and others may rely on. Its JSON is the value of a Kafka record; its
CloudEvents attributes travel as `ce_` headers (Kafka protocol binding 1.0, binary mode).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Annotated, Any, ClassVar, Generic, TypeVar

import msgspec

from shared.retention import EVENT_DAYS

Instant = Annotated[datetime, msgspec.Meta(tz=True)]
"""A point in time, RFC 3339 with an offset."""

Money = Annotated[str, msgspec.Meta(pattern=r"^\d{1,12}(\.\d{1,2})?$")]
"""Yuan as a decimal string, not negative, to the fen."""

SignedMoney = Annotated[str, msgspec.Meta(pattern=r"^-?\d{1,12}(\.\d{1,2})?$")]
"""Yuan as a decimal string to the fen; below zero where something is owed back."""

Id = Annotated[str, msgspec.Meta(min_length=1, max_length=128)]

Month = Annotated[str, msgspec.Meta(pattern=r"^\d{4}-(0[1-9]|1[0-2])$")]
"""A legal month in Asia/Shanghai, `YYYY-MM`."""

Sealed = Annotated[str, msgspec.Meta(max_length=2048)]
"""Personal data encrypted for the one service that the field is named for."""


FEN = Decimal("0.01")

MOST_YUAN = Decimal(10) ** 12
"""Below which amounts of money are, by the pattern of `Money`."""


def yuan(text: str) -> Decimal:
    """The amount that a `Money` string says, in yuan."""
    return Decimal(text)


def to_fen(amount: Decimal) -> Decimal:
    """An amount in yuan rounded half up to the fen."""
    return amount.quantize(FEN, ROUND_HALF_UP)


def money(amount: Decimal) -> str:
    """An amount in yuan as it is published: two decimals.

    Raises OverflowError for one that `Money` does not hold, so that it is refused before anybody is told of it.
    """
    if not -MOST_YUAN < amount < MOST_YUAN:
        raise OverflowError("an amount of money out of range")
    return f"{amount:.2f}"


@dataclass(frozen=True, slots=True)
class Topic:
    """A stream of events about one kind of aggregate, keyed by the aggregate's id."""

    name: str
    partitions: int = 6
    retention_days: int = EVENT_DAYS
    compacted: bool = False


class Fact(msgspec.Struct, frozen=True, kw_only=True):
    """The data of an event. Unknown fields are ignored, so that schemas may grow by addition."""

    TYPE: ClassVar[str]
    TOPIC: ClassVar[Topic]
    KEY: ClassVar[tuple[str, ...]]

    def key(self) -> str:
        """The id of the aggregate that this fact is about: the key of its Kafka record."""
        names = self.KEY
        return str(getattr(self, names[0])) if len(names) == 1 else ":".join(str(getattr(self, name)) for name in names)


F = TypeVar("F", bound=Fact)

TYPE_NAME = re.compile(r"^cn\.deyang\.[a-z]+\.[a-z_]+\.[a-z_]+\.v[1-9]\d*$")

catalogue: dict[str, type[Fact]] = {}
"""Every event type of the system, by its CloudEvents type."""


def event(type_name: str, *, topic: Topic, key: str | tuple[str, ...]) -> Callable[[type[F]], type[F]]:
    """Publish a fact under a type: `cn.deyang.<service>.<entity>.<past-tense verb>.v<N>`."""
    if not TYPE_NAME.match(type_name):
        raise ValueError(f"not an event type: {type_name}")

    def declare(fact: type[F]) -> type[F]:
        if type_name in catalogue:
            raise ValueError(f"event type declared twice: {type_name}")
        fact.TYPE = type_name
        fact.TOPIC = topic
        fact.KEY = (key,) if isinstance(key, str) else key
        catalogue[type_name] = fact
        return fact

    return declare


class CloudEvent(msgspec.Struct, Generic[F], frozen=True, gc=False):
    """A fact as it arrived: who said it, when it happened, and the trace it belongs to."""

    id: str
    source: str
    type: str
    time: datetime
    data: F
    traceparent: str | None = None


def json_schema(fact: type[Fact]) -> dict[str, Any]:
    """The JSON Schema of a fact's data, as it is published."""
    schema = msgspec.json.schema(fact)
    definitions: dict[str, Any] = schema.get("$defs", {})
    name = schema.get("$ref", "").rpartition("/")[2]
    if name in definitions:
        body = dict(definitions.pop(name))
        return {**body, "$defs": definitions} if definitions else body
    return schema
