"""Which messages must go out. The figure is their number; each test says which ones it expects."""

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


def test_blocked_is_told_to_worker_and_platform_and_so_is_activated() -> None:
    assert sent(started(trained=False)) == 1
    assert sent(profile(), started(trained=False)) == 2
    # 2 blocked, 2 activated, 1 cover, 1 certificate
    assert sent(profile(), started(trained=False), training()) == 6


def test_whoever_was_trained_before_was_never_blocked() -> None:
    # 1 cover, 1 certificate
    assert sent(profile(), training(), started(trained=False)) == 2
    # 2 covers, 1 certificate
    assert sent(profile(), profile(Q), started(), training(), started("x9", Q, trained=False)) == 3


def test_one_training_unblocks_the_person_everywhere() -> None:
    # on each of two platforms: 2 blocked, 2 activated, 1 cover; 1 certificate
    events = profile(), profile(Q), started(trained=False), started("x9", Q, trained=False), training()
    assert sent(*events) == 11


def test_an_engagement_that_ended_before_its_training_is_never_activated() -> None:
    # 2 blocked, 1 certificate
    assert sent(profile(), started(trained=False), ended("2026-09-05"), training()) == 3


def test_an_end_that_stands_before_its_engagement_keeps_it_from_being_activated() -> None:
    assert sent(profile(), ended("2026-09-05"), started(trained=False), training()) == 3


def test_an_end_before_the_first_day_keeps_nothing_from_being_activated() -> None:
    # 2 blocked, 2 activated, 1 cover, 1 certificate
    assert sent(profile(), started(trained=False), ended("2026-08-31"), training()) == 6


def test_an_engagement_that_ended_after_it_was_activated_was_enrolled() -> None:
    assert sent(profile(), started(), ended("2026-09-05")) == 1


def test_starting_again_is_a_new_engagement() -> None:
    assert sent(profile(), started(), ended("2026-09-05"), started(started_on="2026-10-01")) == 2


def test_a_correction_tells_nothing_again_unless_it_changes_the_footing() -> None:
    later = "2026-09-03T09:00:00+08:00"
    assert sent(profile(), started(), started(), started(time=later, relation="self_employed")) == 1
    # 1 cover, 1 duty
    assert sent(profile(), started(), started(time=later, relation="employment")) == 2
    # what has ended moves nowhere
    assert sent(profile(), started(), ended("2026-09-02"), started(time=later, relation="employment")) == 1
    # an older version corrects nothing
    assert sent(profile(), started(time=later), started(relation="employment")) == 1


def test_a_correction_that_brings_the_training_unblocks() -> None:
    # 2 blocked, 2 activated, 1 cover
    assert sent(profile(), started(trained=False), started()) == 5


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


@pytest.mark.parametrize(("kind", "messages"), [("complaint", 2), ("application", 1), ("device", 0)])
def test_what_workers_do_is_answered_where_they_are_known(kind: str, messages: int) -> None:
    known = {"kind": kind, "platform": P, "worker_ref": "w1"}
    unknown = {"kind": kind, "platform": Q, "worker_ref": "w1"}
    base = sent(started(id_number=BEN))
    assert sent(started(id_number=BEN), actions=(known, unknown)) == base + messages


def test_every_complaint_is_a_case_and_every_application_an_application() -> None:
    done = tuple({"kind": kind} for kind in ("complaint", "application", "complaint", "device"))
    report = figures(actions=done)
    assert report["complaints"]["cases"] == 2
    assert report["subsidies"] == {"applications": 1}
    assert report["dead_letters"] == 0
