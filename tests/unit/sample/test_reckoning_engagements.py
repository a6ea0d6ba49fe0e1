"""Engagements and how they stand in the end."""

from typing import Any

from tests.unit.sample.facts import ANN, BEN, P, Q, ended, figures, profile, started, training


def states(*events: Any) -> dict[str, int]:
    registry = figures(*events)["registry"]["engagements"]
    return {state: count for state, count in registry.items() if count}


def test_a_person_on_two_platforms_is_one_worker() -> None:
    """The worker has two engagements."""
    report = figures(
        profile(),
        profile(Q),
        profile(Q),
        started(id_number=BEN),
        started("x9", Q, id_number=BEN.lower()),
        started("w2"),
    )
    assert report["registry"] == {
        "workers": 2,
        "enterprises": 2,
        "engagements": {"active": 3, "blocked": 0, "ended": 0},
    }
    assert report["insurance"]["enrolled"] == 3


def test_an_engagement_without_training_is_blocked() -> None:
    """It is not enrolled."""
    report = figures(started(trained=False))
    assert report["registry"]["engagements"]["blocked"] == 1
    assert report["insurance"]["enrolled"] == 0


def test_a_training_told_by_any_of_ones_platforms_unblocks() -> None:
    assert states(started(trained=False), started("x9", Q, trained=False), training("x9", Q)) == {"active": 2}


def test_another_persons_training_unblocks_nobody() -> None:
    assert states(started(trained=False), started("w2", id_number=BEN), training("w2")) == {"blocked": 1, "active": 1}


def test_training_declared_with_an_engagement_unblocks_it_alone() -> None:
    """The person's other engagement stays blocked."""
    assert states(started(), started("x9", Q, trained=False)) == {"active": 1, "blocked": 1}


def test_a_training_that_stands_before_its_engagement_counts() -> None:
    assert states(training(), started(trained=False)) == {"active": 1}


def test_an_end_ends_only_what_began_by_that_day() -> None:
    assert states(
        started(started_on="2026-09-01"), started(started_on="2026-09-20"), started(started_on="2026-09-21"),
        ended("2026-09-20"),
    ) == {"ended": 2, "active": 1}  # fmt: skip


def test_an_end_before_the_first_day_ends_nothing() -> None:
    assert states(started(), ended("2026-08-31")) == {"active": 1}


def test_an_end_that_stands_before_its_engagement_ends_it() -> None:
    assert states(ended("2026-09-10"), started()) == {"ended": 1}


def test_a_blocked_engagement_that_ended_is_ended() -> None:
    assert states(started(trained=False), ended("2026-09-10"), training()) == {"ended": 1}


def test_the_same_engagement_told_again_is_the_same_engagement() -> None:
    assert states(started(), started(), started(time="2026-09-05T09:00:00+08:00")) == {"active": 1}


def test_of_two_versions_the_later_one_holds() -> None:
    """Wherever it stands in the file."""
    early, late = "2026-09-01T09:00:00+08:00", "2026-09-03T09:00:00+08:00"
    assert states(started(time=early, trained=False), started(time=late)) == {"active": 1}
    assert states(started(time=late), started(time=early, trained=False)) == {"active": 1}
    assert states(started(time=late, trained=False), started(time=early)) == {"blocked": 1}


def test_of_two_versions_of_one_time_the_one_below_holds() -> None:
    assert states(started(trained=False), started()) == {"active": 1}
    assert states(started(), started(trained=False)) == {"blocked": 1}


def test_platforms_use_the_same_worker_ref_for_different_people() -> None:
    report = figures(started("1", P, id_number=ANN), started("1", Q, id_number=BEN), ended("2026-09-10", "1", Q))
    assert report["registry"] == {
        "workers": 2,
        "enterprises": 0,
        "engagements": {"active": 1, "blocked": 0, "ended": 1},
    }


def enrolled(*events: Any) -> tuple[int, int]:
    """How many enrolments are in force, and how many there ever were: each is told to the worker."""
    report = figures(*events)
    return report["insurance"]["enrolled"], report["notifier"]["sent"]


def test_of_two_accounts_at_one_platform_the_first_begun_insures() -> None:
    both = started("a", started_on="2026-08-01"), started("b", started_on="2026-09-01")
    assert enrolled(*both) == enrolled(*reversed(both)) == (1, 1)
    # the second one insures from the day after the first one's end
    for ended_on in ("2026-09-10", "2026-08-05"):
        assert enrolled(*both, ended(ended_on, "a")) == (1, 2)
    # an end of the second one changes nothing
    assert enrolled(*both, ended("2026-09-10", "b")) == (1, 1)
    assert enrolled(*both, ended("2026-09-05", "a"), ended("2026-09-10", "b")) == (0, 2)


def test_of_two_accounts_of_one_day_the_first_reference_insures() -> None:
    both = started("b"), started("a")
    assert enrolled(*both, ended("2026-09-10", "a")) == (1, 2)
    assert enrolled(*both, ended("2026-09-10", "b")) == (1, 1)


def test_two_platforms_footings_or_persons_are_insured_apart() -> None:
    assert enrolled(started("a"), started("b", Q)) == (2, 2)
    assert enrolled(profile(), started("a"), started("b", relation="employment")) == (2, 2)
    assert enrolled(started("a"), started("b", id_number=BEN)) == (2, 2)


def test_a_training_declared_once_insures_though_taken_back() -> None:
    declared, taken_back = started(), started(time="2026-09-05T09:00:00+08:00", trained=False)
    # the cover, and the block
    assert enrolled(declared, taken_back) == enrolled(taken_back, declared) == (1, 2)


def test_an_account_whose_person_never_might_work_insures_nobody() -> None:
    assert enrolled(started("a", trained=False, started_on="2026-08-01"), started("b")) == (1, 2)
