"""Which messages must go out. The figure is their number; each test says which ones it expects."""

from itertools import permutations
from typing import Any

import pytest

from tests.unit.sample.facts import (
    BEN,
    P,
    Q,
    ended,
    figures,
    incident,
    order,
    profile,
    started,
    training,
)


def sent(*events: Any, actions: tuple[dict[str, Any], ...] = ()) -> int:
    notifier = figures(*events, actions=actions)["notifier"]
    assert notifier == {"sent": notifier["sent"], "delivered": notifier["sent"], "failed": 0}
    found: int = notifier["sent"]
    return found


def test_cover_opened_is_told_to_the_worker() -> None:
    assert sent(started()) == 1
    assert sent(profile(), started()) == 1


def test_the_duty_to_enrol_is_told_to_the_employer() -> None:
    assert sent(started(relation="employment")) == 0
    assert sent(profile(), started(relation="employment")) == 1


def test_a_block_that_stands_is_told_to_worker_and_platform() -> None:
    assert sent(started(trained=False)) == 1
    assert sent(profile(), started(trained=False)) == 2


def test_a_block_that_a_training_has_lifted_is_not_told() -> None:
    """Whichever of the two comes first."""
    # 1 cover, 1 certificate
    assert sent(profile(), started(trained=False), training()) == 2
    assert sent(profile(), training(), started(trained=False)) == 2
    # 2 covers, 1 certificate
    assert sent(profile(), profile(Q), started(trained=False), started("x9", Q, trained=False), training()) == 3


def test_of_an_engagement_that_has_ended_no_block_is_told() -> None:
    assert sent(profile(), started(trained=False), ended("2026-09-05")) == 0


def test_whoever_was_trained_by_the_last_day_was_enrolled() -> None:
    """Whatever was told first."""
    # 1 certificate; 1 cover where the training was completed in time
    for day, messages in (("2026-09-10", 1), ("2026-09-05", 2), ("2026-09-04", 2)):
        told = started(trained=False), ended("2026-09-05"), training(completed_on=day)
        for order_of_arrival in permutations(told):
            assert sent(profile(), *order_of_arrival) == messages


def test_an_end_before_the_first_day_ends_no_cover() -> None:
    # 1 cover, 1 certificate
    assert sent(profile(), started(trained=False), ended("2026-08-31"), training()) == 2


def test_an_engagement_that_ended_was_enrolled() -> None:
    assert sent(profile(), started(), ended("2026-09-05")) == 1


def test_starting_again_is_a_new_engagement() -> None:
    assert sent(profile(), started(), ended("2026-09-05"), started(started_on="2026-10-01")) == 2


def test_only_the_footing_that_holds_is_told() -> None:
    later = "2026-09-03T09:00:00+08:00"
    assert sent(profile(), started(), started(), started(time=later, relation="self_employed")) == 1
    assert sent(profile(), started(), started(time=later, relation="employment")) == 1
    assert sent(started(), started(time=later, relation="employment")) == 0
    assert sent(started(relation="employment"), started(time=later)) == 1
    # an older version corrects nothing
    assert sent(started(time=later), started(relation="employment")) == 1


def test_a_claim_is_told_to_worker_and_platform_once() -> None:
    assert sent(incident("i")) == 0
    # 1 cover, 2 claim
    assert sent(profile(), started(), incident("i"), incident("i")) == 3


def test_a_certificate_is_told_once_for_each_course_and_day() -> None:
    # 1 cover, 3 certificates
    assert sent(
        started(), training(), training(hours=9), training(course="skill"), training(completed_on="2026-09-11"),
        training("nobody"),
    ) == 4  # fmt: skip


def test_a_bill_is_told_to_its_platform() -> None:
    assert sent(order("1")) == 0
    assert sent(profile(), order("1"), order("2")) == 1


@pytest.mark.parametrize(("kind", "messages"), [("complaint", 2), ("application", 2), ("device", 0)])
def test_what_workers_do_is_answered_where_they_are_known(kind: str, messages: int) -> None:
    known = {"kind": kind, "platform": P, "worker_ref": "w1"}
    unknown = {"kind": kind, "platform": Q, "worker_ref": "w1"}
    base = sent(started(id_number=BEN))
    assert sent(started(id_number=BEN), actions=(known, unknown)) == base + messages


def test_every_complaint_is_a_case() -> None:
    """And every application an application."""
    done = tuple({"kind": kind} for kind in ("complaint", "application", "complaint", "device"))
    report = figures(actions=done)
    assert report["complaints"]["cases"] == 2
    assert report["subsidies"]["applications"] == 1
    assert report["dead_letters"] == 0
