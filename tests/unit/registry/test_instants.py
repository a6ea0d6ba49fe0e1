"""Instants as they are stored."""

from __future__ import annotations

import datetime as dt

from services.registry.instants import kept_instant


def test_instants_are_compared_as_they_are_kept() -> None:
    told = dt.datetime.fromisoformat("2026-09-01T12:00:00.123999+08:00")
    assert kept_instant(told) == dt.datetime(2026, 9, 1, 4, 0, 0, 123000, dt.UTC)
