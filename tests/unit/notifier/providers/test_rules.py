"""How messages are shared out between two providers, over sequences of looks at them."""

from __future__ import annotations

import datetime as dt
from collections import Counter

import pytest

from services.notifier.providers.rules import (
    APART,
    BETWEEN,
    DRIFT,
    LATEST,
    LEAST,
    LOOK,
    Lost,
    Name,
    Seen,
    Shares,
    chosen,
    days_between,
    moved,
)

NOW = dt.datetime(2026, 9, 30, 4, tzinfo=dt.UTC)
SOUND, MIDDLING, SLOW = Seen(100, 5), Seen(100, 15), Seen(100, 16)


EVEN = Shares(50)


def after(minutes: int, aliyun: Seen, tencent: Seen, shares: Shares = EVEN, start: int = 0) -> Shares:
    """The shares after a look each minute that shows the same."""
    for minute in range(start, start + minutes):
        shares = moved(shares, 50, {"aliyun": aliyun, "tencent": tencent}, NOW + LOOK * minute)
    return shares


def test_points_move_away_from_a_slow_provider() -> None:
    assert after(1, SLOW, SOUND).first == 40
    assert after(1, SOUND, SLOW).first == 60


@pytest.mark.parametrize(
    ("aliyun", "tencent"), [(SOUND, SOUND), (MIDDLING, SOUND), (MIDDLING, MIDDLING), (SLOW, SLOW), (Seen(), Seen())]
)
def test_where_both_are_slow_or_none_is_nothing_moves(aliyun: Seen, tencent: Seen) -> None:
    assert after(60, aliyun, tencent) == Shares(50)


def test_a_move_shows_its_effect_before_the_next() -> None:
    minutes = BETWEEN // LOOK
    assert after(minutes, SLOW, SOUND).first == 40
    assert after(minutes + 1, SLOW, SOUND).first == 30
    assert after(24 * 60, SLOW, SOUND).first == 0
    assert after(24 * 60, SOUND, SLOW).first == 100


def test_a_provider_that_is_neither_stays_where_it_is() -> None:
    moved_once = after(1, SLOW, SOUND)
    assert after(600, MIDDLING, SOUND, moved_once, 1) == moved_once


def test_points_drift_back_once_it_is_sound() -> None:
    shares, minutes = Shares(20, NOW), DRIFT // LOOK
    assert after(minutes - 1, SOUND, SOUND, shares, 1) == shares
    assert after(minutes, SOUND, SOUND, shares, 1).first == 30
    assert after(3 * minutes, SOUND, SOUND, shares, 1).first == 50
    assert after(24 * 60, SOUND, SOUND, shares, 1).first == 50
    assert after(24 * 60, SOUND, SOUND, Shares(97, NOW), 1).first == 50


def test_a_provider_that_got_nothing_gets_some_again() -> None:
    """And loses them again if it is still slow."""
    shares = after(DRIFT // LOOK, Seen(LEAST - 1, LEAST - 1), SOUND, Shares(0, NOW), 1)
    assert shares.first == 10
    assert after(6, SLOW, SOUND, shares, 16).first == 0


def test_a_slow_provider_swings_no_faster_than_its_moves() -> None:
    shares, changes, minute = Shares(50), 0, 0
    for _ in range(24):  # five minutes slow, five minutes sound, for four hours
        for aliyun in (SLOW, SOUND):
            for _ in range(5):
                before, minute = shares, minute + 1
                shares = moved(shares, 50, {"aliyun": aliyun, "tencent": SOUND}, NOW + LOOK * minute)
                changes += before != shares
                assert abs(before.first - shares.first) <= 10
    assert changes <= 24 * 2
    assert shares.first <= 10


def test_messages_go_as_the_shares_say_and_always_the_same_way() -> None:
    both: list[Name] = ["aliyun", "tencent"]
    ids = [f"delivery-{n}" for n in range(10_000)]
    for first in (0, 30, 50, 100):
        counts = Counter(chosen(Shares(first), one, both) for one in ids)
        assert counts["aliyun"] == pytest.approx(100 * first, abs=150)
    assert [chosen(Shares(50), one, both) for one in ids] == [chosen(Shares(50), one, both) for one in ids]


def test_one_provider_alone_gets_everything() -> None:
    assert chosen(Shares(50), "delivery", ["tencent"]) == "tencent"
    assert chosen(Shares(0), "delivery", ["aliyun"]) == "aliyun"


def test_tries_over_midnight_are_looked_for_on_both_days() -> None:
    evening = dt.datetime(2026, 9, 30, 15, 59, tzinfo=dt.UTC)
    assert days_between(evening, evening) == [dt.date(2026, 9, 30)]
    next_day = evening + dt.timedelta(minutes=2)
    assert days_between(evening, next_day) == [dt.date(2026, 10, 1), dt.date(2026, 9, 30)]


def test_only_what_was_told_before_a_restore_may_have_gone() -> None:
    until = dt.datetime(2026, 9, 30, 4, tzinfo=dt.UTC)
    since = until - dt.timedelta(hours=2)
    lost = Lost(since, until)
    assert lost.reaches(None) is None
    assert lost.reaches(until) is None
    assert lost.reaches(until - APART) == until - 2 * APART
    assert lost.reaches(since - dt.timedelta(days=9)) == since - LATEST - APART
