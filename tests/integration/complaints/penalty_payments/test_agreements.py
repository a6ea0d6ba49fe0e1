"""An agreement on how a decision is carried out, with relief for what was mended, and what follows when it is broken (行政强制法
art. 42)."""

from __future__ import annotations

import datetime as dt
from typing import Any

import time_machine

from shared import clock
from shared.contracts.complaints import PenaltyDeferred, PenaltyOverdue
from shared.policy.calendar import shanghai_date
from tests.harness import Harness
from tests.integration.at_rest import holding
from tests.integration.complaints.penalties.course import Course, filed, later, today, told
from tests.integration.complaints.penalty_contests.test_contest import enforcing
from tests.unit.identity.numbers import make_uscc


def in_days(days: int) -> str:
    return str(shanghai_date(clock.now()) + dt.timedelta(days))


def agreement(**changes: Any) -> dict[str, Any]:
    return {"text": "双方约定分两期缴纳", "harmless": True, "parts": 2, "first": in_days(10)} | changes


async def overdue(complaints: Harness, uscc: str) -> tuple[Course, dt.datetime]:
    """A fine of 10000 yuan, and a moment two days after its last day: 600 yuan are added then."""
    penalty = await filed(complaints, make_uscc(uscc))
    await penalty.served("10000.00")
    due = dt.date.fromisoformat((await penalty.letter())["debt"]["parts"][0]["on"])
    return penalty, later(days=(due - shanghai_date(clock.now())).days + 2)


async def passes(complaints: Harness) -> None:
    for _ in range(2):
        await complaints.settled()


async def test_an_agreement_is_kept_and_its_relief_stays(complaints: Harness) -> None:
    penalty, late = await overdue(complaints, "PW0000001")
    assert await penalty.do("execution-agreement", "p-fourth", agreement()) == (409, "not-overdue")
    with time_machine.travel(late, tick=True):
        await passes(complaints)
        await penalty.done("reminder", "p-first", {"by": "邮寄"})
        for wrong, problem in (
            (agreement(harmless=False), "harms-others"),
            (agreement(first=today()), "instalments"),
            (agreement(relief="600.00"), "relief"),
            (agreement(relief="600.01", remedy="已改正"), "relief"),
        ):
            assert await penalty.do("execution-agreement", "p-fourth", wrong) == (422, problem)
        await penalty.done("execution-agreement", "p-fourth", agreement(relief="500.00", remedy="已补发工资"))
        letter = await penalty.letter()
        debt = letter["debt"]
        assert (letter["state"], debt["surcharge"], debt["owed"]) == ("served", "100.00", "10100.00")
        assert (debt["agreement"]["remedy"], debt["agreement"]["broken_on"]) == ("已补发工资", None)
        assert await holding("双方约定分两期缴纳") == []
        assert await told(complaints, penalty, PenaltyDeferred) == ["PenaltyDeferred"]
        again = agreement()
        assert await penalty.do("execution-agreement", "p-fourth", again) == (409, "agreed-already")
        assert await penalty.do("court-application", "p-first") == (409, "penalty-state")
        first = later(days=9)
    with time_machine.travel(first, tick=True):
        await penalty.done("payments", "p-first", {"amount": "5000.00", "on": today(), "receipt": "W-1"})
    with time_machine.travel(first + dt.timedelta(20), tick=True):
        await passes(complaints)
        await penalty.done("payments", "p-first", {"amount": "5100.00", "on": today(), "receipt": "W-2"})
        assert penalty.shown["state"] == "fulfilled"
        assert await told(complaints, penalty, PenaltyOverdue) == ["PenaltyOverdue"]


async def test_a_broken_agreement_resumes_what_was_left_off(complaints: Harness) -> None:
    """All is due, what was waived is owed, something is added each day again, and the way to a court is open."""
    penalty, late = await overdue(complaints, "PW0000002")
    sue_by = dt.date.fromisoformat((await penalty.letter())["decision"]["sue_by"])
    with time_machine.travel(late, tick=True):
        await passes(complaints)
        await penalty.done("reminder", "p-first", {"by": "邮寄"})
        await penalty.done("execution-agreement", "p-fourth", agreement(relief="600.00", remedy="已补发工资"))
        assert (await penalty.letter())["debt"]["owed"] == "10000.00"
        await penalty.done("payments", "p-first", {"amount": "2000.00", "on": today(), "receipt": "W-3"})
        missed = shanghai_date(clock.now()) + dt.timedelta(10)
        after = later(days=12)
    with time_machine.travel(after, tick=True):
        await passes(complaints)
        letter = await penalty.letter()
        debt = letter["debt"]
        assert (letter["state"], debt["agreement"]["broken_on"]) == ("reminded", str(missed))
        assert (debt["surcharge"], debt["owed"]) == ("1080.00", "9080.00")  # 600 as before, and 3 % of 8000 on two days
        assert [one[0] for one in await enforcing(penalty)][-1] == "running"
        assert await told(complaints, penalty, PenaltyOverdue) == ["PenaltyOverdue"] * 2
    court = max(after, later(days=(sue_by - shanghai_date(clock.now())).days + 1))
    with time_machine.travel(court, tick=True):
        await penalty.done("court-application", "p-first")
        assert penalty.shown["state"] == "in_court"


async def test_an_agreement_before_a_reminder_needs_one_after(complaints: Harness) -> None:
    penalty, late = await overdue(complaints, "PW0000003")
    with time_machine.travel(late, tick=True):
        await passes(complaints)
        await penalty.done("execution-agreement", "p-fourth", agreement(parts=1))
        after = later(days=12)
    with time_machine.travel(after, tick=True):
        await passes(complaints)
        assert (await penalty.letter())["state"] == "served"
        await penalty.done("reminder", "p-first", {"by": "邮寄"})
        assert penalty.shown["state"] == "reminded"
