from __future__ import annotations

import asyncio
import datetime as dt

import time_machine

from services.complaints.terms.documents import Term
from shared import clock
from shared.contracts.complaints import (
    PenaltyClosed,
    PenaltyDeferred,
    PenaltyOverdue,
    PenaltyPaid,
    PenaltyReminded,
    PenaltyTakenToCourt,
)
from shared.policy.calendar import add_days, add_working_days, shanghai_date
from shared.storage.records import find
from tests.harness import Harness
from tests.integration.complaints.penalties.course import filed, later, today, told
from tests.integration.complaints.penalty_decisions.test_confiscation import gain, told_of
from tests.integration.complaints.penalty_decisions.test_confiscation import served as served_both
from tests.unit.identity.numbers import make_uscc


async def test_what_is_not_paid_costs_more_and_goes_to_a_court(complaints: Harness) -> None:
    penalty = await filed(complaints, make_uscc("PN0000005"))
    await penalty.served("10000.00")
    letter = await penalty.letter()
    due = dt.date.fromisoformat(letter["debt"]["parts"][0]["on"])
    assert due == add_days(shanghai_date(clock.now()), 15).due
    assert await penalty.do("reminder", "p-first", {"by": "邮寄"}) == (409, "not-overdue")
    with time_machine.travel(later(days=(due - shanghai_date(clock.now())).days + 2), tick=True):
        await complaints.settled()
        await complaints.settled()
        assert await told(complaints, penalty, PenaltyOverdue) == ["PenaltyOverdue"]
        assert (await penalty.letter())["debt"]["surcharge"] == "600.00"
        await penalty.done("reminder", "p-first", {"by": "邮寄"})
        assert await penalty.do("court-application", "p-first") == (409, "too-early")
    sue_by = dt.date.fromisoformat(letter["decision"]["sue_by"])
    with time_machine.travel(later(days=(sue_by - shanghai_date(clock.now())).days + 1), tick=True):
        assert (await penalty.letter())["debt"]["surcharge"] == "10000.00"
        await penalty.done("court-application", "p-first")
        await penalty.done("payments", "p-first", {"amount": "15000.00", "on": today(), "receipt": "C-1"})
        await penalty.done("execution-end", "p-fourth", {"text": "无财产可供执行"})
        ended = await penalty.letter()
        assert (ended["state"], ended["debt"]["owed"], ended["ending"]) == ("ended", "5000.00", "无财产可供执行")
    kinds = (PenaltyReminded, PenaltyTakenToCourt, PenaltyPaid, PenaltyClosed)
    assert await told(complaints, penalty, *kinds) == [kind.__name__ for kind in kinds]
    terms = await find(Term, {"matter_kind": "penalty", "matter_id": penalty.id})
    assert {one.step: one.state for one in terms} == {
        "decide_penalty": "met", "serve_penalty": "met", "enforce_penalty": "met"
    }  # fmt: skip


async def test_a_reminder_tells_each_sum_apart(complaints: Harness) -> None:
    """With the days and the rate by which what was added is reckoned, as does what goes to a court (行政强制法 art. 35, 54, 55)."""
    penalty = await told_of(complaints, make_uscc("PN00000Q9"), gain("6500.00"), "10000.00", "6500.00")
    await served_both(penalty, "10000.00", "6500.00")
    letter = await penalty.letter()
    assert (letter["debt"]["reminder"], letter["debt"]["court"]) == (None, None)
    due = dt.date.fromisoformat(letter["debt"]["parts"][0]["on"])
    first, last = due + dt.timedelta(1), due + dt.timedelta(2)
    with time_machine.travel(later(days=(last - shanghai_date(clock.now())).days), tick=True):
        for _ in range(2):  # the last day to pay is over, and what follows is done
            await complaints.settled()
        await penalty.done("payments", "p-first", {"amount": "10100.00", "on": today(), "receipt": "Q-1"})
        await penalty.done("reminder", "p-first", {"by": "邮寄"})
    pay_by = add_working_days(last, 10).due
    claim = {
        "fine": "0.00", "surcharge": "500.00", "confiscated": "6500.00", "again": "0.00", "added": "600.00",
        "percent": 3, "cap": "10000.00", "before": "0.00", "began_on": str(first), "days": 2,
        "late": [{"amount": "10000.00", "first": str(first), "last": str(last), "days": 2}],
    }  # fmt: skip
    reminder = {"on": str(last), "by": "邮寄", "owed": "7000.00", "pay_by": str(pay_by), "claim": claim}
    sue_by = dt.date.fromisoformat(letter["decision"]["sue_by"])
    with time_machine.travel(later(days=(sue_by - shanghai_date(clock.now())).days + 1), tick=True):
        await penalty.done("payments", "p-first", {"amount": "300.00", "on": today(), "receipt": "Q-2"})
        await penalty.done("court-application", "p-first")
        debt = (await penalty.letter())["debt"]
        assert debt["reminder"] == reminder
        assert debt["court"] == {"on": today(), "claim": claim | {"surcharge": "200.00"}}
    facts = [*await complaints.told(PenaltyReminded), *await complaints.told(PenaltyTakenToCourt)]
    told_ = [one for one in facts if one.penalty_id == penalty.id]
    assert [(one.owed, one.fine, one.surcharge, one.confiscated) for one in told_] == [
        ("7000.00", "0.00", "500.00", "6500.00"), ("6700.00", "0.00", "200.00", "6500.00")
    ]  # fmt: skip
    for one in told_:
        assert (one.surcharge_in_all, one.surcharge_from, one.surcharge_days) == ("600.00", first, 2)
        assert (one.surcharge_percent, one.surcharge_most, one.surcharge_before) == (3, "10000.00", "0.00")


async def test_a_reminder_says_what_was_added_before_parts(complaints: Harness) -> None:
    penalty = await filed(complaints, make_uscc("PN00000T1"))
    await penalty.served("10000.00")
    due = dt.date.fromisoformat((await penalty.letter())["debt"]["parts"][0]["on"])
    late = later(days=(due - shanghai_date(clock.now())).days + 2)
    with time_machine.travel(late, tick=True):
        await penalty.done("deferral-request", "enterprise", {"text": "资金周转困难"})
        first = shanghai_date(clock.now()) + dt.timedelta(10)
        plan = {"yes": True, "text": "同意", "parts": 2, "first": str(first)}
        await penalty.done("deferral", "p-fourth", plan)
    with time_machine.travel(late + dt.timedelta(13), tick=True):
        for _ in range(2):
            await complaints.settled()
        await penalty.done("reminder", "p-first", {"by": "邮寄"})
    claim = penalty.shown["debt"]["reminder"]["claim"]
    assert (claim["before"], claim["added"], claim["began_on"]) == ("600.00", "1050.00", str(due + dt.timedelta(1)))
    days = {"first": str(first + dt.timedelta(1)), "last": str(first + dt.timedelta(3)), "days": 3}
    assert claim["late"] == [{"amount": "5000.00"} | days]


async def test_a_fine_is_paid_in_parts_that_add_up(complaints: Harness) -> None:
    penalty = await filed(complaints, make_uscc("PN0000006"))
    await penalty.served("10000.00")
    await penalty.done("deferral-request", "enterprise", {"text": "资金周转困难"})
    first = str(shanghai_date(clock.now()) + dt.timedelta(30))
    assert await penalty.do("deferral", "p-fourth", {"yes": True, "text": "同意"}) == (422, "instalments")
    plan = {"yes": True, "text": "同意分期", "parts": 3, "first": first}
    assert await penalty.do("deferral", "p-fourth", plan | {"parts": 13}) == (422, "instalments")
    await penalty.done("deferral", "p-fourth", plan)
    parts = (await penalty.letter())["debt"]["parts"]
    assert [one["amount"] for one in parts] == ["3333.34", "3333.33", "3333.33"]
    with time_machine.travel(later(days=29), tick=True):
        assert (await penalty.letter())["debt"]["surcharge"] == "0.00"
        await penalty.done("payments", "p-first", {"amount": "3333.34", "on": today(), "receipt": "D-1"})
        await complaints.settled()
        assert await told(complaints, penalty, PenaltyOverdue) == []
    assert await told(complaints, penalty, PenaltyDeferred) == ["PenaltyDeferred"]


async def test_what_was_added_alone_is_reminded_of(complaints: Harness) -> None:
    penalty = await filed(complaints, make_uscc("PN000000N"))
    await penalty.served("10000.00")
    due = dt.date.fromisoformat((await penalty.letter())["debt"]["parts"][0]["on"])
    with time_machine.travel(later(days=(due - shanghai_date(clock.now())).days + 2), tick=True):
        for _ in range(2):  # the last day to pay is over, and what follows is done
            await complaints.settled()
        await penalty.done("payments", "p-first", {"amount": "10000.00", "on": today(), "receipt": "F-1"})
        assert (await penalty.letter())["debt"]["owed"] == "600.00"
        await penalty.done("reminder", "p-first", {"by": "邮寄"})
    [told_] = [one for one in await complaints.told(PenaltyReminded) if one.penalty_id == penalty.id]
    assert told_.pay_by == add_working_days(due + dt.timedelta(2), 10).due


async def test_a_receipt_counts_for_one_penalty_alone(complaints: Harness) -> None:
    uscc = make_uscc("PN00000R3")
    first = await filed(complaints, uscc, began_on="2026-02-02", ended_on="2026-02-02")
    second = await filed(complaints, uscc, began_on="2026-03-02", ended_on="2026-03-02")
    for penalty in (first, second):
        await penalty.served("10000.00")
    paid = {"amount": "10000.00", "on": today(), "receipt": "R-1"}
    await first.done("payments", "p-first", paid)
    assert await second.do("payments", "p-first", paid) == (409, "receipt-known")
    await second.done("payments", "p-first", paid | {"receipt": "R-2"})
    other = await filed(complaints, make_uscc("PN00000R4"))
    await other.served("10000.00")
    assert await other.do("payments", "p-first", paid) == (409, "receipt-known")
    assert await other.do("payments", "p-first", paid | {"receipt": "R-2"}) == (409, "receipt-known")
    await other.done("payments", "p-first", paid | {"receipt": "R-3"})


async def test_a_receipt_at_one_moment_counts_once(complaints: Harness) -> None:
    uscc = make_uscc("PN00000R5")
    penalties = [await filed(complaints, uscc, began_on=day, ended_on=day) for day in ("2026-02-02", "2026-03-02")]
    for penalty in penalties:
        await penalty.served("10000.00")
    paid = {"amount": "10000.00", "on": today(), "receipt": "R-9"}
    answers = await asyncio.gather(*(penalty.do("payments", "p-first", paid) for penalty in penalties))
    assert sorted(answers) == [(200, ""), (409, "receipt-known")]
