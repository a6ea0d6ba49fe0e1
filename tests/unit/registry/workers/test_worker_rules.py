"""Which name and phone hold of a person, and how long a record is kept."""

from __future__ import annotations

import datetime as dt
from itertools import permutations
from typing import get_args

from services.registry.workers.rules import (
    MOST_WORDS,
    STATES,
    Keeping,
    KeepingEvent,
    Rank,
    Word,
    differing,
    erasable_on,
    heard_late,
    in_force,
    kept,
    matter_kept_until,
    work_kept_until,
)
from shared.policy.parameters import parameters
from tests.unit.machines import goes_by

NOON = dt.datetime(2026, 9, 1, 4, tzinfo=dt.UTC)
LAW = parameters.on(dt.date(2026, 11, 23))

TABLE = {
    ("kept", "ask"): "asked",
    ("kept", "fall_due"): "erased",
    ("kept", "engage"): "kept",
    ("asked", "withdraw"): "kept",
    ("asked", "fall_due"): "erased",
    ("asked", "engage"): "kept",
}


def test_a_record_is_kept_as_the_table_says() -> None:
    goes_by(STATES, TABLE, get_args(Keeping), get_args(KeepingEvent))


def word(source: str, said: str, hours: int, rank: Rank = "platform") -> Word:
    return Word(source, rank, said, NOON + dt.timedelta(hours=hours))


def held(*words: Word) -> set[str]:
    """What holds, for every order in which the words come, each kept as it came."""
    found = set()
    for order in permutations(words):
        known: list[Word] = []
        for one in order:
            known = kept([*known, one])
        found.add(in_force(known).said)
    return found


def test_the_platform_that_knew_a_person_first_is_believed() -> None:
    assert held(word("A", "张三", 0), word("B", "李四", 1), word("C", "王五", 2)) == {"张三"}


def test_a_platform_may_correct_what_only_it_declared() -> None:
    assert held(word("A", "张三", 0), word("A", "张珊", 1)) == {"张珊"}
    assert held(word("A", "张三", 0), word("B", "李四", 1), word("A", "张珊", 2)) == {"张珊"}
    assert held(word("A", "张三", 0), word("A", "张珊", 1), word("A", "张三", 2)) == {"张三"}


def test_nobody_renames_a_person_whom_another_platform_knows() -> None:
    assert held(word("A", "张三", 0), word("B", "张三", 1), word("A", "李四", 2)) == {"张三"}
    assert held(word("A", "张三", 0), word("B", "张三", 1), word("B", "李四", 2)) == {"张三"}


def test_a_word_that_nobody_says_any_more_gives_way() -> None:
    phones = [word("A", "13800000001", 0), word("B", "13800000001", 1), word("A", "13800000002", 2)]
    assert held(*phones, word("B", "13800000002", 3)) == {"13800000002"}
    assert held(*phones, word("B", "13900000009", 3)) == {"13800000002"}


def test_of_two_words_of_one_instant_the_same_one_holds() -> None:
    assert len(held(word("A", "张三", 0), word("B", "李四", 0))) == 1


def test_ones_own_word_stands_over_officers_and_platforms() -> None:
    platforms = [word("A", "13800000001", 0), word("B", "13800000002", 5)]
    officer = word("officer", "13800000003", 1, "officer")
    own = word("worker", "13800000004", 2, "own")
    assert held(*platforms, officer) == {"13800000003"}
    assert held(*platforms, own, officer) == {"13800000004"}
    assert held(own, word("worker", "13800000005", 9, "own")) == {"13800000005"}


def test_what_differs_is_shown_by_its_latest_source() -> None:
    words = [word("A", "张三", 0), word("B", "李四", 1), word("B", "张珊", 2), word("C", "张三", 3)]
    assert [(one.source, one.said) for one in differing(words)] == [("B", "张珊")]


def test_a_source_that_speaks_often_does_not_grow_the_record() -> None:
    known: list[Word] = [word("A", "张三", 0)]
    for hours in range(1, 50):
        known = kept([*known, word("B", f"李{hours}", hours), word("A", "张三", hours)])
    assert len(known) == MOST_WORDS + 2
    assert in_force(known).said == "张三"


def test_a_record_without_engagements_is_kept_for_nothing() -> None:
    assert erasable_on([]) == dt.date.min


def test_while_somebody_works_their_record_is_kept() -> None:
    assert work_kept_until([dt.date(2020, 1, 1), None], LAW) is None
    assert erasable_on([None, dt.date(2020, 1, 1)]) is None


def test_a_record_goes_three_years_after_the_last_day_of_work() -> None:
    until = work_kept_until([dt.date(2023, 5, 1), dt.date(2023, 11, 22)], LAW)
    assert erasable_on([until, dt.date(2026, 1, 5)]) == dt.date(2026, 11, 23)
    assert work_kept_until([dt.date(2024, 2, 29)], LAW) == dt.date(2027, 2, 28)


def test_a_closed_matter_keeps_the_record_for_the_term_to_sue() -> None:
    assert matter_kept_until(None, LAW) is None
    assert matter_kept_until(dt.date(2026, 8, 31), LAW) == dt.date(2027, 2, 28)


def test_whom_only_old_things_are_told_of_is_kept_a_while() -> None:
    law = parameters.on(dt.date(2026, 11, 23))
    assert heard_late(law) == dt.timedelta(days=7)
    assert [(one.key, one.verified) for one in law.used] == [("retention.heard_late_days", False)]
