"""A year whose days off are published after a deadline was set that reaches into it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import pytest
import time_machine

from shared import clock
from shared.policy import calendar
from shared.storage import provisional
from shared.storage.client import storage
from shared.storage.migrations import kept
from shared.storage.provisional import Stored

BEFORE = dt.datetime(2026, 12, 28, 2, tzinfo=dt.UTC)
"""A Monday on which 2027's days off are not in the table yet."""


@contextmanager
def before_2027() -> Iterator[None]:
    with time_machine.travel(BEFORE):
        yield


async def publish_2027(monkeypatch: pytest.MonkeyPatch, *days_off: dt.date, stored: Sequence[Stored] = ()) -> None:
    """Let the table have 2027, with New Year and these days off, as a process finds it that starts with a new table. `stored`: the
    deadlines of its service that documents hold."""
    monkeypatch.setattr(calendar, "_YEARS", calendar._YEARS | {2027, 2028})
    monkeypatch.setattr(calendar, "_OFF", calendar._OFF | {dt.date(2027, 1, 1), *days_off})
    monkeypatch.setattr(calendar, "VERSION", "2027-test")
    await kept().delete_many({"_id": {"$in": [one.mark for one in stored]}})
    await provisional.wake(stored)


async def forget_watches(kind: str) -> None:
    """Leave deadlines of a kind as a version stored them that did not watch them yet."""
    await storage().collection("timers").delete_many({"kind": kind})


async def all_followed(stored: Sequence[Stored]) -> bool:
    """Whether every stored deadline was gone through, and none failed."""
    waiting = {"kind": {"$in": [one.kind.name for one in stored]}, "due_at": {"$lte": clock.now()}}
    failed = {"kind": {"$in": [one.kind.name for one in stored]}, "attempts": {"$gt": 0}}
    timers = storage().collection("timers")
    return await timers.count_documents(waiting) == 0 and await timers.count_documents(failed) == 0
