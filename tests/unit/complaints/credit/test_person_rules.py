"""Who is named beside an enterprise, and what must come before they are listed."""

from __future__ import annotations

import datetime as dt
from typing import get_args

import pytest

from services.complaints.credit import person_rules as rules
from services.complaints.credit.person_rules import Role
from services.complaints.credit.rules import State
from shared.errors import Conflict, RuleBroken
from shared.policy.parameters import parameters

DAY = dt.date(2026, 11, 23)
NEXT = DAY + dt.timedelta(days=1)
LAW = parameters.on(DAY, place="510603")


@pytest.mark.parametrize("role", get_args(Role))
def test_who_owes_wages_is_listed_with_all_responsible(role: Role) -> None:
    rules.check_role("wage_arrears", role, [], LAW)


@pytest.mark.parametrize("role", get_args(Role))
def test_a_published_violation_names_the_head_alone(role: Role) -> None:
    if role in rules.HEADS:
        rules.check_role("serious_violation", role, [], LAW)
    else:
        with pytest.raises(RuleBroken):
            rules.check_role("serious_violation", role, [], LAW)


def test_an_enterprise_has_one_head() -> None:
    rules.check_role("wage_arrears", "direct", ["legal_representative", "direct"], LAW)
    with pytest.raises(Conflict):
        rules.check_role("wage_arrears", "principal", ["legal_representative"], LAW)


def test_who_owes_wages_is_listed_with_its_head() -> None:
    for role in rules.HEADS:
        rules.check_head_named("wage_arrears", [role, "direct"], reason_given=False)
    rules.check_head_named("wage_arrears", ["direct"], reason_given=True)
    rules.check_head_named("serious_violation", [], reason_given=False)
    for named in ([], ["in_charge", "direct"]):
        with pytest.raises(Conflict):
            rules.check_head_named("wage_arrears", named, reason_given=False)  # type: ignore[arg-type]
    for kind, named in (("wage_arrears", ["principal"]), ("serious_violation", [])):
        with pytest.raises(RuleBroken):
            rules.check_head_named(kind, named, reason_given=True)  # type: ignore[arg-type]


@pytest.mark.parametrize("state", get_args(State))
def test_a_decision_is_served_once_from_its_day_on(state: State) -> None:
    if state not in ("listed", "removal_asked"):
        with pytest.raises(Conflict):
            rules.check_served_on(state, DAY, None, DAY, NEXT)
        return
    for on in (DAY, NEXT):
        rules.check_served_on(state, DAY, None, on, NEXT)
    with pytest.raises(Conflict):
        rules.check_served_on(state, DAY, DAY, NEXT, NEXT)
    for on, today in ((DAY, NEXT), (NEXT + dt.timedelta(1), NEXT)):
        with pytest.raises(RuleBroken):
            rules.check_served_on(state, NEXT, None, on, today)


def test_nobody_reads_of_a_head_before_the_decision_is_served() -> None:
    assert rules.shows_head([], nameable=True)
    assert rules.shows_head([DAY], nameable=True)
    assert not rules.shows_head([None], nameable=True)
    assert not rules.shows_head([], nameable=False)


def test_the_head_is_who_the_entry_says() -> None:
    rules.check_head("direct", "钱测试", "赵测试")
    rules.check_head("principal", "赵测试", "赵测试")
    with pytest.raises(RuleBroken):
        rules.check_head("principal", "钱测试", "赵测试")


def test_nobody_is_listed_who_was_not_heard() -> None:
    rules.check_heard([], DAY)
    rules.check_heard([DAY - dt.timedelta(days=1)], DAY)
    for until in ([None], [DAY], [DAY - dt.timedelta(days=1), None]):
        with pytest.raises(Conflict):
            rules.check_heard(until, DAY)


def test_a_person_is_told_after_the_enterprise_and_once() -> None:
    rules.check_told_on(DAY, "notified", None, DAY, DAY)
    rules.check_told_on(DAY, "hearing", None, DAY, NEXT)
    with pytest.raises(RuleBroken):
        rules.check_told_on(NEXT, "notified", None, DAY, NEXT)
    with pytest.raises(RuleBroken):
        rules.check_told_on(DAY, "notified", None, NEXT, DAY)
    for notified, state, told in ((None, "proposed", None), (DAY, "notified", DAY), (DAY, "listed", None)):
        with pytest.raises(Conflict):
            rules.check_told_on(notified, state, told, DAY, DAY)  # type: ignore[arg-type]


def test_a_person_speaks_from_the_notice_to_the_last_day() -> None:
    rules.check_said_on(DAY, NEXT, DAY, NEXT)
    rules.check_said_on(DAY, NEXT, NEXT, NEXT + dt.timedelta(days=9))
    with pytest.raises(Conflict):
        rules.check_said_on(DAY, NEXT, NEXT + dt.timedelta(days=1), NEXT + dt.timedelta(days=9))
    for told, on, today in ((None, DAY, DAY), (NEXT, DAY, NEXT), (DAY, NEXT, DAY)):
        with pytest.raises(RuleBroken):
            rules.check_said_on(told, NEXT, on, today)


@pytest.mark.parametrize("state", get_args(State))
def test_one_is_taken_out_while_the_listing_runs(state: State) -> None:
    if state in ("dropped", "expired", "removed", "revoked"):
        with pytest.raises(Conflict):
            rules.check_removal(state, None, "b", "a")
    else:
        rules.check_removal(state, None, "b", "a")
        for removed, by in ((DAY, "b"), (None, "a")):
            with pytest.raises(Conflict):
                rules.check_removal(state, removed, by, "a")


def test_who_takes_the_head_out_says_who_it_is() -> None:
    assert rules.representative_after("direct", "赵测试", None) == "赵测试"
    assert rules.representative_after("legal_representative", "赵测试", "钱测试") == "钱测试"
    for role, given in (("legal_representative", None), ("direct", "钱测试")):
        with pytest.raises(RuleBroken):
            rules.representative_after(role, "赵测试", given)  # type: ignore[arg-type]


def test_published_texts_say_nothing_more_of_a_person() -> None:
    rules.check_silence(["拖欠劳动报酬"], ["钱测试"])
    with pytest.raises(RuleBroken):
        rules.check_silence(["拖欠劳动报酬，钱测试负责"], ["钱测试"])
