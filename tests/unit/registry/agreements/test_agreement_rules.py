"""The paper that a footing demands: by when, which one counts, and every step it may take."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.registry.agreements.commands import _demand
from services.registry.agreements.rules import (
    STATES,
    Demand,
    Event,
    Paper,
    State,
    consequences,
    counting,
    demanded,
    events,
    is_late,
)
from services.registry.agreements.texts import changes, models, versions
from services.registry.engagements.documents import Engagement
from shared.contracts.platform import Relation
from shared.errors import Conflict
from shared.policy.calendar import months_after
from shared.policy.parameters import Law, parameters

START = dt.date(2026, 9, 1)
NEEDED = ("due", "near", "missing", "signed", "signed_late")
CONTRACT = Demand("contract", START, dt.date(2026, 10, 8))


def law(relation: Relation, day: dt.date = START) -> Law:
    return parameters.on(day, place="510603", footing=relation)


def demand_of(relation: Relation, since: dt.date = START) -> Demand | None:
    return demanded(since, dt.date(2026, 9, 1), lambda day: law(relation, day))[0]


def paper(signed_on: str, kind: str = "contract", paper_id: str = "p") -> Paper:
    return Paper(paper_id, kind, "1", dt.date.fromisoformat(signed_on))  # type: ignore[arg-type]


@pytest.mark.parametrize("state", get_args(State))
@pytest.mark.parametrize("event", get_args(Event))
def test_every_event_in_every_state(state: State, event: Event) -> None:
    allowed = {
        "demand": (get_args(State), "due"),
        "remind": (("due",), "near"),
        "lapse": (("due", "near"), "missing"),
        "sign": (NEEDED, "signed"),
        "sign_late": (NEEDED, "signed_late"),
        "release": (NEEDED, "not_needed"),
    }
    states, to = allowed[event]
    if state in states:
        assert STATES.next(state, event) == to
    else:
        with pytest.raises(Conflict):
            STATES.next(state, event)


def test_each_footing_demands_its_paper_within_a_month() -> None:
    # 1 October 2026 is a day off, as are those after it up to the 7th
    assert demand_of("employment") == CONTRACT
    assert demand_of("partial") == Demand("written_agreement", START, dt.date(2026, 10, 8))
    assert demand_of("self_employed") is None


def test_a_footing_older_than_its_rule_has_a_month_from_the_rule() -> None:
    old = demand_of("partial", dt.date(2020, 3, 1))
    assert old is not None
    assert (old.since, old.due_on) == (dt.date(2022, 4, 29), dt.date(2022, 5, 30))
    contract = demand_of("employment", dt.date(2020, 3, 2))
    assert contract is not None
    assert contract.due_on == dt.date(2020, 4, 2)


def test_the_first_signed_paper_of_the_right_kind_counts() -> None:
    wrong, late, right = paper("2026-09-01", "written_agreement"), paper("2026-10-09"), paper("2026-10-08")
    assert counting(CONTRACT, [wrong]) is None
    assert counting(CONTRACT, [late, wrong, right]) == right
    assert is_late(CONTRACT, late)
    assert not is_late(CONTRACT, right)


def kept(found: Paper | None = None) -> tuple[Demand, Paper | None]:
    return CONTRACT, found


def test_what_happens_as_papers_footings_and_ends_come_in() -> None:
    in_time, late = paper("2026-10-08"), paper("2026-10-09")
    early, after = dt.date(2026, 9, 20), dt.date(2026, 11, 1)
    assert events("not_needed", None, CONTRACT, [], None) == ["demand"]
    assert events("not_needed", None, CONTRACT, [in_time], None) == ["demand", "sign"]
    assert events("missing", kept(), CONTRACT, [late], None) == ["sign_late"]
    assert events("signed_late", kept(late), CONTRACT, [late, in_time], None) == ["sign"]
    assert events("signed", kept(in_time), CONTRACT, [], None) == ["demand"]
    assert events("near", kept(), CONTRACT, [], early) == ["release"]
    assert events("due", kept(), CONTRACT, [], CONTRACT.due_on) == ["release"]
    assert events("missing", kept(), CONTRACT, [], after) == []
    assert events("due", kept(), CONTRACT, [], after) == []
    assert events("due", kept(), None, [], None) == ["release"]
    assert events("not_needed", None, None, [in_time], None) == []
    moved = Demand("contract", dt.date(2026, 9, 12), dt.date(2026, 10, 12))
    assert events("missing", kept(), moved, [], None) == ["demand"]


papers = st.lists(
    st.builds(
        Paper,
        st.sampled_from("abcd"),
        st.sampled_from(["contract", "written_agreement"]),
        st.just("1"),
        st.integers(-20, 60).map(lambda n: START + dt.timedelta(n)),
    ),
    unique_by=lambda one: one.paper_id,
    max_size=3,
)
facts = st.tuples(
    st.sampled_from([CONTRACT, Demand("written_agreement", START, dt.date(2026, 10, 8)), None]),
    papers,
    st.none() | st.integers(0, 60).map(lambda n: START + dt.timedelta(n)),
)


@given(st.lists(facts, min_size=1, max_size=5))
def test_the_state_follows_from_the_last_facts_alone(
    told: list[tuple[Demand | None, list[Paper], dt.date | None]],
) -> None:
    def settle(facts: list[tuple[Demand | None, list[Paper], dt.date | None]]) -> tuple[State, Paper | None]:
        state: State = "not_needed"
        have: tuple[Demand, Paper | None] | None = None
        for wanted, on_file, ended_on in facts:
            happened = events(state, have, wanted, on_file, ended_on)
            for event in happened:
                state = STATES.next(state, event)
            if happened:
                have = None if wanted is None or state == "not_needed" else (wanted, counting(wanted, on_file))
        return state, have[1] if have else None

    assert settle(told) == settle(told[-1:])


def test_what_follows_for_a_contract_that_is_missing_or_late() -> None:
    year = law("employment")
    missing = consequences(CONTRACT, None, year)
    assert missing is not None
    assert (missing.double_wage_from, missing.double_wage_until) == (dt.date(2026, 10, 2), dt.date(2027, 8, 31))
    assert missing.open_ended_from == dt.date(2027, 9, 1)
    late = consequences(CONTRACT, dt.date(2026, 11, 15), year)
    assert late is not None
    assert (late.double_wage_until, late.open_ended_from) == (dt.date(2026, 11, 14), None)
    after_all = consequences(CONTRACT, dt.date(2027, 12, 1), year)
    assert after_all is not None
    assert (after_all.double_wage_until, after_all.open_ended_from) == (dt.date(2027, 8, 31), dt.date(2027, 9, 1))
    assert consequences(CONTRACT, dt.date(2026, 10, 2), year) is None
    assert consequences(Demand("written_agreement", START, None), None, year) is None


def test_a_contract_signed_on_the_last_day_owes_no_double_wage() -> None:
    """1 August 2026 is a Saturday: the month from 1 July ends on Monday the 3rd."""
    law = parameters.on(dt.date(2026, 8, 5))
    demand = Demand("contract", dt.date(2026, 7, 1), dt.date(2026, 8, 3))
    on_the_last, after = (Paper("p-1", "contract", "c-1", dt.date(2026, 8, day)) for day in (3, 4))
    assert (is_late(demand, on_the_last), consequences(demand, on_the_last.signed_on, law)) == (False, None)
    owed = consequences(demand, after.signed_on, law)
    assert is_late(demand, after)
    assert owed is not None
    assert (owed.double_wage_from, owed.double_wage_until) == (dt.date(2026, 8, 2), dt.date(2026, 8, 3))


def test_late_and_double_wage_agree_on_every_day_of_a_year() -> None:
    """Whoever signs in time owes nothing; whoever signs late owes each day from the end of the month to the day before."""
    for start in (dt.date(2026, 1, 1) + dt.timedelta(number) for number in range(365)):
        demand = demand_of("employment", start)
        assert demand is not None
        assert demand.due_on is not None
        year = law("employment", start)
        for signed in (start + dt.timedelta(number) for number in (*range(25, 45), *range(360, 370))):
            owed = consequences(demand, signed, year)
            late = is_late(demand, Paper("p", "contract", "1", signed))
            first = months_after(start, 1) + dt.timedelta(1)
            assert (owed is not None) == (late and signed > first), (start, signed)
            if owed is not None:
                assert owed.double_wage_from == first
                full = months_after(start, 12)
                assert owed.double_wage_until == min(signed, full) - dt.timedelta(1) >= first
                assert (owed.open_ended_from is not None) == (signed >= full)


def test_nothing_is_owed_for_days_after_the_work_has_ended() -> None:
    year = law("employment")
    left = consequences(CONTRACT, None, year, dt.date(2026, 12, 20))
    assert left is not None
    assert (left.double_wage_until, left.open_ended_from) == (dt.date(2026, 12, 20), None)
    assert consequences(CONTRACT, None, year, dt.date(2026, 10, 1)) is None
    after_a_year = consequences(CONTRACT, None, year, dt.date(2027, 9, 1))
    assert after_a_year is not None
    assert (after_a_year.double_wage_until, after_a_year.open_ended_from) == (dt.date(2027, 8, 31), dt.date(2027, 9, 1))


def test_part_time_work_may_be_agreed_orally() -> None:
    def hourly(relation: Relation) -> Demand | None:
        return demanded(START, START, lambda day: law(relation, day), part_time=True)[0]

    assert hourly("employment") is None
    assert hourly("partial") == demand_of("partial")


@pytest.mark.parametrize("dispatched", [False, True])
def test_nobody_is_dispatched_by_the_hour(dispatched: bool) -> None:
    """劳动合同法实施条例 art. 30: a written contract is demanded of an agency all the same."""
    engagement = Engagement.model_construct(
        platform="p", industry="courier", relation="employment", district="510603", started_on=START, footings=[],
        declared_at=dt.datetime(2026, 9, 1, 2, tzinfo=dt.UTC), part_time=True, dispatched=dispatched,
    )  # fmt: skip
    wanted, _ = _demand(engagement)
    assert (wanted is not None) == dispatched


def test_every_trade_and_employment_has_a_model_text() -> None:
    texts = models().values()
    trades = {trade for model in texts if model.kind == "written_agreement" for trade in model.industries}
    assert trades == {"courier", "ride_hailing", "freight", "instant_delivery"}
    assert {model.code for model in texts if model.kind == "contract"} == {"labour_contract"}
    for model in texts:
        for part in ("报酬", "休息", "培训", "算法", "争议", "{{"):
            assert part in model.text, (model.code, part)


def test_versions_have_no_gap_and_each_changes_something() -> None:
    for code in {model.code for model in models().values()}:
        found = versions(code)
        assert [model.version for model in found] == list(range(1, len(found) + 1))
        assert [model.published_on for model in found] == sorted(model.published_on for model in found)
        for before, after in pairwise(found):
            assert changes(before.text, after.text)


def test_what_a_version_changes_is_shown_under_its_heading() -> None:
    old = "# 合同\n\n## 一、期限\n\n一年。\n\n## 二、报酬\n\n按月。\n\n## 三、其他\n\n无。"
    new = "# 合同\n\n## 一、期限\n\n两年。\n\n可以续订。\n\n## 二、报酬\n\n按月。"
    found = [(one.section, one.before, one.after) for one in changes(old, new)]
    assert found == [
        ("一、期限", ["一年。"], ["两年。", "可以续订。"]),
        ("二、报酬", ["## 三、其他", "无。"], []),
    ]
    assert changes(new, new) == []
