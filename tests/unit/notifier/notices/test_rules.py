"""The parameters of a text, and what an SMS is charged as."""

from __future__ import annotations

import datetime as dt

import pytest

from services.notifier.notices.rules import messages, not_before, parts, short
from services.notifier.notices.table import ROWS
from shared.contracts.registry import CollectiveContractEnded


def test_a_parameter_is_cut_to_what_the_gateway_takes() -> None:
    assert short("x" * 35) == "x" * 35
    assert short("x" * 36) == "x" * 34 + "…"


@pytest.mark.parametrize(("length", "charged"), [(1, 1), (70, 1), (71, 2), (134, 2), (135, 3)])
def test_a_long_sms_is_charged_by_67_characters(length: int, charged: int) -> None:
    assert parts("德" * length) == charged


def test_an_emoji_counts_as_two_characters_of_an_sms() -> None:
    assert parts("德" * 69 + "🚚") == 2


QUIET = {"begin": "22:00", "end": "08:00"}


def in_deyang(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(f"2026-09-30T{text}+08:00")


@pytest.mark.parametrize(
    ("now", "quiet", "goes"),
    [
        ("21:59:59", QUIET, "2026-09-30T21:59:59+08:00"),
        ("22:00:00", QUIET, "2026-10-01T08:00:00+08:00"),
        ("23:59:59", QUIET, "2026-10-01T08:00:00+08:00"),
        ("00:00:00", QUIET, "2026-09-30T08:00:00+08:00"),
        ("07:59:59", QUIET, "2026-09-30T08:00:00+08:00"),
        ("08:00:00", QUIET, "2026-09-30T08:00:00+08:00"),
        ("12:30:00", {"begin": "12:00", "end": "14:00"}, "2026-09-30T14:00:00+08:00"),
        ("14:00:00", {"begin": "12:00", "end": "14:00"}, "2026-09-30T14:00:00+08:00"),
        ("12:30:00", {"begin": "00:00", "end": "00:00"}, "2026-09-30T12:30:00+08:00"),
    ],
)
def test_what_is_not_urgent_waits_until_the_quiet_is_over(now: str, quiet: dict[str, str], goes: str) -> None:
    assert not_before(in_deyang(now), quiet) == dt.datetime.fromisoformat(goes)


def test_each_of_several_enterprises_is_told() -> None:
    fact = CollectiveContractEnded(
        contract_id="c",
        number="JT1",
        level="enterprise",
        platforms=("A", "B"),
        industry=None,
        district="510603",
        valid_from=dt.date(2026, 1, 1),
        valid_to=dt.date(2026, 12, 31),
        terms=(),
    )
    code = "collective_contract_ended_platform"
    assert [one.recipient for one in messages(code, ROWS[code], fact, dt.date(2026, 9, 30))] == ["A", "B"]
