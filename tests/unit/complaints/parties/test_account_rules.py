"""Whose a reference is on a day, and which references of one person are one account."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from services.complaints.parties.account_rules import (
    Account,
    Behind,
    Circle,
    circles,
    holders,
    key_of,
    keys_behind,
    keys_of,
    of_day,
    persons_in,
)
from services.complaints.parties.rules import Footing
from shared.contracts.platform import Relation

SEPTEMBER, LAST = dt.date(2026, 9, 1), dt.date(2026, 9, 30)


def day(number: int) -> dt.date:
    return dt.date(2026, 9, number)


def behind(
    worker: str = "p|R1",
    person: str = "anna",
    since: dt.date = SEPTEMBER,
    until: dt.date | None = None,
    relation: Relation = "partial",
    employer: str = "p",
    told: int = 1,
) -> Behind:
    held = Footing(first=since, last=until, relation=relation, parties=f"{person}|{employer}")
    return Behind(
        engagement_id=f"{worker}-{person}-{since}",
        worker=worker,
        person=person,
        employer=employer,
        started_on=since,
        ended_on=until,
        happened_at=dt.datetime(2026, 9, 1, 8, told, tzinfo=dt.UTC),
        footings=(held,),
    )


def accounts(several: Sequence[Behind], person: str = "anna") -> list[tuple[str, ...]]:
    return [one.accounts for one in circles(several, person)]


def test_two_references_of_one_employer_are_one_account() -> None:
    two = behind("p|R2", since=day(10))
    assert accounts([behind(), two]) == [("p|R1", "p|R2")]
    [circle] = circles([behind(), two], "anna")
    assert {(one.first, one.parties) for one in circle.footings} == {(SEPTEMBER, "anna|p"), (day(10), "anna|p")}


def test_another_employer_or_footing_keeps_them_apart() -> None:
    apart = [("p|R1",), ("p|R2",)]
    assert accounts([behind(), behind("p|R2", employer="firm")]) == apart
    assert accounts([behind(), behind("p|R2", relation="employment")]) == apart
    # one after the other they are never on both at once
    before = behind(until=day(9))
    assert accounts([before, behind("p|R2", since=day(10), relation="employment")]) == [("p|R1", "p|R2")]
    assert accounts([before, behind("p|R2", since=day(9), relation="employment")]) == apart


def test_a_reference_passes_on_when_another_persons_work_begins() -> None:
    both = [behind(until=day(10)), behind(person="bert", since=day(15))]
    assert holders(both) == [("anna", (dt.date.min, day(14))), ("bert", (day(15), dt.date.max))]
    [anna] = circles(both, "anna")
    assert (anna.held[0].names_on(day(14)), anna.held[0].names_on(day(15))) == (True, False)
    back = [*both, behind(since=day(20))]
    assert holders(back)[-1] == ("anna", (day(20), dt.date.max))
    [anna] = circles(back, "anna")
    assert [anna.held[0].names_on(day(number)) for number in (14, 15, 19, 20)] == [True, False, False, True]


def test_a_footing_ends_where_the_reference_passes_on() -> None:
    [anna] = circles([behind(), behind(person="bert", since=day(15))], "anna")
    assert [(one.first, one.last) for one in anna.footings] == [(SEPTEMBER, day(14))]


def test_a_period_over_the_change_is_of_both() -> None:
    both = [behind(until=day(10)), behind(person="bert", since=day(15))]
    assert persons_in(both, SEPTEMBER, LAST) == ["anna", "bert"]
    assert persons_in(both, SEPTEMBER, day(14)) == ["anna"]
    assert persons_in(both, day(10), day(15)) == ["anna", "bert"]
    assert persons_in(both, day(11), day(15)) == ["bert"]  # anna had left before
    assert persons_in(both, day(11), day(14)) == ["anna"]  # nobody was engaged: whose it is
    assert persons_in([], SEPTEMBER, LAST) == []


def test_signs_of_who_had_a_reference_before_have_their_own_key() -> None:
    both = [behind(), behind(person="bert", since=day(15))]
    [anna], [bert] = circles(both, "anna"), circles(both, "bert")
    assert key_of(bert, "p|R1", "2026-09", LAST, both) == "p|R1|2026-09"
    assert key_of(anna, "p|R1", "2026-09", LAST, both) == "p|R1|2026-09|p|R1-anna-2026-09-01"
    assert key_of(anna, "p|R1", "2026-08", dt.date(2026, 8, 31), both) == "p|R1|2026-08"
    assert {*keys_of(anna, "p|R1", "2026-09", LAST, both), *keys_of(bert, "p|R1", "2026-09", LAST, both)} == {
        *keys_behind("p|R1", "2026-09", both)
    }
    assert keys_behind("p|R1", "2026-09", [behind()]) == ["p|R1|2026-09"]


def test_a_reference_that_nobody_knows_is_an_account_by_itself() -> None:
    nobody = Circle(None, (Account("p|R1"),))
    assert key_of(nobody, "p|R1", "2026-09", LAST, []) == "p|R1|2026-09"
    assert nobody.held[0].names_on(LAST)


ENGAGEMENTS = st.lists(
    st.builds(
        behind,
        st.sampled_from(["p|R1", "p|R2", "p|R3"]),
        st.sampled_from(["anna", "bert"]),
        st.integers(1, 20).map(day),
        st.one_of(st.none(), st.integers(20, 30).map(day)),
        st.sampled_from(["employment", "partial", "self_employed"]),
        st.sampled_from(["p", "firm"]),
        st.integers(1, 3),
    ),
    max_size=7,
    unique_by=lambda one: one.engagement_id,
)


@given(ENGAGEMENTS, st.randoms())
def test_accounts_are_the_same_in_whatever_order_they_are_told(told: list[Behind], chance: object) -> None:
    before = {person: circles(told, person) for person in ("anna", "bert")}
    holding = {one.worker: holders([two for two in told if two.worker == one.worker]) for one in told}
    chance.shuffle(told)  # type: ignore[attr-defined]
    assert {person: circles(told, person) for person in before} == before
    assert {one.worker: holders([two for two in told if two.worker == one.worker]) for one in told} == holding


@given(ENGAGEMENTS, st.integers(1, 30).map(day))
def test_who_holds_a_reference_is_of_whom_it_is_that_day(told: list[Behind], on: dt.date) -> None:
    for worker in {one.worker for one in told}:
        behind_it = [one for one in told if one.worker == worker]
        whose = of_day(((one.began, one) for one in behind_it), on)
        assert whose is not None
        assert [person for person, (first, last) in holders(behind_it) if first <= on <= last] == [whose.person]


@given(ENGAGEMENTS, st.integers(1, 30).map(day))
def test_every_day_of_a_reference_is_one_persons(told: list[Behind], on: dt.date) -> None:
    """Of one account of theirs, and of nobody else's."""
    for worker in {one.worker for one in told}:
        persons = {one.person for one in told if one.worker == worker}
        found = [one for person in persons for one in circles(told, person) if worker in one.accounts]
        naming = [one for one in found if one.account(worker).names_on(on)]
        assert len(naming) == 1
        assert naming[0].person in {one.person for one in told if one.worker == worker}
