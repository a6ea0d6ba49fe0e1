"""Ids of our own: UUIDv7, so that they sort by the time of their making."""

from __future__ import annotations

import datetime as dt
import uuid

import uuid_utils


def new_id() -> str:
    """A new id. Those of one process sort in the order of their making."""
    return str(uuid_utils.uuid7())


def made_at(own_id: str) -> dt.datetime:
    """When one of these ids was made: the first 48 bits of a UUIDv7 are its milliseconds since 1970."""
    return dt.datetime.fromtimestamp((uuid.UUID(own_id).int >> 80) / 1000, dt.UTC)
