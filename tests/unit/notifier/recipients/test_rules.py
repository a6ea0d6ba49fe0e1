"""By which way a worker is told, and whom a platform's reference means."""

from __future__ import annotations

import pytest

from services.notifier.recipients.rules import Preference, channel_for, rank


@pytest.mark.parametrize(("preference", "channel"), [("auto", "push"), ("push", "push"), ("sms", "sms")])
def test_the_app_is_the_way_unless_a_worker_prefers_sms(preference: Preference, channel: str) -> None:
    assert channel_for(preference) == channel


def test_a_reference_means_whoever_began_last() -> None:
    ranks = [
        rank("", "", 0),
        rank("2026-08-01", "b", 9),
        rank("2026-09-01", "a", 1),
        rank("2026-09-01", "a", 2),
    ]
    assert ranks == sorted(ranks)
