from __future__ import annotations

import datetime as dt
from typing import Any

from deploy.local.calculation import calculate
from deploy.local.calculation.kinds import of_working_age
from deploy.local.demo.given import Input
from tests.unit.identity.numbers import make
from tests.unit.sample.facts import ANN, BEN, NOW, P, profile, started, training

ACTION: dict[str, Any] = {"kind": "subsidies", "platform": P, "worker_ref": "w1", "amount": "1000.00"}


def test_a_person_is_helped_once_and_refused_once() -> None:
    assert calculate([profile(), started()], [ACTION], NOW)["money"] == {
        "paid": 1,
        "amount": "1000.00",
        "spent": "1000.00",
        "refused": 1,
        "grounds": ["certificate"],
        "messages": 6,
    }


def test_nobody_is_helped_who_is_not_known() -> None:
    money = calculate([profile(), started("w2")], [ACTION], NOW)["money"]
    assert (money["paid"], money["amount"], money["spent"], money["refused"]) == (0, "0.00", "0.00", 0)
    assert (money["grounds"], money["messages"]) == ([], 0)


EVERY_KIND: dict[str, Any] = {
    "kind": "every_kind",
    "platform": P,
    "worker_ref": "w1",
    "skilled": {"platform": P, "worker_ref": "w2"},
    "goes_on": True,
    "amount": "1000.00",
}
APPLY = {"kind": "application", "platform": P, "worker_ref": "w1"}


def test_each_kind_is_reckoned_to_its_end() -> None:
    told, others = training(), training("w2")
    known = APPLY | {name: told["data"][name] for name in ("course", "completed_on")}
    events = [started(), told, started("w2", id_number=BEN), others]
    assert calculate(events, [known, EVERY_KIND], NOW)["kinds"] == {
        "recognised": 1,
        "flexible_refused": ["paid"],
        "grant_refused": ["placed"],
        "training_paid": 1,
        "training_spent": "800.00",
        "skill_paid": 1,
        "skill_spent": "1000.00",
        "skill_refused": ["not_paid_as_training"],
        "messages": 13,
    }
    kinds = calculate(events, [known, EVERY_KIND | {"goes_on": False, "skilled": None}], NOW)["kinds"]
    assert (kinds["training_paid"], kinds["skill_paid"], kinds["skill_refused"], kinds["messages"]) == (0, 0, [], 5)
    kinds = calculate([profile(), *events], [EVERY_KIND | {"goes_on": False, "skilled": None}], NOW)["kinds"]
    assert kinds["messages"] == 7, "the platform hears of its grant"


def test_the_age_of_retirement_is_reckoned() -> None:
    today = dt.date(2026, 11, 23)
    assert of_working_age(ANN, today)
    assert not of_working_age(make("510681", dt.date(1966, 5, 31), 1), today)
    assert of_working_age(make("510681", dt.date(1966, 8, 31), 1), today)
    assert not of_working_age(make("510681", dt.date(2010, 11, 24), 2), today)
    assert of_working_age(make("510681", dt.date(2010, 11, 23), 2), today)


def test_who_applies_for_a_training_is_not_sent_for_a_skill() -> None:
    events = [started(), training(), started("w2", id_number=BEN), training("w2")]
    one = {"kind": "application", "platform": P, "worker_ref": "w1"}
    given = Input(events, [one], goes_on=True)
    assert given.skilled == {"platform": P, "worker_ref": "w2"}
    assert Input(events, [one, one | {"worker_ref": "w2"}], goes_on=True).skilled is None


def test_the_day_names_it_to_the_reckoning() -> None:
    assert ACTION in Input([profile(), started()], []).all_actions
    assert Input([], []).all_actions == []


def test_a_training_told_is_announced_and_others_refused() -> None:
    told = training()
    apply = {"kind": "application", "platform": P, "worker_ref": "w1"}
    known = apply | {name: told["data"][name] for name in ("course", "completed_on")}
    other = known | {"completed_on": "2026-01-01"}
    assert calculate([started(), told], [known, other], NOW)["subsidies"] == {
        "applications": 2,
        "on_notice": 1,
        "refused": 1,
    }
