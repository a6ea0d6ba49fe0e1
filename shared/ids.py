"""Ids of our own: UUIDv7, so that they sort by the time of their making."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Final

import uuid_utils


def new_id() -> str:
    """A new id. Those of one process sort in the order of their making."""
    return str(uuid_utils.uuid7())


def made_at(own_id: str) -> dt.datetime:
    """When one of these ids was made: the first 48 bits of a UUIDv7 are its milliseconds since 1970."""
    return dt.datetime.fromtimestamp((uuid.UUID(own_id).int >> 80) / 1000, dt.UTC)


def first_id_at(instant: dt.datetime) -> str:
    """What sorts before every id made at an instant or later, and behind every earlier one."""
    digits = f"{int(instant.timestamp() * 1000):012x}"
    return f"{digits[:8]}-{digits[8:]}"


_READ_ALOUD: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Digits and letters that nobody takes for one another when they are read out."""


def readable_number(prefix: str, own_id: str, day: dt.date) -> str:
    """A number to be read out: the day and forty random bits of the matter's id, so that no counter is shared."""
    bits = uuid.UUID(own_id).int
    letters = "".join(_READ_ALOUD[bits >> (5 * place) & 31] for place in range(8))
    return f"{prefix}〔{day:%Y}〕{day:%m%d}-{letters}"
