"""By which way a worker is told, and whom a platform's reference means."""

from __future__ import annotations

import pytest

from services.notifier.recipients.rules import Preference, WorkerChannel, channels_for, order, rank


@pytest.mark.parametrize(("preference", "channel"), [("auto", "push"), ("push", "push"), ("sms", "sms")])
def test_the_app_is_the_way_unless_a_worker_prefers_sms(preference: Preference, channel: str) -> None:
    assert channels_for(preference)[0] == channel


@pytest.mark.parametrize(
    ("chosen", "order"),
    [
        (["sms"], ["sms", "push"]),
        (["push"], ["push", "sms"]),
        (["sms", "push"], ["sms", "push"]),
        (["push", "sms"], ["push", "sms"]),
    ],
)
def test_a_list_of_channels_counts_and_leaves_none_out(chosen: list[WorkerChannel], order: list[WorkerChannel]) -> None:
    """What the law demands must come by some way: one that a worker leaves out comes last."""
    assert channels_for("push", chosen) == channels_for("sms", chosen) == order


def test_a_reference_means_whoever_began_last() -> None:
    ranks = [
        rank("", "", 0),
        rank("2026-08-01", "b", 9),
        rank("2026-09-01", "a", 1),
        rank("2026-09-01", "a", 2),
    ]
    assert ranks == sorted(ranks)


def test_a_row_says_its_channels_and_else_the_recipient_does() -> None:
    assert list(order("worker", ["sms", "push"], [])) == ["sms", "push"]
    assert list(order("platform", ["push", "sms"], [])) == ["sms", "email"]
    assert list(order("platform", ["push", "sms"], ["email", "sms"])) == ["email", "sms"]
