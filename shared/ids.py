"""Ids of our own: UUIDv7, so that they sort by the time of their making."""

from __future__ import annotations

import uuid_utils


def new_id() -> str:
    """A new id. Those of one process sort in the order of their making."""
    return str(uuid_utils.uuid7())
