"""The demo's clock may be ahead, and nobody else's."""

from __future__ import annotations

import datetime as dt

import pytest

from shared import clock
from shared.settings import SettingMissing, check_clock, from_environment

HERE, ELSEWHERE = "http://127.0.0.1:8100", "https://id.example.cn"


def test_a_clock_is_ahead_by_whole_days(monkeypatch: pytest.MonkeyPatch) -> None:
    before = clock.now()
    monkeypatch.setattr(clock, "DAYS_AHEAD", 9)
    assert dt.timedelta(days=9) <= clock.now() - before < dt.timedelta(days=9, minutes=1)


def test_a_service_of_another_machine_refuses_to_be_ahead(monkeypatch: pytest.MonkeyPatch) -> None:
    check_clock(HERE, 9)
    check_clock(ELSEWHERE, 0)
    for issuer, days in ((ELSEWHERE, 9), (HERE, -1)):
        with pytest.raises(SettingMissing, match="DEMO_DAYS_AHEAD"):
            check_clock(issuer, days)
    monkeypatch.setattr(clock, "DAYS_AHEAD", 9)
    with pytest.raises(SettingMissing, match="DEMO_DAYS_AHEAD"):
        from_environment("subsidies", {"OIDC_ISSUER": ELSEWHERE})
