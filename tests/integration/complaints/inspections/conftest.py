from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest

from shared import clock
from tests.integration.complaints.inspections.fleet import NOW

SetClock = Callable[[dt.datetime], None]


@pytest.fixture
def set_clock(monkeypatch: pytest.MonkeyPatch) -> SetClock:
    """Sets the clock; a Monday morning at first."""

    def at(instant: dt.datetime) -> None:
        monkeypatch.setattr(clock, "now", lambda: instant)

    at(NOW)
    return at
