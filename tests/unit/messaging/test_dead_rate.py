"""When a group goes on, sets a platform aside, or stops."""

from __future__ import annotations

from shared.messaging.dead_rate import MANY, PROBE_SECONDS, WINDOW, DeadRate

FLOOD, OTHER = "/platforms/91510600MA00000172", "/platforms/91510600MA00000253"


def flooded() -> DeadRate:
    rate = DeadRate()
    for _ in range(MANY):
        rate.refused(FLOOD, 0.0)
    return rate


def test_a_flood_sets_its_platform_aside_and_stops_nobody() -> None:
    rate = flooded()
    assert rate.is_aside(FLOOD, 1.0)
    assert not rate.is_aside(OTHER, 1.0)
    assert not rate.too_high


def test_one_event_a_minute_of_a_platform_set_aside_is_tried() -> None:
    """Its success takes the platform up again."""
    rate = flooded()
    assert not rate.is_aside(FLOOD, PROBE_SECONDS)
    assert rate.is_aside(FLOOD, PROBE_SECONDS + 1)
    rate.took(FLOOD)
    assert not rate.is_aside(FLOOD, PROBE_SECONDS + 2)


def test_a_platform_that_errs_now_and_then_is_never_set_aside() -> None:
    rate = DeadRate()
    for _ in range(10 * MANY):
        rate.refused(FLOOD, 0.0)
        rate.took(FLOOD)
    assert not rate.is_aside(FLOOD, 0.0)


def test_dead_letters_of_several_platforms_stop_the_group() -> None:
    rate = DeadRate()
    for number in range(MANY):
        rate.refused(f"/platforms/{number % 3}", 0.0)
    assert rate.too_high


def test_dead_letters_of_our_own_events_stop_the_group() -> None:
    rate = DeadRate()
    for _ in range(MANY - 1):
        rate.refused("/services/registry", 0.0)
    assert not rate.too_high
    rate.refused("/services/registry", 0.0)
    assert rate.too_high


def test_a_small_share_stops_nothing_however_many_they_are() -> None:
    rate = DeadRate()
    for number in range(3 * WINDOW):
        if number % 3 == 0:
            rate.refused("/services/registry", 0.0)
        else:
            rate.took("/services/registry")
    assert not rate.too_high
