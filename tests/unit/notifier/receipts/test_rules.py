"""When a gateway is asked for a receipt that has not come."""

from __future__ import annotations

import datetime as dt

from services.notifier.receipts.rules import Patience, next_ask
from shared.policy.parameters import parameters

SENT = dt.datetime(2026, 9, 30, 4, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)
PATIENCE = Patience(first=HOUR / 4, end=72 * HOUR)


def asked(age: dt.timedelta, *, answered: bool = True) -> dt.timedelta | None:
    """How old the message is when its gateway is asked again."""
    found = next_ask(SENT, SENT + age, PATIENCE, answered=answered)
    return None if found is None else found - SENT


def test_a_message_is_twice_as_old_each_time_until_the_end() -> None:
    age, ages = PATIENCE.first, []
    while (found := asked(age)) is not None:
        assert found > age
        age = found
        ages.append(age / HOUR)
    assert ages == [0.5, 1, 2, 4, 8, 16, 32, 64, 72]


def test_nobody_knows_once_a_gateway_could_not_say_at_the_end() -> None:
    assert asked(PATIENCE.end) is None
    assert asked(PATIENCE.end * 5) is None
    assert asked(PATIENCE.end - HOUR) == PATIENCE.end


def test_what_was_asked_about_early_is_asked_about_again_soon() -> None:
    assert asked(dt.timedelta()) == 2 * PATIENCE.first
    assert asked(-HOUR) == 2 * PATIENCE.first


def test_a_gateway_that_is_away_is_asked_again_soon_and_longer() -> None:
    for age in (HOUR, 30 * HOUR, 73 * HOUR, 143 * HOUR):
        assert asked(age, answered=False) == age + PATIENCE.first
    assert asked(144 * HOUR, answered=False) is None


def test_the_parameters_leave_time_that_providers_look_back() -> None:
    """Tencent Cloud tells of seven days; one that was away has twice the time."""
    law = parameters.on(SENT.date())
    patience = Patience.of(law)
    assert dt.timedelta() < patience.first < patience.end
    assert 2 * patience.end <= dt.timedelta(days=7)
    assert {one.key for one in law.used} == {
        "notifications.receipt_first_minutes",
        "notifications.receipt_end_hours",
    }
