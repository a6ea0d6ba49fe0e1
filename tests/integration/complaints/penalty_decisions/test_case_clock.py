from __future__ import annotations

import datetime as dt
from dataclasses import replace

import time_machine

from services.complaints.terms.documents import Term
from shared import clock
from shared.contracts.complaints import TermMissed
from shared.policy.calendar import SHANGHAI, add_days, add_working_days, shanghai_date
from shared.storage.records import find
from tests.harness import Harness
from tests.integration.complaints.course import Course as Case
from tests.integration.complaints.penalties.cases import case_of
from tests.integration.complaints.penalties.course import OFFICERS, Course, file, filed, later, meant, officer
from tests.unit.identity.numbers import make_uscc

CHARGES = [{"ground": "overtime", "persons": 12}]


async def punishing(complaints: Harness, case: Case, uscc: str) -> Course:
    return await filed(
        complaints, uscc, origin="case", origin_id=case.case_id, violation="overtime", grounds=["overtime"]
    )


async def deciding(case: Case) -> Term:
    [term] = await find(Term, {"matter_kind": "case", "matter_id": case.case_id, "step": "decide"})
    return term


async def decide(penalty: Course) -> None:
    await penalty.investigated(charges=CHARGES)
    await penalty.notified("3600.00", warning=True, silent=True)
    await penalty.done("waiver", "enterprise")
    await penalty.done("decision", "p-fourth", meant("3600.00", warning=True))


async def test_the_decision_on_a_case_waits_for_its_penalty(complaints: Harness) -> None:
    uscc = make_uscc("PT0000001")
    case = await case_of(complaints, uscc, "w-clock")
    handler = (await case.read(officer("p-first")))["handler"]
    due = (await deciding(case)).due
    penalty = await punishing(complaints, case, uscc)
    begun = shanghai_date(clock.now())
    stopped = await deciding(case)
    assert (stopped.state, stopped.pauses[0].first, stopped.pauses[0].last) == ("paused", begun + dt.timedelta(1), None)
    shown = await case.read(case.handler)
    assert shown["due_on"] is None
    morning = dt.datetime.combine(add_working_days(add_days(due, 10).due, 1).due, dt.time(10), SHANGHAI)
    with time_machine.travel(morning, tick=True):
        other = next(one for one in OFFICERS if one != handler)
        case = replace(case, handler=officer(handler), approver=officer(other))  # their tokens have run out
        for _ in range(2):
            await complaints.settled()
        missed = [one.step for one in await complaints.told(TermMissed) if one.matter_id == case.case_id]
        assert (missed, (await case.read(case.handler))["missed"]) == ([], [])
        await decide(penalty)
        again = await deciding(case)
        today = shanghai_date(clock.now())
        assert (again.state, again.pauses[0].last) == ("running", today)
        assert again.due > max(due, today)
        assert (await case.read(case.handler))["due_on"] == str(again.due)
        ending = {"outcome": "penalty", "grounds_zh": "属实", "letter_zh": "已处罚", "penalty_id": penalty.id}
        await case.do("decisions", case.handler, ending, expect=201)
        await case.do("decisions/approval", case.approver)
        assert ((await deciding(case)).state, (await deciding(case)).breached_at) == ("met", None)


async def test_of_two_penalties_the_last_lets_the_clock_go_on(complaints: Harness) -> None:
    uscc = make_uscc("PT0000002")
    case = await case_of(complaints, uscc, "w-two")
    first = await punishing(complaints, case, uscc)
    status, shown = await file(
        complaints, uscc, origin="case", origin_id=case.case_id, violation="rest", grounds=["overtime"],
        another_act="未安排休息日",
    )  # fmt: skip
    assert status == 201, shown
    second = Course(complaints, shown)
    await first.done("closing", "p-fourth", {"how": "drop", "text": "事实不清"})
    assert (await deciding(case)).state == "paused"
    await second.done("closing", "p-fourth", {"how": "refer", "text": "移送"})
    assert (await deciding(case)).state == "running"


async def test_a_clock_that_has_run_out_is_not_stopped(complaints: Harness) -> None:
    uscc = make_uscc("PT0000003")
    case = await case_of(complaints, uscc, "w-out")
    due = (await deciding(case)).due
    with time_machine.travel(later(days=(due - shanghai_date(clock.now())).days + 1), tick=True):
        penalty = await punishing(complaints, case, uscc)
        assert (await deciding(case)).state == "running"
        await penalty.done("closing", "p-fourth", {"how": "drop", "text": "事实不清"})
        assert (await deciding(case)).state == "running"


async def test_a_penalty_filed_early_stops_the_decision_alone(complaints: Harness) -> None:
    """The time to investigate is the law's (劳动保障监察条例 art. 17), and goes on."""
    uscc = make_uscc("PT0000004")
    case = await case_of(complaints, uscc, "w-early", concluded=False)
    penalty = await punishing(complaints, case, uscc)
    [investigating] = await find(Term, {"matter_kind": "case", "matter_id": case.case_id, "step": "investigate"})
    assert investigating.state == "running"
    await case.do("conclusion", case.handler)
    assert (await deciding(case)).state == "paused"
    await decide(penalty)
    assert (await deciding(case)).state == "running"
