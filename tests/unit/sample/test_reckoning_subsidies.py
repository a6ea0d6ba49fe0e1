from __future__ import annotations

from typing import Any

from deploy.local.calculation import calculate
from deploy.local.demo.day import Input
from tests.unit.sample.facts import NOW, P, profile, started, training

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
